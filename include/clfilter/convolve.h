/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file convolve.h
 * Convolution and correlation, and kernels by name.
 */
#ifndef CLFILTER_CONVOLVE_H
#define CLFILTER_CONVOLVE_H

#include <clfilter/border.h>
#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Which outputs a convolution has, for N inputs, K taps, stride s and dilation d along an axis. */
typedef enum clf_mode {
    CLF_MODE_SAME = 0, /**< ceil(N/s), centred as clf_convolve_desc says */
    CLF_MODE_VALID,    /**< floor((N - d*(K-1) - 1)/s) + 1: only windows inside the input; the first begins on x[0] */
    CLF_MODE_FULL      /**< floor((N + d*(K-1) - 1)/s) + 1: every window that touches it; the first ends on x[0] */
} clf_mode;

/** "same", "valid" or "full". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_mode_name(clf_mode mode);

/**
 * A convolution or correlation. Zero in every field but src, dst and one of kernel and kernel_view is a default.
 *
 * With K taps w[0..K-1] along an axis, centre c = K/2 (integer division) + origin, stride s and dilation d:
 *   correlation  y[i] = sum_k w[k] * x~[s*i + d*(k - c)]
 *   convolution  y[i] = sum_k w[k] * x~[s*i - d*(k - c)]
 * and over several axes the sums multiply out. torch conv2d and OpenCV filter2D are correlations;
 * scipy.ndimage.convolve and correlate equal these for every size and origin; scipy.signal.convolve2d(mode="same")
 * and torch padding="same" centre an even kernel one tap earlier, which is origin -1 here.
 *
 * Kernel: of rank 1, 2 or 3, applied along the last 1, 2 or 3 axes of src (or along `axes`); every plane of the other
 * axes is filtered with the same kernel.
 *
 * Bank: a kernel of rank 2 + n, shape (O, I/groups, k...), mixes channels as torch conv2d does:
 *   y[b, o] = bias[o] + sum_c w[o, c] (*) x[b, c],  c over the I/groups channels of o's group
 * src is (..., I, spatial...), dst (..., O, spatial...). Depthwise is groups = I with a kernel (I, 1, k...). A kernel
 * of rank 4 is a bank over 2 axes, of rank 5 over 3; a bank over 1 axis, of rank 3, needs axis_count = 1. Interleaved
 * (NHWC) images are permuted views, or axes = {-3, -2}: the channels are then the last axis not filtered.
 *
 * Separable kernels are given by `factors`, or found: a kernel that is, within the error bound below, a sum of few
 * products of 1-D kernels is filtered that way where that is cheaper ("conv.separable").
 *
 * Result: f32 and f64 are within 2*K*eps*(sum |w|)*(max |x~|) of the formula, K being all taps together and eps that of
 * the type; a bias counts as one tap more. NaN and Inf reach exactly the outputs whose window holds them, as what the
 * formula gives; but where "conv.separable" adds several products an infinity may become NaN. u8, u16 and i16 outputs
 * are rounded to nearest even and saturated; NaN becomes 0.
 *
 * Fourier transforms ("conv.tile", "conv.fft") take over where kernels are large: finite taps, no bank, from 32 taps on
 * unless asked for by name. There the relative L2 error of the output is within 1e-6 in f32 and 1e-14 in f64, and each
 * element within that part of (sum |w|)*(max |x~|), which from 32 taps on is inside the bound above; so integer outputs
 * may be rounded differently only where the exact value is that close to a half. NaN and Inf in src spread over the
 * whole transform that meets them: a pair of tiles of up to 1280 x 1280 elements, or the whole input. Name
 * "conv.direct" or "conv.general" in options.solver where they must stay in their windows.
 *
 * Operands of clf_execute: 0 src, 1 dst, 2 kernel_view and 3 bias_view where they are used.
 */
