/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structure tensors, and Harris's response of them:
 *
 *   structure f32 2x28x28 sigma=1.5 border=reflect,periodic cval=1 harris=k:0.05   the response; eps:1e-6 is Noble's
 *   structure f32 2x28x28                                                           xx, xy and yy
 *
 * and the words every line shares. The three are one output tensor with an axis more in front.
 */
#include "check/features.h"

#include "check/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const solvers[] = {"structure.passes", NULL};

enum { XX, XY, YY, FIELDS };

/* An axis of three in front of the output's. */
static void triple(case_line *line, tensor_spec *output) {
    if (output->rank == CLF_MAX_RANK || output->layout == LAYOUT_STRIDES) {
        line_fail(line, "a tensor of %d axes, or one with dst_strides=, leaves no room for xx, xy and yy",
                  output->rank);
        return;
    }
    memmove(output->shape + 1, output->shape, (size_t)output->rank * sizeof *output->shape);
    output->shape[0] = FIELDS;
    output->rank++;
}

static void parse(case_line *line, test_case *test) {
    structure_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    clf_gradient_words words = {.cval = 0};
    features_parse(line, test, &clf_structure_line, &words);
    spec->sigma = words.sigma;
    spec->response = words.harris.name >= 0;
    spec->method = words.harris.name == 1 ? CLF_HARRIS_EPS : CLF_HARRIS_K;
    spec->k = words.harris.parameter;
    test->output.dtype = test->input[0].dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    if (!spec->response) {
        triple(line, &test->output);
    }
}

static void fill(test_case *test) {
    case_fill_input(test, 0, test->data, 256);
}

/* dx*dx, dx*dy and dy*dy of a plane, one behind the other, and the greatest finite |dx| or |dy|. */
static double multiply(const reference_window *window, const double *plane, double *product) {
    derivative_taps sobel;
    derivative_make_taps(CLF_GRADIENT_SOBEL, 0, 1, &sobel);
    int64_t size = window->extent[1] * window->extent[2], at[3] = {0}, i = 0;
    double greatest = 0;
    for (at[1] = 0; at[1] < window->extent[1]; at[1]++) {
        for (at[2] = 0; at[2] < window->extent[2]; at[2]++, i++) {
            double d[3];
            derivative_at(window, 2, &sobel, plane, at, d);
            product[XX * size + i] = d[2] * d[2];
            product[XY * size + i] = d[2] * d[1];
            product[YY * size + i] = d[1] * d[1];
            greatest = fmax(greatest, reference_greatest(d, 3));
        }
    }
    return greatest;
}

/*
 * How far the elements of a tensor may be off: derivatives by b, so products by 2*|d|*b + b*b and a rounding, and what
 * the smoothing of such products adds to that.
 */
static double tensor_bound(const test_case *test, const reference_window *window, const derivative_taps *gaussian,
                           double greatest) {
    double epsilon = number_epsilon(test->input[0].dtype);
    double b = features_sobel_bound(features_greatest(test, window), epsilon);
    double product = 2 * greatest * b + b * b + epsilon * greatest * greatest;
    double continued = isfinite(window->cval) ? fmax(greatest * greatest, fabs(window->cval)) : greatest * greatest;
    /* a product and what a tap makes of it, of every tap of two passes, where they are small */
    double lost = 2 * (2 * (2 * gaussian->radius + 1)) * number_tiny(test->input[0].dtype);
    return product + features_smooth_bound(gaussian, epsilon) * (continued + product) +
           ldexp(lost, -2 * test->magnitude);
}

/* Harris's response of elements each off by `bound`, and by how much that moves it. */
static double response_of(const structure_spec *spec, const double v[FIELDS], double eps, double bound, double epsilon,
                          double *tolerance) {
    double determinant = v[XX] * v[YY] - v[XY] * v[XY], trace = v[XX] + v[YY];
    double terms = fabs(v[XX] * v[YY]) + v[XY] * v[XY];
    double off = bound * (fabs(v[XX]) + fabs(v[YY]) + 2 * fabs(v[XY]) + 2 * bound) + 2 * epsilon * terms;
    double off_trace = 2 * bound + epsilon * fabs(trace);
    if (spec->method == CLF_HARRIS_K) {
        double k = spec->k == 0 ? 0.05 : spec->k;
        *tolerance = off +
                     fabs(k) * (2 * fabs(trace) * off_trace + off_trace * off_trace + 4 * epsilon * trace * trace) +
                     2 * epsilon * terms;
        return determinant - k * trace * trace;
    }
    double divisor = trace + eps, response = 2 * determinant / divisor;
    double off_divisor = off_trace + epsilon * fabs(divisor);
    *tolerance =
        fabs(divisor) <= off_divisor
            ? (double)INFINITY
            : (2 * off + fabs(response) * off_divisor) / (fabs(divisor) - off_divisor) + 4 * epsilon * fabs(response);
    return response;
}

