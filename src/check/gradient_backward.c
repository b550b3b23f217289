/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The backward of one output of derivatives, its gradient drawn at random; words as in gradient.c:
 *
 *   gradient_backward f32 2x3x28x28 op=sobel of=grad_dst border=reflect,periodic
 */
#include "check/gradient.h"

#include "check/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const solvers[] = {"gradient_backward.passes", NULL};
enum { OUT_MAGNITUDE, OUT_DX, OUT_DY, OUT_DZ, OUT_SQUARED, OUT_L1, OUT_ORIENTATION };
static const char *const outputs[] = {"grad_dst",     "grad_dx", "grad_dy",         "grad_dz",
                                      "grad_squared", "grad_l1", "grad_orientation"};
static const size_t fields[] = {
    offsetof(clf_gradient_backward_desc, grad_dst),        offsetof(clf_gradient_backward_desc, grad_dx),
    offsetof(clf_gradient_backward_desc, grad_dy),         offsetof(clf_gradient_backward_desc, grad_dz),
    offsetof(clf_gradient_backward_desc, grad_squared),    offsetof(clf_gradient_backward_desc, grad_l1),
    offsetof(clf_gradient_backward_desc, grad_orientation)};

static void parse(case_line *line, test_case *test) {
    gradient_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    clf_gradient_words words = {.cval = 0};
    gradient_parse_common(line, test);
    case_read_keys(line, test, &clf_gradient_backward_line, &words);
    gradient_take_words(line, test, &words, spec);
    test->inputs = 2;
    test->input[1] = test->output;
    test->output.layout = test->input[1].layout = LAYOUT_DENSE;
    test->output.layout = (test_layout)line_choice(line, "grad_layout", layout_names, LAYOUT_DENSE);
    if (test->output.dtype == CLF_F16) {
        test->output.dtype = test->input[1].dtype = CLF_F32;
    }
}

static void fill(test_case *test) {
    case_fill_input(test, 0, test->data, 16);
    case_fill_input(test, 1, test->data, 16);
}

static double sign_of(double x) {
    return (double)((x > 0) - (x < 0));
}

/* What the gradient u of an output is to the derivatives d, `eps` being as they are scaled. */
static void hand_back(const gradient_spec *spec, double eps, const double d[3], double u, double back[3]) {
    double plain = d[0] * d[0] + d[1] * d[1] + d[2] * d[2], size = sqrt(plain + eps);
    for (int axis = 0; axis < 3; axis++) {
        switch (spec->out) {
        case OUT_SQUARED: back[axis] = 2 * u * d[axis]; break;
        case OUT_L1: back[axis] = u * sign_of(d[axis]); break;
        case OUT_MAGNITUDE: back[axis] = size == 0 ? 0 : u * d[axis] / size; break;
        default: back[axis] = 0;
        }
    }
    if (spec->out == OUT_ORIENTATION && plain != 0) {
        back[1] = u * d[2] / plain;
        back[2] = -u * d[1] / plain;
    }
    if (spec->out == OUT_DX || spec->out == OUT_DY || spec->out == OUT_DZ) {
        back[spec->out == OUT_DX ? 2 : spec->out == OUT_DY ? 1 : 0] = u;
    }
}

/* What of the input's magnitude is in the result: it grows as its square's derivative, and the angle's shrinks. */
static int magnitude_of(const test_case *test) {
    const gradient_spec *spec = test->spec;
    return spec->out == OUT_SQUARED ? test->magnitude : spec->out == OUT_ORIENTATION ? -test->magnitude : 0;
}

/* The greatest field, and the least vector of derivatives, of all elements. */
typedef struct field_range {
    double greatest, least;
} field_range;

/*
 * The expected output in units of its magnitude: derivatives are formed of the input as it is before its magnitude=,
 * since double has no more range than what is tested.
 */
static field_range make_expected(const test_case *test, const reference_window *window, const derivative_taps *taps) {
    const gradient_spec *spec = test->spec;
    double scale = spec->scale == 0 ? 1 : spec->scale, eps = ldexp(spec->eps, -2 * test->magnitude);
    field_range range = {0, INFINITY};
    int64_t size = window->extent[0] * window->extent[1] * window->extent[2], at[3];
    memset(test->expected, 0, (size_t)spec_count(&test->output) * sizeof *test->expected);
    for (int64_t i = 0; i < window->planes * size; i++) {
        double d[3], back[3], plain = 0;
        int64_t plane = i / size * size;
        at[0] = i % size / (window->extent[1] * window->extent[2]);
        at[1] = i / window->extent[2] % window->extent[1];
        at[2] = i % window->extent[2];
        derivative_at(window, spec->axes, taps, test->values[0] + plane, at, d);
        for (int axis = 0; axis < 3; axis++) {
            d[axis] *= scale;
            plain += d[axis] * d[axis];
        }
        range.least = plain > 0 ? fmin(range.least, sqrt(plain + (spec->out == OUT_MAGNITUDE ? eps : 0))) : range.least;
        hand_back(spec, eps, d, test->values[1][i], back);
        for (int axis = 0; axis < 3; axis++) {
            range.greatest = fmax(range.greatest, fabs(back[axis]));
            back[axis] *= scale;
        }
        derivative_back(window, spec->axes, taps, at, back, test->expected + plane);
    }
    return range;
}

