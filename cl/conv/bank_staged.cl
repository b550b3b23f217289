/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.bank on CPUs: channels mixed by a bank of kernels. A work-item makes a rectangle of pixels of some blocks of
 * outputs. It copies the input rows that they need through their border into nearby memory, some channels at a time,
 * split by phase where the step is not 1, and runs blocks of BLOCK outputs x LANES vectors over them: each vector
 * loaded serves BLOCK outputs, each weight LANES vectors. Vectors run on from row to row (cl/conv/bank_cut.h): what
 * falls between rows is computed and not stored, and no row is padded to whole vectors.
 *
 * Floor: inputs*taps multiply-adds an output, and between its rows (KX - 1)/columns of them more. BLOCK x LANES of them
 * take BLOCK broadcasts and LANES loads that cross a cache line and so count double: 8 x 3 and 6 x 4 are bound by their
 * multiply-adds where 24 sums, the vectors and a broadcast fit the registers.
 *
 * One build serves every shape of kernel, step and number of channels. Constants: those of real.h; BLOCK LANES.
 */
// checks share: float -DVECTOR=16 -DBLOCK=3 -DLANES=4
// check cpu:
// check cpu: -DVECTOR=8 -DBLOCK=8 -DLANES=1 double
// check cpu: half
// check cpu: uchar
// check cpu: plain
#include "real.h"
#include "body.h"
#include "border.h"
#include "batch.h"
#include "geometry.h"
#include "bank_cut.h"
#include "stage.h"

#if VECTOR > 1
#define TILE (LANES * VECTOR)

/* What a work-item works on: the first channels of its group, its pixels, its blocks. */
typedef struct {
    long src, dst; /* offsets */
    long group;
    rectangle pixels;
    int first, last;
} place;

static inline place find_place(constant const long *g, constant const int *cut, work_item id) {
    place at;
    long item = id.z, part = item % cut[BANK_PARTS];
    item /= cut[BANK_PARTS];
    at.pixels = find_rectangle(g, cut, item % g[CONV_OUT], id.y, id.x);
    item /= g[CONV_OUT];
    at.group = item % g[CONV_GROUPS];
    at.first = (int)part * cut[BANK_PART];
    at.last = min(at.first + cut[BANK_PART], cut[BANK_BLOCKS]);
    long offset[2] = {g[CONV_SRC_OFFSET] + at.group * g[CONV_INPUTS] * g[CONV_SRC_CHANNEL],
                      g[CONV_DST_OFFSET] + at.group * g[CONV_OUTPUTS] * g[CONV_DST_CHANNEL]};
    batch_offsets(g + CONV_BATCH, item / g[CONV_GROUPS], 2, offset);
    at.src = offset[0];
    at.dst = offset[1] + first_pixel(g, at.pixels);
    return at;
}

/* Adds `count` taps of all staged channels to one tile of a block of outputs. */
static inline void add_tile(local const REAL *lines, constant const int *distance, global const REAL *w, int count,
                            realv sums[BLOCK][LANES]) {
#pragma unroll 1
    for (int n = 0; n < count; n++, w += BLOCK) {
        local const REAL *p = lines + distance[n];
        realv v[LANES];
#pragma unroll
        for (int l = 0; l < LANES; l++)
            v[l] = load_near(p + l * VECTOR);
#pragma unroll
        for (int o = 0; o < BLOCK; o++) {
#pragma unroll
            for (int l = 0; l < LANES; l++)
                sums[o][l] = MULTIPLY_ADD(v[l], (realv)(w[o]), sums[o][l]);
        }
    }
}

