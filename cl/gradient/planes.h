/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of cl/gradient/gradient.cl, for whole planes whose rows lie one behind the other: a plane is one line of vectors, each
 * read with its neighbours to the left, right, above and below and stored at once. What is beyond the plane's first and
 * last rows lies in private memory beside the ends of the plane; what crosses from row to row is mended by masks.
 * Constants: as there.
 */
#ifndef CLF_GRADIENT_PLANES_H
#define CLF_GRADIENT_PLANES_H

#define EDGE (512 + 2 * VECTOR) /* src/ops/gradient/fused.c: rows are 512 elements at the most */

#if VECTOR == 1
typedef int lane_mask;
#elif defined(REAL_IS_DOUBLE)
typedef PASTE(long, VECTOR) lane_mask;
#define LANE long
#else
typedef PASTE(int, VECTOR) lane_mask;
#define LANE int
#endif

#define AHEAD 256 /* elements: those so much further on are asked for while these are computed */

/* The lanes one to the left of b's and one to the right, where a and c are the vectors before and after it. */
#if !defined(SHUFFLE) && VECTOR > 1
static inline realv from_left(realv a, realv b) {
    REAL lanes[2 * VECTOR];
    store_line(a, lanes);
    store_line(b, lanes + VECTOR);
    return load_line(lanes + VECTOR - 1);
}
static inline realv from_right(realv b, realv c) {
    REAL lanes[2 * VECTOR];
    store_line(b, lanes);
    store_line(c, lanes + VECTOR);
    return load_line(lanes + 1);
}
#elif VECTOR == 1
#define from_left(a, b) (a)
#define from_right(b, c) (c)
#elif VECTOR == 16
#define from_left(a, b) SHUFFLE(a, b, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
#define from_right(b, c) SHUFFLE(b, c, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
#elif VECTOR == 8
#define from_left(a, b) SHUFFLE(a, b, 7, 8, 9, 10, 11, 12, 13, 14)
#define from_right(b, c) SHUFFLE(b, c, 1, 2, 3, 4, 5, 6, 7, 8)
#else
#define from_left(a, b) SHUFFLE(a, b, 3, 4, 5, 6)
#define from_right(b, c) SHUFFLE(b, c, 1, 2, 3, 4)
#endif

/* What planes have in common. */
typedef struct gradient_plane {
    global const SRC_T *x;
    long width, elements;
    REAL cval;
    int before, after; /* the columns that stand beyond a row's two ends; -1: the constant */
} gradient_plane;

/* A row of the plane at `base`, or the constant. */
static inline void copy_row(const gradient_plane *plane, long base, long row, REAL *to) {
    for (long j = 0; j < plane->width; j += VECTOR) {
        long at = min(j, plane->width - VECTOR);
        store_line(row < 0 ? (realv)plane->cval : load_lanes(plane->x, base + row * plane->width + at), to + at);
    }
}

/* `above`: the row before the first, then the first's beginning. `below`: the last's end, then the row after it. */
static inline void fill_edges(const gradient_plane *plane, long base, constant const long *g, REAL *above,
                              REAL *below) {
    long height = g[GRADIENT_EXTENT + 1];
    copy_row(plane, base, border_index(-1, height, (int)g[GRADIENT_BORDER + 1]), above);
    store_line(load_lanes(plane->x, base), above + plane->width);
    store_line(load_lanes(plane->x, base + plane->elements - VECTOR), below);
    copy_row(plane, base, border_index(height, height, (int)g[GRADIENT_BORDER + 1]), below + VECTOR);
}

/* Where a vector, `column` columns into its row, holds the first element of a row and where the last: one at most. */
typedef struct row_ends {
    lane_mask first, last;
    long before, after; /* the elements that stand beyond them */
} row_ends;

static inline row_ends find_ends(const gradient_plane *plane, long f, long column) {
    long row = f - column, next = min(column > 0 ? row + plane->width : row, plane->elements - plane->width);
    row_ends ends = {.before = next + plane->before, .after = row + plane->after};
#if VECTOR == 1
    ends.first = column == 0;
    ends.last = column == plane->width - 1;
#else
    LANE lanes[VECTOR];
#pragma unroll
    for (int lane = 0; lane < VECTOR; lane++)
        lanes[lane] = lane;
    lane_mask index = PASTE(vload, VECTOR)(0, lanes);
    ends.first = index == (LANE)(column > 0 ? plane->width - column : 0);
    ends.last = index == (LANE)(plane->width - 1 - column);
#endif
    return ends;
}

/* The derivative along x of the vector b between a and c. */
static inline realv derive_across(const gradient_plane *plane, long base, const row_ends *ends, realv a, realv b,
                                  realv c) {
    realv before = plane->before < 0 ? plane->cval : load_one(plane->x, base + ends->before);
    realv after = plane->after < 0 ? plane->cval : load_one(plane->x, base + ends->after);
    a = from_left(a, b);
    c = from_right(b, c);
    a = ends->first ? before : a;
    c = ends->last ? after : c;
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
