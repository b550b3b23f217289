/* SPDX-License-Identifier: Apache-2.0 */
/* conv.fft: the whole extended input transformed by a library, one solver for each (cl/conv/fft.cl). */
#include "ops/conv/fft.h"

#include "base/alloc.h"
#include "ops/border.h"
#include "ops/conv/fourier.h"
#include "ops/real.h"

#include <math.h>
#include <string.h>

/* Positions along an axis: where a periodic axis is transformed at its own length its border comes for nothing. */
static void lay_axis(const clf_conv_problem *problem, int axis, bool transformed, bool phase, clf_conv_layout *l) {
    int64_t positions = (problem->out[axis] - 1) * problem->step[axis] + 1;
    int64_t need = positions + (problem->taps[axis] - 1) * problem->dilation[axis], length = problem->out[axis];
    bool last = axis == CLF_CONV_AXES - 1, periodic = false;
    if (transformed) {
        periodic = problem->border[axis] == CLF_BORDER_PERIODIC && positions <= problem->extent[axis] &&
                   need >= problem->extent[axis] &&
                   clf_fft_extent(problem->extent[axis], last) == problem->extent[axis];
        periodic = periodic || phase; /* every extent as it is */
        length = periodic ? problem->extent[axis] : clf_fft_extent(need, last);
        need = periodic ? length : need;
    }
    l->table[FFT_LENGTH + axis] = length;
    l->table[FFT_DILATION + axis] = problem->dilation[axis] % (periodic ? length : INT64_MAX);
    l->table[FFT_REACH + axis] =
        transformed ? positions + (problem->taps[axis] - 1) * l->table[FFT_DILATION + axis] : length;
    l->table[FFT_NEED + axis] = transformed ? need : length;
    l->table[FFT_IN_STEP + axis] = transformed ? 1 : problem->step[axis];
    l->table[FFT_OUT_STEP + axis] = transformed ? problem->step[axis] : 1;
}

static void lay_out(const clf_conv_problem *problem, bool phase, clf_conv_layout *l) {
    memset(l, 0, sizeof *l);
    bool transformed[CLF_CONV_AXES] = {problem->taps[0] > 1, problem->taps[0] > 1 || problem->taps[1] > 1, true};
    l->fft.wide = clf_conv_wide(problem);
    l->fft.batch = problem->batch.count;
    for (int i = 0; i < CLF_CONV_AXES; i++) {
        lay_axis(problem, i, transformed[i], phase, l);
        l->fft.extent[i] = transformed[i] ? l->table[FFT_LENGTH + i] : 1;
        l->fft.batch *= transformed[i] ? 1 : l->table[FFT_LENGTH + i];
    }
    l->kernel = l->fft;
    l->kernel.batch = 1;
    l->table[FFT_ROW] = clf_fft_row(&l->fft);
    l->rows = problem->batch.count * l->table[FFT_LENGTH] * l->table[FFT_LENGTH + 1];
    l->table[FFT_WORDS] = (l->table[FFT_REACH + 2] + 63) / 64;
    for (int i = 1; i < CLF_CONV_AXES; i++)
        l->table[FFT_TURNS + i] = l->table[FFT_TURNS + i - 1] + l->fft.extent[i - 1];
    l->table[FFT_ITEMS] = problem->batch.count;
}

static bool applies(const clf_context *context, const clf_conv_problem *problem, const clf_fft_provider *provider,
                    bool phase) {
    if (problem->bank || !clf_conv_finite(problem))
        return false;
    clf_conv_layout l;
    lay_out(problem, phase, &l);
    double bytes = (double)l.rows * (double)l.table[FFT_ROW] * (l.fft.wide ? 8 : 4);
    double maps = phase ? 0 : clf_conv_fft_map_bytes(&l);
    return fmax(bytes, maps) <= (double)context->info.max_alloc_bytes &&
           4 * bytes <= (double)context->info.global_bytes && provider->takes(context, &l.fft) &&
           provider->takes(context, &l.kernel);
}

static double estimate(const clf_context *context, const clf_conv_problem *problem, const clf_fft_provider *provider,
                       bool phase) {
    clf_conv_layout l;
    lay_out(problem, phase, &l);
    return clf_fft_seconds(context, provider, &l.fft) * (phase ? 1 : clf_conv_fourier_factor(problem));
}

static void set_spectrum(clf_launch *launch, const char *name, const clf_conv_fft *p) {
    clf_conv_set_spectrum(launch, name, p->spectrum, p->spectrum_scratch);
}

/*
 * Elements that may be NaN, Inf or far beyond the rest. Integers and a constant like them are not: the bounds count a
 * greatest element that is up to 2^16 times another.
 */
static bool may_be_rare(const clf_conv_problem *problem) {
    return !clf_dtype_integer(problem->src.dtype) ||
           (clf_border_any_constant(CLF_CONV_AXES, problem->border) && fabs(problem->cval) > 65536);
}

