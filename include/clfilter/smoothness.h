/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file smoothness.h
 * The edge-aware smoothness loss of a disparity (or depth, or flow) map, and its gradients, in one pass.
 */
#ifndef CLFILTER_SMOOTHNESS_H
#define CLFILTER_SMOOTHNESS_H

#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Every norm, as X(enumerator, value, name). */
#define CLF_SMOOTHNESS_NORM_TABLE(X)                                     \
    X(CLF_SMOOTHNESS_L2, 0, "l2")             /* sqrt(sum of squares) */ \
    X(CLF_SMOOTHNESS_MEAN_ABS, 1, "mean-abs") /* mean of absolute values */

/** How an image difference is reduced to one number over its C channels. */
typedef enum clf_smoothness_norm {
#define CLF_ENUMERATOR(name, value, text) name = (value),
    CLF_SMOOTHNESS_NORM_TABLE(CLF_ENUMERATOR)
#undef CLF_ENUMERATOR
} clf_smoothness_norm;

/** Every reduction, as X(enumerator, value, name). */
#define CLF_SMOOTHNESS_REDUCTION_TABLE(X)                                              \
    X(CLF_SMOOTHNESS_MEAN, 0, "mean")                   /* sum(t_x + t_y) / (N*H*W) */ \
    X(CLF_SMOOTHNESS_SUM, 1, "sum")                     /* sum(t_x + t_y) */           \
    X(CLF_SMOOTHNESS_NONE, 2, "none")                   /* the map t_x + t_y */        \
    X(CLF_SMOOTHNESS_PER_AXIS_MEAN, 3, "per-axis-mean") /* sum(t_x) / (N*H*(W-o)) + sum(t_y) / (N*(H-o)*W) */

/**
 * How the terms t are reduced, for N maps of H rows and W columns; o is the order. An axis no longer than o contributes
 * 0.
 */
typedef enum clf_smoothness_reduction {
#define CLF_ENUMERATOR(name, value, text) name = (value),
    CLF_SMOOTHNESS_REDUCTION_TABLE(CLF_ENUMERATOR)
#undef CLF_ENUMERATOR
} clf_smoothness_reduction;

/** "l2" or "mean-abs". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_smoothness_norm_name(clf_smoothness_norm norm);

/** "mean", "sum", "none" or "per-axis-mean". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_smoothness_reduction_name(clf_smoothness_reduction reduction);

/**
 * The loss of Godard, Mac Aodha, Brostow, "Unsupervised Monocular Depth Estimation with Left-Right Consistency" (2017),
 * equation 3, and its second-order form as in Jonschkowski et al., "What Matters in Unsupervised Optical Flow" (2020):
 *
 *   t_x = |D d| * exp(-a * |E I|) along x, t_y likewise along y
 *   order 1: D d = d[j+1] - d[j],            E I = I[j+1] - I[j];  t is 0 in the last column (row)
 *   order 2: D d = d[j+2] - 2 d[j+1] + d[j], E I = I[j+2] - I[j];  t is 0 in the last two
 *
 * |.| of the image is taken over its channels according to `norm`. H or W may be 1; an axis that has no differences
 * contributes 0. Of no images (N = 0), the sum is 0 and the means are NaN. Of no channels (C = 0), the l2 norm is 0 and
 * the mean NaN. Gradients: sign(0) = 0, and the gradient of
 * a norm at 0 is 0. Sums are compensated, so their error does not grow with the size, and have a fixed order, so one
 * device gives the same bits every time. The relative error of the loss, and of its gradients relative to their largest
 * element, is at most 1e-5 in f32 and 1e-12 in f64, also where squares and sums of the inputs, not the results, are
 * beyond the type's range; but for numbers that large or small it takes several times as long. NaN and Inf affect the
 * loss, and the gradients of those elements whose differences contain them.
 *
 * Leave all fields of a view zero to omit that output; at least one is required. Every field except disparity, image
 * and one output may be left zero, its default.
 *
 * Operands of clf_execute: 0 disparity, 1 image, then, if given, grad_loss, loss, grad_disparity, grad_image.
 */
typedef struct clf_smoothness_desc {
    clf_view disparity;       /**< d, (N, 1, H, W): f32, f64 or f16 */
    clf_view image;           /**< I, (N, C, H, W): disparity's dtype or, with an f32 disparity, f16, u8, u16 or i16 */
    clf_view grad_loss;       /**< the incoming gradient, of the loss's shape; f32 (f64 with f64); if not given, 1 */
    clf_view loss;            /**< one element, shape {1}; with reduction none, (N, 1, H, W); f32 (f64 with f64) */
    clf_view grad_disparity;  /**< dL/dd, disparity's shape; f32 (f64 with f64) */
    clf_view grad_image;      /**< dL/dI, image's shape; f32 (f64 with f64) */
    clf_smoothness_norm norm; /**< default l2 */
    clf_smoothness_reduction reduction; /**< default mean */
    int order;                          /**< order of the differences: 1 or 2; 0, the default, means 1 */
    double edge_weight;                 /**< a, finite and > 0; 0, the default, means 1 */
    bool ignore_image;                  /**< true: a = 0, so every weight is 1; edge_weight must be 0 */
    clf_plan_options options;
} clf_smoothness_desc;

/**
 * Plans the loss, its gradients, or both, always in one pass over disparity and image.
 *
 * @param context  may be shared by any number of threads
 * @param desc     see clf_smoothness_desc. Borrowed until the call returns, except for its buffers.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW (for example, a rank other than 4); CLF_INVALID_VALUE;
 *         CLF_SHAPE_MISMATCH; CLF_DTYPE_MISMATCH; CLF_OUT_OF_BOUNDS; CLF_OVERLAP; CLF_INVALID_HANDLE;
 *         CLF_UNSUPPORTED; CLF_NO_SOLVER; CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY;
 *         CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_smoothness(clf_context *context, const clf_smoothness_desc *desc,
                                                   clf_plan **plan, clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
