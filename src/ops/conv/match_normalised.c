/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Normalised matching: a correlation with the centred pattern as a child plan, and sums over windows
 * (cl/conv/match.cl, and for wide items cl/conv/match_wide.cl).
 */
#include "ops/conv/match.h"
#include "ops/conv/words.h"
#include "ops/real.h"
#include "plan/view.h"

/* What the steps share. */
typedef struct matching {
    clf_plan *plan;
    const clf_match_problem *problem;
    char option_data[512];
    clf_text options;
    cl_mem geometry;
    cl_uint pattern, norm, products, sums; /* scratch */
    cl_uint peak;                          /* the image's greatest magnitude */
    bool wide;                             /* work-items */
    int64_t columns;                       /* that the windows of a row meet; of wide items whole strips */
} matching;

/* Columns that a wide work-item takes at a time. */
enum { VECTOR = 8, VECTORS = 4, STRIP = VECTOR * VECTORS };

static bool applies(const clf_context *context, const void *problem) {
    (void)context, (void)problem;
    return true;
}

/* Flops of the peak that an output's sums and score cost wide items, and others an addition to a sum. */
static const double wide_item_flops = 1000, flops = 4;

static double estimate(const clf_context *context, const void *described) {
    const clf_match_problem *problem = described;
    double outputs = (double)clf_view_count(&problem->conv.dst);
    double additions = 2 * (double)(problem->conv.taps[1] + problem->conv.taps[2]);
    const clf_profile *profile = clf_context_profile(context);
    return clf_seconds(profile, 0, outputs * (profile->wide_items ? wide_item_flops : additions * flops), 3);
}

static void print(const void *described, clf_text *text) {
    const clf_match_problem *problem = described;
    clf_conv_print_as(&clf_normalised_line, &problem->conv, text);
}

static void cost(const void *described, clf_plan_cost *total) {
    const clf_match_problem *problem = described;
    clf_conv_cost(&problem->conv, total);
    total->flops +=
        3 * (double)clf_view_count(&problem->conv.dst) * (double)(problem->conv.taps[1] + problem->conv.taps[2]);
}

/* True if sums are f64. */
static bool exact(const matching *m) {
    return m->plan->context->info.has_f64;
}

static void write_options(const matching *m, int vector, clf_text *options) {
    const clf_conv_problem *conv = &m->problem->conv;
    clf_real_options(options, conv->src.dtype, conv->dst.dtype, vector);
    clf_text_add(options, exact(m) ? " -DACC=double -DACC_IS_DOUBLE -DFLAT=1e-10" : " -DACC=float -DFLAT=1e-5f");
}

static clf_status begin(matching *m, clf_error *error) {
    const clf_conv_problem *conv = &m->problem->conv;
    size_t real = clf_conv_wide(conv) ? sizeof(double) : sizeof(float);
    size_t sum = exact(m) ? sizeof(double) : sizeof(float);
    m->options = clf_text_begin(m->option_data, sizeof m->option_data);
    write_options(m, 1, &m->options);
    clf_text_add(&m->options, " -DLOCAL_X=%zu", clf_work_group(m->plan->context, 0));
    int64_t columns = conv->out[2] + conv->taps[2] - 1;
    m->wide = clf_context_profile(m->plan->context)->wide_items;
    m->columns = m->wide ? (columns + STRIP - 1) / STRIP * STRIP : columns;
    int64_t rows = conv->batch.count * conv->out[1];
    CLF_TRY(clf_conv_table(m->plan, conv, 1, &m->geometry, error));
    CLF_TRY(clf_plan_scratch(m->plan, clf_bytes(clf_conv_tap_count(conv), real), &m->pattern, error));
    CLF_TRY(clf_plan_scratch(m->plan, sum, &m->norm, error));
    CLF_TRY(clf_plan_scratch(m->plan, sizeof(cl_int), &m->peak, error));
    CLF_TRY(clf_plan_scratch(m->plan, clf_bytes(clf_view_count(&conv->dst), real), &m->products, error));
    return clf_plan_scratch(m->plan, clf_bytes(rows * m->columns, 2 * sum), &m->sums, error);
}

