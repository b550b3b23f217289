/* SPDX-License-Identifier: Apache-2.0 */
/* The choice among an operation's solvers. */
#ifndef CLF_CHOOSE_PLANNER_H
#define CLF_CHOOSE_PLANNER_H

#include "choose/operation.h"

/* Checks what every plan is made of: the operands against memory, and the options. */
clf_status clf_planner_check(const clf_context *context, int operand_count, const clf_operand *operands,
                             const clf_plan_options *options, clf_error *error);

/* Checks that one of the operation's solvers is called as is wished; NULL wishes for none. */
clf_status clf_planner_check_wish(const clf_operation *operation, const char *wish, clf_error *error);

/*
 * A plan of an operation none of whose outputs has elements: it has no steps, and takes no part in wisdom. The operands
 * are checked.
 */
clf_status clf_planner_idle(clf_context *context, const clf_operation *operation, const void *problem,
                            int operand_count, const clf_operand *operands, const clf_plan_options *options,
                            clf_plan **plan, clf_error *error);

/*
 * Checks as clf_planner_check does, chooses among the solvers that `options` allows (what wisdom says, else what is
 * measured where options ask for it, else the least estimate) and prepares a plan.
 */
clf_status clf_planner_make(clf_context *context, const clf_operation *operation, const void *problem,
                            int operand_count, const clf_operand *operands, const clf_plan_options *options,
                            clf_plan **plan, clf_error *error);

/*
 * The solver of the least estimate among those that apply: for a step of another operation's plan. `solvers` ends with
 * NULL, and the last applies to every problem.
 */
const clf_solver *clf_planner_estimate(const clf_context *context, const clf_solver *const *solvers,
                                       const void *problem);

#endif
