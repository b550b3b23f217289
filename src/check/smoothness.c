/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The edge-aware smoothness loss; the shape is the image's:
 *
 *   smoothness f32 2x3x28x28 norm=mean-abs reduction=sum order=2 weight=0.5 with=grad_image image=u8 image_layout=crop
 *
 * and the words every line shares. magnitude= is the disparity's, image_magnitude= the image's. with= is one output, or
 * all three: one pass for both gradients and the loss, one behind the other in that order.
 */
#include "check/smoothness.h"

#include "check/number.h"
#include "check/reference.h"
#include "ops/smoothness/words.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const solvers[] = {"smoothness.fused", NULL};
enum { OUT_LOSS, OUT_GRAD_DISPARITY, OUT_GRAD_IMAGE, OUT_ALL, OUTS };

typedef struct smoothness_spec {
    smoothness_formula formula;
    int out;
} smoothness_spec;

/* ---- the formula ---- */

/* An edge: pixel (n, i, j) and those `order` further along an axis, as elements of disparity and of channel 0. */
typedef struct edge {
    int64_t first, step;          /* disparity */
    int64_t image, far, channels; /* image: first element, offset of the last, stride of channels */
    long double factor;           /* of its term in the loss */
} edge;

static long double axis_factor(const smoothness_formula *formula, int axis) {
    const int64_t *shape = formula->shape;
    long double n = shape[0], h = shape[2], w = shape[3], o = formula->order;
    switch (formula->reduction) {
    case CLF_SMOOTHNESS_MEAN: return 1 / (n * h * w);
    case CLF_SMOOTHNESS_PER_AXIS_MEAN: return axis == 3 ? 1 / (n * h * (w - o)) : 1 / (n * (h - o) * w);
    default: return 1;
    }
}

/* False if the axis ends before the edge does. */
static bool find_edge(const smoothness_formula *formula, const int64_t at[3], int axis, edge *found) {
    const int64_t *shape = formula->shape;
    int64_t position = axis == 3 ? at[2] : at[1], plane = shape[2] * shape[3];
    if (position + formula->order >= shape[axis]) {
        return false;
    }
    found->step = axis == 3 ? 1 : shape[3];
    found->first = at[0] * plane + at[1] * shape[3] + at[2];
    found->image = at[0] * shape[1] * plane + at[1] * shape[3] + at[2];
    found->far = found->step * formula->order;
    found->channels = plane;
    found->factor = axis_factor(formula, axis);
    return true;
}

static long double disparity_difference(const smoothness_formula *formula, const edge *e, const double *d) {
    const double *p = d + e->first;
    long double here = p[0], next = p[e->step];
    return formula->order == 1 ? next - here : p[2 * e->step] - 2 * next + here;
}

static long double image_difference(const edge *e, const double *image, int64_t channel) {
    const double *p = image + e->image + channel * e->channels;
    return (long double)p[e->far] - p[0];
}

static long double image_norm(const smoothness_formula *formula, const edge *e, const double *image) {
    long double sum = 0;
    for (int64_t c = 0; c < formula->shape[1]; c++) {
        long double difference = image_difference(e, image, c);
        sum += formula->norm == CLF_SMOOTHNESS_L2 ? difference * difference : fabsl(difference);
    }
    return formula->norm == CLF_SMOOTHNESS_L2 ? sqrtl(sum) : sum / formula->shape[1];
}

static long double edge_term(const smoothness_formula *formula, const edge *e, const double *d, const double *image) {
    long double weight = formula->weight == 0 ? 1 : expl(-formula->weight * image_norm(formula, e, image));
    return fabsl(disparity_difference(formula, e, d)) * weight;
}

double smoothness_loss(const smoothness_formula *formula, const double *disparity, const double *image, double *map) {
    long double sum = 0;
    int64_t at[3];
    edge e;
    for (at[0] = 0; at[0] < formula->shape[0]; at[0]++) {
        for (at[1] = 0; at[1] < formula->shape[2]; at[1]++) {
            for (at[2] = 0; at[2] < formula->shape[3]; at[2]++) {
                long double here = 0;
                for (int axis = 2; axis <= 3; axis++) {
                    here += find_edge(formula, at, axis, &e) ? e.factor * edge_term(formula, &e, disparity, image) : 0;
                }
                sum += here;
                if (map != NULL) {
                    *map++ = (double)here;
                }
            }
        }
    }
    return (double)sum;
}

static long double sign_of(long double x) {
    return isnan(x) ? x : (x > 0) - (x < 0);
}

