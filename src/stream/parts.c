/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of operands in host memory: copied from or to an array, or read or written by the caller's functions. */
#include "stream/parts.h"

#include "plan/copy.h"

#include <string.h>

clf_array clf_stream_rows(const clf_view *view, void *memory, int axis, int64_t first, int64_t count) {
    clf_array rows = {.dtype = view->dtype, .rank = view->rank};
    memcpy(rows.shape, view->shape, sizeof rows.shape);
    memcpy(rows.strides, view->strides, sizeof rows.strides);
    rows.shape[axis] = count;
    rows.data = (char *)memory + first * view->strides[axis] * (int64_t)clf_dtype_bytes(view->dtype);
    return rows;
}

/* The part of an array. */
static clf_array part_of(const clf_array *whole, const clf_part *part) {
    clf_array array = *whole;
    array.shape[part->axis] = part->count;
    array.data =
        (char *)whole->data + part->first * whole->strides[part->axis] * (int64_t)clf_dtype_bytes(whole->dtype);
    return array;
}

static void copy_array(const clf_array *to, const clf_array *from) {
    clf_copy_strided(to->rank, to->shape, clf_dtype_bytes(to->dtype), to->data, to->strides, from->data, from->strides);
}

/* A sentence for a function that fails without one. */
static clf_status answer(clf_status status, const char *doing, clf_error *error) {
    if (status != CLF_OK && error != NULL && error->code == CLF_OK)
        return clf_fail(error, status, "the %s function failed without a message", doing);
    return status;
}

clf_status clf_host_read(const clf_host_operands *host, const clf_part *part, const clf_array *into, clf_error *error) {
    if (host->arrays[part->operand].rank == 0)
        return answer(host->desc->read(host->desc->user, part, into, error), "read", error);
    const clf_array from = part_of(&host->arrays[part->operand], part);
    copy_array(into, &from);
    return CLF_OK;
}

clf_status clf_host_write(const clf_host_operands *host, const clf_part *part, const clf_array *from,
                          clf_error *error) {
    if (host->arrays[part->operand].rank == 0)
        return answer(host->desc->write(host->desc->user, part, from, error), "write", error);
    const clf_array to = part_of(&host->arrays[part->operand], part);
    copy_array(&to, from);
    return CLF_OK;
}
