/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Derivatives along the last two or three axes:
 *
 *   gradient f32 2x3x28x28 op=sobel axes=2 out=magnitude border=reflect,periodic cval=1 scale=0.5 eps=1e-6,
 *
 * and the words every line shares
 */
#include "check/gradient.h"

#include "check/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const solvers[] = {"gradient.each",   "gradient.rows",  "gradient.flat",
                                      "gradient.planes", "gradient.dense", NULL};
/* Outputs, and where a descriptor has them. */
enum { OUT_MAGNITUDE, OUT_DX, OUT_DY, OUT_DZ, OUT_SQUARED, OUT_L1, OUT_ORIENTATION };
static const size_t fields[] = {offsetof(clf_gradient_desc, dst),        offsetof(clf_gradient_desc, dx),
                                offsetof(clf_gradient_desc, dy),         offsetof(clf_gradient_desc, dz),
                                offsetof(clf_gradient_desc, squared),    offsetof(clf_gradient_desc, l1),
                                offsetof(clf_gradient_desc, orientation)};

void gradient_parse_common(case_line *line, test_case *test) {
    case_parse_common(line, test);
    if (test->input[0].rank < 2) {
        line_fail(line, "a gradient wants a shape of at least two axes");
    }
    clf_dtype dtype = test->input[0].dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    if (test->output.dtype != dtype && test->output.dtype != test->input[0].dtype) {
        line_fail(line, "the magnitude of %s is %s", dtype_names[test->input[0].dtype], dtype_names[dtype]);
    }
    if (test->input[0].dtype != CLF_F16) {
        test->output.dtype = dtype;
    }
}

static void parse(case_line *line, test_case *test) {
    gradient_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    clf_gradient_words words = {.cval = 0};
    gradient_parse_common(line, test);
    case_read_keys(line, test, &clf_gradient_line, &words);
    gradient_take_words(line, test, &words, spec);
}

void gradient_take_words(case_line *line, test_case *test, const clf_gradient_words *words, gradient_spec *spec) {
    spec->op = (clf_gradient_operator)words->op.name;
    spec->sigma = words->op.parameter;
    spec->axes = test->axes = (int)words->axes;
    memcpy(spec->border, words->border, sizeof spec->border);
    spec->cval = words->cval;
    spec->scale = words->scale;
    spec->eps = words->eps;
    while (spec->out < OUT_ORIENTATION && words->out != 1U << spec->out) {
        spec->out++;
    }
    if (words->out != 1U << spec->out) {
        line_fail(line, "a case has one output");
    }
    if (spec->sigma < 0 || spec->sigma > DERIVATIVE_RADIUS / 4 || (spec->axes != 2 && spec->axes != 3) ||
        test->input[0].rank < spec->axes) {
        line_fail(line, "axes must be 2 or 3 of the shape's, sigma at most %d", DERIVATIVE_RADIUS / 4);
        spec->axes = 2;
    }
}

void gradient_window(const test_case *test, reference_window *window) {
    const gradient_spec *spec = test->spec;
    const tensor_spec *src = &test->input[0];
    *window =
        (reference_window){.planes = 1, .extent = {1}, .cval = src->dtype == CLF_F64 ? spec->cval : (float)spec->cval};
    window->border[0] = CLF_BORDER_REPLICATE;
    reference_borders(spec->border, spec->axes, window->border + 3 - spec->axes);
    for (int axis = 0; axis < src->rank; axis++) {
        if (axis < src->rank - spec->axes) {
            window->planes *= src->shape[axis];
        } else {
            window->extent[axis - src->rank + 3] = src->shape[axis];
        }
    }
}

/* Whole numbers are kept so small that squares and their sum stay below 2^24, exact in single precision. */
static void fill(test_case *test) {
    case_fill_input(test, 0, test->data, 256);
}

/* sqrt(squares * 4^exponent + eps), where either may be beyond the range of double. */
static double length_of(double squares, double eps, int exponent) {
    double scaled = ldexp(eps, -2 * exponent);
    return isinf(scaled) ? sqrt(eps) : ldexp(sqrt(squares + scaled), exponent);
}

/* What an output holds, and the error allowed, where derivatives are d and may be off by `bound`, times 2^exponent. */
static double output_of(const gradient_spec *spec, const double d[3], double bound, int exponent, double *tolerance) {
    double squares = d[0] * d[0] + d[1] * d[1] + d[2] * d[2], size = sqrt(squares);
    *tolerance = ldexp(bound, exponent);
    switch (spec->out) {
    case OUT_DX: return ldexp(d[2], exponent);
    case OUT_DY: return ldexp(d[1], exponent);
    case OUT_DZ: return ldexp(d[0], exponent);
    case OUT_SQUARED:
        *tolerance = ldexp(bound * (2 * sqrt(3) * size + 3 * bound), 2 * exponent);
        return ldexp(squares, 2 * exponent) + spec->eps;
    case OUT_L1: *tolerance *= 3; return ldexp(fabs(d[0]) + fabs(d[1]) + fabs(d[2]), exponent);
    case OUT_ORIENTATION:
        /* A vector that may be 0 has any angle; one along -x has pi or -pi. */
        *tolerance = size <= 2 * bound || (d[2] < 0 && fabs(d[1]) <= bound) ? 7 : 2 * bound / size + 1e-6;
        return atan2(d[1], d[2]);
    default: *tolerance *= sqrt(3); return length_of(squares, spec->eps, exponent);
    }
}

