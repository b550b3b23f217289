/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.direct: a block of ROWS x LANES vectors of outputs per work-item, swept along x. For every input row the block
 * needs, each of its KX shifted vectors is loaded once and multiplied into all the output rows it reaches.
 *
 * Floor for a large image: the bytes of src and dst once; KZ*KY*KX multiply-adds an output. ROWS*LANES of them, on
 * vectors, take LANES loads, which cross a cache line and so count double, and ROWS broadcast taps: with two loads and
 * two multiply-adds a cycle, 4 x 1 is bound by its loads, 4 x 2 by neither, 6 x 2 by its multiply-adds.
 *
 * Constants: those of real.h; KZ KY KX taps; STEP_Y and DILATION_Y, DILATION_X; ROWS LANES; LOCAL_X LOCAL_Y the
 * work-group.
 * Along x the step is 1 and src and dst are contiguous. Each channel of a depthwise bank has taps of its own.
 *
 * A block whose rows and columns all lie inside takes the unrolled path; the others gather their rows through the
 * border and run the same sum in the same order with loops, so that code stays small.
 */
#include "real.h"
#include "border.h"
#include "batch.h"
#include "conv_geometry.h"

#ifndef KX
#define KZ 1
#define KY 3
#define KX 3
#define STEP_Y 1
#define DILATION_Y 1
#define DILATION_X 1
#define ROWS 4
#define LANES 2
#define LOCAL_X 1
#define LOCAL_Y 1
#endif

#include "conv_rows.h"

#define BLOCK (LANES * VECTOR)
#define LINE (BLOCK + (KX - 1) * DILATION_X)
/* Unroll everything while that is some 200 multiply-adds; beyond, columns of taps where all output rows share them. */
#define UNROLL_ALL (KY * KX * ROWS * LANES <= 250 || KY < ROWS || STEP_Y != 1 || DILATION_Y != 1)

#define UNROLL _Pragma("unroll")
/* Rows at a block's ends, which not all output rows share: rolled where there is much of them, as code costs seconds. */
#if KX > 8
#define UNROLL_ENDS _Pragma("unroll 1")
#else
#define UNROLL_ENDS UNROLL
#endif

