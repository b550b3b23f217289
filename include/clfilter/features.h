/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file features.h
 * Features built on derivatives: Laplacians, structure tensors and corners, edges.
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
 * sigma = 0: D is 1 -2 1 along its axis (scipy.ndimage.laplace). sigma > 0: D is the second derivative of a Gaussian
 * along its axis, smoothed by that Gaussian along the others, truncated at floor(4*sigma + 0.5)
 * (scipy.ndimage.gaussian_laplace). Every field except src and dst may be left zero, its default.
 *
 * Written as one kernel of K taps w, its errors are within 2*K*eps*(sum |w|)*(max |x~|), with the eps of f32 (of f64 if
 * src is f64); f16 results are rounded from that. A NaN or Inf affects only the outputs whose window contains it.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_laplace_desc {
    clf_view src; /**< (..., H, W) or (..., D, H, W): f32, f64, f16, u8, u16 or i16 */
    clf_view dst; /**< src's shape; f32 (f64 if src is f64), or f16 if src is f16; must not overlap itself or src */
    double sigma; /**< 0, or the Gaussian's sigma, in elements: up to 128, with three axes up to 8 */
    int axes;     /**< number of last axes to derive along: 2 or 3; 0, the default, means 2 */
    clf_border border[CLF_MAX_FILTER_AXES]; /**< per such axis, outermost first; default reflect */
    double cval;                            /**< v of CLF_BORDER_CONSTANT; default 0; not NaN */
    double scale;                           /**< factor; 0, the default, means 1; finite */
    clf_plan_options options;
} clf_laplace_desc;

/** Plans a Laplacian. Parameters and statuses as for clf_plan_gradient. */
CLF_API CLF_CHECKED clf_status clf_plan_laplace(clf_context *context, const clf_laplace_desc *desc, clf_plan **plan,
                                                clf_error *error);

/** Harris's response, from the determinant and trace of the structure tensor. */
typedef enum clf_harris_method {
    CLF_HARRIS_K = 0, /**< det - k * trace^2 (Harris, Stephens 1988) */
    CLF_HARRIS_EPS    /**< 2 * det / (trace + eps) (Noble 1989) */
} clf_harris_method;

/**
 * The structure tensor of every plane: products of Sobel derivatives, smoothed by a Gaussian,
 *
 *   yy = G(dy*dy), xy = G(dx*dy), xx = G(dx*dx)
 *
 * (rr, rc, cc of skimage.feature.structure_tensor, whose default border is constant) and the Harris response computed
 * from it (skimage.feature.corner_harris). Request either the response or the three elements of the tensor; leave all
 * fields of the other views zero. Every field except src and the outputs may be left zero, its default. The border
 * continues src for the derivatives, and their products for the smoothing, both with cval. Scratch: six times the size
 * of an f32 plane.
 *
 * If X is the largest |x~|, derivatives d are within b = 144*eps*X of the formula, so products are within
 * e = 2*|d|*b + b^2 + eps*d^2, and elements of the tensor, smoothed by K taps along each axis, within
 * e + 4*K*eps*(max(d^2, |cval|) + e).
 * The response is its formula applied to such elements, in f32 (f64 if src is f64); it is right wherever it fits the
 * type, though its products may not. Products of derivatives that are beyond the range of the type are Inf, and so are
 * the outputs whose window contains them. A NaN or Inf affects only the outputs whose window contains it.
 *
 * Operands of clf_execute: 0 src, then the requested outputs in the order of the fields.
 */
typedef struct clf_structure_desc {
    clf_view src;             /**< (..., H, W): f32, f64, f16, u8, u16 or i16 */
    clf_view xx;              /**< G(dx*dx), src's shape; f32, or f64 if src is f64 */
    clf_view xy;              /**< G(dx*dy), likewise; xx, xy and yy can only be requested together */
    clf_view yy;              /**< G(dy*dy), likewise */
    clf_view response;        /**< Harris's response, likewise; not together with the others */
    double sigma;             /**< for the smoothing: 0 < sigma <= 128; 0, the default, means 1 */
    clf_harris_method method; /**< default k */
    double k;                 /**< k of method k, or eps of method eps; 0, the default, means 0.05 or 1e-6; finite */
    clf_border border[2];     /**< y, x; default reflect */
    double cval;              /**< v of CLF_BORDER_CONSTANT; default 0; not NaN */
    clf_plan_options options;
} clf_structure_desc;

/** Plans a structure tensor or Harris's response. Statuses as for clf_plan_gradient. */
CLF_API CLF_CHECKED clf_status clf_plan_structure(clf_context *context, const clf_structure_desc *desc, clf_plan **plan,
                                                  clf_error *error);

/**
 * Canny's edges of every plane (Canny 1986), as skimage.feature.canny finds them without a mask: Gaussian smoothing,
 * divided by the same smoothing of ones (which differs from 1 near a constant border); Sobel derivatives with a
 * symmetric border; thinning to interpolated maxima along the gradient; and hysteresis. An edge is a set of touching
 * pixels that all reach `low`, at least one of which reaches `high`. Pixels on the rim are never edges. Thresholds
 * apply to the magnitude sqrt(dx^2 + dy^2) in src's own units (an 8-bit image is not divided by 255). Everything runs
 * on the device. Scratch: some 32 bytes per element.
 *
 * Arithmetic is f32 (f64 if src is f64), so a magnitude that ties with a threshold or a neighbour, or a gradient on the
 * line between two sectors, may fall on the other side of it, and with it the edge that depends on it. With K taps
 * along each axis, X the largest |x~| and a divisor near 1, derivatives are within (64*K + 152)*eps*X, and 256*(K + 1)
 * times the type's smallest number, and magnitudes within 1.5 times that; anything closer is a tie. Every pixel that
 * does not depend on a tie is as the formula says, however small or great elements and thresholds are.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_canny_desc {
    clf_view src;         /**< (..., H, W): f32, f64, f16, u8, u16 or i16; at most 2^31 - 1 elements */
    clf_view dst;         /**< src's shape, u8: 255 on edges, 0 elsewhere; must not overlap itself or src */
    double sigma;         /**< for the smoothing: 0 < sigma <= 128; 0, the default, means 1 */
    double low, high;     /**< thresholds, 0 <= low <= high, finite; both 0, the default, means 0.1 and 0.2, times the
                            range of the type if src is an integer */
    clf_border border[2]; /**< y, x, for the smoothing; default reflect (skimage's default is CLF_BORDER_CONSTANT) */
    double cval;          /**< v of CLF_BORDER_CONSTANT; default 0; not NaN */
    clf_plan_options options;
} clf_canny_desc;

/** Plans Canny's edges. Statuses as for clf_plan_gradient. */
CLF_API CLF_CHECKED clf_status clf_plan_canny(clf_context *context, const clf_canny_desc *desc, clf_plan **plan,
                                              clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
