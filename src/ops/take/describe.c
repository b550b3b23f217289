/* SPDX-License-Identifier: Apache-2.0 */
/* From the descriptors of a selection and of its adjoint to their canonical problem. */
#include "base/alloc.h"
#include "ops/keys.h"
#include "ops/take/take.h"
#include "plan/view.h"

#include <stdlib.h>
#include <string.h>

static const char *const mode_names[] = {CLF_INDEX_MODE_TABLE(CLF_NAME_OF)};
enum { MODE_COUNT = sizeof mode_names / sizeof *mode_names };

const char *clf_index_mode_name(clf_index_mode mode) {
    return (unsigned)mode < MODE_COUNT ? mode_names[mode] : "?";
}

size_t clf_take_bytes(const clf_take_problem *problem) {
    return clf_dtype_bytes(problem->whole.dtype);
}

static clf_status check_options(const clf_take_wishes *wishes, clf_error *error) {
    const char *function = wishes->function;
    bool array = wishes->indices->rank != 0 || wishes->indices->data != NULL, view = wishes->indices_view->rank != 0;
    if (!array && !view)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: neither indices nor indices_view is given; expected one of them",
                        function);
    if (array && view)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: both indices and indices_view are given; expected one of them",
                        function);
    if ((unsigned)wishes->mode >= MODE_COUNT)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: mode is %d; expected a clf_index_mode", function,
                        (int)wishes->mode);
    int rank = array ? wishes->indices->rank : wishes->indices_view->rank;
    if (rank != 1)
        return clf_fail(error, CLF_SHAPE_MISMATCH, "%s: the indices have rank %d; expected 1", function, rank);
    clf_dtype dtype = array ? wishes->indices->dtype : wishes->indices_view->dtype;
    if (dtype != CLF_I32 && dtype != CLF_I64)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: the indices are %s; expected i32 or i64", function,
                        clf_dtype_name(dtype));
    return CLF_OK;
}

/* The row that an index stands for; -1 if it is out of range. */
static int64_t row_of(int64_t index, int64_t extent, clf_index_mode mode) {
    switch (mode) {
    case CLF_INDEX_CLAMP: return index < 0 ? 0 : index < extent ? index : extent - 1;
    case CLF_INDEX_WRAP: index %= extent; return index < 0 ? index + extent : index;
    default: return index < -extent || index >= extent ? -1 : index < 0 ? index + extent : index;
    }
}

/* Reads and checks the host's indices. */
static clf_status read_rows(const clf_take_wishes *wishes, const clf_take_problem *problem, int64_t **rows,
                            clf_error *error) {
    clf_array array;
    CLF_TRY(clf_array_resolve(wishes->indices, "indices", &array, error));
    CLF_TRY(clf_allocate(rows, problem->count, sizeof **rows, error));
    for (int64_t k = 0; k < problem->count; k++) {
        int64_t at = k * array.strides[0];
        int64_t index = array.dtype == CLF_I64 ? ((const int64_t *)array.data)[at] : ((const int32_t *)array.data)[at];
        (*rows)[k] = row_of(index, problem->extent, problem->mode);
        if ((*rows)[k] >= 0)
            continue;
        free(*rows);
        *rows = NULL;
        return clf_fail(error, CLF_OUT_OF_RANGE, "%s: indices[%lld] is %lld; axis %d has %lld; expected %lld to %lld",
                        wishes->function, (long long)k, (long long)index, problem->axis, (long long)problem->extent,
                        -(long long)problem->extent, (long long)problem->extent - 1);
    }
    return CLF_OK;
}

/* Resolves the selected tensor. */
static clf_status resolve_selected(const clf_take_wishes *wishes, clf_take_problem *problem, clf_error *error) {
    CLF_TRY(clf_view_resolve(wishes->selected, wishes->selected_name, &problem->selected, error));
    int64_t expected[CLF_MAX_RANK];
    memcpy(expected, problem->whole.shape, sizeof expected);
    expected[problem->axis] = problem->count;
    return clf_view_check_shape(&problem->selected, wishes->selected_name, problem->whole.rank, expected, error);
}

static clf_status find_axis(const clf_take_wishes *wishes, clf_take_problem *problem, clf_error *error) {
    int rank = problem->whole.rank;
    problem->axis = wishes->axis < 0 ? wishes->axis + rank : wishes->axis;
    if (problem->axis < 0 || problem->axis >= rank)
        return clf_fail(error, CLF_OUT_OF_RANGE, "%s: axis %d; %s has axes %d to %d", wishes->function, wishes->axis,
                        wishes->whole_name, -rank, rank - 1);
    problem->extent = problem->whole.shape[problem->axis];
    return CLF_OK;
}

/* Collapses every other axis; the innermost becomes the run where both tensors hold it side by side. */
void clf_take_find_layout(clf_take_problem *problem) {
    const clf_view *whole = &problem->whole, *selected = &problem->selected;
    problem->whole_step = whole->strides[problem->axis];
    problem->selected_step = selected->strides[problem->axis];
    memset(&problem->batch, 0, sizeof problem->batch);
    for (int i = 0; i < whole->rank; i++)
        if (i != problem->axis)
            clf_batch_add(&problem->batch, whole->shape[i], 2, (int64_t[]){whole->strides[i], selected->strides[i]});
    clf_batch_collapse(&problem->batch);
    problem->run = 1;
    int last = problem->batch.rank - 1;
    if (last < 0 || problem->batch.strides[0][last] != 1 || problem->batch.strides[1][last] != 1)
        return;
    if (problem->batch.count == 0)
        return;
    problem->run = problem->batch.shape[last];
    problem->batch.count /= problem->run;
    problem->batch.rank--;
}

clf_status clf_take_describe(const clf_take_wishes *wishes, clf_take_problem *problem, int64_t **rows,
                             clf_error *error) {
    memset(problem, 0, sizeof *problem);
    CLF_TRY(check_options(wishes, error));
    CLF_TRY(clf_view_resolve(wishes->whole, wishes->whole_name, &problem->whole, error));
    CLF_TRY(find_axis(wishes, problem, error));
    problem->mode = wishes->mode;
    if (wishes->indices_view->rank != 0)
        CLF_TRY(clf_view_resolve(wishes->indices_view, "indices_view", &problem->indices, error));
    bool host = wishes->indices_view->rank == 0;
    problem->count = host ? wishes->indices->shape[0] : problem->indices.shape[0];
    problem->index_dtype = host ? wishes->indices->dtype : problem->indices.dtype;
    if (problem->count < 0)
        return clf_fail(error, CLF_INVALID_VIEW, "%s: there are %lld indices; expected 0 or more", wishes->function,
                        (long long)problem->count);
    CLF_TRY(resolve_selected(wishes, problem, error));
    if (problem->selected.dtype != problem->whole.dtype)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: %s is %s, %s is %s; expected the same", wishes->function,
                        wishes->selected_name, clf_dtype_name(problem->selected.dtype), wishes->whole_name,
                        clf_dtype_name(problem->whole.dtype));
    if (problem->count > 0 && problem->extent == 0)
        return clf_fail(error, CLF_OUT_OF_RANGE, "%s: there are %lld indices; axis %d of %s has no elements",
                        wishes->function, (long long)problem->count, problem->axis, wishes->whole_name);
    clf_take_find_layout(problem);
    if (host)
        CLF_TRY(read_rows(wishes, problem, rows, error));
    else if (problem->count == 0) /* the device has nothing to read */
        CLF_TRY(clf_allocate(rows, 0, sizeof **rows, error));
    problem->rows = *rows;
    return CLF_OK;
}
