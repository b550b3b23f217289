/* SPDX-License-Identifier: Apache-2.0 */
#include "real.h"
#include "body.h"
#include "mask.h"
#define FLAGGED 1
#include "make.h"
#include "past.h"
#include "walk.h"
/*
 * gradient.planes: a work-item makes whole planes whose rows lie one behind the other, no smaller than 3 rows of VECTOR
 * elements, of an operator that does not smooth. A plane is one line of vectors, each read with its neighbours to the
 * left, right, above and below and stored at once. What is beyond the plane's first and last rows lies in private
 * memory beside the ends of the plane; what crosses from row to row is mended by masks.
 *
 * Floor: the bytes of src and of the outputs once; the rows that an output needs stay in the nearest cache.
 *
 * Constants: those of real.h, derivative.h, outputs.h and make.h; PLANES 1, 2 or 4: so many at a time, since memory
 * gives more to several runs of stores than to one; PAST 1: dense outputs are stored past the cache, a plane being
 * whole vectors; LOCAL_X, which is 1.
 */
// checks share: float -DDERIVATIVE=0 -DSIDE=0 -DMIDDLE=1 -DGAUSSIAN=0 -DAXES=2 -DCONTIGUOUS=1 -DLOCAL_X=1 -DOUTPUTS=1
// checks share: -DOUT0=0 -DOUT1=1 -DOUT2=2 -DOUT3=3 -DOUT4=4 -DOUT5=5 -DOUT6=6
// checks share: -DEXTREMES=1 -DMENDS=1
// check cpu: -DVECTOR=16 -DPAST=1 -DPLANES=1
// check cpu: -DVECTOR=16 -DPAST=0 -DPLANES=2 -DDERIVATIVE=1 half
// check cpu: -DVECTOR=8 -DPAST=1 -DPLANES=4 double
// check cpu: -DVECTOR=8 -DPAST=0 -DPLANES=4 -DDERIVATIVE=2 -DOUTPUTS=7 -DORIENTATION double
// check cpu: -DVECTOR=4 -DPAST=0 -DPLANES=1
// check cpu: -DVECTOR=16 -DPAST=0 -DPLANES=1 -DEXTREMES=0 -DMENDS=0 uchar
// check cpu: -DVECTOR=16 -DPAST=1 -DPLANES=1 plain
// checks share gpu: -DVECTOR=1 -DPAST=0
// check gpu: -DPLANES=1
// check gpu: -DPLANES=2 -DDERIVATIVE=1 half

#define EDGE (512 + 2 * VECTOR) /* src/ops/gradient/planes.c: rows are 512 elements at the most */

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
#define from_left(a, b) ((void)(b), (a))
#define from_right(b, c) ((void)(b), (c))
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
    REAL cval, scale;
    gradient_eps eps;
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
    maskv first, last;
    long before, after; /* the elements that stand beyond them */
} row_ends;

static inline row_ends find_row_ends(const gradient_plane *plane, long f, long column) {
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
    maskv index = PASTE(vload, VECTOR)(0, lanes);
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
#if PAST
    if (aligned) {
        store_past_cache(v, y + at);
        return;
    }
#endif
    store_lanes(v, y, at);
}

/* A vector's place in its plane: of the first row (part 0), the last (part 2) or those between (part 1). */
typedef struct vector_place {
    int part;
    long f, column;
    bool end;  /* the plane's last */
    bool back; /* moved back, as fewer elements were left than a vector has */
    row_ends row;
} vector_place;

static inline vector_place find_place(const gradient_plane *plane, int part, long f, long column) {
    vector_place place = {.part = part, .f = f, .column = column};
    place.end = part == 2 && f >= plane->elements - VECTOR;
    place.back = place.end && f > plane->elements - VECTOR;
    if (place.back) {
        place.f = plane->elements - VECTOR;
        place.column = place.f % plane->width;
    }
    place.row = find_row_ends(plane, place.f, place.column);
    return place;
}

/*
 * One vector of each output, of the plane that is `at`. `before` and `now` are the inputs before the place and at it,
 * and move on. `again`: rightly whatever the derivatives are.
 */
ALWAYS_INLINE void make_vector(const gradient_plane *plane, constant const long *g, const vector_place *place,
                               const gradient_row *at, const REAL *above, const REAL *below, realv *before, realv *now,
                               FOR_EACH_OUTPUT(PLAIN_PARAMETER) bool aligned, bool again, gradient_watch *watch) {
    long f = place->f, width = plane->width, elements = plane->elements;
    global const SRC_T *here = plane->x + at->offset[0] + f;
    FETCH(here + AHEAD);
    realv a = place->back ? load_lanes(here, -VECTOR) : *before;
    realv b = place->back ? load_lanes(here, 0) : *now;
    realv c = b; /* of a vector that ends beyond the plane only the first element counts */
    if (!place->end)
        c = place->part < 2 || f + 2 * VECTOR <= elements ? load_lanes(here, VECTOR) : (realv)load_one(here, VECTOR);
    realv up = place->part == 0 ? load_line(above + f) : load_lanes(here, -width);
    realv down = place->part == 2 ? load_line(below + VECTOR + f - elements + width) : load_lanes(here, width);
    realv dx = plane->scale * derive_across(plane, at->offset[0], &place->row, a, b, c);
    realv dy = plane->scale * DIFFERENCE(up, b, down);
    *before = b;
    *now = c;
    const gradient_spot spot = {plane->x, g, at->offset[0], 0, 0, plane->cval, plane->scale, plane->eps};
    const gradient_made made =
        again ? make_outputs(&spot, f, dx, dy, (realv)0) : make_all(dx, dy, (realv)0, plane->eps);
    if (!again)
        watch_lanes(watch, dx, dy, (realv)0, plane->eps);
#define STORE(o, what) store_plane(made.output[o], y##o, at->offset[1 + o] + f, aligned);
    FOR_EACH_OUTPUT(STORE)
}

