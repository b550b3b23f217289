/* SPDX-License-Identifier: Apache-2.0 */
/* slabs_held.c: parts of images that are held whole in memory, and parts copied. */
#include "slabs.h"

clf_array slabs_lay_out(const clf_array *array) {
    clf_array made = *array;
    int64_t step = 1;
    for (int i = 0; i < array->rank; i++)
        if (array->strides[i] != 0)
            return made;
    for (int i = array->rank - 1; i >= 0; i--) {
        made.strides[i] = step;
        step *= array->shape[i];
    }
    return made;
}

/* The part of an array that is held whole. */
static clf_array part_of(const clf_array *whole, const slab_part *part) {
    clf_array array = slabs_lay_out(whole);
    array.shape[part->axis] = part->count;
    array.data = (char *)whole->data + part->first * array.strides[part->axis] * (int64_t)clf_dtype_bytes(whole->dtype);
    return array;
}

bool slabs_copy(const clf_array *from, const clf_array *to, cli_error *error) {
    clf_error reason = {0};
    return !clf_array_copy(from, to, &reason) || cli_fail(error, "%s", reason.message);
}

bool slabs_read_held(slab_source *source, const slab_part *part, const clf_array *into, cli_error *error) {
    const clf_array from = part_of(&source->image.array, part);
    return slabs_copy(&from, into, error);
}

bool slabs_write_held(slab_sink *sink, const slab_part *part, const clf_array *from, cli_error *error) {
    const clf_array to = part_of(&sink->image.array, part);
    return slabs_copy(from, &to, error);
}
