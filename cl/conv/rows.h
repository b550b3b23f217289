/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input rows that a block of ROWS output rows needs, and which taps each of them meets. Constants: KZ KY, STEP_Y,
 * DILATION_Y, ROWS.
 */
#ifndef CLF_CONV_ROWS_H
#define CLF_CONV_ROWS_H

#include "border.h"
#include "geometry.h"

/* Channels that lie side by side along x, each filtered apart: 1 unless rows are interleaved. */
#ifndef PIXEL
#define PIXEL 1
#endif

/* The element of a row that column i stands for; -1 where it is the constant. */
static inline long border_column(long i, long extent, int border) {
#if PIXEL == 1
    return border_index(i, extent, border);
#else
    long channel = (i % PIXEL + PIXEL) % PIXEL, place = border_index((i - channel) / PIXEL, extent / PIXEL, border);
    return place < 0 ? -1 : place * PIXEL + channel;
#endif
}

#define ROWS_IN ((ROWS - 1) * STEP_Y + (KY - 1) * DILATION_Y + 1)

/* Whether input row `a` of a block meets output row `r`, and with which row of taps. */
#define TAP_ROW(a, r) (((a) - (r)*STEP_Y) / DILATION_Y)
#define MEETS(a, r) ((a) >= (r)*STEP_Y && ((a) - (r)*STEP_Y) % DILATION_Y == 0 && TAP_ROW(a, r) < KY)

/* Offsets of the input rows that the block at output (i0, i1) needs; false where one of them is the constant. */
static inline bool find_rows(constant const long *g, long i0, long i1, long src, long *rows) {
    long first = g[CONV_START + 1] + STEP_Y * i1, extent = g[CONV_EXTENT + 1], stride = g[CONV_SRC_STRIDE + 1];
    bool within = first >= 0 && first + ROWS_IN <= extent, inside = true;
#pragma unroll 1
    for (int z = 0; z < KZ; z++) {
        long p0 =
            border_index(g[CONV_START] + g[CONV_STEP] * i0 + g[CONV_DILATION] * z, g[CONV_EXTENT], (int)g[CONV_BORDER]);
        long plane = src + p0 * g[CONV_SRC_STRIDE];
        if (p0 >= 0 && within) { /* most are */
            for (int a = 0; a < ROWS_IN; a++)
                rows[z * ROWS_IN + a] = plane + (first + a) * stride;
            continue;
        }
#pragma unroll 1
        for (int a = 0; a < ROWS_IN; a++) {
            long p1 = border_index(first + a, extent, (int)g[CONV_BORDER + 1]);
            bool missing = p0 < 0 || p1 < 0;
            rows[z * ROWS_IN + a] = missing ? -1 : plane + p1 * stride;
            inside = inside && !missing;
        }
    }
    return inside;
}

#endif
