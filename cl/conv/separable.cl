/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.separable: a kernel that is a sum of RANK products (column of KZ*KY taps) x (row of KX taps), both passes in one
 * kernel. A work-group takes ROWS output rows of a tile of TILE columns: it sums along the columns into lines of
 * nearby memory, the border's columns included, and then along the lines.
 *
 * Floor: the bytes of src and dst once; RANK*(KZ*KY + KX) multiply-adds an output; one vector load for ROWS of the
 * former, one unaligned load from nearby memory for each of the latter.
 *
 * Constants: those of real.h; RANK KZ KY KX; STEP_Y DILATION_Y DILATION_X; ROWS TILE; LOCAL_X the work-group.
 * Along x the step is 1 and src and dst are contiguous, PIXEL channels side by side (rows.h).
 */
// checks share: float -DRANK=1 -DKZ=1 -DKY=3 -DKX=3 -DSTEP_Y=1 -DDILATION_Y=1 -DDILATION_X=1 -DROWS=4
// checks share cpu: -DTILE=512 -DLOCAL_X=1
// check cpu: -DVECTOR=16
// check cpu: -DVECTOR=8 -DRANK=2 -DKZ=3 -DKY=31 -DKX=31 double
// check cpu: -DVECTOR=16 -DSTEP_Y=2 -DDILATION_X=2 half
// check cpu: -DVECTOR=16 -DPIXEL=3 -DDILATION_X=3 uchar
// check cpu: -DVECTOR=16 plain
// checks share gpu: -DVECTOR=1 -DTILE=64 -DLOCAL_X=64 -DROWS=8
// check gpu:
// check gpu: -DKY=31 -DKX=31 half
#include "real.h"
#include "body.h"
#include "border.h"
#include "batch.h"
#include "geometry.h"

#include "rows.h"

#define HALO ((KX - 1) * DILATION_X)
/* Columns of a line, rounded up to whole vectors. */
#define LINE ((TILE + HALO + VECTOR - 1) / VECTOR * VECTOR)
#define UNROLL_ALL (KY * ROWS * RANK <= 128 || KY < ROWS || STEP_Y != 1 || DILATION_Y != 1)

/* Adds a vector of input row `a` to every sum it reaches. */
#define ADD_ROW(a, value, always)                                                                                      \
    do {                                                                                                               \
        realv v = value;                                                                                               \
        _Pragma("unroll") for (int q = 0; q < RANK; q++) {                                                             \
            _Pragma("unroll") for (int r = 0; r < ROWS; r++) if (always || MEETS(a, r)) sums[q * ROWS + r] =           \
                MULTIPLY_ADD(v, (realv)(w[(q * KZ + z) * KY + TAP_ROW(a, r)]), sums[q * ROWS + r]);                    \
        }                                                                                                              \
    } while (0)

/* Sums along the columns for one vector that lies inside, at `column` of the input. */
static inline void sum_inside(global const SRC_T *x, constant const REAL *w, const long *rows, long column,
                              realv *sums) {
    for (int z = 0; z < KZ; z++) {
        const long *row = rows + z * ROWS_IN;
#if UNROLL_ALL
#pragma unroll
        for (int a = 0; a < ROWS_IN; a++)
            ADD_ROW(a, load_lanes(x, row[a] + column), false);
#else
#pragma unroll
        for (int a = 0; a < ROWS - 1; a++)
            ADD_ROW(a, load_lanes(x, row[a] + column), false);
#pragma unroll 4
        for (int a = ROWS - 1; a < KY; a++)
            ADD_ROW(a, load_lanes(x, row[a] + column), true);
#pragma unroll
        for (int a = KY; a < ROWS_IN; a++)
            ADD_ROW(a, load_lanes(x, row[a] + column), false);
#endif
    }
}

/* The same through the border: rows with a negative offset are the constant. */
static inline void sum_frame(global const SRC_T *x, constant const REAL *w, const long *rows, long column, long extent,
                             int border, REAL cval, realv *sums) {
    long at[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++)
        at[lane] = border_column(column + lane, extent, border);
    for (int z = 0; z < KZ; z++) {
#pragma unroll 1
        for (int a = 0; a < ROWS_IN; a++) {
            long row = rows[z * ROWS_IN + a];
            REAL values[VECTOR];
            for (int lane = 0; lane < VECTOR; lane++)
                values[lane] = row < 0 || at[lane] < 0 ? cval : load_one(x, row + at[lane]);
            ADD_ROW(a, load_line(values), false);
        }
    }
}