/*
 * The fields are within the bound of derivatives times what multiplies them; the adjoint's sums are bounded as a
 * convolution's. The magnitude and the orientation divide by small numbers: their bound follows from the least of them.
 * Derivatives of three taps lose nothing below the type's least number, a Gaussian's a rounding a tap.
 */
static void reference(const test_case *test) {
    const gradient_spec *spec = test->spec;
    reference_window window;
    gradient_window(test, &window);
    derivative_taps taps;
    derivative_make_taps(spec->op, spec->sigma, 1, &taps);
    gradient_magnify(test, -test->magnitude);
    window.cval = ldexp(window.cval, -test->magnitude);
    field_range range = make_expected(test, &window, &taps);
    double input = reference_greatest(test->values[0], spec_count(&test->input[0]));
    gradient_magnify(test, test->magnitude);
    double scale = fabs(spec->scale == 0 ? 1 : spec->scale);
    double epsilon = number_epsilon(test->output.dtype), weight = derivative_weight(&taps, spec->axes);
    double taps_count = derivative_tap_count(&taps, spec->axes), tiny = number_tiny(test->output.dtype);
    input = fmax(input, fabs(window.cval));
    double lost = spec->op == CLF_GRADIENT_GAUSSIAN ? ldexp(taps_count * tiny, -test->magnitude) : 0;
    double derivative_error = scale * (2 * taps_count * epsilon * weight * input + lost);
    double handed = reference_greatest(test->values[1], spec_count(&test->input[1]));
    double field = 4 * epsilon * range.greatest;
    if (spec->out == OUT_SQUARED) {
        field += 2 * handed * derivative_error;
    } else if (spec->out == OUT_MAGNITUDE) {
        field += 2 * handed * derivative_error / range.least;
    } else if (spec->out == OUT_ORIENTATION) {
        field += 4 * handed * derivative_error / (range.least * range.least);
    }
    /* Borders fold at most 2 windows of an axis onto an element. */
    double folds = pow(3, spec->axes);
    double bound = folds * weight * scale * (field + 2 * taps_count * epsilon * range.greatest);
    for (int64_t j = 0; j < spec_count(&test->output); j++) {
        test->expected[j] = ldexp(test->expected[j], magnitude_of(test));
        test->tolerance[j] = ldexp(bound * spec->axes, magnitude_of(test)) + folds * taps_count * tiny;
    }
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const gradient_spec *spec = test->spec;
    clf_gradient_backward_desc desc = {.grad_src = output->view,
                                       .src = inputs[0].view,
                                       .op = spec->op,
                                       .sigma = spec->sigma,
                                       .axes = spec->axes,
                                       .cval = spec->cval,
                                       .scale = spec->scale,
                                       .eps = spec->eps,
                                       .options = {.solver = solver}};
    memcpy(desc.border, spec->border, sizeof desc.border);
    memcpy((char *)&desc + fields[spec->out], &inputs[1].view, sizeof desc.src);
    return clf_plan_gradient_backward(fixture->context, &desc, plan, error);
}

static double bytes(const test_case *test) {
    return (double)spec_count(&test->output) * 2 * (double)clf_dtype_bytes(test->output.dtype);
}

static double flops(const test_case *test) {
    const gradient_spec *spec = test->spec;
    return (double)spec_count(&test->output) * (6 * spec->axes * spec->axes + 12);
}

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};
enum { BORDERS = 5 };

/*
 * Derivatives whose squares vanish or overflow, or that do themselves where what they hand back does not: the angle's
 * gradients are as great as derivatives are small, so these are no smaller than 2^-100; those of squares are scaled.
 */
static void add_magnitudes(line_batch *batch) {
    static const int narrow[] = {-140, -100, 100, 126}, wide[] = {-1060, -800, 800, 1022};
    for (int i = 0; i < 4; i++) {
        const char *border = borders[i];
        int angle = narrow[i] < -100 ? -110 : narrow[i];
        batch_add(batch, "gradient_backward f32 2x6x21 op=sobel of=grad_squared border=%s scale=0.0625 magnitude=%d",
                  border, narrow[i]);
        batch_add(batch, "gradient_backward f32 2x6x21 of=grad_l1 border=%s scale=0.25 magnitude=%d", border,
                  narrow[i]);
        batch_add(batch, "gradient_backward f32 2x6x21 op=sobel of=grad_l1 border=%s magnitude=%d", border, narrow[i]);
        batch_add(batch, "gradient_backward f32 2x6x21 op=sobel of=grad_orientation border=%s magnitude=%d", border,
                  angle);
        batch_add(batch, "gradient_backward f32 2x6x21 op=sobel of=grad_dst border=%s magnitude=%d", border, narrow[i]);
        batch_add(batch, "gradient_backward f32 2x6x21 of=grad_dst border=%s scale=0.25 magnitude=%d", border,
                  narrow[i]);
        batch_add(batch, "gradient_backward f64 2x6x21 op=scharr of=grad_dst border=%s magnitude=%d", border, wide[i]);
        batch_add(batch, "gradient_backward f64 3x4x15 op=sobel axes=3 of=grad_dst border=%s magnitude=%d", border,
                  wide[i]);
        batch_add(batch, "gradient_backward f64 2x6x21 of=grad_squared scale=-0.01 magnitude=%d", wide[i]);
        batch_add(batch, "gradient_backward f64 12x21 op=gaussian:1 of=grad_dst border=%s magnitude=%d", border,
                  i < 2 ? -1000 : wide[i]);
    }
    batch_add(batch, "gradient_backward f32 9x35 of=grad_dst eps=1e-60 magnitude=-100");
    batch_add(batch, "gradient_backward f32 9x35 of=grad_dst eps=1e60 magnitude=100");
    batch_add(batch, "gradient_backward u8 9x35 op=sobel of=grad_dst border=constant cval=1e38");
    batch_add(batch, "gradient_backward f32 12x21 op=gaussian:4 of=grad_dx scale=1e38");
    batch_add(batch, "gradient_backward f32 12x21 op=gaussian:4 of=grad_dy scale=1e-38");
}

