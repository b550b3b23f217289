/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Normalised matching: a correlation with the centred pattern as a child plan, and sums over windows
 * (cl/conv/match.cl).
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
    int64_t columns;                       /* that the windows of a row meet */
} matching;

static bool applies(const clf_context *context, const void *problem) {
    (void)context, (void)problem;
    return true;
}

/* Flops of the peak that an addition to a sum costs. Never compared with another. */
static const double wide_item_flops = 166, flops = 4;

static double estimate(const clf_context *context, const void *described) {
    const clf_match_problem *problem = described;
    double outputs = (double)clf_view_count(&problem->conv.dst);
    double additions = 2 * (double)(problem->conv.taps[1] + problem->conv.taps[2]);
    const clf_profile *profile = clf_context_profile(context);
    return clf_seconds(profile, 0, outputs * additions * (profile->wide_items ? wide_item_flops : flops), 3);
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

static clf_status begin(matching *m, clf_error *error) {
    const clf_conv_problem *conv = &m->problem->conv;
    bool wide = clf_conv_wide(conv), exact = m->plan->context->info.has_f64;
    size_t real = wide ? sizeof(double) : sizeof(float), sum = exact ? sizeof(double) : sizeof(float);
    m->options = clf_text_begin(m->option_data, sizeof m->option_data);
    clf_real_options(&m->options, conv->src.dtype, conv->dst.dtype, 1);
    clf_text_add(&m->options, " -DLOCAL_X=%zu %s", clf_work_group(m->plan->context, 0),
                 exact ? "-DACC=double -DACC_IS_DOUBLE -DFLAT=1e-10" : "-DACC=float -DFLAT=1e-5f");
    m->columns = conv->out[2] + conv->taps[2] - 1;
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
    bool wide = clf_context_profile(m->plan->context)->wide_items;
    int64_t width = conv->extent[2], down = wide ? conv->extent[1] : 1;
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
    clf_launch_i64(launch, "span", wide ? width : 1);
    clf_launch_i64(launch, "down", down);
    clf_launch_range(launch, (size_t[]){wide ? 1 : (size_t)width, (size_t)down, (size_t)conv->batch.count},
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

/* Ranges over rows: whole rows by a wide work-item, else elements; the last argument is how many. */
static clf_status finish(matching *m, clf_launch *launch, int64_t width, clf_error *error) {
    const clf_conv_problem *conv = &m->problem->conv;
    bool rows = clf_context_profile(m->plan->context)->wide_items;
    clf_launch_i64(launch, "columns", m->columns);
    clf_launch_i64(launch, "span", rows ? width : 1);
    clf_launch_range(launch, (size_t[]){rows ? 1 : (size_t)width, (size_t)conv->out[1], (size_t)conv->batch.count},
                     (size_t[]){clf_work_group(m->plan->context, 0), 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status add_scores(matching *m, clf_error *error) {
    const clf_conv_problem *conv = &m->problem->conv;
    clf_launch *launch;
    CLF_TRY(clf_plan_step(m->plan, "conv/match", &m->options, "match_columns", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_scratch(launch, "sums", m->sums);
    clf_launch_scratch(launch, "peak", m->peak);
    clf_launch_buffer(launch, "g", m->geometry);
    clf_launch_real(launch, "cval", conv->cval, clf_conv_wide(conv));
    CLF_TRY(finish(m, launch, m->columns, error));
    CLF_TRY(clf_plan_step(m->plan, "conv/match", &m->options, "match_score", &launch, error));
    clf_launch_scratch(launch, "products", m->products);
    clf_launch_scratch(launch, "sums", m->sums);
    clf_launch_scratch(launch, "norm", m->norm);
    clf_launch_operand(launch, "y", 1);
    clf_launch_buffer(launch, "g", m->geometry);
    return finish(m, launch, conv->out[2], error);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    matching m = {.plan = plan, .problem = described};
    CLF_TRY(begin(&m, error));
    CLF_TRY(add_peak(&m, error));
    CLF_TRY(add_pattern(&m, error));
    CLF_TRY(add_correlation(&m, error));
    return add_scores(&m, error);
}

static const clf_solver sums = {"normalised.sums", applies, estimate, prepare, 1, NULL};
static const clf_solver *const solvers[] = {&sums, NULL};
const clf_operation clf_match_normalised = {"normalised", solvers, print, cost, NULL, "it correlates whole images"};
