/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.dense: what has no contiguous rows is copied to where it has them, and back; between, the solver that is best
 * for dense memory runs.
 */
#include "plan/dense.h"
#include "choose/planner.h"
#include "ops/conv/conv.h"
#include "plan/view.h"

/* The same problem in dense memory, on the sides where it is not. */
static void make_dense(const clf_conv_problem *problem, clf_conv_problem *dense) {
    *dense = *problem;
    dense->turned = NULL;
    dense->src = clf_dense_view(&problem->src);
    dense->dst = clf_dense_view(&problem->dst);
    clf_conv_set_memory(dense);
}

static bool applies(const clf_context *context, const void *described, const void *inner) {
    const clf_conv_problem *problem = described;
    (void)context, (void)inner;
    return (clf_view_scattered(&problem->src) || clf_view_scattered(&problem->dst)) &&
           !clf_view_repeats(&problem->src) && !clf_view_empty(&problem->src) && !clf_view_empty(&problem->dst);
}

static const clf_solver *best(const clf_context *context, const clf_operation *inner, const clf_conv_problem *dense) {
    return clf_planner_estimate(context, inner->solvers, dense);
}

static double estimate(const clf_context *context, const void *described, const void *inner) {
    const clf_conv_problem *problem = described;
    clf_conv_problem dense;
    make_dense(problem, &dense);
    return clf_dense_seconds(clf_context_profile(context), &problem->src, &problem->dst) +
           clf_solver_estimate(best(context, inner, &dense), context, &dense);
}

/* The kernel and the bias, if they are views, are operands of the child as they are of the plan. */
static clf_status prepare(clf_plan *plan, const void *described, const void *inner, clf_error *error) {
    const clf_conv_problem *problem = described;
    clf_conv_problem dense;
    clf_child child = {.count = plan->operand_count};
    clf_operand operands[CLF_MAX_OPERANDS];
    make_dense(problem, &dense);
    for (int i = 0; i < plan->operand_count; i++) {
        operands[i] = plan->operands[i];
        operands[i].view.buffer = NULL;
        child.from[i] = (struct clf_child_operand){.scratch = false, .index = (cl_uint)i};
    }
    clf_plan_options options = {.solver = best(plan->context, inner, &dense)->name};
    CLF_TRY(
        clf_conv_plan_over(plan->context, inner, &dense, plan->operand_count, operands, &options, &child.plan, error));
    return clf_dense_child(plan, &problem->src, &problem->dst, &child, error);
}

const clf_solver_family clf_conv_dense_family = {applies, estimate, prepare};
