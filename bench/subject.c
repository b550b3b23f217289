/* SPDX-License-Identifier: Apache-2.0 */
/* clfilter's side of a row: a case line of the tests, its tensors and its plan. */
#include "subject.h"

#include "check/case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bench_subject {
    test_fixture fixture;
    char *line;
    test_case test;
    case_operands operands;
    clf_plan *plan;
    bench_problem problem;
    bench_array answer;
    double planning;
};

/* A normalised Gaussian truncated at 4 sigma, as wide as the line says: the outer product of two 1-D factors. */
static void fill_gaussian(test_case *test) {
    const tensor_spec *spec = &test->input[1];
    double *values = test->values[1], sum = 0;
    for (int64_t i = 0; i < spec_count(spec); i++) {
        values[i] = 1;
        int64_t rest = i;
        for (int axis = spec->rank - 1; axis >= 0; axis--) {
            int64_t radius = spec->shape[axis] / 2, x = rest % spec->shape[axis] - radius;
            double sigma = fmax((double)radius / 4, 0.5);
            values[i] *= exp(-(double)(x * x) / (2 * sigma * sigma));
            rest /= spec->shape[axis];
        }
        sum += values[i];
    }
    for (int64_t i = 0; i < spec_count(spec); i++)
        values[i] = (float)(values[i] / sum);
}

/* The inputs' values alone: no reference is wanted here. */
static bool fill(test_case *test, const char *taps, char *why) {
    for (int i = 0; i < test->inputs; i++) {
        test->values[i] = calloc((size_t)spec_count(&test->input[i]), sizeof(double));
        if (!test->values[i]) {
            (void)snprintf(why, BENCH_WHY, "no memory for the data");
            return false;
        }
    }
    test->operation->fill(test);
    if (taps && strcmp(taps, "gaussian") == 0 && test->inputs > 1) {
        fill_gaussian(test);
    } else if (taps) {
        (void)snprintf(why, BENCH_WHY, "'%s' is not a kind of taps", taps);
        return false;
    }
    return true;
}

static bench_array describe(const test_tensor *tensor, void *data) {
    bench_array array = {.dtype = clf_dtype_name(tensor->view.dtype), .rank = tensor->view.rank, .data = data};
    memcpy(array.shape, tensor->view.shape, sizeof array.shape);
    return array;
}

static bool all_dense(const test_case *test) {
    bool dense = test->output.layout == LAYOUT_DENSE;
    for (int i = 0; i < test->inputs; i++)
        dense = dense && test->input[i].layout == LAYOUT_DENSE;
    return dense;
}

static outcome make_plan(const bench_subject *subject, clf_plan **plan, char *why) {
    const char *solver = subject->test.solver[0] ? subject->test.solver : NULL;
    return case_plan(&subject->fixture, &subject->test, &subject->operands, solver, plan, why);
}

static bool prepare(bench_subject *subject, const char *taps, char *why) {
    test_case *test = &subject->test;
    if (!case_parse(subject->line, test, why))
        return false;
    if (test->inputs > BENCH_INPUTS || !all_dense(test)) {
        (void)snprintf(why, BENCH_WHY, "the bench takes dense tensors and at most %d inputs", BENCH_INPUTS);
        return false;
    }
    if (!fill(test, taps, why) || !operands_create(&subject->fixture, test, &subject->operands, why))
        return false;
    for (int i = 0; i < test->inputs; i++) {
        free(test->values[i]);
        test->values[i] = NULL;
    }
    double start = bench_seconds();
    outcome result = make_plan(subject, &subject->plan, why);
    subject->planning = bench_seconds() - start;
    if (result == OUTCOME_NOT_APPLICABLE)
        (void)snprintf(why, BENCH_WHY, "%s does not solve this", test->solver);
    return result == OUTCOME_PASSED;
}

bench_subject *bench_subject_open(clf_context *context, const char *line, const char *taps, int threads, char *why) {
    bench_subject *subject = calloc(1, sizeof *subject);
    if (!subject || !(subject->line = strdup(line))) {
        (void)snprintf(why, BENCH_WHY, "no memory");
        free(subject);
        return NULL;
    }
    subject->fixture = (test_fixture){.context = context, .has_f64 = clf_context_device(context)->has_f64};
    if (!prepare(subject, taps, why)) {
        bench_subject_close(subject);
        return NULL;
    }
    bench_problem *problem = &subject->problem;
    *problem = (bench_problem){.line = subject->line,
                               .taps = taps,
                               .inputs = subject->test.inputs,
                               .axes = subject->test.axes,
                               .bytes = clf_plan_get_cost(subject->plan).bytes,
                               .threads = threads,
                               .context = context};
    for (int i = 0; i < problem->inputs; i++)
        problem->input[i] = describe(&subject->operands.input[i], subject->operands.input[i].sent);
    problem->output = describe(&subject->operands.output, NULL);
    return subject;
}

void bench_subject_close(bench_subject *subject) {
    if (!subject)
        return;
    clf_plan_destroy(subject->plan);
    operands_destroy(&subject->operands);
    case_close(&subject->test);
    free(subject->line);
    free(subject);
}

bool bench_subject_execute(void *state) {
    bench_subject *subject = state;
    return clf_execute(subject->plan, NULL, NULL, NULL) == CLF_OK &&
           clf_context_finish(subject->fixture.context, NULL) == CLF_OK;
}

const bench_problem *bench_subject_problem(const bench_subject *subject) {
    return &subject->problem;
}

const clf_plan *bench_subject_plan(const bench_subject *subject) {
    return subject->plan;
}

const bench_array *bench_subject_result(void *state) {
    bench_subject *subject = state;
    char why[WHY_LENGTH];
    if (!tensor_fetch(&subject->fixture, &subject->operands.output, why))
        return NULL;
    subject->answer = describe(&subject->operands.output, subject->operands.output.back);
    return &subject->answer;
}

double bench_subject_planning(const bench_subject *subject) {
    return subject->planning;
}

double bench_subject_planning_again(const bench_subject *subject) {
    double seconds[9];
    char why[WHY_LENGTH];
    for (int i = 0; i < 9; i++) {
        clf_plan *plan = NULL;
        double start = bench_seconds();
        outcome result = make_plan(subject, &plan, why);
        seconds[i] = bench_seconds() - start;
        clf_plan_destroy(plan);
        if (result != OUTCOME_PASSED)
            return 0;
    }
    return bench_summary(seconds, 9).median;
}
