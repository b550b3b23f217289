/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gradient.fused: the derivative magnitude in one pass. A work-item computes `rows` output rows of one plane, VECTOR
 * outputs at a time, over `columns` columns.
 *
 * Floor: the bytes of src and dst once; the three rows that an output needs stay in the nearest cache.
 *
 * Constants: those of real.h; SOBEL 1 or 0; CONTIGUOUS 1 where both x strides are 1; LOCAL_X the work-group.
 */
#include "real.h"
#include "border.h"
#include "batch.h"
#include "gradient_geometry.h"

#ifndef SOBEL
#define SOBEL 0
#define CONTIGUOUS 1
#define LOCAL_X 1
#endif

#define LINE (VECTOR + 2)

/* sqrt(dx^2 + dy^2 + eps) from the rows above, at and below: each its three shifts left, none, right. */
static inline realv magnitude(const realv *up, const realv *mid, const realv *down, REAL scale, REAL eps) {
#if SOBEL
    realv dx = (up[2] - up[0]) + 2 * (mid[2] - mid[0]) + (down[2] - down[0]);
    realv dy = (down[0] - up[0]) + 2 * (down[1] - up[1]) + (down[2] - up[2]);
#else
    realv dx = mid[2] - mid[0];
    realv dy = down[1] - up[1];
#endif
    dx *= scale;
    dy *= scale;
    return sqrt(fma(dx, dx, fma(dy, dy, (realv)eps)));
}

static inline void load_shifts(global const SRC_T *x, long at, realv *shifts) {
    shifts[0] = load_lanes(x, at - 1);
    shifts[1] = load_lanes(x, at);
    shifts[2] = load_lanes(x, at + 1);
}

/* The same through the border; row < 0 is a row of the constant. */
static inline void gather_shifts(global const SRC_T *x, long row, long column, constant const long *g, REAL cval,
                                 realv *shifts) {
    REAL line[LINE];
    for (int t = 0; t < LINE; t++) {
        long at = border_index(column - 1 + t, g[GRADIENT_EXTENT + 1], (int)g[GRADIENT_BORDER + 1]);
        line[t] = row < 0 || at < 0 ? cval : load_one(x, row + at * g[GRADIENT_SRC_STRIDE + 1]);
    }
    shifts[0] = load_line(line);
    shifts[1] = load_line(line + 1);
    shifts[2] = load_line(line + 2);
}

static inline void store(realv v, int count, global DST_T *y, long at, long stride) {
#if CONTIGUOUS
    (void)stride; /* 1 */
    if (count == VECTOR)
        store_lanes(v, y, at);
    else
        store_some(v, count, y, at);
#elif VECTOR == 1
    if (count > 0)
        store_one(v, y, at);
#else
    REAL lanes[VECTOR];
    PASTE(vstore, VECTOR)(v, 0, lanes);
    for (int lane = 0; lane < count; lane++)
        store_one(lanes[lane], y, at + lane * stride);
#endif
}

/* Where input row i lies; -1 where it is the constant. */
static inline long row_offset(constant const long *g, long src, long i) {
    long at = border_index(i, g[GRADIENT_EXTENT], (int)g[GRADIENT_BORDER]);
    return at < 0 ? -1 : src + at * g[GRADIENT_SRC_STRIDE];
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
gradient(global const SRC_T *restrict x, global DST_T *restrict y, constant const long *restrict g, REAL cval,
         REAL scale, REAL eps, long columns, long rows) {
    long first = (long)get_global_id(0) * columns;
    long last = min(first + columns, g[GRADIENT_EXTENT + 1]);
    long top = (long)get_global_id(1) * rows, bottom = min(top + rows, g[GRADIENT_EXTENT]);
    long offset[2] = {g[GRADIENT_SRC_OFFSET], g[GRADIENT_DST_OFFSET]};
    batch_offsets(g + GRADIENT_BATCH, (long)get_global_id(2), 2, offset);
    long width = g[GRADIENT_EXTENT + 1], dst_stride = g[GRADIENT_DST_STRIDE + 1];
    for (long i = top; i < bottom; i++) {
        long up = row_offset(g, offset[0], i - 1), mid = row_offset(g, offset[0], i);
        long down = row_offset(g, offset[0], i + 1);
        long out = offset[1] + i * g[GRADIENT_DST_STRIDE];
        bool rows_inside = CONTIGUOUS && up >= 0 && down >= 0;
        for (long j = first; j < last; j += VECTOR) {
            if (j + VECTOR > last && last - first >= VECTOR)
                j = last - VECTOR; /* the last block moves back over outputs already there */
            realv above[3], here[3], below[3];
            if (rows_inside && j >= 1 && j + VECTOR < width) {
                load_shifts(x, up + j, above);
                load_shifts(x, mid + j, here);
                load_shifts(x, down + j, below);
            } else {
                gather_shifts(x, up, j, g, cval, above);
                gather_shifts(x, mid, j, g, cval, here);
                gather_shifts(x, down, j, g, cval, below);
            }
            int count = (int)min((long)VECTOR, last - j);
            store(magnitude(above, here, below, scale, eps), count, y, out + j * dst_stride, dst_stride);
        }
    }
}
