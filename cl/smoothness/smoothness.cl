/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smoothness.fused: the edge-aware smoothness loss and its gradients in one pass over disparity and image.
 *
 * An edge is a pair of pixels ORDER apart along x or y, known by the first of them. The loss of a pixel is that of the
 * edges it begins; its gradient gathers from the edges that it begins, ends and, in second order, lies in. A work-item
 * takes `rows` rows of `columns` columns, VECTOR pixels at a time, and adds up its losses; smoothness_sum adds up the
 * work-items'.
 *
 * Floor for the loss: disparity and image read once. Two exponentials and two roots a pixel take nearly twice that;
 * gradients, which evaluate each edge ORDER + 1 times rather than keep it, twice as much again and more.
 *
 * Range: the weight is squared from its root, factors that may be large are multiplied before those that are at most 1,
 * and sums carry a power of two. Then only large differences of the disparity, large gradients handed in and small
 * differences of the image, whose squares vanish, leave the type's range where results do not. A row that has one is
 * made again, its pixels that have one by careful.h; so is every pixel for the sake of an edge weight that is not
 * WEIGHT_USUAL. (To call careful.h from the loop over ordinary pixels would cost more than to watch for it.)
 *
 * Constants: those of real.h (SRC_T the disparity's type, DST_T the results'); IMAGE_T and IMAGE_IS_HALF; ORDER 1 or 2;
 * MEAN_ABS 1 or 0, the norm; LOSS 0 none, 1 summed, 2 a map; GRAD_LOSS 0 none, 1 one number, 2 a map; GRAD_DISPARITY,
 * GRAD_IMAGE 1 or 0; CONTIGUOUS 1 where all x strides are 1; WEIGHT_USUAL 1 or 0; LOCAL_X the work-group; SUMMERS that
 * of smoothness_sum.
 */
// checks share: float -DIMAGE_T=float -DIMAGE_IS_HALF=0 -DORDER=1 -DMEAN_ABS=0 -DLOSS=0 -DGRAD_LOSS=0
// checks share: -DGRAD_DISPARITY=0 -DGRAD_IMAGE=0 -DCONTIGUOUS=1 -DWEIGHT_USUAL=1
// checks share cpu: -DLOCAL_X=1 -DSUMMERS=1
// check cpu: -DVECTOR=16 -DORDER=2 -DLOSS=1 -DGRAD_LOSS=1 -DGRAD_DISPARITY=1 -DGRAD_IMAGE=1
// check cpu: -DVECTOR=16 -DLOSS=2 -DCONTIGUOUS=0 -DMEAN_ABS=1
// check cpu: -DVECTOR=16 -DGRAD_LOSS=2 -DGRAD_IMAGE=1 -DSRC_T=half -DSRC_IS_HALF=1 -DIMAGE_T=half -DIMAGE_IS_HALF=1
// check cpu: -DVECTOR=8 -DLOSS=1 -DGRAD_IMAGE=1 -DIMAGE_T=double double
// check cpu: -DVECTOR=16 -DLOSS=1 -DGRAD_DISPARITY=1 -DWEIGHT_USUAL=0 plain
// checks share gpu: -DVECTOR=1 -DLOCAL_X=64 -DSUMMERS=64
// check gpu: -DLOSS=1 -DORDER=2 -DGRAD_LOSS=2
// check gpu: -DLOSS=2 -DGRAD_DISPARITY=1 -DGRAD_IMAGE=1 -DSRC_T=half -DSRC_IS_HALF=1 -DIMAGE_T=half -DIMAGE_IS_HALF=1
#include "real.h"
#include "body.h"
#include "geometry.h"

/*
 * What is usual: differences of disparities, and gradients handed in, of at most MOST; squared norms of at least
 * LEAST_SQUARE. Products of two such, of 1/norm and of a factor up to 2^(1 + SHIFT) fit the type.
 */
