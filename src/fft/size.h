/* SPDX-License-Identifier: Apache-2.0 */
/* The sizes of transforms, and the extents that libraries take. */
#ifndef CLF_FFT_SIZE_H
#define CLF_FFT_SIZE_H

#include "fft/provider.h"

int64_t clf_fft_row(const clf_fft_desc *desc);   /* reals from one row to the next */
int64_t clf_fft_bytes(const clf_fft_desc *desc); /* of all blocks */

/* The next extent whose only primes are 2, 3, 5 and 7; even where last. */
int64_t clf_fft_extent(int64_t least, bool last);

#endif
