/* SPDX-License-Identifier: Apache-2.0 */
/* Tensors in every layout, with guards round them. */
#include "check/tensor.h"

#include "check/line.h"

#include "check/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const layout_names[] = {
#define LAYOUT_NAME(name, text) text,
    LAYOUT_TABLE(LAYOUT_NAME)
#undef LAYOUT_NAME
        NULL};

/* The bytes of the pattern: a quiet NaN with a payload of its own in the real types. */
static const unsigned char pattern[][8] = {
    [CLF_F32] = {0xad, 0xde, 0xc5, 0x7f},
    [CLF_F64] = {0xef, 0xbe, 0xad, 0xde, 0x00, 0x5a, 0xfc, 0x7f},
    [CLF_F16] = {0x5a, 0x7e},
    [CLF_U8] = {0xa5},
    [CLF_U16] = {0xa5, 0x5a},
    [CLF_I16] = {0x5a, 0xa5},
    [CLF_I32] = {0x5a, 0xa5, 0x5a, 0xa5},
    [CLF_I64] = {0x5a, 0xa5, 0x5a, 0xa5, 0x5a, 0xa5, 0x5a, 0xa5},
};

/* Where the elements of a layout lie, counted from the first element of its memory. */
typedef struct layout_placement {
    int64_t strides[CLF_MAX_RANK];
    int64_t first; /* element 0, 0, ... */
    int64_t span;  /* elements that the layout takes */
} layout_placement;

int64_t spec_count(const tensor_spec *spec) {
    int64_t count = 1;
    for (int axis = 0; axis < spec->rank; axis++) {
        count *= spec->shape[axis];
    }
    return count;
}

/* Axes from the outermost in memory to the innermost. */
static void memory_order(const tensor_spec *spec, int order[CLF_MAX_RANK]) {
    int rank = spec->rank;
    for (int i = 0; i < rank; i++) {
        order[i] = i;
    }
    if (spec->layout == LAYOUT_PERMUTED || spec->layout == LAYOUT_MIXED) {
        for (int i = 0; i < rank; i++) {
            order[i] = rank - 1 - i;
        }
    } else if (spec->layout == LAYOUT_INTERLEAVED && rank > 1) {
        int channel = rank > 2 ? rank - 3 : 0;
        for (int i = channel; i + 1 < rank; i++) {
            order[i] = i + 1;
        }
        order[rank - 1] = channel;
    }
}

/* Elements left out before and after each axis of a crop. */
static int64_t margin_before(const tensor_spec *spec, int axis) {
    return spec->layout == LAYOUT_CROP || spec->layout == LAYOUT_MIXED ? 1 + axis % 2 : 0;
}

static int64_t margin_after(const tensor_spec *spec, int axis) {
    return spec->layout == LAYOUT_CROP || spec->layout == LAYOUT_MIXED ? 2 + axis % 3 : 0;
}

static bool runs_backwards(const tensor_spec *spec, int axis) {
    return spec->layout == LAYOUT_FLIPPED || (spec->layout == LAYOUT_MIXED && axis % 2 == 1);
}

/* Strides as given; the memory is what they reach. */
static layout_placement place_strides(const tensor_spec *spec) {
    layout_placement place = {.first = 0, .span = 1};
    for (int axis = 0; axis < spec->rank; axis++) {
        int64_t reach = (spec->shape[axis] - 1) * spec->strides[axis];
        place.strides[axis] = spec->strides[axis];
        place.first -= reach < 0 ? reach : 0;
        place.span += llabs(reach);
    }
    return place;
}

static layout_placement place(const tensor_spec *spec) {
    if (spec->layout == LAYOUT_STRIDES) {
        return place_strides(spec);
    }
    layout_placement place = {.first = spec->layout == LAYOUT_OFFSET ? 13 : 0};
    int order[CLF_MAX_RANK] = {0};
    memory_order(spec, order);
    int64_t step = spec->layout == LAYOUT_GAPS ? 3 : 1;
    for (int i = spec->rank - 1; i >= 0; i--) {
        int axis = order[i];
        if (spec->layout == LAYOUT_BROADCAST && axis == 0 && spec->rank > 1) {
            continue;
        }
        place.strides[axis] = step;
        place.first += step * margin_before(spec, axis);
        step *= margin_before(spec, axis) + spec->shape[axis] + margin_after(spec, axis);
    }
    place.span = step + (spec->layout == LAYOUT_OFFSET ? 13 : 0);
    for (int axis = 0; axis < spec->rank; axis++) {
        if (runs_backwards(spec, axis)) {
            place.first += (spec->shape[axis] - 1) * place.strides[axis];
            place.strides[axis] = -place.strides[axis];
        }
    }
    return place;
}

