/* SPDX-License-Identifier: Apache-2.0 */
/* The planner: of the solvers that apply, the one with the least estimate. */
#include "plan/planner.h"

#include <string.h>

/* True where `wish` is NULL, the solver's name, or the operation's. */
static bool wished(const clf_operation *operation, const clf_solver *solver, const char *wish) {
    return wish == NULL || strcmp(wish, solver->name) == 0 || strcmp(wish, operation->name) == 0;
}

static clf_status choose(const clf_context *context, const clf_operation *operation, const void *problem,
                         const char *wish, const clf_solver **chosen, clf_error *error) {
    double best = 0;
    bool known = false;
    *chosen = NULL;
    for (const clf_solver *const *entry = operation->solvers; *entry != NULL; entry++) {
        if (!wished(operation, *entry, wish))
            continue;
        known = true;
        if (!(*entry)->applies(context, problem))
            continue;
        double estimate = (*entry)->estimate(context, problem);
        if (*chosen == NULL || estimate < best) {
            *chosen = *entry;
            best = estimate;
        }
    }
    if (*chosen != NULL)
        return CLF_OK;
    char line[CLF_LINE_SIZE];
    clf_text text = clf_text_begin(line, 320);
    operation->print(problem, &text);
    if (!known)
        return clf_fail(error, CLF_NO_SOLVER, "no solver of %s is called \"%s\"", operation->name, wish);
    return clf_fail(error, CLF_NO_SOLVER, "%s does not solve %s", wish ? wish : operation->name, line);
}

static clf_status prepare(clf_plan *plan, const clf_operation *operation, const clf_solver *solver,
                          const void *problem, clf_error *error) {
    clf_text line = clf_text_begin(plan->problem, sizeof plan->problem);
    operation->print(problem, &line);
    operation->cost(problem, &plan->cost);
    const char *parameters = strchr(plan->problem, ' '); /* behind the operation's name */
    clf_text_add(&plan->description, "(%s%s", solver->name, parameters ? parameters : "");
    CLF_TRY(solver->prepare(plan, problem, error));
    clf_text_add(&plan->description, ")");
    clf_log(plan->context, CLF_LOG_DEBUG, "planned %s for %s", plan->description_data, plan->problem);
    return CLF_OK;
}

clf_status clf_planner_make(clf_context *context, const clf_operation *operation, const void *problem,
                            int operand_count, const clf_operand *operands, const clf_plan_options *options,
                            clf_plan **out, clf_error *error) {
    CLF_TRY(clf_operands_check(context, operand_count, operands, error));
    const clf_solver *solver;
    CLF_TRY(choose(context, operation, problem, options->solver, &solver, error));
    clf_plan *plan;
    CLF_TRY(clf_plan_begin(context, operand_count, operands, &plan, error));
    clf_status status = prepare(plan, operation, solver, problem, error);
    if (status != CLF_OK)
        clf_plan_destroy(plan);
    else
        *out = plan;
    return status;
}
