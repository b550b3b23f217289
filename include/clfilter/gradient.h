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

/** Every derivative, as X(enumerator, value, name). */
#define CLF_GRADIENT_OPERATOR_TABLE(X)                                                                              \
    X(CLF_GRADIENT_CENTRAL, 0, "central")   /* x~[j+1] - x~[j-1]; with scale 0.5 it is the normalised derivative */ \
    X(CLF_GRADIENT_SOBEL, 1, "sobel")       /* the central difference smoothed across by 1 2 1 (not normalised) */  \
    X(CLF_GRADIENT_FORWARD, 2, "forward")   /* x~[j+1] - x~[j] */                                                   \
    X(CLF_GRADIENT_BACKWARD, 3, "backward") /* x~[j] - x~[j-1] */                                                   \
    X(CLF_GRADIENT_SCHARR, 4, "scharr")     /* the central difference smoothed across by 3 10 3 (not normalised) */ \
    X(CLF_GRADIENT_PREWITT, 5, "prewitt")   /* the central difference smoothed across by 1 1 1 (not normalised) */  \
    X(CLF_GRADIENT_GAUSSIAN, 6, "gaussian") /* derivative of a Gaussian of `sigma` */

/**
 * How a derivative is computed, written here as a correlation along x; along other axes likewise. In two dimensions the
 * 3x3 operators smooth along the other axis, in three along both others (as do scipy.ndimage.sobel and prewitt). The
 * Gaussian is truncated at floor(4*sigma + 0.5): scipy.ndimage.gaussian_filter with order 1 along the axis, 0 along the
 * others.
 */
typedef enum clf_gradient_operator {
#define CLF_ENUMERATOR(name, value, text) name = (value),
    CLF_GRADIENT_OPERATOR_TABLE(CLF_ENUMERATOR)
#undef CLF_ENUMERATOR
} clf_gradient_operator;

/** "central", "sobel", ... Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_gradient_operator_name(clf_gradient_operator op);

/**
 * Derivatives of every plane of a tensor along its last two axes (or of every volume along its last three). All
 * requested outputs are computed in one pass over the input. Every field except src and one output may be left zero,
 * its default.
 *
 *   dx = scale * D_x x~,  dy = scale * D_y x~,  dz = scale * D_z x~ (with axes = 3; otherwise it counts as 0)
 *   squared = dx^2 + dy^2 + dz^2 + eps,  magnitude = sqrt(squared),  l1 = |dx| + |dy| + |dz|
 *   orientation = atan2(dy, dx), in radians, -pi to pi, y pointing down
 *
 * With a reflect border the central difference across that border is exactly 0. Every output is right wherever it fits
 * its type, however small or great the elements are: squares that vanish or overflow on the way to the magnitude do no
 * harm, nor do sums that overflow on the way to a derivative of three taps. `squared` itself is Inf beyond the type's
 * range. A Gaussian's derivatives are finite where the sum of the absolute weights, scale included, times the greatest
 * element fits the type. NaN and Inf affect only the outputs whose window contains them. With the operator gaussian the
 * magnitude is scipy.ndimage.gaussian_gradient_magnitude.
 *
 * Outputs: leave all fields of a view zero to omit that output. Every output has src's shape, and all have the same
 * dtype: f64 if src is f64; otherwise f32, or f16 if src is f16. None may overlap itself, another output or src.
 *
 * Operands of clf_execute: 0 src, then the requested outputs in the order of the fields.
 */
