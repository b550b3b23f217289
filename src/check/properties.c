/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Properties: what holds of a filter whatever its data, checked without the reference. Each takes an ordinary line
 * after its name and says itself when the line is not one that it applies to.
 */
#include "check/properties.h"

#include "base/number.h"
#include "check/conv.h"
#include "check/fourier.h"
#include "check/number.h"
#include "check/trial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The same numbers within `tolerance`; where 0 is expected, within `of_zeros`. */
static outcome expect_near(const test_case *test, const double *got, const double *expected, double tolerance,
                           double of_zeros, char *why) {
    for (int64_t i = 0; i < spec_count(&test->output); i++) {
        if (!(fabs(got[i] - expected[i]) <= (expected[i] == 0 ? of_zeros : tolerance))) {
            char index[160];
            tensor_index_text(test->output.shape, test->output.rank, i, index, sizeof index);
            (void)snprintf(why, WHY_LENGTH, "dst%s is %s, expected %s by %s", index, clf_number_exact(got[i]).text,
                           clf_number_exact(expected[i]).text, test->property->name);
            return OUTCOME_FAILED;
        }
    }
    return OUTCOME_PASSED;
}

/*
 * The same numbers: exactly, but for transforms, whose every output may be off by their bound, for inputs of `greatest`
 * at the most over all the outputs that are compared.
 */
static outcome expect_equal(const test_case *test, const char *solver, double greatest, const double *got,
                            const double *expected, char *why) {
    double tolerance = fourier_solves(solver) ? fourier_tolerance(test, greatest) : 0;
    return expect_near(test, got, expected, tolerance, tolerance, why);
}

static outcome refuse(const test_case *test, const char *wants, char *why) {
    (void)snprintf(why, WHY_LENGTH, "%s wants %s", test->property->name, wants);
    return OUTCOME_FAILED;
}

static bool is_convolution(const test_case *test) {
    return test->operation == &conv_operation || test->operation == &corr_operation ||
           test->operation == &fourier_conv_operation || test->operation == &fourier_corr_operation ||
           test->operation == &fourier_library_operation;
}

/* An impulse in the middle gives the taps round it, as they are, and zeros elsewhere. */
static void expect_impulse(const test_case *test, const int64_t at[3], double *expected) {
    reference_window window;
    reference_axis axis[3];
    int64_t k[3], i[3];
    conv_window(test, &window, axis);
    for (int64_t tap = 0; tap < spec_count(&test->input[1]); tap++) {
        bool inside = true;
        int64_t rest = tap, linear = 0;
        for (int a = 2; a >= 0; a--) {
            k[a] = rest % axis[a].taps;
            rest /= axis[a].taps;
            int64_t reach = axis[a].dilation * (k[a] - axis[a].taps / 2 - axis[a].origin);
            i[a] = axis[a].flipped ? at[a] + reach : at[a] - reach;
            inside = inside && i[a] >= 0 && i[a] < window.extent[a];
        }
        for (int a = 0; a < 3; a++) {
            linear = linear * window.extent[a] + i[a];
        }
        if (inside) {
            expected[linear] = number_round(test->output.dtype, test->values[1][tap]);
        }
    }
}

/*
 * Solvers that read the taps give them as they are. One that has made products of them gives each within the bound of a
 * convolution whose greatest input is 1, and zeros as they are; transforms give all within theirs.
 */
static double impulse_tolerance(const test_case *test, const char *solver) {
    int64_t taps = spec_count(&test->input[1]);
    if (fourier_solves(solver)) {
        return fourier_tolerance(test, 1);
    }
    double bound = 2 * (double)taps * number_epsilon(test->input[0].dtype) * reference_sum(test->values[1], taps);
    return strcmp(solver, "conv.separable") == 0 ? bound : 0;
}

