/* SPDX-License-Identifier: Apache-2.0 */
/* A line's plans against the reference, and against what they print. */
#include "clf_check_line.h"

#include <stdio.h>
#include <string.h>

enum { MAX_PRINTED = 40 };

static void count_solver(check_tally *tally, const char *solver, bool applied) {
    int at = 0;
    while (at < tally->solvers && strcmp(tally->solver[at], solver) != 0) {
        at++;
    }
    if (at == tally->solvers && at < CHECK_SOLVERS) {
        tally->solver[tally->solvers++] = solver;
    }
    if (at < CHECK_SOLVERS && applied) {
        tally->applied[at]++;
    }
}

static void report_failure(check_tally *tally, const char *solver, const char *text, const char *why) {
    tally->failed++;
    if (tally->failed <= MAX_PRINTED) {
        (void)printf("FAIL %s: %s\n     clf_check", solver, why);
        check_options_print_disguise();
        (void)printf(" --line '%s%s%s'\n", text,
                     strchr(solver, '.') == NULL || strstr(text, "solver=") != NULL ? "" : " solver=",
                     strchr(solver, '.') == NULL || strstr(text, "solver=") != NULL ? "" : solver);
    }
}

/* What a plan prints as its problem must be read back as a plan of that same problem. */
static bool reads_back(const test_fixture *fixture, const clf_plan *plan, char *why) {
    clf_plan *again = NULL;
    clf_error error = {0};
    const char *line = clf_plan_problem(plan);
    bool good = clf_plan_from_line(fixture->context, line, NULL, &again, &error) == CLF_OK;
    if (!good) {
        (void)snprintf(why, WHY_LENGTH, "its problem '%.150s' is not read back: %.150s", line, error.message);
    } else if (strcmp(line, clf_plan_problem(again)) != 0) {
        good = false;
        (void)snprintf(why, WHY_LENGTH, "its problem '%.150s' is read back as '%.150s'", line, clf_plan_problem(again));
    }
    clf_plan_destroy(again);
    return good;
}

/* The same line is one of the tests' own, of as many elements. */
static bool reads_here(const test_case *test, const clf_plan *plan, char *why) {
    if (strstr(clf_plan_problem(plan), "_strides=") != NULL) {
        return true; /* the tests have words of their own for layouts */
    }
    char wrong[WHY_LENGTH] = "";
    test_case printed;
    bool good = case_parse(clf_plan_problem(plan), &printed, wrong);
    if (good && (spec_count(&printed.output) != spec_count(&test->output) ||
                 spec_count(&printed.input[0]) != spec_count(&test->input[0]))) {
        good = false;
        (void)snprintf(wrong, sizeof wrong, "it has other numbers of elements than the plan's tensors");
    }
    case_close(&printed);
    if (!good) {
        (void)snprintf(why, WHY_LENGTH, "the plan's problem is '%.150s', and %.150s", clf_plan_problem(plan), wrong);
    }
    return good;
}

/* The planner must find a plan of its own accord too. */
static bool planner_chooses(const test_fixture *fixture, const test_case *test, char *why) {
    case_operands operands;
    clf_plan *plan = NULL;
    bool good = operands_create(fixture, test, &operands, why) &&
                case_plan(fixture, test, &operands, NULL, &plan, why) == OUTCOME_PASSED &&
                reads_back(fixture, plan, why) && reads_here(test, plan, why);
    clf_plan_destroy(plan);
    operands_destroy(&operands);
    return good;
}

static void run_solver(const test_fixture *fixture, const check_options *options, test_case *test, const char *solver,
                       check_tally *tally) {
    char why[WHY_LENGTH] = "";
    outcome result = case_run(fixture, test, solver, why);
    bool safest = strcmp(solver, test->operation->solvers[0]) == 0;
    if (result == OUTCOME_NOT_APPLICABLE && (safest || test->solver[0] != '\0')) {
        (void)snprintf(why, sizeof why,
                       "this solver must take every problem, or was asked for by name, and does not take this");
        result = OUTCOME_FAILED;
    }
    count_solver(tally, solver, result != OUTCOME_NOT_APPLICABLE);
    if (result == OUTCOME_FAILED) {
        report_failure(tally, solver, test->text, why);
    }
    if (options->verbose) {
        static const char *const words[] = {"pass", "FAIL", "n/a "};
        (void)printf("%s %-15s %s\n", words[result], solver, test->text);
    }
}

static void run_case(const test_fixture *fixture, const check_options *options, test_case *test, check_tally *tally) {
    char why[WHY_LENGTH] = "";
    const char *const *solvers = test->operation->solvers;
    if (!case_fill(test, why)) {
        report_failure(tally, "test", test->text, why);
        return;
    }
    if (test->property == NULL && test->solver[0] == '\0' && !test->operation->part &&
        !planner_chooses(fixture, test, why)) {
        report_failure(tally, "planner", test->text, why);
    }
    bool known = false;
    for (int i = 0; solvers[i] != NULL; i++) {
        if (test->solver[0] == '\0' || strcmp(test->solver, solvers[i]) == 0) {
            run_solver(fixture, options, test, solvers[i], tally);
            known = true;
        }
    }
    if (!known) {
        (void)snprintf(why, sizeof why, "%s has no solver '%s'", test->operation->name, test->solver);
        report_failure(tally, "test", test->text, why);
    }
}

void check_line_run(const test_fixture *fixture, const check_options *options, const char *text, check_tally *tally) {
    test_case test;
    char why[WHY_LENGTH] = "";
    tally->lines++;
    if (!case_parse(text, &test, why)) {
        report_failure(tally, "test", text, why);
    } else if ((test.input[0].dtype == CLF_F64 && !fixture->has_f64) || (test.cpu_only && fixture->as_gpu)) {
        tally->lines--;
    } else {
        run_case(fixture, options, &test, tally);
    }
    case_close(&test);
    (void)fflush(stdout);
}
