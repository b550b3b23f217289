/* SPDX-License-Identifier: Apache-2.0 */
/* From the descriptors of small matrices to their canonical problem; its line and its cost. */
#include "base/number.h"
#include "ops/matrix/matrix.h"
#include "ops/matrix/words.h"
#include "plan/view.h"

#include <string.h>

void clf_matrix_print(const void *described, clf_text *text) {
    static const clf_line_table *const rows[] = {
        [CLF_MATRIX_PINV] = &clf_pinv_line,   [CLF_MATRIX_PINV_BACKWARD] = &clf_pinv_backward_line,
        [CLF_MATRIX_INV] = &clf_inv_line,     [CLF_MATRIX_INV_BACKWARD] = &clf_inv_backward_line,
        [CLF_MATRIX_DET] = &clf_det_line,     [CLF_MATRIX_SOLVE] = &clf_solve_line,
        [CLF_MATRIX_LSTSQ] = &clf_lstsq_line,
    };
    const clf_matrix_problem *problem = described;
    clf_matrix_words words = {.right = problem->right, .rcond = problem->rcond};
    clf_words_set_shape(&words, &problem->view[0]);
    for (int i = 0; i < problem->operands; i++)
        clf_words_set_strides(&words, i, &problem->view[i]);
    clf_words_print(rows[problem->kind], &words, text);
}

void clf_matrix_cost(const void *described, clf_plan_cost *cost) {
    const clf_matrix_problem *problem = described;
    double m = problem->rows, n = problem->columns, r = (double)problem->right;
    double few = m < n ? m : n, many = m < n ? n : m, sweep = few * (few - 1) / 2 * (18 * many + 6 * few);
    for (int i = 0; i < problem->operands; i++)
        cost->bytes += (double)clf_view_count(&problem->view[i]) * (double)clf_dtype_bytes(problem->view[i].dtype);
    double each = 0;
    switch (problem->kind) {
    case CLF_MATRIX_PINV: each = 4 * sweep + 2 * m * n * few; break;
    case CLF_MATRIX_LSTSQ: each = 4 * sweep + 2 * few * (m + n) * r; break;
    case CLF_MATRIX_PINV_BACKWARD: each = 10 * m * n * (m + n); break;
    case CLF_MATRIX_INV_BACKWARD: each = 4 * n * n * n; break;
    case CLF_MATRIX_INV: each = 2 * n * n * n; break;
    case CLF_MATRIX_DET: each = 2 * n * n * n / 3; break;
    case CLF_MATRIX_SOLVE: each = 2 * n * n * n / 3 + 2 * n * n * r; break;
    }
    cost->flops = each * (double)problem->count * (double)problem->batch.count;
}

/* Rows and columns that operand `i` must have. */
static void expected_matrix(const clf_matrix_problem *problem, int i, int64_t *rows, int64_t *columns) {
    *rows = problem->rows;
    *columns = problem->columns;
    bool solving = problem->kind == CLF_MATRIX_SOLVE || problem->kind == CLF_MATRIX_LSTSQ;
    bool turned = (problem->kind == CLF_MATRIX_PINV && i == 1) || (problem->kind == CLF_MATRIX_PINV_BACKWARD && i >= 2);
    if (turned) {
        *rows = problem->columns;
        *columns = problem->rows;
    }
    if (solving && i >= 1) {
        *rows = i == 1 ? problem->columns : problem->rows;
        *columns = problem->right;
    }
}

static clf_status check_matrix(const char *function, const char *name, clf_matrix_problem *problem, clf_error *error) {
    const clf_view *matrix = &problem->view[0];
    if (matrix->rank < 2)
        return clf_fail(error, CLF_INVALID_VIEW, "%s: %s has rank %d; expected at least 2", function, name,
                        matrix->rank);
    if (matrix->dtype != CLF_F32 && matrix->dtype != CLF_F64)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: %s is %s; expected f32 or f64", function, name,
                        clf_dtype_name(matrix->dtype));
    int64_t rows = matrix->shape[matrix->rank - 2], columns = matrix->shape[matrix->rank - 1];
    if (rows > CLF_MAX_MATRIX || columns > CLF_MAX_MATRIX)
        return clf_fail(error, CLF_SHAPE_MISMATCH, "%s: %s holds matrices of %lld x %lld; expected at most %d x %d",
                        function, name, (long long)rows, (long long)columns, CLF_MAX_MATRIX, CLF_MAX_MATRIX);
    problem->rows = (int)rows;
    problem->columns = (int)columns;
    bool any_shape = problem->kind == CLF_MATRIX_PINV || problem->kind == CLF_MATRIX_PINV_BACKWARD ||
                     problem->kind == CLF_MATRIX_LSTSQ;
    if (rows != columns && !any_shape)
        return clf_fail(error, CLF_SHAPE_MISMATCH, "%s: %s holds matrices of %lld x %lld; expected square ones",
                        function, name, (long long)rows, (long long)columns);
    return CLF_OK;
}

