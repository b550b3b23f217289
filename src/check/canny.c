/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Canny's edges:
 *
 *   canny f32 2x28x28 sigma=1.5 low=0.2 high=0.5 border=reflect,periodic cval=1, and the words every line shares
 *
 * A pixel is an edge or none, so no error can be small. The rule: it may be either only where that hangs on a
 * comparison whose sides are equal within their rounding bound (canny_reference.c); of all pixels of a line such are
 * one in a hundred at most, and they too hold 0 or 255.
 */
#include "check/features.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const solvers[] = {"canny.components", NULL};

enum { MOST_OPEN = 100 /* one in so many pixels */ };

static void parse(case_line *line, test_case *test) {
    canny_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    clf_gradient_words words = {.cval = 0};
    features_parse(line, test, &clf_canny_line, &words);
    spec->sigma = words.sigma;
    spec->low = words.low;
    spec->high = words.high;
    test->output.dtype = CLF_U8;
    if (test->data == DATA_SPECIAL) {
        line_fail(line, "data=special: nothing is said of edges beside a NaN or an infinity");
    }
}

static void fill(test_case *test) {
    case_fill_input(test, 0, test->data, 256);
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const canny_spec *spec = test->spec;
    clf_canny_desc desc = {.src = inputs[0].view,
                           .dst = output->view,
                           .sigma = spec->sigma,
                           .low = spec->low,
                           .high = spec->high,
                           .border = {spec->derived.border[0], spec->derived.border[1]},
                           .cval = spec->derived.cval,
                           .options = {.solver = solver}};
    return clf_plan_canny(fixture->context, &desc, plan, error);
}

static bool is_binary(const test_tensor *output, char *why) {
    for (int64_t i = 0; i < output->count; i++) {
        double value = tensor_value(output, i);
        if (value != 0 && value != 255) {
            (void)snprintf(why, WHY_LENGTH, "element %lld is %s; expected 0 or 255", (long long)i,
                           clf_number_general(value, 6).text);
            return false;
        }
    }
    return true;
}

static outcome run(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    const canny_spec *spec = test->spec;
    case_operands operands;
    clf_plan *plan = NULL;
    outcome result = OUTCOME_FAILED;
    if (spec->open * MOST_OPEN > spec_count(&test->output)) {
        (void)snprintf(why, WHY_LENGTH, "%lld of %lld pixels hang on ties; a line may have one in %d",
                       (long long)spec->open, (long long)spec_count(&test->output), MOST_OPEN);
        return OUTCOME_FAILED;
    }
    if (operands_create(fixture, test, &operands, why)) {
        result = case_plan(fixture, test, &operands, solver, &plan, why);
    }
    if (result == OUTCOME_PASSED && !(case_execute(fixture, test, plan, &operands, why) &&
                                      case_compare(test, &operands.output, why) && is_binary(&operands.output, why))) {
        result = OUTCOME_FAILED;
    }
    if (result == OUTCOME_PASSED && fixture->observed != NULL) {
        fixture->observed->error = 0; /* right where there is one answer */
    }
    clf_plan_destroy(plan);
    operands_destroy(&operands);
    return result;
}

/* The smoothing axis by axis, two derivatives, the magnitude, the comparisons. */
static double flops(const test_case *test) {
    const canny_spec *spec = test->spec;
    double taps = 2 * floor(4 * (spec->sigma == 0 ? 1 : spec->sigma) + 0.5) + 1;
    return (double)spec_count(&test->output) * (4 * taps + 1 + 16 + 4 + 12);
}

const test_operation canny_operation = {"canny",
                                        solvers,
                                        parse,
                                        fill,
                                        canny_reference,
                                        plan_case,
                                        run,
                                        case_bytes,
                                        flops,
                                        canny_systematic_lines,
                                        canny_small_lines,
                                        canny_random_line};