static void edge_gradients(const smoothness_formula *formula, const edge *e, const double *d, const double *image,
                           double handed, long double *grad_d, long double *grad_image) {
    long double norm = image_norm(formula, e, image), weight = formula->weight == 0 ? 1 : expl(-formula->weight * norm);
    long double difference = disparity_difference(formula, e, d);
    long double slope = handed * e->factor * sign_of(difference) * weight;
    grad_d[e->first] += formula->order == 1 ? -slope : slope;
    grad_d[e->first + e->step] += formula->order == 1 ? slope : -2 * slope;
    if (formula->order == 2) {
        grad_d[e->first + 2 * e->step] += slope;
    }
    long double back = -formula->weight * handed * e->factor * fabsl(difference) * weight;
    for (int64_t c = 0; c < formula->shape[1] && norm != 0; c++) {
        long double step = image_difference(e, image, c);
        long double part = formula->norm == CLF_SMOOTHNESS_L2 ? step / norm : sign_of(step) / formula->shape[1];
        grad_image[e->image + c * e->channels] -= back * part;
        grad_image[e->image + c * e->channels + e->far] += back * part;
    }
}

void smoothness_gradients(const smoothness_formula *formula, const double *disparity, const double *image,
                          const double *handed, long double *grad_disparity, long double *grad_image) {
    const int64_t *shape = formula->shape;
    int64_t pixels = shape[0] * shape[2] * shape[3], at[3];
    memset(grad_disparity, 0, (size_t)pixels * sizeof *grad_disparity);
    memset(grad_image, 0, (size_t)(pixels * shape[1]) * sizeof *grad_image);
    edge e;
    for (at[0] = 0; at[0] < shape[0]; at[0]++) {
        for (at[1] = 0; at[1] < shape[2]; at[1]++) {
            for (at[2] = 0; at[2] < shape[3]; at[2]++) {
                for (int axis = 2; axis <= 3; axis++) {
                    if (!find_edge(formula, at, axis, &e)) {
                        continue;
                    }
                    double u = handed == NULL                              ? 1
                               : formula->reduction == CLF_SMOOTHNESS_NONE ? handed[e.first]
                                                                           : handed[0];
                    edge_gradients(formula, &e, disparity, image, u, grad_disparity, grad_image);
                }
            }
        }
    }
}

/* ---- the operation ---- */

/* One output, or all three; bits as in clf_smoothness_words. */
static int find_out(case_line *line, unsigned with) {
    static const unsigned sets[] = {2, 4, 8, 14};
    for (int out = 0; out < OUTS; out++) {
        if (with == sets[out]) {
            return out;
        }
    }
    line_fail(line, "with= is neither one output nor all three");
    return OUT_LOSS;
}

static void parse(case_line *line, test_case *test) {
    smoothness_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    case_parse_common(line, test);
    tensor_spec *disparity = &test->input[0], *image = &test->input[1];
    if (disparity->rank != 4) {
        line_fail(line, "a smoothness loss wants a shape of four axes");
        return;
    }
    *image = *disparity;
    clf_smoothness_words words = {.weight = 0};
    case_read_keys(line, test, &clf_smoothness_line, &words);
    image->dtype = words.image;
    test->second_magnitude = case_parse_magnitude(line, "image_magnitude", image->dtype);
    image->layout = (test_layout)line_choice(line, "image_layout", layout_names, LAYOUT_DENSE);
    test->inputs = 2;
    disparity->shape[1] = 1;
    memcpy(spec->formula.shape, image->shape, sizeof spec->formula.shape);
    spec->formula.norm = (clf_smoothness_norm)words.norm;
    spec->formula.reduction = (clf_smoothness_reduction)words.reduction;
    spec->formula.order = (int)words.order;
    spec->formula.weight = words.weight;
    spec->out = find_out(line, words.with);
    test->output.dtype = disparity->dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    memcpy(test->output.shape, spec->out == OUT_GRAD_IMAGE ? image->shape : disparity->shape, sizeof image->shape);
    if (spec->out == OUT_LOSS && spec->formula.reduction != CLF_SMOOTHNESS_NONE) {
        test->output.rank = 1;
        test->output.shape[0] = 1;
        test->output.layout = LAYOUT_DENSE;
    }
    if (spec->out == OUT_ALL) {
        int64_t losses = spec->formula.reduction == CLF_SMOOTHNESS_NONE ? spec_count(disparity) : 1;
        test->output.rank = 1;
        test->output.shape[0] = spec_count(disparity) + spec_count(image) + losses;
        test->output.layout = LAYOUT_DENSE;
    }
    if (spec->formula.order != 1 && spec->formula.order != 2) {
        line_fail(line, "order must be 1 or 2");
        spec->formula.order = 1;
    }
}

static void fill(test_case *test) {
    case_fill_input(test, 0, test->data, 8);
    case_fill_input(test, 1, test->data, 3);
}

/*
 * Relative 1e-5 in f32 and 1e-12 in f64, to the largest of `count` elements from `first` on, and the roundings of
 * subnormal numbers, a few edges' worth. What the type does not hold is Inf.
 */
