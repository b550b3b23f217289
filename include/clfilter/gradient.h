/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file gradient.h
 * Derivatives of images and tensors, in one pass over the input.
 */
#ifndef CLFILTER_GRADIENT_H
#define CLFILTER_GRADIENT_H

#include <clfilter/border.h>
#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a derivative along x is taken; along y likewise. */
typedef enum clf_gradient_operator {
    CLF_GRADIENT_CENTRAL = 0, /**< x~[j+1] - x~[j-1]; scale 0.5 makes it the normalised derivative */
    CLF_GRADIENT_SOBEL        /**< the central difference smoothed across by 1 2 1 (3x3, not normalised) */
} clf_gradient_operator;

/** "central" or "sobel". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_gradient_operator_name(clf_gradient_operator op);

/**
 * Derivatives of every plane of a tensor along its last two axes, fused into one pass over the input.
 * Zero in every field but src and dst is a default.
 *
 *   dx = scale * D_x x~,  dy = scale * D_y x~,  magnitude = sqrt(dx^2 + dy^2 + eps)
 *
 * On a reflect border the central difference is exactly 0 across that border. Squares are formed in the arithmetic's
 * type: beyond about 1.8e19 in f32 they overflow to Inf, as the formula does.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_gradient_desc {
    clf_view src;         /**< (..., H, W): f32, f64, f16, u8, u16 or i16 */
    clf_view dst;         /**< the magnitude; src's shape, f32 (f64 where src is f64); must not overlap itself or src */
    clf_gradient_operator op; /**< default central */
    clf_border border[2]; /**< y, x; default reflect */
    double cval;          /**< v of CLF_BORDER_CONSTANT; default 0; not NaN */
    double scale;         /**< factor of dx and dy; 0, the default, means 1; finite */
    double eps;           /**< added under the root; default 0; finite, >= 0 */
    clf_plan_options options;
} clf_gradient_desc;

/**
 * Plans the derivative magnitude.
 *
 * @param context  where; shared by any number of threads
 * @param desc     what; see clf_gradient_desc. Borrowed until the call returns, buffers excepted.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW (rank < 2 among others); CLF_INVALID_VALUE; CLF_SHAPE_MISMATCH;
 *         CLF_DTYPE_MISMATCH; CLF_OUT_OF_BOUNDS; CLF_OVERLAP; CLF_INVALID_HANDLE; CLF_UNSUPPORTED; CLF_NO_SOLVER;
 *         CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_gradient(clf_context *context, const clf_gradient_desc *desc, clf_plan **plan,
                                                 clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
