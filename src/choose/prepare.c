/* SPDX-License-Identifier: Apache-2.0 */
/* A new plan handed to a solver, with the problem's line, its cost and its description. */
#include "choose/prepare.h"

#include <string.h>

static clf_status print_problem(clf_plan *plan, const clf_operation *operation, const void *problem, clf_error *error) {
    clf_text line = clf_text_begin(plan->problem, sizeof plan->problem);
    operation->print(problem, &line);
    return clf_text_check(&line, operation->name, "problem's line", error);
}

static clf_status prepare(clf_plan *plan, const clf_operation *operation, const clf_choice *choice, const void *problem,
                          clf_error *error) {
    CLF_TRY(print_problem(plan, operation, problem, error));
    operation->cost(problem, &plan->cost);
    plan->variant = choice->variant;
    const char *parameters = strchr(plan->problem, ' '); /* behind the operation's name */
    clf_text_add(&plan->description, "(%s%s", choice->solver->name, parameters ? parameters : "");
    CLF_TRY(clf_solver_prepare(choice->solver, plan, problem, error));
    clf_text_add(&plan->description, ")");
    clf_text_close(&plan->description);
    return CLF_OK;
}

clf_status clf_planner_prepare(clf_context *context, const clf_operation *operation, const void *problem,
                               int operand_count, const clf_operand *operands, const clf_choice *choice, clf_plan **out,
                               clf_error *error) {
    clf_plan *plan;
    CLF_TRY(clf_plan_begin(context, operand_count, operands, &plan, error));
    clf_status status = prepare(plan, operation, choice, problem, error);
    if (status != CLF_OK)
        clf_plan_destroy(plan);
    else
        *out = plan;
    return status;
}

clf_status clf_planner_prepare_idle(clf_context *context, const clf_operation *operation, const void *problem,
                                    int operand_count, const clf_operand *operands, clf_plan **out, clf_error *error) {
    clf_plan *plan;
    CLF_TRY(clf_plan_begin(context, operand_count, operands, &plan, error));
    clf_status status = print_problem(plan, operation, problem, error);
    if (status != CLF_OK) {
        clf_plan_destroy(plan);
        return status;
    }
    clf_text_add(&plan->description, "(nothing %s)", plan->problem);
    clf_text_close(&plan->description);
    *out = plan;
    return CLF_OK;
}
