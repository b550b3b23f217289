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
 * along one axis; further axes multiply out. Equal to scipy.ndimage.uniform_filter (of floats: scipy truncates integers
 * after each axis) and, with size 3 and the default border, to cv2.blur.
 *
 * Arithmetic is f32, or f64 if src is f64; the error is at most 2 * K * eps * max |x~|, K being the elements of the
 * window and eps that of dst's type. Integers are summed exactly, divided, rounded to nearest even once, and saturated;
 * where the window reaches a constant border, cval counts as it is. Only outputs whose window contains a NaN or an Inf
 * are affected by it. The cost grows with K.
 *
 * Operands of clf_execute: 0 src, 1 dst.
 */
typedef struct clf_box_desc {
    clf_view src; /**< f32, f64, f16, u8, u16 or i16 */
    clf_view dst; /**< src's shape; src's dtype, or f32 if src is not f64. Must not overlap src or itself. */
    int size[CLF_MAX_FILTER_AXES];   /**< K for each filtered axis, outermost first: 1 or more; size[0] is
                                                 required, 0 elsewhere means the size of the axis before it */
    int axes;                        /**< filtered last axes, 1 to 3; 0, the default, means 2 (or src's only one) */
    int origin[CLF_MAX_FILTER_AXES]; /**< for each filtered axis, with 0 <= c < K; default 0 */
    clf_border border[CLF_MAX_FILTER_AXES]; /**< for each filtered axis; default reflect */
    double cval;                            /**< the value beyond a constant border; not NaN; default 0 */
    clf_plan_options options;               /**< default: the fastest solver by estimate */
} clf_box_desc;

/**
 * Plans the mean over a box.
 *
 * @param context  where; shared by any number of threads
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
