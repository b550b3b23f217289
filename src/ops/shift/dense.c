/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shift.dense: what has no contiguous rows is copied to where it has them, and back; between, the solver that is best
 * for dense memory runs.
 */
#include "plan/dense.h"
#include "choose/planner.h"
#include "ops/shift/shift.h"
#include "plan/view.h"

/* Transforms copy anyway. */
static bool applies(const clf_context *context, const void *described, const void *inner) {
    const clf_shift_problem *problem = described;
    (void)context, (void)inner;
    return (clf_view_scattered(&problem->src) || clf_view_scattered(&problem->dst)) &&
           !clf_view_repeats(&problem->src) && !clf_view_empty(&problem->src) &&
           (problem->whole || problem->method != CLF_SHIFT_FOURIER);
}

static clf_shift_problem make_dense(const clf_shift_problem *problem) {
    clf_shift_problem dense = *problem;
    dense.src = clf_dense_view(&problem->src);
    dense.dst = clf_dense_view(&problem->dst);
    return dense;
}

static const clf_solver *best(const clf_context *context, const clf_operation *inner, const clf_shift_problem *dense) {
    return clf_planner_estimate(context, inner->solvers, dense);
}

static double estimate(const clf_context *context, const void *described, const void *inner) {
    const clf_shift_problem *problem = described;
    clf_shift_problem dense = make_dense(problem);
    return clf_dense_seconds(clf_context_profile(context), &problem->src, &problem->dst) +
           clf_solver_estimate(best(context, inner, &dense), context, &dense);
}

static clf_status prepare(clf_plan *plan, const void *described, const void *inner, clf_error *error) {
    const clf_shift_problem *problem = described;
    clf_shift_problem dense = make_dense(problem);
    clf_operand operands[2] = {{"src", dense.src, false}, {"dst", dense.dst, true}};
    clf_plan_options options = {.solver = best(plan->context, inner, &dense)->name};
    clf_child child = {.count = 2};
    CLF_TRY(clf_operation_plan(plan->context, inner, &dense, 2, operands, &options, &child.plan, error));
    return clf_dense_child(plan, &problem->src, &problem->dst, &child, error);
}

const clf_solver_family clf_shift_dense_family = {applies, estimate, prepare};
