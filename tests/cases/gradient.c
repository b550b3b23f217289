/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Derivative magnitude along the last two axes:
 *
 *   gradient f32 2x3x28x28 op=sobel border=reflect,periodic cval=1 scale=0.5 eps=1e-6, and the words every line shares
 */
#include "gradient.h"

#include "number.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const solvers[] = {"gradient.fused", NULL};
static const char *const operator_names[] = {"central", "sobel", NULL};

static void parse(case_line *line, test_case *test) {
    gradient_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, "the test has no memory");
        return;
    }
    case_parse_common(line, test);
    if (test->input[0].rank < 2) {
        line_fail(line, "a gradient wants a shape of at least two axes");
    }
    clf_dtype dtype = test->input[0].dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    if (test->output.dtype != dtype && test->output.dtype != test->input[0].dtype) {
        line_fail(line, "the magnitude of %s is %s", dtype_names[test->input[0].dtype], dtype_names[dtype]);
    }
    test->output.dtype = dtype;
    test->axes = 2;
    spec->op = (clf_gradient_operator)line_choice(line, "op", operator_names, CLF_GRADIENT_CENTRAL);
    case_parse_borders(line, spec->border, 2);
    spec->cval = line_real(line, "cval", 0);
    spec->scale = line_real(line, "scale", 0);
    spec->eps = line_real(line, "eps", 0);
}

void gradient_window(const test_case *test, reference_window *window) {
    const gradient_spec *spec = test->spec;
    const tensor_spec *src = &test->input[0];
    *window =
        (reference_window){.planes = 1, .extent = {1}, .cval = src->dtype == CLF_F64 ? spec->cval : (float)spec->cval};
    window->border[0] = CLF_BORDER_REPLICATE;
    reference_borders(spec->border, 2, window->border + 1);
    for (int axis = 0; axis < src->rank; axis++) {
        if (axis < src->rank - 2) {
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

/*
 * Each derivative is within the convolution's bound b, and the magnitude moves by no more than sqrt(2) b with them; the
 * squares, their sum and the root add a few roundings of the result, and squares too small for the type are lost.
 * Where everything up to the root is exact, what is left is the root's own error: OpenCL allows 3 ulp in single
 * precision and none in double.
 */
static void reference(const test_case *test) {
    const gradient_spec *spec = test->spec;
    reference_window window;
    gradient_window(test, &window);
    double scale = spec->scale == 0 ? 1 : spec->scale;
    bool sobel = spec->op == CLF_GRADIENT_SOBEL;
    reference_gradient_desc desc = {.sobel = sobel, .scale = scale, .eps = spec->eps};
    reference_gradient(&window, &desc, test->values[0], test->expected);

    bool wide = test->input[0].dtype == CLF_F64;
    double epsilon = number_epsilon(test->input[0].dtype);
    double greatest = reference_greatest(test->values[0], spec_count(&test->input[0]));
    greatest = isfinite(window.cval) ? fmax(greatest, fabs(window.cval)) : greatest;
    double taps = sobel ? 6 : 2, weight = sobel ? 8 : 2;
    double bound =
        sqrt(2) * 2 * taps * epsilon * weight * fabs(scale) * greatest + 2 * sqrt(wide ? DBL_MIN : (double)FLT_MIN);
    bool whole = test->data == DATA_INTEGER && window.cval == floor(window.cval) && fabs(window.cval) <= 256 &&
                 scale == 1 && spec->eps == floor(spec->eps) && spec->eps <= 256;
    for (int64_t i = 0; i < spec_count(&test->output); i++) {
        double size = isfinite(test->expected[i]) ? test->expected[i] : 0;
        test->tolerance[i] = whole ? (wide ? 0 : 3 * epsilon * size) : bound + 4 * epsilon * size;
    }
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const gradient_spec *spec = test->spec;
    clf_gradient_desc desc = {.src = inputs[0].view,
                              .dst = output->view,
                              .op = spec->op,
                              .cval = spec->cval,
                              .scale = spec->scale,
                              .eps = spec->eps,
                              .options = {.solver = solver}};
    memcpy(desc.border, spec->border, sizeof desc.border);
    return clf_plan_gradient(fixture->context, &desc, plan, error);
}

static double bytes(const test_case *test) {
    return (double)spec_count(&test->output) * (double)clf_dtype_bytes(test->output.dtype) +
           (double)spec_count(&test->input[0]) * (double)clf_dtype_bytes(test->input[0].dtype);
}

/* Two derivatives of a subtraction (Sobel: and eight operations of smoothing) and a scale each, squares, sum and root. */
static double flops(const test_case *test) {
    const gradient_spec *spec = test->spec;
    return (double)spec_count(&test->output) * (spec->op == CLF_GRADIENT_SOBEL ? 25 : 9);
}

const test_operation gradient_operation = {"gradient",
                                           solvers,
                                           parse,
                                           fill,
                                           reference,
                                           plan_case,
                                           case_judge,
                                           bytes,
                                           flops,
                                           gradient_systematic_lines,
                                           gradient_small_lines,
                                           gradient_random_line};