static outcome run_impulse(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    const conv_spec *spec = test->spec;
    if (!is_convolution(test) || spec->bank || spec->chosen[0] != 0 || spec->border[0] != CLF_BORDER_CONSTANT ||
        spec->cval != 0 || spec->mode != CLF_MODE_SAME || test->input[0].rank != test->axes ||
        spec_count(&test->input[0]) != spec_count(&test->output)) {
        return refuse(test, "conv or corr of one plane, border=constant, mode=same, no stride", why);
    }
    property_trial trial;
    outcome result = trial_begin(fixture, test, solver, &trial, why);
    if (result == OUTCOME_PASSED) {
        reference_window window;
        reference_axis axis[3];
        conv_window(test, &window, axis);
        int64_t at[3] = {window.extent[0] / 2, window.extent[1] / 2, window.extent[2] / 2};
        trial.x[(at[0] * window.extent[1] + at[1]) * window.extent[2] + at[2]] = 1;
        expect_impulse(test, at, trial.z);
        double tolerance = impulse_tolerance(test, solver), of_zeros = fourier_solves(solver) ? tolerance : 0;
        result = trial_execute(&trial, trial.x, trial.y, why)
                     ? expect_near(test, trial.y, trial.z, tolerance, of_zeros, why)
                     : OUTCOME_FAILED;
    }
    return trial_end(&trial, result);
}

/* A(3 x - 2 x') = 3 A x - 2 A x', exactly, on whole numbers; x' is x in reverse order. */
static outcome run_linearity(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    const conv_spec *spec = test->spec;
    if (!is_convolution(test) || spec->biased || test->data != DATA_INTEGER || spec->cval != 0 ||
        !number_is_real(test->input[0].dtype) || test->input[0].layout == LAYOUT_BROADCAST) {
        return refuse(test, "conv or corr of a real type, data=integer, cval=0, no bias", why);
    }
    property_trial trial;
    outcome result = trial_begin(fixture, test, solver, &trial, why);
    int64_t inputs = spec_count(&test->input[0]), outputs = spec_count(&test->output);
    const double *x = test->values[0], greatest = 10 * reference_greatest(x, inputs); /* 3 x, 2 x', their sum */
    bool executed = result == OUTCOME_PASSED && trial_execute(&trial, x, trial.z, why);
    for (int64_t i = 0; i < inputs && executed; i++) {
        trial.x[i] = x[inputs - 1 - i];
    }
    executed = executed && trial_execute(&trial, trial.x, trial.y, why);
    for (int64_t i = 0; i < outputs && executed; i++) {
        trial.z[i] = 3 * trial.z[i] - 2 * trial.y[i];
    }
    for (int64_t i = 0; i < inputs && executed; i++) {
        trial.x[i] = 3 * x[i] - 2 * x[inputs - 1 - i];
    }
    executed = executed && trial_execute(&trial, trial.x, trial.y, why);
    if (result == OUTCOME_PASSED) {
        result = executed ? expect_equal(test, solver, greatest, trial.y, trial.z, why) : OUTCOME_FAILED;
    }
    return trial_end(&trial, result);
}

/* to[i] = from[i - shift], wrapping, along every axis. */
static void roll(const tensor_spec *spec, const int64_t *shift, const double *from, double *to) {
    for (int64_t linear = 0; linear < spec_count(spec); linear++) {
        int64_t rest = linear, source = 0, step = 1;
        for (int axis = spec->rank - 1; axis >= 0; axis--) {
            int64_t extent = spec->shape[axis], index = rest % extent - shift[axis] % extent;
            source += (index + extent) % extent * step;
            step *= extent;
            rest /= extent;
        }
        to[linear] = from[source];
    }
}

/* How far before and behind `stride * index` the window of filtered axis `i` reaches. */
static void window_reach(const test_case *test, int i, int64_t *before, int64_t *behind) {
    *before = *behind = 1; /* of a gradient */
    if (is_convolution(test)) {
        const conv_spec *spec = test->spec;
        int64_t taps = test->input[1].shape[test->input[1].rank - spec->axes + i], centre = taps / 2 + spec->origin[i];
        int64_t dilation = spec->dilation[i] == 0 ? 1 : spec->dilation[i];
        *before = dilation * (spec->flipped ? taps - 1 - centre : centre);
        *behind = dilation * (spec->flipped ? centre : taps - 1 - centre);
    }
}

