/* SPDX-License-Identifier: Apache-2.0 */
/* A transform that a library made, held against the definition. */
#ifndef CLF_FFT_FFT_CHECK_H
#define CLF_FFT_FFT_CHECK_H

#include "fft/provider.h"

/* Runs the transform on impulses, both ways, on a queue of its own; CLF_DEVICE_ERROR if it is wrong. */
clf_status clf_fft_check(clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc, void *object,
                         size_t scratch_bytes, clf_error *error);

#endif
