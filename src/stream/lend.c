/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host arrays lent to a device that works in host memory: where a slab, or a whole operand, lies in the array as its
 * plan wants it, the device works on it there, and nothing is copied. What reaches over a border of a slab, and what
 * another slab writes too, is still gathered and copied.
 */
#include "stream/lend.h"

#include "plan/view.h"
#include "rt/buffer.h"

/* Of an address: what kernels may take elements together to. */
enum { ALIGNMENT = 16 };

/* Axes of one element may have any stride. */
static bool laid_out_alike(const clf_view *view, const clf_array *array) {
    for (int i = 0; i < view->rank; i++)
        if (view->shape[i] > 1 && view->strides[i] != array->strides[i])
            return false;
    return true;
}

/* Makes a buffer of memory that kernels may use as they would a device's own. */
static clf_status wrap(clf_context *context, char *from, int64_t bytes, bool written, cl_mem *buffer,
                       clf_error *error) {
    return (uintptr_t)from % ALIGNMENT == 0 ? clf_buffer_wrap(context, from, bytes, written, buffer, error) : CLF_OK;
}

clf_status clf_lend_whole(clf_context *context, const clf_view *view, const clf_array *array, bool written,
                          cl_mem *buffer, clf_error *error) {
    const clf_reach reach = clf_view_reach(view);
    const int64_t element = (int64_t)clf_dtype_bytes(view->dtype);
    *buffer = NULL;
    /* A view may begin a few elements into its buffer, so that an array need not begin at a multiple of ALIGNMENT. */
    if (!clf_context_profile(context)->transfers_free || array->rank == 0 || !laid_out_alike(view, array) ||
        reach.first < 0 || reach.first * element >= ALIGNMENT)
        return CLF_OK;
    return wrap(context, (char *)array->data - view->offset * element, (reach.last + 1) * element, written, buffer,
                error);
}

clf_status clf_stream_lend(clf_context *context, const clf_stream *stream, const clf_array *array, int operand,
                           int64_t first, bool written, cl_mem *buffer, clf_error *error) {
    const clf_view *slab = &stream->slab[operand];
    int axis = stream->info.axis;
    *buffer = NULL;
    if (!clf_context_profile(context)->transfers_free || array->rank == 0 || first < 0 ||
        first + slab->shape[axis] > array->shape[axis] || !laid_out_alike(slab, array))
        return CLF_OK;
    char *from = (char *)array->data + first * array->strides[axis] * (int64_t)clf_dtype_bytes(array->dtype);
    return wrap(context, from, clf_view_bytes(slab), written, buffer, error);
}
