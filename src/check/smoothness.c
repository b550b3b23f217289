/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The edge-aware smoothness loss; the shape is the image's:
 *
 *   smoothness f32 2x3x28x28 norm=mean-abs reduction=sum order=2 weight=0.5 with=grad_image image=u8 image_layout=crop
 *
 * and the words every line shares. with= is one output, or all three: one pass for both gradients and the loss, one
 * behind the other in that order.
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
static const char *const norms[] = {CLF_SMOOTHNESS_NORM_TABLE(CLF_NAME_OF) NULL};
static const char *const reductions[] = {CLF_SMOOTHNESS_REDUCTION_TABLE(CLF_NAME_OF) NULL};
enum { OUT_LOSS, OUT_GRAD_DISPARITY, OUT_GRAD_IMAGE, OUT_ALL, OUTS };
static const char *const outputs[] = {"loss", "grad_disparity", "grad_image", "loss,grad_disparity,grad_image"};

typedef struct smoothness_spec {
    smoothness_formula formula;
    int out;
} smoothness_spec;

/* ---- the formula ---- */

/* An edge: pixel (n, i, j) and those `order` further along an axis, as elements of disparity and of channel 0. */
typedef struct edge {
    int64_t first, step;          /* disparity */
    int64_t image, far, channels; /* image: first element, offset of the last, stride of channels */
    double factor;                /* of its term in the loss */
} edge;

