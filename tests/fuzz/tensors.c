/* SPDX-License-Identifier: Apache-2.0 */
/* Views and arrays of descriptors, made of an input's bytes. */
#include "tensors.h"

#include <string.h>

enum { ARRAY_BYTES = 1 << 16 };

static uint8_t next(fuzz_maker *maker) {
    return fuzz_byte(&maker->bytes);
}

static int64_t number(fuzz_maker *maker) {
    return fuzz_number(&maker->bytes);
}

clf_dtype fuzz_dtype(fuzz_maker *maker) {
    uint8_t first = next(maker);
    return first < 128 ? (clf_dtype)(first % 8) : first < 250 ? CLF_F32 : (clf_dtype)fuzz_int(&maker->bytes);
}

clf_border fuzz_border(fuzz_maker *maker) {
    uint8_t first = next(maker);
    return first < 250 ? (clf_border)(first % 6) : (clf_border)fuzz_int(&maker->bytes);
}

clf_plan_options fuzz_options(fuzz_maker *maker) {
    static const char *const solvers[] = {NULL, "conv", "conv.fft", "conv.general", "gradient", "take.each", "?", ""};
    uint8_t first = next(maker);
    clf_plan_options options = {.effort = (clf_effort)(first < 240 ? 0 : first - 240)};
    if ((first & 7) == 7)
        options.solver = solvers[next(maker) % 8];
    if ((first & 3) == 2)
        options.stream_bytes = (size_t)number(maker) * ((first & 4) ? 1 : 4096);
    return options;
}

/* A buffer of one of several sizes; most views have none, as plans may. */
static cl_mem buffer(fuzz_maker *maker) {
    static const size_t sizes[] = {64, (size_t)1 << 16, (size_t)1 << 24};
    uint8_t first = next(maker);
    if (first < 160 || maker->buffer_count == MOST_MADE)
        return NULL;
    if (first < 170 && maker->buffer_count > 0)
        return maker->buffers[0]; /* shared memory, which may overlap */
    cl_int code;
    cl_mem made =
        clCreateBuffer(clf_context_cl_context(maker->context), CL_MEM_READ_WRITE, sizes[first % 3], NULL, &code);
    fuzz_expect(code == CL_SUCCESS, "no buffer");
    maker->buffers[maker->buffer_count++] = made;
    return made;
}

/* Any shape, strides and offset. */
static void make_any(fuzz_maker *maker, clf_view *view) {
    uint8_t what = next(maker);
    if (what & 1)
        view->rank = fuzz_int(&maker->bytes);
    if (what & 2)
        view->offset = number(maker);
    for (int i = 0; i < CLF_MAX_RANK && (what & 4); i++)
        view->shape[i] = number(maker);
    for (int i = 0; i < CLF_MAX_RANK && (what & 8); i++)
        view->strides[i] = number(maker);
    if (what & 16)
        view->shape[next(maker) % CLF_MAX_RANK] = number(maker);
    if (what & 32)
        view->strides[next(maker) % CLF_MAX_RANK] = number(maker);
    if (what & 64)
        view->dtype = fuzz_dtype(maker);
}

/* One of the calls that make a view of a view. */
static void make_of(fuzz_maker *maker, clf_view *view) {
    clf_error error = {0};
    clf_view made = *view;
    clf_status status = CLF_OK;
    int order[CLF_MAX_RANK], axis;
    switch (next(maker) % 4) {
    case 0: status = clf_view_flip(view, fuzz_int(&maker->bytes), &made, &error); break;
    case 1: status = clf_view_select(view, fuzz_int(&maker->bytes), number(maker), &made, &error); break;
    case 2:
        axis = fuzz_int(&maker->bytes);
        status = clf_view_crop(view, axis, number(maker), number(maker), &made, &error);
        break;
    default:
        for (int i = 0; i < CLF_MAX_RANK; i++)
            order[i] = fuzz_int(&maker->bytes);
        status = clf_view_permute(view, order, &made, &error);
    }
    fuzz_expect_told(status, &error);
    if (status == CLF_OK)
        *view = made;
    (void)clf_view_count(view);
    (void)clf_view_is_dense(view);
}

