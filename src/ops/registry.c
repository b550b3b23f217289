/* SPDX-License-Identifier: Apache-2.0 */
/* Every operation, a row each; and plans from their lines. */
#include "ops/registry.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* X(row): a new operation adds its own. */
#define OPERATIONS(X)    \
    X(conv)              \
    X(corr)              \
    X(conv_adjoint)      \
    X(corr_adjoint)      \
    X(conv_weights)      \
    X(corr_weights)      \
    X(normalised)        \
    X(phase)             \
    X(gradient)          \
    X(gradient_backward) \
    X(laplace)           \
    X(structure)         \
    X(canny)             \
    X(box)               \
    X(smoothness)        \
    X(take)              \
    X(put_add)           \
    X(pinv)              \
    X(pinv_backward)     \
    X(inv)               \
    X(inv_backward)      \
    X(det)               \
    X(solve)             \
    X(lstsq)             \
    X(shift)

#define DECLARE(name) extern const clf_operation_row clf_##name##_row;
OPERATIONS(DECLARE)
#define ROW(name) &clf_##name##_row,
const clf_operation_row *const clf_operations[] = {OPERATIONS(ROW) NULL};

const clf_operation_row *clf_operation_find(const char *name) {
    for (int i = 0; clf_operations[i] != NULL; i++)
        if (strcmp(clf_operations[i]->line->name, name) == 0)
            return clf_operations[i];
    return NULL;
}

static clf_status read_and_plan(clf_context *context, const clf_operation_row *row, clf_line *line,
                                const clf_plan_options *options, clf_plan **plan, clf_error *error) {
    void *words;
    CLF_TRY(clf_allocate(&words, 1, row->line->bytes, error));
    clf_words_read(row->line, line, words);
    clf_status status =
        line->error[0] != '\0' ? clf_words_end(line, error) : row->plan(context, line, words, options, plan, error);
    free(words);
    return status;
}

clf_status clf_plan_from_line(clf_context *context, const char *text, const clf_plan_options *options, clf_plan **plan,
                              clf_error *error) {
    if (context == NULL || text == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_plan_from_line: %s is NULL",
                        context == NULL ? "context"
                        : text == NULL  ? "line"
                                        : "plan");
    const clf_plan_options defaults = {0};
    clf_line line;
    clf_line_split(text, &line);
    const char *name = clf_line_word(&line, 0);
    const clf_operation_row *row = clf_operation_find(name);
    if (row == NULL)
        clf_line_fail(&line, "'%s' is not an operation", name);
    if (row == NULL || line.error[0] != '\0')
        return clf_words_end(&line, error);
    return read_and_plan(context, row, &line, options != NULL ? options : &defaults, plan, error);
}