#ifdef REAL_IS_DOUBLE
#define MOST 0x1p300
#define LEAST_SQUARE 0x1p-600
#define SHIFT SMOOTHNESS_WIDE_SHIFT
#else
#define MOST 0x1p31f
#define LEAST_SQUARE 0x1p-80f
#define SHIFT SMOOTHNESS_SHIFT
#endif

#include "pixels.h"
#include "root.h"
#include "decay.h"
#include "careful.h"

/* Squares of the differences of integers and halves are usual. */
#define WATCH_NORM (GRAD_IMAGE && !MEAN_ABS && sizeof(IMAGE_T) == sizeof(REAL))

/* What an edge gives: its loss, and the factors of its gradients. */
typedef struct smoothness_edge {
    realv loss;  /* |D d| * w, times its factor in the sum */
    realv slope; /* sign(D d) * w, times what is handed in: the derivative by D d */
    realv image; /* times E I (l2) or its sign (mean-abs), over IMAGE_UNDO: the derivative by E I */
} smoothness_edge;

/* Of 16 lanes two and two are watched together: a processor has few registers. NaN is nothing to be careful with. */
#if VECTOR == 16
typedef PASTE(REAL, 8) watched_lanes;
#define ALL_WATCHED(lanes) ((realv)((lanes), (lanes)))

INLINE watched_lanes greatest(realv v, watched_lanes most) {
    most = v.lo > most ? v.lo : most;
    return v.hi > most ? v.hi : most;
}

INLINE watched_lanes least_of(realv v, watched_lanes least) {
    least = v.lo < least ? v.lo : least;
    return v.hi < least ? v.hi : least;
}
#else
typedef realv watched_lanes;
#define ALL_WATCHED(lanes) (lanes)

INLINE watched_lanes greatest(realv v, watched_lanes most) {
    return v > most ? v : most;
}

INLINE watched_lanes least_of(realv v, watched_lanes least) {
    return v < least ? v : least;
}
#endif

/* The greatest of what may be too large, the least of what may be too small. */
typedef struct smoothness_watch {
    watched_lanes most, least;
} smoothness_watch;

#define WATCH_BEGIN ((smoothness_watch){(watched_lanes)0, (watched_lanes)1})

INLINE realv disparity_difference(const smoothness_rows *rows, long row, long column, int y, int x, bool all) {
    realv difference = disparity_at(rows, row + y, column + x, all) - disparity_at(rows, row, column, all);
#if ORDER == 2
    difference = (disparity_at(rows, row + 2 * y, column + 2 * x, all) -
                  disparity_at(rows, row + y, column + x, all)) - difference;
#endif
    return difference;
}

/* The norm of the differences of the image; its square, for mean-abs C times the norm. */
INLINE realv norm_sum(const smoothness_rows *rows, long row, long column, int y, int x, bool all) {
    realv norm = 0;
    for (long c = 0; c < rows->g[SMOOTHNESS_EXTENT + 1]; c++) {
        realv e = image_difference(rows, c, row, column, y, x, all);
        norm = MEAN_ABS ? norm + fabs(e) : MULTIPLY_ADD(e, e, norm);
    }
    return norm;
}

/* Watches what an edge is made of. */
INLINE void watch_edge(realv difference, realv handed, realv norm, maskv there, smoothness_watch *watch) {
    (void)difference, (void)handed, (void)norm, (void)there, (void)watch; /* used by some of these */
#if LOSS || GRAD_IMAGE
    watch->most = greatest(fabs(difference), watch->most);
#endif
#if GRAD_LOSS
    watch->most = greatest(fabs(handed), watch->most);
#endif
    if (WATCH_NORM)
        watch->least = least_of(SELECT((realv)1, norm, there), watch->least);
}

