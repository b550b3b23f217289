/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pixels of a smoothness loss: VECTOR of a row at a time, read, written, and told which of them begin an edge.
 * Constants: those of smoothness.cl.
 */
#ifndef CLF_SMOOTHNESS_PIXELS_H
#define CLF_SMOOTHNESS_PIXELS_H

#include "geometry.h"
#include "mask.h"
#include "past_cache.h"
#include "real.h"

/* Called a few times each, from a loop that shares what they load: inlined whatever the compiler thinks of their size.
 * (None returns a structure: such a pointer's marks, once inlined, are more than oclgrind knows.) */
#define INLINE __attribute__((always_inline)) static inline

static inline REAL load_image_one(global const IMAGE_T *p, long i) {
#if IMAGE_IS_HALF
    return vload_half(i, p);
#else
    return (REAL)p[i];
#endif
}

#if defined(UNALIGNED_VECTORS) && !IMAGE_IS_HALF
typedef PASTE(IMAGE_T, VECTOR) imagev_anywhere __attribute__((aligned(sizeof(IMAGE_T))));
#define LOAD_IMAGE(p, i) PASTE(PASTE(convert_, REAL), VECTOR)(*(global const imagev_anywhere *)((p) + (i)))
#elif VECTOR > 1 && !IMAGE_IS_HALF
#define LOAD_IMAGE(p, i) PASTE(PASTE(convert_, REAL), VECTOR)(PASTE(vload, VECTOR)(0, (p) + (i)))
#endif

#if defined(UNALIGNED_VECTORS)
#define LOAD_RESULT(p, i) (*(global const dstv_anywhere *)((p) + (i)))
#elif VECTOR > 1
#define LOAD_RESULT(p, i) PASTE(vload, VECTOR)(0, (p) + (i))
#endif

/*
 * Lanes of a row from `column` on; those beyond its ends repeat the end and count nowhere. `all` tells that none is.
 */
#define GATHER(name, type, load, fast)                                                                                 \
    INLINE realv name(global const type *p, long row, long column, long width, long stride, bool all) {                \
        if (fast && all)                                                                                               \
            return load;                                                                                               \
        REAL lanes[VECTOR];                                                                                            \
        for (int lane = 0; lane < VECTOR; lane++)                                                                      \
            lanes[lane] = name##_one(p, row + clamp(column + lane, 0L, width - 1) * stride);                           \
        return load_line(lanes);                                                                                       \
    }

#define disparity_lanes_one load_one
#define image_lanes_one load_image_one
#define result_lanes_one(p, i) ((REAL)(p)[i])
GATHER(disparity_lanes, SRC_T, load_lanes(p, row + column), CONTIGUOUS)
#ifdef LOAD_IMAGE
GATHER(image_lanes, IMAGE_T, LOAD_IMAGE(p, row + column), CONTIGUOUS)
#else
GATHER(image_lanes, IMAGE_T, (realv)0, 0)
#endif
#ifdef LOAD_RESULT
GATHER(result_lanes, DST_T, LOAD_RESULT(p, row + column), CONTIGUOUS)
#else
GATHER(result_lanes, DST_T, (realv)0, 0)
#endif

/* The tensors, where a row of each begins, and the factors. */
typedef struct smoothness_rows {
    global const SRC_T *d;
    global const IMAGE_T *image;
    constant const long *g;
    long d_row, image_row;
    constant const REAL *factors;
} smoothness_rows;

/* Pixels of one row, `along` rows below the base row and from `column` on. */
INLINE realv disparity_at(const smoothness_rows *rows, long along, long column, bool all) {
    constant const long *g = rows->g;
    return disparity_lanes(rows->d, rows->d_row + along * g[SMOOTHNESS_DISPARITY + 3], column, g[SMOOTHNESS_EXTENT + 3],
                           g[SMOOTHNESS_DISPARITY + 4], all);
}

