/* SPDX-License-Identifier: Apache-2.0 */
/* Wisdom inside the planner: keys, and what is known of them. */
#ifndef CLF_PLAN_WISDOM_H
#define CLF_PLAN_WISDOM_H

#include "plan/planner.h"

#include <clfilter/wisdom.h>

enum { CLF_MOST_CANDIDATES = 16, CLF_WISDOM_KEY_SIZE = CLF_LINE_SIZE + 64 };

/* The solvers that may solve a problem. The last is the safe one. */
typedef struct clf_candidates {
    int count;
    clf_choice choices[CLF_MOST_CANDIDATES];
} clf_candidates;

/* Writes "<device and solvers, hashed> <problem line>". */
void clf_wisdom_key(const clf_context *context, const clf_operation *operation, const void *problem,
                    const clf_candidates *candidates, char key[CLF_WISDOM_KEY_SIZE]);

/* Finds what is remembered of a key, where it names one of the candidates and was found with no less effort. */
bool clf_wisdom_find(clf_context *context, const char *key, clf_effort effort, const clf_candidates *candidates,
                     clf_choice *choice);

clf_status clf_wisdom_add(clf_context *context, const char *key, clf_effort effort, const clf_choice *choice,
                          clf_error *error);

#endif
