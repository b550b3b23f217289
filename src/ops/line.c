/* SPDX-License-Identifier: Apache-2.0 */
/* Problem lines: which operation reads which. */
#include "ops/line.h"

#include <string.h>

static const struct {
    const char *name; /* first word */
    clf_line_reader read;
} readers[] = {
    {"conv", clf_conv_read},         {"corr", clf_conv_read},
    {"conv_adjoint", clf_conv_read}, {"corr_adjoint", clf_conv_read},
    {"conv_weights", clf_conv_read}, {"corr_weights", clf_conv_read},
    {"normalised", clf_conv_read},   {"phase", clf_phase_read},
    {"gradient", clf_gradient_read}, {"gradient_backward", clf_gradient_backward_read},
    {"laplace", clf_laplace_read},   {"structure", clf_structure_read},
    {"canny", clf_canny_read},       {"smoothness", clf_smoothness_read},
    {"take", clf_take_read},         {"put_add", clf_take_read},
    {"pinv", clf_matrix_read},       {"pinv_backward", clf_matrix_read},
    {"inv", clf_matrix_read},        {"inv_backward", clf_matrix_read},
    {"det", clf_matrix_read},        {"solve", clf_matrix_read},
    {"lstsq", clf_matrix_read},      {"shift", clf_shift_read},
};
enum { READERS = sizeof readers / sizeof *readers };

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
    for (int i = 0; i < READERS && line.error[0] == '\0'; i++)
        if (strcmp(name, readers[i].name) == 0)
            return readers[i].read(context, &line, options != NULL ? options : &defaults, plan, error);
    clf_line_fail(&line, "'%s' is not an operation", name);
    return clf_line_check(&line, error);
}
