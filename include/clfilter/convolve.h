/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file convolve.h
 * Convolution and correlation, and named kernels.
 */
#ifndef CLFILTER_CONVOLVE_H
#define CLFILTER_CONVOLVE_H

#include <clfilter/border.h>
#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Every output extent, as X(enumerator, value, name). */
#define CLF_MODE_TABLE(X)                                                         \
    X(CLF_MODE_SAME, 0, "same")   /* windows centred as clf_convolve_desc says */ \
    X(CLF_MODE_VALID, 1, "valid") /* windows that lie inside the input */         \
    X(CLF_MODE_FULL, 2, "full")   /* windows that touch the input */

/**
 * The number of outputs along an axis with N inputs, K taps, stride s and dilation d. Same: ceil(N/s). Valid:
 * floor((N - d*(K-1) - 1)/s) + 1, the first window beginning at x[0]. Full: floor((N + d*(K-1) - 1)/s) + 1, the first
 * window ending at x[0].
 */
typedef enum clf_mode {
#define CLF_ENUMERATOR(name, value, text) name = (value),
    CLF_MODE_TABLE(CLF_ENUMERATOR)
#undef CLF_ENUMERATOR
} clf_mode;

/** "same", "valid" or "full". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_mode_name(clf_mode mode);

/**
 * A convolution or correlation. Every field except src, dst and the kernel (kernel, kernel_view or factors) may be left
 * zero, its default.
 *
 * With K taps w[0..K-1] along an axis, centre c = K/2 (integer division) + origin, stride s and dilation d:
 *   correlation  y[i] = sum_k w[k] * x~[s*i + d*(k - c)]
 *   convolution  y[i] = sum_k w[k] * x~[s*i - d*(k - c)]
 * and with several axes the sum runs over all of them. torch conv2d and OpenCV filter2D are correlations;
 * scipy.ndimage.convolve and correlate agree with these formulas for every size and origin;
 * scipy.signal.convolve2d(mode="same") and torch padding="same" centre an even kernel one tap earlier, which is origin
 * -1 here.
 *
 * Kernel: its rank is 1, 2 or 3, and it is applied along as many of src's last axes (or along `axes`). All other axes
 * are batch axes.
 *
 * Bank: a kernel of rank 2 + n and shape (O, I/groups, k...) mixes channels as torch conv2d does:
 *   y[b, o] = bias[o] + sum_c w[o, c] (*) x[b, c],  c over the I/groups channels of o's group
 * src is (..., I, spatial...), dst (..., O, spatial...). For a depthwise convolution, set groups = I and use a kernel
 * (I, 1, k...). A kernel of rank 4 is a bank over 2 axes, one of rank 5 a bank over 3; a bank over 1 axis has rank 3
 * and needs axis_count = 1. Describe interleaved (NHWC) images with a permuted view, or with axes = {-3, -2}: the
 * channels are then the last axis that is not filtered.
 *
 * A bank may have no outputs (O = 0), and no inputs: y is then the bias, or 0.
 *
 * Separable kernels can be given as `factors`. They are also detected: if a kernel is, within the error bound below, a
 * sum of a few products of 1-D kernels, it is applied in that form when that is cheaper ("conv.separable"). One product
 * over three axes may be applied as one axis, then the other two, with a tensor between them as scratch ("conv.axes";
 * clf_plan_get_cost tells how much).
 *
 * Views of any strides are taken as they are. Where neighbours along the last axis of src or dst lie apart, a plan may
 * keep a dense copy of that tensor as scratch ("conv.dense"; clf_plan_get_cost tells how much).
 *
 * Accuracy: f32 and f64 results are within 2*K*eps*(sum |w|)*(max |x~|) of the formula, where K is the total number of
 * taps (a bias counts as one more) and eps that of the type. NaN and Inf affect only the outputs whose window contains
 * them, and as the formula says, except that an infinity may become NaN if "conv.separable" adds several products. u8,
 * u16 and i16 outputs are rounded to nearest even and saturated; NaN becomes 0.
 *
 * Fourier transforms ("conv.tile", "conv.fft") are used for large kernels: with finite taps, without a bank, and from
 * 32 taps on unless a solver is requested by name. The relative L2 error of the output is then within 1e-6 in f32 and
 * 1e-14 in f64, and the error of each element is within the same fraction of (sum |w|)*(max |x~|), which is inside the
 * bound above from 32 taps on; an integer output can therefore be rounded differently only if the exact value is that
 * close to a half. NaN and Inf in src affect the outputs whose windows contain them, as above. So do elements far
 * beyond the rest, such as fill values of 1e20 (at least 2^16 times, with nothing between): the bounds of the other
 * outputs do not count them. "conv.fft" tells two such levels from the rest of a batch item; of more, it takes the
 * lower ones for the rest. Where there are any, a tile of "conv.tile" takes up to 5 times as long as a clean one, and
 * "conv.fft" up to 3 times, or 4 where there are both two such levels and Inf.
 *
 * Range: a finite src and finite weights give finite outputs wherever (sum |w|)*(max |x~|) fits the type, with every
 * solver. Transforms scale what they load by powers of two; K_total smallest subnormal numbers are added to the bounds.
 *
 * Operands of clf_execute: 0 src, 1 dst, 2 kernel_view and 3 bias_view if they are used.
 */
