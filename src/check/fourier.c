/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Convolution by Fourier transforms, judged: the relative L2 error of the whole output, the error of each element, and
 * where non-finite values go. The data and the reference in double are those of conv and corr.
 */
#include "check/fourier.h"

#include "base/number.h"
#include "check/conv.h"
#include "check/number.h"
#include "check/reference.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const library_solvers[] = {"conv.general", FOURIER_VKFFT FOURIER_CLFFT NULL};
static const char *const solvers[] = {"conv.general", "conv.tile", NULL};

static void parse_conv(case_line *line, test_case *test) {
    conv_operation.parse(line, test);
}

static void parse_corr(case_line *line, test_case *test) {
    corr_operation.parse(line, test);
}

static void fill(test_case *test) {
    conv_operation.fill(test);
}

static void reference(const test_case *test) {
    conv_operation.reference(test);
}

static clf_status plan(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                       const test_tensor *output, const char *solver, clf_plan **made, clf_error *error) {
    return conv_operation.plan(fixture, test, inputs, output, solver, made, error);
}

static double relative_bound(const test_case *test) {
    return test->input[0].dtype == CLF_F64 ? 1e-14 : 1e-6;
}

/* Of values of that magnitude, as powers of two count them: their squares neither overflow nor vanish. */
static double norm(const double *values, int64_t count, int magnitude) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) {
        double value = ldexp(values[i], -magnitude);
        sum += isfinite(value) ? value * value : 0;
    }
    return sqrt(sum);
}

/* What the smallest subnormals add to every bound, of an output. */
static double subnormals(const test_case *test) {
    return test->magnitude == 0 ? 0 : (double)spec_count(&test->input[1]) * number_tiny(test->input[0].dtype);
}

/* The greatest of |x| and the border's constant. */
static double greatest_input(const test_case *test) {
    const conv_spec *spec = test->spec;
    double greatest = reference_greatest(test->values[0], spec_count(&test->input[0]));
    return fmax(greatest, fabs(spec->cval));
}

bool fourier_solves(const char *solver) {
    return strcmp(solver, "conv.tile") == 0 || strncmp(solver, "conv.fft.", strlen("conv.fft.")) == 0;
}

double fourier_tolerance(const test_case *test, double greatest) {
    return relative_bound(test) * reference_sum(test->values[1], spec_count(&test->input[1])) * greatest +
           subnormals(test);
}

/*
 * Each element within the bound of (sum |w|) * (max |x~|); short types rounded from a value within it. NaN and Inf are
 * what the formula says.
 */
static bool acceptable(clf_dtype dtype, double got, double expected, double tolerance) {
    if (!isfinite(expected)) {
        double rounded = number_round(dtype, expected);
        return isnan(rounded) ? isnan(got) : got == rounded;
    }
    if (dtype == CLF_F32 || dtype == CLF_F64) {
        return fabs(got - expected) <= tolerance;
    }
    return got >= number_round(dtype, expected - tolerance) && got <= number_round(dtype, expected + tolerance);
}

/*
 * The output's L2 error against its norm; where the output cancels, against the norm that sums of as many unrelated
 * products have, (L2 of w) * (rms of x) * sqrt(outputs).
 */
static bool compare_norms(const test_fixture *fixture, const test_case *test, const test_tensor *output, char *why) {
    double error = 0;
    for (int64_t i = 0; i < output->count; i++) {
        double difference = ldexp(tensor_value(output, i) - test->expected[i], -test->magnitude);
        error += difference * difference;
    }
    int64_t inputs = spec_count(&test->input[0]);
    double unrelated = norm(test->values[1], spec_count(&test->input[1]), 0) *
                       sqrt((double)output->count / (double)inputs) * norm(test->values[0], inputs, test->magnitude);
    double scale = fmax(norm(test->expected, output->count, test->magnitude), unrelated);
    double allowed =
        relative_bound(test) * scale + ldexp(subnormals(test), -test->magnitude) * sqrt((double)output->count);
    if (fixture->observed != NULL) {
        fixture->observed->error = sqrt(error) == 0 ? 0 : sqrt(error) / allowed;
    }
    if (sqrt(error) <= allowed) {
        return true;
    }
    (void)snprintf(why, WHY_LENGTH, "the relative L2 error is %s, allowed are %s",
                   clf_number_general(sqrt(error) / scale, 3).text, clf_number_general(relative_bound(test), 3).text);
    return false;
}