typedef struct clf_gradient_desc {
    clf_view src;             /**< (..., H, W) or (..., D, H, W): f32, f64, f16, u8, u16 or i16 */
    clf_view dst;             /**< the magnitude */
    clf_view dx;              /**< the derivative along the last axis */
    clf_view dy;              /**< along the second-to-last axis */
    clf_view dz;              /**< along the third-to-last axis; with axes = 3 only */
    clf_view squared;         /**< the squared magnitude, eps included */
    clf_view l1;              /**< the sum of absolute derivatives */
    clf_view orientation;     /**< the angle of (dx, dy); with axes = 2 only */
    clf_gradient_operator op; /**< default central */
    double sigma; /**< for the operator gaussian, in elements: 0 < sigma <= 128, with three axes <= 8; otherwise 0 */
    int axes;     /**< number of last axes to derive along: 2 or 3; 0, the default, means 2 */
    clf_border border[CLF_MAX_FILTER_AXES]; /**< per such axis, outermost first (y, x or z, y, x); default reflect */
    double cval;                            /**< v of CLF_BORDER_CONSTANT; default 0; not NaN */
    double scale;                           /**< factor for dx, dy and dz; 0, the default, means 1; finite */
    double eps;                             /**< added to the squares; default 0; finite, >= 0 */
    clf_plan_options options;
} clf_gradient_desc;

/**
 * Plans derivatives and the quantities computed from them.
 *
 * @param context  may be shared by any number of threads
 * @param desc     see clf_gradient_desc. Borrowed until the call returns, except for its buffers.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW (for example, rank < axes); CLF_INVALID_VALUE (for example, no
 *         output); CLF_SHAPE_MISMATCH; CLF_DTYPE_MISMATCH; CLF_OUT_OF_BOUNDS; CLF_OVERLAP; CLF_INVALID_HANDLE;
 *         CLF_UNSUPPORTED; CLF_NO_SOLVER; CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY;
 *         CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_gradient(clf_context *context, const clf_gradient_desc *desc, clf_plan **plan,
                                                 clf_error *error);

/**
 * The backward pass of clf_plan_gradient: from the gradients with respect to its outputs to that with respect to its
 * input,
 *
 *   grad_src = D_x'(grad_dx + grad_magnitude * dx/magnitude + grad_squared * 2 dx + grad_l1 * sign(dx)
 *                   - grad_orientation * dy/(dx^2 + dy^2)) * scale + the same along y (and z), with
 *                   + dx/(...) for the orientation
 *
 * where D' is the adjoint of the derivative with its border: gradients of elements that the border repeats are added to
 * the element repeated, and those of the border's constant are dropped. The magnitude's term is 0 where the magnitude
 * is 0, that of l1 where the derivative is 0, the orientation's where both derivatives are: as they are before they are
 * scaled, so that a small scale makes none of them 0. Terms are right wherever they fit the type, whether derivatives,
 * their squares and the magnitude do or not (of a Gaussian, derivatives must). Deterministic: every element gathers its
 * terms in a fixed order.
 *
 * Fields are as in clf_gradient_desc and must have the values of the forward pass. Leave all fields of a view zero if
 * that gradient is not given; at least one must be. All have src's shape and grad_src's dtype. Scratch: twice the
 * number of derived axes times the size of grad_src.
 *
 * Operands of clf_execute: src if given, the given gradients in the order of the fields, grad_src.
 */
typedef struct clf_gradient_backward_desc {
    clf_view src;          /**< the input of the forward pass; needed unless only grad_dx, grad_dy, grad_dz are given */
    clf_view grad_dst;     /**< with respect to the magnitude */
    clf_view grad_dx;      /**< to the derivative along the last axis */
    clf_view grad_dy;      /**< to that along the second-to-last axis */
    clf_view grad_dz;      /**< to that along the third-to-last axis; with axes = 3 only */
    clf_view grad_squared; /**< to the squared magnitude */
    clf_view grad_l1;      /**< to the sum of absolute derivatives */
    clf_view grad_orientation; /**< to the angle; with axes = 2 only */
    clf_view grad_src;         /**< receives the gradient: f32, or f64 if src is f64; must not overlap the others */
    clf_gradient_operator op;
    double sigma;
    int axes;
    clf_border border[CLF_MAX_FILTER_AXES];
    double cval;
    double scale;
    double eps;
    clf_plan_options options;
} clf_gradient_backward_desc;

/** Plans the backward pass of derivatives. Parameters and statuses as for clf_plan_gradient. */
CLF_API CLF_CHECKED clf_status clf_plan_gradient_backward(clf_context *context, const clf_gradient_backward_desc *desc,
                                                          clf_plan **plan, clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
