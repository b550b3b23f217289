/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file take.h
 * Selecting indices along an axis, and the adjoint of that: adding into the places selected.
 */
#ifndef CLFILTER_TAKE_H
#define CLFILTER_TAKE_H

#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What an index i that is not in 0..n-1 stands for; the modes of numpy.take. */
typedef enum clf_index_mode {
    CLF_INDEX_STRICT = 0, /**< -n..-1 count from the end; any other is an error and nothing is written ("raise") */
    CLF_INDEX_WRAP,       /**< i modulo n ("wrap") */
    CLF_INDEX_CLAMP       /**< 0 where i < 0, n-1 where i > n-1: nothing counts from the end ("clip") */
} clf_index_mode;

/** "strict", "wrap" or "clamp". Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_index_mode_name(clf_index_mode mode);

/**
 * Selection along an axis. Zero in every field but src, dst and one of indices and indices_view is a default.
 *
 *   dst[.., k, ..] = src[.., indices[k], ..]
 *
 * at position `axis`, whatever the rank: dst's shape is src's with the extent of that axis replaced by the number of
 * indices, every other axis in its place. This is numpy.take(src, indices, axis). NumPy's src[n, :, indices, :] moves
 * the selected axis to the front where a slice stands between two indices; this never does. dst may be a view into a
 * larger tensor: its first entries along the axis, say. Elements are moved bit for bit.
 *
 * An empty list of indices (shape {0}) is allowed in host memory: dst's extent along the axis is then 0, its buffer is
 * not touched, and executing does nothing.
 *
 * Strict indices in host memory are checked when planning. Those in device memory are checked on the device at every
 * execution, before anything is written, and clf_plan_check says afterwards which one was wrong; an execution does not
 * wait for that.
 *
 * Operands of clf_execute: 0 src, 1 dst, 2 the indices where they are a view.
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
 * @param context  where; shared by any number of threads
 * @param desc     what; see clf_take_desc. Borrowed until the call returns, buffers excepted.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_INVALID_VALUE (an unknown mode, both kinds of indices);
 *         CLF_OUT_OF_RANGE (the axis, or a strict index: which position, which value); CLF_SHAPE_MISMATCH;
 *         CLF_DTYPE_MISMATCH; CLF_OUT_OF_BOUNDS; CLF_OVERLAP; CLF_INVALID_HANDLE; CLF_UNSUPPORTED (f64 on a device
 *         without it); CLF_NO_SOLVER; CLF_BUILD_FAILED; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_take(clf_context *context, const clf_take_desc *desc, clf_plan **plan,
                                             clf_error *error);

/**
 * The adjoint of a selection: <take(x), y> = <x, put_add(y)>. Zero in every field but src, dst and one of indices and
 * indices_view is a default.
 *
 *   dst[.., i, ..] = sum over k with indices[k] = i of src[.., k, ..]      (+ dst[.., i, ..] where accumulate)
 *
 * Equal to numpy.add.at on zeros. The sum runs in the order of k, without atomics: the same bits in every run. It is
 * formed in f32 (f64 where the tensors are) and rounded once. An empty list writes zeros, or leaves what is there.
 * Indices in device memory are sorted on the device at every execution.
 *
 * Operands of clf_execute: 0 src, 1 dst, 2 the indices where they are a view.
 */
typedef struct clf_put_add_desc {
    clf_view src;          /**< what is added: f32, f64 or f16; its extent along the axis is the number of indices */
    clf_view dst;          /**< where: src's dtype and shape but for the axis; must not overlap itself or an input */
    clf_array indices;     /**< as in clf_take_desc; they select along dst's axis */
    clf_view indices_view; /**< or in device memory; then both extents of the axis stay below 2^31 */
    int axis;              /**< 0..rank-1, or -rank..-1 from the end; default 0 */
    clf_index_mode mode;   /**< default strict */
    bool accumulate;       /**< add to what dst holds; default: dst is overwritten, 0 where nothing is added */
    clf_plan_options options;
} clf_put_add_desc;

/**
 * Plans the adjoint of a selection.
 * @return as clf_plan_take; CLF_UNSUPPORTED also where an axis is too long for indices in device memory, and where a
 *         plan that is to be streamed accumulates.
 */
CLF_API CLF_CHECKED clf_status clf_plan_put_add(clf_context *context, const clf_put_add_desc *desc, clf_plan **plan,
                                                clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
