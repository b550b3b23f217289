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

#include "fft/providers.h"
#include "fft/size.h"

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

/* Enqueues on the context's queue. `scratch` may be NULL if none is needed. Any thread. */
clf_status clf_fft_enqueue(clf_fft *fft, bool inverse, cl_mem data, cl_mem scratch, clf_error *error);

#endif
