/* SPDX-License-Identifier: Apache-2.0 */
/* A case that is planned and can be executed with other inputs than its own: what properties are made of. */
#ifndef CLF_CHECK_TRIAL_H
#define CLF_CHECK_TRIAL_H

#include "check/case.h"

typedef struct property_trial {
    const test_fixture *fixture;
    const test_case *test;
    case_operands operands;
    clf_plan *plan;
    double *x, *y, *z; /* room for an input and two outputs */
} property_trial;

/* Makes and plans it. OUTCOME_PASSED: it can be executed. End it in any case. */
outcome trial_begin(const test_fixture *fixture, const test_case *test, const char *solver, property_trial *trial,
                    char *why);

/* Releases it; gives `result` back. */
outcome trial_end(property_trial *trial, outcome result);

/* Executes on `x`; `y` receives the output. */
bool trial_execute(property_trial *trial, const double *x, double *y, char *why);

#endif
