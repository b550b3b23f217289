/* SPDX-License-Identifier: Apache-2.0 */
/* Tensors in device memory, and transfers between strided views and strided host arrays: map, copy, unmap. */
#include "plan/transfer.h"

#include "plan/copy.h"
#include "plan/view.h"
#include "rt/buffer.h"
#include "rt/process.h"

#include <string.h>

clf_status clf_tensor_create(clf_context *context, clf_dtype dtype, int rank, const int64_t *shape, clf_view *view,
                             clf_error *error) {
    if (context == NULL || view == NULL || shape == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_tensor_create: %s is NULL",
                        context == NULL ? "context"
                        : view == NULL  ? "view"
                                        : "shape");
    CLF_TRY(clf_process_check(context->process, "context", error));
    clf_view made = clf_view_dense(NULL, dtype, rank, shape);
    made.rank = rank;
    CLF_TRY(clf_view_resolve(&made, "clf_tensor_create", &made, error));
    CLF_TRY(clf_view_check_device(context, &made, "clf_tensor_create: the tensor", error));
    if (!clf_view_empty(&made)) /* OpenCL has no buffers of 0 bytes */
        CLF_TRY(clf_buffer_create(context, clf_view_bytes(&made), NULL, &made.buffer, error));
    *view = made;
    return CLF_OK;
}

void clf_tensor_release(clf_view *view) {
    if (view == NULL)
        return;
    clf_buffer_release(view->buffer);
    view->buffer = NULL;
}

/* Everything a transfer checks before it touches memory; both sides are resolved. */
static clf_status check(const char *function, clf_context *context, const clf_view *view, const clf_array *array,
                        clf_view *device, clf_array *host, clf_error *error) {
    if (context == NULL || view == NULL || array == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : view == NULL  ? "view"
                                        : "array");
    CLF_TRY(clf_process_check(context->process, "context", error));
    CLF_TRY(clf_view_resolve(view, "view", device, error));
    CLF_TRY(clf_array_resolve(array, "array", host, error));
    if (device->buffer == NULL && !clf_view_empty(device))
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: the view's buffer is NULL", function);
    if (host->dtype != device->dtype)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: the array is %s, the view %s; expected the same", function,
                        clf_dtype_name(host->dtype), clf_dtype_name(device->dtype));
    clf_view shape = {.rank = host->rank};
    memcpy(shape.shape, host->shape, sizeof shape.shape);
    CLF_TRY(clf_view_check_shape(&shape, "array", device->rank, device->shape, error));
    return clf_view_check_bounds(context, device, "view", error);
}

clf_status clf_view_map(clf_context *context, const clf_view *view, cl_map_flags flags, void **memory, char **elements,
                        clf_error *error) {
    size_t bytes = clf_dtype_bytes(view->dtype);
    clf_reach reach = clf_view_reach(view);
    CLF_TRY(clf_buffer_map(context, view->buffer, flags, (size_t)reach.first * bytes,
                           (size_t)(reach.last - reach.first + 1) * bytes, memory, error));
    *elements = (char *)*memory + (view->offset - reach.first) * (int64_t)bytes;
    return CLF_OK;
}

clf_status clf_upload(clf_context *context, const clf_array *array, const clf_view *view, clf_error *error) {
    clf_view device;
    clf_array host;
    CLF_TRY(check("clf_upload", context, view, array, &device, &host, error));
    CLF_TRY(clf_view_check_distinct(&device, "view", error));
    if (clf_view_empty(&device))
        return clf_context_finish(context, error);
    bool whole = clf_strides_dense(device.rank, device.shape, device.strides);
    cl_map_flags flags = whole ? CL_MAP_WRITE_INVALIDATE_REGION : CL_MAP_READ | CL_MAP_WRITE;
    void *memory;
    char *elements;
    CLF_TRY(clf_view_map(context, &device, flags, &memory, &elements, error));
    clf_copy_strided(device.rank, device.shape, clf_dtype_bytes(device.dtype), elements, device.strides, host.data,
                     host.strides);
    return clf_buffer_unmap(context, device.buffer, memory, error);
}

clf_status clf_download(clf_context *context, const clf_view *view, const clf_array *array, clf_error *error) {
    clf_view device, as_view = {0};
    clf_array host;
    CLF_TRY(check("clf_download", context, view, array, &device, &host, error));
    as_view.rank = host.rank;
    memcpy(as_view.shape, host.shape, sizeof host.shape);
    memcpy(as_view.strides, host.strides, sizeof host.strides);
    CLF_TRY(clf_view_check_distinct(&as_view, "array", error));
    if (clf_view_empty(&device))
        return clf_context_finish(context, error);
    void *memory;
    char *elements;
    CLF_TRY(clf_view_map(context, &device, CL_MAP_READ, &memory, &elements, error));
    clf_copy_strided(device.rank, device.shape, clf_dtype_bytes(device.dtype), host.data, host.strides, elements,
                     device.strides);
    return clf_buffer_unmap(context, device.buffer, memory, error);
}
