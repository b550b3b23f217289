/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ties a convolution to its gradients, checked without a reference: <A x, g> = <x, A^T g> for the adjoint, and for
 * the weights' gradient the central difference of <A x, g> with respect to each weight and bias. Inner products are
 * summed in long double on the host.
 */
#include "check/properties.h"

#include "base/number.h"
#include "check/conv.h"
#include "check/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The case of another operation's line, which goes on as that of a forward case does. */
static bool related_case(const test_case *test, const test_operation *operation, test_case *related, char *why) {
    case_line line;
    line_split(strstr(test->text, test->operation->name), &line);
    (void)line_word(&line, 0);
    bool good = case_read(&line, operation, related, why);
    (void)snprintf(related->text, sizeof related->text, "%s%s", operation->name, strchr(test->text, ' '));
    return good && case_fill(related, why);
}

/* The plain word of a forward line alone. */
static bool is_forward(const test_case *test) {
    const conv_spec *spec = test->spec;
    return (test->operation == &conv_operation || test->operation == &corr_operation) && spec->cval == 0 &&
           number_is_real(test->input[0].dtype) && strstr(test->text, "dst=") == NULL;
}

static outcome wants(const test_case *test, const char *what, char *why) {
    (void)snprintf(why, WHY_LENGTH, "%s wants %s", test->property->name, what);
    return OUTCOME_FAILED;
}

/* Plans and executes a case on the values it holds, and leaves its output in `values`. */
static outcome evaluate(const test_fixture *fixture, const test_case *test, const char *solver, double *values,
                        char *why) {
    case_operands operands;
    clf_plan *plan = NULL;
    outcome result = OUTCOME_FAILED;
    if (operands_create(fixture, test, &operands, why)) {
        result = case_plan(fixture, test, &operands, solver, &plan, why);
    }
    if (result == OUTCOME_PASSED && !case_execute(fixture, test, plan, &operands, why)) {
        result = OUTCOME_FAILED;
    }
    for (int64_t i = 0; result == OUTCOME_PASSED && i < operands.output.count; i++) {
        values[i] = tensor_value(&operands.output, i);
    }
    clf_plan_destroy(plan);
    operands_destroy(&operands);
    return result;
}

typedef struct inner_product {
    long double value, absolute;
} inner_product;

static inner_product multiply(const double *a, const double *b, int64_t count) {
    inner_product product = {0};
    for (int64_t i = 0; i < count; i++) {
        product.value += (long double)a[i] * b[i];
        product.absolute += fabsl((long double)a[i] * b[i]);
    }
    return product;
}

/*
 * How far the two products may be apart: each element of A x and of A^T g is within its tolerance, and those of whole
 * numbers are exact.
 */
static long double adjoint_tolerance(const test_case *forward, const test_case *adjoint) {
    long double sum = 0;
    for (int64_t i = 0; i < spec_count(&forward->output); i++) {
        sum += fabsl((long double)forward->tolerance[i] * adjoint->values[0][i]);
    }
    for (int64_t i = 0; i < spec_count(&adjoint->output); i++) {
        sum += fabsl((long double)adjoint->tolerance[i] * forward->values[0][i]);
    }
    return sum;
}

static outcome compare_products(const test_fixture *fixture, const test_case *test, const test_case *adjoint,
                                const char *solver, char *why) {
    int64_t inputs = spec_count(&test->input[0]), outputs = spec_count(&test->output);
    double *y = calloc((size_t)outputs, sizeof *y), *x = calloc((size_t)inputs, sizeof *x);
    outcome result = y == NULL || x == NULL ? wants(test, "memory", why) : evaluate(fixture, test, solver, y, why);
    if (result == OUTCOME_PASSED) {
        /* the same solver where the adjoint is a correlation that it takes */
        result = evaluate(fixture, adjoint, solver, x, why);
        result = result == OUTCOME_NOT_APPLICABLE ? evaluate(fixture, adjoint, adjoint->operation->solvers[0], x, why)
                                                  : result;
    }
    if (result == OUTCOME_PASSED) {
        inner_product left = multiply(y, adjoint->values[0], outputs), right = multiply(x, test->values[0], inputs);
        if (!(fabsl(left.value - right.value) <= adjoint_tolerance(test, adjoint))) {
            (void)snprintf(why, WHY_LENGTH, "<A x, g> is %s, <x, A^T g> is %s, allowed apart are %s",
                           clf_number_exact((double)left.value).text, clf_number_exact((double)right.value).text,
                           clf_number_general((double)adjoint_tolerance(test, adjoint), 3).text);
            result = OUTCOME_FAILED;
        }
    }
    free(y);
    free(x);
    return result;
}

outcome run_adjoint(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    if (!is_forward(test) || ((const conv_spec *)test->spec)->biased) {
        return wants(test, "conv or corr of a real type, cval=0, no bias, no dst=", why);
    }
    test_case adjoint;
    outcome result = OUTCOME_FAILED;
    if (related_case(test, ((const conv_spec *)test->spec)->flipped ? &conv_adjoint_operation : &corr_adjoint_operation,
                     &adjoint, why)) {
        bool same =
            memcmp(adjoint.values[1], test->values[1], (size_t)spec_count(&test->input[1]) * sizeof(double)) == 0;
        result = same ? compare_products(fixture, test, &adjoint, solver, why) : wants(test, "the same weights", why);
    }
    case_close(&adjoint);
    return result;
}