static void systematic(line_batch *batch) {
    static const char *const kinds[] = {"central", "sobel", "forward", "backward"};
    for (int border = 0; border < BORDERS; border++) {
        const char *other = borders[(border + 1) % BORDERS];
        for (int i = 0; i < 4; i++) {
            batch_add(batch, "gradient_backward f32 2x9x37 op=%s of=grad_dx border=%s,%s", kinds[i], borders[border],
                      other);
            batch_add(batch, "gradient_backward f32 2x9x37 op=%s of=grad_dy border=%s", kinds[i], borders[border]);
            batch_add(batch, "gradient_backward f32 2x9x37 op=%s of=grad_squared border=%s cval=0.5", kinds[i],
                      borders[border]);
            batch_add(batch, "gradient_backward f64 7x19 op=%s of=grad_dst border=%s eps=1e-3", kinds[i],
                      borders[border]);
        }
        for (int out = OUT_SQUARED; out <= OUT_ORIENTATION; out++) {
            batch_add(batch, "gradient_backward f64 2x6x21 op=sobel of=%s border=%s,%s", outputs[out], borders[border],
                      other);
        }
        batch_add(batch, "gradient_backward f64 6x21 of=grad_dst border=%s", borders[border]);
        batch_add(batch, "gradient_backward f32 12x21 op=gaussian:1 of=grad_dx border=%s", borders[border]);
        batch_add(batch, "gradient_backward f32 3x2 op=gaussian:1 of=grad_dy border=%s", borders[border]);
        batch_add(batch, "gradient_backward f64 2x4x5x18 op=sobel axes=3 of=grad_dz border=%s", borders[border]);
        batch_add(batch, "gradient_backward f64 2x4x5x18 op=sobel axes=3 of=grad_dst border=%s,%s,default",
                  borders[border], other);
        batch_add(batch, "gradient_backward f32 2x5x1 of=grad_dx border=%s", borders[border]);
        batch_add(batch, "gradient_backward f32 2x1x5 op=sobel of=grad_dy border=%s", borders[border]);
    }
    /* dx and dy of so many planes that they are stored past the cache on the way, two planes at a time */
    batch_add(batch, "gradient_backward f64 2800x28x28 of=grad_dst class=cpu");
    batch_add(batch, "gradient_backward f64 9x35 of=grad_dst data=integer");
    add_magnitudes(batch);
    batch_add(batch, "gradient_backward u8 9x35 op=sobel of=grad_squared scale=0.01");
    batch_add(batch,
              "gradient_backward f32 3x9x35 op=sobel of=grad_l1 src_layout=mixed dst_layout=crop grad_layout=permuted");
}

static void small(line_batch *batch) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "gradient_backward f32 5x19 op=sobel of=grad_squared border=%s", borders[border]);
        batch_add(batch, "gradient_backward f32 3x4x5 op=sobel axes=3 of=grad_dx border=%s", borders[border]);
    }
    batch_add(batch, "gradient_backward f32 5x19 op=sobel of=grad_dst magnitude=-100");
    batch_add(batch, "gradient_backward f32 5x19 op=sobel of=grad_dst magnitude=127");
}

static void random_line(line_batch *batch, random_state *random) {
    line_draft draft = {.length = 0};
    draft_add(&draft, "gradient_backward f64 %d", (int)random_integer(random, 1, 3));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 20));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 50));
    draft_add(&draft, " op=%s", derivative_names[random_integer(random, 0, 5)]);
    draft_add(&draft, " border=%s", borders[random_integer(random, 0, BORDERS - 1)]);
    draft_add(&draft, ",%s", borders[random_integer(random, 0, BORDERS - 1)]);
    draft_add(&draft, " of=%s", outputs[random_integer(random, 0, 2)]);
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}

const test_operation gradient_backward_operation = {
    "gradient_backward", solvers, parse, fill,       reference, plan_case,
    case_judge,          bytes,   flops, systematic, small,     random_line};