/*
 * How far a derivative may be off, in units of 2^magnitude: the convolution's bound. What is lost below the type's
 * least number is said apart: sums of three taps lose nothing, a scale a rounding, a Gaussian's products one each.
 */
static double bound_of(const test_case *test, const derivative_taps *taps, double greatest) {
    const gradient_spec *spec = test->spec;
    double scale = spec->scale == 0 ? 1 : spec->scale, count = derivative_tap_count(taps, spec->axes);
    double lost = spec->op == CLF_GRADIENT_GAUSSIAN ? count : scale == 1 ? 0 : 1;
    return 2 * count * number_epsilon(test->input[0].dtype) * derivative_weight(taps, spec->axes) * fabs(scale) *
               greatest +
           ldexp(lost * number_tiny(test->input[0].dtype), -test->magnitude);
}

/* True where everything up to the root is exact. */
static bool is_whole(const test_case *test, double cval) {
    const gradient_spec *spec = test->spec;
    return test->data == DATA_INTEGER && test->magnitude == 0 && cval == floor(cval) && fabs(cval) <= 256 &&
           (spec->scale == 0 || spec->scale == 1) && spec->eps == floor(spec->eps) && spec->eps <= 256 &&
           (spec->op == CLF_GRADIENT_CENTRAL || spec->op == CLF_GRADIENT_SOBEL) && spec->axes == 2 &&
           spec->out == OUT_MAGNITUDE;
}

void gradient_magnify(const test_case *test, int exponent) {
    for (int64_t i = 0; i < spec_count(&test->input[0]) && exponent != 0; i++) {
        test->values[0][i] = ldexp(test->values[0][i], exponent);
    }
}

/*
 * Each derivative is within the convolution's bound b, and what is made of it moves with it; squares, their sum and the
 * root add a few roundings of the result. If everything up to the root is exact, what is left is the root's own error:
 * OpenCL allows 3 ulp in single precision and none in double. Derivatives are formed of the input as it is before its
 * magnitude=, since double has no more range than what is tested.
 */
static void reference(const test_case *test) {
    const gradient_spec *spec = test->spec;
    reference_window window;
    gradient_window(test, &window);
    derivative_taps taps;
    derivative_make_taps(spec->op, spec->sigma, 1, &taps);
    double scale = spec->scale == 0 ? 1 : spec->scale;
    bool wide = test->input[0].dtype == CLF_F64, whole = is_whole(test, window.cval);
    double epsilon = number_epsilon(test->input[0].dtype);
    gradient_magnify(test, -test->magnitude);
    window.cval = ldexp(window.cval, -test->magnitude);
    double greatest = reference_greatest(test->values[0], spec_count(&test->input[0]));
    greatest = isfinite(window.cval) ? fmax(greatest, fabs(window.cval)) : greatest;
    double bound = bound_of(test, &taps, greatest);
    int64_t size = window.extent[0] * window.extent[1] * window.extent[2], at[3];
    for (int64_t i = 0; i < window.planes * size; i++) {
        double d[3], tolerance;
        at[0] = i % size / (window.extent[1] * window.extent[2]);
        at[1] = i / window.extent[2] % window.extent[1];
        at[2] = i % window.extent[2];
        derivative_at(&window, spec->axes, &taps, test->values[0] + i / size * size, at, d);
        for (int axis = 0; axis < 3; axis++) {
            d[axis] *= scale;
        }
        double value = test->expected[i] = output_of(spec, d, bound, test->magnitude, &tolerance);
        double length = isfinite(value) ? fabs(value) : 0;
        test->tolerance[i] = whole && wide ? 0
                             : whole       ? 3 * epsilon * length
                                           : tolerance + 4 * epsilon * length + 4 * number_tiny(test->output.dtype);
    }
    gradient_magnify(test, test->magnitude);
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const gradient_spec *spec = test->spec;
    clf_gradient_desc desc = {.src = inputs[0].view,
                              .op = spec->op,
                              .sigma = spec->sigma,
                              .axes = spec->axes,
                              .cval = spec->cval,
                              .scale = spec->scale,
                              .eps = spec->eps,
                              .options = {.solver = solver}};
    memcpy(desc.border, spec->border, sizeof desc.border);
    memcpy((char *)&desc + fields[spec->out], &output->view, sizeof output->view);
    return clf_plan_gradient(fixture->context, &desc, plan, error);
}

/* Derivatives of a subtraction (else: two operations a tap, axis by axis), a scale each; squares, sum and root. */
static double flops(const test_case *test) {
    const gradient_spec *spec = test->spec;
    double derive = spec->op == CLF_GRADIENT_CENTRAL ? 2 : spec->op == CLF_GRADIENT_SOBEL ? 10 : 12;
    return (double)spec_count(&test->output) * spec->axes / 2 * (2 * derive + 5);
}

const test_operation gradient_operation = {"gradient",
                                           solvers,
                                           parse,
                                           fill,
                                           reference,
                                           plan_case,
                                           case_judge,
                                           case_bytes,
                                           flops,
                                           gradient_systematic_lines,
                                           gradient_small_lines,
                                           gradient_random_line};
