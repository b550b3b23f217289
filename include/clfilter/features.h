/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file features.h
 * What is found by derivatives: Laplacians, structure tensors and corners, edges.
 */
#ifndef CLFILTER_FEATURES_H
#define CLFILTER_FEATURES_H

#include <clfilter/border.h>
#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The Laplacian of every plane (or volume), in one pass: scale * (D_xx x~ + D_yy x~ [+ D_zz x~]).
 *
 * sigma 0: D is 1 -2 1 along its axis (scipy.ndimage.laplace). sigma > 0: D is the second derivative of a Gaussian
 * along its axis, smoothed by that Gaussian along the others, truncated at floor(4*sigma + 0.5)
 * (scipy.ndimage.gaussian_laplace). Zero in every field but src and dst is a default.
 *
 * With K taps w in the one kernel that this is, errors are within 2*K*eps*(sum |w|)*(max |x~|), eps that of f32 (of f64
 * where src is f64); f16 is rounded from that. A NaN or Inf reaches exactly the outputs whose window holds it.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_laplace_desc {
    clf_view src; /**< (..., H, W) or (..., D, H, W): f32, f64, f16, u8, u16 or i16 */
    clf_view
        dst; /**< src's shape; f32 (f64 where src is f64), or f16 where src is f16; must not overlap itself or src */
    double sigma; /**< 0, or of the Gaussian, in elements: up to 128, with three axes up to 8 */
    int axes;     /**< derived, the last ones: 2 or 3; 0, the default, means 2 */
    clf_border border[CLF_MAX_FILTER_AXES]; /**< of those axes, outermost first; default reflect */
    double cval;                            /**< v of CLF_BORDER_CONSTANT; default 0; not NaN */
    double scale;                           /**< factor; 0, the default, means 1; finite */
    clf_plan_options options;
} clf_laplace_desc;

/** Plans a Laplacian. Parameters and statuses as clf_plan_gradient. */
CLF_API CLF_CHECKED clf_status clf_plan_laplace(clf_context *context, const clf_laplace_desc *desc, clf_plan **plan,
                                                clf_error *error);

/** Harris's response, of the structure tensor's determinant and trace. */
typedef enum clf_harris_method {
    CLF_HARRIS_K = 0, /**< det - k * trace^2 (Harris, Stephens 1988) */
    CLF_HARRIS_EPS    /**< 2 * det / (trace + eps) (Noble 1989) */
} clf_harris_method;

/**
 * The structure tensor of every plane: products of Sobel's derivatives, smoothed by a Gaussian,
 *
 *   yy = G(dy*dy), xy = G(dx*dy), xx = G(dx*dx)
 *
 * (skimage.feature.structure_tensor's rr, rc, cc, with any border, default there constant) and Harris's response of it
 * (skimage.feature.corner_harris). Either the response or elements of the tensor are asked for: a view whose fields are
 * all zero is not. Zero in every field but src, the outputs and sigma is a default. The border continues src where it
 * is derived and the products where they are smoothed, both with cval. Scratch: six times the size of an f32 plane.
 *
 * With X the greatest |x~|, derivatives d are within b = 144*eps*X of the formula, so products within
 * e = 2*|d|*b + b^2 + eps*d^2, and elements of the tensor, smoothed by K taps along each axis, within
 * e + 4*K*eps*(max(d^2, |cval|) + e).
 * The response is what its formula makes of such elements, in f32 (f64 where src is f64). A NaN or Inf reaches exactly
 * the outputs whose window holds it.
 *
 * Operands of clf_execute: 0 src, then the outputs asked for, in the order of the fields.
 */
typedef struct clf_structure_desc {
    clf_view src;             /**< (..., H, W): f32, f64, f16, u8, u16 or i16 */
    clf_view xx;              /**< G(dx*dx), src's shape; f32, f64 where src is f64 */
    clf_view xy;              /**< G(dx*dy), likewise; xx, xy and yy are asked for together */
    clf_view yy;              /**< G(dy*dy), likewise */
    clf_view response;        /**< Harris's response, likewise; not together with the others */
    double sigma;             /**< of the smoothing: 0 < sigma <= 128; 0, the default, means 1 */
    clf_harris_method method; /**< default k */
    double k;             /**< k of the method k, default (0) 0.05; eps of the method eps, default (0) 1e-6; finite */
    clf_border border[2]; /**< y, x; default reflect */
    double cval;          /**< v of CLF_BORDER_CONSTANT; default 0; not NaN */
    clf_plan_options options;
} clf_structure_desc;

/** Plans a structure tensor or Harris's response. Statuses as clf_plan_gradient. */
CLF_API CLF_CHECKED clf_status clf_plan_structure(clf_context *context, const clf_structure_desc *desc, clf_plan **plan,
                                                  clf_error *error);

/**
 * Canny's edges of every plane (Canny 1986), as skimage.feature.canny finds them without a mask: Gaussian smoothing,
 * divided by the same smoothing of ones (where a border is constant that is not 1 beside it); Sobel's derivatives on a
 * symmetric border; thinning to maxima along the gradient, interpolated; and hysteresis, all of it on the device: an
 * edge is kept where it is `low` everywhere and `high` somewhere, touching pixels being one edge. Pixels on the rim are
 * never edges. Thresholds are of the magnitude sqrt(dx^2 + dy^2) of src as it is (an 8-bit image is not divided by
 * 255). Scratch: some 32 bytes an element.
 *
 * Arithmetic is f32 (f64 where src is f64): beside the formula a magnitude that ties with a threshold or a neighbour,
 * or a gradient on the line between two sectors, may fall on the other side, and with it the edge that hangs on it.
 * With K taps along each axis, X the greatest |x~| and a divisor near 1, derivatives are within (64*K + 152)*eps*X and
 * magnitudes within 1.5 times that; what is closer is a tie. Every pixel that hangs on none is as the formula has it.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_canny_desc {
    clf_view src;     /**< (..., H, W): f32, f64, f16, u8, u16 or i16; at most 2^31 - 1 elements */
    clf_view dst;     /**< src's shape, u8: 255 on edges, 0 elsewhere; must not overlap itself or src */
    double sigma;     /**< of the smoothing: 0 < sigma <= 128; 0, the default, means 1 */
    double low, high; /**< thresholds, 0 <= low <= high, finite; both 0, the default, means 0.1 and 0.2 times the range
                            of an integer src, 0.1 and 0.2 of any other */
    clf_border border[2]; /**< y, x, of the smoothing; CLF_BORDER_CONSTANT is skimage's default, reflect ours */
    double cval;          /**< v of CLF_BORDER_CONSTANT; default 0; not NaN */
    clf_plan_options options;
} clf_canny_desc;

/** Plans Canny's edges. Statuses as clf_plan_gradient. */
CLF_API CLF_CHECKED clf_status clf_plan_canny(clf_context *context, const clf_canny_desc *desc, clf_plan **plan,
                                              clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