/* The image's greatest magnitude: whole rows by a wide work-item, else columns. */
static clf_status add_peak(matching *m, clf_error *error) {
    const clf_conv_problem *conv = &m->problem->conv;
    bool constant = conv->border[1] == CLF_BORDER_CONSTANT || conv->border[2] == CLF_BORDER_CONSTANT;
    int64_t width = conv->extent[2], down = m->wide ? conv->extent[1] : 1;
    clf_launch *launch;
    CLF_TRY(clf_plan_step(m->plan, "conv/match", &m->options, "match_begin", &launch, error));
    clf_launch_scratch(launch, "peak", m->peak);
    clf_launch_real(launch, "cval", constant ? conv->cval : 0, clf_conv_wide(conv));
    clf_launch_range(launch, (size_t[]){1, 1, 1}, (size_t[]){1, 1, 1});
    CLF_TRY(clf_launch_seal(launch, error));
    CLF_TRY(clf_plan_step(m->plan, "conv/match", &m->options, "match_peak", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_scratch(launch, "peak", m->peak);
    clf_launch_buffer(launch, "g", m->geometry);
    clf_launch_i64(launch, "columns", width);
    clf_launch_i64(launch, "span", m->wide ? width : 1);
    clf_launch_i64(launch, "down", down);
    clf_launch_range(launch, (size_t[]){m->wide ? 1 : (size_t)width, (size_t)down, (size_t)conv->batch.count},
                     (size_t[]){clf_work_group(m->plan->context, 0), 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status add_pattern(matching *m, clf_error *error) {
    const clf_view *pattern = &m->problem->pattern;
    clf_launch *launch;
    CLF_TRY(clf_plan_step(m->plan, "conv/match", &m->options, "match_pattern", &launch, error));
    clf_launch_operand(launch, "pattern", 2);
    clf_launch_scratch(launch, "centred", m->pattern);
    clf_launch_scratch(launch, "norm", m->norm);
    clf_launch_scratch(launch, "peak", m->peak);
    clf_launch_i64(launch, "offset", pattern->offset);
    clf_launch_i64(launch, "rows", pattern->shape[0]);
    clf_launch_i64(launch, "columns", pattern->shape[1]);
    clf_launch_i64(launch, "stride_y", pattern->strides[0]);
    clf_launch_i64(launch, "stride_x", pattern->strides[1]);
    clf_launch_range(launch, (size_t[]){1, 1, 1}, (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

/* The child: image and centred pattern into the products, dense. */
static clf_status add_correlation(matching *m, clf_error *error) {
    const clf_match_problem *problem = m->problem;
    clf_convolve_desc desc = problem->desc;
    const clf_view *dst = &problem->conv.dst, *pattern = &problem->pattern;
    desc.dst = clf_view_dense(m->plan->scratch[m->products], dst->dtype, dst->rank, dst->shape);
    desc.kernel_view = clf_view_dense(m->plan->scratch[m->pattern], pattern->dtype, 2, pattern->shape);
    desc.src.buffer = NULL; /* known when executed */
    clf_child child = {.count = 3,
                       .from = {{.scratch = false, .index = 0},
                                {.scratch = true, .index = m->products},
                                {.scratch = true, .index = m->pattern}}};
    CLF_TRY(clf_plan_correlate(m->plan->context, &desc, &child.plan, error));
    clf_text_add(&m->plan->description, " %s", clf_plan_describe(child.plan));
    return clf_plan_child(m->plan, &child, error);
}

/* A work-item for each of `width` elements of every row. */
static clf_status finish(matching *m, clf_launch *launch, int64_t width, clf_error *error) {
    const clf_conv_problem *conv = &m->problem->conv;
    clf_launch_i64(launch, "columns", m->columns);
    clf_launch_range(launch, (size_t[]){(size_t)width, (size_t)conv->out[1], (size_t)conv->batch.count},
                     (size_t[]){clf_work_group(m->plan->context, 0), 1, 1});
    return clf_launch_seal(launch, error);
}

/* What sums of columns are made from and go to. */
static void set_columns(const matching *m, clf_launch *launch) {
    const clf_conv_problem *conv = &m->problem->conv;
    clf_launch_operand(launch, "x", 0);
    clf_launch_scratch(launch, "sums", m->sums);
    clf_launch_scratch(launch, "peak", m->peak);
    clf_launch_buffer(launch, "g", m->geometry);
    clf_launch_real(launch, "cval", conv->cval, clf_conv_wide(conv));
}

static void set_scores(const matching *m, clf_launch *launch) {
    clf_launch_scratch(launch, "products", m->products);
    clf_launch_scratch(launch, "sums", m->sums);
    clf_launch_scratch(launch, "norm", m->norm);
    clf_launch_operand(launch, "y", 1);
    clf_launch_buffer(launch, "g", m->geometry);
}

static clf_status add_scores(matching *m, clf_error *error) {
    clf_launch *launch;
    CLF_TRY(clf_plan_step(m->plan, "conv/match", &m->options, "match_columns", &launch, error));
    set_columns(m, launch);
    CLF_TRY(finish(m, launch, m->columns, error));
    CLF_TRY(clf_plan_step(m->plan, "conv/match", &m->options, "match_score", &launch, error));
    set_scores(m, launch);
    return finish(m, launch, m->problem->conv.out[2], error);
}

/* Strips of columns, then rows. */
static clf_status add_wide_scores(matching *m, clf_error *error) {
    const clf_conv_problem *conv = &m->problem->conv;
    const size_t planes = (size_t)conv->batch.count, one[3] = {1, 1, 1};
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    write_options(m, VECTOR, &options);
    clf_text_add(&options, " -DVECTORS=%d", VECTORS);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(m->plan, "conv/match_wide", &options, "match_down", &launch, error));
    set_columns(m, launch);
    clf_launch_i64(launch, "pitch", m->columns);
    clf_launch_range(launch, (size_t[]){(size_t)(m->columns / STRIP), 1, planes}, one);
    CLF_TRY(clf_launch_seal(launch, error));
    CLF_TRY(clf_plan_step(m->plan, "conv/match_wide", &options, "match_along", &launch, error));
    set_scores(m, launch);
    clf_launch_i64(launch, "pitch", m->columns);
    clf_launch_range(launch, (size_t[]){1, (size_t)conv->out[1], planes}, one);
    return clf_launch_seal(launch, error);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    matching m = {.plan = plan, .problem = described};
    CLF_TRY(begin(&m, error));
    CLF_TRY(add_peak(&m, error));
    CLF_TRY(add_pattern(&m, error));
    CLF_TRY(add_correlation(&m, error));
    return m.wide ? add_wide_scores(&m, error) : add_scores(&m, error);
}

static const clf_solver sums = {"normalised.sums", applies, estimate, prepare, 1, NULL};
static const clf_solver *const solvers[] = {&sums, NULL};
const clf_operation clf_match_normalised = {"normalised", solvers, print, cost, NULL, "it correlates whole images"};
