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
 * Constants: those of real.h (SRC_T the disparity's type, DST_T the results'); IMAGE_T and IMAGE_IS_HALF; ORDER 1 or 2;
 * MEAN_ABS 1 or 0, the norm; LOSS 0 none, 1 summed, 2 a map; GRAD_LOSS 0 none, 1 one number, 2 a map; GRAD_DISPARITY,
 * GRAD_IMAGE 1 or 0; CONTIGUOUS 1 where all x strides are 1; LOCAL_X the work-group; SUMMERS that of smoothness_sum.
 */
// checks share: float -DIMAGE_T=float -DIMAGE_IS_HALF=0 -DORDER=1 -DMEAN_ABS=0 -DLOSS=0 -DGRAD_LOSS=0
// checks share: -DGRAD_DISPARITY=0 -DGRAD_IMAGE=0 -DCONTIGUOUS=1
// checks share cpu: -DLOCAL_X=1 -DSUMMERS=1
// check cpu: -DVECTOR=16 -DORDER=2 -DLOSS=1 -DGRAD_LOSS=1 -DGRAD_DISPARITY=1 -DGRAD_IMAGE=1
// check cpu: -DVECTOR=16 -DLOSS=2 -DCONTIGUOUS=0 -DMEAN_ABS=1
// check cpu: -DVECTOR=16 -DGRAD_LOSS=2 -DGRAD_IMAGE=1 -DSRC_T=half -DSRC_IS_HALF=1 -DIMAGE_T=half -DIMAGE_IS_HALF=1
// check cpu: -DVECTOR=8 -DLOSS=1 -DGRAD_IMAGE=1 -DIMAGE_T=double double
// check cpu: -DVECTOR=16 -DLOSS=1 -DGRAD_DISPARITY=1 plain
// checks share gpu: -DVECTOR=1 -DLOCAL_X=64 -DSUMMERS=64
// check gpu: -DLOSS=1 -DORDER=2 -DGRAD_LOSS=2
// check gpu: -DLOSS=2 -DGRAD_DISPARITY=1 -DGRAD_IMAGE=1 -DSRC_T=half -DSRC_IS_HALF=1 -DIMAGE_T=half -DIMAGE_IS_HALF=1
#include "real.h"
#include "body.h"
#include "past_cache.h"
#include "root.h"
#include "decay.h"
#include "compensated.h"
#include "geometry.h"


/* Called a few times each, from a loop that shares what they load: inlined whatever the compiler thinks of their size.
 * (None returns a structure: such a pointer's marks, once inlined, are more than oclgrind knows.) */
#define INLINE __attribute__((always_inline)) static inline

/* Masks have the width of the lanes. */
#if VECTOR == 1
typedef int maskv;
#define SELECT(no, yes, mask) ((mask) ? (yes) : (no))
#else
#ifdef REAL_IS_DOUBLE
#define LANE long
#else
#define LANE int
#endif
typedef PASTE(LANE, VECTOR) maskv;
#define SELECT(no, yes, mask) select(no, yes, mask)
#endif

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

