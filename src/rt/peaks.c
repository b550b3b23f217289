/* SPDX-License-Identifier: Apache-2.0 */
/* A device's limits: how fast it copies, and how fast it multiplies and adds (cl/rt/peaks.cl). */
#include "base/text.h"
#include "rt/buffer.h"
#include "rt/clock.h"
#include "rt/launch.h"
#include "rt/process.h"
#include "rt/program.h"

#include <clfilter/peaks.h>
#include <math.h>

enum { RUNS = 12, CHAINS = 8, COPY_BYTES = 128 << 20, STEPS = 4000, VECTOR_STEPS = 20000, ITEMS_EACH = 64 };

/* How the device is put to work. */
typedef struct shape {
    int lanes;
    size_t local, items;
} shape;

/* As the profile has it; of wide items some 16 a unit keep it busy. */
static shape find_shape(const clf_context *context) {
    const clf_profile *profile = clf_context_profile(context);
    size_t group = clf_work_group(context, 0), units = (size_t)profile->units;
    if (profile->wide_items)
        return (shape){profile->lanes, group, units * (size_t)profile->items_per_unit * group};
    return (shape){1, group, units * group * ITEMS_EACH};
}

static clf_status begin(clf_context *context, const shape *s, const char *kernel, clf_launch *launch,
                        clf_error *error) {
    char data[64];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_text_add(&options, "-DVECTOR=%d -DLOCAL_X=%zu", s->lanes, s->local);
    cl_program program;
    CLF_TRY(clf_program_get(context, "rt/peaks", &options, &program, error));
    return clf_launch_create(context, program, kernel, launch, error);
}

/* The best of several runs: a limit is what nothing else on the machine disturbed. The first is for warmth. */
static clf_status time_best(clf_context *context, clf_launch *launch, const cl_mem *buffers, double *best,
                            clf_error *error) {
    const clf_launch_memory memory = {buffers, NULL};
    *best = INFINITY;
    for (int run = 0; run < RUNS; run++) {
        clf_clock clock;
        cl_event event = NULL;
        double seconds;
        CLF_TRY(clf_clock_begin(context, &clock, error));
        clf_status status = clf_launch_enqueue(launch, &memory, 0, NULL, &event, error);
        CLF_TRY(clf_clock_end(&clock, event, status, &seconds, error));
        *best = run > 0 ? fmin(*best, seconds) : *best;
    }
    return CLF_OK;
}

static clf_status multiply_add(clf_context *context, const shape *s, cl_mem out, double *flops, clf_error *error) {
    int steps = s->lanes > 1 ? VECTOR_STEPS : STEPS;
    clf_launch launch = {.kernel = NULL};
    double seconds = 0;
    clf_status status = begin(context, s, "peak_multiply_add", &launch, error);
    if (status == CLF_OK) {
        clf_launch_operand(&launch, "y", 0);
        clf_launch_i32(&launch, "steps", steps);
        clf_launch_range(&launch, (size_t[]){s->items, 1, 1}, (size_t[]){s->local, 1, 1});
        status = clf_launch_seal(&launch, error);
    }
    if (status == CLF_OK)
        status = time_best(context, &launch, &out, &seconds, error);
    clf_launch_release(&launch);
    *flops = status == CLF_OK ? 2.0 * CHAINS * s->lanes * steps * (double)s->items / seconds : 0;
    return status;
}

static clf_status copy(clf_context *context, const shape *s, const cl_mem buffers[2], size_t bytes, double *rate,
                       clf_error *error) {
    bool cpu = s->lanes > 1;
    cl_long count = (cl_long)(bytes / sizeof(cl_float) / (size_t)s->lanes / s->items);
    clf_launch launch = {.kernel = NULL};
    double seconds = 0;
    clf_status status = begin(context, s, "peak_copy", &launch, error);
    if (status == CLF_OK) {
        clf_launch_operand(&launch, "x", 0);
        clf_launch_operand(&launch, "y", 1);
        clf_launch_i64(&launch, "count", count);
        clf_launch_i64(&launch, "stride", cpu ? 1 : (cl_long)s->items);
        clf_launch_range(&launch, (size_t[]){s->items, 1, 1}, (size_t[]){s->local, 1, 1});
        status = clf_launch_seal(&launch, error);
    }
    if (status == CLF_OK) /* back first: memory never written may be one page of zeros, which a cache holds */
        status = time_best(context, &launch, (const cl_mem[]){buffers[1], buffers[0]}, &seconds, error);
    if (status == CLF_OK)
        status = time_best(context, &launch, buffers, &seconds, error);
    clf_launch_release(&launch);
    double copied = (double)count * (double)s->items * s->lanes * (double)sizeof(cl_float);
    *rate = status == CLF_OK ? 2 * copied / seconds : 0;
    return status;
}

/* Small enough for the device, large enough that each work-item has a vector at the least. */
static size_t choose_bytes(const clf_context *context, const shape *s) {
    const clf_device_info *info = &context->info;
    double most = fmin(COPY_BYTES, fmin((double)info->global_bytes / 8, (double)info->max_alloc_bytes));
    size_t least = s->items * (size_t)s->lanes * sizeof(cl_float);
    return most > (double)least ? (size_t)most / least * least : least;
}

clf_status clf_context_measure_peaks(clf_context *context, clf_device_peaks *peaks, clf_error *error) {
    if (context == NULL || peaks == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_context_measure_peaks: %s is NULL",
                        context == NULL ? "context" : "peaks");
    CLF_TRY(clf_process_check(context->process, "context", error));
    const shape s = find_shape(context);
    size_t bytes = choose_bytes(context, &s);
    cl_mem buffers[2] = {NULL, NULL};
    clf_device_peaks found = {0};
    clf_status status = clf_buffer_create(context, bytes, NULL, &buffers[0], error);
    if (status == CLF_OK)
        status = clf_buffer_create(context, bytes, NULL, &buffers[1], error);
    if (status == CLF_OK)
        status = multiply_add(context, &s, buffers[0], &found.flops, error);
    if (status == CLF_OK)
        status = copy(context, &s, buffers, bytes, &found.copy_bytes, error);
    for (int i = 0; i < 2; i++)
        if (buffers[i] != NULL)
            clf_buffer_release(buffers[i]);
    if (status != CLF_OK)
        return status;
    clf_context_correct_profile(context, &found);
    *peaks = found;
    return CLF_OK;
}
