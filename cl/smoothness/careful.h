/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pixels of a smoothness loss whose numbers are so large or small that products and squares of them leave the type's
 * range, although the results may not: the same formulas, in numbers with an exponent of their own.
 */
#ifndef CLF_SMOOTHNESS_CAREFUL_H
#define CLF_SMOOTHNESS_CAREFUL_H

#include "compensated.h"
#include "decay.h"
#include "pixels.h"
#include "root.h"
#include "scaled.h"

/* VECTOR pixels: where their rows are, row `i` of map `n`, the first pixel's column, and how many count. */
typedef struct smoothness_spot {
    smoothness_rows rows;
    global const DST_T *grad_loss;
    global DST_T *loss, *grad_disparity, *grad_image;
    long n, i, grad_row, column;
    int count;
} smoothness_spot;

/* An edge `back` along an axis of the spot's pixels, with the step (y, x). */
typedef struct careful_edge {
    int back, y, x;
    bool there; /* for any pixel */
    maskv lanes;
    scaled loss, slope, image; /* as those of smoothness_edge */
} careful_edge;

/* What lies `along` steps from where the edge begins. */
static inline realv edge_disparity(const smoothness_spot *spot, const careful_edge *edge, int along) {
    long first = spot->column - edge->back * edge->x + along * edge->x;
    return disparity_at(&spot->rows, (along - edge->back) * edge->y, first, false);
}

static inline realv edge_image(const smoothness_spot *spot, const careful_edge *edge, long c, int along) {
    long first = spot->column - edge->back * edge->x + along * edge->x;
    return image_at(&spot->rows, c, (along - edge->back) * edge->y, first, false);
}

static inline void place_edge(const smoothness_spot *spot, int back, int y, careful_edge *edge) {
    constant const long *g = spot->rows.g;
    edge->back = back;
    edge->y = y;
    edge->x = !y;
    edge->there = edge_inside(g, spot->i, back, y);
    edge->lanes = edge_lanes(g, spot->column - back * !y, !y, spot->count);
}

/* True if an image difference other than 0 has a square that is too small. */
static bool norm_odd(const smoothness_spot *spot, const careful_edge *edge) {
    realv norm = 0;
    maskv differs = 0;
    for (long c = 0; c < spot->rows.g[SMOOTHNESS_EXTENT + 1]; c++) {
        realv e = edge_image(spot, edge, c, ORDER) - edge_image(spot, edge, c, 0);
        norm = MULTIPLY_ADD(e, e, norm);
        differs = differs || e != 0;
    }
    return ANY(edge->lanes && differs && norm < (realv)LEAST_SQUARE);
}

/* The difference of an image channel. */
static inline void image_scaled(const smoothness_spot *spot, const careful_edge *edge, long c, scaled *e) {
    scaled_difference(e, edge_image(spot, edge, c, ORDER), edge_image(spot, edge, c, 0));
}

/* The norm of the channels' differences (mean-abs: times C), by the greatest of their exponents. */
static void find_norm(const smoothness_spot *spot, const careful_edge *edge, scaled *norm) {
    long channels = spot->rows.g[SMOOTHNESS_EXTENT + 1];
    scaled e;
    norm->m = 0;
    norm->k = EXPONENT_OF_ZERO;
    for (long c = 0; c < channels; c++) {
        image_scaled(spot, edge, c, &e);
        norm->k = max(norm->k, e.k);
    }
    for (long c = 0; c < channels; c++) {
        image_scaled(spot, edge, c, &e);
        e.m = fabs(e.m) * power_lanes(e.k - norm->k);
        norm->m = MEAN_ABS ? norm->m + e.m : MULTIPLY_ADD(e.m, e.m, norm->m);
    }
    norm->m = MEAN_ABS ? norm->m : root_lanes(norm->m);
}

/* The root of the weight that a norm gives. */
static void weight_root(const smoothness_rows *rows, const scaled *norm, scaled *root) {
    scaled x = *norm;
    x.m *= -rows->factors[SMOOTHNESS_WEIGHT];
    x.k += (LANE)rows->factors[SMOOTHNESS_WEIGHT_EXPONENT] - 1;
    if (MEAN_ABS)
        x.m /= (REAL)rows->g[SMOOTHNESS_EXTENT + 1];
    scaled_set(root, rows->factors[SMOOTHNESS_WEIGHT] == 0 ? (realv)1 : decay(scaled_value(&x)));
}

/* The difference of the disparities, their greatest and least first brought together. */
static void disparity_scaled(const smoothness_spot *spot, const careful_edge *edge, scaled *difference) {
    scaled_difference(difference, edge_disparity(spot, edge, 1), edge_disparity(spot, edge, 0));
#if ORDER == 2
    scaled second;
    scaled_difference(&second, edge_disparity(spot, edge, 2), edge_disparity(spot, edge, 1));
    scaled_add(&second, difference, -1);
    scaled_set(difference, second.m);
    difference->k += second.k;
#endif
}

static inline void keep_lanes(scaled *of, maskv lanes) {
    of->m = SELECT((realv)0, of->m, lanes);
    of->k = SELECT((bits_lanes)EXPONENT_OF_ZERO, of->k, lanes);
}

