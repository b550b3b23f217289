/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gradient.dense, laplace.dense: what has no contiguous rows is copied to where it has them, and back; between, the
 * solver that is best for dense memory runs.
 */
#include "plan/dense.h"
#include "choose/planner.h"
#include "ops/gradient/gradient.h"
#include "plan/rearrange.h"
#include "plan/view.h"

static bool applies(const clf_context *context, const void *described, const void *inner) {
    const clf_gradient_problem *problem = described;
    bool scattered = clf_view_scattered(&problem->src.view);
    (void)context, (void)inner;
    for (int i = 0; i < problem->outputs; i++)
        scattered = scattered || clf_view_scattered(&problem->output[i].view);
    return scattered && !clf_view_repeats(&problem->src.view) && !clf_view_empty(&problem->src.view);
}

static double estimate(const clf_context *context, const void *described, const void *inner) {
    const clf_gradient_problem *problem = described;
    const clf_profile *profile = clf_context_profile(context);
    clf_gradient_problem dense = *problem;
    double seconds = 0;
    dense.src.view = clf_dense_view(&problem->src.view);
    if (clf_view_scattered(&problem->src.view))
        seconds += clf_rearrange_seconds(profile, &problem->src.view);
    for (int i = 0; i < problem->outputs; i++) {
        dense.output[i].view = clf_dense_view(&problem->output[i].view);
        if (clf_view_scattered(&problem->output[i].view))
            seconds += clf_rearrange_seconds(profile, &problem->output[i].view);
    }
    return seconds + clf_solver_estimate(clf_planner_estimate(context, inner, &dense), context, &dense);
}

static clf_place place_of(const clf_gradient_place *place) {
    return (clf_place){.where = {.scratch = place->scratch, .index = place->index}, .view = place->view};
}

/* Scratch in place of what is scattered. */
static clf_status find_place(clf_plan *plan, const clf_gradient_place *outside, clf_gradient_place *inside,
                             clf_error *error) {
    *inside = *outside;
    if (!clf_view_scattered(&outside->view))
        return CLF_OK;
    inside->view = clf_dense_view(&outside->view);
    inside->scratch = true;
    return clf_plan_scratch(plan, clf_view_bytes(&inside->view), &inside->index, error);
}

static clf_status copy(clf_plan *plan, const clf_gradient_place *from, const clf_gradient_place *to,
                       const clf_view *outside, clf_error *error) {
    if (!clf_view_scattered(outside))
        return CLF_OK;
    clf_place read = place_of(from), written = place_of(to);
    return clf_plan_rearrange(plan, &read, &written, error);
}

static clf_status prepare(clf_plan *plan, const void *described, const void *inner, clf_error *error) {
    const clf_gradient_problem *problem = described;
    clf_gradient_problem dense = *problem;
    CLF_TRY(find_place(plan, &problem->src, &dense.src, error));
    for (int i = 0; i < problem->outputs; i++)
        CLF_TRY(find_place(plan, &problem->output[i], &dense.output[i], error));
    CLF_TRY(copy(plan, &problem->src, &dense.src, &problem->src.view, error));
    const clf_solver *solver = clf_planner_estimate(plan->context, inner, &dense);
    clf_text_add(&plan->description, " (%s)", solver->name);
    CLF_TRY(clf_solver_prepare(solver, plan, &dense, error));
    for (int i = 0; i < problem->outputs; i++)
        CLF_TRY(copy(plan, &dense.output[i], &problem->output[i], &problem->output[i].view, error));
    return CLF_OK;
}

const clf_solver_family clf_gradient_dense_family = {applies, estimate, prepare};
