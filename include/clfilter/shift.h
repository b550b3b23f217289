/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file shift.h
 * Translation by whole samples and by fractions of one.
 */
#ifndef CLFILTER_SHIFT_H
#define CLFILTER_SHIFT_H

#include <clfilter/border.h>
#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What stands between the samples. */
typedef enum clf_shift_method {
    CLF_SHIFT_WHOLE = 0, /**< nothing: every shift is a whole number; elements are moved bit for bit */
    CLF_SHIFT_LINEAR,    /**< straight lines: scipy.ndimage.shift(order=1) */
    CLF_SHIFT_CUBIC,     /**< the cubic spline through the samples: scipy.ndimage.shift(order=3) */
    CLF_SHIFT_FOURIER    /**< the trigonometric polynomial through the samples, on a periodic border: the real part of
                              scipy.ndimage.fourier_shift, one axis after the other */
} clf_shift_method;

/** "whole", "linear", "cubic" or "fourier". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_shift_method_name(clf_shift_method method);

/**
 * Translation of a tensor. Zero in every field but src and dst is a default.
 *
 *   y[i] = x~[i - t], t = by, along every axis
 *
 * Positive t moves the content towards higher indices. On a periodic border and by whole samples this is numpy.roll; on
 * a constant one, a plain translation. Convolution commutes with it: everywhere on a periodic border, away from the
 * ends on the others; with a stride s, a shift by s*t before the convolution equals one by t after it.
 *
 * By fractions, x~ is continued between its samples along one axis after the other; an axis whose t is whole is moved
 * exactly. Linear and cubic equal scipy.ndimage.shift with the modes mirror, grid-wrap, reflect, nearest and
 * grid-constant for reflect, periodic, symmetric, replicate and constant. (Its `constant` does not interpolate across
 * the ends. Its cubic spline pads by twelve samples on nearest and grid-constant; this one continues the border for
 * ever, which differs by some 1e-7 of the largest value.)
 *
 * The cubic spline (Unser, 1999) passes through every sample, so each output depends on its whole line, by a factor
 * 0.27 less with each sample's distance: a NaN or Inf reaches its whole line. f16 and integers are computed in f32;
 * integers are rounded to nearest even and saturated. Linear is within 8 eps, cubic within 64 eps, of the formula for
 * each axis that is interpolated, relative to the largest value.
 *
 * By Fourier transforms at most three axes move. The relative L2 error is at most 1e-6 in f32 and 1e-14 in f64; a NaN
 * or Inf reaches its whole transform. VkFFT takes every extent, but 1 for the last axis that moves; clFFT those whose
 * only primes are 2, 3, 5 and 7. Where no library at hand takes the problem, planning says CLF_NO_SOLVER.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_shift_desc {
    clf_view src;                    /**< input: any dtype by whole samples; else f32, f64, f16, u8, u16 or i16 */
    clf_view dst;                    /**< output, src's shape and dtype; must not overlap itself or src */
    double by[CLF_MAX_RANK];         /**< t for each axis of src, outermost first; default 0; finite, below 2^50 */
    clf_border border[CLF_MAX_RANK]; /**< for each axis; default reflect; with fourier, periodic and nothing else */
    double cval;                     /**< v of CLF_BORDER_CONSTANT, as the dtype holds it; default 0; not NaN */
    clf_shift_method method;         /**< default whole */
    clf_plan_options options;
} clf_shift_desc;

/**
 * Plans a translation.
 *
 * @param context  where; shared by any number of threads
 * @param desc     what; see clf_shift_desc. Borrowed until the call returns, buffers excepted.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_INVALID_VALUE (a fraction by whole samples, a shift or cval
 *         that is no number, an unknown border or method, fourier on another border or on more than three axes);
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