typedef struct clf_convolve_desc {
    clf_view src;         /**< input: f32, f64, f16, u8, u16 or i16; rank >= the kernel's */
    clf_view dst;         /**< output: src's shape except for the filtered extents, which follow from `mode`; src's
                               dtype or f32 (if src is f64: f64 only); must not overlap itself or src */
    clf_array kernel;     /**< taps in host memory, f32 or f64, any strides. Borrowed until planning returns. */
    clf_view kernel_view; /**< or taps in device memory, f32 (f64 if src is), read at every execution */
    clf_array factors[CLF_MAX_FILTER_AXES]; /**< or 1-D taps, f32 or f64, one array per filtered axis, outermost
                               first: the kernel is their outer product. Borrowed until planning returns. */
    clf_array bias; /**< for a bank with its kernel in host memory: (O), f32 or f64; default none. Borrowed likewise. */
    clf_view bias_view; /**< for a bank whose kernel is a view: (O), the kernel's dtype; default none */
    int groups;         /**< for a bank; divides I and O; 0, the default, means 1 */
    int axis_count;     /**< filtered axes; 0, the default: the kernel's rank up to 3, 2 for rank 4, 3 for rank 5 */
    int axes[CLF_MAX_FILTER_AXES]; /**< the filtered axes of src, in the kernel's order, counted from the end: -1 is the
                               last; all 0, the default: the last ones */
    clf_border border[CLF_MAX_FILTER_AXES]; /**< per filtered axis, outermost first; default reflect */
    double cval;   /**< v of CLF_BORDER_CONSTANT; default 0. Converted to the type of the arithmetic. Not NaN. */
    clf_mode mode; /**< default same. Valid mode ignores `border`. */
    int origin[CLF_MAX_FILTER_AXES]; /**< per filtered axis, -(K/2) <= origin <= (K-1)/2; default 0. Must be 0 in valid
                                           and full modes, where it has no meaning. */
    int stride[CLF_MAX_FILTER_AXES]; /**< s per filtered axis, >= 1; 0, the default, means 1 */
    int dilation[CLF_MAX_FILTER_AXES]; /**< d per filtered axis, >= 1; 0, the default, means 1 */
    clf_plan_options options;
} clf_convolve_desc;

/**
 * Plans y = w * x, a convolution (the kernel is flipped).
 *
 * @param context  may be shared by any number of threads
 * @param desc     see clf_convolve_desc. Borrowed until the call returns, except for its buffers.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_INVALID_VALUE (an unknown border or mode, a negative stride
 *         or dilation, a cval of NaN, a finite weight beyond the range of the arithmetic's type, more than one kernel,
 *         groups that do not divide I and O, axes that do not exist); CLF_SHAPE_MISMATCH; CLF_DTYPE_MISMATCH;
 *         CLF_OUT_OF_BOUNDS; CLF_OVERLAP; CLF_INVALID_ORIGIN; CLF_KERNEL_TOO_LARGE; CLF_INVALID_HANDLE;
 *         CLF_UNSUPPORTED (f64 on a device without it); CLF_NO_SOLVER; CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY;
 *         CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_convolve(clf_context *context, const clf_convolve_desc *desc, clf_plan **plan,
                                                 clf_error *error);

/** Plans a correlation (the kernel is not flipped). Otherwise the same as clf_plan_convolve. */
CLF_API CLF_CHECKED clf_status clf_plan_correlate(clf_context *context, const clf_convolve_desc *desc, clf_plan **plan,
                                                  clf_error *error);

/**
 * Plans the adjoint of a convolution, which is its gradient with respect to the input.
 *
 * `desc` describes the convolution A; its dst is read (the gradient g with respect to the output) and its src written:
 *   src = A^T dst,  so that <A x, g> = <x, A^T g> for every x and g,
 * for every border, mode, origin, stride, dilation and number of groups. The cval of a constant border and a bias are
 * ignored, because the derivative of the output with respect to the input does not depend on them. Deterministic: every
 * element is gathered, never scattered. If the stride is 1 and the border is constant, periodic in same mode, or not
 * reached, the adjoint is a correlation with reversed taps and is solved as such; clf_plan_problem then says so.
 * Accuracy: f32 and f64 results are within 2*K*eps*(sum |w|)*(max |g|), where K is the number of taps that reach an
 * element, or those of one window if that is more. NaN or infinite weights are handled by "conv_adjoint.general" and
 * affect no other elements either.
 *
 * Operands of clf_execute: 0 dst, 1 src, 2 kernel_view if it is used.
 *
 * @param desc  src and dst f32, f64 or f16
 * @param plan  receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return as clf_plan_convolve; CLF_DTYPE_MISMATCH for integer tensors
 */