static int64_t position_of(int rank, const int64_t *shape, const int64_t *strides, int64_t first, int64_t linear) {
    for (int axis = rank - 1; axis >= 0; axis--) {
        first += linear % shape[axis] * strides[axis];
        linear /= shape[axis];
    }
    return first;
}

bool spec_settle(const tensor_spec *spec, double *values) {
    layout_placement at = place(spec);
    if (spec->layout != LAYOUT_BROADCAST && spec->layout != LAYOUT_STRIDES) {
        return true; /* no two elements coincide */
    }
    double *memory = calloc((size_t)at.span, sizeof *memory);
    if (memory == NULL) {
        return false;
    }
    for (int64_t i = 0; i < spec_count(spec); i++) {
        memory[position_of(spec->rank, spec->shape, at.strides, at.first, i)] = values[i];
    }
    for (int64_t i = 0; i < spec_count(spec); i++) {
        values[i] = memory[position_of(spec->rank, spec->shape, at.strides, at.first, i)];
    }
    free(memory);
    return true;
}

bool tensor_create(const test_fixture *fixture, const tensor_spec *spec, test_tensor *out, char *why) {
    layout_placement where = place(spec);
    int64_t guard = (int64_t)(fixture->guard / clf_dtype_bytes(spec->dtype)), before = guard + spec->lead;
    *out = (test_tensor){.count = spec_count(spec), .elements = before + where.span + guard};
    out->view = (clf_view){.offset = before + where.first, .dtype = spec->dtype, .rank = spec->rank};
    for (int axis = 0; axis < spec->rank; axis++) {
        out->view.shape[axis] = spec->shape[axis];
        out->view.strides[axis] = spec->layout == LAYOUT_DENSE ? 0 : where.strides[axis];
        out->strides[axis] = where.strides[axis];
    }
    out->dense = spec->layout == LAYOUT_DENSE || spec->layout == LAYOUT_OFFSET;
    out->bytes = (size_t)out->elements * clf_dtype_bytes(spec->dtype);
    out->sent = malloc(out->bytes);
    out->back = malloc(out->bytes);
    cl_int code = CL_OUT_OF_HOST_MEMORY;
    if (out->sent != NULL && out->back != NULL) {
        cl_context context = clf_context_cl_context(fixture->context);
        out->view.buffer = clCreateBuffer(context, CL_MEM_READ_WRITE, out->bytes, NULL, &code);
        tensor_fill(out, NULL);
    }
    if (code != CL_SUCCESS) {
        (void)snprintf(why, WHY_LENGTH, "the test's own buffer of %zu bytes cannot be made (%d)", out->bytes, code);
        return false;
    }
    return true;
}

void tensor_destroy(test_tensor *tensor) {
    if (tensor->view.buffer != NULL) {
        (void)clReleaseMemObject(tensor->view.buffer);
    }
    free(tensor->sent);
    free(tensor->back);
    *tensor = (struct test_tensor){.bytes = 0};
}

void tensor_fill(test_tensor *tensor, const double *values) {
    size_t done = clf_dtype_bytes(tensor->view.dtype);
    memcpy(tensor->sent, pattern[tensor->view.dtype], done);
    for (size_t more; done < tensor->bytes; done += more) {
        more = done < tensor->bytes - done ? done : tensor->bytes - done;
        memcpy(tensor->sent + done, tensor->sent, more);
    }
    for (int64_t i = 0; values != NULL && i < tensor->count; i++) {
        number_store(tensor->view.dtype, tensor->sent, tensor_position(tensor, i), values[i]);
    }
}

bool tensor_send(const test_fixture *fixture, test_tensor *tensor, char *why) {
    cl_command_queue queue = clf_context_cl_queue(fixture->context);
    cl_int code =
        clEnqueueWriteBuffer(queue, tensor->view.buffer, CL_TRUE, 0, tensor->bytes, tensor->sent, 0, NULL, NULL);
    if (code != CL_SUCCESS) {
        (void)snprintf(why, WHY_LENGTH, "the test's own clEnqueueWriteBuffer failed (%d)", code);
    }
    return code == CL_SUCCESS;
}

