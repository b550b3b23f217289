/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fourier transforms by a library, behind one interface: real to complex and back, in place, along one to three axes,
 * batched. A transform is made once for a context, which keeps it; plans and their clones share it.
 *
 * Neither library may be entered by two threads at once, whatever it promises: one lock, the process's only one, is
 * held while a transform is made, enqueued or released.
 */
#ifndef CLF_FFT_FFT_H
#define CLF_FFT_FFT_H

#include "base/status.h"
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

int64_t clf_fft_row(const clf_fft_desc *desc);  /* reals from one row to the next */
size_t clf_fft_bytes(const clf_fft_desc *desc); /* of all blocks */
int64_t clf_fft_extent(int64_t least,
                       bool last); /* the next extent whose only primes are 2, 3, 5 and 7; even where last */

/* A library. */
typedef struct clf_fft_provider {
    const char *name;
    /* True where it can be used with the context and such a transform. */
    bool (*takes)(const clf_context *context, const clf_fft_desc *desc);
    /* Makes a transform and says how much scratch memory enqueueing it needs; the lock is held. */
    clf_status (*make)(clf_context *context, const clf_fft_desc *desc, void **object, size_t *scratch_bytes,
                       clf_error *error);
    clf_status (*enqueue)(void *object, cl_command_queue queue, bool inverse, cl_mem data, cl_mem scratch,
                          clf_error *error);
    void (*release)(void *object);
    double seconds; /* of one core for an element and a level (log2 of the elements), both ways, for estimates */
} clf_fft_provider;

#ifdef CLF_HAS_CLFFT
extern const clf_fft_provider clf_fft_clfft;
#endif
#ifdef CLF_HAS_VKFFT
extern const clf_fft_provider clf_fft_vkfft;
#endif

/* A transform, kept by its context. */
typedef struct clf_fft clf_fft;

/*
 * The provider's transform, made and checked against the definition where the context has none such yet: a library may
 * report success where a call inside it failed. Non-owning: the context keeps it. Any thread.
 */
clf_status clf_fft_get(clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc, clf_fft **fft,
                       clf_error *error);

/* Bytes of scratch memory that enqueueing needs; 0: none. */
size_t clf_fft_scratch_bytes(const clf_fft *fft);

/* Enqueues on the context's queue. `scratch` may be NULL where none is needed. Any thread. */
clf_status clf_fft_enqueue(clf_fft *fft, bool inverse, cl_mem data, cl_mem scratch, clf_error *error);

#endif
