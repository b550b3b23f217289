/* SPDX-License-Identifier: Apache-2.0 */
/* shift.fourier: every frequency turned by its phase, between a library's transforms (cl/shift/fourier.cl). */
#include "base/alloc.h"
#include "fft/step.h"
#include "ops/real.h"
#include "ops/shift/shift.h"

#include "cl/shift/geometry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A problem as blocks to transform: the moved axes, the last of them along rows; the others counted. */
typedef struct layout {
    clf_fft_desc fft;
    double by[CLF_FFT_AXES];
    int64_t src_stride[CLF_FFT_AXES], dst_stride[CLF_FFT_AXES];
    clf_batch batch;
    int64_t rows; /* of all blocks */
} layout;

static layout lay_out(const clf_shift_problem *problem) {
    layout l = {.fft = {.extent = {1, 1, 1}, .wide = clf_dtype_wide(problem->src.dtype)}};
    int at = CLF_FFT_AXES;
    for (int i = problem->src.rank - 1; i >= 0; i--) {
        if (problem->by[i] == 0)
            continue;
        at--;
        l.fft.extent[at] = problem->src.shape[i];
        l.by[at] = problem->by[i];
        l.src_stride[at] = problem->src.strides[i];
        l.dst_stride[at] = problem->dst.strides[i];
    }
    for (int i = 0; i < problem->src.rank; i++)
        if (problem->by[i] == 0)
            clf_batch_add(&l.batch, problem->src.shape[i], 2,
                          (int64_t[]){problem->src.strides[i], problem->dst.strides[i]});
    clf_batch_collapse(&l.batch);
    l.fft.batch = l.batch.count;
    l.rows = l.fft.batch * l.fft.extent[0] * l.fft.extent[1];
    return l;
}

static bool applies(const clf_context *context, const void *described, const void *parameter) {
    const clf_shift_problem *problem = described;
    const clf_fft_provider *provider = parameter;
    if (problem->method != CLF_SHIFT_FOURIER || problem->whole)
        return false;
    layout l = lay_out(problem);
    return (cl_ulong)clf_fft_bytes(&l.fft) <= context->info.max_alloc_bytes && provider->takes(context, &l.fft);
}

static double estimate(const clf_context *context, const void *problem, const void *provider) {
    layout l = lay_out(problem);
    return clf_fft_seconds(context, provider, &l.fft);
}

