/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.bank on devices other than CPUs (those: conv_bank_staged.cl): channels mixed by a bank of kernels. A work-item
 * takes one pixel of BLOCK outputs.
 *
 * Floor: inputs*taps multiply-adds an output; each element read serves BLOCK of them.
 *
 * Constants: those of real.h; KZ KY KX taps; STEP_X DILATION_X; INPUTS of a group; OUTPUTS of a group; BLOCK outputs;
 * LOCAL_X the work-group.
 */
// checks share: float -DVECTOR=1 -DLOCAL_X=64 -DKZ=1 -DKY=3 -DKX=3 -DSTEP_X=1 -DDILATION_X=1 -DINPUTS=2 -DOUTPUTS=3
// checks share: -DBLOCK=3
// check gpu:
// check gpu: -DKZ=2 -DSTEP_X=2 -DDILATION_X=2 -DBLOCK=1 double
// check gpu: half
// check gpu: uchar
#include "real.h"
#include "body.h"
#include "border.h"
#include "batch.h"
#include "geometry.h"

#define TAPS (KZ * KY * KX)
#define BLOCKS ((OUTPUTS + BLOCK - 1) / BLOCK)

/* What a work-item works on. */
typedef struct {
    long src, dst; /* offsets of the group's first channels */
    long i0, i1, column;
    long group;
} place;

static inline place find_place(constant const long *g, long item, long i0, long i1, long column) {
    place at;
    at.group = item % g[CONV_GROUPS];
    long offset[2] = {g[CONV_SRC_OFFSET] + at.group * INPUTS * g[CONV_SRC_CHANNEL],
                      g[CONV_DST_OFFSET] + at.group * OUTPUTS * g[CONV_DST_CHANNEL]};
    batch_offsets(g + CONV_BATCH, item / g[CONV_GROUPS], 2, offset);
    at.src = offset[0];
    at.dst = offset[1] + i0 * g[CONV_DST_STRIDE] + i1 * g[CONV_DST_STRIDE + 1];
    at.i0 = i0;
    at.i1 = i1;
    at.column = column;
    return at;
}

/* Where the input row `row` of a group begins, rows counted by channel, z and y; -1 where it is the constant. */
static inline long row_of(constant const long *g, place at, long row) {
    long z = row / KY % KZ, y = row % KY;
    long p0 = border_index(g[CONV_START] + g[CONV_STEP] * at.i0 + g[CONV_DILATION] * z, g[CONV_EXTENT],
                           (int)g[CONV_BORDER]);
    long p1 = border_index(g[CONV_START + 1] + g[CONV_STEP + 1] * at.i1 + g[CONV_DILATION + 1] * y,
                           g[CONV_EXTENT + 1], (int)g[CONV_BORDER + 1]);
    if (p0 < 0 || p1 < 0)
        return -1;
    return at.src + row / (KZ * KY) * g[CONV_SRC_CHANNEL] + p0 * g[CONV_SRC_STRIDE] + p1 * g[CONV_SRC_STRIDE + 1];
}

/* One element of a row through the border; row < 0: the constant. */
static inline REAL element(global const SRC_T *x, long row, long column, constant const long *g, REAL cval) {
    long at = border_index(column, g[CONV_EXTENT + 2], (int)g[CONV_BORDER + 2]);
    return row < 0 || at < 0 ? cval : load_one(x, row + at * g[CONV_SRC_STRIDE + 2]);
}

BODY conv_bank_plain_body(global const SRC_T *restrict x, global DST_T *restrict y, global const REAL *restrict w,
                          constant const long *restrict g, REAL cval, work_item id) {
    long plane = id.z, block = plane % BLOCKS;
    plane /= BLOCKS;
    place at = find_place(g, plane / g[CONV_OUT], plane % g[CONV_OUT], id.y, id.x);
    global const REAL *bias = w + g[CONV_BIAS] + at.group * OUTPUTS + block * BLOCK;
    w += (at.group * BLOCKS + block) * INPUTS * TAPS * BLOCK;
    REAL sums[BLOCK];
#pragma unroll
    for (int o = 0; o < BLOCK; o++)
        sums[o] = bias[o];
    for (int row = 0; row < INPUTS * KZ * KY; row++, w += KX * BLOCK) {
        long from = row_of(g, at, row);
        for (int b = 0; b < KX; b++) {
            REAL v = element(x, from, g[CONV_START + 2] + STEP_X * at.column + b * DILATION_X, g, cval);
#pragma unroll
            for (int o = 0; o < BLOCK; o++)
                sums[o] = MULTIPLY_ADD(v, w[b * BLOCK + o], sums[o]);
        }
    }
    if (at.column < g[CONV_OUT + 2]) {
#pragma unroll
        for (int o = 0; o < BLOCK; o++)
            if (block * BLOCK + o < OUTPUTS)
                store_one(sums[o], y, at.dst + (block * BLOCK + o) * g[CONV_DST_CHANNEL] +
                                          at.column * g[CONV_DST_STRIDE + 2]);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_bank_plain(global const SRC_T *restrict x, global DST_T *restrict y, global const REAL *restrict w,
                constant const long *restrict g, REAL cval) {
    conv_bank_plain_body(x, y, w, g, cval, this_item());
}
