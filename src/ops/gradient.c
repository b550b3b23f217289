/* SPDX-License-Identifier: Apache-2.0 */
/* Derivative magnitude: the public call, from descriptor to plan. */
#include "ops/gradient.h"

#include "ops/border.h"
#include "plan/view.h"

#include <math.h>
#include <string.h>

static const char *const operator_names[] = {"central", "sobel"};
enum { OPERATOR_COUNT = sizeof operator_names / sizeof *operator_names };

const char *clf_gradient_operator_name(clf_gradient_operator op) {
    return (unsigned)op < OPERATOR_COUNT ? operator_names[op] : "?";
}

static void print(const void *described, clf_text *text) {
    const clf_gradient_problem *problem = described;
    clf_text_add(text, "gradient %s ", clf_dtype_name(problem->src.dtype));
    clf_text_add_extents(text, problem->src.rank, problem->src.shape);
    clf_text_add(text, " op=%s", clf_gradient_operator_name(problem->op));
    clf_border_print(text, 2, problem->border);
    if (problem->cval != 0)
        clf_text_add(text, " cval=%.17g", problem->cval);
    if (problem->scale != 1)
        clf_text_add(text, " scale=%.17g", problem->scale);
    if (problem->eps != 0)
        clf_text_add(text, " eps=%.17g", problem->eps);
    clf_view_print_layout(text, "src_strides", &problem->src);
    clf_view_print_layout(text, "dst_strides", &problem->dst);
}

static void cost(const void *described, clf_plan_cost *cost) {
    const clf_gradient_problem *problem = described;
    double count = (double)clf_view_count(&problem->src);
    cost->bytes = count * (double)(clf_dtype_bytes(problem->src.dtype) + clf_dtype_bytes(problem->dst.dtype));
    cost->flops = count * (problem->op == CLF_GRADIENT_SOBEL ? 20 : 9);
}

static const clf_solver *const solvers[] = {&clf_gradient_fused, NULL};
static const clf_operation operation = {"gradient", solvers, print, cost};

static clf_status check_options(const char *function, const clf_gradient_desc *desc, clf_error *error) {
    if ((unsigned)desc->op >= OPERATOR_COUNT)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: op is %d; expected a clf_gradient_operator", function,
                        (int)desc->op);
    CLF_TRY(clf_check_number(function, "cval", desc->cval, error));
    if (!isfinite(desc->scale))
        return clf_fail(error, CLF_INVALID_VALUE, "%s: scale is %g; expected a finite number", function, desc->scale);
    if (!isfinite(desc->eps) || desc->eps < 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: eps is %g; expected a finite number, 0 or more", function,
                        desc->eps);
    return CLF_OK;
}

static clf_status check_views(const char *function, clf_gradient_problem *problem, clf_error *error) {
    clf_dtype src = problem->src.dtype, wanted = src == CLF_F64 ? CLF_F64 : CLF_F32;
    if (problem->src.rank < 2)
        return clf_fail(error, CLF_INVALID_VIEW, "%s: src has rank %d; expected at least 2", function,
                        problem->src.rank);
    if (!clf_dtype_filterable(src))
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: src is %s; expected f32, f64, f16, u8, u16 or i16", function,
                        clf_dtype_name(src));
    if (problem->dst.dtype != wanted)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: dst is %s; expected %s", function,
                        clf_dtype_name(problem->dst.dtype), clf_dtype_name(wanted));
    return clf_view_check_shape(&problem->dst, "dst", problem->src.rank, problem->src.shape, error);
}

static clf_status describe(const char *function, const clf_gradient_desc *desc, clf_gradient_problem *problem,
                           clf_error *error) {
    memset(problem, 0, sizeof *problem);
    CLF_TRY(clf_view_resolve(&desc->src, "src", &problem->src, error));
    CLF_TRY(clf_view_resolve(&desc->dst, "dst", &problem->dst, error));
    CLF_TRY(check_options(function, desc, error));
    CLF_TRY(check_views(function, problem, error));
    CLF_TRY(clf_border_resolve(function, 2, desc->border, problem->border, error));
    problem->op = desc->op;
    problem->cval = desc->cval;
    problem->scale = desc->scale != 0 ? desc->scale : 1;
    problem->eps = desc->eps;
    for (int i = 0; i < problem->src.rank - 2; i++)
        clf_batch_add(&problem->batch, problem->src.shape[i], 2,
                      (int64_t[]){problem->src.strides[i], problem->dst.strides[i]});
    clf_batch_collapse(&problem->batch);
    return CLF_OK;
}

clf_status clf_plan_gradient(clf_context *context, const clf_gradient_desc *desc, clf_plan **plan, clf_error *error) {
    const char *function = "clf_plan_gradient";
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context" : desc == NULL ? "desc" : "plan");
    clf_gradient_problem problem;
    CLF_TRY(describe(function, desc, &problem, error));
    clf_operand operands[2] = {{"src", problem.src, false}, {"dst", problem.dst, true}};
    return clf_planner_make(context, &operation, &problem, 2, operands, &desc->options, plan, error);
}