/* Edge `back` along an axis from the spot's pixels, with the step (y, 1 - y). */
INLINE void find_edge(const smoothness_spot *spot, int back, int y, smoothness_edge *edge, smoothness_watch *watch) {
    const smoothness_rows *rows = &spot->rows;
    constant const long *g = rows->g;
    constant const REAL *factors = rows->factors;
    const int x = 1 - y;
    long first = spot->column - back * x, row = -back * y;
    edge->loss = edge->slope = edge->image = 0;
    if (!edge_inside(g, spot->i, back, y))
        return;
    maskv there = edge_lanes(g, first, x, spot->count);
    bool all = edge_whole(g, first, x);
    realv difference = disparity_difference(rows, row, first, y, x, all);
    realv norm = norm_sum(rows, row, first, y, x, all);
    realv u = handed_in(spot->grad_loss, g, spot->grad_row + row * g[SMOOTHNESS_GRAD_LOSS + 3], first);
    watch_edge(difference, u, norm, there, watch);
    norm = MEAN_ABS ? norm : root_lanes(norm);
    realv root = factors[SMOOTHNESS_HALF_WEIGHT] == 0 ? (realv)1 : decay(-factors[SMOOTHNESS_HALF_WEIGHT] * norm);
#if LOSS
    realv loss = LOSS == 1 ? fabs(difference) * factors[SMOOTHNESS_SUM + y] : fabs(difference);
    edge->loss = SELECT((realv)0, loss * root * root, there);
#endif
#if GRAD_DISPARITY
    realv slope = SELECT(sign(difference), difference, difference != difference); /* sign(NaN) is 0 in OpenCL */
    edge->slope = SELECT((realv)0, factors[SMOOTHNESS_GRAD + y] * u * root * root * slope, there);
#endif
#if GRAD_IMAGE
    realv image = fabs(difference) * factors[SMOOTHNESS_IMAGE_GRAD + y] * u;
    image = MEAN_ABS ? image * root * root : image / norm * root * root;
    edge->image = SELECT((realv)0, image, there && norm != 0);
#endif
}

/* E I of a channel as its gradient wants it. */
static inline realv back_difference(const smoothness_rows *rows, long c, long row, long column, int y, int x, bool all,
                                    realv factor) {
    realv e = image_difference(rows, c, row, column, y, x, all);
    e = MEAN_ABS ? SELECT(sign(e), e, e != e) : e;
    return SELECT(factor * e, (realv)0, factor == 0); /* no edge, whatever was read in its place */
}

/* The edges that VECTOR pixels begin (0), end (o) and, in second order, lie in (1). */
typedef struct smoothness_edges {
    smoothness_edge x0, y0, xo, yo, x1, y1;
} smoothness_edges;

INLINE void find_edges(const smoothness_spot *spot, smoothness_edges *edges, smoothness_watch *watch) {
    find_edge(spot, 0, 0, &edges->x0, watch);
    find_edge(spot, 0, 1, &edges->y0, watch);
#if GRAD_DISPARITY || GRAD_IMAGE
    find_edge(spot, ORDER, 0, &edges->xo, watch);
    find_edge(spot, ORDER, 1, &edges->yo, watch);
#endif
#if GRAD_DISPARITY && ORDER == 2
    find_edge(spot, 1, 0, &edges->x1, watch);
    find_edge(spot, 1, 1, &edges->y1, watch);
#endif
}

/* The gradient of a channel. */
INLINE realv image_gradient(const smoothness_spot *spot, const smoothness_edges *edges, long c) {
    const smoothness_rows *rows = &spot->rows;
    constant const long *g = rows->g;
    long column = spot->column;
    bool whole = edge_whole(g, column, 0);
    realv back = back_difference(rows, c, 0, column - ORDER, 0, 1, edge_whole(g, column - ORDER, 1), edges->xo.image) -
                 back_difference(rows, c, 0, column, 0, 1, edge_whole(g, column, 1), edges->x0.image);
    if (edge_inside(g, spot->i, ORDER, 1))
        back += back_difference(rows, c, -ORDER, column, 1, 0, whole, edges->yo.image);
    if (edge_inside(g, spot->i, 0, 1))
        back -= back_difference(rows, c, 0, column, 1, 0, whole, edges->y0.image);
    return back * rows->factors[SMOOTHNESS_IMAGE_UNDO];
}

