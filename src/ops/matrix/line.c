/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of many small matrices, planned. */
#include "ops/matrix/words.h"

#include <string.h>

enum { SRC, DST, SECOND, THIRD };

/* The tensors that a line describes. */
typedef struct matrix_views {
    clf_view view[4];
    int64_t rows, columns;
} matrix_views;

/* Matrices of other extents beside those of the line. */
static clf_view beside(const clf_view *matrix, int64_t rows, int64_t columns) {
    clf_view view = {.dtype = matrix->dtype, .rank = matrix->rank};
    memcpy(view.shape, matrix->shape, sizeof view.shape);
    view.shape[view.rank - 2] = rows;
    view.shape[view.rank - 1] = columns;
    return view;
}

static clf_view determinants(const clf_view *matrix) {
    clf_view view = {.dtype = matrix->dtype, .rank = matrix->rank - 2};
    memcpy(view.shape, matrix->shape, sizeof view.shape);
    if (view.rank == 0) {
        view.rank = 1;
        view.shape[0] = 1;
    }
    return view;
}

static clf_status begin(clf_line *line, const clf_matrix_words *words, matrix_views *views, clf_error *error) {
    views->view[SRC] = clf_words_tensor(words);
    int rank = views->view[SRC].rank;
    if (rank < 2) {
        clf_line_fail(line, "the shape '%s' has no two axes for rows and columns", clf_line_word(line, 2));
        return clf_words_end(line, error);
    }
    views->rows = views->view[SRC].shape[rank - 2];
    views->columns = views->view[SRC].shape[rank - 1];
    return CLF_OK;
}

static clf_status end(clf_line *line, const clf_line_table *row, const clf_matrix_words *words, matrix_views *views,
                      clf_error *error) {
    for (int i = 0; row->tensors[i] != NULL; i++)
        clf_words_give_strides(row, line, words, i, &views->view[i]);
    return clf_words_end(line, error);
}

static clf_status plan_pinv(clf_context *context, clf_line *line, void *words, const clf_plan_options *options,
                            clf_plan **plan, clf_error *error) {
    matrix_views v;
    CLF_TRY(begin(line, words, &v, error));
    v.view[DST] = beside(&v.view[SRC], v.columns, v.rows);
    CLF_TRY(end(line, &clf_pinv_line, words, &v, error));
    double rcond = ((const clf_matrix_words *)words)->rcond;
    return clf_plan_pinv(context, &(clf_pinv_desc){v.view[SRC], v.view[DST], rcond, *options}, plan, error);
}

static clf_status plan_pinv_backward(clf_context *context, clf_line *line, void *words, const clf_plan_options *options,
                                     clf_plan **plan, clf_error *error) {
    matrix_views v;
    CLF_TRY(begin(line, words, &v, error));
    v.view[DST] = v.view[SRC];
    v.view[SECOND] = v.view[THIRD] = beside(&v.view[SRC], v.columns, v.rows);
    CLF_TRY(end(line, &clf_pinv_backward_line, words, &v, error));
    return clf_plan_pinv_backward(
        context, &(clf_pinv_backward_desc){v.view[SRC], v.view[SECOND], v.view[THIRD], v.view[DST], *options}, plan,
        error);
}

static clf_status plan_inv(clf_context *context, clf_line *line, void *words, const clf_plan_options *options,
                           clf_plan **plan, clf_error *error) {
    matrix_views v;
    CLF_TRY(begin(line, words, &v, error));
    v.view[DST] = v.view[SRC];
    CLF_TRY(end(line, &clf_inv_line, words, &v, error));
    return clf_plan_inv(context, &(clf_inv_desc){v.view[SRC], v.view[DST], *options}, plan, error);
}

static clf_status plan_inv_backward(clf_context *context, clf_line *line, void *words, const clf_plan_options *options,
                                    clf_plan **plan, clf_error *error) {
    matrix_views v;
    CLF_TRY(begin(line, words, &v, error));
    v.view[DST] = v.view[SRC];
    v.view[SECOND] = beside(&v.view[SRC], v.columns, v.rows);
    CLF_TRY(end(line, &clf_inv_backward_line, words, &v, error));
    return clf_plan_inv_backward(context, &(clf_inv_backward_desc){v.view[SRC], v.view[SECOND], v.view[DST], *options},
                                 plan, error);
}

static clf_status plan_det(clf_context *context, clf_line *line, void *words, const clf_plan_options *options,
                           clf_plan **plan, clf_error *error) {
    matrix_views v;
    CLF_TRY(begin(line, words, &v, error));
    v.view[DST] = determinants(&v.view[SRC]);
    CLF_TRY(end(line, &clf_det_line, words, &v, error));
    return clf_plan_det(context, &(clf_det_desc){v.view[SRC], v.view[DST], *options}, plan, error);
}

static clf_status plan_system(clf_context *context, clf_line *line, const clf_line_table *row,
                              const clf_matrix_words *words, const clf_plan_options *options, clf_plan **plan,
                              clf_error *error) {
    matrix_views v;
    CLF_TRY(begin(line, words, &v, error));
    v.view[DST] = beside(&v.view[SRC], v.columns, words->right);
    v.view[SECOND] = beside(&v.view[SRC], v.rows, words->right);
    CLF_TRY(end(line, row, words, &v, error));
    return clf_plan_solve(
        context,
        &(clf_solve_desc){v.view[SRC], v.view[SECOND], v.view[DST], row == &clf_lstsq_line, words->rcond, *options},
        plan, error);
}

static clf_status plan_solve(clf_context *context, clf_line *line, void *words, const clf_plan_options *options,
                             clf_plan **plan, clf_error *error) {
    return plan_system(context, line, &clf_solve_line, words, options, plan, error);
}

static clf_status plan_lstsq(clf_context *context, clf_line *line, void *words, const clf_plan_options *options,
                             clf_plan **plan, clf_error *error) {
    return plan_system(context, line, &clf_lstsq_line, words, options, plan, error);
}

#define ROW(name) const clf_operation_row clf_##name##_row = {&clf_##name##_line, plan_##name}
ROW(pinv);
ROW(pinv_backward);
ROW(inv);
ROW(inv_backward);
ROW(det);
ROW(solve);
ROW(lstsq);
