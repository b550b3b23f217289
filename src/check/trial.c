/* SPDX-License-Identifier: Apache-2.0 */
/* A case that is planned and can be executed with other inputs than its own. */
#include "check/trial.h"

#include <stdio.h>
#include <stdlib.h>

outcome trial_begin(const test_fixture *fixture, const test_case *test, const char *solver, property_trial *trial,
                    char *why) {
    *trial = (struct property_trial){.fixture = fixture, .test = test};
    size_t outputs = (size_t)spec_count(&test->output);
    trial->x = calloc((size_t)spec_count(&test->input[0]), sizeof(double));
    trial->y = calloc(outputs, sizeof(double));
    trial->z = calloc(outputs, sizeof(double));
    if (trial->x == NULL || trial->y == NULL || trial->z == NULL) {
        (void)snprintf(why, WHY_LENGTH, LINE_NO_MEMORY);
        return OUTCOME_FAILED;
    }
    return operands_create(fixture, test, &trial->operands, why)
               ? case_plan(fixture, test, &trial->operands, solver, &trial->plan, why)
               : OUTCOME_FAILED;
}

outcome trial_end(property_trial *trial, outcome result) {
    clf_plan_destroy(trial->plan);
    operands_destroy(&trial->operands);
    free(trial->x);
    free(trial->y);
    free(trial->z);
    return result;
}

bool trial_execute(property_trial *trial, const double *x, double *y, char *why) {
    case_operands *operands = &trial->operands;
    tensor_fill(&operands->input[0], x);
    if (!tensor_send(trial->fixture, &operands->input[0], why) ||
        !tensor_send(trial->fixture, &operands->output, why) ||
        !case_execute(trial->fixture, trial->test, trial->plan, operands, why)) {
        return false;
    }
    for (int64_t i = 0; i < operands->output.count; i++) {
        y[i] = tensor_value(&operands->output, i);
    }
    return true;
}
