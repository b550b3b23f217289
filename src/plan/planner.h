/* SPDX-License-Identifier: Apache-2.0 */
/* Operations and their solvers as tables, and the choice among them. */
#ifndef CLF_PLAN_PLANNER_H
#define CLF_PLAN_PLANNER_H

#include "plan/plan.h"

/* One way to solve a problem. `problem` is the operation's own struct. */
typedef struct clf_solver {
    const char *name; /* "conv.direct" */
    /* True where it can solve the problem on this device. */
    bool (*applies)(const clf_context *context, const void *problem);
    /* Seconds one execution takes, as far as that can be told without trying. */
    double (*estimate)(const clf_context *context, const void *problem);
    /* Adds to an empty plan all that it needs, and to its description the parameters chosen. */
    clf_status (*prepare)(clf_plan *plan, const void *problem, clf_error *error);
} clf_solver;

typedef struct clf_operation {
    const char *name;                 /* the prefix of its solvers' names */
    const clf_solver *const *solvers; /* ends with NULL; the last applies to every problem */
    /* Writes the problem's line. */
    void (*print)(const void *problem, clf_text *text);
    /* Bytes that any solver must move, and flops where the solver does not say better. */
    void (*cost)(const void *problem, clf_plan_cost *cost);
} clf_operation;

/* Checks the operands, chooses a solver (the fastest by estimate among those `options` allows) and prepares a plan. */
clf_status clf_planner_make(clf_context *context, const clf_operation *operation, const void *problem,
                            int operand_count, const clf_operand *operands, const clf_plan_options *options,
                            clf_plan **plan, clf_error *error);

#endif