/* The tensors, and where a row of each begins. */
typedef struct smoothness_rows {
    global const SRC_T *d;
    global const IMAGE_T *image;
    constant const long *g;
    long d_row, image_row;
    REAL weight; /* a */
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

/* What an edge gives: its loss, and the factors of its gradients. */
typedef struct smoothness_edge {
    realv loss;  /* |D d| * w */
    realv slope; /* sign(D d) * w: the derivative by D d */
    realv image; /* times E I (l2) or its sign (mean-abs): the derivative by E I */
} smoothness_edge;

INLINE void find_edge(const smoothness_rows *rows, long row, long column, int y, int x, maskv there, bool all,
                      smoothness_edge *edge) {
    long channels = rows->g[SMOOTHNESS_EXTENT + 1];
    realv difference = disparity_at(rows, row + y, column + x, all) - disparity_at(rows, row, column, all);
#if ORDER == 2
    difference = (disparity_at(rows, row + 2 * y, column + 2 * x, all) -
                  disparity_at(rows, row + y, column + x, all)) - difference;
#endif
    realv norm = 0;
    for (long c = 0; c < channels; c++) {
        realv e = image_difference(rows, c, row, column, y, x, all);
        norm = MEAN_ABS ? norm + fabs(e) : MULTIPLY_ADD(e, e, norm);
    }
    norm = MEAN_ABS ? norm / (REAL)channels : root_lanes(norm);
    realv w = rows->weight == 0 ? (realv)1 : decay(-rows->weight * norm);
    edge->loss = SELECT((realv)0, fabs(difference) * w, there);
#if GRAD_DISPARITY
    edge->slope = SELECT((realv)0, sign(difference) * w, there);
    edge->slope = SELECT(edge->slope, difference, there && difference != difference); /* sign(NaN) is 0 in OpenCL */
#endif
#if GRAD_IMAGE
    realv back = MEAN_ABS ? edge->loss * (-rows->weight / (REAL)channels) : edge->loss * -rows->weight / norm;
    edge->image = SELECT((realv)0, back, there && norm != 0);
#endif
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

/* The gradient handed in for the edges that begin at a pixel. */
INLINE realv handed_in(global const DST_T *grad_loss, constant const long *g, long row, long column, bool all) {
    (void)row, (void)column, (void)all, (void)g, (void)grad_loss; /* used by some of these */
#if GRAD_LOSS == 2
    return result_lanes(grad_loss, row, column, g[SMOOTHNESS_EXTENT + 3], g[SMOOTHNESS_GRAD_LOSS + 4], all);
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

/* Edge m back along an axis, its factors scaled by `scale` and the gradient handed in. Row and column are relative. */
INLINE void scaled_edge(const smoothness_rows *rows, global const DST_T *grad_loss, long grad_row, long column,
                        int back, int y, int x, int count, bool there, REAL scale, smoothness_edge *edge) {
    constant const long *g = rows->g;
    long width = g[SMOOTHNESS_EXTENT + 3], first = column - back * x;
    edge->loss = edge->slope = edge->image = 0;
    if (!there)
        return;
    maskv mask = x ? lanes_between(-first, min(width - ORDER - first, (long)count)) : lanes_between(0, count);
    bool all = first >= 0 && first + VECTOR + ORDER * x <= width;
    find_edge(rows, -back * y, first, y, x, mask, all, edge);
#if GRAD_DISPARITY || GRAD_IMAGE
    realv u = scale * handed_in(grad_loss, g, grad_row - back * y * g[SMOOTHNESS_GRAD_LOSS + 3], first,
                                first >= 0 && first + VECTOR <= width);
#if GRAD_DISPARITY
    edge->slope = SELECT((realv)0, edge->slope * u, mask);
#endif
#if GRAD_IMAGE
    edge->image = SELECT((realv)0, edge->image * u, mask);
#endif
#else
    (void)grad_loss, (void)grad_row, (void)scale;
#endif
}

/* E I of a channel as its gradient wants it. */
static inline realv back_difference(const smoothness_rows *rows, long c, long row, long column, int y, int x, bool all,
                                    realv factor) {
    realv e = image_difference(rows, c, row, column, y, x, all);
    e = MEAN_ABS ? SELECT(sign(e), e, e != e) : e;
    return SELECT(factor * e, (realv)0, factor == 0); /* no edge, whatever was read in its place */
}

BODY smoothness_body(global const SRC_T *restrict d, global const IMAGE_T *restrict image,
                     global const DST_T *restrict grad_loss, global DST_T *restrict loss,
                     global DST_T *restrict grad_disparity, global DST_T *restrict grad_image,
                     global REAL *restrict partial, constant const long *restrict g, REAL weight, REAL sum_x,
                     REAL sum_y, REAL grad_x, REAL grad_y, long columns, long count_rows, work_item id) {
    long height = g[SMOOTHNESS_EXTENT + 2], width = g[SMOOTHNESS_EXTENT + 3];
    long top = id.y * count_rows, bottom = min(top + count_rows, g[SMOOTHNESS_EXTENT] * height);
    long first = id.x * columns, last = min(first + columns, width);
    realv sum = 0, lost = 0;
    (void)loss, (void)grad_disparity, (void)grad_image, (void)partial, (void)sum_x, (void)sum_y; /* as asked for */
    (void)sum, (void)lost;
    for (long row = top; row < bottom; row++) {
        long n = row / height, i = row % height;
        smoothness_rows rows = {d, image, g, row_of(g + SMOOTHNESS_DISPARITY, n, i), row_of(g + SMOOTHNESS_IMAGE, n, i),
                                weight};
        long grad_row = row_of(g + SMOOTHNESS_GRAD_LOSS, n, i);
        bool below = i + ORDER < height;
        for (long j = first; j < last; j += VECTOR) {
            int count = (int)min((long)VECTOR, last - j);
#if !GRAD_DISPARITY && !GRAD_IMAGE /* which leave memory time enough */
            fetch_row(&rows, ORDER + 1, j);
#endif
            smoothness_edge x0, y0;
            scaled_edge(&rows, grad_loss, grad_row, j, 0, 0, 1, count, true, grad_x, &x0);
            scaled_edge(&rows, grad_loss, grad_row, j, 0, 1, 0, count, below, grad_y, &y0);
#if LOSS == 1
            realv term = MULTIPLY_ADD((realv)sum_x, x0.loss, sum_y * y0.loss), t = sum + term, z = t - sum;
            lost += (sum - (t - z)) + (term - z);
            sum = t;
#elif LOSS == 2
            store_result(x0.loss + y0.loss, count, loss, row_of(g + SMOOTHNESS_LOSS, n, i), j, g[SMOOTHNESS_LOSS + 4]);
#endif
#if GRAD_DISPARITY || GRAD_IMAGE
            smoothness_edge xo, yo;
            scaled_edge(&rows, grad_loss, grad_row, j, ORDER, 0, 1, count, true, grad_x, &xo);
            scaled_edge(&rows, grad_loss, grad_row, j, ORDER, 1, 0, count, i >= ORDER && i < height, grad_y, &yo);
#endif
#if GRAD_DISPARITY
#if ORDER == 2
            smoothness_edge x1, y1;
            scaled_edge(&rows, grad_loss, grad_row, j, 1, 0, 1, count, true, grad_x, &x1);
            scaled_edge(&rows, grad_loss, grad_row, j, 1, 1, 0, count, i >= 1 && i + 1 < height, grad_y, &y1);
            realv gradient = (xo.slope - 2 * x1.slope + x0.slope) + (yo.slope - 2 * y1.slope + y0.slope);
#else
            realv gradient = (xo.slope - x0.slope) + (yo.slope - y0.slope);
#endif
            store_result(gradient, count, grad_disparity, row_of(g + SMOOTHNESS_GRAD_DISPARITY, n, i), j,
                         g[SMOOTHNESS_GRAD_DISPARITY + 4]);
#endif
#if GRAD_IMAGE
            for (long c = 0; c < g[SMOOTHNESS_EXTENT + 1]; c++) {
                bool inside = j + VECTOR + ORDER <= width, before = j >= ORDER && j + VECTOR <= width;
                realv back = back_difference(&rows, c, 0, j - ORDER, 0, 1, before, xo.image) -
                             back_difference(&rows, c, 0, j, 0, 1, inside, x0.image);
                if (i >= ORDER)
                    back += back_difference(&rows, c, -ORDER, j, 1, 0, j + VECTOR <= width, yo.image);
                if (below)
                    back -= back_difference(&rows, c, 0, j, 1, 0, j + VECTOR <= width, y0.image);
                store_result(back, count, grad_image,
                             row_of(g + SMOOTHNESS_GRAD_IMAGE, n, i) + c * g[SMOOTHNESS_GRAD_IMAGE + 2], j,
                             g[SMOOTHNESS_GRAD_IMAGE + 4]);
            }
#endif
        }
    }
#if LOSS == 1
    REAL sums[VECTOR], losses[VECTOR];
    store_line(sum, sums);
    store_line(lost, losses);
    compensated all = {0, 0};
    for (int lane = 0; lane < VECTOR; lane++)
        add_sum(&all, (compensated){sums[lane], losses[lane]});
    long at = id.y * id.across + id.x;
    partial[2 * at] = all.sum;
    partial[2 * at + 1] = all.lost;
#endif
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
smoothness(global const SRC_T *restrict d, global const IMAGE_T *restrict image, global const DST_T *restrict grad_loss,
           global DST_T *restrict loss, global DST_T *restrict grad_disparity, global DST_T *restrict grad_image,
           global REAL *restrict partial, constant const long *restrict g, REAL weight, REAL sum_x, REAL sum_y,
           REAL grad_x, REAL grad_y, long columns, long count_rows) {
    smoothness_body(d, image, grad_loss, loss, grad_disparity, grad_image, partial, g, weight, sum_x, sum_y, grad_x,
                    grad_y, columns, count_rows, this_item());
}

/* Adds up the work-items' sums, in one order whatever runs when. One work-group. */
kernel __attribute__((reqd_work_group_size(SUMMERS, 1, 1))) void
smoothness_sum(global const REAL *restrict partial, global DST_T *restrict loss, constant const long *restrict g,
               long count, REAL scale) {
    local REAL sums[SUMMERS], losses[SUMMERS];
    int me = (int)get_local_id(0);
    compensated all = {0, 0};
    for (long i = me; i < count; i += SUMMERS)
        add_sum(&all, (compensated){partial[2 * i], partial[2 * i + 1]});
    for (int step = SUMMERS / 2; step > 0; step /= 2) {
        sums[me] = all.sum;
        losses[me] = all.lost;
        barrier(CLK_LOCAL_MEM_FENCE);
        if (me < step)
            add_sum(&all, (compensated){sums[me + step], losses[me + step]});
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (me == 0)
        loss[g[SMOOTHNESS_LOSS]] = total(all) * scale;
}
