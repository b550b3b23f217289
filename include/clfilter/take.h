/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file take.h
 * Selecting indices along an axis, and the adjoint: adding into the selected places.
 */
#ifndef CLFILTER_TAKE_H
#define CLFILTER_TAKE_H

#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Every way to read indices, as X(enumerator, value, name). */
#define CLF_INDEX_MODE_TABLE(X)                            \
    X(CLF_INDEX_STRICT, 0, "strict") /* numpy's "raise" */ \
    X(CLF_INDEX_WRAP, 1, "wrap")     /* i modulo n */      \
    X(CLF_INDEX_CLAMP, 2, "clamp")   /* numpy's "clip" */

/**
 * The meaning of an index i that is not in 0..n-1; the modes of numpy.take. Strict: -n..-1 count from the end; any
 * other is an error, and nothing is written. Wrap: i modulo n. Clamp: 0 if i < 0, n-1 if i > n-1; negative indices do
 * not count from the end.
 */
typedef enum clf_index_mode {
#define CLF_ENUMERATOR(name, value, text) name = (value),
    CLF_INDEX_MODE_TABLE(CLF_ENUMERATOR)
#undef CLF_ENUMERATOR
} clf_index_mode;

/** "strict", "wrap" or "clamp". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_index_mode_name(clf_index_mode mode);

/**
 * Selection along an axis. Every field except src, dst and the indices (indices or indices_view) may be left zero, its
 * default.
 *
 *   dst[.., k, ..] = src[.., indices[k], ..]
 *
 * where k and indices[k] are at position `axis`. dst's shape is src's, with the extent of that axis replaced by the
 * number of indices; all other axes stay in place. This is numpy.take(src, indices, axis). (In NumPy, src[n, :,
 * indices, :] moves the selected axis to the front, because a slice separates two indices; clfilter never moves it.)
 * dst may be a view into a larger tensor, such as its first entries along the axis. Elements are moved bit for bit.
 *
 * An empty list of indices (shape {0}) is allowed: dst's extent along the axis is then 0, its buffer is not accessed,
 * and executing does nothing. Where there are indices, src must have elements along the axis (else CLF_OUT_OF_RANGE, in
 * every mode). If dst has no elements because of another axis, indices in device memory are not checked.
 *
 * Strict indices in host memory are checked during planning. Those in device memory are checked on the device at every
 * execution, before anything is written; the execution does not wait for the verdict, and clf_plan_check reports
 * afterwards which index was wrong.
 *
 * Operands of clf_execute: 0 src, 1 dst, 2 the indices if they are a view.
 */
typedef struct clf_take_desc {
    clf_view src;          /**< input, any dtype */
    clf_view dst;          /**< output, src's dtype; must not overlap itself or an input */
    clf_array indices;     /**< rank 1, i32 or i64, in host memory, any stride. Borrowed until planning returns. */
    clf_view indices_view; /**< or in device memory, read at every execution */
    int axis;              /**< 0..rank-1, or -rank..-1 from the end; default 0 */
    clf_index_mode mode;   /**< default strict */
    clf_plan_options options;
} clf_take_desc;

/**
 * Plans a selection.
 *
 * @param context  may be shared by any number of threads
 * @param desc     see clf_take_desc. Borrowed until the call returns, except for its buffers.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_INVALID_VALUE (an unknown mode, or both kinds of indices);
 *         CLF_OUT_OF_RANGE (the axis, or a strict index, with its position and value); CLF_SHAPE_MISMATCH;
 *         CLF_DTYPE_MISMATCH; CLF_OUT_OF_BOUNDS; CLF_OVERLAP; CLF_INVALID_HANDLE; CLF_UNSUPPORTED (f64 on a device
 *         without it); CLF_NO_SOLVER; CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_take(clf_context *context, const clf_take_desc *desc, clf_plan **plan,
                                             clf_error *error);

/**
 * The adjoint of a selection: <take(x), y> = <x, put_add(y)>. Every field except src, dst and the indices (indices or
 * indices_view) may be left zero, its default.
 *
 *   dst[.., i, ..] = sum over k with indices[k] = i of src[.., k, ..]      (+ dst[.., i, ..] with accumulate)
 *
 * Agrees with numpy.add.at on zeros. The sum runs in the order of k, without atomics, so every run gives the same bits.
 * It is computed in f32 (f64 if the tensors are) and rounded once. An empty list writes zeros or, with accumulate,
 * leaves dst as it is. Indices in device memory may be sorted on
 * the device at every execution, where that is faster.
 *
 * Operands of clf_execute: 0 src, 1 dst, 2 the indices if they are a view.
 */
typedef struct clf_put_add_desc {
    clf_view src;      /**< the values to add: f32, f64 or f16; the extent along the axis is the number of indices */
    clf_view dst;      /**< src's dtype, and shape except for the axis; must not overlap itself or an input */
    clf_array indices; /**< as in clf_take_desc; they select along dst's axis */
    clf_view indices_view; /**< or in device memory; then both extents along the axis must be below 2^31 */
    int axis;              /**< 0..rank-1, or -rank..-1 from the end; default 0 */
    clf_index_mode mode;   /**< default strict */
    bool accumulate;       /**< add to the contents of dst; default: overwrite them, with 0 where nothing is added */
    clf_plan_options options;
} clf_put_add_desc;

/**
 * Plans the adjoint of a selection.
 * @return as clf_plan_take; CLF_UNSUPPORTED also if an axis is too long for indices in device memory, or if a streamed
 *         plan is to accumulate.
 */
CLF_API CLF_CHECKED clf_status clf_plan_put_add(clf_context *context, const clf_put_add_desc *desc, clf_plan **plan,
                                                clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
