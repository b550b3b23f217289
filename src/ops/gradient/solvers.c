/* SPDX-License-Identifier: Apache-2.0 */
/* The solvers of gradients, and the choice among them where a gradient is a step of another operation. */
#include "choose/planner.h"
#include "ops/gradient/gradient.h"

/* Those that dense memory is for. */
static const clf_solver *const inner[] = {&clf_gradient_planes, &clf_gradient_flat, &clf_gradient_rows,
                                          &clf_gradient_each, NULL};

#define DENSE(name)                                                                                        \
    {                                                                                                      \
        name, .family = &clf_gradient_dense_family, .parameter = inner,                                    \
              .needs = "src or an output without contiguous rows, and no element of src in several places" \
    }
const clf_solver clf_gradient_dense = DENSE("gradient.dense"), clf_laplace_dense = DENSE("laplace.dense");

const clf_solver *const clf_gradient_solvers[] = {&clf_gradient_planes, &clf_gradient_flat, &clf_gradient_rows,
                                                  &clf_gradient_dense,  &clf_gradient_each, NULL};

clf_status clf_gradient_add(clf_plan *plan, const clf_gradient_problem *problem, clf_error *error) {
    const clf_solver *solver = clf_planner_estimate(plan->context, clf_gradient_solvers, problem);
    return clf_solver_prepare(solver, plan, problem, error);
}
