/* SPDX-License-Identifier: Apache-2.0 */
/* shift.fourier: every frequency turned by its phase, between a library's transforms (cl/shift/fourier.cl). */
#include "base/alloc.h"
#include "fft/fft.h"
#include "ops/border.h"
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

static bool applies(const clf_context *context, const clf_shift_problem *problem, const clf_fft_provider *provider) {
    if (problem->method != CLF_SHIFT_FOURIER || problem->whole)
        return false;
    layout l = lay_out(problem);
    return (cl_ulong)clf_fft_bytes(&l.fft) <= context->info.max_alloc_bytes && provider->takes(context, &l.fft);
}

static double estimate(const clf_context *context, const clf_shift_problem *problem, const clf_fft_provider *provider) {
    layout l = lay_out(problem);
    double block = (double)l.fft.extent[0] * (double)l.fft.extent[1] * (double)l.fft.extent[2];
    bool cpu = clf_context_is_cpu(context);
    double each = provider->seconds * (cpu ? 1 : 0.1) * log2(block) + (cpu ? 6e-9 : 3e-10);
    return block * (double)l.fft.batch * each * (l.fft.wide ? 2 : 1) / context->info.compute_units + 2e-4;
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

static clf_status enqueue(void *fft, bool inverse, cl_mem data, cl_mem scratch, clf_error *error) {
    return clf_fft_enqueue(fft, inverse, data, scratch, error);
}

static clf_status add_transform(clf_plan *plan, const clf_fft_provider *provider, const layout *l, bool inverse,
                                cl_uint blocks, clf_error *error) {
    clf_fft *fft;
    CLF_TRY(clf_fft_get(plan->context, provider, &l->fft, &fft, error));
    clf_call call = {.enqueue = enqueue, .object = fft, .inverse = inverse, .data_scratch = blocks};
    call.has_scratch = clf_fft_scratch_bytes(fft) > 0;
    if (call.has_scratch)
        CLF_TRY(clf_plan_scratch(plan, clf_fft_scratch_bytes(fft), &call.scratch, error));
    return clf_plan_call(plan, &call, error);
}

/* Sets a range over rows of `width` elements; the last argument is how many a work-item takes. */
static clf_status finish(const clf_plan *plan, clf_launch *launch, int64_t width, int64_t rows, clf_error *error) {
    bool cpu = clf_context_is_cpu(plan->context);
    clf_launch_i64(launch, "columns", cpu ? width : 1);
    clf_launch_range(launch, (size_t[]){cpu ? 1 : (size_t)width, (size_t)rows, 1},
                     (size_t[]){clf_work_group(plan->context, 0), 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status prepare(clf_plan *plan, const clf_shift_problem *problem, const clf_fft_provider *provider,
                          clf_error *error) {
    layout l = lay_out(problem);
    cl_mem table, phases;
    cl_uint blocks;
    clf_launch *launch;
    char data[256];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, problem->src.dtype, problem->dst.dtype, 1);
    clf_text_add(&options, " -DLOCAL_X=%zu", clf_work_group(plan->context, 0));
    CLF_TRY(make_table(plan, problem, &l, &table, error));
    CLF_TRY(make_phases(plan, &l, &phases, error));
    CLF_TRY(clf_plan_scratch(plan, clf_fft_bytes(&l.fft), &blocks, error));
    CLF_TRY(clf_plan_step(plan, "shift/fourier", &options, "shift_fourier_load", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_scratch(launch, "blocks", blocks);
    clf_launch_buffer(launch, "g", table);
    CLF_TRY(finish(plan, launch, clf_fft_row(&l.fft), l.rows, error));
    CLF_TRY(add_transform(plan, provider, &l, false, blocks, error));
    CLF_TRY(clf_plan_step(plan, "shift/fourier", &options, "shift_fourier_turn", &launch, error));
    clf_launch_scratch(launch, "blocks", blocks);
    clf_launch_buffer(launch, "phases", phases);
    clf_launch_buffer(launch, "g", table);
    CLF_TRY(finish(plan, launch, clf_fft_row(&l.fft) / 2, l.rows, error));
    CLF_TRY(add_transform(plan, provider, &l, true, blocks, error));
    CLF_TRY(clf_plan_step(plan, "shift/fourier", &options, "shift_fourier_store", &launch, error));
    clf_launch_scratch(launch, "blocks", blocks);
    clf_launch_operand(launch, "y", 1);
    clf_launch_buffer(launch, "g", table);
    CLF_TRY(finish(plan, launch, l.fft.extent[2], l.rows, error));
    clf_text_add(&plan->description, " by=%s transform=", provider->name);
    clf_text_add_extents(&plan->description, CLF_FFT_AXES, l.fft.extent);
    return CLF_OK;
}

/* A solver for each library. */
#define SOLVER(library)                                                                                         \
    static bool library##_applies(const clf_context *context, const void *problem) {                            \
        return applies(context, problem, &clf_fft_##library);                                                   \
    }                                                                                                           \
    static double library##_estimate(const clf_context *context, const void *problem) {                         \
        return estimate(context, problem, &clf_fft_##library);                                                  \
    }                                                                                                           \
    static clf_status library##_prepare(clf_plan *plan, const void *problem, clf_error *error) {                \
        return prepare(plan, problem, &clf_fft_##library, error);                                               \
    }                                                                                                           \
    const clf_solver clf_shift_##library = {"shift.fourier." #library,                                          \
                                            library##_applies,                                                  \
                                            library##_estimate,                                                 \
                                            library##_prepare,                                                  \
                                            1,                                                                  \
                                            "method fourier, a fraction, and extents and a queue that the FFT " \
                                            "library supports"};

#ifdef CLF_HAS_CLFFT
SOLVER(clfft)
#endif
#ifdef CLF_HAS_VKFFT
SOLVER(vkfft)
#endif
