/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input rows that a block of ROWS output rows needs, and which taps each of them meets. Constants: KZ KY, STEP_Y,
 * DILATION_Y, ROWS.
 */
#ifndef CLF_CONV_ROWS_H
#define CLF_CONV_ROWS_H

#include "border.h"
#include "conv_geometry.h"

#define ROWS_IN ((ROWS - 1) * STEP_Y + (KY - 1) * DILATION_Y + 1)

/* Whether input row `a` of a block meets output row `r`, and with which row of taps. */
#define TAP_ROW(a, r) (((a) - (r) * STEP_Y) / DILATION_Y)
#define MEETS(a, r)                                                                                                    \
    ((a) >= (r) * STEP_Y && ((a) - (r) * STEP_Y) % DILATION_Y == 0 && TAP_ROW(a, r) < KY)

/* Offsets of the input rows that the block at output (i0, i1) needs; false where one of them is the constant. */
static inline bool find_rows(constant const long *g, long i0, long i1, long src, long *rows) {
    bool inside = true;
#pragma unroll 1
    for (int z = 0; z < KZ; z++) {
        long p0 = border_index(g[CONV_START] + g[CONV_STEP] * i0 + g[CONV_DILATION] * z, g[CONV_EXTENT],
                               (int)g[CONV_BORDER]);
#pragma unroll 1
        for (int a = 0; a < ROWS_IN; a++) {
            long p1 = border_index(g[CONV_START + 1] + STEP_Y * i1 + a, g[CONV_EXTENT + 1], (int)g[CONV_BORDER + 1]);
            bool missing = p0 < 0 || p1 < 0;
            rows[z * ROWS_IN + a] = missing ? -1 : src + p0 * g[CONV_SRC_STRIDE] + p1 * g[CONV_SRC_STRIDE + 1];
            inside = inside && !missing;
        }
    }
    return inside;
}

#endif
