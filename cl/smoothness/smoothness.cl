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
 * differences of the image, whose squares vanish, leave the type's range where results do not. Pixels that have one are
 * done again by careful.h; so is every pixel for the sake of an edge weight that is not WEIGHT_USUAL.
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

/* The greatest of what may be too large, the least of what may be too small. */
typedef struct smoothness_watch {
    realv most, least;
} smoothness_watch;

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

/* Watches what an edge is made of; NaN is nothing to be careful with. */
INLINE void watch_edge(realv difference, realv handed, realv norm, maskv there, smoothness_watch *watch) {
    (void)difference, (void)handed, (void)norm, (void)there, (void)watch; /* used by some of these */
#if LOSS || GRAD_IMAGE
    watch->most = fabs(difference) > watch->most ? fabs(difference) : watch->most;
#endif
#if GRAD_LOSS
    watch->most = fabs(handed) > watch->most ? fabs(handed) : watch->most;
#endif
    if (WATCH_NORM)
        watch->least = SELECT(watch->least, norm < watch->least ? norm : watch->least, there);
}

/* Edge `back` along an axis from the pixels of row `i` from `column` on. */
INLINE void find_edge(const smoothness_rows *rows, global const DST_T *grad_loss, long grad_row, long i, long column,
                      int back, int y, int x, int count, smoothness_edge *edge, smoothness_watch *watch) {
    constant const long *g = rows->g;
    constant const REAL *factors = rows->factors;
    long first = column - back * x, row = -back * y;
    edge->loss = edge->slope = edge->image = 0;
    if (!edge_inside(g, i, back, y))
        return;
    maskv there = edge_lanes(g, first, x, count);
    bool all = edge_whole(g, first, x);
    realv difference = disparity_difference(rows, row, first, y, x, all);
    realv norm = norm_sum(rows, row, first, y, x, all);
    realv u = handed_in(grad_loss, g, grad_row + row * g[SMOOTHNESS_GRAD_LOSS + 3], first);
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

/* The gradient of a channel, from the edges along x and along y that begin here (0) and end here (1). */
INLINE realv image_gradient(const smoothness_rows *rows, long c, long i, long column, realv x0, realv x1, realv y0,
                            realv y1) {
    constant const long *g = rows->g;
    bool whole = edge_whole(g, column, 0);
    realv back = back_difference(rows, c, 0, column - ORDER, 0, 1, edge_whole(g, column - ORDER, 1), x1) -
                 back_difference(rows, c, 0, column, 0, 1, edge_whole(g, column, 1), x0);
    if (edge_inside(g, i, ORDER, 1))
        back += back_difference(rows, c, -ORDER, column, 1, 0, whole, y1);
    if (edge_inside(g, i, 0, 1))
        back -= back_difference(rows, c, 0, column, 1, 0, whole, y0);
    return back * rows->factors[SMOOTHNESS_IMAGE_UNDO];
}

BODY smoothness_body(global const SRC_T *restrict d, global const IMAGE_T *restrict image,
                     global const DST_T *restrict grad_loss, global DST_T *restrict loss,
                     global DST_T *restrict grad_disparity, global DST_T *restrict grad_image,
                     global REAL *restrict partial, constant const long *restrict g,
                     constant const REAL *restrict factors, long columns, long count_rows, work_item id) {
    long height = g[SMOOTHNESS_EXTENT + 2], width = g[SMOOTHNESS_EXTENT + 3];
    long top = id.y * count_rows, bottom = min(top + count_rows, g[SMOOTHNESS_EXTENT] * height);
    long first = id.x * columns, last = min(first + columns, width);
    realv sum = 0, lost = 0;
    compensated odd_sum = {0, 0, 0};
    (void)loss, (void)grad_disparity, (void)grad_image, (void)partial, (void)sum, (void)lost; /* as asked for */
    for (long row = top; row < bottom; row++) {
        long n = row / height, i = row % height;
        smoothness_rows rows = {d, image, g, row_of(g + SMOOTHNESS_DISPARITY, n, i), row_of(g + SMOOTHNESS_IMAGE, n, i),
                                factors};
        long grad_row = row_of(g + SMOOTHNESS_GRAD_LOSS, n, i);
        for (long j = first; j < last; j += VECTOR) {
            int count = (int)min((long)VECTOR, last - j);
#if !GRAD_DISPARITY && !GRAD_IMAGE /* which leave memory time enough */
            fetch_row(&rows, ORDER + 1, j);
#endif
            smoothness_watch watch = {(realv)0, (realv)1};
            smoothness_edge x0, y0;
            find_edge(&rows, grad_loss, grad_row, i, j, 0, 0, 1, count, &x0, &watch);
            find_edge(&rows, grad_loss, grad_row, i, j, 0, 1, 0, count, &y0, &watch);
#if GRAD_DISPARITY || GRAD_IMAGE
            smoothness_edge xo, yo;
            find_edge(&rows, grad_loss, grad_row, i, j, ORDER, 0, 1, count, &xo, &watch);
            find_edge(&rows, grad_loss, grad_row, i, j, ORDER, 1, 0, count, &yo, &watch);
#endif
#if GRAD_DISPARITY && ORDER == 2
            smoothness_edge x1, y1;
            find_edge(&rows, grad_loss, grad_row, i, j, 1, 0, 1, count, &x1, &watch);
            find_edge(&rows, grad_loss, grad_row, i, j, 1, 1, 0, count, &y1, &watch);
#endif
            maskv large = watch.most > (realv)MOST;
            if (!WEIGHT_USUAL || ANY(large || watch.least < (realv)LEAST_SQUARE)) {
                smoothness_spot spot = {rows,       grad_loss, loss, grad_disparity, grad_image, n, i,
                                        grad_row, j,         count};
                compensated kept = odd_sum;
                bool done = careful_pixels(&spot, !WEIGHT_USUAL || ANY(large), &kept);
                odd_sum = kept;
                if (done)
                    continue;
            }
#if LOSS == 1
            realv term = x0.loss + y0.loss, t = sum + term, z = t - sum;
            lost += (sum - (t - z)) + (term - z);
            sum = t;
#elif LOSS == 2
            store_result(x0.loss + y0.loss, count, loss, row_of(g + SMOOTHNESS_LOSS, n, i), j, g[SMOOTHNESS_LOSS + 4]);
#endif
#if GRAD_DISPARITY
#if ORDER == 2
            realv gradient = (xo.slope - 2 * x1.slope + x0.slope) + (yo.slope - 2 * y1.slope + y0.slope);
#else
            realv gradient = (xo.slope - x0.slope) + (yo.slope - y0.slope);
#endif
            store_result(gradient, count, grad_disparity, row_of(g + SMOOTHNESS_GRAD_DISPARITY, n, i), j,
                         g[SMOOTHNESS_GRAD_DISPARITY + 4]);
#endif
#if GRAD_IMAGE
            for (long c = 0; c < g[SMOOTHNESS_EXTENT + 1]; c++)
                store_result(image_gradient(&rows, c, i, j, x0.image, xo.image, y0.image, yo.image), count, grad_image,
                             row_of(g + SMOOTHNESS_GRAD_IMAGE, n, i) + c * g[SMOOTHNESS_GRAD_IMAGE + 2], j,
                             g[SMOOTHNESS_GRAD_IMAGE + 4]);
#endif
        }
    }
#if LOSS == 1
    REAL sums[VECTOR], losses[VECTOR];
    store_line(sum, sums);
    store_line(lost, losses);
    for (int lane = 0; lane < VECTOR; lane++)
        add_sum(&odd_sum, (compensated){sums[lane], losses[lane], -SHIFT});
    long at = id.y * id.across + id.x;
    partial[3 * at] = odd_sum.sum;
    partial[3 * at + 1] = odd_sum.lost;
    partial[3 * at + 2] = odd_sum.exponent;
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