static inline void store_local(realv v, local REAL *line, int at) {
#if VECTOR == 1
    line[at] = v;
#else
    PASTE(vstore, VECTOR)(v, 0, line + at);
#endif
}

static inline realv load_local(local const REAL *line, int at) {
#if VECTOR == 1
    return line[at];
#else
    return PASTE(vload, VECTOR)(0, line + at);
#endif
}

/* First pass: the lines, columns from `column` of the input on. */
static inline void fill_lines(global const SRC_T *x, constant const REAL *w, constant const long *g, const long *rows,
                              bool rows_inside, long column, int begin, int needed, REAL cval, local REAL *lines) {
    long extent = g[CONV_EXTENT + 2];
    for (int c = begin; c < needed; c += LOCAL_X * VECTOR) {
        realv sums[RANK * ROWS];
#pragma unroll
        for (int r = 0; r < RANK * ROWS; r++)
            sums[r] = 0;
        if (rows_inside && column + c >= 0 && column + c + VECTOR <= extent)
            sum_inside(x, w, rows, column + c, sums);
        else
            sum_frame(x, w, rows, column + c, extent, (int)g[CONV_BORDER + 2], cval, sums);
#pragma unroll
        for (int r = 0; r < RANK * ROWS; r++)
            store_local(sums[r], lines + r * LINE, c);
    }
}

/* Second pass: along the lines, for VECTOR outputs of every row from column j of the tile. */
static inline void sum_lines(local const REAL *lines, constant const REAL *h, int j, realv *sums) {
    for (int q = 0; q < RANK; q++) {
#pragma unroll 8
        for (int b = 0; b < KX; b++) {
            realv tap = (realv)(h[q * KX + b]);
#pragma unroll
            for (int r = 0; r < ROWS; r++)
                sums[r] = MULTIPLY_ADD(load_local(lines + (q * ROWS + r) * LINE, j + b * DILATION_X), tap, sums[r]);
        }
    }
}

BODY_WITH_BARRIER conv_separable_body(global const SRC_T *restrict x, global DST_T *restrict y,
                                      constant const REAL *restrict w, constant const long *restrict g, REAL cval,
                                      local REAL *restrict lines, work_item id) {
    long first = id.x / LOCAL_X * TILE, i1 = id.y * ROWS;
    long plane = id.z, i0 = plane % g[CONV_OUT];
    int begin = (int)(id.x % LOCAL_X) * VECTOR;
    long offset[2] = {g[CONV_SRC_OFFSET], g[CONV_DST_OFFSET]};
    batch_offsets(g + CONV_BATCH, plane / g[CONV_OUT], 2, offset);
    long rows[KZ * ROWS_IN];
    bool rows_inside = find_rows(g, i0, i1, offset[0], rows);
    int width = (int)min((long)TILE, g[CONV_OUT + 2] - first);
    int live = (int)min((long)ROWS, g[CONV_OUT + 1] - i1);
    fill_lines(x, w, g, rows, rows_inside, g[CONV_START + 2] + first, begin, max(width, VECTOR) + HALO, cval, lines);
#if LOCAL_X > 1
    barrier(CLK_LOCAL_MEM_FENCE);
#endif
    long pitch = g[CONV_DST_STRIDE + 1], out = offset[1] + i0 * g[CONV_DST_STRIDE] + i1 * pitch + first;
    for (int j = begin; j < width; j += LOCAL_X * VECTOR) {
        int from = j + VECTOR > width && width >= VECTOR ? width - VECTOR : j; /* the last moves back */
        realv sums[ROWS];
#pragma unroll
        for (int r = 0; r < ROWS; r++)
            sums[r] = 0;
        sum_lines(lines, w + RANK * KZ * KY, from, sums);
        int count = min(VECTOR, width - from);
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
            if (r < live && count == VECTOR)
                store_lanes(sums[r], y, out + r * pitch + from);
            else if (r < live)
                store_some(sums[r], count, y, out + r * pitch + from);
        }
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_separable(global const SRC_T *restrict x, global DST_T *restrict y, constant const REAL *restrict w,
               constant const long *restrict g, REAL cval, local REAL *restrict lines) {
    conv_separable_body(x, y, w, g, cval, lines, this_item());
}