static clf_status make_table(clf_plan *plan, const clf_shift_problem *problem, const layout *l, cl_mem *table,
                             clf_error *error) {
    int64_t values[FOURIER_BATCH + CLF_BATCH_TABLE] = {0};
    for (int i = 0; i < CLF_FFT_AXES; i++) {
        values[FOURIER_EXTENT + i] = l->fft.extent[i];
        values[FOURIER_SRC_STRIDE + i] = l->src_stride[i];
        values[FOURIER_DST_STRIDE + i] = l->dst_stride[i];
    }
    values[FOURIER_OFFSET] = problem->src.offset;
    values[FOURIER_OFFSET + 1] = problem->dst.offset;
    values[FOURIER_ROW] = clf_fft_row(&l->fft);
    clf_batch_write(&l->batch, values + FOURIER_BATCH);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

/* exp(-2 pi i k by / n), real at the Nyquist frequency, where a real input has one number for both signs. */
static void find_phase(int64_t k, int64_t n, double by, double scale, double phase[2]) {
    int64_t frequency = 2 * k <= n ? k : k - n;
    const double turns = fmod((double)frequency * fmod(by, (double)n), (double)n) / (double)n;
    const double angle = -2 * 3.14159265358979323846 * turns;
    phase[0] = scale * cos(angle);
    phase[1] = 2 * k == n ? 0 : scale * sin(angle);
}

/* The phases of each axis, one after the other. */
static clf_status make_phases(clf_plan *plan, const layout *l, cl_mem *phases, clf_error *error) {
    const int64_t *extent = l->fft.extent, last = clf_fft_row(&l->fft) / 2, count = extent[0] + extent[1] + last;
    double *values, scale = 1 / ((double)extent[0] * (double)extent[1] * (double)extent[2]);
    CLF_TRY(clf_allocate(&values, 2 * count, sizeof *values, error));
    double *to = values;
    for (int axis = 0; axis < CLF_FFT_AXES; axis++)
        for (int64_t k = 0; k < (axis < CLF_FFT_AXES - 1 ? extent[axis] : last); k++, to += 2)
            find_phase(k, extent[axis], l->by[axis], axis < CLF_FFT_AXES - 1 ? 1 : scale, to);
    int64_t bytes = clf_bytes(2 * count, l->fft.wide ? sizeof(double) : sizeof(float));
    if (!l->fft.wide) { /* in place: a float never reaches a double that is still to be read */
        for (int64_t i = 0; i < 2 * count; i++) {
            float narrow = (float)values[i];
            memcpy((char *)values + (size_t)i * sizeof narrow, &narrow, sizeof narrow);
        }
    }
    clf_status status = clf_plan_own(plan, bytes, values, phases, error);
    free(values);
    return status;
}

/* Sets a range over rows of `width` elements; the last argument is how many a work-item takes. */
static clf_status finish(const clf_plan *plan, clf_launch *launch, int64_t width, int64_t rows, clf_error *error) {
    clf_launch_i64(launch, "columns", clf_row_share(plan->context, width));
    clf_launch_rows(launch, width, rows, 1);
    return clf_launch_seal(launch, error);
}

/* What the steps share. */
typedef struct fourier_plan {
    clf_plan *plan;
    layout l;
    char option_data[256];
    clf_text options;
    cl_mem table, phases;
    cl_uint blocks, peaks; /* the greatest magnitude of each block */
} fourier_plan;

static clf_status prepare_load(fourier_plan *p, clf_error *error) {
    clf_launch *launch;
    CLF_TRY(clf_plan_step(p->plan, "shift/fourier", &p->options, "shift_fourier_load", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_scratch(launch, "blocks", p->blocks);
    clf_launch_buffer(launch, "g", p->table);
    clf_launch_scratch(launch, "peaks", p->peaks);
    CLF_TRY(finish(p->plan, launch, clf_fft_row(&p->l.fft), p->l.rows, error));
    const clf_fft_range range = {"shift/fourier", "shift_fourier_peak", "shift_fourier_scale", "peaks", &p->options};
    return clf_fft_add_range(p->plan, &range, p->blocks, p->peaks,
                             p->l.fft.extent[0] * p->l.fft.extent[1] * clf_fft_row(&p->l.fft), p->l.fft.batch, error);
}

static clf_status prepare_turn(fourier_plan *p, clf_error *error) {
    clf_launch *launch;
    CLF_TRY(clf_plan_step(p->plan, "shift/fourier", &p->options, "shift_fourier_turn", &launch, error));
    clf_launch_scratch(launch, "blocks", p->blocks);
    clf_launch_buffer(launch, "phases", p->phases);
    clf_launch_buffer(launch, "g", p->table);
    return finish(p->plan, launch, clf_fft_row(&p->l.fft) / 2, p->l.rows, error);
}

static clf_status prepare_store(fourier_plan *p, clf_error *error) {
    clf_launch *launch;
    CLF_TRY(clf_plan_step(p->plan, "shift/fourier", &p->options, "shift_fourier_store", &launch, error));
    clf_launch_scratch(launch, "blocks", p->blocks);
    clf_launch_operand(launch, "y", 1);
    clf_launch_buffer(launch, "g", p->table);
    clf_launch_scratch(launch, "peaks", p->peaks);
    return finish(p->plan, launch, p->l.fft.extent[2], p->l.rows, error);
}

static clf_status prepare(clf_plan *plan, const void *described, const void *provider, clf_error *error) {
    const clf_shift_problem *problem = described;
    fourier_plan p = {.plan = plan, .l = lay_out(problem)};
    p.options = clf_text_begin(p.option_data, sizeof p.option_data);
    clf_real_options(&p.options, problem->src.dtype, problem->dst.dtype, 1);
    clf_text_add(&p.options, " -DLOCAL_X=%zu", clf_work_group(plan->context, 0));
    CLF_TRY(make_table(plan, problem, &p.l, &p.table, error));
    CLF_TRY(make_phases(plan, &p.l, &p.phases, error));
    CLF_TRY(clf_plan_scratch(plan, clf_fft_bytes(&p.l.fft), &p.blocks, error));
    CLF_TRY(clf_plan_scratch(plan, clf_bytes(p.l.fft.batch, sizeof(cl_int)), &p.peaks, error));
    const clf_fft_data blocks = {NULL, p.blocks};
    CLF_TRY(prepare_load(&p, error));
    CLF_TRY(clf_fft_add(plan, provider, &p.l.fft, false, blocks, error));
    CLF_TRY(prepare_turn(&p, error));
    CLF_TRY(clf_fft_add(plan, provider, &p.l.fft, true, blocks, error));
    CLF_TRY(prepare_store(&p, error));
    clf_fft_describe(plan, provider, &p.l.fft);
    return CLF_OK;
}

static const clf_solver_family family = {applies, estimate, prepare};
#define SOLVER(library)                                                                        \
    const clf_solver clf_shift_##library = {                                                   \
        .name = "shift.fourier." #library,                                                     \
        .needs = "method fourier, a fraction, and extents and a queue that the library takes", \
        .family = &family,                                                                     \
        .parameter = &clf_fft_##library};
CLF_FFT_PROVIDERS(SOLVER)