/* Adds what input row `a`, at p, gives to each output row; `always` tells that it meets all of them. */
#define ADD_ROW(a, always, unrolling)                                                                                             \
    do {                                                                                                               \
        global const SRC_T *p = x + rows[z * ROWS_IN + (a)] + column;                                                  \
        unrolling for (int b = 0; b < KX; b++) {                                                               \
            realv v[LANES];                                                                                            \
            _Pragma("unroll") for (int l = 0; l < LANES; l++) v[l] = load_lanes(p, b * DILATION_X + l * VECTOR);       \
            _Pragma("unroll") for (int r = 0; r < ROWS; r++) if (always || MEETS(a, r)) {                              \
                realv tap = (realv)(w[(z * KY + TAP_ROW(a, r)) * KX + b]);                                             \
                _Pragma("unroll") for (int l = 0; l < LANES; l++) acc[r][l] = fma(v[l], tap, acc[r][l]);               \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

/* The block at `column` (of the input), all of it inside. */
static inline void add_inside(global const SRC_T *restrict x, constant const REAL *restrict w, const long *rows,
                              long column, realv (*acc)[LANES]) {
#if KZ > 1
#pragma unroll 1
#endif
    for (int z = 0; z < KZ; z++) {
#if UNROLL_ALL
#pragma unroll
        for (int a = 0; a < ROWS_IN; a++)
            ADD_ROW(a, false, UNROLL);
#else
#pragma unroll
        for (int a = 0; a < ROWS - 1; a++)
            ADD_ROW(a, false, UNROLL_ENDS);
#pragma unroll 1
        for (int a = ROWS - 1; a < KY; a++)
            ADD_ROW(a, true, UNROLL);
#pragma unroll
        for (int a = KY; a < ROWS_IN; a++)
            ADD_ROW(a, false, UNROLL_ENDS);
#endif
    }
}

/* The block at `column`, some of it outside: rows with a negative offset are the constant. */
#if VECTOR == 1
static inline void add_frame(global const SRC_T *restrict x, constant const REAL *restrict w, const long *rows,
                             long column, long extent, int border, REAL cval, realv (*acc)[LANES]) {
    for (int b = 0; b < KX; b++) {
        long at = border_index(column + b * DILATION_X, extent, border);
        for (int z = 0; z < KZ; z++) {
            for (int k = 0; k < KY; k++) {
                REAL tap = w[(z * KY + k) * KX + b];
#pragma unroll
                for (int r = 0; r < ROWS; r++) {
                    long row = rows[z * ROWS_IN + r * STEP_Y + k * DILATION_Y];
                    acc[r][0] = fma(row < 0 || at < 0 ? cval : load_one(x, row + at), tap, acc[r][0]);
                }
            }
        }
    }
}
#else
/* Gathers the input rows of the block through the border, so that the sum runs over plain lines. */
static inline void gather_rows(global const SRC_T *restrict x, const long *rows, long column, long extent, int border,
                               REAL cval, REAL *frame) {
    int at[LINE];
    for (int t = 0; t < LINE; t++)
        at[t] = (int)border_index(column + t, extent, border);
    for (int a = 0; a < KZ * ROWS_IN; a++) {
        REAL *line = frame + a * LINE;
        long row = max(rows[a], 0L);
        for (int t = 0; t < LINE; t++) {
            REAL value = load_one(x, row + max(at[t], 0));
            line[t] = rows[a] < 0 || at[t] < 0 ? cval : value;
        }
    }
}

static inline void add_frame(global const SRC_T *restrict x, constant const REAL *restrict w, const long *rows,
                             long column, long extent, int border, REAL cval, realv (*acc)[LANES]) {
    REAL frame[KZ * ROWS_IN * LINE];
    gather_rows(x, rows, column, extent, border, cval, frame);
#pragma unroll
    for (int r = 0; r < ROWS; r++) {
#pragma unroll 1
        for (int k = 0; k < KZ * KY; k++) {
            const REAL *line = frame + (k / KY * ROWS_IN + r * STEP_Y + k % KY * DILATION_Y) * LINE;
#pragma unroll 1
            for (int b = 0; b < KX; b++) {
#pragma unroll
                for (int l = 0; l < LANES; l++)
                    acc[r][l] = fma(load_line(line + b * DILATION_X + l * VECTOR), (realv)(w[k * KX + b]), acc[r][l]);
            }
        }
    }
}
#endif

/* Stores `live` rows of `width` outputs; one loop for blocks that are not whole, so that code stays small. */
static inline void store_block(realv (*acc)[LANES], int live, int width, global DST_T *y, long at, long pitch) {
    if (live == ROWS && width == BLOCK) {
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
#pragma unroll
            for (int l = 0; l < LANES; l++)
                store_lanes(acc[r][l], y, at + r * pitch + l * VECTOR);
        }
        return;
    }
    REAL values[ROWS * BLOCK];
#pragma unroll
    for (int r = 0; r < ROWS; r++) {
#pragma unroll
        for (int l = 0; l < LANES; l++)
            store_line(acc[r][l], values + r * BLOCK + l * VECTOR);
    }
#pragma unroll 1
    for (int r = 0; r < live; r++) {
#pragma unroll 1
        for (int i = 0; i < width; i++)
            store_one(values[r * BLOCK + i], y, at + r * pitch + i);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, LOCAL_Y, 1))) void
conv_direct(global const SRC_T *restrict x, global DST_T *restrict y, constant const REAL *restrict w,
            constant const long *restrict g, REAL cval, long columns) {
    long first = (long)get_global_id(0) * columns;
    long last = min(first + columns, g[CONV_OUT + 2]);
    long i1 = (long)get_global_id(1) * ROWS;
    int live = (int)min((long)ROWS, g[CONV_OUT + 1] - i1); /* <= 0: a work-item that only pads the work-group */
    long plane = (long)get_global_id(2), i0 = plane % g[CONV_OUT], item = plane / g[CONV_OUT];
    long channel = item % g[CONV_GROUPS];
    long offset[2] = {g[CONV_SRC_OFFSET] + channel * g[CONV_SRC_CHANNEL],
                      g[CONV_DST_OFFSET] + channel * g[CONV_DST_CHANNEL]};
    batch_offsets(g + CONV_BATCH, item / g[CONV_GROUPS], 2, offset);
    REAL bias = w[g[CONV_BIAS] + channel];
    w += channel * (KZ * KY * KX);
    long rows[KZ * ROWS_IN];
    bool rows_inside = find_rows(g, i0, i1, offset[0], rows);
    long start = g[CONV_START + 2], extent = g[CONV_EXTENT + 2], pitch = g[CONV_DST_STRIDE + 1];
    long out = offset[1] + i0 * g[CONV_DST_STRIDE] + i1 * pitch;
    for (long j = first; j < last && live > 0; j += BLOCK) {
        if (j + BLOCK > last && last - first >= BLOCK)
            j = last - BLOCK; /* the last block moves back over outputs already there */
        long column = j + start;
        realv acc[ROWS][LANES];
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
#pragma unroll
            for (int l = 0; l < LANES; l++)
                acc[r][l] = bias;
        }
        if (rows_inside && column >= 0 && column + LINE <= extent)
            add_inside(x, w, rows, column, acc);
        else
            add_frame(x, w, rows, column, extent, (int)g[CONV_BORDER + 2], cval, acc);
        store_block(acc, live, (int)min((long)BLOCK, last - j), y, out + j, pitch);
    }
}