/* Looks at blocks of `items`, and scales them; `clear`: and leaves out what is rare. */
static clf_status prepare_range(clf_conv_fft *p, cl_uint blocks, cl_uint found, int64_t items, bool clear,
                                clf_error *error) {
    const int64_t *table = p->layout->table;
    const clf_fft_range range = {"conv/fft", "conv_fft_look", clear ? "conv_fft_clear" : "conv_fft_scale", "found",
                                 &p->options};
    return clf_fft_add_range(p->plan, &range, blocks, found, table[FFT_LENGTH] * table[FFT_LENGTH + 1] * table[FFT_ROW],
                             items, error);
}

/* The kernel's spectrum, scaled for the way back: now where the taps are known, else at every execution. */
static clf_status prepare_spectrum(clf_conv_fft *p, const clf_fft_provider *provider, clf_error *error) {
    const clf_conv_problem *problem = p->problem;
    const clf_conv_layout *l = p->layout;
    int64_t bytes = clf_fft_bytes(&l->kernel);
    if (problem->values != NULL)
        CLF_TRY(clf_plan_own(p->plan, bytes, NULL, &p->spectrum, error));
    else
        CLF_TRY(clf_plan_scratch(p->plan, bytes, &p->spectrum_scratch, error));
    CLF_TRY(clf_conv_prepare_taps(p->plan, problem, 1, &p->taps, error));
    clf_launch *launch;
    CLF_TRY(clf_plan_step(p->plan, "conv/fft", &p->options, "conv_fft_place", &launch, error));
    clf_conv_set_taps(launch, "w", &p->taps);
    set_spectrum(launch, "block", p);
    clf_launch_buffer(launch, "g", p->geometry);
    clf_launch_buffer(launch, "f", p->table);
    clf_launch_scratch(launch, "found", p->kernel_found);
    double elements = (double)l->fft.extent[0] * (double)l->fft.extent[1] * (double)l->fft.extent[2];
    clf_launch_real(launch, "scale", p->phase ? 1 : 1 / elements, l->fft.wide);
    size_t rows = (size_t)(l->kernel.extent[0] * l->kernel.extent[1]);
    clf_launch_range(launch, (size_t[]){rows, 1, 1}, (size_t[]){1, 1, 1});
    CLF_TRY(clf_launch_seal(launch, error));
    if (p->phase) /* a score of directions: its pattern, a view, may have any magnitude */
        CLF_TRY(prepare_range(p, p->spectrum_scratch, p->kernel_found, 1, false, error));
    CLF_TRY(clf_fft_add(p->plan, provider, &l->kernel, false, (clf_fft_data){p->spectrum, p->spectrum_scratch}, error));
    return problem->values ? clf_plan_settle(p->plan, error) : CLF_OK;
}

/* Sets a range over rows: whole rows by a work-item on CPUs, elements on others; the last argument is how many. */
static clf_status finish(clf_conv_fft *p, clf_launch *launch, int64_t width, int64_t rows, int64_t planes,
                         clf_error *error) {
    clf_launch_i64(launch, "columns", clf_row_share(p->plan->context, width));
    clf_launch_rows(launch, width, rows, planes);
    return clf_launch_seal(launch, error);
}

