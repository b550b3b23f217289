/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The adjoint of convolution and correlation: the public calls, the cases that are correlations themselves, and
 * conv_adjoint.general (cl/conv/adjoint.cl) for all that adjoint_phases.c does not take.
 */
#include "ops/conv/adjoint.h"
#include "base/alloc.h"
#include "ops/real.h"
#include "plan/view.h"

#include <stdlib.h>
#include <string.h>

/* As conv.general: scalar loops. Flops of the peak that one of its own costs. */
static const double wide_item_flops = 250, flops = 30;

static double estimate(const clf_context *context, const void *described) {
    clf_plan_cost cost = {0};
    clf_conv_cost(described, &cost);
    const clf_profile *profile = clf_context_profile(context);
    return clf_seconds(profile, 0, cost.flops * (profile->wide_items ? wide_item_flops : flops), 1);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_conv_problem *problem = described;
    const clf_profile *profile = clf_context_profile(plan->context);
    clf_conv_taps taps;
    cl_mem table;
    CLF_TRY(clf_conv_prepare_taps(plan, problem, 1, &taps, error));
    CLF_TRY(clf_conv_table(plan, problem, 1, &table, error));
    char data[256];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, problem->dst.dtype, problem->src.dtype, 1);
    size_t local = clf_work_group(plan->context, 0);
    clf_text_add(&options, " -DLOCAL_X=%zu", local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "conv/adjoint", &options, "conv_adjoint", &launch, error));
    int64_t columns = profile->wide_items ? problem->extent[2] : 1; /* of one work-item */
    clf_launch_operand(launch, "y", 0);
    clf_launch_operand(launch, "x", 1);
    clf_conv_set_taps(launch, "w", &taps);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "columns", columns);
    int64_t planes = problem->extent[0] * problem->groups * problem->inputs * problem->batch.count;
    clf_launch_range(
        launch,
        (size_t[]){(size_t)((problem->extent[2] + columns - 1) / columns), (size_t)problem->extent[1], (size_t)planes},
        (size_t[]){local, 1, 1});
    clf_text_add(&plan->description, " columns=%lld", (long long)columns);
    return clf_launch_seal(launch, error);
}

static const clf_solver general = {"conv_adjoint.general", NULL, estimate, prepare};
static const clf_solver *const solvers[] = {&clf_conv_adjoint_phases, &general, NULL};
static const clf_operation operation = {
    "conv_adjoint", solvers, clf_conv_print, clf_conv_cost, NULL, "a border may add to elements anywhere", &general};

/*
 * Mode and origin of the adjoint as a correlation, for its line: a window that began inside begins outside, and back.
 */
static void describe_transposed(const clf_conv_problem *problem, clf_conv_problem *to) {
    to->flipped = !problem->flipped;
    to->mode = problem->mode == CLF_MODE_VALID  ? CLF_MODE_FULL
               : problem->mode == CLF_MODE_FULL ? CLF_MODE_VALID
                                                : CLF_MODE_SAME;
    for (int i = 0; i < problem->axes; i++) {
        int axis = CLF_CONV_AXES - problem->axes + i;
        int64_t first = -to->start[axis] / to->dilation[axis], taps = to->taps[axis]; /* tap that meets element 0 */
        int64_t centre = to->flipped ? taps - 1 - first : first;
        to->origin[i] = to->mode == CLF_MODE_SAME ? centre - taps / 2 : 0;
    }
}

/* The correlation that is the adjoint; false if it is none. */
static bool transpose(const clf_conv_problem *problem, clf_conv_problem *to, clf_adjoint_taps *taps) {
    for (int i = 0; i < CLF_CONV_AXES; i++)
        if (problem->step[i] != 1)
            return false;
    if (!clf_conv_adjoint_correlates(problem) ||
        !clf_conv_adjoint_phase(problem, (const int64_t[CLF_CONV_AXES]){0}, to, taps))
        return false;
    describe_transposed(problem, to);
    return true;
}

/* Makes it with weights of its own, and plans it as any correlation. */
static clf_status plan_transposed(clf_context *context, const clf_convolve_desc *desc, const clf_conv_problem *problem,
                                  clf_conv_problem *transposed, const clf_adjoint_taps *taps, clf_plan **out,
                                  clf_error *error) {
    int64_t count = clf_conv_weight_count(transposed) + clf_conv_output_count(transposed);
    double *values;
    CLF_TRY(clf_allocate(&values, count + clf_conv_factor_count(transposed), sizeof *values, error));
    clf_conv_adjoint_weights(problem, transposed, taps, values);
    transposed->values = values;
    clf_conv_find_low_rank(transposed, values + count);
    clf_status status = clf_conv_plan(context, desc, transposed, out, error);
    free(values);
    if (status == CLF_OK) { /* operands keep the names that they have in the adjoint's descriptor */
        (*out)->operands[0].name = "dst";
        (*out)->operands[1].name = "src";
    }
    return status;
}

static clf_status plan_gathered(clf_context *context, const clf_convolve_desc *desc, const clf_conv_problem *problem,
                                clf_plan **out, clf_error *error) {
    clf_operand operands[3] = {{"dst", clf_conv_as_described(problem, &problem->dst), false},
                               {"src", clf_conv_as_described(problem, &problem->src), true},
                               {"kernel_view", {0}, false}};
    int count = 2;
    if (problem->values == NULL)
        CLF_TRY(clf_view_resolve(&desc->kernel_view, "kernel_view", &operands[count++].view, error));
    return clf_operation_plan(context, &operation, problem, count, operands, &desc->options, out, error);
}

clf_status clf_conv_check_floating(const char *function, const clf_convolve_desc *desc, clf_error *error) {
    clf_dtype dtype = desc->src.dtype;
    if (dtype == CLF_F32 || dtype == CLF_F64 || dtype == CLF_F16)
        return CLF_OK;
    return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: src is %s; expected f32, f64 or f16, the types with gradients",
                    function, clf_dtype_name(dtype));
}

static clf_status plan(const char *function, clf_context *context, const clf_convolve_desc *desc, bool flipped,
                       clf_plan **out, clf_error *error) {
    if (context == NULL || desc == NULL || out == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    clf_conv_problem problem, transposed;
    clf_adjoint_taps taps;
    double *values = NULL;
    CLF_TRY(clf_conv_check_floating(function, desc, error));
    CLF_TRY(clf_conv_describe(function, desc, flipped, &problem, error));
    CLF_TRY(clf_conv_read_weights(function, desc, &problem, &values, error));
    problem.role = CLF_CONV_ADJOINT;
    problem.biased = false;
    const char *wish = desc->options.solver;
    bool wished = wish != NULL && strncmp(wish, operation.name, strlen(operation.name)) == 0;
    clf_status status =
        values != NULL && !wished && clf_conv_finite_weights(&problem) && transpose(&problem, &transposed, &taps)
            ? plan_transposed(context, desc, &problem, &transposed, &taps, out, error)
            : plan_gathered(context, desc, &problem, out, error);
    free(values);
    return status;
}

clf_status clf_plan_convolve_adjoint(clf_context *context, const clf_convolve_desc *desc, clf_plan **out,
                                     clf_error *error) {
    return plan("clf_plan_convolve_adjoint", context, desc, true, out, error);
}

clf_status clf_plan_correlate_adjoint(clf_context *context, const clf_convolve_desc *desc, clf_plan **out,
                                      clf_error *error) {
    return plan("clf_plan_correlate_adjoint", context, desc, false, out, error);
}
