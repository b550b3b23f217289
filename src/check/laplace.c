/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Laplacians over the last two or three axes:
 *
 *   laplace f32 2x3x28x28 op=gaussian:1.5 axes=2 border=reflect,periodic cval=1 scale=0.5,
 *
 * op=central (1 -2 1 along each axis) if it is not said, and the words every line shares
 */
#include "check/features.h"

#include "check/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const solvers[] = {"laplace.each",   "laplace.rows",  "laplace.flat",
                                      "laplace.planes", "laplace.dense", NULL};

static void parse(case_line *line, test_case *test) {
    gradient_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    clf_gradient_words words = {.cval = 0};
    features_parse(line, test, &clf_laplace_line, &words);
    spec->op = (clf_gradient_operator)words.op.name;
    spec->sigma = words.op.parameter;
    if (spec->op != CLF_GRADIENT_CENTRAL && !(spec->op == CLF_GRADIENT_GAUSSIAN && spec->sigma > 0)) {
        line_fail(line, "op= is neither central nor gaussian:SIGMA, SIGMA above 0");
        spec->op = CLF_GRADIENT_CENTRAL;
    }
    bool half = test->input[0].dtype == CLF_F16 && test->output.dtype == CLF_F16;
    test->output.dtype = half ? CLF_F16 : test->input[0].dtype == CLF_F64 ? CLF_F64 : CLF_F32;
}

/* Whole numbers are kept so small that every sum is exact. */
static void fill(test_case *test) {
    case_fill_input(test, 0, test->data, 256);
}

/*
 * 2 * K * eps * (sum |w|) * (max |x~|) of the one kernel that the sum of the second derivatives is; 0 if sums of
 * whole numbers are exact.
 */
static double bound_of(const test_case *test, const reference_window *window, const derivative_taps *taps) {
    const gradient_spec *spec = test->spec;
    bool central = spec->op == CLF_GRADIENT_CENTRAL;
    double scale = spec->scale == 0 ? 1 : spec->scale;
    bool whole = test->data == DATA_INTEGER && central && window->cval == floor(window->cval) &&
                 fabs(window->cval) <= 256 && scale == floor(scale) && fabs(scale) <= 8;
    double count = central ? 2 * spec->axes + 1 : derivative_tap_count(taps, spec->axes);
    double weight = spec->axes * derivative_weight(taps, spec->axes) * fabs(scale);
    /* a Gaussian's products are rounded where they are small, and so is what is scaled */
    double lost = (central ? 2 : 2 * count) * number_tiny(test->input[0].dtype);
    return whole ? 0
                 : 2 * count * number_epsilon(test->input[0].dtype) * weight * features_greatest(test, window) +
                       ldexp(lost, -test->magnitude);
}

static void reference(const test_case *test) {
    const gradient_spec *spec = test->spec;
    reference_window window;
    gradient_window(test, &window);
    derivative_taps taps;
    derivative_make_taps(spec->op, spec->sigma, 2, &taps);
    gradient_magnify(test, -test->magnitude);
    window.cval = ldexp(window.cval, -test->magnitude);
    double scale = spec->scale == 0 ? 1 : spec->scale, bound = bound_of(test, &window, &taps);
    int64_t size = window.extent[0] * window.extent[1] * window.extent[2], at[3], i = 0;
    for (int64_t plane = 0; plane < window.planes; plane++) {
        for (at[0] = 0; at[0] < window.extent[0]; at[0]++) {
            for (at[1] = 0; at[1] < window.extent[1]; at[1]++) {
                for (at[2] = 0; at[2] < window.extent[2]; at[2]++, i++) {
                    double d[3];
                    derivative_at(&window, spec->axes, &taps, test->values[0] + plane * size, at, d);
                    test->expected[i] = ldexp(scale * (d[0] + d[1] + d[2]), test->magnitude);
                    test->tolerance[i] = ldexp(bound, test->magnitude);
                }
            }
        }
    }
    gradient_magnify(test, test->magnitude);
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const gradient_spec *spec = test->spec;
    clf_laplace_desc desc = {.src = inputs[0].view,
                             .dst = output->view,
                             .sigma = spec->sigma,
                             .axes = spec->axes,
                             .cval = spec->cval,
                             .scale = spec->scale,
                             .options = {.solver = solver}};
    memcpy(desc.border, spec->border, sizeof desc.border);
    return clf_plan_laplace(fixture->context, &desc, plan, error);
}

/* The neighbours along each axis and the centre, once each; a Gaussian's derivatives axis by axis. */
static double flops(const test_case *test) {
    const gradient_spec *spec = test->spec;
    double taps = 2 * floor(4 * spec->sigma + 0.5) + 1;
    double derive = spec->op == CLF_GRADIENT_CENTRAL ? 2 * spec->axes + 2 : 2 * spec->axes * spec->axes * taps;
    return (double)spec_count(&test->output) * derive;
}

const test_operation laplace_operation = {"laplace",
                                          solvers,
                                          parse,
                                          fill,
                                          reference,
                                          plan_case,
                                          case_judge,
                                          case_bytes,
                                          flops,
                                          laplace_systematic_lines,
                                          laplace_small_lines,
                                          laplace_random_line};
