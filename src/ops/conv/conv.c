/* SPDX-License-Identifier: Apache-2.0 */
/* Convolution and correlation: the public calls, from descriptor to plan. */
#include "ops/conv/conv.h"

#include "choose/planner.h"
#include "plan/view.h"

#include <stdlib.h>

#define SOLVER(library) , &clf_conv_##library
#define SOLVERS &clf_conv_direct, &clf_conv_separable, &clf_conv_bank, &clf_conv_tile CLF_FFT_PROVIDERS(SOLVER)

/* What the parts of a product are for. */
static const clf_solver *const part_solvers[] = {SOLVERS, &clf_conv_general, NULL};
static const clf_operation part = {"conv", part_solvers, clf_conv_print, clf_conv_cost, NULL, NULL, &clf_conv_general};
static const clf_solver axes = {"conv.axes", .family = &clf_conv_axes_family, .parameter = &part,
                                .needs = "three filtered axes, and a kernel that is a product of three lines"};

/* What dense memory is for. */
static const clf_solver *const inner_solvers[] = {SOLVERS, &axes, &clf_conv_general, NULL};
static const clf_operation inner = {"conv", inner_solvers, clf_conv_print,   clf_conv_cost,
                                    NULL,   NULL,          &clf_conv_general};
static const clf_solver dense = {"conv.dense", .family = &clf_conv_dense_family, .parameter = &inner,
                                 .needs =
                                     "src or dst without contiguous rows, and no element of src in several places"};

static const clf_solver *const solvers[] = {SOLVERS, &axes, &dense, &clf_conv_general, NULL};
static const clf_operation operation = {"conv", solvers,          clf_conv_print, clf_conv_cost, &clf_conv_slicing,
                                        NULL,   &clf_conv_general};

clf_status clf_conv_check_wish(const char *solver, clf_error *error) {
    return clf_planner_check_wish(&operation, solver, error);
}

clf_status clf_conv_plan(clf_context *context, const clf_convolve_desc *desc, const clf_conv_problem *problem,
                         clf_plan **out, clf_error *error) {
    clf_operand operands[4] = {{.name = problem->src_name}, {.name = "dst", .output = true}};
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
    return clf_conv_plan_over(context, &operation, problem, count, operands, &desc->options, out, error);
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
