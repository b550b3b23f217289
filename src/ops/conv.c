/* SPDX-License-Identifier: Apache-2.0 */
/* Convolution and correlation: the public calls, from descriptor to plan. */
#include "ops/conv.h"

#include "base/alloc.h"
#include "plan/view.h"

#include <stdlib.h>
#include <string.h>

static const clf_solver *const solvers[] = {&clf_conv_direct, &clf_conv_tile, &clf_conv_general, NULL};
static const clf_operation operation = {"conv", solvers, clf_conv_print, clf_conv_cost};

static double read_tap(const clf_array *kernel, int64_t at) {
    return kernel->dtype == CLF_F64 ? ((const double *)kernel->data)[at] : (double)((const float *)kernel->data)[at];
}

/* Copies a host kernel's taps, dense and in the order correlations read them. Release *values with free(). */
static clf_status read_taps(const clf_array *given, const clf_conv_problem *problem, double **values,
                            clf_error *error) {
    clf_array kernel;
    CLF_TRY(clf_array_resolve(given, "kernel", &kernel, error));
    int64_t stride[CLF_CONV_AXES] = {0}, first = 0;
    for (int i = 0; i < kernel.rank; i++) {
        int to = CLF_CONV_AXES - kernel.rank + i;
        stride[to] = problem->flipped ? -kernel.strides[i] : kernel.strides[i];
        first += problem->flipped ? (kernel.shape[i] - 1) * kernel.strides[i] : 0;
    }
    CLF_TRY(clf_allocate(values, (size_t)clf_conv_tap_count(problem), sizeof **values, error));
    double *value = *values;
    for (int64_t a = 0; a < problem->taps[0]; a++)
        for (int64_t b = 0; b < problem->taps[1]; b++)
            for (int64_t c = 0; c < problem->taps[2]; c++)
                *value++ = read_tap(&kernel, first + a * stride[0] + b * stride[1] + c * stride[2]);
    return CLF_OK;
}

/* Says where a device kernel's taps lie, in the order correlations read them. */
static void place_taps(const clf_view *kernel, clf_conv_problem *problem) {
    problem->tap_offset = kernel->offset;
    for (int i = 0; i < kernel->rank; i++) {
        int to = CLF_CONV_AXES - kernel->rank + i;
        problem->tap_stride[to] = problem->flipped ? -kernel->strides[i] : kernel->strides[i];
        problem->tap_offset += problem->flipped ? (kernel->shape[i] - 1) * kernel->strides[i] : 0;
    }
}

static clf_status plan_with_array(clf_context *context, const clf_convolve_desc *desc, clf_conv_problem *problem,
                                  const clf_operand *operands, clf_plan **plan, clf_error *error) {
    double *values = NULL;
    CLF_TRY(read_taps(&desc->kernel, problem, &values, error));
    problem->values = values;
    clf_status status = clf_planner_make(context, &operation, problem, 2, operands, &desc->options, plan, error);
    free(values);
    return status;
}

static clf_status plan(const char *function, clf_context *context, const clf_convolve_desc *desc, bool flipped,
                       clf_plan **out, clf_error *error) {
    if (context == NULL || desc == NULL || out == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context" : desc == NULL ? "desc" : "plan");
    clf_conv_problem problem;
    CLF_TRY(clf_conv_describe(function, desc, flipped, &problem, error));
    clf_operand operands[3] = {{"src", problem.src, false}, {"dst", problem.dst, true}};
    if (desc->kernel_view.rank == 0)
        return plan_with_array(context, desc, &problem, operands, out, error);
    operands[2].name = "kernel_view";
    CLF_TRY(clf_view_resolve(&desc->kernel_view, "kernel_view", &operands[2].view, error));
    place_taps(&operands[2].view, &problem);
    return clf_planner_make(context, &operation, &problem, 3, operands, &desc->options, out, error);
}

clf_status clf_plan_convolve(clf_context *context, const clf_convolve_desc *desc, clf_plan **out, clf_error *error) {
    return plan("clf_plan_convolve", context, desc, true, out, error);
}

clf_status clf_plan_correlate(clf_context *context, const clf_convolve_desc *desc, clf_plan **out, clf_error *error) {
    return plan("clf_plan_correlate", context, desc, false, out, error);
}