typedef struct clf_convolve_desc {
    clf_view src;         /**< input: f32, f64, f16, u8, u16 or i16; rank >= the kernel's */
    clf_view dst;         /**< output: src's shape with the filtered extents as `mode` says; src's dtype or f32 (from
                               f64: f64 only); must not overlap itself or src */
    clf_array kernel;     /**< taps in host memory, f32 or f64, any strides. Borrowed until planning returns. */
    clf_view kernel_view; /**< or taps in device memory, f32 (f64 where src is), read at every execution. */
    clf_array factors[CLF_MAX_FILTER_AXES]; /**< or 1-D taps, f32 or f64, one array for each filtered axis, outermost
                               first: the kernel is their outer product. Borrowed until planning returns. */
    clf_array bias; /**< of a bank whose kernel is in host memory: (O), f32 or f64; default none. Borrowed likewise. */
    clf_view bias_view; /**< of a bank whose kernel is a view: (O), of the kernel's dtype; default none. */
    int groups;         /**< of a bank; divides I and O; 0, the default, means 1 */
    int axis_count;     /**< filtered axes; 0, the default: the kernel's rank up to 3, 2 for rank 4, 3 for rank 5 */
    int axes
        [CLF_MAX_FILTER_AXES]; /**< which axes of src are filtered, in the kernel's order, counted from the end: -1 is
                               the last; all 0, the default: the last ones */
    clf_border border[CLF_MAX_FILTER_AXES]; /**< per filtered axis, outermost first; default reflect */
    double cval;   /**< v of CLF_BORDER_CONSTANT; default 0. Converted to the arithmetic's type. Not NaN. */
    clf_mode mode; /**< default same. `border` is not looked at in valid mode. */
    int origin[CLF_MAX_FILTER_AXES];   /**< per filtered axis, -(K/2) <= origin <= (K-1)/2; default 0, and 0 is the only
                                           value in valid and full modes, where it has no meaning */
    int stride[CLF_MAX_FILTER_AXES];   /**< s per filtered axis, >= 1; 0, the default, means 1 */
    int dilation[CLF_MAX_FILTER_AXES]; /**< d per filtered axis, >= 1; 0, the default, means 1 */
    clf_plan_options options;
} clf_convolve_desc;

/**
 * Plans y = w * x, a convolution (the kernel is flipped).
 *
 * @param context  where; shared by any number of threads
 * @param desc     what; see clf_convolve_desc. Borrowed until the call returns, buffers excepted.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_INVALID_VALUE (an unknown border or mode, a negative stride
 *         or dilation, a cval that is NaN, more than one kernel, groups that do not divide, axes that do not exist);
 *         CLF_SHAPE_MISMATCH; CLF_DTYPE_MISMATCH; CLF_OUT_OF_BOUNDS; CLF_OVERLAP; CLF_INVALID_ORIGIN;
 *         CLF_KERNEL_TOO_LARGE; CLF_INVALID_HANDLE; CLF_UNSUPPORTED (f64 on a device without it); CLF_NO_SOLVER;
 *         CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_convolve(clf_context *context, const clf_convolve_desc *desc, clf_plan **plan,
                                                 clf_error *error);

/** Plans a correlation (the kernel is not flipped). Everything else as clf_plan_convolve. */
CLF_API CLF_CHECKED clf_status clf_plan_correlate(clf_context *context, const clf_convolve_desc *desc, clf_plan **plan,
                                                  clf_error *error);

/**
 * Plans the adjoint of a convolution, which is its gradient with respect to the input.
 *
 * `desc` is that of the convolution A; its dst is read (the gradient g with respect to the output) and its src written:
 *   src = A^T dst,  so that <A x, g> = <x, A^T g> for every x and g,
 * for every border, mode, origin, stride, dilation and group. A constant border's cval and a bias do not matter, as the
 * derivative of the output with respect to the input does not hold them. Deterministic: gathered, never scattered.
 * Where the step is 1 and the border is constant, periodic in same mode, or not reached, the adjoint is a correlation
 * with the taps reversed and is solved by the solvers of one; clf_plan_problem then says so.
 * Result: f32 and f64 within 2*K*eps*(sum |w|)*(max |g|), K counting every tap that reaches an element, and at least
 * those of one window. Weights that are NaN or infinite are solved by "conv_adjoint.general" and reach no further
 * either.
 *
 * Operands of clf_execute: 0 dst, 1 src, 2 kernel_view where it is used.
 *
 * @param desc  src and dst f32, f64 or f16
 * @param plan  receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return as clf_plan_convolve; CLF_DTYPE_MISMATCH for integer tensors
 */
