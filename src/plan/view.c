/* SPDX-License-Identifier: Apache-2.0 */
/* View arithmetic: dense, cropped, permuted, selected and flipped views, and the resolving of defaults. */
#include "plan/view.h"

#include "base/alloc.h"
#include "base/checked.h"

#include <string.h>

/* No memory has so many bytes; numbers below it may be added and multiplied by small ones without a further look. */
static const int64_t MOST_BYTES = INT64_C(1) << 56;

const char *clf_dtype_name(clf_dtype dtype) {
    switch (dtype) {
#define CASE(name, value, text, bytes) \
    case name: return text;
        CLF_DTYPE_TABLE(CASE)
#undef CASE
    }
    return "?";
}

size_t clf_dtype_bytes(clf_dtype dtype) {
    switch (dtype) {
#define CASE(name, value, text, bytes) \
    case name: return bytes;
        CLF_DTYPE_TABLE(CASE)
#undef CASE
    }
    return 0;
}

/* An extent as strides, sums and products see it: one of 0 counts as 1, or its neighbours' numbers would be lost. */
static int64_t at_least_one(int64_t extent) {
    return extent > 1 ? extent : 1;
}

/* Writes dense C-order strides. */
static void dense_strides(int rank, const int64_t *shape, int64_t *strides) {
    int64_t step = 1;
    for (int i = rank - 1; i >= 0; i--) {
        strides[i] = step;
        step *= at_least_one(shape[i]);
    }
}

static bool all_zero(int rank, const int64_t *strides) {
    for (int i = 0; i < rank; i++)
        if (strides[i] != 0)
            return false;
    return true;
}

bool clf_strides_dense(int rank, const int64_t *shape, const int64_t *strides) {
    int64_t step = 1;
    for (int i = rank - 1; i >= 0; i--) {
        if (shape[i] > 1 && strides[i] != step)
            return false;
        step *= at_least_one(shape[i]);
    }
    return true;
}

/* Counts the elements of a shape; false if it is none. Extents of 0 do not hide the others' product. */
static bool count_of(int rank, const int64_t *shape, int64_t *count) {
    int64_t product = 1;
    bool empty = false;
    if (rank < 1 || rank > CLF_MAX_RANK)
        return false;
    for (int i = 0; i < rank; i++) {
        if (shape[i] < 0 || !clf_multiply(product, at_least_one(shape[i]), &product))
            return false;
        empty = empty || shape[i] == 0;
    }
    *count = empty ? 0 : product;
    return true;
}

int64_t clf_view_count(const clf_view *view) {
    int64_t count;
    return view != NULL && count_of(view->rank, view->shape, &count) ? count : 0;
}

bool clf_view_is_dense(const clf_view *view) {
    int64_t count;
    if (view == NULL || !count_of(view->rank, view->shape, &count))
        return false;
    return all_zero(view->rank, view->strides) || clf_strides_dense(view->rank, view->shape, view->strides);
}

clf_view clf_view_dense(cl_mem buffer, clf_dtype dtype, int rank, const int64_t *shape) {
    clf_view view = {.buffer = buffer, .dtype = dtype};
    if (rank < 1 || rank > CLF_MAX_RANK || shape == NULL)
        return view;
    view.rank = rank;
    memcpy(view.shape, shape, (size_t)rank * sizeof *shape);
    int64_t count;
    if (count_of(rank, shape, &count))
        dense_strides(rank, view.shape, view.strides);
    return view;
}

/* True if the offset and every axis, with one step beyond its end, keep within `most` elements together. */
static bool within(int64_t most, int64_t offset, int rank, const int64_t *shape, const int64_t *strides) {
    int64_t total = clf_magnitude(offset);
    for (int i = 0; i < rank; i++)
        if (!clf_multiply_add(clf_magnitude(strides[i]), at_least_one(shape[i]), total, &total))
            return false;
    return total <= most;
}

/* First and last element reached from `offset`; of what is resolved. The last is before the first if there is none. */
static clf_reach reach_of(int64_t offset, int rank, const int64_t *shape, const int64_t *strides) {
    clf_reach reach = {offset, offset};
    for (int i = 0; i < rank; i++) {
        if (shape[i] == 0)
            return (clf_reach){offset, offset - 1};
        int64_t span = (shape[i] - 1) * strides[i];
        *(span < 0 ? &reach.first : &reach.last) += span;
    }
    return reach;
}

/* Checks shape and dtype, and writes the strides out; shared by views and arrays. */
static clf_status resolve(const char *name, clf_dtype dtype, int64_t offset, int rank, const int64_t *shape,
                          int64_t *strides, clf_error *error) {
    if (rank < 1 || rank > CLF_MAX_RANK)
        return clf_fail(error, CLF_INVALID_VIEW, "%s: rank %d; expected 1 to %d", name, rank, CLF_MAX_RANK);
    for (int i = 0; i < rank; i++)
        if (shape[i] < 0)
            return clf_fail(error, CLF_INVALID_VIEW, "%s: axis %d has extent %lld; expected at least 0", name, i,
                            (long long)shape[i]);
    size_t bytes = clf_dtype_bytes(dtype);
    if (bytes == 0)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: dtype is %d; expected a clf_dtype", name, (int)dtype);
    const int64_t most = MOST_BYTES / (int64_t)bytes;
    int64_t product = 1;
    for (int i = 0; i < rank; i++)
        if (!clf_multiply(product, at_least_one(shape[i]), &product) || product > most)
            return clf_fail(error, CLF_INVALID_VIEW,
                            "%s: the product of its extents is more than the 2^56 bytes allowed", name);
    if (all_zero(rank, strides))
        dense_strides(rank, shape, strides);
    if (!within(most, offset, rank, shape, strides))
        return clf_fail(error, CLF_INVALID_VIEW, "%s: its strides reach further than the 2^56 bytes allowed", name);
    return CLF_OK;
}

