/* SPDX-License-Identifier: Apache-2.0 */
/* gradient.flat: rows of a plane that lie one behind the other, short ones several at once (cl/gradient/flat.cl). */
#include "ops/gradient/gradient.h"
#include "ops/real.h"

static bool applies(const clf_context *context, const void *described) {
    const clf_gradient_problem *problem = described;
    (void)context;
    return problem->stencil.op != CLF_GRADIENT_GAUSSIAN && clf_gradient_is_flat(problem);
}

/* Lines are written and read once more; measured, hardly more than planes. */
static double estimate(const clf_context *context, const void *problem) {
    return clf_gradient_seconds_in_order(context, problem, 1.02);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_gradient_problem *problem = described;
    const clf_gradient_kernel kernel = {
        .source = "gradient/flat",
        .name = "gradient_flat",
        .vector = clf_profile_lanes(clf_context_profile(plan->context), clf_dtype_wide(problem->src.view.dtype)),
        .local = 1,
        .contiguous = true,
        .past = clf_gradient_past_cache(plan->context, problem)};
    clf_launch *launch;
    CLF_TRY(clf_gradient_begin(plan, problem, &kernel, &launch, error));
    return clf_gradient_end_rows(plan, problem, &kernel, clf_gradient_choose_rows(plan->context, problem), launch,
                                 error);
}

#define NEEDS "three taps, and rows of at most 512 elements that lie one behind the other in every operand"
const clf_solver clf_gradient_flat = {"gradient.flat", applies, estimate, prepare, 0, NEEDS};
const clf_solver clf_laplace_flat = {"laplace.flat", applies, estimate, prepare, 0, NEEDS};
