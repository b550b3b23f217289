/* SPDX-License-Identifier: Apache-2.0 */
/* Where elements stand in the blocks of conv.fft. */
#ifndef CLF_CONV_FFT_PLACE_H
#define CLF_CONV_FFT_PLACE_H

#include "border.h"
#include "fft_geometry.h"
#include "geometry.h"

/* Splits a row's number into its block's item and its place in the block. */
static inline long split_row(constant const long *f, long row, long *p) {
    p[1] = row % f[FFT_LENGTH + 1];
    row /= f[FFT_LENGTH + 1];
    p[0] = row % f[FFT_LENGTH];
    return row / f[FFT_LENGTH];
}

/* The input that position p of an axis holds: its index, -1 the constant, -2 nothing. */
static inline long input_at(constant const long *g, constant const long *f, int axis, long p) {
    if (p >= f[FFT_NEED + axis])
        return -2;
    return border_index(g[CONV_START + axis] + p * f[FFT_IN_STEP + axis], g[CONV_EXTENT + axis],
                        (int)g[CONV_BORDER + axis]);
}

#endif
