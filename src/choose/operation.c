/* SPDX-License-Identifier: Apache-2.0 */
/* Solvers asked and used, of a family or alone. */
#include "choose/operation.h"

bool clf_solver_applies(const clf_solver *solver, const clf_context *context, const void *problem) {
    if (solver->family != NULL)
        return solver->family->applies(context, problem, solver->parameter);
    return solver->applies == NULL || solver->applies(context, problem);
}

double clf_solver_estimate(const clf_solver *solver, const clf_context *context, const void *problem) {
    if (solver->family != NULL)
        return solver->family->estimate(context, problem, solver->parameter);
    return solver->estimate(context, problem);
}

clf_status clf_solver_prepare(const clf_solver *solver, clf_plan *plan, const void *problem, clf_error *error) {
    if (solver->family != NULL)
        return solver->family->prepare(plan, problem, solver->parameter, error);
    return solver->prepare(plan, problem, error);
}