CLF_API CLF_CHECKED clf_status clf_plan_convolve_adjoint(clf_context *context, const clf_convolve_desc *desc,
                                                         clf_plan **plan, clf_error *error);

/** Plans the adjoint of a correlation. Otherwise the same as clf_plan_convolve_adjoint. */
CLF_API CLF_CHECKED clf_status clf_plan_correlate_adjoint(clf_context *context, const clf_convolve_desc *desc,
                                                          clf_plan **plan, clf_error *error);

/**
 * Plans the gradient of a convolution with respect to its weights and, if bias_view is given, to its bias.
 *
 * `desc` describes the convolution; src (x) and dst (the gradient g with respect to the output) are read, kernel_view
 * and bias_view are written:
 *   kernel[o, c, k] = sum_b sum_i g[b, o, i] * x~[b, c, s*i - d*(k - centre)],   bias[o] = sum_b sum_i g[b, o, i]
 * (correlations: + d*(k - centre)). Deterministic: the sum has two stages, with rows added by compensated summation,
 * and gives the same bits in every run on one device. Accuracy: f32 and f64 results are within (N + 4)*eps*(sum |g|
 * |x~|), where N is the number of outputs along the last filtered axis.
 *
 * Operands of clf_execute: 0 src, 1 dst, 2 kernel_view, 3 bias_view if it is given.
 *
 * @param desc  src and dst f32, f64 or f16; kernel_view is required: the kernel's shape, f32 (f64 if src is)
 * @param plan  receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return as clf_plan_convolve; CLF_DTYPE_MISMATCH for integer tensors
 */
CLF_API CLF_CHECKED clf_status clf_plan_convolve_weights(clf_context *context, const clf_convolve_desc *desc,
                                                         clf_plan **plan, clf_error *error);

/** Plans the gradient of a correlation with respect to its weights. Otherwise as clf_plan_convolve_weights. */
CLF_API CLF_CHECKED clf_status clf_plan_correlate_weights(clf_context *context, const clf_convolve_desc *desc,
                                                          clf_plan **plan, clf_error *error);

/**
 * The output shape of a convolution: src's, with the filtered extents that follow from mode, stride and dilation.
 * Only the shapes of src and kernel, axes, mode, stride and dilation matter; no buffer is needed.
 * @param shape  receives desc->src.rank extents
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_INVALID_VALUE; CLF_SHAPE_MISMATCH (the kernel's rank);
 *         CLF_KERNEL_TOO_LARGE; CLF_UNSUPPORTED (a filtered axis, or the reach of the kernel along it, is 2^31
 *         elements or more).
 */
CLF_API CLF_CHECKED clf_status clf_convolve_shape(const clf_convolve_desc *desc, int64_t shape[CLF_MAX_RANK],
                                                  clf_error *error);

/**
 * Returns the f32 taps of a named kernel, in the order in which a correlation reads them: correlating with "sobel-x"
 * gives a positive result where values rise with x, convolving a negative one.
 *
 *   sobel-x, sobel-y   3x3: (1 2 1) across, (-1 0 1) along; not normalised
 *   laplacian          3x3: 0 1 0, 1 -4 1, 0 1 0 (scipy.ndimage.laplace)
 *   box:N              NxN, every tap 1/N^2; 1 <= N <= 4096
 *   gaussian:SIGMA     2R+1 square, R = floor(4*SIGMA + 0.5) (truncated at 4 sigma, scipy.ndimage.gaussian_filter),
 *                      taps exp(-(x^2 + y^2)/(2 SIGMA^2)), normalised to a sum of 1; 0 < SIGMA <= 512
 *
 * @param name      one of the above; borrowed until the call returns
 * @param taps      receives the taps, row by row, or NULL to get only the shape
 * @param capacity  elements that `taps` holds
 * @param shape     receives the two extents
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_PARSE_ERROR (no such kernel); CLF_INVALID_VALUE (N or SIGMA);
 *         CLF_OUT_OF_BOUNDS (capacity too small).
 */
CLF_API CLF_CHECKED clf_status clf_kernel_by_name(const char *name, float *taps, size_t capacity, int64_t shape[2],
                                                  clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
