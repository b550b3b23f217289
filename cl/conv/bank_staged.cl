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

#if VECTOR > 1
#define TILE (LANES * VECTOR)

/* Vectors in local memory, at any element. */
static inline realv load_near(local const REAL *p) {
#ifdef UNALIGNED_VECTORS
    return *(local const realv_anywhere *)p;
#else
    return PASTE(vload, VECTOR)(0, p);
#endif
}

static inline void store_near(realv v, local REAL *p) {
#ifdef UNALIGNED_VECTORS
    *(local realv_anywhere *)p = v;
#else
    PASTE(vstore, VECTOR)(v, 0, p);
#endif
}

/* What a work-item works on: the first channels of its group, its first pixel, its live pixels, its blocks. */
typedef struct {
    long src, dst; /* offsets */
    long group, i0, i1, i2;
    int rows, columns, first, last;
} place;

static inline place find_place(constant const long *g, constant const int *cut, work_item id) {
    place at;
    long item = id.z, part = item % cut[BANK_PARTS];
    item /= cut[BANK_PARTS];
    at.i0 = item % g[CONV_OUT];
    item /= g[CONV_OUT];
    at.group = item % g[CONV_GROUPS];
    at.i1 = id.y * cut[BANK_ROWS];
    at.i2 = id.x * cut[BANK_COLUMNS];
    at.rows = (int)min((long)cut[BANK_ROWS], g[CONV_OUT + 1] - at.i1);
    at.columns = (int)min((long)cut[BANK_COLUMNS], g[CONV_OUT + 2] - at.i2);
    at.first = (int)part * cut[BANK_PART];
    at.last = min(at.first + cut[BANK_PART], cut[BANK_BLOCKS]);
    long offset[2] = {g[CONV_SRC_OFFSET] + at.group * g[CONV_INPUTS] * g[CONV_SRC_CHANNEL],
                      g[CONV_DST_OFFSET] + at.group * g[CONV_OUTPUTS] * g[CONV_DST_CHANNEL]};
    batch_offsets(g + CONV_BATCH, item / g[CONV_GROUPS], 2, offset);
    at.src = offset[0];
    at.dst = offset[1] + at.i0 * g[CONV_DST_STRIDE] + at.i1 * g[CONV_DST_STRIDE + 1] + at.i2 * g[CONV_DST_STRIDE + 2];
    return at;
}

/* Copies `count` elements that are `stride` apart. */
static inline void copy_elements(global const SRC_T *from, long stride, int count, local REAL *line) {
    int t = 0;
    if (stride == 1) {
        for (; t + VECTOR <= count; t += VECTOR)
            store_near(load_lanes(from, t), line + t);
        if (t > 0 && t < count) { /* the last vector moves back over elements already there */
            store_near(load_lanes(from, count - VECTOR), line + count - VECTOR);
            t = count;
        }
    }
#pragma unroll 1
    for (; t < count; t++)
        line[t] = load_one(from, t * stride);
}

/* Copies `count` elements of a row, from `column` on and a step apart; row < 0: the constant. */
static inline void stage_line(global const SRC_T *x, long row, long column, int count, constant const long *g,
                              REAL cval, local REAL *line) {
    long step = g[CONV_STEP + 2], extent = g[CONV_EXTENT + 2], stride = g[CONV_SRC_STRIDE + 2];
    /* Elements begin..end-1 lie inside. */
    int begin = (int)clamp((step - 1 - column) / step, 0L, (long)count);
    int end = (int)clamp((extent - column + step - 1) / step, (long)begin, (long)count);
    if (row < 0)
        begin = end = count;
#pragma unroll 1
    for (int t = 0; t < count; t++) {
        if (t == begin)
            t = end;
        if (t < count) {
            long at = row < 0 ? -1 : border_index(column + t * step, extent, (int)g[CONV_BORDER + 2]);
            line[t] = at < 0 ? cval : load_one(x, row + at * stride);
        }
    }
    copy_elements(x + (end > begin ? row + (column + begin * step) * stride : 0), step * stride, end - begin,
                  line + begin);
}

