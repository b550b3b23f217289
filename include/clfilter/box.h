/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file box.h
 * The mean over a box-shaped window.
 */
#ifndef CLFILTER_BOX_H
#define CLFILTER_BOX_H

#include <clfilter/border.h>
#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The mean over a window of K elements along each of the last axes. Every field except src, dst and size[0] may be left
 * zero, its default.
 *
 *   y[i] = (1/K) sum_{k=0}^{K-1} x~[i + k - c],  c = K/2 (integer division) + origin
 *
 * along one axis; with several axes the mean is over all elements of the window. Agrees with
 * scipy.ndimage.uniform_filter (for floats; for integers SciPy truncates after each axis) and, with size 3 and the
 * default border, with cv2.blur.
 *
 * Arithmetic is f32, or f64 if src is f64; the error is at most 2 * K * eps * max |x~|, where K is the number of
 * elements in the window and eps that of dst's type. Integers are summed exactly, divided, rounded once to nearest
 * even, and saturated; where the window reaches beyond a constant border, cval counts unrounded. A NaN or an Inf
 * affects only the outputs whose window contains it. On a CPU the cost does not grow with K ("box.sums"), as long as
 * nearby memory holds a window along the last axis and, of integers, cval is a whole number; elsewhere it does.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_box_desc {
    clf_view src; /**< f32, f64, f16, u8, u16 or i16 */
    clf_view dst; /**< src's shape; src's dtype, or f32 if src is not f64. Must not overlap src or itself. */
    int size[CLF_MAX_FILTER_AXES]; /**< K per filtered axis, outermost first: 1 or more; size[0] is
                                                 required, 0 elsewhere means the size of the axis before it */
    int axes; /**< number of last axes to filter, 1 to 3; 0, the default, means 2 (or src's only one) */
    int origin[CLF_MAX_FILTER_AXES];        /**< per filtered axis, with 0 <= c < K; default 0 */
    clf_border border[CLF_MAX_FILTER_AXES]; /**< per filtered axis, outermost first; default reflect */
    double cval;                            /**< v of CLF_BORDER_CONSTANT; default 0; not NaN */
    clf_plan_options options;               /**< default: the fastest solver by estimate */
} clf_box_desc;

/**
 * Plans the mean over a box.
 *
 * @param context  may be shared by any number of threads
 * @param desc     as above. Borrowed until the call returns; its buffers until the plan is destroyed.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW, CLF_OUT_OF_BOUNDS, CLF_OVERLAP (a view); CLF_DTYPE_MISMATCH;
 *         CLF_SHAPE_MISMATCH (dst); CLF_INVALID_VALUE (axes, size, border, cval, options); CLF_INVALID_ORIGIN;
 *         CLF_UNSUPPORTED (f64 on a device without it); CLF_NO_SOLVER (options.solver); CLF_OUT_OF_MEMORY and device
 *         errors. Nothing is written. Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_plan_box(clf_context *context, const clf_box_desc *desc, clf_plan **plan,
                                            clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
