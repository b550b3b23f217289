/* SPDX-License-Identifier: Apache-2.0 */
/* The small lines of the tests that the library plans. */
#include "lines.h"

#include <stdio.h>
#include <string.h>

static bool covered(const line_batch *lines, const char *name) {
    size_t length = strlen(name);
    for (size_t i = 0; i < lines->count; i++)
        if (strncmp(lines->lines[i], name, length) == 0 && lines->lines[i][length] == ' ')
            return true;
    return false;
}

bool lines_collect(clf_context *context, line_batch *lines) {
    line_batch all = {.count = 0};
    *lines = (line_batch){.count = 0};
    for (int i = 0; operations[i] != NULL; i++)
        operations[i]->small(&all);
    /* Of these the tests have lines of another dialect alone. */
    batch_add(&all, "phase f32 16x16");
    batch_add(&all, "pinv_backward f32 5x3x2");
    batch_add(&all, "inv_backward f32 5x3x3");
    for (size_t i = 0; i < all.count; i++) {
        clf_plan *plan = NULL;
        if (clf_plan_from_line(context, all.lines[i], NULL, &plan, NULL) == CLF_OK)
            batch_add(lines, "%s", all.lines[i]);
        clf_plan_destroy(plan);
    }
    bool good = !all.failed && !lines->failed;
    batch_free(&all);
    clf_line_operation operation;
    for (size_t i = 0; clf_line_operation_at(i, &operation); i++)
        if (!covered(lines, operation.name)) {
            (void)fprintf(stderr, "no line of %s is planned\n", operation.name);
            good = strcmp(operation.name, "phase") == 0 && good; /* which needs a library of transforms */
        }
    return good;
}
