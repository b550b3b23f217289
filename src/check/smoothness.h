/* SPDX-License-Identifier: Apache-2.0 */
/* The edge-aware smoothness loss as a case, and its formula in plain C and long double. */
#ifndef CLF_CHECK_SMOOTHNESS_H
#define CLF_CHECK_SMOOTHNESS_H

#include "check/case.h"

typedef struct smoothness_formula {
    int64_t shape[4]; /* N, C, H, W of the image */
    clf_smoothness_norm norm;
    clf_smoothness_reduction reduction;
    int order;
    double weight; /* a */
} smoothness_formula;

/*
 * The loss: one number, or with reduction none the map too, where `map` is not NULL. Gradients are added up edge by
 * edge for the gradient `handed` in (one number, or with reduction none a map; NULL: 1).
 */
double smoothness_loss(const smoothness_formula *formula, const double *disparity, const double *image, double *map);
void smoothness_gradients(const smoothness_formula *formula, const double *disparity, const double *image,
                          const double *handed, long double *grad_disparity, long double *grad_image);

/* The operation's lines (smoothness_lines.c). */
void smoothness_systematic_lines(line_batch *batch);
void smoothness_small_lines(line_batch *batch);
void smoothness_random_line(line_batch *batch, random_state *random);

extern const test_operation smoothness_operation;

#endif
