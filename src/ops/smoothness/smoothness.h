/* SPDX-License-Identifier: Apache-2.0 */
/* The smoothness loss, between its descriptor (smoothness.c) and its solver (smoothness_fused.c). */
#ifndef CLF_OPS_SMOOTHNESS_SMOOTHNESS_H
#define CLF_OPS_SMOOTHNESS_SMOOTHNESS_H

#include "ops/operation.h"

#include <clfilter/ops.h>

/* A tensor of the problem: where it stands among the operands. */
typedef struct clf_smoothness_tensor {
    bool given;
    cl_uint operand;
    clf_view view; /* resolved */
} clf_smoothness_tensor;

typedef struct clf_smoothness_problem {
    clf_smoothness_tensor disparity, image, grad_loss, loss, grad_disparity, grad_image;
    clf_smoothness_norm norm;
    clf_smoothness_reduction reduction;
    int order;
    double weight; /* a; 0: the image is ignored */
    bool wide;     /* arithmetic is f64 */
} clf_smoothness_problem;

extern const clf_solver clf_smoothness_fused;

#endif
