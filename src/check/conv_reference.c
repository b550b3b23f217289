/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The references of convolution, its adjoint and its weights' gradient, from one definition: output i reads element p
 * (or the border's constant) by tap k. Forward adds w[k]*x[p] to y[i], the adjoint scatters w[k]*g[i] to x[p], and the
 * weights' gradient adds g[i]*x[p] to w[k].
 */
#include "check/conv.h"

#include "check/number.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void order_axes(const conv_spec *spec, int order[CLF_MAX_RANK]) {
    int rank = spec->src.rank, kept = 0;
    bool filtered[CLF_MAX_RANK] = {false};
    for (int i = 0; i < spec->axes; i++) {
        int axis = spec->chosen[0] != 0 ? spec->chosen[i] + rank : rank - spec->axes + i;
        filtered[axis] = true;
        order[rank - spec->axes + i] = axis;
    }
    for (int axis = 0; axis < rank; axis++) {
        if (!filtered[axis]) {
            order[kept++] = axis;
        }
    }
}

static void form_axis(const conv_spec *spec, conv_form *form, int i, const clf_border *border) {
    int from = i - (3 - spec->axes);
    form->window.extent[i] = 1;
    form->window.border[i] = CLF_BORDER_REPLICATE;
    form->axis[i] = (reference_axis){.taps = 1, .stride = 1, .dilation = 1};
    if (from >= 0) {
        form->window.extent[i] = spec->src.shape[form->order[spec->src.rank - spec->axes + from]];
        form->window.border[i] = border[from];
        form->axis[i] = (reference_axis){.taps = spec->kernel.shape[spec->kernel.rank - spec->axes + from],
                                         .origin = spec->origin[from],
                                         .stride = spec->stride[from] == 0 ? 1 : spec->stride[from],
                                         .dilation = spec->dilation[from] == 0 ? 1 : spec->dilation[from],
                                         .mode = spec->mode,
                                         .flipped = spec->flipped};
    }
    const reference_axis *axis = &form->axis[i];
    form->out[i] = reference_extent(form->window.extent[i], axis->taps, axis->stride, axis->dilation, axis->mode);
}

void conv_form_make(const conv_spec *spec, conv_form *form) {
    clf_border border[CLF_MAX_FILTER_AXES];
    int outer = spec->src.rank - spec->axes;
    bool wide = spec->src.dtype == CLF_F64;
    reference_borders(spec->border, spec->axes, border);
    *form = (conv_form){.items = 1, .groups = 1, .inputs = 1, .outputs = 1};
    order_axes(spec, form->order);
    form->window.cval = wide ? spec->cval : (float)spec->cval;
    for (int i = 0; i < 3; i++) {
        form_axis(spec, form, i, border);
    }
    for (int i = 0; i < outer - spec->bank; i++) {
        form->items *= spec->src.shape[form->order[i]];
    }
    if (spec->bank) {
        form->groups = spec->groups == 0 ? 1 : spec->groups;
        form->inputs = spec->src.shape[form->order[outer - 1]] / form->groups;
        form->outputs = spec->kernel.shape[0] / form->groups;
    }
    form->window.planes = form->items * form->groups * form->inputs;
}

void conv_window(const test_case *test, reference_window *window, reference_axis axis[3]) {
    conv_form form;
    conv_form_make(test->spec, &form);
    *window = form.window;
    memcpy(axis, form.axis, sizeof form.axis);
}

/* Copies a tensor's values between C order and the form's order of axes. */
static void reorder(const tensor_spec *spec, const int *order, const double *from, double *to, bool back) {
    int64_t step[CLF_MAX_RANK], size = 1;
    for (int axis = spec->rank - 1; axis >= 0; axis--) {
        step[axis] = size;
        size *= spec->shape[axis];
    }
    for (int64_t at = 0; at < size; at++) {
        int64_t rest = at, other = 0;
        for (int i = spec->rank - 1; i >= 0; i--) {
            other += rest % spec->shape[order[i]] * step[order[i]];
            rest /= spec->shape[order[i]];
        }
        to[back ? other : at] = from[back ? at : other];
    }
}

/* One sum in the making: of products, of their absolute values (finite ones), how many they are, the greatest |b|. */
typedef struct sum_of_products {
    long double value, absolute;
    double greatest;
    int64_t count;
} sum_of_products;

