/* SPDX-License-Identifier: Apache-2.0 */
/* Convolution and correlation: the public calls, from descriptor to plan. */
#include "ops/conv/conv.h"

#include "choose/planner.h"
#include "plan/view.h"

#include <stdlib.h>

#define SOLVER(library) , &clf_conv_##library
static const clf_solver *const solvers[] = {&clf_conv_direct,  &clf_conv_separable,
                                            &clf_conv_bank,    &clf_conv_tile CLF_FFT_PROVIDERS(SOLVER),
                                            &clf_conv_general, NULL};
static const clf_operation operation = {"conv", solvers,          clf_conv_print, clf_conv_cost, &clf_conv_slicing,
                                        NULL,   &clf_conv_general};

/* An arranged view with its axes where the descriptor has them. */
static clf_view as_described(const clf_conv_problem *problem, const clf_view *arranged) {
    clf_view view = *arranged;
    for (int i = 0; i < view.rank; i++) {
        view.shape[problem->order[i]] = arranged->shape[i];
        view.strides[problem->order[i]] = arranged->strides[i];
    }
    return view;
}

clf_status clf_conv_check_wish(const char *solver, clf_error *error) {
    return clf_planner_check_wish(&operation, solver, error);
}

clf_status clf_conv_plan(clf_context *context, const clf_convolve_desc *desc, const clf_conv_problem *problem,
                         clf_plan **out, clf_error *error) {
    clf_operand operands[4] = {{.name = problem->src_name, .view = as_described(problem, &problem->src)},
                               {.name = "dst", .view = as_described(problem, &problem->dst), .output = true}};
    int count = 2;
    if (problem->values == NULL) {
        operands[count].name = problem->kernel_name;
        operands[count].whole = true;
        CLF_TRY(clf_view_resolve(&desc->kernel_view, problem->kernel_name, &operands[count++].view, error));
    }
    if (problem->values == NULL && problem->biased) {
        operands[count].name = "bias_view";
        operands[count].whole = true;
        CLF_TRY(clf_view_resolve(&desc->bias_view, "bias_view", &operands[count++].view, error));
    }
    clf_conv_problem seen = *problem, turned;
    double *values;
    CLF_TRY(clf_conv_turn(&seen, &turned, &values, error));
    clf_status status = clf_operation_plan(context, &operation, &seen, count, operands, &desc->options, out, error);
    free(values);
    return status;
}

static clf_status plan(const char *function, clf_context *context, const clf_convolve_desc *desc, bool flipped,
                       clf_plan **out, clf_error *error) {
    if (context == NULL || desc == NULL || out == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    clf_conv_problem problem;
    double *values = NULL;
    CLF_TRY(clf_conv_describe(function, desc, flipped, &problem, error));
    CLF_TRY(clf_conv_read_weights(function, desc, &problem, &values, error));
    clf_status status = clf_conv_plan(context, desc, &problem, out, error);
    free(values);
    return status;
}

clf_status clf_plan_convolve(clf_context *context, const clf_convolve_desc *desc, clf_plan **out, clf_error *error) {
    return plan("clf_plan_convolve", context, desc, true, out, error);
}

clf_status clf_plan_correlate(clf_context *context, const clf_convolve_desc *desc, clf_plan **out, clf_error *error) {
    return plan("clf_plan_correlate", context, desc, false, out, error);
}
