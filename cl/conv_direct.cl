/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.direct: a block of ROWS x VECTOR outputs per work-item, swept along x. For every input row the block needs,
 * each of its KX shifted vectors is loaded once and multiplied into all the output rows it reaches.
 *
 * Floor for a large image: the bytes of src and dst once; KZ*KY*KX multiply-adds an output, for which every ROWS of
 * them take one vector load and ROWS broadcast taps.
 *
 * Constants: those of real.h; KZ KY KX taps; STEP_Y and DILATION_Y, DILATION_X; ROWS; LOCAL_X LOCAL_Y the work-group.
 * Along x the step is 1 and src and dst are contiguous. Each channel of a depthwise bank has taps of its own.
 *
 * A block whose rows and columns all lie inside takes the unrolled path; the others gather each row through the border
 * into a line and run the same sum with loops, so that code stays small.
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
#define LOCAL_X 1
#define LOCAL_Y 1
#endif

#include "conv_rows.h"

#define LINE (VECTOR + (KX - 1) * DILATION_X)
/* Unroll everything while that is some 300 multiply-adds; beyond, only what every block row shares. */
#define UNROLL_ALL (KY * KX * ROWS <= 300 || KY < ROWS || STEP_Y != 1 || DILATION_Y != 1)

/* Adds what input row `a`, at p, gives to each output row; `always` tells that it meets all of them. */
#define ADD_ROW(a, always)                                                                                             \
    do {                                                                                                               \
        global const SRC_T *p = x + rows[z * ROWS_IN + (a)] + column;                                                  \
        _Pragma("unroll") for (int b = 0; b < KX; b++) {                                                               \
            realv v = load_lanes(p, b * DILATION_X);                                                                   \
            _Pragma("unroll") for (int r = 0; r < ROWS; r++) if (always || MEETS(a, r)) acc[r] =                       \
                fma(v, (realv)(w[(z * KY + TAP_ROW(a, r)) * KX + b]), acc[r]);                                         \
        }                                                                                                              \
    } while (0)

/* The block at `column` (of the input), all of it inside. */
static inline void add_inside(global const SRC_T *restrict x, constant const REAL *restrict w, const long *rows,
                              long column, realv *acc) {
#if KZ > 1
#pragma unroll 1
#endif
    for (int z = 0; z < KZ; z++) {
#if UNROLL_ALL
#pragma unroll
        for (int a = 0; a < ROWS_IN; a++)
            ADD_ROW(a, false);
#else
#pragma unroll
        for (int a = 0; a < ROWS - 1; a++)
            ADD_ROW(a, false);
#pragma unroll 1
        for (int a = ROWS - 1; a < KY; a++)
            ADD_ROW(a, true);
#pragma unroll
        for (int a = KY; a < ROWS_IN; a++)
            ADD_ROW(a, false);
#endif
    }
}

/* The block at `column`, some of it outside: rows with a negative offset are the constant. */
static inline void add_frame(global const SRC_T *restrict x, constant const REAL *restrict w, const long *rows,
                             long column, long extent, int border, REAL cval, realv *acc) {
    REAL line[LINE];
    for (int a = 0; a < KZ * ROWS_IN; a++) {
        int z = a / ROWS_IN, y = a % ROWS_IN;
        for (int t = 0; t < LINE; t++) {
            long at = border_index(column + t, extent, border);
            line[t] = at < 0 || rows[a] < 0 ? cval : load_one(x, rows[a] + at);
        }
#pragma unroll 1
        for (int b = 0; b < KX; b++) {
            realv v = load_line(line + b * DILATION_X);
#pragma unroll
            for (int r = 0; r < ROWS; r++)
                if (MEETS(y, r))
                    acc[r] = fma(v, (realv)(w[(z * KY + TAP_ROW(y, r)) * KX + b]), acc[r]);
        }
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
    for (long j = first; j < last && live > 0; j += VECTOR) {
        if (j + VECTOR > last && last - first >= VECTOR)
            j = last - VECTOR; /* the last block moves back over outputs already there */
        long column = j + start;
        realv acc[ROWS];
#pragma unroll
        for (int r = 0; r < ROWS; r++)
            acc[r] = bias;
        if (rows_inside && column >= 0 && column + LINE <= extent)
            add_inside(x, w, rows, column, acc);
        else
            add_frame(x, w, rows, column, extent, (int)g[CONV_BORDER + 2], cval, acc);
        int count = (int)min((long)VECTOR, last - j);
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
            if (r < live && count == VECTOR)
                store_lanes(acc[r], y, out + r * pitch + j);
            else if (r < live)
                store_some(acc[r], count, y, out + r * pitch + j);
        }
    }
}