/* True if the window of output `linear` meets no end of the input, neither before a shift by `by` nor after. */
static bool is_inside(const test_case *test, int64_t linear, const int64_t *stride, const int64_t *by) {
    for (int axis = test->output.rank - 1; axis >= 0; axis--) {
        int64_t at = linear % test->output.shape[axis], before = 0, behind = 0;
        int i = axis - test->output.rank + test->axes;
        linear /= test->output.shape[axis];
        if (i < 0) {
            continue;
        }
        window_reach(test, i, &before, &behind);
        if (at * stride[axis] - before < by[axis] || at * stride[axis] + behind >= test->input[0].shape[axis]) {
            return false;
        }
    }
    return true;
}

/*
 * Filtering commutes with a shift, to the last bit (transforms: within their bound): everywhere on a periodic border,
 * and on the others where no window meets an end. A stride s turns a shift of s*t into t.
 */
static outcome run_equivariance(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    static const int64_t steps[3] = {2, 1, 5};
    const conv_spec *spec = is_convolution(test) ? test->spec : NULL;
    if (spec != NULL && spec->chosen[0] != 0) {
        return refuse(test, "the last axes filtered", why);
    }
    int64_t before[CLF_MAX_RANK] = {0}, after[CLF_MAX_RANK] = {0}, strides[CLF_MAX_RANK] = {0};
    for (int i = 0; i < test->axes && i < 3; i++) {
        int axis = test->input[0].rank - test->axes + i;
        strides[axis] = spec == NULL || spec->stride[i] == 0 ? 1 : spec->stride[i];
        after[axis] = steps[i];
        before[axis] = strides[axis] * steps[i];
        if (test->output.shape[axis] * strides[axis] != test->input[0].shape[axis]) {
            return refuse(test, "mode=same and extents that the strides divide", why);
        }
    }
    bool everywhere = strstr(test->text, "border=periodic") != NULL && strstr(test->text, "periodic,") == NULL;
    property_trial trial;
    outcome result = trial_begin(fixture, test, solver, &trial, why);
    if (result == OUTCOME_PASSED) {
        int64_t outputs = spec_count(&test->output), inside = 0;
        roll(&test->input[0], before, test->values[0], trial.x);
        bool executed = trial_execute(&trial, trial.x, trial.z, why);
        executed = executed && trial_execute(&trial, test->values[0], trial.y, why);
        double *rolled = calloc((size_t)outputs, sizeof *rolled);
        result = OUTCOME_FAILED;
        if (executed && rolled != NULL) {
            roll(&test->output, after, trial.y, rolled);
            for (int64_t i = 0; i < outputs; i++) {
                bool counts = everywhere || is_inside(test, i, strides, before);
                inside += counts;
                rolled[i] = counts ? rolled[i] : trial.z[i];
            }
            double greatest = 2 * reference_greatest(test->values[0], spec_count(&test->input[0])); /* of both */
            result = inside > 0 ? expect_equal(test, solver, greatest, trial.z, rolled, why)
                                : refuse(test, "an input larger than the window and the shift", why);
        }
        free(rolled);
    }
    return trial_end(&trial, result);
}

/* Each kernel's taps in reverse order. Release with free(). */
static double *reverse_kernels(const test_case *test) {
    int64_t count = spec_count(&test->input[1]), taps = 1;
    for (int i = 1; i <= test->axes; i++) {
        taps *= test->input[1].shape[test->input[1].rank - i];
    }
    double *reversed = calloc((size_t)count, sizeof *reversed);
    for (int64_t i = 0; i < count && reversed != NULL; i++) {
        reversed[i] = test->values[1][i / taps * taps + taps - 1 - i % taps];
    }
    return reversed;
}

