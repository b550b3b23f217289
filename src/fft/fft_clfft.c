/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transforms by clFFT, which factors extents into 2, 3, 5, 7, 11 and 13. Every call is made under the lock of fft.c.
 *
 * clFFT's plans hold references to the OpenCL context until clfftTeardown, which also ends the plans of everyone else
 * in the process. Its handles are counted from 1 up: if one is skipped between two of our calls, a host makes plans
 * too. clFFT is torn down with our last plan where that has never been seen, and left alone otherwise.
 */
#include "fft/fft.h"

#include "base/alloc.h"

#include <clFFT.h>
#include <stdlib.h>

typedef struct transform {
    cl_context context;
    clfftPlanHandle plan[2]; /* forward, inverse; 0: not made */
} transform;

/* What this file knows of the process's clFFT, guarded by the lock of fft.c. */
static struct {
    size_t users;         /* transforms alive */
    clfftPlanHandle last; /* the last handle when we left clFFT */
    bool shared;          /* a handle was skipped: someone else makes plans */
} process;

/* The status of a clFFT call: its codes are OpenCL's and a few more. */
static clf_status clfft_status(clfftStatus code, const char *doing, clf_error *error) {
    if (code == CLFFT_SUCCESS)
        return CLF_OK;
    if (code >= CLFFT_BUGCHECK)
        return clf_fail(error, CLF_DEVICE_ERROR, "%s failed: clFFT's status %d", doing, (int)code);
    return clf_fail_cl(error, code, doing);
}

#define CLFFT_TRY(call, doing)                             \
    do {                                                   \
        clfftStatus clfft_code = (call);                   \
        if (clfft_code != CLFFT_SUCCESS)                   \
            return clfft_status(clfft_code, doing, error); \
    } while (0)

/* If a device allows less, clFFT 2.12 aborts the process (below 64) or enqueues what the device refuses. */
enum { LEAST_WORK_GROUP = 256 };

static bool takes(const clf_context *context, const clf_fft_desc *desc) {
    if (context->info.max_work_group_size < LEAST_WORK_GROUP)
        return false;
    for (int i = 0; i < CLF_FFT_AXES; i++)
        if (clf_fft_extent(desc->extent[i], false) != desc->extent[i])
            return false;
    return true;
}

static clf_status create(clf_context *context, const clf_fft_desc *desc, clfftPlanHandle *plan, clf_error *error) {
    size_t lengths[CLF_FFT_AXES];
    int axes = desc->extent[0] > 1 ? 3 : desc->extent[1] > 1 ? 2 : 1;
    for (int i = 0; i < CLF_FFT_AXES; i++) /* clFFT's first axis is the innermost */
        lengths[i] = (size_t)desc->extent[CLF_FFT_AXES - 1 - i];
    clfftPlanHandle made = 0;
    CLFFT_TRY(clfftCreateDefaultPlan(&made, context->cl, (clfftDim)axes, lengths), "creating a clFFT plan");
    *plan = made;
    return CLF_OK;
}

static clf_status describe(clfftPlanHandle plan, const clf_fft_desc *desc, bool inverse, clf_error *error) {
    const char *doing = "describing a clFFT plan";
    size_t row = (size_t)clf_fft_row(desc), rows = (size_t)desc->extent[1], planes = (size_t)desc->extent[0];
    size_t real[CLF_FFT_AXES] = {1, row, row * rows}, complex[CLF_FFT_AXES] = {1, row / 2, row / 2 * rows};
    int axes = desc->extent[0] > 1 ? 3 : desc->extent[1] > 1 ? 2 : 1;
    CLFFT_TRY(clfftSetPlanPrecision(plan, desc->wide ? CLFFT_DOUBLE : CLFFT_SINGLE), doing);
    CLFFT_TRY(clfftSetLayout(plan, inverse ? CLFFT_HERMITIAN_INTERLEAVED : CLFFT_REAL,
                             inverse ? CLFFT_REAL : CLFFT_HERMITIAN_INTERLEAVED),
              doing);
    CLFFT_TRY(clfftSetResultLocation(plan, CLFFT_INPLACE), doing);
    CLFFT_TRY(clfftSetPlanInStride(plan, (clfftDim)axes, inverse ? complex : real), doing);
    CLFFT_TRY(clfftSetPlanOutStride(plan, (clfftDim)axes, inverse ? real : complex), doing);
    size_t block = row * rows * planes;
    CLFFT_TRY(clfftSetPlanDistance(plan, inverse ? block / 2 : block, inverse ? block : block / 2), doing);
    CLFFT_TRY(clfftSetPlanBatchSize(plan, (size_t)desc->batch), doing);
    CLFFT_TRY(clfftSetPlanScale(plan, CLFFT_FORWARD, 1), doing);
    CLFFT_TRY(clfftSetPlanScale(plan, CLFFT_BACKWARD, 1), doing);
    return CLF_OK;
}