CLF_API CLF_CHECKED clf_status clf_plan_convolve_adjoint(clf_context *context, const clf_convolve_desc *desc,
                                                         clf_plan **plan, clf_error *error);

/** Plans the adjoint of a correlation. Everything else as clf_plan_convolve_adjoint. */
CLF_API CLF_CHECKED clf_status clf_plan_correlate_adjoint(clf_context *context, const clf_convolve_desc *desc,
                                                          clf_plan **plan, clf_error *error);

/**
 * Plans the gradient of a convolution with respect to its weights, and to its bias where bias_view is given.
 *
 * `desc` is that of the convolution; src (x) and dst (the gradient g with respect to the output) are read, kernel_view
 * and bias_view are written:
 *   kernel[o, c, k] = sum_b sum_i g[b, o, i] * x~[b, c, s*i - d*(k - centre)],   bias[o] = sum_b sum_i g[b, o, i]
 * (correlations: + d*(k - centre)). Deterministic: two stages, rows added with compensation; the same bits every run on
 * one device. Result: f32 and f64 within (N + 4)*eps*(sum |g| |x~|), N being the outputs along the last filtered axis.
 *
 * Operands of clf_execute: 0 src, 1 dst, 2 kernel_view, 3 bias_view where it is given.
 *
 * @param desc  src and dst f32, f64 or f16; kernel_view, of the kernel's shape, f32 (f64 where src is), is required
 * @param plan  receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return as clf_plan_convolve; CLF_DTYPE_MISMATCH for integer tensors
 */
CLF_API CLF_CHECKED clf_status clf_plan_convolve_weights(clf_context *context, const clf_convolve_desc *desc,
                                                         clf_plan **plan, clf_error *error);

/** Plans the gradient of a correlation with respect to its weights. Everything else as clf_plan_convolve_weights. */
CLF_API CLF_CHECKED clf_status clf_plan_correlate_weights(clf_context *context, const clf_convolve_desc *desc,
                                                          clf_plan **plan, clf_error *error);

/**
 * The output shape of a convolution: src's with the filtered extents as mode, stride and dilation make them.
 * Looks at src's rank and shape, the kernel's, mode, stride and dilation only; no buffer is needed.
 * @param shape  receives desc->src.rank extents
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_INVALID_VALUE; CLF_SHAPE_MISMATCH (the kernel's rank);
 *         CLF_KERNEL_TOO_LARGE.
 */
CLF_API CLF_CHECKED clf_status clf_convolve_shape(const clf_convolve_desc *desc, int64_t shape[CLF_MAX_RANK],
                                                  clf_error *error);

/**
 * Makes the taps of a kernel by name, f32, as correlations read them (so "sobel-x" correlated gives a positive answer
 * where values rise with x; convolved, a negative one).
 *
 *   sobel-x, sobel-y   3x3: (1 2 1) across, (-1 0 1) along; not normalised
 *   laplacian          3x3: 0 1 0, 1 -4 1, 0 1 0 (scipy.ndimage.laplace)
 *   box:N              NxN, every tap 1/N^2; 1 <= N <= 4096
 *   gaussian:SIGMA     2R+1 square, R = floor(4*SIGMA + 0.5) (truncated at 4 sigma, scipy.ndimage.gaussian_filter),
 *                      taps exp(-(x^2 + y^2)/(2 SIGMA^2)) normalised to sum 1; 0 < SIGMA <= 512
 *
 * @param name      one of the above; borrowed until the call returns
 * @param taps      receives the taps, rows first, or NULL to ask for the shape only
 * @param capacity  elements that `taps` holds
 * @param shape     receives the two extents
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_PARSE_ERROR (not a kernel's name); CLF_INVALID_VALUE (N or SIGMA);
 *         CLF_OUT_OF_BOUNDS (capacity too small).
 */
CLF_API CLF_CHECKED clf_status clf_kernel_by_name(const char *name, float *taps, size_t capacity, int64_t shape[2],
                                                  clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