/* Convolution is correlation with the taps reversed and the centre moved along. */
static outcome run_flip(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    const conv_spec *given = test->spec;
    if (!is_convolution(test) || test->data != DATA_INTEGER || given->by_factors) {
        return refuse(test, "conv or corr, data=integer, no factors", why);
    }
    conv_spec spec = *given;
    test_case other = *test;
    other.operation = spec.flipped ? &corr_operation : &conv_operation;
    other.spec = &spec;
    spec.flipped = !spec.flipped;
    for (int i = 0; i < spec.axes && spec.mode == CLF_MODE_SAME; i++) {
        int taps = (int)test->input[1].shape[test->input[1].rank - spec.axes + i];
        spec.origin[i] = taps - 1 - (taps / 2 + spec.origin[i]) - taps / 2;
    }
    double *reversed = reverse_kernels(test);
    if (reversed == NULL) {
        return refuse(test, "memory", why);
    }
    other.values[1] = reversed;
    property_trial one, two;
    outcome result = trial_begin(fixture, test, solver, &one, why);
    outcome result_of_other = trial_begin(fixture, &other, solver, &two, why);
    if (result == OUTCOME_PASSED && result_of_other == OUTCOME_PASSED) {
        bool executed =
            trial_execute(&one, test->values[0], one.y, why) && trial_execute(&two, test->values[0], two.y, why);
        double greatest = 2 * reference_greatest(test->values[0], spec_count(&test->input[0])); /* of both */
        result = executed ? expect_equal(test, solver, greatest, two.y, one.y, why) : OUTCOME_FAILED;
    } else {
        result = result_of_other == OUTCOME_FAILED ? OUTCOME_FAILED : result;
    }
    free(reversed);
    (void)trial_end(&two, result);
    return trial_end(&one, result);
}

/* The same bits from a second execution, and from a second plan. */
static outcome run_repeat(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    property_trial one, two;
    outcome result = trial_begin(fixture, test, solver, &one, why);
    outcome result_of_two = trial_begin(fixture, test, solver, &two, why);
    if (result == OUTCOME_PASSED && result_of_two == OUTCOME_PASSED) {
        case_operands *operands = &one.operands;
        bool executed =
            trial_execute(&two, test->values[0], two.y, why) && trial_execute(&one, test->values[0], one.y, why);
        unsigned char *first = executed ? malloc(operands->output.bytes) : NULL;
        if (first != NULL) {
            memcpy(first, operands->output.back, operands->output.bytes);
            executed = case_execute(fixture, test, one.plan, operands, why);
        }
        result = first != NULL && executed ? OUTCOME_PASSED : OUTCOME_FAILED;
        if (result == OUTCOME_PASSED && memcmp(first, operands->output.back, operands->output.bytes) != 0) {
            (void)snprintf(why, WHY_LENGTH, "a second execution gives other bits");
            result = OUTCOME_FAILED;
        }
        if (result == OUTCOME_PASSED && memcmp(first, two.operands.output.back, operands->output.bytes) != 0) {
            (void)snprintf(why, WHY_LENGTH, "a second plan gives other bits");
            result = OUTCOME_FAILED;
        }
        free(first);
    }
    (void)trial_end(&two, result);
    return trial_end(&one, result);
}

const test_property properties[] = {
    {"impulse", run_impulse, impulse_lines},
    {"linearity", run_linearity, linearity_lines},
    {"equivariance", run_equivariance, equivariance_lines},
    {"flip", run_flip, flip_lines},
    {"repeat", run_repeat, repeat_lines},
    {"threads", run_threads, threads_lines},
    {"adjoint", run_adjoint, adjoint_lines},
    {"differences", run_differences, differences_lines},
    {"strict", run_strict, strict_lines},
    {NULL, NULL, NULL},
};
