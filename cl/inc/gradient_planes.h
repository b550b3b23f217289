/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of cl/gradient.cl, for whole planes whose rows lie one behind the other: a plane is one line of vectors, each
 * read with its neighbours to the left, right, above and below and stored at once. What is beyond the plane's first and
 * last rows lies in private memory beside the ends of the plane; what crosses from a row to the next is mended by masks.
 * Constants: as there.
 */
#ifndef CLF_GRADIENT_PLANES_H
#define CLF_GRADIENT_PLANES_H

#define EDGE (512 + 2 * VECTOR) /* src/ops/gradient_fused.c: rows are 512 elements at the most */

#if VECTOR == 1
typedef int lane_mask;
#elif defined(REAL_IS_DOUBLE)
typedef PASTE(long, VECTOR) lane_mask;
#define LANE long
#else
typedef PASTE(int, VECTOR) lane_mask;
#define LANE int
#endif

/* A plane as one line, and its position in the row at hand. */
typedef struct gradient_plane {
    global const SRC_T *x;
    long base, width, elements;
    REAL cval;
    int before, after; /* the columns that stand beyond a row's two ends; -1: the constant */
} gradient_plane;

/* A row of the plane, or the constant. */
static inline void copy_row(const gradient_plane *plane, long row, REAL *to) {
    for (long j = 0; j < plane->width; j += VECTOR) {
        long at = min(j, plane->width - VECTOR);
        store_line(row < 0 ? (realv)plane->cval : load_lanes(plane->x, plane->base + row * plane->width + at), to + at);
    }
}

/* `above`: the row before the first, then the first's beginning. `below`: the last's end, then the row after it. */
static inline void fill_edges(const gradient_plane *plane, constant const long *g, REAL *above, REAL *below) {
    long height = g[GRADIENT_EXTENT + 1];
    copy_row(plane, border_index(-1, height, (int)g[GRADIENT_BORDER + 1]), above);
    store_line(load_lanes(plane->x, plane->base), above + plane->width);
    store_line(load_lanes(plane->x, plane->base + plane->elements - VECTOR), below);
    copy_row(plane, border_index(height, height, (int)g[GRADIENT_BORDER + 1]), below + VECTOR);
}

/* The derivative along x of the vector at f, `column` columns into its row. A vector holds one end of a row at most. */
static inline realv derive_across(const gradient_plane *plane, long f, long column, realv a, realv b, realv c) {
    long row = f - column, next = min(column > 0 ? row + plane->width : row, plane->elements - plane->width);
    REAL before = plane->before < 0 ? plane->cval : load_one(plane->x, plane->base + next + plane->before);
    REAL after = plane->after < 0 ? plane->cval : load_one(plane->x, plane->base + row + plane->after);
#if VECTOR == 1
    a = column == 0 ? before : a;
    c = column == plane->width - 1 ? after : c;
#else
    LANE lanes[VECTOR];
#pragma unroll
    for (int lane = 0; lane < VECTOR; lane++)
        lanes[lane] = lane;
    lane_mask index = PASTE(vload, VECTOR)(0, lanes);
    a = index == (LANE)(column > 0 ? plane->width - column : 0) ? (realv)before : a;
    c = index == (LANE)(plane->width - 1 - column) ? (realv)after : c;
#endif
    (void)b; /* by some of the differences */
    return DIFFERENCE(a, b, c);
}

static inline void store_plane(realv v, global DST_T *y, long at, bool aligned) {
    (void)aligned;
#if STREAM
    if (aligned) {
        store_past_cache(v, y + at);
        return;
    }
#endif
    store_lanes(v, y, at);
}

#endif
