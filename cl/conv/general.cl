/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.general: every convolution, one output at a time, everything known at run time; one build per pair of types.
 * The safe solver that the others are measured against.
 */
// checks share: float -DVECTOR=1
// check cpu: -DLOCAL_X=1
// check cpu: -DLOCAL_X=1 uchar
// check gpu: -DLOCAL_X=64 half
// check gpu: -DLOCAL_X=64 double
#include "real.h"
#include "body.h"
#include "border.h"
#include "batch.h"
#include "geometry.h"

/* One row of taps against one row of the input. */
static inline REAL row_sum(REAL sum, global const SRC_T *x, long offset, global const REAL *w, constant const long *g,
                           long column, REAL cval) {
    long taps = g[CONV_TAPS + 2], dilation = g[CONV_DILATION + 2], extent = g[CONV_EXTENT + 2];
    long stride = g[CONV_SRC_STRIDE + 2];
    int border = (int)g[CONV_BORDER + 2];
    if (column >= 0 && column + dilation * (taps - 1) < extent) {
        for (long k = 0; k < taps; k++)
            sum = MULTIPLY_ADD(w[k], load_one(x, offset + (column + dilation * k) * stride), sum);
        return sum;
    }
    for (long k = 0; k < taps; k++) {
        long at = border_index(column + dilation * k, extent, border);
        REAL value = at < 0 ? cval : load_one(x, offset + at * stride);
        sum = MULTIPLY_ADD(w[k], value, sum);
    }
    return sum;
}

/* One row of taps against a row that is the constant throughout. */
static inline REAL constant_sum(REAL sum, global const REAL *w, long taps, REAL cval) {
    for (long k = 0; k < taps; k++)
        sum = MULTIPLY_ADD(w[k], cval, sum);
    return sum;
}

/* All the taps of one input channel, which begins at `offset`. */
static inline REAL channel_sum(REAL sum, global const SRC_T *x, long offset, global const REAL *w,
                               constant const long *g, long i0, long i1, long column, REAL cval) {
    long taps = g[CONV_TAPS + 2];
    for (long k0 = 0; k0 < g[CONV_TAPS]; k0++) {
        long p0 = border_index(g[CONV_START] + g[CONV_STEP] * i0 + g[CONV_DILATION] * k0, g[CONV_EXTENT],
                               (int)g[CONV_BORDER]);
        for (long k1 = 0; k1 < g[CONV_TAPS + 1]; k1++, w += taps) {
            long p1 = border_index(g[CONV_START + 1] + g[CONV_STEP + 1] * i1 + g[CONV_DILATION + 1] * k1,
                                   g[CONV_EXTENT + 1], (int)g[CONV_BORDER + 1]);
            if (p0 < 0 || p1 < 0)
                sum = constant_sum(sum, w, taps, cval);
            else
                sum = row_sum(sum, x, offset + p0 * g[CONV_SRC_STRIDE] + p1 * g[CONV_SRC_STRIDE + 1], w, g, column,
                              cval);
        }
    }
    return sum;
}

BODY conv_general_body(global const SRC_T *restrict x, global DST_T *restrict y, global const REAL *restrict w,
                       constant const long *restrict g, REAL cval, long columns, work_item id) {
    long first = id.x * columns;
    long last = min(first + columns, g[CONV_OUT + 2]);
    long i1 = id.y;
    long plane = id.z, i0 = plane % g[CONV_OUT], item = plane / g[CONV_OUT];
    long output = item % (g[CONV_GROUPS] * g[CONV_OUTPUTS]), input = output / g[CONV_OUTPUTS] * g[CONV_INPUTS];
    long offset[2] = {g[CONV_SRC_OFFSET] + input * g[CONV_SRC_CHANNEL],
                      g[CONV_DST_OFFSET] + output * g[CONV_DST_CHANNEL]};
    batch_offsets(g + CONV_BATCH, item / (g[CONV_GROUPS] * g[CONV_OUTPUTS]), 2, offset);
    offset[1] += i0 * g[CONV_DST_STRIDE] + i1 * g[CONV_DST_STRIDE + 1];
    long taps = g[CONV_TAPS] * g[CONV_TAPS + 1] * g[CONV_TAPS + 2];
    REAL bias = w[g[CONV_BIAS] + output];
    w += output * g[CONV_INPUTS] * taps;
    for (long i2 = first; i2 < last; i2++) {
        REAL sum = bias;
        for (long c = 0; c < g[CONV_INPUTS]; c++)
            sum = channel_sum(sum, x, offset[0] + c * g[CONV_SRC_CHANNEL], w + c * taps, g, i0, i1,
                              g[CONV_START + 2] + g[CONV_STEP + 2] * i2, cval);
        store_one(sum, y, offset[1] + i2 * g[CONV_DST_STRIDE + 2]);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_general(global const SRC_T *restrict x, global DST_T *restrict y, global const REAL *restrict w,
             constant const long *restrict g, REAL cval, long columns) {
    conv_general_body(x, y, w, g, cval, columns, this_item());
}