static clf_status check_operand(const char *function, const char *name, clf_matrix_problem *problem, int i,
                                clf_error *error) {
    const clf_view *matrix = &problem->view[0], *view = &problem->view[i];
    int64_t shape[CLF_MAX_RANK], rows, columns;
    int rank = matrix->rank;
    if (view->dtype != matrix->dtype)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: %s is %s; expected %s", function, name,
                        clf_dtype_name(view->dtype), clf_dtype_name(matrix->dtype));
    memcpy(shape, matrix->shape, sizeof shape);
    expected_matrix(problem, i, &rows, &columns);
    shape[rank - 2] = rows;
    shape[rank - 1] = columns;
    if (problem->kind == CLF_MATRIX_DET) {
        shape[0] = rank == 2 ? 1 : shape[0];
        rank = rank == 2 ? 1 : rank - 2;
    }
    return clf_view_check_shape(view, name, rank, shape, error);
}

/* The axes that count matrices, merged; the longest becomes that of the lanes. */
void clf_matrix_find_layout(clf_matrix_problem *problem) {
    clf_batch *batch = &problem->batch;
    memset(batch, 0, sizeof *batch);
    memset(problem->lane, 0, sizeof problem->lane);
    for (int i = 0; i < problem->operands; i++) {
        const clf_view *view = &problem->view[i];
        bool det_output = problem->kind == CLF_MATRIX_DET && i == 1;
        problem->row[i] = det_output ? 0 : view->strides[view->rank - 2];
        problem->column[i] = det_output ? 0 : view->strides[view->rank - 1];
    }
    for (int axis = 0; axis < problem->view[0].rank - 2; axis++) {
        int64_t strides[CLF_MATRIX_OPERANDS];
        for (int i = 0; i < problem->operands; i++)
            strides[i] = problem->view[i].strides[axis];
        clf_batch_add(batch, problem->view[0].shape[axis], problem->operands, strides);
    }
    clf_batch_collapse(batch);
    problem->count = 1;
    if (batch->rank == 0 || batch->count == 0)
        return;
    int longest = 0;
    for (int axis = 1; axis < batch->rank; axis++)
        longest = batch->shape[axis] >= batch->shape[longest] ? axis : longest;
    problem->count = batch->shape[longest];
    batch->count /= problem->count;
    batch->rank--;
    for (int i = 0; i < problem->operands; i++)
        problem->lane[i] = batch->strides[i][longest];
    for (int axis = longest; axis < batch->rank; axis++) {
        batch->shape[axis] = batch->shape[axis + 1];
        for (int i = 0; i < problem->operands; i++)
            batch->strides[i][axis] = batch->strides[i][axis + 1];
    }
}

clf_status clf_matrix_describe(const char *function, const char *const names[CLF_MATRIX_OPERANDS],
                               clf_matrix_problem *problem, clf_error *error) {
    for (int i = 0; i < problem->operands; i++) {
        clf_view given = problem->view[i];
        CLF_TRY(clf_view_resolve(&given, names[i], &problem->view[i], error));
    }
    CLF_TRY(check_matrix(function, names[0], problem, error));
    bool solving = problem->kind == CLF_MATRIX_SOLVE || problem->kind == CLF_MATRIX_LSTSQ;
    problem->right = solving ? problem->view[2].shape[problem->view[2].rank - 1] : 1;
    for (int i = problem->operands - 1; i >= 1; i--)
        CLF_TRY(check_operand(function, names[i], problem, i, error));
    clf_matrix_find_layout(problem);
    return CLF_OK;
}