/*
 * Splits n into two indices, the first below `count`: the faster one is the first where `near` says that its elements
 * lie nearer in memory than those of the second, of which there are `others`.
 */
static inline void split_index(int n, int count, int others, bool near, int *first, int *second) {
    *first = near ? n % count : n / others;
    *second = near ? n / count : n % others;
}

/* Stages `channels` channels, the first of which begins at offset `from`. */
static inline void stage_channels(global const SRC_T *x, long from, int channels, place at, constant const long *g,
                                  constant const int *cut, REAL cval, local REAL *lines) {
    int rows = at.rows + cut[BANK_HALO], pitch = cut[BANK_PITCH];
    bool interleaved = g[CONV_SRC_CHANNEL] < g[CONV_SRC_STRIDE + 2];
    for (int z = 0; z < (int)g[CONV_TAPS]; z++) {
        long p0 = border_index(g[CONV_START] + g[CONV_STEP] * at.i0 + g[CONV_DILATION] * z, g[CONV_EXTENT],
                               (int)g[CONV_BORDER]);
        for (int y = 0; y < cut[BANK_PHASES_Y]; y++, lines += cut[BANK_PHASES_X] * cut[BANK_PLANE]) {
            long start = g[CONV_START + 1] + g[CONV_STEP + 1] * at.i1 + cut[cut[BANK_PHASE_Y] + y];
            for (int n = 0; n < channels * rows; n++) {
                int channel, r;
                split_index(n, channels, rows, interleaved, &channel, &r);
                long p1 = border_index(start + r * g[CONV_STEP + 1], g[CONV_EXTENT + 1], (int)g[CONV_BORDER + 1]);
                long row = p0 < 0 || p1 < 0 ? -1
                                            : from + channel * g[CONV_SRC_CHANNEL] + p0 * g[CONV_SRC_STRIDE] +
                                                  p1 * g[CONV_SRC_STRIDE + 1];
                local REAL *line = lines + channel * cut[BANK_CHANNEL] + r * pitch;
                for (int s = 0; s < cut[BANK_PHASES_X]; s++, line += cut[BANK_PLANE])
                    stage_line(x, row, g[CONV_START + 2] + g[CONV_STEP + 2] * at.i2 + cut[cut[BANK_PHASE_X] + s], pitch,
                               g, cval, line);
            }
        }
    }
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
    for (int n = 0; n < outputs * at.rows; n++) {
        int o, r;
        split_index(n, outputs, at.rows, interleaved, &o, &r);
        store_row(kept + o * cut[BANK_FLAT] + r * cut[BANK_PITCH], at.columns,
                  y + at.dst + (first + o) * g[CONV_DST_CHANNEL] + r * g[CONV_DST_STRIDE + 1], g[CONV_DST_STRIDE + 2]);
    }
}

BODY conv_bank_staged_body(global const SRC_T *restrict x, global DST_T *restrict y, global const REAL *restrict w,
                           constant const long *restrict g, constant const int *restrict cut, REAL cval,
                           local REAL *restrict lines, local REAL *restrict kept, work_item id) {
    place at = find_place(g, cut, id);
    int inputs = (int)g[CONV_INPUTS], taps = cut[BANK_TAPS], flat = cut[BANK_FLAT];
    int pixels = (at.rows - 1) * cut[BANK_PITCH] + at.columns;
    global const REAL *bias = w + g[CONV_BIAS] + at.group * g[CONV_OUTPUTS];
    w += at.group * cut[BANK_BLOCKS] * inputs * taps * BLOCK;
    for (int t = cut[BANK_CHUNK] * cut[BANK_CHANNEL]; t < cut[BANK_STAGED]; t++)
        lines[t] = 0; /* what tiles read beyond the last row */
    for (int c = 0; c < inputs; c += cut[BANK_CHUNK]) {
        int channels = min(cut[BANK_CHUNK], inputs - c);
        stage_channels(x, at.src + c * g[CONV_SRC_CHANNEL], channels, at, g, cut, cval, lines);
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
