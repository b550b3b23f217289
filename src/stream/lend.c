/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host arrays lent to a device that works in host memory: where a slab lies in the array as its plan wants it, the
 * device works on it there, and nothing is copied. What reaches over a border, and what another slab writes too, is
 * still gathered and copied.
 */
#include "stream/lend.h"

#include "plan/view.h"
#include "rt/buffer.h"

/* Of an address: what kernels may take elements together to. */
enum { ALIGNMENT = 16 };

/* Axes of one element may have any stride. */
static bool laid_out_alike(const clf_view *slab, const clf_array *array) {
    for (int i = 0; i < slab->rank; i++)
        if (slab->shape[i] > 1 && slab->strides[i] != array->strides[i])
            return false;
    return true;
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
    if ((uintptr_t)from % ALIGNMENT != 0)
        return CLF_OK;
    return clf_buffer_wrap(context, from, clf_view_bytes(slab), written, buffer, error);
}
