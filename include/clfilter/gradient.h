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

/**
 * How a derivative is taken. Along x, as a correlation; along other axes likewise. In two dimensions the 3x3 operators
 * smooth along the other axis, in three along both others (scipy.ndimage.sobel and prewitt do so too).
 */
typedef enum clf_gradient_operator {
    CLF_GRADIENT_CENTRAL = 0, /**< x~[j+1] - x~[j-1]; scale 0.5 makes it the normalised derivative */
    CLF_GRADIENT_SOBEL,       /**< the central difference smoothed across by 1 2 1 (not normalised) */
    CLF_GRADIENT_FORWARD,     /**< x~[j+1] - x~[j] */
    CLF_GRADIENT_BACKWARD,    /**< x~[j] - x~[j-1] */
    CLF_GRADIENT_SCHARR,      /**< the central difference smoothed across by 3 10 3 (not normalised) */
    CLF_GRADIENT_PREWITT,     /**< the central difference smoothed across by 1 1 1 (not normalised) */
    CLF_GRADIENT_GAUSSIAN     /**< derivative of a Gaussian of `sigma`, truncated at floor(4*sigma + 0.5):
                                   scipy.ndimage.gaussian_filter with order 1 along the axis, 0 along the others */
} clf_gradient_operator;

/** "central", "sobel", ... Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_gradient_operator_name(clf_gradient_operator op);

/**
 * Derivatives of every plane of a tensor along its last two axes (or of every volume along its last three), fused into
 * one pass over the input, whatever is asked for. Zero in every field but src and one of the outputs is a default.
 *
 *   dx = scale * D_x x~,  dy = scale * D_y x~,  dz = scale * D_z x~ (with axes = 3; elsewhere it counts as 0)
 *   squared = dx^2 + dy^2 + dz^2 + eps,  magnitude = sqrt(squared),  l1 = |dx| + |dy| + |dz|
 *   orientation = atan2(dy, dx), in radians, -pi to pi, y pointing down
 *
 * On a reflect border the central difference is exactly 0 across that border. Squares are formed in the arithmetic's
 * type: beyond about 1.8e19 in f32 they overflow to Inf, as the formula does. NaN and Inf reach exactly the outputs
 * whose window holds them. With the operator gaussian the magnitude is scipy.ndimage.gaussian_gradient_magnitude.
 *
 * Outputs: a view whose fields are all zero is not asked for. Every output has src's shape and all have one dtype: f64
 * where src is f64, else f32, or f16 where src is f16. None may overlap itself, another or src.
 *
 * Operands of clf_execute: 0 src, then the outputs asked for, in the order of the fields.
 */
typedef struct clf_gradient_desc {
    clf_view src;             /**< (..., H, W) or (..., D, H, W): f32, f64, f16, u8, u16 or i16 */
    clf_view dst;             /**< the magnitude */
    clf_view dx;              /**< the derivative along the last axis */
    clf_view dy;              /**< along the last but one */
    clf_view dz;              /**< along the last but two; with axes = 3 only */
    clf_view squared;         /**< the squared magnitude, eps included */
    clf_view l1;              /**< the sum of absolute derivatives */
    clf_view orientation;     /**< the angle of (dx, dy); with axes = 2 only */
    clf_gradient_operator op; /**< default central */
    double sigma; /**< of the operator gaussian, in elements: 0 < sigma <= 128, with three axes <= 8; else 0 */
    int axes;     /**< derived, the last ones: 2 or 3; 0, the default, means 2 */
    clf_border border[CLF_MAX_FILTER_AXES]; /**< of those axes, outermost first (y, x or z, y, x); default reflect */
    double cval;                            /**< v of CLF_BORDER_CONSTANT; default 0; not NaN */
    double scale;                           /**< factor of dx, dy and dz; 0, the default, means 1; finite */
    double eps;                             /**< added to the squares; default 0; finite, >= 0 */
    clf_plan_options options;
} clf_gradient_desc;

/**
 * Plans derivatives and what is made of them.
 *
 * @param context  where; shared by any number of threads
 * @param desc     what; see clf_gradient_desc. Borrowed until the call returns, buffers excepted.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW (rank < axes among others); CLF_INVALID_VALUE (no output among
 *         others); CLF_SHAPE_MISMATCH; CLF_DTYPE_MISMATCH; CLF_OUT_OF_BOUNDS; CLF_OVERLAP; CLF_INVALID_HANDLE;
 *         CLF_UNSUPPORTED; CLF_NO_SOLVER; CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY;
 *         CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_gradient(clf_context *context, const clf_gradient_desc *desc, clf_plan **plan,
                                                 clf_error *error);

/**
 * The backward of clf_plan_gradient: from the gradients of its outputs to that of its input,
 *
 *   grad_src = D_x'(grad_dx + grad_magnitude * dx/magnitude + grad_squared * 2 dx + grad_l1 * sign(dx)
 *                   - grad_orientation * dy/(dx^2 + dy^2)) * scale + the same along y (and z), of orientation +
 *                   dx/(...)
 *
 * where D' is the adjoint of the derivative with its border: what the border repeats hands back to where it came from,
 * and the border's constant receives nothing. The magnitude's part is 0 where the magnitude is 0, l1's where the
 * derivative is 0, the orientation's where both are. Deterministic: every element gathers, in one order.
 *
 * Fields are as in clf_gradient_desc, and must be what the forward was planned with. A view whose fields are all zero
 * is not given; one gradient at least must be. All have src's shape and grad_src's dtype. Scratch: twice the axes
 * derived times the size of grad_src.
 *
 * Operands of clf_execute: src where given, the gradients given in the order of the fields, grad_src.
 */
typedef struct clf_gradient_backward_desc {
    clf_view src;              /**< the forward's input; needed unless only grad_dx, grad_dy, grad_dz are given */
    clf_view grad_dst;         /**< of the magnitude */
    clf_view grad_dx;          /**< of the derivative along the last axis */
    clf_view grad_dy;          /**< along the last but one */
    clf_view grad_dz;          /**< along the last but two; with axes = 3 only */
    clf_view grad_squared;     /**< of the squared magnitude */
    clf_view grad_l1;          /**< of the sum of absolute derivatives */
    clf_view grad_orientation; /**< of the angle; with axes = 2 only */
    clf_view grad_src;         /**< receives the gradient: f32, f64 where src is f64; must not overlap the others */
    clf_gradient_operator op;
    double sigma;
    int axes;
    clf_border border[CLF_MAX_FILTER_AXES];
    double cval;
    double scale;
    double eps;
    clf_plan_options options;
} clf_gradient_backward_desc;

/** Plans the backward of derivatives. Parameters and statuses as clf_plan_gradient. */
CLF_API CLF_CHECKED clf_status clf_plan_gradient_backward(clf_context *context, const clf_gradient_backward_desc *desc,
                                                          clf_plan **plan, clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