static inline void add_product(sum_of_products *sum, double a, double b) {
    double product = a * b, size = fabs(product), other = fabs(b);
    sum->value += product;
    sum->absolute += size <= DBL_MAX ? size : 0;
    sum->greatest = other <= DBL_MAX && other > sum->greatest ? other : sum->greatest;
    sum->count++;
}

/* The operands of a visit, in the form's order: what is read of src, dst and the kernel, and what is summed. */
typedef struct conv_visit {
    const conv_form *form;
    conv_role role;
    const double *x, *y, *w;
    sum_of_products *sum;
    int64_t *place[3]; /* [output][tap]: the element along an axis; -1: the constant */
} conv_visit;

static bool visit_begin(conv_visit *visit) {
    const conv_form *form = visit->form;
    for (int a = 0; a < 3; a++) {
        int64_t taps = form->axis[a].taps;
        visit->place[a] = calloc((size_t)(form->out[a] * taps), sizeof(int64_t));
        for (int64_t at = 0; visit->place[a] != NULL && at < form->out[a] * taps; at++) {
            int64_t index = reference_tap_index(&form->axis[a], at / taps, at % taps);
            visit->place[a][at] = reference_extend(index, form->window.extent[a], form->window.border[a]);
        }
    }
    return visit->place[0] != NULL && visit->place[1] != NULL && visit->place[2] != NULL;
}

static void visit_end(conv_visit *visit) {
    for (int a = 0; a < 3; a++) {
        free(visit->place[a]);
    }
}

/* A row of taps of one output: taps k to k + count - 1 read the elements row + place[], -1 the constant. */
typedef struct tap_row {
    int64_t i, k, row, count;
    const int64_t *place;
    bool inside; /* false: all read the constant */
} tap_row;

static void visit_row(const conv_visit *visit, const tap_row *taps) {
    const double cval = visit->form->window.cval, *x = visit->x + taps->row, *w = visit->w + taps->k;
    const double y = visit->role == CONV_FORWARD ? 0 : visit->y[taps->i];
    sum_of_products own = visit->role == CONV_FORWARD ? visit->sum[taps->i] : (sum_of_products){.count = 0};
    for (int64_t k = 0; k < taps->count; k++) {
        int64_t p = taps->inside ? taps->place[k] : -1;
        switch (visit->role) {
        case CONV_FORWARD: add_product(&own, w[k], p < 0 ? cval : x[p]); break;
        case CONV_WEIGHTS: add_product(&visit->sum[taps->k + k], y, p < 0 ? cval : x[p]); break;
        case CONV_ADJOINT:
            if (p >= 0) {
                add_product(&visit->sum[taps->row + p], w[k], y);
            }
            break;
        }
    }
    if (visit->role == CONV_FORWARD) {
        visit->sum[taps->i] = own;
    }
}

/* One output channel against one input channel; x, y and w are where their planes begin. */
static void visit_planes(const conv_visit *visit, int64_t x, int64_t y, int64_t w) {
    const conv_form *form = visit->form;
    const int64_t *out = form->out, *extent = form->window.extent;
    int64_t taps[3] = {form->axis[0].taps, form->axis[1].taps, form->axis[2].taps};
    int64_t outputs = out[0] * out[1] * out[2];
    for (int64_t i = 0; i < outputs; i++) {
        const int64_t *place1 = visit->place[1] + i / out[2] % out[1] * taps[1];
        const int64_t *place0 = visit->place[0] + i / (out[2] * out[1]) * taps[0];
        tap_row row = {.i = y + i, .count = taps[2], .place = visit->place[2] + i % out[2] * taps[2]};
        for (int64_t k = 0; k < taps[0] * taps[1]; k++) {
            int64_t p1 = place1[k % taps[1]], p0 = place0[k / taps[1]];
            row.inside = p0 >= 0 && p1 >= 0;
            row.row = row.inside ? x + (p0 * extent[1] + p1) * extent[2] : 0;
            row.k = w + k * taps[2];
            visit_row(visit, &row);
        }
    }
}

static void visit_all(const conv_visit *visit) {
    const conv_form *form = visit->form;
    int64_t src = form->window.extent[0] * form->window.extent[1] * form->window.extent[2];
    int64_t dst = form->out[0] * form->out[1] * form->out[2];
    int64_t taps = form->axis[0].taps * form->axis[1].taps * form->axis[2].taps;
    for (int64_t item = 0; item < form->items; item++) {
        for (int64_t o = 0; o < form->groups * form->outputs; o++) {
            int64_t first = (item * form->groups + o / form->outputs) * form->inputs;
            for (int64_t c = 0; c < form->inputs; c++) {
                visit_planes(visit, (first + c) * src, (item * form->groups * form->outputs + o) * dst,
                             (o * form->inputs + c) * taps);
            }
        }
    }
}