static void find_careful(const smoothness_spot *spot, careful_edge *edge) {
    const smoothness_rows *rows = &spot->rows;
    scaled difference, norm, root;
    disparity_scaled(spot, edge, &difference);
    find_norm(spot, edge, &norm);
    weight_root(rows, &norm, &root);
    edge->loss = root;
    scaled_multiply(&edge->loss, &root);
    edge->slope = edge->image = edge->loss;
    scaled handed;
    scaled_set(&handed, handed_in(spot->grad_loss, rows->g,
                                  spot->grad_row - edge->back * edge->y * rows->g[SMOOTHNESS_GRAD_LOSS + 3],
                                  spot->column - edge->back * edge->x));
    scaled_times(&handed, (realv)rows->factors[SMOOTHNESS_GRAD + edge->y]);
    scaled_multiply(&edge->slope, &handed);
    edge->slope.m *= SELECT(sign(difference.m), difference.m, difference.m != difference.m);
    difference.m = fabs(difference.m);
    scaled_multiply(&edge->loss, &difference);
    scaled_multiply(&edge->image, &difference);
    scaled_multiply(&edge->image, &handed);
    edge->image.m *= -rows->factors[SMOOTHNESS_WEIGHT];
    edge->image.k += (LANE)rows->factors[SMOOTHNESS_WEIGHT_EXPONENT];
    if (MEAN_ABS)
        edge->image.m /= (REAL)rows->g[SMOOTHNESS_EXTENT + 1];
    else
        scaled_divide(&edge->image, &norm);
    keep_lanes(&edge->loss, edge->lanes);
    keep_lanes(&edge->slope, edge->lanes);
    keep_lanes(&edge->image, edge->lanes && norm.m != 0);
}

/* Adds the losses of the edges that begin here, as smoothness_body has them inside the sum. */
static inline void add_losses(const smoothness_spot *spot, const careful_edge *edge, compensated *sum) {
    scaled term = edge->loss;
    scaled_times(&term, (realv)spot->rows.factors[SMOOTHNESS_SUM + edge->y]);
    REAL lanes[VECTOR];
    LANE exponents[VECTOR];
    store_line(term.m, lanes);
#if VECTOR == 1
    exponents[0] = term.k;
#else
    PASTE(vstore, VECTOR)(term.k, 0, exponents);
#endif
    for (int lane = 0; lane < VECTOR; lane++)
        add_sum(sum, (compensated){lanes[lane], 0, (int)exponents[lane] - SHIFT});
}

/* Adds E I of a channel, times the edge's factor. */
static inline void add_difference(const smoothness_spot *spot, const careful_edge *edge, long c, scaled *to) {
    scaled e;
    image_scaled(spot, edge, c, &e);
    if (MEAN_ABS) {
        e.m = SELECT(sign(e.m), e.m, e.m != e.m);
        e.k = 0;
    }
    maskv none = edge->image.m == 0; /* no edge, whatever was read in its place */
    scaled_multiply(&e, &edge->image);
    keep_lanes(&e, !none);
    scaled_add(to, &e, edge->back == 0 ? (REAL)-1 : (REAL)1);
}

/* Writes the gradients that the edges give. */
static void write_gradients(const smoothness_spot *spot, const careful_edge *edges, int count) {
    constant const long *g = spot->rows.g;
    (void)edges, (void)count, (void)g; /* as asked for */
#if GRAD_DISPARITY
    scaled slope = {(realv)0, (bits_lanes)EXPONENT_OF_ZERO};
    for (int e = 0; e < count; e++)
        scaled_add(&slope, &edges[e].slope, ORDER == 1 ? 2 * edges[e].back - 1 : edges[e].back == 1 ? -2 : 1);
    store_result(scaled_value(&slope), spot->count, spot->grad_disparity,
                 row_of(g + SMOOTHNESS_GRAD_DISPARITY, spot->n, spot->i), spot->column,
                 g[SMOOTHNESS_GRAD_DISPARITY + 4]);
#endif
#if GRAD_IMAGE
    for (long c = 0; c < g[SMOOTHNESS_EXTENT + 1]; c++) {
        scaled back = {(realv)0, (bits_lanes)EXPONENT_OF_ZERO};
        for (int e = 0; e < count; e++)
            if (edges[e].back == 0 || edges[e].back == ORDER)
                add_difference(spot, &edges[e], c, &back);
        store_result(scaled_value(&back), spot->count, spot->grad_image,
                     row_of(g + SMOOTHNESS_GRAD_IMAGE, spot->n, spot->i) + c * g[SMOOTHNESS_GRAD_IMAGE + 2],
                     spot->column, g[SMOOTHNESS_GRAD_IMAGE + 4]);
    }
#endif
}

/*
 * Writes what the kernel asks for of the spot's pixels, and adds their losses to a sum. Unless it is `certain` that
 * their numbers are odd, it looks whether an image difference is small but not 0, and if not does nothing: false.
 */
static __attribute__((noinline)) bool careful_pixels(const smoothness_spot *spot, bool certain, compensated *sum) {
    careful_edge edges[2 * (ORDER + 1)];
    int count = 0;
    bool gradients = GRAD_DISPARITY || GRAD_IMAGE;
    for (int y = 0; y <= 1; y++)
        for (int back = 0; back <= (gradients ? ORDER : 0); back++) {
            place_edge(spot, back, y, &edges[count]);
            if (!edges[count].there)
                continue;
            certain = certain || norm_odd(spot, &edges[count]);
            count++;
        }
    if (!certain)
        return false;
    scaled map = {(realv)0, (bits_lanes)EXPONENT_OF_ZERO};
    for (int e = 0; e < count; e++) {
        find_careful(spot, &edges[e]);
        if (edges[e].back == 0) {
            scaled_add(&map, &edges[e].loss, 1);
            if (LOSS == 1)
                add_losses(spot, &edges[e], sum);
        }
    }
#if LOSS == 2
    constant const long *g = spot->rows.g;
    store_result(scaled_value(&map), spot->count, spot->loss, row_of(g + SMOOTHNESS_LOSS, spot->n, spot->i),
                 spot->column, g[SMOOTHNESS_LOSS + 4]);
#endif
    write_gradients(spot, edges, count);
    return true;
}

#endif
