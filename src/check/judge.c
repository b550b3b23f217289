/* SPDX-License-Identifier: Apache-2.0 */
/* Cases run and judged: plan, execute, compare, and look for writes where none may be. */
#include "base/number.h"
#include "check/case.h"
#include "check/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool operands_create(const test_fixture *fixture, const test_case *test, case_operands *operands, char *why) {
    *operands = (struct case_operands){.output = {.bytes = 0}};
    for (int i = 0; i < test->inputs; i++) {
        if (!tensor_create(fixture, &test->input[i], &operands->input[i], why)) {
            return false;
        }
        tensor_fill(&operands->input[i], test->values[i]);
        if (!tensor_send(fixture, &operands->input[i], why)) {
            return false;
        }
    }
    return tensor_create(fixture, &test->output, &operands->output, why) &&
           tensor_send(fixture, &operands->output, why);
}

void operands_destroy(case_operands *operands) {
    for (int i = 0; i < CASE_INPUTS; i++) {
        tensor_destroy(&operands->input[i]);
    }
    tensor_destroy(&operands->output);
}

outcome case_plan(const test_fixture *fixture, const test_case *test, const case_operands *operands, const char *solver,
                  clf_plan **plan, char *why) {
    clf_error error = {0};
    *plan = NULL;
    clf_status status = test->operation->plan(fixture, test, operands->input, &operands->output, solver, plan, &error);
    if (status == CLF_NO_SOLVER && solver != NULL) {
        return OUTCOME_NOT_APPLICABLE;
    }
    if (status != CLF_OK) {
        (void)snprintf(why, WHY_LENGTH, "planning: %s: %s", clf_status_name(status), error.message);
        return OUTCOME_FAILED;
    }
    const char *description = clf_plan_describe(*plan);
    if (description == NULL || (solver != NULL && strstr(description, solver) == NULL)) {
        (void)snprintf(why, WHY_LENGTH, "the plan describes itself as '%s', without its solver's name",
                       description == NULL ? "NULL" : description);
        return OUTCOME_FAILED;
    }
    return OUTCOME_PASSED;
}