static double axis_factor(const smoothness_formula *formula, int axis) {
    const int64_t *shape = formula->shape;
    double n = (double)shape[0], h = (double)shape[2], w = (double)shape[3], o = formula->order;
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

static double disparity_difference(const smoothness_formula *formula, const edge *e, const double *d) {
    const double *p = d + e->first;
    return formula->order == 1 ? p[e->step] - p[0] : p[2 * e->step] - 2 * p[e->step] + p[0];
}

static double image_difference(const edge *e, const double *image, int64_t channel) {
    const double *p = image + e->image + channel * e->channels;
    return p[e->far] - p[0];
}

static double image_norm(const smoothness_formula *formula, const edge *e, const double *image) {
    double sum = 0;
    for (int64_t c = 0; c < formula->shape[1]; c++) {
        double difference = image_difference(e, image, c);
        sum += formula->norm == CLF_SMOOTHNESS_L2 ? difference * difference : fabs(difference);
    }
    return formula->norm == CLF_SMOOTHNESS_L2 ? sqrt(sum) : sum / (double)formula->shape[1];
}

static double edge_term(const smoothness_formula *formula, const edge *e, const double *d, const double *image) {
    double weight = formula->weight == 0 ? 1 : exp(-formula->weight * image_norm(formula, e, image));
    return fabs(disparity_difference(formula, e, d)) * weight;
}

double smoothness_loss(const smoothness_formula *formula, const double *disparity, const double *image, double *map) {
    double sum = 0;
    int64_t at[3];
    edge e;
    for (at[0] = 0; at[0] < formula->shape[0]; at[0]++) {
        for (at[1] = 0; at[1] < formula->shape[2]; at[1]++) {
            for (at[2] = 0; at[2] < formula->shape[3]; at[2]++) {
                double here = 0;
                for (int axis = 2; axis <= 3; axis++) {
                    here += find_edge(formula, at, axis, &e) ? e.factor * edge_term(formula, &e, disparity, image) : 0;
                }
                sum += here;
                if (map != NULL) {
                    *map++ = here;
                }
            }
        }
    }
    return sum;
}

static double sign_of(double x) {
    return isnan(x) ? x : (double)((x > 0) - (x < 0));
}

static void edge_gradients(const smoothness_formula *formula, const edge *e, const double *d, const double *image,
                           double handed, double *grad_d, double *grad_image) {
    double norm = image_norm(formula, e, image), weight = formula->weight == 0 ? 1 : exp(-formula->weight * norm);
    double difference = disparity_difference(formula, e, d), slope = handed * e->factor * sign_of(difference) * weight;
    grad_d[e->first] += formula->order == 1 ? -slope : slope;
    grad_d[e->first + e->step] += formula->order == 1 ? slope : -2 * slope;
    if (formula->order == 2) {
        grad_d[e->first + 2 * e->step] += slope;
    }
    double back = -formula->weight * handed * e->factor * fabs(difference) * weight;
    for (int64_t c = 0; c < formula->shape[1] && norm != 0; c++) {
        double step = image_difference(e, image, c);
        double part = formula->norm == CLF_SMOOTHNESS_L2 ? step / norm : sign_of(step) / (double)formula->shape[1];
        grad_image[e->image + c * e->channels] -= back * part;
        grad_image[e->image + c * e->channels + e->far] += back * part;
    }
}

void smoothness_gradients(const smoothness_formula *formula, const double *disparity, const double *image,
                          const double *handed, double *grad_disparity, double *grad_image) {
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

/* Relative 1e-5 in f32 and 1e-12 in f64, to the largest of `count` elements from `first` on. */
static void set_tolerance(const test_case *test, int64_t first, int64_t count) {
    double relative = test->output.dtype == CLF_F64 ? 1e-12 : 1e-5;
    double greatest = reference_greatest(test->expected + first, count);
    for (int64_t i = first; i < first + count; i++) {
        test->tolerance[i] = relative * greatest + (relative < 1e-9 ? DBL_MIN : (double)FLT_MIN);
    }
}

static void reference(const test_case *test) {
    const smoothness_spec *spec = test->spec;
    int64_t pixels = spec_count(&test->input[0]), elements = spec_count(&test->input[1]);
    bool map = spec->formula.reduction == CLF_SMOOTHNESS_NONE, all = spec->out == OUT_ALL;
    double *other = calloc((size_t)(pixels + elements), sizeof *other);
    if (other == NULL) {
        return;
    }
    double *loss = all ? test->expected + pixels + elements : test->expected;
    if (spec->out == OUT_LOSS || all) {
        double sum = smoothness_loss(&spec->formula, test->values[0], test->values[1], map ? loss : NULL);
        *loss = map ? *loss : sum;
    }
    if (spec->out != OUT_LOSS) {
        smoothness_gradients(&spec->formula, test->values[0], test->values[1], NULL,
                             spec->out == OUT_GRAD_IMAGE ? other : test->expected,
                             all                           ? test->expected + pixels
                             : spec->out == OUT_GRAD_IMAGE ? test->expected
                                                           : other);
    }
    free(other);
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

static void add_outputs(line_batch *batch, const char *rest) {
    for (int out = 0; out < OUTS; out++) {
        batch_add(batch, "smoothness %s with=%s", rest, outputs[out]);
    }
}

static void systematic(line_batch *batch) {
    char rest[160];
    for (int order = 1; order <= 2; order++) {
        for (int norm = 0; norm < 2; norm++) {
            for (int reduction = 0; reduction < 4; reduction++) {
                (void)snprintf(rest, sizeof rest, "f32 2x3x9x37 order=%d norm=%s reduction=%s", order, norms[norm],
                               reductions[reduction]);
                add_outputs(batch, rest);
            }
            (void)snprintf(rest, sizeof rest, "f64 2x2x7x21 order=%d norm=%s weight=2.5", order, norms[norm]);
            add_outputs(batch, rest);
        }
        static const int extents[][2] = {{1, 1}, {1, 17}, {17, 1}, {2, 2}, {3, 2}, {2, 33}, {5, 16}, {4, 18}, {33, 64}};
        for (size_t i = 0; i < sizeof extents / sizeof *extents; i++) {
            (void)snprintf(rest, sizeof rest, "f32 2x3x%dx%d order=%d reduction=%s", extents[i][0], extents[i][1],
                           order, reductions[i % 4]);
            add_outputs(batch, rest);
        }
        (void)snprintf(rest, sizeof rest, "f32 2x3x9x37 order=%d data=integer", order);
        add_outputs(batch, rest);
    }
    add_outputs(batch, "f32 1x3x16x40 image=u8 weight=0.02 reduction=sum");
    add_outputs(batch, "f32 1x1x16x40 image=f16 reduction=sum");
    add_outputs(batch, "f16 1x2x16x40 reduction=sum");
    add_outputs(batch, "f32 1x3x16x40 weight=0");
    add_outputs(batch, "f32 1x3x16x40 weight=30 order=2 reduction=per-axis-mean");
    add_outputs(batch, "f32 2x3x9x19 src_layout=mixed image_layout=interleaved dst_layout=permuted reduction=none");
    add_outputs(batch, "f32 2x3x9x19 src_layout=crop image_layout=crop dst_layout=offset reduction=none");
    batch_add(batch, "smoothness f32 1x3x14x45 reduction=none data=special");
    batch_add(batch, "smoothness f32 4x3x300x300");
}

static void small(line_batch *batch) {
    for (int order = 1; order <= 2; order++) {
        char rest[160];
        (void)snprintf(rest, sizeof rest, "f32 2x2x5x19 order=%d norm=%s", order, norms[order - 1]);
        add_outputs(batch, rest);
        (void)snprintf(rest, sizeof rest, "f64 1x2x4x9 order=%d reduction=none src_layout=mixed", order);
        add_outputs(batch, rest);
    }
}

static void random_line(line_batch *batch, random_state *random) {
    line_draft draft = {.length = 0};
    draft_add(&draft, "smoothness f32 %d", (int)random_integer(random, 1, 3));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 4));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 30));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 60));
    draft_add(&draft, " order=%d", (int)random_integer(random, 1, 2));
    draft_add(&draft, " norm=%s", norms[random_integer(random, 0, 1)]);
    draft_add(&draft, " reduction=%s", reductions[random_integer(random, 0, 3)]);
    draft_add(&draft, " with=%s", outputs[random_integer(random, 0, OUTS - 1)]);
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}

const test_operation smoothness_operation = {"smoothness", solvers,    parse, fill,       reference, plan_case,
                                             case_judge,   case_bytes, flops, systematic, small,     random_line};
