/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file tensor.h
 * Views of device memory, arrays of host memory, and transfers between the two.
 *
 * A view owns nothing: it says how a tensor lies in a cl_mem. A crop, a channel, a transpose, a flip or an
 * interleaved (NHWC) image is just another view of the same buffer; nothing is copied. Element
 * (i0, i1, ...) of a view is element  offset + i0*strides[0] + i1*strides[1] + ...  of its buffer.
 */
#ifndef CLFILTER_TENSOR_H
#define CLFILTER_TENSOR_H

#include <clfilter/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Largest rank of a view. */
#define CLF_MAX_RANK 8

/** Every element type, as X(enumerator, value, name, bytes). */
#define CLF_DTYPE_TABLE(X)                                                                                 \
    X(CLF_F32, 0, "f32", 4) /* IEEE single: the default */                                                 \
    X(CLF_F64, 1, "f64", 8) /* IEEE double; the device must support it */                                  \
    X(CLF_F16, 2, "f16", 2) /* IEEE half, for storage; arithmetic is f32 */                                \
    X(CLF_U8, 3, "u8", 1)   /* unsigned 8 bit; arithmetic is f32, rounded to nearest even and saturated */ \
    X(CLF_U16, 4, "u16", 2) /* unsigned 16 bit, likewise */                                                \
    X(CLF_I16, 5, "i16", 2) /* signed 16 bit, likewise */                                                  \
    X(CLF_I32, 6, "i32", 4) /* signed 32 bit: indices */                                                   \
    X(CLF_I64, 7, "i64", 8) /* signed 64 bit: indices */

/** The type of a tensor's elements; CLF_F32 is 0. */
typedef enum clf_dtype {
#define CLF_DTYPE_ENUMERATOR(name, value, text, bytes) name = (value),
    CLF_DTYPE_TABLE(CLF_DTYPE_ENUMERATOR)
#undef CLF_DTYPE_ENUMERATOR
} clf_dtype;

/** "f32", "u8", ... Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_dtype_name(clf_dtype dtype);

/** Bytes of one element; 0 for an unknown value. Any thread. */
CLF_API size_t clf_dtype_bytes(clf_dtype dtype);

/**
 * How a tensor lies in device memory. A plain struct that owns nothing.
 * If all strides are 0, the tensor is dense, in C order (the last axis contiguous). Inputs may repeat elements (by a
 * stride of 0 together with nonzero ones, or by overlapping windows); outputs may not. Strides may be negative.
 * A view has at most 2^56 bytes, and its offset and the strides of each axis, times its extent, span no more together.
 * An extent may be 0 (and counts as 1 in these limits): the view has no elements, its memory is never looked at, and
 * its buffer may be NULL, as OpenCL has no buffers of 0 bytes.
 */
typedef struct clf_view {
    cl_mem buffer;                 /**< Borrowed until the last event that uses it completes. */
    int64_t offset;                /**< first element, counted from the start of the buffer */
    clf_dtype dtype;               /**< element type; 0 is f32 */
    int rank;                      /**< axes, 1 to CLF_MAX_RANK */
    int64_t shape[CLF_MAX_RANK];   /**< extents, each >= 0 */
    int64_t strides[CLF_MAX_RANK]; /**< elements from one index to the next; all 0: dense */
} clf_view;

/**
 * A tensor in host memory, as read by clf_upload, written by clf_download, and used for a kernel's taps.
 * Owns nothing. If all strides are 0, it is dense, in C order. If an extent is 0, data may be NULL.
 */
typedef struct clf_array {
    void *data;                    /**< first element; clfilter writes to it only if it is an output */
    clf_dtype dtype;               /**< element type; 0 is f32 */
    int rank;                      /**< axes, 1 to CLF_MAX_RANK */
    int64_t shape[CLF_MAX_RANK];   /**< extents, each >= 0 */
    int64_t strides[CLF_MAX_RANK]; /**< elements from one index to the next; all 0: dense */
} clf_array;

/**
 * Number of elements of a view, the product of its extents; 0 also if the rank is invalid, an extent is negative or the
 * product of the extents other than 0 overflows.
 */