INLINE realv image_at(const smoothness_rows *rows, long channel, long along, long column, bool all) {
    constant const long *g = rows->g;
    return image_lanes(rows->image,
                       rows->image_row + channel * g[SMOOTHNESS_IMAGE + 2] + along * g[SMOOTHNESS_IMAGE + 3], column,
                       g[SMOOTHNESS_EXTENT + 3], g[SMOOTHNESS_IMAGE + 4], all);
}

/* Asks for the pixels of a row `along` rows below the base row: processors do not guess where so many rows go on. */
INLINE void fetch_row(const smoothness_rows *rows, long along, long column) {
    constant const long *g = rows->g;
    FETCH_AHEAD(rows->d + (rows->d_row + along * g[SMOOTHNESS_DISPARITY + 3] + column * g[SMOOTHNESS_DISPARITY + 4]));
    for (long c = 0; c < g[SMOOTHNESS_EXTENT + 1]; c++)
        FETCH_AHEAD(rows->image + (rows->image_row + c * g[SMOOTHNESS_IMAGE + 2] + along * g[SMOOTHNESS_IMAGE + 3] +
                                   column * g[SMOOTHNESS_IMAGE + 4]));
}

/* E I of one channel. (y, x) is the step along the axis: (0, 1) or (1, 0). */
INLINE realv image_difference(const smoothness_rows *rows, long channel, long row, long column, int y, int x,
                              bool all) {
    return image_at(rows, channel, row + ORDER * y, column + ORDER * x, all) -
           image_at(rows, channel, row, column, all);
}

/* The lanes begin <= lane < end. */
INLINE maskv lanes_between(long begin, long end) {
#if VECTOR == 1
    return begin <= 0 && end > 0;
#else
    LANE lanes[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++)
        lanes[lane] = lane;
    maskv index = PASTE(vload, VECTOR)(0, lanes);
    return index >= (LANE)max(begin, 0L) && index < (LANE)clamp(end, 0L, (long)VECTOR);
#endif
}

static inline void store_result(realv v, int count, global DST_T *y, long row, long column, long stride) {
#if VECTOR > 1 && !CONTIGUOUS
    REAL lanes[VECTOR];
    store_line(v, lanes);
    for (int lane = 0; lane < count; lane++)
        store_one(lanes[lane], y, row + (column + lane) * stride);
#else
    if (count == VECTOR)
        store_lanes(v, y, row + column * stride);
    else
        store_some(v, count, y, row + column * stride);
#endif
}

/* The gradient handed in for the edges that begin at VECTOR pixels of a row, the first in column `first`. */
INLINE realv handed_in(global const DST_T *grad_loss, constant const long *g, long row, long first) {
    (void)row, (void)first, (void)g, (void)grad_loss; /* used by some of these */
#if GRAD_LOSS == 2
    long width = g[SMOOTHNESS_EXTENT + 3];
    return result_lanes(grad_loss, row, first, width, g[SMOOTHNESS_GRAD_LOSS + 4],
                        first >= 0 && first + VECTOR <= width);
#elif GRAD_LOSS == 1
    return (realv)grad_loss[g[SMOOTHNESS_GRAD_LOSS]];
#else
    return (realv)1;
#endif
}

/* Where row i of map n begins in a tensor of the table. */
static inline long row_of(constant const long *place, long n, long i) {
    return place[0] + n * place[1] + i * place[3];
}

/* True if a pixel of row i ends, or lies in, an edge that begins `back` rows above it, or along a row. */
INLINE bool edge_inside(constant const long *g, long i, int back, int y) {
    return !y || (i >= back && i - back + ORDER < g[SMOOTHNESS_EXTENT + 2]);
}

/* Which lanes begin an edge, the first at column `first`. */
INLINE maskv edge_lanes(constant const long *g, long first, int x, int count) {
    return x ? lanes_between(-first, min(g[SMOOTHNESS_EXTENT + 3] - ORDER - first, (long)count))
             : lanes_between(0, count);
}

/* True if an edge's lanes, both their ends, are all pixels of the row. */
INLINE bool edge_whole(constant const long *g, long first, int x) {
    return first >= 0 && first + VECTOR + ORDER * x <= g[SMOOTHNESS_EXTENT + 3];
}

#endif
