/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.bank: channels mixed by a bank of kernels. Two forms of one sum, by device class:
 *
 *   conv_bank_staged (CPUs): a work-item takes one row tile of all the outputs of a group. It copies the input rows that
 *   the tile needs through their border into nearby memory, split by phase where the step is not 1, and then runs
 *   blocks of BLOCK outputs x LANES vectors over them: each vector loaded serves BLOCK outputs, each tap LANES vectors.
 *   conv_bank_plain (others): a work-item takes one pixel of BLOCK outputs.
 *
 * Floor: inputs*taps multiply-adds an output; the staging is a few percent of them from some 16 outputs up.
 *
 * Constants: those of real.h; KZ KY KX taps; STEP_X DILATION_X; INPUTS of a group; CHUNK inputs staged at a time;
 * OUTPUTS of a group; BLOCK outputs; LANES vectors; CONTIGUOUS 1 where x has stride 1; LOCAL_X the work-group.
 */
#include "real.h"
#include "border.h"
#include "batch.h"
#include "conv_geometry.h"

#ifndef KX
#define KZ 1
#define KY 3
#define KX 3
#define STEP_X 1
#define DILATION_X 1
#define INPUTS 3
#define CHUNK 3
#define OUTPUTS 4
#define BLOCK 4
#define LANES 4
#define CONTIGUOUS 1
#define LOCAL_X 1
#endif

#define TAPS (KZ * KY * KX)
#define TILE (LANES * VECTOR)
/* Tap b reads phase PHASE(b) of a line from SKIP(b) on. */
#define PHASE(b) ((b) * DILATION_X % STEP_X)
#define SKIP(b) ((b) * DILATION_X / STEP_X)
#define PHASE_LENGTH (TILE + SKIP(KX - 1))
#define LINE (STEP_X * PHASE_LENGTH)
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

#if VECTOR > 1
/* Copies one input row, from `column` on, into a line, split by phase. */
static inline void stage_row(global const SRC_T *x, long row, long column, constant const long *g, REAL cval,
                             local REAL *line) {
    bool inside = row >= 0 && column >= 0 && column + LINE <= g[CONV_EXTENT + 2];
#if CONTIGUOUS && STEP_X == 1
    int t = 0;
    for (; inside && t + VECTOR <= LINE; t += VECTOR)
        PASTE(vstore, VECTOR)(load_lanes(x, row + column + t), 0, line + t);
    for (; t < LINE; t++)
        line[t] = element(x, row, column + t, g, cval);
#else
    long stride = g[CONV_SRC_STRIDE + 2];
    for (int phase = 0; phase < STEP_X; phase++, line += PHASE_LENGTH) {
        global const SRC_T *from = x + (inside ? row + (column + phase) * stride : 0);
        for (int t = 0; inside && t < PHASE_LENGTH; t++)
            line[t] = load_one(from, t * (STEP_X * stride));
        for (int t = 0; !inside && t < PHASE_LENGTH; t++)
            line[t] = element(x, row, column + phase + t * STEP_X, g, cval);
    }
#endif
}

/* Adds `channels` staged inputs to a block of outputs; w stands at their first tap. */
static inline void add_block(local const REAL *lines, global const REAL *w, int channels, realv sums[BLOCK][LANES]) {
    for (int row = 0; row < channels * KZ * KY; row++, lines += LINE, w += KX * BLOCK) {
#pragma unroll
        for (int b = 0; b < KX; b++) {
            realv v[LANES];
#pragma unroll
            for (int l = 0; l < LANES; l++)
                v[l] = PASTE(vload, VECTOR)(0, lines + PHASE(b) * PHASE_LENGTH + SKIP(b) + l * VECTOR);
#pragma unroll
            for (int o = 0; o < BLOCK; o++) {
#pragma unroll
                for (int l = 0; l < LANES; l++)
                    sums[o][l] = fma(v[l], (realv)(w[b * BLOCK + o]), sums[o][l]);
            }
        }
    }
}

static inline void store_row(realv *sums, global DST_T *y, long at, long stride, long live) {
#pragma unroll
    for (int l = 0; l < LANES; l++) {
        int count = (int)clamp(live - l * VECTOR, 0L, (long)VECTOR);
#if CONTIGUOUS
        if (count == VECTOR)
            store_lanes(sums[l], y, at + l * VECTOR);
        else
            store_some(sums[l], count, y, at + l * VECTOR);
#else
        REAL lanes[VECTOR];
        PASTE(vstore, VECTOR)(sums[l], 0, lanes);
        for (int lane = 0; lane < count; lane++)
            store_one(lanes[lane], y, at + (l * VECTOR + lane) * stride);
#endif
    }
    (void)stride;
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_bank_staged(global const SRC_T *restrict x, global DST_T *restrict y, global const REAL *restrict w,
                 constant const long *restrict g, REAL cval, local REAL *restrict lines, local REAL *restrict partial) {
    long plane = (long)get_global_id(2);
    place at = find_place(g, plane / g[CONV_OUT], plane % g[CONV_OUT], (long)get_global_id(1),
                          (long)get_global_id(0) * TILE);
    long stride = g[CONV_DST_STRIDE + 2], live = g[CONV_OUT + 2] - at.column;
    long start = g[CONV_START + 2] + STEP_X * at.column;
    global const REAL *bias = w + g[CONV_BIAS] + at.group * OUTPUTS;
    w += at.group * BLOCKS * INPUTS * TAPS * BLOCK;
    for (int c = 0; c < INPUTS; c += CHUNK) {
        int channels = min(CHUNK, INPUTS - c);
        for (int row = 0; row < channels * KZ * KY; row++)
            stage_row(x, row_of(g, at, c * KZ * KY + row), start, g, cval, lines + row * LINE);
        for (int block = 0; block < BLOCKS; block++) {
            realv sums[BLOCK][LANES];
            local REAL *kept = partial + block * BLOCK * TILE;
#pragma unroll
            for (int o = 0; o < BLOCK; o++) {
#pragma unroll
                for (int l = 0; l < LANES; l++)
                    sums[o][l] = c == 0 ? (realv)(bias[block * BLOCK + o])
                                        : PASTE(vload, VECTOR)(o * LANES + l, kept);
            }
            add_block(lines, w + (block * INPUTS + c) * TAPS * BLOCK, channels, sums);
            bool last = c + CHUNK >= INPUTS;
#pragma unroll
            for (int o = 0; o < BLOCK; o++) {
                if (last && block * BLOCK + o < OUTPUTS)
                    store_row(sums[o], y, at.dst + (block * BLOCK + o) * g[CONV_DST_CHANNEL] + at.column * stride,
                              stride, live);
                if (!last) {
#pragma unroll
                    for (int l = 0; l < LANES; l++)
                        PASTE(vstore, VECTOR)(sums[o][l], o * LANES + l, kept);
                }
            }
        }
    }
}
#else
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_bank_plain(global const SRC_T *restrict x, global DST_T *restrict y, global const REAL *restrict w,
                constant const long *restrict g, REAL cval) {
    long plane = (long)get_global_id(2), block = plane % BLOCKS;
    plane /= BLOCKS;
    place at = find_place(g, plane / g[CONV_OUT], plane % g[CONV_OUT], (long)get_global_id(1), (long)get_global_id(0));
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
                sums[o] = fma(v, w[b * BLOCK + o], sums[o]);
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
#endif