bool tensor_fetch(const test_fixture *fixture, test_tensor *tensor, char *why) {
    cl_command_queue queue = clf_context_cl_queue(fixture->context);
    cl_int code =
        clEnqueueReadBuffer(queue, tensor->view.buffer, CL_TRUE, 0, tensor->bytes, tensor->back, 0, NULL, NULL);
    if (code != CL_SUCCESS) {
        (void)snprintf(why, WHY_LENGTH, "the test's own clEnqueueReadBuffer failed (%d)", code);
    }
    return code == CL_SUCCESS;
}

int64_t tensor_position(const test_tensor *tensor, int64_t linear) {
    if (tensor->dense) {
        return tensor->view.offset + linear;
    }
    return position_of(tensor->view.rank, tensor->view.shape, tensor->strides, tensor->view.offset, linear);
}

double tensor_value(const test_tensor *tensor, int64_t linear) {
    return number_load(tensor->view.dtype, tensor->back, tensor_position(tensor, linear));
}

bool tensor_is_unwritten(const test_tensor *tensor, int64_t linear) {
    size_t size = clf_dtype_bytes(tensor->view.dtype);
    return memcmp(tensor->back + (size_t)tensor_position(tensor, linear) * size, pattern[tensor->view.dtype], size) ==
           0;
}

/* Bytes `from` to `to` of the buffer, as they were sent. */
static bool same_range(const test_tensor *tensor, size_t from, size_t to) {
    return memcmp(tensor->sent + from, tensor->back + from, to - from) == 0;
}

/* `inside` NULL: all of them. */
static bool same_bytes(const test_tensor *tensor, const unsigned char *inside, const char *name, char *why) {
    size_t size = clf_dtype_bytes(tensor->view.dtype);
    for (int64_t i = 0; i < tensor->elements; i++) {
        size_t at = (size_t)i * size;
        if ((inside == NULL || !inside[i]) && memcmp(tensor->sent + at, tensor->back + at, size) != 0) {
            (void)snprintf(why, WHY_LENGTH, "element %lld of the buffer of %s, %lld from its start%s, was written",
                           (long long)i, name, (long long)(i - tensor->view.offset),
                           inside == NULL ? "" : " and outside the view");
            return false;
        }
    }
    return true;
}

bool tensor_unchanged(const test_tensor *tensor, const char *name, char *why) {
    return same_range(tensor, 0, tensor->bytes) || same_bytes(tensor, NULL, name, why);
}

bool tensor_outside_unchanged(const test_tensor *tensor, const char *name, char *why) {
    size_t size = clf_dtype_bytes(tensor->view.dtype), first = (size_t)tensor->view.offset * size;
    if (tensor->dense && same_range(tensor, 0, first) &&
        same_range(tensor, first + (size_t)tensor->count * size, tensor->bytes)) {
        return true;
    }
    unsigned char *inside = calloc((size_t)tensor->elements, 1);
    if (inside == NULL) {
        (void)snprintf(why, WHY_LENGTH, LINE_NO_MEMORY);
        return false;
    }
    for (int64_t i = 0; i < tensor->count; i++) {
        inside[tensor_position(tensor, i)] = 1;
    }
    bool same = same_bytes(tensor, inside, name, why);
    free(inside);
    return same;
}

void tensor_index_text(const int64_t *shape, int rank, int64_t linear, char *text, size_t size) {
    int64_t index[CLF_MAX_RANK] = {0};
    for (int axis = rank - 1; axis >= 0; axis--) {
        index[axis] = linear % shape[axis];
        linear /= shape[axis];
    }
    size_t length = 0;
    for (int axis = 0; axis < rank && length < size; axis++) {
        length += (size_t)snprintf(text + length, size - length, "%s%lld%s", axis == 0 ? "[" : ", ",
                                   (long long)index[axis], axis + 1 == rank ? "]" : "");
    }
}

clf_array tensor_array(const test_tensor *tensor) {
    size_t size = clf_dtype_bytes(tensor->view.dtype);
    clf_array array = {.data = tensor->sent + (size_t)tensor->view.offset * size,
                       .dtype = tensor->view.dtype,
                       .rank = tensor->view.rank};
    memcpy(array.shape, tensor->view.shape, sizeof array.shape);
    memcpy(array.strides, tensor->view.strides, sizeof array.strides);
    return array;
}
