/* SPDX-License-Identifier: Apache-2.0 */
/* What a transform is, and what a library that makes transforms can do. */
#ifndef CLF_FFT_PROVIDER_H
#define CLF_FFT_PROVIDER_H

#include "rt/rt.h"

enum { CLF_FFT_AXES = 3 };

/*
 * `batch` dense blocks of extent[0] x extent[1] x (2 * (extent[2] / 2 + 1)) reals, of which the first extent[2] of each
 * row are the input and which are the extent[2] / 2 + 1 complex numbers of a row afterwards. Unused axes come first,
 * with extent 1. Nothing is scaled: both ways multiply by the product of the extents.
 */
typedef struct clf_fft_desc {
    int64_t extent[CLF_FFT_AXES];
    int64_t batch;
    bool wide; /* f64 */
} clf_fft_desc;

/* A library. */
typedef struct clf_fft_provider {
    const char *name;
    /* True if it can be used with the context and such a transform. */
    bool (*takes)(const clf_context *context, const clf_fft_desc *desc);
    /* Makes a transform and says how much scratch memory enqueueing it needs; the lock is held. */
    clf_status (*make)(clf_context *context, const clf_fft_desc *desc, void **object, size_t *scratch_bytes,
                       clf_error *error);
    clf_status (*enqueue)(void *object, cl_command_queue queue, bool inverse, cl_mem data, cl_mem scratch,
                          clf_error *error);
    void (*release)(void *object);
    /* Flops of the peak (rt/profile.h) that an element and a level (log2 of the elements) cost, both ways: measured. */
    double level_flops;
} clf_fft_provider;

#endif