static void set_tolerance(const test_case *test, int64_t first, int64_t count) {
    bool wide = test->output.dtype == CLF_F64;
    double relative = wide ? 1e-12 : 1e-5, most = wide ? DBL_MAX : (double)FLT_MAX;
    double greatest = reference_greatest(test->expected + first, count);
    for (int64_t i = first; i < first + count; i++) {
        double magnitude = fabs(test->expected[i]), tolerance = relative * greatest;
        test->tolerance[i] = tolerance + 16 * number_tiny(test->output.dtype);
        if (magnitude > most && magnitude - most > tolerance) {
            test->expected[i] = copysign((double)INFINITY, test->expected[i]);
        } else if (magnitude > most - tolerance) {
            test->tolerance[i] = (double)INFINITY;
        }
    }
}

static void write_gradients(const test_case *test, double *grad_disparity, double *grad_image) {
    const smoothness_spec *spec = test->spec;
    int64_t pixels = spec_count(&test->input[0]), elements = spec_count(&test->input[1]);
    long double *sums = calloc((size_t)(pixels + elements), sizeof *sums);
    if (sums == NULL) {
        return;
    }
    smoothness_gradients(&spec->formula, test->values[0], test->values[1], NULL, sums, sums + pixels);
    for (int64_t i = 0; i < pixels && grad_disparity != NULL; i++) {
        grad_disparity[i] = (double)sums[i];
    }
    for (int64_t i = 0; i < elements && grad_image != NULL; i++) {
        grad_image[i] = (double)sums[pixels + i];
    }
    free(sums);
}

static void reference(const test_case *test) {
    const smoothness_spec *spec = test->spec;
    int64_t pixels = spec_count(&test->input[0]), elements = spec_count(&test->input[1]);
    bool map = spec->formula.reduction == CLF_SMOOTHNESS_NONE, all = spec->out == OUT_ALL;
    double *loss = all ? test->expected + pixels + elements : test->expected;
    if (spec->out == OUT_LOSS || all) {
        double sum = smoothness_loss(&spec->formula, test->values[0], test->values[1], map ? loss : NULL);
        *loss = map ? *loss : sum;
    }
    if (spec->out != OUT_LOSS) {
        write_gradients(test, spec->out == OUT_GRAD_IMAGE ? NULL : test->expected,
                        all                           ? test->expected + pixels
                        : spec->out == OUT_GRAD_IMAGE ? test->expected
                                                      : NULL);
    }
    if (all) {
        set_tolerance(test, 0, pixels);
        set_tolerance(test, pixels, elements);
        set_tolerance(test, pixels + elements, map ? pixels : 1);
    } else {
        set_tolerance(test, 0, spec_count(&test->output));
    }
}

/* The three places inside one output. */
static void place_all(const test_case *test, const clf_view *output, clf_smoothness_desc *desc) {
    clf_view *const places[] = {&desc->grad_disparity, &desc->grad_image, &desc->loss};
    const tensor_spec *shapes[] = {&test->input[0], &test->input[1], &test->input[0]};
    int64_t offset = output->offset;
    for (int i = 0; i < 3; i++) {
        *places[i] = (clf_view){.buffer = output->buffer, .offset = offset, .dtype = output->dtype, .rank = 4};
        memcpy(places[i]->shape, shapes[i]->shape, sizeof places[i]->shape);
        if (i == 2 && desc->reduction != CLF_SMOOTHNESS_NONE) {
            places[i]->rank = 1;
            places[i]->shape[0] = 1;
        }
        offset += spec_count(shapes[i]);
    }
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const smoothness_spec *spec = test->spec;
    clf_smoothness_desc desc = {.disparity = inputs[0].view,
                                .image = inputs[1].view,
                                .norm = spec->formula.norm,
                                .reduction = spec->formula.reduction,
                                .order = spec->formula.order,
                                .edge_weight = spec->formula.weight,
                                .ignore_image = spec->formula.weight == 0,
                                .options = {.solver = solver}};
    clf_view *places[] = {&desc.loss, &desc.grad_disparity, &desc.grad_image};
    if (spec->out == OUT_ALL) {
        place_all(test, &output->view, &desc);
    } else {
        *places[spec->out] = output->view;
    }
    return clf_plan_smoothness(fixture->context, &desc, plan, error);
}

/* Two edges a pixel, for gradients four: a norm over the channels, a root, an exponential. */
static double flops(const test_case *test) {
    const smoothness_spec *spec = test->spec;
    double edges = spec->out == OUT_LOSS ? 2 : 4;
    return edges * (double)spec_count(&test->input[0]) * (25 + 3 * (double)spec->formula.shape[1]);
}

const test_operation smoothness_operation = {"smoothness",
                                             solvers,
                                             parse,
                                             fill,
                                             reference,
                                             plan_case,
                                             case_judge,
                                             case_bytes,
                                             flops,
                                             smoothness_systematic_lines,
                                             smoothness_small_lines,
                                             smoothness_random_line};