static double now_seconds(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static clf_status execute_once(const test_fixture *fixture, clf_plan *plan, clf_error *error) {
    clf_status status = clf_execute(plan, NULL, NULL, error);
    return status == CLF_OK ? clf_context_finish(fixture->context, error) : status;
}

bool case_execute(const test_fixture *fixture, const test_case *test, clf_plan *plan, case_operands *operands,
                  char *why) {
    static const char *const input_names[CASE_INPUTS] = {"the first input", "the second input", "the third input",
                                                         "the fourth input", "the fifth input"};
    clf_error error = {0};
    clf_status status = execute_once(fixture, plan, &error);
    if (status == CLF_OK && fixture->observed != NULL) {
        double start = now_seconds();
        status = execute_once(fixture, plan, &error);
        fixture->observed->seconds = now_seconds() - start;
    }
    if (status != CLF_OK) {
        (void)snprintf(why, WHY_LENGTH, "executing: %s: %s", clf_status_name(status), error.message);
        return false;
    }
    for (int i = 0; i < test->inputs; i++) {
        if (!tensor_fetch(fixture, &operands->input[i], why) ||
            !tensor_unchanged(&operands->input[i], input_names[i], why)) {
            return false;
        }
    }
    return tensor_fetch(fixture, &operands->output, why) && tensor_outside_unchanged(&operands->output, "dst", why);
}

/* f32 and f64 within the tolerance; the shorter types rounded from a value within it; non-finite values alike. */
static bool acceptable(const test_case *test, double got, double expected, double tolerance) {
    clf_dtype dtype = test->output.dtype;
    if (!isfinite(expected)) {
        double rounded = number_round(dtype, expected);
        bool either = test->infinity_or_nan && number_is_real(dtype);
        return isnan(rounded) ? isnan(got) : got == rounded || (either && isnan(got));
    }
    if (isnan(got)) {
        return false;
    }
    if (tolerance == 0) {
        return got == number_round(dtype, expected);
    }
    if (isinf(got)) { /* right where what is expected is beyond the type, or may be */
        return got == number_round(dtype, expected + copysign(tolerance, expected));
    }
    if (dtype == CLF_F32 || dtype == CLF_F64) {
        return fabs(got - expected) <= tolerance;
    }
    return got >= number_round(dtype, expected - tolerance) && got <= number_round(dtype, expected + tolerance);
}

bool case_compare(const test_case *test, const test_tensor *output, char *why) {
    int64_t wrong = 0;
    for (int64_t i = 0; i < output->count; i++) {
        double got = tensor_value(output, i);
        bool unwritten = isnan(got) && number_is_real(output->view.dtype) && tensor_is_unwritten(output, i);
        if (!unwritten && acceptable(test, got, test->expected[i], test->tolerance[i])) {
            continue;
        }
        if (wrong++ == 0) {
            char index[160];
            tensor_index_text(output->view.shape, output->view.rank, i, index, sizeof index);
            (void)snprintf(why, WHY_LENGTH, "dst%s is %s%s, expected %s within %s", index, clf_number_exact(got).text,
                           unwritten ? " (never written)" : "", clf_number_exact(test->expected[i]).text,
                           clf_number_general(test->tolerance[i], 3).text);
        }
    }
    if (wrong > 0) {
        size_t length = strlen(why);
        (void)snprintf(why + length, WHY_LENGTH - length, "; %lld of %lld elements are wrong", (long long)wrong,
                       (long long)output->count);
    }
    return wrong == 0;
}

/* Integers and halves are rounded from a value within the tolerance: what is off by that alone counts as exact. */
void case_observe(const test_fixture *fixture, const test_case *test, const test_tensor *output) {
    if (fixture->observed == NULL) {
        return;
    }
    double greatest = 0;
    for (int64_t i = 0; i < output->count; i++) {
        double expected = test->expected[i], tolerance = test->tolerance[i];
        double off = fabs(tensor_value(output, i) - expected);
        double rounding = fabs(number_round(test->output.dtype, expected) - expected);
        bool rounded = test->output.dtype != CLF_F32 && test->output.dtype != CLF_F64;
        if (isfinite(expected) && tolerance > 0) {
            greatest = fmax(greatest, fmax(0, off - (rounded ? rounding : 0)) / tolerance);
        }
    }
    fixture->observed->error = greatest;
}

outcome case_judge(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    case_operands operands;
    clf_plan *plan = NULL;
    outcome result = OUTCOME_FAILED;
    if (operands_create(fixture, test, &operands, why)) {
        result = case_plan(fixture, test, &operands, solver, &plan, why);
    }
    if (result == OUTCOME_PASSED &&
        !(case_execute(fixture, test, plan, &operands, why) && case_compare(test, &operands.output, why))) {
        result = OUTCOME_FAILED;
    }
    if (result == OUTCOME_PASSED) {
        case_observe(fixture, test, &operands.output);
    }
    clf_plan_destroy(plan);
    operands_destroy(&operands);
    return result;
}

static outcome run_where_placed(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    return test->property == NULL ? test->operation->run(fixture, test, solver, why)
                                  : test->property->run(fixture, test, solver, why);
}

/* What is observed: the time where ordinary buffers lie, and the greater error. */
outcome case_run(const test_fixture *fixture, test_case *test, const char *solver, char *why) {
    case_place(test, false);
    outcome result = run_where_placed(fixture, test, solver, why);
    if (result != OUTCOME_PASSED || fixture->guard == 0) {
        return result;
    }
    test_observation ordinary = fixture->observed == NULL ? (test_observation){.error = 0} : *fixture->observed;
    char odd_why[WHY_LENGTH] = "this solver takes the line elsewhere alone";
    case_place(test, true);
    result = run_where_placed(fixture, test, solver, odd_why);
    case_place(test, false);
    if (result != OUTCOME_PASSED) {
        (void)snprintf(why, WHY_LENGTH, "at odd offsets: %.*s", WHY_LENGTH - 20, odd_why);
        return OUTCOME_FAILED;
    }
    if (fixture->observed != NULL) {
        ordinary.error = fmax(ordinary.error, fixture->observed->error);
        *fixture->observed = ordinary;
    }
    return result;
}