/* <A x, g>, with one weight (or bias, behind them all) moved by `step`. */
static outcome moved_product(const test_fixture *fixture, const test_case *test, const char *solver, const double *g,
                             int64_t index, double step, long double *product, char *why) {
    int64_t weights = spec_count(&test->input[1]), outputs = spec_count(&test->output);
    double *value = index < weights ? &test->values[1][index] : &test->values[2][index - weights], before = *value;
    double *y = calloc((size_t)outputs, sizeof *y);
    *value = before + step;
    outcome result = y == NULL ? wants(test, "memory", why) : evaluate(fixture, test, solver, y, why);
    *value = before;
    *product = result == OUTCOME_PASSED ? multiply(y, g, outputs).value : 0;
    free(y);
    return result;
}

/* Whole numbers and steps of 1: the difference is the derivative, exactly, as the map is linear. */
static outcome compare_differences(const test_fixture *fixture, const test_case *test, const test_case *gradient,
                                   const char *solver, char *why) {
    int64_t count = spec_count(&gradient->output);
    double *computed = calloc((size_t)count, sizeof *computed);
    outcome result = computed == NULL ? wants(test, "memory", why)
                                      : evaluate(fixture, gradient, gradient->operation->solvers[0], computed, why);
    for (int64_t i = 0; i < count && result == OUTCOME_PASSED; i++) {
        long double after = 0, before = 0;
        result = moved_product(fixture, test, solver, gradient->values[1], i, 1, &after, why);
        if (result == OUTCOME_PASSED) {
            result = moved_product(fixture, test, solver, gradient->values[1], i, -1, &before, why);
        }
        double got = computed[conv_weight_position(test->spec, gradient->output.layout, i)];
        if (result == OUTCOME_PASSED && !((after - before) / 2 == (long double)got)) {
            (void)snprintf(why, WHY_LENGTH, "the gradient of weight %lld is %s, the central difference %s",
                           (long long)i, clf_number_exact(got).text,
                           clf_number_exact((double)((after - before) / 2)).text);
            result = OUTCOME_FAILED;
        }
    }
    free(computed);
    return result;
}

outcome run_differences(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    const conv_spec *spec = test->spec;
    if (!is_forward(test) || test->data != DATA_INTEGER || spec->taps != TAPS_AS_DATA || spec->by_factors) {
        return wants(test, "conv or corr of a real type, data=integer, cval=0, no taps=, factors= nor dst=", why);
    }
    test_case gradient;
    outcome result = OUTCOME_FAILED;
    if (related_case(test, ((const conv_spec *)test->spec)->flipped ? &conv_weights_operation : &corr_weights_operation,
                     &gradient, why)) {
        result = compare_differences(fixture, test, &gradient, solver, why);
    }
    case_close(&gradient);
    return result;
}

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};

/* Random lines, the same in every run; most with the solvers that need no build for them. */
void adjoint_lines(line_batch *batch) {
    random_state random = random_begin(1, "adjoint");
    for (int i = 0; i < 150; i++) {
        line_draft draft = {.length = 0};
        draft_add(&draft, "adjoint %s %s", i % 2 == 0 ? "conv" : "corr", i % 5 == 4 ? "f32" : "f64");
        bool bank = conv_gradient_draft(&draft, &random);
        batch_add(batch, "%s%s%s", draft.text, i % 7 == 0 && !bank ? " kernel=view" : "",
                  i % 4 == 0 ? "" : " solver=conv.general");
    }
    for (int border = 0; border < 5; border++) {
        batch_add(batch, "adjoint conv f64 9x20 k=5x5 border=%s taps=rank2", borders[border]);
        batch_add(batch, "adjoint corr f32 9x20 k=5x5 border=%s factors=1 data=integer", borders[border]);
        batch_add(batch, "adjoint conv f64 2x6x9x3 k=4x3x3x3 chosen=-3,-2 border=%s stride=2", borders[border]);
    }
}

void differences_lines(line_batch *batch) {
    static const char *const rests[] = {"2x5x9 k=3x3",
                                        "6x11 k=4x2 mode=full stride=1,2",
                                        "9x11 k=4x2 mode=valid dilation=2,3",
                                        "2x3x5x7 k=4x3x3x3 bias=1 stride=2,2",
                                        "4x5x6 k=4x2x3x3 groups=2 bias=1 kernel=view mode=full",
                                        "3x4x6 k=3x1x2x3 groups=3 bias=1 k_layout=permuted",
                                        "2x3x9 k=2x3x5 axes=1 bias=1 dilation=2",
                                        "3x4x9 k=2x3x4"};
    for (int border = 0; border < 5; border++) {
        for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
            batch_add(batch, "differences %s %s %s border=%s data=integer", i % 2 == 0 ? "conv" : "corr",
                      i % 3 == 2 ? "f32" : "f64", rests[i], borders[border]);
        }
    }
}