/* Sums of losses: of a vector's lanes, with what their roundings lost; and of pixels that were done carefully. */
typedef struct smoothness_sums {
    realv sum, lost;
    compensated odd;
} smoothness_sums;

/* Adds up the losses of the spot's pixels, or writes them, and their gradients. */
INLINE void give_pixels(const smoothness_spot *spot, const smoothness_edges *edges, smoothness_sums *sums) {
    constant const long *g = spot->rows.g;
    (void)g, (void)sums; /* as asked for */
#if LOSS == 1
    realv term = edges->x0.loss + edges->y0.loss, t = sums->sum + term, z = t - sums->sum;
    sums->lost += (sums->sum - (t - z)) + (term - z);
    sums->sum = t;
#elif LOSS == 2
    store_result(edges->x0.loss + edges->y0.loss, spot->count, spot->loss,
                 row_of(g + SMOOTHNESS_LOSS, spot->n, spot->i), spot->column, g[SMOOTHNESS_LOSS + 4]);
#endif
#if GRAD_DISPARITY
#if ORDER == 2
    realv gradient = (edges->xo.slope - 2 * edges->x1.slope + edges->x0.slope) +
                     (edges->yo.slope - 2 * edges->y1.slope + edges->y0.slope);
#else
    realv gradient = (edges->xo.slope - edges->x0.slope) + (edges->yo.slope - edges->y0.slope);
#endif
    store_result(gradient, spot->count, spot->grad_disparity, row_of(g + SMOOTHNESS_GRAD_DISPARITY, spot->n, spot->i),
                 spot->column, g[SMOOTHNESS_GRAD_DISPARITY + 4]);
#endif
#if GRAD_IMAGE
    for (long c = 0; c < g[SMOOTHNESS_EXTENT + 1]; c++)
        store_result(image_gradient(spot, edges, c), spot->count, spot->grad_image,
                     row_of(g + SMOOTHNESS_GRAD_IMAGE, spot->n, spot->i) + c * g[SMOOTHNESS_GRAD_IMAGE + 2],
                     spot->column, g[SMOOTHNESS_GRAD_IMAGE + 4]);
#endif
}

INLINE maskv too_large(const smoothness_watch *watch) {
    return ALL_WATCHED(watch->most) > (realv)MOST;
}

INLINE bool was_odd(const smoothness_watch *watch) {
    return ANY(too_large(watch) || ALL_WATCHED(watch->least) < (realv)LEAST_SQUARE);
}

/* Does the spot's pixels carefully if they need it; false if not. */
INLINE bool do_carefully(const smoothness_spot *spot, const smoothness_watch *watch, compensated *sum) {
    if (WEIGHT_USUAL && !was_odd(watch))
        return false;
    return careful_pixels(spot, !WEIGHT_USUAL || ANY(too_large(watch)), sum);
}

/*
 * Makes a row's pixels from the spot on, up to column `last`; true if some need care, which they get where it is made
 * `again`.
 */
INLINE bool make_row(smoothness_spot spot, long last, bool again, smoothness_sums *sums) {
    smoothness_watch watch = WATCH_BEGIN;
    for (; spot.column < last; spot.column += VECTOR) {
        smoothness_edges edges;
        spot.count = (int)min((long)VECTOR, last - spot.column);
#if !GRAD_DISPARITY && !GRAD_IMAGE /* which leave memory time enough */
        fetch_row(&spot.rows, ORDER + 1, spot.column);
#endif
        if (again)
            watch = WATCH_BEGIN;
        find_edges(&spot, &edges, &watch);
        if (!again || !do_carefully(&spot, &watch, &sums->odd))
            give_pixels(&spot, &edges, sums);
    }
    return was_odd(&watch);
}

