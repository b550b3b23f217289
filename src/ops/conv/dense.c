/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.dense: what has no contiguous rows is copied to where it has them, and back; between, the solver that is best
 * for dense memory runs.
 */
#include "choose/planner.h"
#include "ops/conv/conv.h"
#include "plan/rearrange.h"
#include "plan/view.h"
#include "rt/profile.h"

/* The same problem in dense memory, on the sides where it is not. */
static void make_dense(const clf_conv_problem *problem, clf_conv_problem *dense) {
    *dense = *problem;
    dense->turned = NULL;
    dense->src.buffer = dense->dst.buffer = NULL; /* known when executed */
    if (clf_view_scattered(&problem->src))
        dense->src = clf_view_dense(NULL, problem->src.dtype, problem->src.rank, problem->src.shape);
    if (clf_view_scattered(&problem->dst))
        dense->dst = clf_view_dense(NULL, problem->dst.dtype, problem->dst.rank, problem->dst.shape);
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
    const clf_profile *profile = clf_context_profile(context);
    clf_conv_problem dense;
    make_dense(problem, &dense);
    double seconds = clf_solver_estimate(best(context, inner, &dense), context, &dense);
    if (clf_view_scattered(&problem->src))
        seconds += clf_rearrange_seconds(profile, &problem->src, &dense.src);
    if (clf_view_scattered(&problem->dst))
        seconds += clf_rearrange_seconds(profile, &dense.dst, &problem->dst);
    return seconds;
}

/* Scratch for a side that is copied, the operand itself for one that is not. */
static clf_status find_place(clf_plan *plan, cl_uint operand, const clf_view *view, bool copied, clf_place *place,
                             clf_error *error) {
    *place = (clf_place){.where = {.scratch = copied, .index = operand}, .view = *view};
    if (!copied)
        return CLF_OK;
    int64_t bytes = clf_view_count(view) * (int64_t)clf_dtype_bytes(view->dtype);
    return clf_plan_scratch(plan, bytes, &place->where.index, error);
}

static clf_status add_child(clf_plan *plan, const clf_operation *inner, const clf_conv_problem *dense,
                            const clf_place sides[2], clf_error *error) {
    clf_child child = {.count = plan->operand_count, .from = {sides[0].where, sides[1].where}};
    clf_operand operands[CLF_MAX_OPERANDS];
    for (int i = 0; i < plan->operand_count; i++) {
        operands[i] = plan->operands[i];
        operands[i].view.buffer = NULL;
        if (i >= 2)
            child.from[i] = (struct clf_child_operand){.scratch = false, .index = (cl_uint)i};
    }
    clf_plan_options options = {.solver = best(plan->context, inner, dense)->name};
    CLF_TRY(
        clf_conv_plan_over(plan->context, inner, dense, plan->operand_count, operands, &options, &child.plan, error));
    clf_text_add(&plan->description, " %s", clf_plan_describe(child.plan));
    return clf_plan_child(plan, &child, error);
}

static clf_status prepare(clf_plan *plan, const void *described, const void *inner, clf_error *error) {
    const clf_conv_problem *problem = described;
    clf_conv_problem dense;
    make_dense(problem, &dense);
    clf_place outside[2] = {{.where = {.index = 0}, .view = problem->src},
                            {.where = {.index = 1}, .view = problem->dst}};
    clf_place inside[2];
    bool read = clf_view_scattered(&problem->src), written = clf_view_scattered(&problem->dst);
    CLF_TRY(find_place(plan, 0, &dense.src, read, &inside[0], error));
    CLF_TRY(find_place(plan, 1, &dense.dst, written, &inside[1], error));
    if (read)
        CLF_TRY(clf_plan_rearrange(plan, &outside[0], &inside[0], error));
    CLF_TRY(add_child(plan, inner, &dense, inside, error));
    return written ? clf_plan_rearrange(plan, &inside[1], &outside[1], error) : CLF_OK;
}

const clf_solver_family clf_conv_dense_family = {applies, estimate, prepare};
