/* SPDX-License-Identifier: Apache-2.0 */
/* gradient.rows: whole rows per work-item, of any layout (cl/gradient/rows.cl). */
#include "ops/gradient/gradient.h"
#include "ops/real.h"
#include "plan/rearrange.h"

/* Elements that are loaded or stored one by one, in flops of the peak: measured on a CPU. */
static const double near_element = 120, far_element = 400;

/* Each row begins anew: measured on rows of 28 to 128 elements, against planes. */
static double estimate(const clf_context *context, const void *problem) {
    const clf_gradient_problem *gradient = problem;
    const clf_view *src = &gradient->src.view;
    double flops = clf_scattered_flops(clf_view_count(src), src->strides[src->rank - 1], near_element, far_element);
    for (int i = 0; i < gradient->outputs; i++) {
        const clf_view *view = &gradient->output[i].view;
        flops += clf_scattered_flops(clf_view_count(view), view->strides[view->rank - 1], near_element, far_element);
    }
    return clf_gradient_seconds_in_order(context, problem, 1.6) +
           clf_seconds(clf_context_profile(context), 0, flops, 0);
}

static bool is_contiguous(const clf_gradient_problem *problem) {
    int last = problem->src.view.rank - 1;
    bool contiguous = problem->src.view.strides[last] == 1;
    for (int i = 0; i < problem->outputs; i++)
        contiguous = contiguous && problem->output[i].view.strides[last] == 1;
    return contiguous;
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_gradient_problem *problem = described;
    const clf_gradient_kernel kernel = {
        .source = "gradient/rows",
        .name = "gradient_rows",
        .vector = clf_profile_lanes(clf_context_profile(plan->context), clf_dtype_wide(problem->src.view.dtype)),
        .local = 1,
        .contiguous = is_contiguous(problem),
        .past = clf_gradient_past_cache(plan->context, problem)};
    clf_launch *launch;
    CLF_TRY(clf_gradient_begin(plan, problem, &kernel, &launch, error));
    CLF_TRY(clf_gradient_set_taps(plan, problem, launch, error));
    return clf_gradient_end_rows(plan, problem, &kernel, clf_gradient_choose_rows(plan->context, problem), launch,
                                 error);
}

const clf_solver clf_gradient_rows = {"gradient.rows", NULL, estimate, prepare, 0, NULL};
const clf_solver clf_laplace_rows = {"laplace.rows", NULL, estimate, prepare, 0, NULL};