static __attribute__((noinline)) void make_row_again(const smoothness_spot *spot, long last, smoothness_sums *sums) {
    make_row(*spot, last, true, sums);
}

BODY smoothness_body(global const SRC_T *restrict d, global const IMAGE_T *restrict image,
                     global const DST_T *restrict grad_loss, global DST_T *restrict loss,
                     global DST_T *restrict grad_disparity, global DST_T *restrict grad_image,
                     global REAL *restrict partial, constant const long *restrict g,
                     constant const REAL *restrict factors, long columns, long count_rows, work_item id) {
    long height = g[SMOOTHNESS_EXTENT + 2], width = g[SMOOTHNESS_EXTENT + 3];
    long top = id.y * count_rows, bottom = min(top + count_rows, g[SMOOTHNESS_EXTENT] * height);
    long first = id.x * columns, last = min(first + columns, width);
    smoothness_sums all = {(realv)0, (realv)0, {0, 0, 0}};
    (void)partial; /* as asked for */
    for (long row = top; row < bottom; row++) {
        long n = row / height, i = row % height;
        smoothness_rows rows = {d, image, g, row_of(g + SMOOTHNESS_DISPARITY, n, i), row_of(g + SMOOTHNESS_IMAGE, n, i),
                                factors};
        long grad_row = row_of(g + SMOOTHNESS_GRAD_LOSS, n, i);
        smoothness_spot spot = {rows, grad_loss, loss, grad_disparity, grad_image, n, i, grad_row, first, 0};
        smoothness_sums made = all;
        if (!WEIGHT_USUAL || make_row(spot, last, false, &made)) {
            smoothness_sums own = all; /* copies, so that the others stay in registers */
            smoothness_spot here = spot;
            make_row_again(&here, last, &own);
            made = own;
        }
        all = made;
    }
#if LOSS == 1
    REAL sums[VECTOR], losses[VECTOR];
    store_line(all.sum, sums);
    store_line(all.lost, losses);
    compensated total_sum = all.odd;
    for (int lane = 0; lane < VECTOR; lane++)
        add_sum(&total_sum, (compensated){sums[lane], losses[lane], -SHIFT});
    long at = id.y * id.across + id.x;
    partial[3 * at] = total_sum.sum;
    partial[3 * at + 1] = total_sum.lost;
    partial[3 * at + 2] = total_sum.exponent;
#endif
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
smoothness(global const SRC_T *restrict d, global const IMAGE_T *restrict image, global const DST_T *restrict grad_loss,
           global DST_T *restrict loss, global DST_T *restrict grad_disparity, global DST_T *restrict grad_image,
           global REAL *restrict partial, constant const long *restrict g, constant const REAL *restrict factors,
           long columns, long count_rows) {
    smoothness_body(d, image, grad_loss, loss, grad_disparity, grad_image, partial, g, factors, columns, count_rows,
                    this_item());
}

/* Adds up the work-items' sums, in one order whatever runs when. One work-group. */
kernel __attribute__((reqd_work_group_size(SUMMERS, 1, 1))) void
smoothness_sum(global const REAL *restrict partial, global DST_T *restrict loss, constant const long *restrict g,
               long count, REAL scale) {
    local REAL sums[SUMMERS], losses[SUMMERS];
    local int exponents[SUMMERS];
    int me = (int)get_local_id(0);
    compensated all = {0, 0, 0};
    for (long i = me; i < count; i += SUMMERS)
        add_sum(&all, (compensated){partial[3 * i], partial[3 * i + 1], (int)partial[3 * i + 2]});
    for (int step = SUMMERS / 2; step > 0; step /= 2) {
        sums[me] = all.sum;
        losses[me] = all.lost;
        exponents[me] = all.exponent;
        barrier(CLK_LOCAL_MEM_FENCE);
        if (me < step)
            add_sum(&all, (compensated){sums[me + step], losses[me + step], exponents[me + step]});
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (me == 0)
        loss[g[SMOOTHNESS_LOSS]] = total(all, scale);
}