CLF_API int64_t clf_view_count(const clf_view *view);

/** True if the view, which may be empty, is in C order without gaps: one run of memory. False for NULL. */
CLF_API bool clf_view_is_dense(const clf_view *view);

/**
 * A dense view of a whole buffer.
 * @param buffer  may be NULL and set later
 * @param shape   `rank` extents
 * @return the view; rank 0 (which every call rejects) if `rank` is outside 1..CLF_MAX_RANK or `shape` is NULL
 */
CLF_API clf_view clf_view_dense(cl_mem buffer, clf_dtype dtype, int rank, const int64_t *shape);

/**
 * The part of `view` that starts at index `start` along `axis` and has `extent` indices, 0 or more.
 * Axes count from the front (0..rank-1) or from the end (-rank..-1).
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_OUT_OF_RANGE (axis, start or extent outside the view).
 */
CLF_API CLF_CHECKED clf_status clf_view_crop(const clf_view *view, int axis, int64_t start, int64_t extent,
                                             clf_view *out, clf_error *error);

/**
 * `view` with its axes in another order: axis i of the result is axis order[i] of `view`. The order {0, 3, 1, 2} turns
 * an NHWC view into NCHW.
 * @param order  `view->rank` axes, each once, counted from the front or from the end
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_OUT_OF_RANGE (not a permutation).
 */
CLF_API CLF_CHECKED clf_status clf_view_permute(const clf_view *view, const int *order, clf_view *out,
                                                clf_error *error);

/**
 * `view` at one index of an axis, without that axis: one channel, one frame. A negative index counts from the end.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW (the rank would become 0); CLF_OUT_OF_RANGE.
 */
CLF_API CLF_CHECKED clf_status clf_view_select(const clf_view *view, int axis, int64_t index, clf_view *out,
                                               clf_error *error);

/**
 * `view` reversed along an axis.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_OUT_OF_RANGE.
 */
CLF_API CLF_CHECKED clf_status clf_view_flip(const clf_view *view, int axis, clf_view *out, clf_error *error);

/**
 * Creates a device buffer for a dense tensor, and a view of it. Its contents are undefined. If an extent is 0, no
 * buffer is created, and the view's is NULL.
 *
 * @param shape  `rank` extents, each >= 0
 * @param view   receives the view. Its buffer is returned with ownership; release with clf_tensor_release.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_UNSUPPORTED (larger than the device's largest buffer, or
 *         f64 on a device without it); CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_tensor_create(clf_context *context, clf_dtype dtype, int rank, const int64_t *shape,
                                                 clf_view *view, clf_error *error);

/**
 * Releases the buffer of a view made by clf_tensor_create, and sets it to NULL. NULL and a NULL buffer are allowed.
 */
CLF_API void clf_tensor_release(clf_view *view);

/**
 * Copies a host array into a view. Waits for the copy, and for everything enqueued before it.
 *
 * @param array  same shape and dtype as `view`; any strides. Borrowed until the call returns.
 * @param view   any view that does not overlap itself; elements of its buffer outside the view are not changed
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_SHAPE_MISMATCH; CLF_DTYPE_MISMATCH; CLF_OUT_OF_BOUNDS;
 *         CLF_OVERLAP; CLF_INVALID_HANDLE; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_upload(clf_context *context, const clf_array *array, const clf_view *view,
                                          clf_error *error);

/**
 * Copies a view into a host array. Waits for the copy, and for everything enqueued before it.
 *
 * @param view   any view
 * @param array  same shape and dtype; any strides for which no two elements coincide. Its gaps are not changed.
 * @return as clf_upload
 */
CLF_API CLF_CHECKED clf_status clf_download(clf_context *context, const clf_view *view, const clf_array *array,
                                            clf_error *error);

/**
 * Copies one host array into another.
 *
 * @param from  any strides
 * @param to    same shape and dtype; any strides for which no two elements coincide; shares no memory with `from`.
 *              Its gaps are not changed.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VIEW; CLF_SHAPE_MISMATCH; CLF_DTYPE_MISMATCH; CLF_OVERLAP (within
 *         `to`, or between the two). Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_array_copy(const clf_array *from, const clf_array *to, clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