/* Writes expected values and tolerances from the sums of a visit; all in the form's order. */
typedef void fill_answers(const test_case *test, const conv_visit *visit, double *expected, double *tolerance);

/* Runs a visit over the case's values; the answers of forward and adjoint are put back into C order. */
static void refer(const test_case *test, fill_answers *fill) {
    const conv_spec *spec = test->spec;
    conv_form form;
    conv_form_make(spec, &form);
    bool weights = spec->role == CONV_WEIGHTS, adjoint = spec->role == CONV_ADJOINT;
    size_t src = (size_t)spec_count(&spec->src), dst = (size_t)spec_count(&spec->dst);
    size_t sums = weights ? (size_t)spec_count(&spec->kernel) : adjoint ? src : dst;
    double *x = calloc(src, sizeof *x), *y = calloc(dst, sizeof *y);
    double *answers = calloc(2 * (size_t)spec_count(&test->output), sizeof *answers);
    sum_of_products *sum = calloc(sums, sizeof *sum);
    conv_visit visit = {.form = &form, .role = spec->role, .x = x, .y = y, .w = test->values[1], .sum = sum};
    if (visit_begin(&visit) && x != NULL && y != NULL && answers != NULL && sum != NULL) {
        if (!adjoint) {
            reorder(&spec->src, form.order, test->values[0], x, false);
        }
        if (adjoint || weights) {
            reorder(&spec->dst, form.order, test->values[weights ? 1 : 0], y, false);
        }
        visit_all(&visit);
        double *tolerance = answers + spec_count(&test->output);
        fill(test, &visit, answers, tolerance);
        if (weights) {
            memcpy(test->expected, answers, (size_t)spec_count(&test->output) * sizeof *answers);
            memcpy(test->tolerance, tolerance, (size_t)spec_count(&test->output) * sizeof *answers);
        } else {
            reorder(&test->output, form.order, answers, test->expected, true);
            reorder(&test->output, form.order, tolerance, test->tolerance, true);
        }
    } else {
        /* No memory: an answer that nothing meets. */
        test->expected[0] = -1;
        test->tolerance[0] = -1;
    }
    visit_end(&visit);
    free(x);
    free(y);
    free(answers);
    free(sum);
}

static bool any_constant(const conv_form *form) {
    bool constant = false;
    for (int a = 0; a < 3; a++) {
        constant = constant || form->window.border[a] == CLF_BORDER_CONSTANT;
    }
    return constant && form->axis[2].mode != CLF_MODE_VALID;
}

bool conv_is_whole(const test_case *test) {
    const conv_spec *spec = test->spec;
    return (test->data == DATA_INTEGER || test->data == DATA_STEP) && spec->cval == floor(spec->cval) &&
           fabs(spec->cval) <= 256 && spec->taps != TAPS_SPECIAL;
}

/*
 * The magnitude that an output's bound counts: of its window, if elements are strewn in that are far beyond the rest;
 * which have no effect on the outputs without. Such as are less than 2^16 times the rest are not far, and count for
 * every output; but those of f16, which go no further, are seen all the same.
 */
static double bound_magnitude(const test_case *test, const conv_form *form, double of_window, double greatest) {
    const double rest = fmax(ldexp(1, test->magnitude), any_constant(form) ? fabs(form->window.cval) : 0);
    const bool near = test->bad == BAD_FAR && greatest < ldexp(rest, 16) && test->input[0].dtype != CLF_F16;
    return test->bad == BAD_NONE || near ? greatest : of_window <= rest ? rest : 2 * of_window;
}