/* What an output may be off: as the sum's own bound, for the magnitude that it counts. */
static double tolerance_of(const test_case *test, int64_t i, double usual) {
    double products = 2 * (double)spec_count(&test->input[1]) * number_epsilon(test->input[0].dtype);
    return test->bad == BAD_NONE ? usual : test->tolerance[i] * relative_bound(test) / products;
}

static bool compare(const test_fixture *fixture, const test_case *test, const test_tensor *output, char *why) {
    double usual = fourier_tolerance(test, greatest_input(test));
    bool special = test->data == DATA_SPECIAL || test->bad != BAD_NONE;
    for (int64_t i = 0; i < output->count; i++) {
        double got = tensor_value(output, i), tolerance = tolerance_of(test, i, usual);
        bool unwritten = isnan(got) && number_is_real(output->view.dtype) && tensor_is_unwritten(output, i);
        if (!unwritten && acceptable(output->view.dtype, got, test->expected[i], tolerance)) {
            continue;
        }
        char index[160];
        tensor_index_text(output->view.shape, output->view.rank, i, index, sizeof index);
        (void)snprintf(why, WHY_LENGTH, "dst%s is %s%s, expected %s within %s", index, clf_number_exact(got).text,
                       unwritten ? " (never written)" : "", clf_number_exact(test->expected[i]).text,
                       clf_number_general(tolerance, 3).text);
        return false;
    }
    bool real = output->view.dtype == CLF_F32 || output->view.dtype == CLF_F64;
    return special || !real || compare_norms(fixture, test, output, why);
}

static outcome run(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    if (strcmp(solver, solvers[0]) == 0) {
        return case_judge(fixture, test, solver, why); /* sums, under their own bound */
    }
    case_operands operands;
    clf_plan *made = NULL;
    outcome result = OUTCOME_FAILED;
    if (operands_create(fixture, test, &operands, why)) {
        result = case_plan(fixture, test, &operands, solver, &made, why);
    }
    if (result == OUTCOME_PASSED &&
        !(case_execute(fixture, test, made, &operands, why) && compare(fixture, test, &operands.output, why))) {
        result = OUTCOME_FAILED;
    }
    clf_plan_destroy(made);
    operands_destroy(&operands);
    return result;
}

static double bytes(const test_case *test) {
    return conv_operation.bytes(test);
}

static double flops(const test_case *test) {
    return conv_operation.flops(test);
}

static void conv_systematic(line_batch *batch) {
    fourier_systematic_lines(batch, "fconv");
}

static void conv_small(line_batch *batch) {
    fourier_small_lines(batch, "fconv");
}

static void conv_random(line_batch *batch, random_state *random) {
    fourier_random_line(batch, "fconv", random);
}

static void corr_systematic(line_batch *batch) {
    fourier_systematic_lines(batch, "fcorr");
}

static void corr_small(line_batch *batch) {
    fourier_small_lines(batch, "fcorr");
}

static void corr_random(line_batch *batch, random_state *random) {
    fourier_random_line(batch, "fcorr", random);
}

const test_operation fourier_conv_operation = {"fconv", solvers, parse_conv,      fill,       reference,   plan, run,
                                               bytes,   flops,   conv_systematic, conv_small, conv_random, true};

const test_operation fourier_corr_operation = {"fcorr", solvers, parse_corr,      fill,       reference,   plan, run,
                                               bytes,   flops,   corr_systematic, corr_small, corr_random, true};

static void no_random(line_batch *batch, random_state *random) {
    (void)batch, (void)random;
}

static void library_systematic(line_batch *batch) {
    fourier_library_lines(batch, "fftconv");
}

static void library_small(line_batch *batch) {
    batch_add(batch, "fftconv f32 5x6 k=3x3 border=symmetric");
    batch_add(batch, "fftconv f32 6x6 k=3x3 kernel=view stride=2,1 border=constant cval=1");
    batch_add(batch, "fftconv f32 5x6 k=3x3 border=symmetric bad=mixed share=third signs=ring");
    batch_add(batch, "fftconv f32 5x6 k=3x3 border=symmetric bad=infs share=one signs=above");
}

const test_operation fourier_library_operation = {
    "fftconv", library_solvers, parse_conv,         fill,          reference, plan, run,
    bytes,     flops,           library_systematic, library_small, no_random, true};
