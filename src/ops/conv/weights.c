/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gradient of convolution and correlation with respect to weights and biases: the public calls, and
 * conv_weights.general (cl/conv/weights.cl).
 */
#include "ops/conv/conv.h"
#include "ops/real.h"
#include "plan/view.h"

/* Two loads a multiply-add: the share of the peak that is left to work-items of one element, and two kernels. */
static const double share = 0.1;

/* True if rows are multiplied by vectors. */
static bool contiguous(const clf_conv_problem *problem) {
    return problem->src_stride[2] == 1 && problem->dst_stride[2] == 1 && problem->step[2] == 1;
}

/* Cycles of a wide work-item for one row and one weight: vectors, then an element at a time. */
static double row_cycles(const clf_context *context, const clf_conv_problem *problem) {
    int64_t lanes = clf_profile_lanes(clf_context_profile(context), clf_conv_wide(problem)), width = problem->out[2];
    if (!contiguous(problem))
        return 40 + 7.5 * (double)width;
    return 40 + 5 * (double)(width / lanes) + 10 * (double)(width % lanes);
}

static double estimate(const clf_context *context, const void *described) {
    const clf_conv_problem *problem = described;
    clf_plan_cost cost = {0};
    clf_conv_cost(described, &cost);
    const clf_profile *profile = clf_context_profile(context);
    double rows = (double)(clf_conv_weight_count(problem) * problem->out[0] * problem->out[1] * problem->batch.count);
    return clf_seconds(profile, 0,
                       profile->wide_items ? rows * row_cycles(context, problem) * CLF_CYCLE_FLOPS : cost.flops / share,
                       2);
}

/* Slices of the rows for each weight: enough that every core has work, few enough to join quickly. */
static int64_t choose_slices(const clf_context *context, const clf_conv_problem *problem, int64_t jobs) {
    int64_t rows = problem->out[0] * problem->out[1] * problem->batch.count;
    const clf_profile *profile = clf_context_profile(context);
    int64_t items = (int64_t)profile->units * profile->items_per_unit;
    int64_t slices = (items + jobs - 1) / jobs;
    slices = slices < rows ? slices : rows;
    return slices > 0 ? slices : 1; /* of no rows: each weight gets the empty sum */
}

static clf_status sum_slices(clf_plan *plan, const clf_conv_problem *problem, cl_mem table, cl_uint scratch,
                             int64_t slices, int64_t jobs, clf_error *error) {
    bool wide = clf_conv_wide(problem), half = problem->dst.dtype == CLF_F16;
    char data[256];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, problem->src.dtype, wide ? CLF_F64 : CLF_F32,
                     clf_profile_lanes(clf_context_profile(plan->context), wide));
    clf_text_add(&options, " -DGRAD_T=%s -DGRAD_IS_HALF=%d -DCONTIGUOUS=%d",
                 wide   ? "double"
                 : half ? "half"
                        : "float",
                 half, contiguous(problem));
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "conv/weights", &options, "conv_weights", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_operand(launch, "y", 1);
    clf_launch_scratch(launch, "partial", scratch);
    clf_launch_buffer(launch, "g", table);
    clf_launch_real(launch, "cval", problem->cval, wide);
    clf_launch_i64(launch, "slices", slices);
    clf_launch_i64(launch, "jobs", clf_conv_weight_count(problem));
    clf_launch_range(launch, (size_t[]){1, (size_t)slices, (size_t)jobs}, (size_t[]){1, 1, 1});
    CLF_TRY(clf_launch_seal(launch, error));
    CLF_TRY(clf_plan_step(plan, "conv/weights", &options, "conv_weights_join", &launch, error));
    clf_launch_scratch(launch, "partial", scratch);
    clf_launch_operand(launch, "weights", 2);
    clf_launch_operand(launch, "biases", problem->biased ? 3 : 2);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "slices", slices);
    clf_launch_i64(launch, "jobs", clf_conv_weight_count(problem));
    clf_conv_set_strides(launch, problem);
    clf_launch_i64(launch, "bias_offset", problem->bias_offset);
    clf_launch_i64(launch, "bias_stride", problem->bias_stride);
    clf_launch_range(launch, (size_t[]){(size_t)jobs, 1, 1}, (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_conv_problem *problem = described;
    int64_t jobs = clf_conv_weight_count(problem) + (problem->biased ? clf_conv_output_count(problem) : 0);
    int64_t slices = choose_slices(plan->context, problem, jobs);
    cl_mem table;
    cl_uint scratch;
    CLF_TRY(clf_conv_table(plan, problem, 1, &table, error));
    CLF_TRY(clf_plan_scratch(plan, clf_bytes(slices * jobs, clf_conv_wide(problem) ? 8 : 4), &scratch, error));
    clf_text_add(&plan->description, " slices=%lld", (long long)slices);
    return sum_slices(plan, problem, table, scratch, slices, jobs, error);
}

static const clf_solver general = {"conv_weights.general", NULL, estimate, prepare};
static const clf_solver *const solvers[] = {&clf_conv_weights_bank, &general, NULL};
static const clf_operation operation = {"conv_weights", solvers,
                                        clf_conv_print, clf_conv_cost,
                                        NULL,           "the gradient of every weight is a sum over the whole tensor",
                                        &general};

/* Checks that filtered axes without elements, which no border continues, are those of no weight. */
static clf_status check_extents(const char *function, const clf_conv_problem *problem, int count,
                                const clf_operand *operands, clf_error *error) {
    for (int i = 0; i < problem->axes && !clf_operands_idle(count, operands); i++)
        if (problem->extent[CLF_CONV_AXES - problem->axes + i] == 0)
            return clf_fail(
                error, CLF_INVALID_VIEW,
                "%s: filtered axis %d of src has extent 0; expected at least 1, unless there are no weights", function,
                i);
    return CLF_OK;
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
    CLF_TRY(clf_conv_check_floating(function, desc, error));
    CLF_TRY(clf_conv_describe(function, desc, flipped, &problem, error));
    if (desc->kernel_view.rank == 0)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: kernel_view, which receives the gradient, is not given",
                        function);
    CLF_TRY(clf_conv_read_weights(function, desc, &problem, &values, error));
    problem.role = CLF_CONV_WEIGHTS;
    clf_operand operands[4] = {{"src", clf_conv_as_described(&problem, &problem.src), false},
                               {"dst", clf_conv_as_described(&problem, &problem.dst), false}};
    int count = 2;
    operands[count].name = "kernel_view";
    operands[count].output = true;
    CLF_TRY(clf_view_resolve(&desc->kernel_view, "kernel_view", &operands[count++].view, error));
    if (problem.biased) {
        operands[count].name = "bias_view";
        operands[count].output = true;
        CLF_TRY(clf_view_resolve(&desc->bias_view, "bias_view", &operands[count++].view, error));
    }
    CLF_TRY(check_extents(function, &problem, count, operands, error));
    return clf_operation_plan(context, &operation, &problem, count, operands, &desc->options, out, error);
}

clf_status clf_plan_convolve_weights(clf_context *context, const clf_convolve_desc *desc, clf_plan **out,
                                     clf_error *error) {
    return plan("clf_plan_convolve_weights", context, desc, true, out, error);
}

clf_status clf_plan_correlate_weights(clf_context *context, const clf_convolve_desc *desc, clf_plan **out,
                                      clf_error *error) {
    return plan("clf_plan_correlate_weights", context, desc, false, out, error);
}
