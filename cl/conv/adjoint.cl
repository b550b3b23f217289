/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv_adjoint.general: the adjoint of every convolution, gathered, so that no two work-items write one element and
 * the sum has one order. With e = step*i + start + dilation*k the element of x~ that output i reads by tap k,
 *   gx[p] = sum over every e that the border sends to p, every k and i with that e: w[k] * g[i].
 * Along an axis those e are at most two arithmetic progressions.
 *
 * x and y of real.h are here the output's gradient g (SRC_T) and the input's gradient (DST_T). The table is the forward
 * problem's.
 */
// checks share: float -DVECTOR=1
// check cpu: -DLOCAL_X=1
// check cpu: -DLOCAL_X=1 double
// check gpu: -DLOCAL_X=64
// check gpu: -DLOCAL_X=64 half
#include "real.h"
#include "body.h"
#include "border.h"
#include "batch.h"
#include "geometry.h"

/* The extended indices that stand for p along an axis: first[q], first[q] + stride, ... up to last. */
typedef struct {
    long first[2], stride, last;
} images;

/* The least of value, value +- stride, ... that is at least `low`. */
static inline long from_low(long value, long stride, long low) {
    long steps = (low - value) / stride;
    value += steps * stride;
    if (value < low)
        value += stride;
    return value - stride >= low ? value - stride : value;
}

static inline images find_images(constant const long *g, int axis, long p) {
    long n = g[CONV_EXTENT + axis], low = g[CONV_START + axis];
    long high = g[CONV_STEP + axis] * (g[CONV_OUT + axis] - 1) + low +
                g[CONV_DILATION + axis] * (g[CONV_TAPS + axis] - 1);
    int border = (int)g[CONV_BORDER + axis];
    images all = {{p, high + 1}, high + 1 - min(low, p), high}; /* p alone */
    if (border == BORDER_CONSTANT)
        return all;
    if (n == 1 || border == BORDER_REPLICATE) {
        bool left = p == 0, right = p == n - 1;
        all.stride = 1;
        all.first[0] = left ? min(low, 0L) : p;
        all.last = right ? high : min(p, high);
        all.first[0] = max(all.first[0], low);
        return all;
    }
    all.stride = border == BORDER_PERIODIC ? n : border == BORDER_REFLECT ? 2 * n - 2 : 2 * n;
    all.first[0] = from_low(p, all.stride, low);
    if (border == BORDER_SYMMETRIC)
        all.first[1] = from_low(-1 - p, all.stride, low);
    else if (border == BORDER_REFLECT && p != 0 && p != n - 1)
        all.first[1] = from_low(-p, all.stride, low);
    return all;
}

/* The output that reads extended index e by tap k; -1 where none does. */
static inline long output_of(constant const long *g, int axis, long e, long k) {
    long t = e - g[CONV_START + axis] - g[CONV_DILATION + axis] * k, step = g[CONV_STEP + axis];
    return t >= 0 && t % step == 0 && t / step < g[CONV_OUT + axis] ? t / step : -1;
}

#define FOR_IMAGES(all, e)                                                                                             \
    for (int q_##e = 0; q_##e < 2; q_##e++)                                                                            \
        for (long e = (all).first[q_##e]; e <= (all).last; e += (all).stride)

/* One row of taps against one row of the gradient, at offset `row`. */
static inline REAL row_sum(REAL sum, global const SRC_T *y, long row, global const REAL *w, constant const long *g,
                           images all) {
    FOR_IMAGES(all, e) {
        for (long k = 0; k < g[CONV_TAPS + 2]; k++) {
            long i = output_of(g, 2, e, k);
            if (i >= 0)
                sum = MULTIPLY_ADD(w[k], load_one(y, row + i * g[CONV_DST_STRIDE + 2]), sum);
        }
    }
    return sum;
}

/* All the taps of one output channel, whose gradient begins at `offset`. */
static inline REAL channel_sum(REAL sum, global const SRC_T *y, long offset, global const REAL *w,
                               constant const long *g, images all0, images all1, images all2) {
    FOR_IMAGES(all0, e0) {
        for (long k0 = 0; k0 < g[CONV_TAPS]; k0++) {
            long o0 = output_of(g, 0, e0, k0);
            if (o0 < 0)
                continue;
            FOR_IMAGES(all1, e1) {
                for (long k1 = 0; k1 < g[CONV_TAPS + 1]; k1++) {
                    long o1 = output_of(g, 1, e1, k1);
                    if (o1 >= 0)
                        sum = row_sum(sum, y, offset + o0 * g[CONV_DST_STRIDE] + o1 * g[CONV_DST_STRIDE + 1],
                                      w + (k0 * g[CONV_TAPS + 1] + k1) * g[CONV_TAPS + 2], g, all2);
                }
            }
        }
    }
    return sum;
}

BODY conv_adjoint_body(global const SRC_T *restrict y, global DST_T *restrict x, global const REAL *restrict w,
                       constant const long *restrict g, long columns, work_item id) {
    long first = id.x * columns;
    long last = min(first + columns, g[CONV_EXTENT + 2]);
    long p1 = id.y;
    long plane = id.z, p0 = plane % g[CONV_EXTENT], item = plane / g[CONV_EXTENT];
    long inputs = g[CONV_INPUTS], outputs = g[CONV_OUTPUTS], channel = item % (g[CONV_GROUPS] * inputs);
    long output = channel / inputs * outputs;
    long offset[2] = {g[CONV_SRC_OFFSET] + channel * g[CONV_SRC_CHANNEL],
                      g[CONV_DST_OFFSET] + output * g[CONV_DST_CHANNEL]};
    batch_offsets(g + CONV_BATCH, item / (g[CONV_GROUPS] * inputs), 2, offset);
    offset[0] += p0 * g[CONV_SRC_STRIDE] + p1 * g[CONV_SRC_STRIDE + 1];
    long taps = g[CONV_TAPS] * g[CONV_TAPS + 1] * g[CONV_TAPS + 2];
    images all0 = find_images(g, 0, p0), all1 = find_images(g, 1, p1);
    for (long p2 = first; p2 < last; p2++) {
        images all2 = find_images(g, 2, p2);
        REAL sum = 0;
        for (long o = 0; o < outputs; o++)
            sum = channel_sum(sum, y, offset[1] + o * g[CONV_DST_CHANNEL],
                              w + ((output + o) * inputs + channel % inputs) * taps, g, all0, all1, all2);
        store_one(sum, x, offset[0] + p2 * g[CONV_SRC_STRIDE + 2]);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_adjoint(global const SRC_T *restrict y, global DST_T *restrict x, global const REAL *restrict w,
             constant const long *restrict g, long columns) {
    conv_adjoint_body(y, x, w, g, columns, this_item());
}