/*
 * `count` planes side by side, from their first vector to their last. True where something was seen that must be made
 * again.
 */
ALWAYS_INLINE bool make_vectors(const gradient_plane *plane, constant const long *g, const gradient_row *at,
                                FOR_EACH_OUTPUT(PLAIN_PARAMETER) REAL (*above)[EDGE], REAL (*below)[EDGE], bool aligned,
                                int count, bool again) {
    realv before[PLANES], now[PLANES];
    gradient_watch watch = begin_watch(plane->eps);
#pragma unroll
    for (int k = 0; k < count; k++)
        before[k] = now[k] = load_lanes(plane->x, at[k].offset[0]);
    long f = 0, column = 0, width = plane->width, elements = plane->elements;
    long ends_at[3] = {width, elements - width - VECTOR + 1, elements};
#pragma unroll
    for (int part = 0; part < 3; part++)
        for (; f < ends_at[part]; f += VECTOR) {
            vector_place place = find_place(plane, part, f, column);
#pragma unroll
            for (int k = 0; k < count; k++)
                make_vector(plane, g, &place, &at[k], above[k], below[k], &before[k], &now[k],
                            FOR_EACH_OUTPUT(ARGUMENT) aligned, again, &watch);
            f = place.f;
            column = place.column + VECTOR - (place.column + VECTOR >= width ? width : 0);
        }
    const bool seen = was_seen(&watch);
    return !again && seen;
}

#if EXTREMES || MENDS
static __attribute__((noinline)) void make_plane_again(gradient_plane plane, constant const long *g, gradient_row at,
                                                       FOR_EACH_OUTPUT(PARAMETER) REAL (*above)[EDGE],
                                                       REAL (*below)[EDGE], bool aligned) {
    make_vectors(&plane, g, &at, FOR_EACH_OUTPUT(ARGUMENT) above, below, aligned, 1, true);
}
#endif

/* The planes `item`, side by side. */
static inline void make_planes(const gradient_plane *plane, constant const long *g, const long *item,
                               FOR_EACH_OUTPUT(PARAMETER) REAL (*above)[EDGE], REAL (*below)[EDGE]) {
    gradient_row at[PLANES];
    bool aligned = PAST;
#pragma unroll
    for (int k = 0; k < PLANES; k++) {
        at[k].item = item[k];
        find_plane(g, &at[k]);
        fill_edges(plane, at[k].offset[0], g, above[k], below[k]);
#define ALIGNED(o, what) aligned = aligned && ((size_t)(y##o + at[k].offset[1 + o]) & 63) == 0;
        FOR_EACH_OUTPUT(ALIGNED)
    }
    bool seen = make_vectors(plane, g, at, FOR_EACH_OUTPUT(ARGUMENT) above, below, aligned, PLANES, false);
#if EXTREMES || MENDS
    for (int k = 0; seen && k < PLANES; k++)
        make_plane_again(*plane, g, at[k], FOR_EACH_OUTPUT(ARGUMENT) &above[k], &below[k], aligned);
#else
    (void)seen;
#endif
}

BODY gradient_planes_body(global const SRC_T *restrict x, FOR_EACH_OUTPUT(PARAMETER) constant const long *restrict g,
                          REAL cval, REAL scale, REAL eps, REAL root_eps, long rows, work_item id) {
    long height = g[GRADIENT_EXTENT + 1], width = g[GRADIENT_EXTENT + 2];
    long first = id.x * rows / height, count = min(rows, g[GRADIENT_ROWS] - id.x * rows) / height;
    long each = (count + PLANES - 1) / PLANES;
    int ends[2];
    find_ends(g, 1, ends);
    REAL above[PLANES][EDGE], below[PLANES][EDGE];
    gradient_plane plane = {x, width, height * width, cval, scale, {eps, root_eps}, ends[0], ends[1]};
    for (long i = 0; i < each; i++) {
        long item[PLANES];
#pragma unroll
        for (int k = 0; k < PLANES; k++) /* where the planes are no multiple, some are made twice */
            item[k] = first + min(k * each, count - each) + i;
        make_planes(&plane, g, item, FOR_EACH_OUTPUT(ARGUMENT) above, below);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void gradient_planes(global const SRC_T *restrict x,
                                                                                 FOR_EACH_OUTPUT(PARAMETER)
                                                                                     constant const long *restrict g,
                                                                                 REAL cval, REAL scale, REAL eps,
                                                                                 REAL root_eps, long rows) {
    gradient_planes_body(x, FOR_EACH_OUTPUT(ARGUMENT) g, cval, scale, eps, root_eps, rows, this_item());
}