/* Runs one block of outputs over its tiles; `bias` is NULL where sums have begun. */
static inline void add_block(local const REAL *lines, constant const int *distance, global const REAL *w, int count,
                             int pixels, int flat, global const REAL *bias, local REAL *kept) {
#pragma unroll 1
    for (int t = 0; t < pixels; t += TILE) {
        realv sums[BLOCK][LANES];
#pragma unroll
        for (int o = 0; o < BLOCK; o++) {
#pragma unroll
            for (int l = 0; l < LANES; l++)
                sums[o][l] = bias ? (realv)(bias[o]) : load_near(kept + o * flat + t + l * VECTOR);
        }
        add_tile(lines + t, distance, w, count, sums);
#pragma unroll
        for (int o = 0; o < BLOCK; o++) {
#pragma unroll
            for (int l = 0; l < LANES; l++)
                store_near(sums[o][l], kept + o * flat + t + l * VECTOR);
        }
    }
}

/* Stores a row of `count` outputs, `stride` apart. */
static inline void store_row(local const REAL *kept, int count, global DST_T *y, long stride) {
    int t = 0;
    if (stride == 1) {
        for (; t + VECTOR <= count; t += VECTOR)
            store_lanes(load_near(kept + t), y, t);
        if (t > 0 && t < count) { /* as in copy_elements */
            store_lanes(load_near(kept + count - VECTOR), y, count - VECTOR);
            t = count;
        }
    }
#pragma unroll 1
    for (; t < count; t++)
        store_one(kept[t], y, t * stride);
}

/* Stores all outputs of the work-item. */
static inline void store_outputs(local const REAL *kept, place at, constant const long *g, constant const int *cut,
                                 global DST_T *y) {
    int first = at.first * BLOCK, outputs = min(at.last * BLOCK, (int)g[CONV_OUTPUTS]) - first;
    bool interleaved = g[CONV_DST_CHANNEL] < g[CONV_DST_STRIDE + 2];
    for (int n = 0; n < outputs * at.pixels.rows; n++) {
        int o, r;
        split_index(n, outputs, at.pixels.rows, interleaved, &o, &r);
        store_row(kept + o * cut[BANK_FLAT] + r * cut[BANK_PITCH], at.pixels.columns,
                  y + at.dst + (first + o) * g[CONV_DST_CHANNEL] + r * g[CONV_DST_STRIDE + 1], g[CONV_DST_STRIDE + 2]);
    }
}

BODY conv_bank_staged_body(global const SRC_T *restrict x, global DST_T *restrict y, global const REAL *restrict w,
                           constant const long *restrict g, constant const int *restrict cut, REAL cval,
                           local REAL *restrict lines, local REAL *restrict kept, work_item id) {
    place at = find_place(g, cut, id);
    int inputs = (int)g[CONV_INPUTS], taps = cut[BANK_TAPS], flat = cut[BANK_FLAT];
    int pixels = (at.pixels.rows - 1) * cut[BANK_PITCH] + at.pixels.columns;
    global const REAL *bias = w + g[CONV_BIAS] + at.group * g[CONV_OUTPUTS];
    w += at.group * cut[BANK_BLOCKS] * inputs * taps * BLOCK;
    for (int t = cut[BANK_CHUNK] * cut[BANK_CHANNEL]; t < cut[BANK_STAGED]; t++)
        lines[t] = 0; /* what tiles read beyond the last row */
    for (int c = 0; c < inputs; c += cut[BANK_CHUNK]) {
        int channels = min(cut[BANK_CHUNK], inputs - c);
        stage_channels(x, at.src + c * g[CONV_SRC_CHANNEL], channels, at.pixels, g, cut, cval, lines);
        for (int block = at.first; block < at.last; block++)
            add_block(lines, cut + cut[BANK_DISTANCES], w + ((long)block * inputs + c) * taps * BLOCK, channels * taps,
                      pixels, flat, c == 0 ? bias + block * BLOCK : NULL, kept + (block - at.first) * BLOCK * flat);
    }
    store_outputs(kept, at, g, cut, y);
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_bank_staged(global const SRC_T *restrict x, global DST_T *restrict y, global const REAL *restrict w,
                 constant const long *restrict g, constant const int *restrict cut, REAL cval,
                 local REAL *restrict lines, local REAL *restrict kept) {
    conv_bank_staged_body(x, y, w, g, cut, cval, lines, kept, this_item());
}
#endif