static clf_status prepare(clf_context *context, const clf_fft_desc *desc, transform *made, size_t *scratch_bytes,
                          clf_error *error) {
    for (int inverse = 0; inverse < 2; inverse++) {
        size_t bytes = 0;
        CLF_TRY(create(context, desc, &made->plan[inverse], error));
        CLF_TRY(describe(made->plan[inverse], desc, inverse != 0, error));
        CLFFT_TRY(clfftBakePlan(made->plan[inverse], 1, &context->queue, NULL, NULL), "baking a clFFT plan");
        CLFFT_TRY(clfftGetTmpBufSize(made->plan[inverse], &bytes), "asking clFFT for its scratch");
        *scratch_bytes = bytes > *scratch_bytes ? bytes : *scratch_bytes;
    }
    return CLF_OK;
}

/*
 * Takes the next handle, to see whether others took some since `process.last`; plans have plans of their own in them.
 */
static void watch_handles(cl_context context, bool others) {
    clfftPlanHandle probe = 0;
    const size_t length = 2;
    if (clfftCreateDefaultPlan(&probe, context, CLFFT_1D, &length) != CLFFT_SUCCESS) {
        process.shared = true; /* not known: the careful answer */
        return;
    }
    process.shared = process.shared || (others && probe != process.last + 1);
    process.last = probe;
    (void)clfftDestroyPlan(&probe);
}

static void release(void *object) {
    transform *made = object;
    cl_context context = made->context;
    for (int inverse = 0; inverse < 2; inverse++)
        if (made->plan[inverse] != 0)
            (void)clfftDestroyPlan(&made->plan[inverse]);
    free(made);
    if (--process.users > 0 || process.shared)
        return;
    watch_handles(context, true);
    if (process.shared)
        return;
    (void)clfftTeardown();
    process.last = 0; /* handles begin again */
}

static clf_status make(clf_context *context, const clf_fft_desc *desc, void **object, size_t *scratch_bytes,
                       clf_error *error) {
    transform *made;
    CLF_TRY(clf_allocate(&made, 1, sizeof *made, error));
    process.users++;
    *scratch_bytes = 0;
    made->context = context->cl;
    const clfftSetupData setup = {clfftVersionMajor, clfftVersionMinor, clfftVersionPatch, 0};
    clf_status status = clfft_status(clfftSetup(&setup), "setting clFFT up", error);
    if (status == CLF_OK) {
        watch_handles(context->cl, true);
        status = prepare(context, desc, made, scratch_bytes, error);
        watch_handles(context->cl, false);
    }
    if (status != CLF_OK)
        release(made);
    else
        *object = made;
    return status;
}

static clf_status enqueue(void *object, cl_command_queue queue, bool inverse, cl_mem data, cl_mem scratch,
                          clf_error *error) {
    transform *made = object;
    CLFFT_TRY(clfftEnqueueTransform(made->plan[inverse], inverse ? CLFFT_BACKWARD : CLFFT_FORWARD, 1, &queue, 0, NULL,
                                    NULL, &data, NULL, scratch),
              "enqueueing a clFFT transform");
    return CLF_OK;
}

const clf_fft_provider clf_fft_clfft = {"clFFT", takes, make, enqueue, release, 915};
