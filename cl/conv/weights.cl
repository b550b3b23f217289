/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv_weights.general: the gradient of a convolution with respect to its weights and biases, in two stages so that the
 * sum has one order: conv_weights sums slices of the rows of all outputs, conv_weights_join adds the slices.
 *   gw[o][c][k] = sum_b sum_i g[b][o][i] * x~[b][c][step*i + start + dilation*k],   gb[o] = sum_b sum_i g[b][o][i]
 * Rows are summed in VECTOR lanes and added with compensation, so that the error does not grow with their number.
 *
 * Constants: those of real.h (SRC_T is x's type); GRAD_T and GRAD_IS_HALF the gradient's; CONTIGUOUS 1 where both
 * x strides and the step are 1.
 */
// checks share: float -DGRAD_T=float -DGRAD_IS_HALF=0 -DCONTIGUOUS=1
// check cpu: -DVECTOR=16
// check cpu: -DVECTOR=8 -DGRAD_T=double double
// check cpu: -DVECTOR=16 -DGRAD_T=half -DGRAD_IS_HALF=1 -DSRC_T=half -DSRC_IS_HALF=1
// check cpu: -DVECTOR=16 -DCONTIGUOUS=0
// check cpu: -DVECTOR=16 plain
// check gpu: -DVECTOR=1
// check gpu: -DVECTOR=1 -DCONTIGUOUS=0 -DGRAD_T=half -DGRAD_IS_HALF=1 -DSRC_T=half -DSRC_IS_HALF=1
#include "real.h"
#include "body.h"
#include "border.h"
#include "batch.h"
#include "geometry.h"
#include "gradient_load.h"
#include "careful_sum.h"

static inline REAL add_lanes(realv lanes) {
#if VECTOR == 1
    return lanes;
#else
    REAL values[VECTOR], sum = 0;
    PASTE(vstore, VECTOR)(lanes, 0, values);
    for (int i = 0; i < VECTOR; i++)
        sum += values[i];
    return sum;
#endif
}

/* One output row against the input row that a tap meets: column i meets column start + step*i. Negative: constant. */
static inline REAL row_product(global const SRC_T *x, long row, long start, global const GRAD_T *y, long out,
                               constant const long *g, REAL cval) {
    long n = g[CONV_EXTENT + 2], m = g[CONV_OUT + 2], step = g[CONV_STEP + 2];
    REAL sum = 0;
    realv lanes = 0;
    for (long i = 0; i < m;) {
#if CONTIGUOUS
        if (row >= 0 && start + i >= 0 && i + VECTOR <= m && start + i + VECTOR <= n) {
            lanes = MULTIPLY_ADD(load_lanes(x, row + start + i), load_gradients(y, out + i), lanes);
            i += VECTOR;
            continue;
        }
#endif
        long at = border_index(start + step * i, n, (int)g[CONV_BORDER + 2]);
        REAL value = row < 0 || at < 0 ? cval : load_one(x, row + at * g[CONV_SRC_STRIDE + 2]);
        sum = MULTIPLY_ADD(value, load_gradient(y, out + i * g[CONV_DST_STRIDE + 2]), sum);
        i++;
    }
    return sum + add_lanes(lanes);
}

static inline REAL row_total(global const GRAD_T *y, long out, constant const long *g) {
    REAL sum = 0;
    for (long i = 0; i < g[CONV_OUT + 2]; i++)
        sum += load_gradient(y, out + i * g[CONV_DST_STRIDE + 2]);
    return sum;
}

/*
 * Work-item (0, slice, job): job is a weight in the order [output][input][taps], or, behind them all, a bias. Rows of
 * all batch items and planes are dealt to the slices in turn.
 */
BODY conv_weights_body(global const SRC_T *restrict x, global const GRAD_T *restrict y, global REAL *restrict partial,
                       constant const long *restrict g, REAL cval, long slices, long jobs, work_item id) {
    long job = id.z, slice = id.y;
    long k2 = job % g[CONV_TAPS + 2], k1 = job / g[CONV_TAPS + 2] % g[CONV_TAPS + 1];
    long k0 = job / (g[CONV_TAPS + 2] * g[CONV_TAPS + 1]) % g[CONV_TAPS];
    long taps = g[CONV_TAPS] * g[CONV_TAPS + 1] * g[CONV_TAPS + 2], weights = jobs;
    bool bias = job >= weights;
    long output = bias ? job - weights : job / (taps * g[CONV_INPUTS]);
    long input = bias ? 0 : output / g[CONV_OUTPUTS] * g[CONV_INPUTS] + job / taps % g[CONV_INPUTS];
    long rows = g[CONV_OUT] * g[CONV_OUT + 1];
    REAL sum = 0, lost = 0;
    for (long at = slice; at < rows * g[CONV_ITEMS]; at += slices) {
        long i1 = at % g[CONV_OUT + 1], i0 = at / g[CONV_OUT + 1] % g[CONV_OUT];
        long offset[2] = {g[CONV_SRC_OFFSET] + input * g[CONV_SRC_CHANNEL],
                          g[CONV_DST_OFFSET] + output * g[CONV_DST_CHANNEL]};
        batch_offsets(g + CONV_BATCH, at / rows, 2, offset);
        long out = offset[1] + i0 * g[CONV_DST_STRIDE] + i1 * g[CONV_DST_STRIDE + 1];
        if (bias) {
            sum = add(sum, row_total(y, out, g), &lost);
            continue;
        }
        long p0 = border_index(g[CONV_START] + g[CONV_STEP] * i0 + g[CONV_DILATION] * k0, g[CONV_EXTENT],
                               (int)g[CONV_BORDER]);
        long p1 = border_index(g[CONV_START + 1] + g[CONV_STEP + 1] * i1 + g[CONV_DILATION + 1] * k1,
                               g[CONV_EXTENT + 1], (int)g[CONV_BORDER + 1]);
        bool missing = p0 < 0 || p1 < 0;
        long row = missing ? -1 : offset[0] + p0 * g[CONV_SRC_STRIDE] + p1 * g[CONV_SRC_STRIDE + 1];
        REAL product = row_product(x, row, g[CONV_START + 2] + g[CONV_DILATION + 2] * k2, y, out, g, cval);
        sum = add(sum, product, &lost);
    }
    partial[job * slices + slice] = isfinite(sum) ? sum + lost : sum;
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_weights(global const SRC_T *restrict x, global const GRAD_T *restrict y, global REAL *restrict partial,
             constant const long *restrict g, REAL cval, long slices, long jobs) {
    conv_weights_body(x, y, partial, g, cval, slices, jobs, this_item());
}

/* Adds the slices of each job and stores it where the weight or bias belongs. */
BODY conv_weights_join_body(global const REAL *restrict partial, global REAL *restrict weights,
                            global REAL *restrict biases, constant const long *restrict g, long slices, long jobs,
                            long offset, long output_stride, long input_stride, long stride0, long stride1,
                            long stride2, long bias_offset, long bias_stride, work_item id) {
    long job = id.x;
    REAL sum = 0, lost = 0;
    for (long slice = 0; slice < slices; slice++)
        sum = add(sum, partial[job * slices + slice], &lost);
    sum = isfinite(sum) ? sum + lost : sum;
    long k2 = job % g[CONV_TAPS + 2], k1 = job / g[CONV_TAPS + 2] % g[CONV_TAPS + 1];
    long k0 = job / (g[CONV_TAPS + 2] * g[CONV_TAPS + 1]) % g[CONV_TAPS];
    long taps = g[CONV_TAPS] * g[CONV_TAPS + 1] * g[CONV_TAPS + 2];
    if (job >= jobs)
        biases[bias_offset + (job - jobs) * bias_stride] = sum;
    else
        weights[offset + job / (taps * g[CONV_INPUTS]) * output_stride + job / taps % g[CONV_INPUTS] * input_stride +
                k0 * stride0 + k1 * stride1 + k2 * stride2] = sum;
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_weights_join(global const REAL *restrict partial, global REAL *restrict weights, global REAL *restrict biases,
                  constant const long *restrict g, long slices, long jobs, long offset, long output_stride,
                  long input_stride, long stride0, long stride1, long stride2, long bias_offset, long bias_stride) {
    conv_weights_join_body(partial, weights, biases, g, slices, jobs, offset, output_stride, input_stride, stride0,
                           stride1, stride2, bias_offset, bias_stride, this_item());
}