clf_view fuzz_view(fuzz_maker *maker, int rank, const int64_t *shape, clf_dtype dtype) {
    clf_view view = {.dtype = dtype, .rank = rank};
    memcpy(view.shape, shape, sizeof view.shape);
    uint8_t what = next(maker);
    if (what >= 128)
        view.buffer = buffer(maker);
    if ((what & 15) == 1)
        make_any(maker, &view);
    for (int i = 0; (what & 7) == 2 && i < 1 + what / 64; i++)
        make_of(maker, &view);
    return view;
}

clf_view fuzz_like(fuzz_maker *maker) {
    return fuzz_view(maker, maker->like.rank, maker->like.shape, maker->like.dtype);
}

clf_view fuzz_perhaps(fuzz_maker *maker) {
    return next(maker) & 1 ? fuzz_like(maker) : (clf_view){.rank = 0};
}

clf_view fuzz_ending(fuzz_maker *maker, int axes, const int64_t *last, clf_dtype dtype) {
    int64_t shape[CLF_MAX_RANK];
    int rank = maker->like.rank;
    memcpy(shape, maker->like.shape, sizeof shape);
    for (int i = 0; i < axes; i++)
        if (rank >= axes && rank <= CLF_MAX_RANK)
            shape[rank - axes + i] = last[i];
    return fuzz_view(maker, rank, shape, dtype);
}

/* True if the array's elements lie within `half` of its first one. */
static bool within(const clf_array *array, int64_t half) {
    bool dense = true;
    int64_t before = 0, after = 0, step = 1;
    if (array->rank < 1 || array->rank > CLF_MAX_RANK)
        return false;
    for (int i = 0; i < array->rank; i++)
        dense = dense && array->strides[i] == 0;
    for (int i = array->rank - 1; i >= 0; i--) {
        int64_t extent = array->shape[i], stride = dense ? step : array->strides[i];
        if (extent < 1 || extent > half || stride > half || stride < -half)
            return false;
        *(stride < 0 ? &before : &after) += (extent - 1) * (stride < 0 ? -stride : stride);
        step *= extent;
        if (step > half)
            return false;
    }
    return before < half && after < half;
}

clf_array fuzz_array(fuzz_maker *maker, int rank, const int64_t *shape, clf_dtype dtype) {
    static double values[ARRAY_BYTES / sizeof(double)]; /* zeros: numbers, and indices that are in range */
    clf_view view = fuzz_view(maker, rank, shape, dtype);
    clf_array array = {.dtype = view.dtype, .rank = view.rank};
    memcpy(array.shape, view.shape, sizeof array.shape);
    memcpy(array.strides, view.strides, sizeof array.strides);
    if (within(&array, ARRAY_BYTES / sizeof(double) / 2))
        array.data = values + sizeof values / sizeof *values / 2;
    return array;
}

void fuzz_begin(fuzz_maker *maker, const uint8_t *data, size_t size) {
    *maker = (fuzz_maker){.bytes = {data, size}};
    maker->context = fuzz_open(next(maker));
    uint8_t first = next(maker);
    maker->like.dtype = fuzz_dtype(maker);
    maker->like.rank = first < 240 ? 1 + first % 4 : first % 16;
    for (int i = 0; i < CLF_MAX_RANK; i++) {
        uint8_t extent = i < maker->like.rank ? next(maker) : 1;
        maker->like.shape[i] = extent < 232 ? extent % 40 + 1 : extent < 240 ? 0 : number(maker);
    }
}

void fuzz_end(fuzz_maker *maker) {
    for (int i = 0; i < maker->buffer_count; i++)
        clReleaseMemObject(maker->buffers[i]);
    fuzz_close(maker->context);
}