/* 2 * K * eps * (sum |w|) * (max |x~|) and the bias, for each output channel its own; 0 if sums are exact. */
static void answer_forward(const test_case *test, const conv_visit *visit, double *expected, double *tolerance) {
    const conv_form *form = visit->form;
    const sum_of_products *sum = visit->sum;
    const conv_spec *spec = test->spec;
    int64_t taps = form->inputs * form->axis[0].taps * form->axis[1].taps * form->axis[2].taps;
    int64_t plane = form->out[0] * form->out[1] * form->out[2], channels = form->groups * form->outputs;
    double epsilon = number_epsilon(test->input[0].dtype);
    double greatest = reference_greatest(test->values[0], spec_count(&test->input[0]));
    if (any_constant(form) && isfinite(form->window.cval)) {
        greatest = fmax(greatest, fabs(form->window.cval));
    }
    for (int64_t i = 0; i < spec_count(&test->output); i++) {
        int64_t output = i / plane % channels;
        double bias = spec->biased ? test->values[2][output] : 0;
        double weight = reference_sum(test->values[1] + output * taps, taps);
        expected[i] = (double)(sum[i].value + bias);
        double own = bound_magnitude(test, form, sum[i].greatest, greatest);
        double bound = 2 * (double)(taps + spec->biased) * epsilon * (weight * own + fabs(bias));
        bound += test->magnitude == 0 ? 0 : (double)taps * number_tiny(test->input[0].dtype);
        tolerance[i] = conv_is_whole(test) ? 0 : bound;
    }
}

void conv_reference(const test_case *test) {
    refer(test, answer_forward);
}

/*
 * 2 * K * eps * (sum |w|) * (max |g|) over the K taps that reach an element; not fewer than one window of the reversed
 * correlation has, which is what the solvers of correlations sum where the border leaves out some.
 */
static void answer_adjoint(const test_case *test, const conv_visit *visit, double *expected, double *tolerance) {
    const conv_form *form = visit->form;
    const sum_of_products *sum = visit->sum;
    int64_t taps = form->axis[0].taps * form->axis[1].taps * form->axis[2].taps, window = form->outputs * taps;
    double epsilon = number_epsilon(test->output.dtype);
    double greatest = reference_greatest(test->values[0], spec_count(&test->input[0])), most = 0;
    for (int64_t group = 0; group < form->groups; group++) {
        for (int64_t c = 0; c < form->inputs; c++) {
            double weight = 0;
            for (int64_t o = group * form->outputs; o < (group + 1) * form->outputs; o++) {
                weight += reference_sum(test->values[1] + (o * form->inputs + c) * taps, taps);
            }
            most = fmax(most, weight);
        }
    }
    for (int64_t i = 0; i < spec_count(&test->output); i++) {
        double count = (double)(sum[i].count > window ? sum[i].count : window);
        double products = fmax((double)sum[i].absolute, most * greatest);
        expected[i] = (double)sum[i].value;
        tolerance[i] = conv_is_whole(test) && sum[i].absolute < 0x1p24 ? 0 : 2 * count * epsilon * products;
    }
}

void conv_adjoint_reference(const test_case *test) {
    refer(test, answer_adjoint);
}

int64_t conv_weight_position(const conv_spec *spec, test_layout memory, int64_t index) {
    const tensor_spec *kernel = &spec->kernel;
    if ((memory != LAYOUT_PERMUTED && memory != LAYOUT_MIXED) || index >= spec_count(kernel)) {
        return index;
    }
    int64_t position = 0, step = spec_count(kernel);
    for (int axis = kernel->rank - 1; axis >= 0; axis--) { /* the last axis outermost */
        step /= kernel->shape[axis];
        position += index % kernel->shape[axis] * step;
        index /= kernel->shape[axis];
    }
    return position;
}

/* (N + 4) * eps * sum |g| |x~|, N the outputs of a row: rows are added with compensation, so that no more counts. */
static void answer_weights(const test_case *test, const conv_visit *visit, double *expected, double *tolerance) {
    const conv_form *form = visit->form;
    const sum_of_products *sum = visit->sum;
    const conv_spec *spec = test->spec;
    int64_t plane = form->out[0] * form->out[1] * form->out[2], channels = form->groups * form->outputs;
    int64_t weights = spec_count(&spec->kernel);
    double factor = (double)(form->out[2] + 4) * number_epsilon(spec->src.dtype);
    for (int64_t k = 0; k < weights + (spec->biased ? channels : 0); k++) {
        sum_of_products total = {0};
        for (int64_t i = 0; i < form->items * plane && k >= weights; i++) {
            add_product(&total, 1, visit->y[(i / plane * channels + k - weights) * plane + i % plane]);
        }
        total = k < weights ? sum[k] : total;
        int64_t at = conv_weight_position(spec, test->output.layout, k);
        expected[at] = (double)total.value;
        tolerance[at] = conv_is_whole(test) && total.absolute < 0x1p24 ? 0 : factor * (double)total.absolute;
    }
}

void conv_weights_reference(const test_case *test) {
    refer(test, answer_weights);
}
