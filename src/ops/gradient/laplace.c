/* SPDX-License-Identifier: Apache-2.0 */
/* Laplacians: sums of second derivatives, by the solvers of gradients. */
#include "ops/gradient/gradient.h"
#include "ops/gradient/words.h"
#include "plan/view.h"

#include <string.h>

static void print(const void *described, clf_text *text) {
    const clf_gradient_problem *problem = described;
    clf_gradient_words words = {.dst = problem->output[0].view.dtype == CLF_F16 ? CLF_F16 : CLF_F32};
    clf_gradient_say_stencil(&problem->stencil, &problem->src.view, &words);
    clf_words_set_strides(&words, 0, &problem->src.view);
    clf_words_set_strides(&words, 1, &problem->output[0].view);
    clf_words_print(&clf_laplace_line, &words, text);
}

static const clf_solver *const solvers[] = {&clf_laplace_planes, &clf_laplace_flat, &clf_laplace_rows,
                                            &clf_laplace_dense,  &clf_laplace_each, NULL};
static const clf_operation operation = {"laplace", solvers, print, clf_gradient_cost, &clf_gradient_slicing};

clf_status clf_plan_laplace(clf_context *context, const clf_laplace_desc *desc, clf_plan **plan, clf_error *error) {
    const char *function = "clf_plan_laplace";
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    clf_gradient_problem problem = {.outputs = 1};
    clf_view *src = &problem.src.view, *dst = &problem.output[0].view;
    CLF_TRY(clf_view_resolve(&desc->src, "src", src, error));
    problem.stencil = (clf_gradient_stencil){.op = desc->sigma != 0 ? CLF_GRADIENT_GAUSSIAN : CLF_GRADIENT_CENTRAL,
                                             .sigma = desc->sigma,
                                             .order = 2,
                                             .axes = desc->axes,
                                             .cval = desc->cval,
                                             .scale = desc->scale};
    CLF_TRY(clf_gradient_check_stencil(function, src, desc->border, &problem.stencil, error));
    CLF_TRY(clf_gradient_check_output(function, &desc->dst, "dst", src, dst, error));
    problem.output[0].what = GRADIENT_SUM;
    problem.output[0].index = 1;
    clf_operand operands[2] = {{"src", *src, false}, {"dst", *dst, true}};
    return clf_operation_plan(context, &operation, &problem, 2, operands, &desc->options, plan, error);
}
