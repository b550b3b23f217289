/* SPDX-License-Identifier: Apache-2.0 */
/* gradient.each: one output per work-item, for every problem on every device (cl/gradient/each.cl). */
#include "ops/gradient/gradient.h"

/* Where work-items are not side by side, each output pays for its own place and border: measured on a CPU. */
static double estimate(const clf_context *context, const void *problem) {
    return clf_gradient_seconds(context, problem, clf_context_profile(context)->wide_items ? 80 : 1);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_gradient_problem *problem = described;
    const clf_view *src = &problem->src.view;
    const clf_gradient_kernel kernel = {.source = "gradient/each",
                                        .name = "gradient_each",
                                        .vector = 1,
                                        .local = clf_work_group(plan->context, 0),
                                        .contiguous = true};
    clf_launch *launch;
    CLF_TRY(clf_gradient_begin(plan, problem, &kernel, &launch, error));
    CLF_TRY(clf_gradient_set_taps(plan, problem, launch, error));
    size_t width = (size_t)src->shape[src->rank - 1], rows = (size_t)clf_view_count(src) / width;
    clf_launch_range(launch, (size_t[]){width, rows, 1}, (size_t[]){kernel.local, 1, 1});
    return clf_launch_seal(launch, error);
}

const clf_solver clf_gradient_each = {"gradient.each", NULL, estimate, prepare, 0, NULL};
const clf_solver clf_laplace_each = {"laplace.each", NULL, estimate, prepare, 0, NULL};
