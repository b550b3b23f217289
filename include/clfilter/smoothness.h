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

/** How an image difference becomes one number over its C channels. */
typedef enum clf_smoothness_norm {
    CLF_SMOOTHNESS_L2 = 0,  /**< sqrt(sum of squares) */
    CLF_SMOOTHNESS_MEAN_ABS /**< mean of absolute values */
} clf_smoothness_norm;

/**
 * What the loss is made into, for terms t over N maps of H rows and W columns; o is the order. An axis no longer than o
 * counts 0.
 */
typedef enum clf_smoothness_reduction {
    CLF_SMOOTHNESS_MEAN = 0,     /**< sum(t_x + t_y) / (N*H*W) */
    CLF_SMOOTHNESS_SUM,          /**< sum(t_x + t_y) */
    CLF_SMOOTHNESS_NONE,         /**< the map t_x + t_y */
    CLF_SMOOTHNESS_PER_AXIS_MEAN /**< sum(t_x) / (N*H*(W-o)) + sum(t_y) / (N*(H-o)*W) */
} clf_smoothness_reduction;

/** "l2" or "mean-abs". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_smoothness_norm_name(clf_smoothness_norm norm);

/** "mean", "sum", "none" or "per-axis-mean". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_smoothness_reduction_name(clf_smoothness_reduction reduction);

/**
 * The loss of Godard, Mac Aodha, Brostow, "Unsupervised Monocular Depth Estimation with Left-Right Consistency" (2017),
 * equation 3, and its second-order form as Jonschkowski et al., "What Matters in Unsupervised Optical Flow" (2020):
 *
 *   t_x = |D d| * exp(-a * |E I|) along x, t_y likewise along y
 *   order 1: D d = d[j+1] - d[j],            E I = I[j+1] - I[j];  t is 0 in the last column (row)
 *   order 2: D d = d[j+2] - 2 d[j+1] + d[j], E I = I[j+2] - I[j];  t is 0 in the last two
 *
 * |.| of the image runs over its channels as `norm` says. H or W of 1 is allowed; what cannot be differenced counts 0.
 * Gradients: sign(0) = 0, and the gradient of a norm at 0 is 0. Sums are compensated, so that the error does not grow
 * with the size, and ordered, so that one device gives the same bits every time. Relative error of the loss and of its
 * gradients (to their largest element): 1e-5 in f32, 1e-12 in f64. NaN and Inf reach the loss and the gradients of the
 * elements whose differences hold them.
 *
 * A view whose fields are all zero is not asked for; one output at least must be. Zero in every field but disparity,
 * image and an output is a default.
 *
 * Operands of clf_execute: 0 disparity, 1 image, then those given of grad_loss, loss, grad_disparity, grad_image.
 */
typedef struct clf_smoothness_desc {
    clf_view disparity;       /**< d, (N, 1, H, W): f32, f64 or f16 */
    clf_view image;           /**< I, (N, C, H, W): disparity's dtype, or f16, u8, u16, i16 beside f32 */
    clf_view grad_loss;       /**< the gradient handed in, of the loss's shape; f32 (f64 with f64); not given: 1 */
    clf_view loss;            /**< one element, shape {1}; with reduction none (N, 1, H, W); f32 (f64 with f64) */
    clf_view grad_disparity;  /**< dL/dd, disparity's shape; f32 (f64 with f64) */
    clf_view grad_image;      /**< dL/dI, image's shape; f32 (f64 with f64) */
    clf_smoothness_norm norm; /**< default l2 */
    clf_smoothness_reduction reduction; /**< default mean */
    int order;                          /**< of the differences: 1 or 2; 0, the default, means 1 */
    double edge_weight;                 /**< a, finite and > 0; 0, the default, means 1 */
    bool ignore_image;                  /**< true: a = 0, every weight is 1; edge_weight must be 0 then */
    clf_plan_options options;
} clf_smoothness_desc;

/**
 * Plans the loss, its gradients, or both: one pass over disparity and image whatever is asked for.
 *
 * @param context  where; shared by any number of threads
 * @param desc     what; see clf_smoothness_desc. Borrowed until the call returns, buffers excepted.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW (rank other than 4 among others); CLF_INVALID_VALUE;
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
