/* SPDX-License-Identifier: Apache-2.0 */
/* Many small matrices: the public calls, from descriptor to plan. */
#include "ops/matrix/matrix.h"

#include "base/number.h"

#include <float.h>
#include <math.h>

#define OPERATION(kind, text, ...)                                         \
    static const clf_solver *const kind##_solvers[] = {__VA_ARGS__, NULL}; \
    static const clf_operation kind##_operation = {                        \
        text, kind##_solvers, clf_matrix_print, clf_matrix_cost, &clf_matrix_slicing, "none counts matrices"}

OPERATION(pinv, "pinv", &clf_matrix_pinv_pair, &clf_matrix_pinv);
OPERATION(pinv_backward, "pinv_backward", &clf_matrix_pinv_backward);
OPERATION(inv, "inv", &clf_matrix_inv);
OPERATION(inv_backward, "inv_backward", &clf_matrix_inv_backward);
OPERATION(det, "det", &clf_matrix_det);
OPERATION(solve, "solve", &clf_matrix_solve);
OPERATION(lstsq, "lstsq", &clf_matrix_lstsq);

static clf_status check_arguments(const char *function, const clf_context *context, const void *desc, clf_plan **plan,
                                  clf_error *error) {
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    return CLF_OK;
}

static clf_status plan(clf_context *context, const clf_operation *operation, const char *function,
                       const char *const names[CLF_MATRIX_OPERANDS], clf_matrix_problem *problem,
                       const clf_plan_options *options, clf_plan **out, clf_error *error) {
    CLF_TRY(clf_matrix_describe(function, names, problem, error));
    clf_operand operands[CLF_MATRIX_OPERANDS];
    for (int i = 0; i < problem->operands; i++)
        operands[i] = (clf_operand){names[i], problem->view[i], i == 1};
    return clf_operation_plan(context, operation, problem, problem->operands, operands, options, out, error);
}

/* rcond with its default, and no smaller than what the squares of singular values can tell. */
static clf_status find_rcond(const char *function, double rcond, const clf_view *matrix, double *found,
                             clf_error *error) {
    if (!isfinite(rcond) || rcond < 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: rcond is %s; expected a finite number, 0 or more", function,
                        clf_number_general(rcond, 6).text);
    bool wide = matrix->dtype == CLF_F64;
    int64_t rows = matrix->rank >= 2 && matrix->rank <= CLF_MAX_RANK ? matrix->shape[matrix->rank - 2] : 1;
    int64_t columns = matrix->rank >= 2 && matrix->rank <= CLF_MAX_RANK ? matrix->shape[matrix->rank - 1] : 1;
    double standard = (double)(rows > columns ? rows : columns) * (wide ? DBL_EPSILON : (double)FLT_EPSILON);
    *found = fmax(rcond != 0 ? rcond : standard, wide ? 1e-150 : 1e-18);
    return CLF_OK;
}

clf_status clf_plan_pinv(clf_context *context, const clf_pinv_desc *desc, clf_plan **out, clf_error *error) {
    static const char *const names[] = {"src", "dst", NULL, NULL};
    const char *function = "clf_plan_pinv";
    CLF_TRY(check_arguments(function, context, desc, out, error));
    clf_matrix_problem problem = {.kind = CLF_MATRIX_PINV, .operands = 2, .view = {desc->src, desc->dst}};
    CLF_TRY(find_rcond(function, desc->rcond, &desc->src, &problem.rcond, error));
    return plan(context, &pinv_operation, function, names, &problem, &desc->options, out, error);
}

clf_status clf_plan_pinv_backward(clf_context *context, const clf_pinv_backward_desc *desc, clf_plan **out,
                                  clf_error *error) {
    static const char *const names[] = {"src", "dst", "pinv", "grad"};
    const char *function = "clf_plan_pinv_backward";
    CLF_TRY(check_arguments(function, context, desc, out, error));
    clf_matrix_problem problem = {
        .kind = CLF_MATRIX_PINV_BACKWARD, .operands = 4, .view = {desc->src, desc->dst, desc->pinv, desc->grad}};
    return plan(context, &pinv_backward_operation, function, names, &problem, &desc->options, out, error);
}

clf_status clf_plan_inv(clf_context *context, const clf_inv_desc *desc, clf_plan **out, clf_error *error) {
    static const char *const names[] = {"src", "dst", NULL, NULL};
    const char *function = "clf_plan_inv";
    CLF_TRY(check_arguments(function, context, desc, out, error));
    clf_matrix_problem problem = {.kind = CLF_MATRIX_INV, .operands = 2, .view = {desc->src, desc->dst}};
    return plan(context, &inv_operation, function, names, &problem, &desc->options, out, error);
}

clf_status clf_plan_inv_backward(clf_context *context, const clf_inv_backward_desc *desc, clf_plan **out,
                                 clf_error *error) {
    static const char *const names[] = {"inverse", "dst", "grad", NULL};
    const char *function = "clf_plan_inv_backward";
    CLF_TRY(check_arguments(function, context, desc, out, error));
    clf_matrix_problem problem = {
        .kind = CLF_MATRIX_INV_BACKWARD, .operands = 3, .view = {desc->inverse, desc->dst, desc->grad}};
    return plan(context, &inv_backward_operation, function, names, &problem, &desc->options, out, error);
}

clf_status clf_plan_det(clf_context *context, const clf_det_desc *desc, clf_plan **out, clf_error *error) {
    static const char *const names[] = {"src", "dst", NULL, NULL};
    const char *function = "clf_plan_det";
    CLF_TRY(check_arguments(function, context, desc, out, error));
    clf_matrix_problem problem = {.kind = CLF_MATRIX_DET, .operands = 2, .view = {desc->src, desc->dst}};
    return plan(context, &det_operation, function, names, &problem, &desc->options, out, error);
}

clf_status clf_plan_solve(clf_context *context, const clf_solve_desc *desc, clf_plan **out, clf_error *error) {
    static const char *const names[] = {"matrix", "dst", "right", NULL};
    const char *function = "clf_plan_solve";
    CLF_TRY(check_arguments(function, context, desc, out, error));
    bool least = desc->least_squares;
    clf_matrix_problem problem = {.kind = least ? CLF_MATRIX_LSTSQ : CLF_MATRIX_SOLVE,
                                  .operands = 3,
                                  .view = {desc->matrix, desc->dst, desc->right}};
    if (!least && desc->rcond != 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: rcond is %s; expected 0 without least_squares", function,
                        clf_number_general(desc->rcond, 6).text);
    CLF_TRY(find_rcond(function, desc->rcond, &desc->matrix, &problem.rcond, error));
    return plan(context, least ? &lstsq_operation : &solve_operation, function, names, &problem, &desc->options, out,
                error);
}
