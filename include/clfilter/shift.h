/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file shift.h
 * Translation by whole samples and by fractions.
 */
#ifndef CLFILTER_SHIFT_H
#define CLFILTER_SHIFT_H

#include <clfilter/border.h>
#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Every interpolation, as X(enumerator, value, name). */
#define CLF_SHIFT_METHOD_TABLE(X)                                                                                \
    X(CLF_SHIFT_WHOLE, 0, "whole")     /* none: every shift is a whole number; elements are moved bit for bit */ \
    X(CLF_SHIFT_LINEAR, 1, "linear")   /* linear interpolation: scipy.ndimage.shift(order=1) */                  \
    X(CLF_SHIFT_CUBIC, 2, "cubic")     /* the cubic spline through the samples: scipy.ndimage.shift(order=3) */  \
    X(CLF_SHIFT_FOURIER, 3, "fourier") /* the trigonometric polynomial through the samples */

/**
 * How values between the samples are found. CLF_SHIFT_FOURIER has a periodic border: it is the real part of
 * scipy.ndimage.fourier_shift, one axis after the other.
 */
typedef enum clf_shift_method {
#define CLF_ENUMERATOR(name, value, text) name = (value),
    CLF_SHIFT_METHOD_TABLE(CLF_ENUMERATOR)
#undef CLF_ENUMERATOR
} clf_shift_method;

/** "whole", "linear", "cubic" or "fourier". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_shift_method_name(clf_shift_method method);

/**
 * Translation of a tensor. Every field except src and dst may be left zero, its default.
 *
 *   y[i] = x~[i - t], t = by, along every axis
 *
 * Positive t moves the content towards higher indices. With a periodic border and whole samples this is numpy.roll;
 * with a constant border, a plain translation. It commutes with convolution: everywhere if the border is periodic, away
 * from the ends otherwise. With a stride s, a shift by s*t before the convolution equals a shift by t after it.
 *
 * For fractions, x~ is interpolated along one axis after the other; an axis with a whole t is moved exactly. Linear and
 * cubic agree with scipy.ndimage.shift, whose modes mirror, grid-wrap, reflect, nearest and grid-constant correspond to
 * reflect, periodic, symmetric, replicate and constant. (SciPy's `constant` does not interpolate across the ends. For
 * nearest and grid-constant, SciPy's cubic spline pads by twelve samples; clfilter continues the border without end,
 * which makes a difference of some 1e-7 of the largest value.)
 *
 * The cubic spline (Unser, 1999) passes through every sample, so each output depends on its whole line, with weights
 * that shrink by a factor of 0.27 per sample of distance: a NaN or Inf affects its whole line. f16 and integers are
 * computed in f32; integers are rounded to nearest even and saturated. For each interpolated axis, the error relative
 * to the largest value is at most 8 eps with linear and 64 eps with cubic interpolation.
 *
 * With Fourier transforms at most three axes can move. The relative L2 error is at most 1e-6 in f32 and 1e-14 in f64; a
 * NaN or Inf affects its whole transform. VkFFT accepts every extent except 1 for the last axis that moves; clFFT
 * accepts extents without prime factors other than 2, 3, 5 and 7. If no available library can transform the extents,
 * planning returns CLF_NO_SOLVER.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_shift_desc {
    clf_view src;            /**< input: any dtype with whole samples, otherwise f32, f64, f16, u8, u16 or i16 */
    clf_view dst;            /**< output, src's shape and dtype; must not overlap itself or src */
    double by[CLF_MAX_RANK]; /**< t per axis of src, outermost first; default 0; finite, below 2^50 */
    clf_border border[CLF_MAX_RANK]; /**< per axis; default reflect; must be periodic with fourier */
    double cval;                     /**< v of CLF_BORDER_CONSTANT, converted to the dtype; default 0; not NaN */
    clf_shift_method method;         /**< default whole */
    clf_plan_options options;
} clf_shift_desc;

/**
 * Plans a translation.
 *
 * @param context  may be shared by any number of threads
 * @param desc     see clf_shift_desc. Borrowed until the call returns, except for its buffers.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_INVALID_VALUE (a fraction with CLF_SHIFT_WHOLE, a shift or
 *         cval of NaN, an unknown border or method, fourier with another border or with more than three axes);
 *         CLF_SHAPE_MISMATCH; CLF_DTYPE_MISMATCH; CLF_OUT_OF_BOUNDS; CLF_OVERLAP; CLF_INVALID_HANDLE; CLF_UNSUPPORTED
 *         (f64 on a device without it); CLF_NO_SOLVER; CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY;
 *         CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_shift(clf_context *context, const clf_shift_desc *desc, clf_plan **plan,
                                              clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
