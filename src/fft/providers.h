/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The libraries that are built in, those to prefer first: a row each. A library is its file, which defines
 * clf_fft_NAME, its row here, and its search in cmake/fft.cmake.
 */
#ifndef CLF_FFT_PROVIDERS_H
#define CLF_FFT_PROVIDERS_H

#include "fft/provider.h"

#ifdef CLF_HAS_VKFFT
#define CLF_FFT_VKFFT(X) X(vkfft)
#else
#define CLF_FFT_VKFFT(X)
#endif
#ifdef CLF_HAS_CLFFT
#define CLF_FFT_CLFFT(X) X(clfft)
#else
#define CLF_FFT_CLFFT(X)
#endif

/* X(NAME) for each: what operations make of the table, a solver each, say. */
#define CLF_FFT_PROVIDERS(X) CLF_FFT_VKFFT(X) CLF_FFT_CLFFT(X)

#define CLF_FFT_DECLARE(library) extern const clf_fft_provider clf_fft_##library;
CLF_FFT_PROVIDERS(CLF_FFT_DECLARE)

#endif
