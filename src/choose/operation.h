/* SPDX-License-Identifier: Apache-2.0 */
/* Operations and their solvers as tables. */
#ifndef CLF_CHOOSE_OPERATION_H
#define CLF_CHOOSE_OPERATION_H

#include "plan/plan.h"

/* What solvers that differ in a parameter alone do, such as those by one library or another. */
typedef struct clf_solver_family {
    bool (*applies)(const clf_context *context, const void *problem, const void *parameter);
    double (*estimate)(const clf_context *context, const void *problem, const void *parameter);
    clf_status (*prepare)(clf_plan *plan, const void *problem, const void *parameter, clf_error *error);
} clf_solver_family;

/* One way to solve a problem. `problem` is the operation's own struct. */
typedef struct clf_solver {
    const char *name; /* "conv.direct" */
    /* True if it can solve the problem on this device; NULL: it can solve every problem. */
    bool (*applies)(const clf_context *context, const void *problem);
    /* Seconds one execution takes, as far as that can be told without trying. */
    double (*estimate)(const clf_context *context, const void *problem);
    /* Adds to an empty plan all that it needs, and to its description the parameters chosen. */
    clf_status (*prepare)(clf_plan *plan, const void *problem, clf_error *error);
    /* How many sets of parameters plan->variant may choose from; 0 and 1: one. Variant 0 is the estimate's. */
    int variants;
    /* What a problem must have for it to apply, for the sentence of a refusal; NULL: nothing. */
    const char *needs;
    /* Not NULL: in place of the three functions above, which are NULL, the family's with this parameter. */
    const clf_solver_family *family;
    const void *parameter;
} clf_solver;

/* The three, whoever has them. */
bool clf_solver_applies(const clf_solver *solver, const clf_context *context, const void *problem);
double clf_solver_estimate(const clf_solver *solver, const clf_context *context, const void *problem);
clf_status clf_solver_prepare(const clf_solver *solver, clf_plan *plan, const void *problem, clf_error *error);

typedef struct clf_operation {
    const char *name;                 /* the prefix of its solvers' names */
    const clf_solver *const *solvers; /* ends with NULL; the last applies to every problem */
    /* Writes the problem's line. */
    void (*print)(const void *problem, clf_text *text);
    /* Bytes that any solver must move, and flops where the solver does not say better. */
    void (*cost)(const void *problem, clf_plan_cost *cost);
    const struct clf_slicing *slicing; /* how it is cut into tiles (stream/slice.h); NULL: it is not */
    const char *undivided; /* why it is not, or not along every axis, for the sentence of a refusal; NULL: none */
    /*
     * The one of the solvers that gives the sum of nothing where an input has no elements and an output has some; NULL:
     * that is refused.
     */
    const clf_solver *nothing;
} clf_operation;

/* A solver and the variant of its parameters, with the seconds it is thought to take. */
typedef struct clf_choice {
    const clf_solver *solver;
    int variant;
    double seconds;
} clf_choice;

/* The solvers that may solve a problem. The last is the safe one. */
typedef struct clf_candidates {
    int count;
    clf_choice choices[CLF_MOST_CANDIDATES];
} clf_candidates;

#endif