static clf_status prepare_load(clf_conv_fft *p, clf_error *error) {
    clf_launch *launch;
    CLF_TRY(clf_plan_step(p->plan, "conv/fft", &p->options, "conv_fft_load", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_scratch(launch, "blocks", p->blocks);
    clf_launch_buffer(launch, "g", p->geometry);
    clf_launch_buffer(launch, "f", p->table);
    clf_launch_scratch(launch, "found", p->found);
    clf_launch_real(launch, "cval", p->problem->cval, p->layout->fft.wide);
    return finish(p, launch, p->layout->table[FFT_ROW], p->layout->rows, 1, error);
}

static clf_status prepare_multiply(clf_conv_fft *p, clf_error *error) {
    const clf_conv_layout *l = p->layout;
    int64_t count = l->fft.extent[0] * l->fft.extent[1] * l->table[FFT_ROW] / 2;
    int64_t width = clf_row_share(p->plan->context, l->table[FFT_ROW] / 2);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(p->plan, "conv/fft", &p->options, p->phase ? "conv_fft_phase" : "conv_fft_multiply", &launch,
                          error));
    clf_launch_scratch(launch, "blocks", p->blocks);
    set_spectrum(launch, "spectrum", p);
    clf_launch_i64(launch, "count", count);
    clf_launch_i64(launch, "columns", width);
    if (p->phase)
        clf_launch_real(launch, "scale",
                        1 / ((double)l->fft.extent[0] * (double)l->fft.extent[1] * (double)l->fft.extent[2]),
                        l->fft.wide);
    clf_launch_range(launch, (size_t[]){(size_t)(count / width), (size_t)l->fft.batch, 1},
                     (size_t[]){clf_work_group(p->plan->context, 0), 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status prepare_store(clf_conv_fft *p, clf_error *error) {
    const clf_conv_problem *problem = p->problem;
    clf_launch *launch;
    CLF_TRY(clf_plan_step(p->plan, "conv/fft", &p->options, "conv_fft_store", &launch, error));
    clf_launch_scratch(launch, "blocks", p->blocks);
    clf_launch_operand(launch, "y", 1);
    clf_launch_buffer(launch, "g", p->geometry);
    clf_launch_buffer(launch, "f", p->table);
    clf_launch_scratch(launch, "found", p->found);
    clf_launch_i32(launch, "back", !p->phase);
    return finish(p, launch, problem->out[2], problem->out[1], problem->out[0] * problem->batch.count, error);
}

static clf_status prepare(clf_plan *plan, const clf_conv_problem *problem, const clf_fft_provider *provider, bool phase,
                          clf_error *error) {
    clf_conv_layout l;
    lay_out(problem, phase, &l);
    clf_conv_fft p = {.plan = plan, .problem = problem, .layout = &l, .phase = phase};
    p.options = clf_text_begin(p.option_data, sizeof p.option_data);
    clf_real_options(&p.options, problem->src.dtype, problem->dst.dtype, 1);
    clf_text_add(&p.options, " -DLOCAL_X=%zu", clf_work_group(plan->context, 0));
    CLF_TRY(clf_conv_table(plan, problem, 1, &p.geometry, error));
    CLF_TRY(clf_plan_own(plan, sizeof l.table, l.table, &p.table, error));
    CLF_TRY(clf_plan_scratch(plan, clf_fft_bytes(&l.fft), &p.blocks, error));
    const int64_t found = FFT_FOUND_ALL + FFT_FOUND * problem->batch.count;
    CLF_TRY(clf_plan_scratch(plan, clf_bytes(found, sizeof(cl_int)), &p.found, error));
    CLF_TRY(clf_plan_scratch(plan, (FFT_FOUND_ALL + FFT_FOUND) * sizeof(cl_int), &p.kernel_found, error));
    const clf_fft_data blocks = {NULL, p.blocks};
    CLF_TRY(prepare_spectrum(&p, provider, error));
    CLF_TRY(prepare_load(&p, error));
    const bool rare = !phase && may_be_rare(problem);
    CLF_TRY(prepare_range(&p, p.blocks, p.found, problem->batch.count, rare, error));
    CLF_TRY(clf_fft_add(plan, provider, &l.fft, false, blocks, error));
    CLF_TRY(prepare_multiply(&p, error));
    CLF_TRY(clf_fft_add(plan, provider, &l.fft, true, blocks, error));
    CLF_TRY(prepare_store(&p, error));
    if (rare)
        CLF_TRY(clf_conv_fft_add_rare(&p, error));
    double elements = (double)l.fft.extent[0] * (double)l.fft.extent[1] * (double)l.fft.extent[2];
    plan->cost.flops = (double)l.fft.batch * elements * (5 * log2(elements) + 3);
    clf_fft_describe(plan, provider, &l.fft);
    clf_text_add(&plan->description, " batch=%lld", (long long)l.fft.batch);
    return CLF_OK;
}

static bool conv_applies(const clf_context *context, const void *problem, const void *provider) {
    return applies(context, problem, provider, false);
}

static double conv_estimate(const clf_context *context, const void *problem, const void *provider) {
    return estimate(context, problem, provider, false);
}

static clf_status conv_prepare(clf_plan *plan, const void *problem, const void *provider, clf_error *error) {
    return prepare(plan, problem, provider, false, error);
}

static bool phase_applies(const clf_context *context, const void *problem, const void *provider) {
    return applies(context, problem, provider, true);
}

static double phase_estimate(const clf_context *context, const void *problem, const void *provider) {
    return estimate(context, problem, provider, true);
}

static clf_status phase_prepare(clf_plan *plan, const void *problem, const void *provider, clf_error *error) {
    return prepare(plan, problem, provider, true, error);
}

/* Two solvers for each library: conv.fft, and phase correlation, which is a problem of its own (match.c). */
static const clf_solver_family conv_family = {conv_applies, conv_estimate, conv_prepare};
static const clf_solver_family phase_family = {phase_applies, phase_estimate, phase_prepare};
#define NEEDS "no bank, finite taps, extents and a queue that the library takes, and memory for the whole transforms"
#define SOLVERS(library)                                                                                        \
    const clf_solver clf_conv_##library = {                                                                     \
        .name = "conv.fft." #library, .needs = NEEDS, .family = &conv_family, .parameter = &clf_fft_##library}; \
    const clf_solver clf_phase_##library = {                                                                    \
        .name = "phase." #library, .needs = NEEDS, .family = &phase_family, .parameter = &clf_fft_##library};
CLF_FFT_PROVIDERS(SOLVERS)