clf_status clf_view_resolve(const clf_view *view, const char *name, clf_view *resolved, clf_error *error) {
    *resolved = *view;
    return resolve(name, view->dtype, view->offset, view->rank, view->shape, resolved->strides, error);
}

clf_status clf_array_resolve(const clf_array *array, const char *name, clf_array *resolved, clf_error *error) {
    *resolved = *array;
    CLF_TRY(resolve(name, array->dtype, 0, array->rank, array->shape, resolved->strides, error));
    if (array->data == NULL && !clf_array_empty(resolved))
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: its data is NULL", name);
    const int64_t most = PTRDIFF_MAX / (int64_t)clf_dtype_bytes(array->dtype);
    clf_reach reach = reach_of(0, array->rank, array->shape, resolved->strides);
    if (reach.first < -most || reach.last >= most)
        return clf_fail(error, CLF_INVALID_VIEW, "%s: its strides reach further than memory does", name);
    return CLF_OK;
}

bool clf_array_empty(const clf_array *resolved) {
    int64_t count;
    return count_of(resolved->rank, resolved->shape, &count) && count == 0;
}

clf_reach clf_view_reach(const clf_view *resolved) {
    return reach_of(resolved->offset, resolved->rank, resolved->shape, resolved->strides);
}

/* Turns an axis counted from the end into one counted from the front, and checks it. */
static clf_status find_axis(const clf_view *view, const char *function, int axis, int *found, clf_error *error) {
    *found = axis < 0 ? axis + view->rank : axis;
    if (*found < 0 || *found >= view->rank)
        return clf_fail(error, CLF_OUT_OF_RANGE, "%s: axis %d; expected %d to %d", function, axis, -view->rank,
                        view->rank - 1);
    return CLF_OK;
}

static clf_status begin(const clf_view *view, const clf_view *out, const char *function, clf_view *resolved,
                        clf_error *error) {
    if (view == NULL || out == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function, view == NULL ? "view" : "out");
    return clf_view_resolve(view, function, resolved, error);
}

clf_status clf_view_crop(const clf_view *view, int axis, int64_t start, int64_t extent, clf_view *out,
                         clf_error *error) {
    clf_view result;
    CLF_TRY(begin(view, out, "clf_view_crop", &result, error));
    CLF_TRY(find_axis(view, "clf_view_crop", axis, &axis, error));
    if (start < 0 || extent < 0 || start > result.shape[axis] || extent > result.shape[axis] - start)
        return clf_fail(error, CLF_OUT_OF_RANGE, "clf_view_crop: %lld indices from %lld; axis %d has %lld",
                        (long long)extent, (long long)start, axis, (long long)result.shape[axis]);
    result.offset += start * result.strides[axis];
    result.shape[axis] = extent;
    *out = result;
    return CLF_OK;
}

clf_status clf_view_permute(const clf_view *view, const int *order, clf_view *out, clf_error *error) {
    clf_view from, result;
    CLF_TRY(begin(view, out, "clf_view_permute", &from, error));
    if (order == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_view_permute: order is NULL");
    result = from;
    bool taken[CLF_MAX_RANK] = {false};
    for (int i = 0; i < from.rank; i++) {
        int axis;
        CLF_TRY(find_axis(&from, "clf_view_permute", order[i], &axis, error));
        if (taken[axis])
            return clf_fail(error, CLF_OUT_OF_RANGE, "clf_view_permute: order lists axis %d twice", axis);
        taken[axis] = true;
        result.shape[i] = from.shape[axis];
        result.strides[i] = from.strides[axis];
    }
    *out = result;
    return CLF_OK;
}

clf_status clf_view_select(const clf_view *view, int axis, int64_t index, clf_view *out, clf_error *error) {
    clf_view result;
    CLF_TRY(begin(view, out, "clf_view_select", &result, error));
    CLF_TRY(find_axis(view, "clf_view_select", axis, &axis, error));
    if (result.rank == 1)
        return clf_fail(error, CLF_INVALID_VIEW, "clf_view_select: a view of rank 1 would become rank 0");
    int64_t extent = result.shape[axis], at = index < 0 ? index + extent : index;
    if (at < 0 || at >= extent)
        return clf_fail(error, CLF_OUT_OF_RANGE, "clf_view_select: index %lld; axis %d has %lld", (long long)index,
                        axis, (long long)extent);
    result.offset += at * result.strides[axis];
    result.rank--;
    size_t after = (size_t)(result.rank - axis);
    memmove(result.shape + axis, result.shape + axis + 1, after * sizeof *result.shape);
    memmove(result.strides + axis, result.strides + axis + 1, after * sizeof *result.strides);
    *out = result;
    return CLF_OK;
}

clf_status clf_view_flip(const clf_view *view, int axis, clf_view *out, clf_error *error) {
    clf_view result;
    CLF_TRY(begin(view, out, "clf_view_flip", &result, error));
    CLF_TRY(find_axis(view, "clf_view_flip", axis, &axis, error));
    result.offset += (at_least_one(result.shape[axis]) - 1) * result.strides[axis];
    result.strides[axis] = -result.strides[axis];
    *out = result;
    return CLF_OK;
}

const char *clf_element_type(size_t bytes) {
    return bytes == 8 ? "ulong" : bytes == 4 ? "uint" : bytes == 2 ? "ushort" : "uchar";
}