/* Answers of one plane, of an input as it is before its magnitude=; `all`: elements of the planes together. */
static void refer_plane(const test_case *test, const reference_window *window, int64_t plane, double *product) {
    const structure_spec *spec = test->spec;
    int64_t size = window->extent[1] * window->extent[2], all = window->planes * size, at[3] = {0};
    int exponent = 2 * test->magnitude, power = exponent * (spec->response && spec->method == CLF_HARRIS_K ? 2 : 1);
    double tiny = spec->response ? 2 * number_tiny(test->output.dtype) : 0;
    double eps = ldexp(spec->k == 0 ? 1e-6 : spec->k, -exponent);
    derivative_taps gaussian;
    derivative_make_taps(CLF_GRADIENT_GAUSSIAN, spec->sigma == 0 ? 1 : spec->sigma, 1, &gaussian);
    double bound = tensor_bound(test, window, &gaussian, multiply(window, test->values[0] + plane * size, product));
    for (int64_t i = 0; i < size; i++) {
        at[1] = i / window->extent[2];
        at[2] = i % window->extent[2];
        double v[FIELDS], *expected = test->expected + plane * size + i;
        double *tolerance = test->tolerance + plane * size + i;
        for (int field = 0; field < FIELDS; field++) {
            v[field] = features_smooth(window, &gaussian, product + field * size, at, NULL);
            if (!spec->response) {
                expected[field * all] = ldexp(v[field], power);
                tolerance[field * all] = ldexp(bound, power);
            }
        }
        if (spec->response) {
            double response = response_of(spec, v, eps, bound, number_epsilon(test->input[0].dtype), tolerance);
            *expected = ldexp(response, power);
            *tolerance = ldexp(*tolerance, power) + tiny;
        }
    }
}

static void reference(const test_case *test) {
    reference_window window;
    gradient_window(test, &window);
    gradient_magnify(test, -test->magnitude);
    double *product = calloc(FIELDS * (size_t)(window.extent[1] * window.extent[2]), sizeof *product);
    for (int64_t plane = 0; plane < window.planes && product != NULL; plane++) {
        refer_plane(test, &window, plane, product);
    }
    if (product == NULL) {
        features_no_answer(test);
    }
    gradient_magnify(test, test->magnitude);
    free(product);
}

/* One of the three in the output tensor. */
static clf_view field_of(const test_tensor *output, int field) {
    clf_view view = output->view;
    view.rank--;
    view.offset += field * output->strides[0];
    memmove(view.shape, view.shape + 1, (size_t)view.rank * sizeof *view.shape);
    memmove(view.strides, view.strides + 1, (size_t)view.rank * sizeof *view.strides);
    view.shape[view.rank] = view.strides[view.rank] = 0;
    return view;
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const structure_spec *spec = test->spec;
    clf_structure_desc desc = {.src = inputs[0].view,
                               .sigma = spec->sigma,
                               .method = spec->method,
                               .k = spec->k,
                               .border = {spec->derived.border[0], spec->derived.border[1]},
                               .cval = spec->derived.cval,
                               .options = {.solver = solver}};
    if (spec->response) {
        desc.response = output->view;
    } else {
        desc.xx = field_of(output, XX);
        desc.xy = field_of(output, XY);
        desc.yy = field_of(output, YY);
    }
    return clf_plan_structure(fixture->context, &desc, plan, error);
}

/* Two derivatives, three products, three smoothings axis by axis, the response. */
static double flops(const test_case *test) {
    const structure_spec *spec = test->spec;
    double taps = 2 * floor(4 * (spec->sigma == 0 ? 1 : spec->sigma) + 0.5) + 1;
    return (double)spec_count(&test->input[0]) * (16 + 3 + 12 * taps + 7 * spec->response);
}

const test_operation structure_operation = {"structure",
                                            solvers,
                                            parse,
                                            fill,
                                            reference,
                                            plan_case,
                                            case_judge,
                                            case_bytes,
                                            flops,
                                            structure_systematic_lines,
                                            structure_small_lines,
                                            structure_random_line};
