/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transforms by VkFFT, a header that writes a program for each. It takes any extent but rows of one real number; its
 * kernels follow each other on the queue without events, so queues must be in order.
 */
#include "fft/fft.h"

#include "base/alloc.h"
#include "base/locale.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * The header prints what goes wrong, and sets the process's locale: the first is dropped, the second done for a thread.
 */
#define printf(...) ((void)0)
#define setlocale(category, locale) ((char *)"C")
#include <vkFFT.h>
#undef printf
#undef setlocale

typedef struct transform {
    VkFFTApplication application;
    cl_context context;
    cl_device_id device;
    uint64_t bytes;
} transform;

/* Its launches have a work-group, or more, along z for each plane of each block, and are not enqueued in parts. */
static bool takes(const clf_context *context, const clf_fft_desc *desc) {
    size_t most = clf_context_profile(context)->most_groups;
    if (most > 0 && desc->extent[0] * desc->batch > (int64_t)most)
        return false;
    return !context->out_of_order && desc->extent[CLF_FFT_AXES - 1] > 1;
}

static clf_status vkfft_status(VkFFTResult code, const char *doing, clf_error *error) {
    if (code == VKFFT_SUCCESS)
        return CLF_OK;
    clf_status status = code == VKFFT_ERROR_MALLOC_FAILED ? CLF_OUT_OF_MEMORY
                        : code == VKFFT_ERROR_FAILED_TO_ALLOCATE || code == VKFFT_ERROR_FAILED_TO_CREATE_BUFFER
                            ? CLF_OUT_OF_DEVICE_MEMORY
                            : CLF_DEVICE_ERROR;
    return clf_fail(error, status, "%s failed: VkFFT's status %d", doing, (int)code);
}

static void release(void *object) {
    transform *made = object;
    deleteVkFFT(&made->application);
    free(made);
}

/* Numbers are written into programs with the point of the C locale, whatever the caller's is. */
static VkFFTResult initialise(transform *made, const VkFFTConfiguration *configuration) {
    clf_locale locale;
    if (!clf_locale_enter(&locale))
        return VKFFT_ERROR_MALLOC_FAILED;
    VkFFTResult code = initializeVkFFT(&made->application, *configuration);
    clf_locale_leave(&locale);
    return code;
}

static clf_status make(clf_context *context, const clf_fft_desc *desc, void **object, size_t *scratch_bytes,
                       clf_error *error) {
    transform *made;
    CLF_TRY(clf_allocate(&made, 1, sizeof *made, error));
    made->context = context->cl;
    made->device = context->device;
    made->bytes = clf_fft_bytes(desc);
    VkFFTConfiguration configuration = {0};
    configuration.FFTdim = desc->extent[0] > 1 ? 3 : desc->extent[1] > 1 ? 2 : 1;
    for (int i = 0; i < CLF_FFT_AXES; i++) /* VkFFT's first axis is the innermost */
        configuration.size[i] = (uint64_t)desc->extent[CLF_FFT_AXES - 1 - i];
    configuration.numberBatches = (uint64_t)desc->batch;
    configuration.performR2C = 1;
    configuration.doublePrecision = desc->wide;
    configuration.device = &made->device;
    configuration.context = &made->context;
    configuration.bufferSize = &made->bytes;
    *scratch_bytes = 0; /* VkFFT keeps its own, in order on the context's queue */
    clf_status status = vkfft_status(initialise(made, &configuration), "making a VkFFT transform", error);
    if (status == CLF_OK)
        *object = made;
    else
        free(made); /* a failed initialisation has released its own */
    return status;
}

static clf_status enqueue(void *object, cl_command_queue queue, bool inverse, cl_mem data, cl_mem scratch,
                          clf_error *error) {
    (void)scratch;
    transform *made = object;
    VkFFTLaunchParams parameters = {0};
    parameters.commandQueue = &queue;
    parameters.buffer = &data;
    return vkfft_status(VkFFTAppend(&made->application, inverse ? 1 : -1, &parameters), "enqueueing a VkFFT transform",
                        error);
}

const clf_fft_provider clf_fft_vkfft = {"VkFFT", takes, make, enqueue, release, 191.4};
