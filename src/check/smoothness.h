/* SPDX-License-Identifier: Apache-2.0 */
/* The edge-aware smoothness loss as a case, and its formula in plain C and double. */
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
                          const double *handed, double *grad_disparity, double *grad_image);

extern const test_operation smoothness_operation;

#endif
