/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of many small matrices, read (clfilter/line.h has the words). */
#include "ops/line.h"

#include <string.h>

/* Matrices of other extents beside those of the line, their strides as KEY= says. */
static clf_view beside(clf_line *line, const clf_view *matrix, int64_t rows, int64_t columns, const char *key) {
    clf_view view = {.dtype = matrix->dtype, .rank = matrix->rank};
    memcpy(view.shape, matrix->shape, sizeof view.shape);
    view.shape[view.rank - 2] = rows;
    view.shape[view.rank - 1] = columns;
    clf_line_strides(line, key, &view);
    return view;
}

static clf_view determinants(clf_line *line, const clf_view *matrix) {
    clf_view view = {.dtype = matrix->dtype, .rank = matrix->rank - 2};
    memcpy(view.shape, matrix->shape, sizeof view.shape);
    if (view.rank == 0) {
        view.rank = 1;
        view.shape[0] = 1;
    }
    clf_line_strides(line, "dst_strides", &view);
    return view;
}

/* What every descriptor here holds. */
typedef struct matrix_words {
    const char *name;
    clf_view src, dst, second, third; /* second: pinv, right or grad; third: grad of pinv_backward */
    double rcond;
} matrix_words;

static void read_words(clf_line *line, matrix_words *words) {
    clf_view *src = &words->src;
    int64_t m = src->shape[src->rank - 2], n = src->shape[src->rank - 1], right = 1;
    bool pinv = strcmp(words->name, "pinv") == 0, back = strcmp(words->name, "pinv_backward") == 0;
    bool lstsq = strcmp(words->name, "lstsq") == 0, solve = lstsq || strcmp(words->name, "solve") == 0;
    if (pinv || lstsq)
        words->rcond = clf_line_real(line, "rcond", 0);
    if (solve)
        right = clf_line_integer(line, "right", 1);
    if (strcmp(words->name, "det") == 0)
        words->dst = determinants(line, src);
    else
        words->dst = beside(line, src, pinv || solve ? n : m, pinv ? m : solve ? right : n, "dst_strides");
    if (solve)
        words->second = beside(line, src, m, right, "right_strides");
    else if (back)
        words->second = beside(line, src, n, m, "pinv_strides");
    if (back || strcmp(words->name, "inv_backward") == 0)
        words->third = beside(line, src, n, m, "grad_strides");
    clf_line_strides(line, "src_strides", src);
}

static clf_status plan_words(clf_context *context, const matrix_words *w, const clf_plan_options *options,
                             clf_plan **plan, clf_error *error) {
    const clf_view *src = &w->src, *dst = &w->dst;
    bool lstsq = strcmp(w->name, "lstsq") == 0;
    if (strcmp(w->name, "pinv") == 0)
        return clf_plan_pinv(context, &(clf_pinv_desc){*src, *dst, w->rcond, *options}, plan, error);
    if (strcmp(w->name, "inv") == 0)
        return clf_plan_inv(context, &(clf_inv_desc){*src, *dst, *options}, plan, error);
    if (strcmp(w->name, "det") == 0)
        return clf_plan_det(context, &(clf_det_desc){*src, *dst, *options}, plan, error);
    if (strcmp(w->name, "inv_backward") == 0)
        return clf_plan_inv_backward(context, &(clf_inv_backward_desc){*src, w->third, *dst, *options}, plan, error);
    if (strcmp(w->name, "pinv_backward") == 0)
        return clf_plan_pinv_backward(context, &(clf_pinv_backward_desc){*src, w->second, w->third, *dst, *options},
                                      plan, error);
    return clf_plan_solve(context, &(clf_solve_desc){*src, w->second, *dst, lstsq, w->rcond, *options}, plan, error);
}

clf_status clf_matrix_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                           clf_error *error) {
    matrix_words words = {.name = clf_line_word(line, 0), .src = clf_line_tensor(line)};
    if (words.src.rank < 2)
        clf_line_fail(line, "the shape '%s' has no two axes for rows and columns", clf_line_word(line, 2));
    else
        read_words(line, &words);
    CLF_TRY(clf_line_check(line, error));
    return plan_words(context, &words, options, plan, error);
}
