/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of convolutions, of their adjoints and of matching, planned. */
#include "ops/conv/words.h"

#include "base/alloc.h"
#include "base/checked.h"
#include "ops/conv/conv.h"
#include "plan/view.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WEIGHTS = 1 << 24 };

enum { SRC, DST };

/* A line as it is read: the descriptor, and what its weights are. */
typedef struct conv_reading {
    clf_convolve_desc desc;
    clf_view kernel; /* its shape */
    clf_view bias;
    bool biased, on_device, special;
    int terms;       /* of a sum of products; 0: a full kernel */
    double *weights; /* owned: those of the kernel, then the biases */
} conv_reading;

static void check_kernel(clf_line *line, const clf_extents *k) {
    int64_t count = 1;
    for (int i = 0; i < k->rank; i++) {
        int64_t least = k->rank > 2 && i < 2 ? 0 : 1, extent = k->extent[i]; /* a bank may have no channels */
        if (extent < least || !clf_multiply(count, extent > 0 ? extent : 1, &count) || count > MOST_WEIGHTS)
            clf_line_fail(line, "k= has an extent below %lld, or more than %d weights", (long long)least, MOST_WEIGHTS);
    }
    if (k->rank == 0)
        clf_line_fail(line, "k=, the kernel's extents, is missing");
    if (k->rank > 2 + CLF_CONV_AXES)
        clf_line_fail(line, "k= has %d extents; expected at most %d", k->rank, 2 + CLF_CONV_AXES);
}

/* A whole number that a descriptor's field can hold. */
static int narrow(clf_line *line, const char *key, int64_t value) {
    if (value < INT_MIN || value > INT_MAX)
        clf_line_fail(line, "%s=%lld is too large", key, (long long)value);
    return (int)value;
}

static void describe(clf_line *line, const clf_conv_words *words, conv_reading *r) {
    clf_convolve_desc *desc = &r->desc;
    desc->src = clf_words_tensor(words);
    desc->dst.dtype = words->dst;
    desc->axis_count = narrow(line, "axes", words->axes);
    desc->groups = narrow(line, "groups", words->groups);
    desc->cval = words->cval;
    desc->mode = (clf_mode)words->mode;
    for (int i = 0; i < CLF_CONV_AXES && i < words->line.axes; i++) {
        desc->border[i] = words->border[i];
        desc->origin[i] = narrow(line, "origin", words->origin[i]);
        desc->stride[i] = narrow(line, "stride", words->stride[i]);
        desc->dilation[i] = narrow(line, "dilation", words->dilation[i]);
    }
    if (words->slab != 0)
        clf_line_fail(line, "slab= is of a part of a streamed tensor, which no line describes");
    check_kernel(line, &words->k);
    r->on_device = words->kernel == 1;
    r->special = words->taps == CLF_TAPS_SPECIAL;
    r->terms = r->special ? 0 : words->taps;
    r->biased = words->bias != 0;
    if (line->error[0] != '\0')
        return;
    r->kernel = (clf_view){.dtype = desc->src.dtype == CLF_F64 ? CLF_F64 : CLF_F32, .rank = words->k.rank};
    memcpy(r->kernel.shape, words->k.extent, sizeof r->kernel.shape);
    r->bias = (clf_view){.dtype = r->kernel.dtype, .rank = 1, .shape = {r->kernel.shape[0]}};
}

/* The weights that clfilter/line.h states. */
static clf_status make_weights(conv_reading *r, clf_error *error) {
    const clf_view *kernel = &r->kernel;
    int64_t count = clf_view_count(kernel), columns = kernel->shape[kernel->rank - 1], outputs = kernel->shape[0];
    CLF_TRY(clf_allocate(&r->weights, count + outputs, sizeof *r->weights, error));
    for (int64_t i = 0; i < count; i++) {
        int64_t line = i / columns;
        double row = (double)line, column = (double)(i - line * columns), at = (double)i;
        r->weights[i] = r->terms == 0 ? sin(1 + at * at) : 0;
        for (int n = 1; n <= r->terms; n++) /* n changes the period: a phase alone would leave rank 2 */
            r->weights[i] += sin(1 + n * row * row) * sin(2 + n * column * column);
    }
    if (r->special)
        r->weights[0] = NAN;
    for (int64_t o = 0; o < outputs; o++)
        r->weights[count + o] = 1;
    clf_array array = {.data = r->weights, .dtype = CLF_F64, .rank = kernel->rank};
    memcpy(array.shape, kernel->shape, sizeof array.shape);
    r->desc.kernel = array;
    if (r->biased)
        r->desc.bias = (clf_array){.data = r->weights + count, .dtype = CLF_F64, .rank = 1, .shape = {outputs}};
    return CLF_OK;
}

static clf_status give_weights(conv_reading *r, clf_error *error) {
    if (!r->on_device)
        return make_weights(r, error);
    r->desc.kernel_view = r->kernel;
    if (r->biased)
        r->desc.bias_view = r->bias;
    return CLF_OK;
}

/* dst's shape, and the strides of both. */
static clf_status shape_tensors(clf_line *line, const clf_line_table *row, const clf_conv_words *words, conv_reading *r,
                                clf_error *error) {
    clf_convolve_desc *desc = &r->desc;
    clf_words_give_strides(row, line, words, SRC, &desc->src);
    desc->dst.rank = desc->src.rank;
    if (line->error[0] == '\0')
        CLF_TRY(clf_convolve_shape(desc, desc->dst.shape, error));
    clf_words_give_strides(row, line, words, DST, &desc->dst);
    return CLF_OK;
}

typedef clf_status (*conv_call)(clf_context *context, const clf_convolve_desc *desc, clf_plan **plan, clf_error *error);

/* Reads the descriptor and plans with it; weights that are an operand lie in device memory. */
static clf_status plan_row(clf_context *context, clf_line *line, const clf_line_table *row, const clf_conv_words *words,
                           bool operand, conv_call call, const clf_plan_options *options, clf_plan **plan,
                           clf_error *error) {
    conv_reading r = {.desc = {.options = *options}};
    describe(line, words, &r);
    r.on_device = r.on_device || operand;
    clf_status status = line->error[0] != '\0' ? clf_words_end(line, error) /* before memory for it is asked for */
                                               : give_weights(&r, error);
    if (status == CLF_OK)
        status = shape_tensors(line, row, words, &r, error);
    if (status == CLF_OK)
        status = clf_words_end(line, error);
    if (status == CLF_OK)
        status = call(context, &r.desc, plan, error);
    free(r.weights);
    return status;
}

/* From f32 to f16: what an adjoint is planned as where its gradient is the more precise; no descriptor says so. */
static clf_status plan_narrowing(clf_context *context, clf_convolve_desc *desc, bool flipped, clf_plan **plan,
                                 clf_error *error) {
    clf_conv_problem problem;
    double *values = NULL;
    desc->dst.dtype = CLF_F32;
    CLF_TRY(clf_conv_describe("clf_plan_from_line", desc, flipped, &problem, error));
    problem.dst.dtype = CLF_F16;
    CLF_TRY(clf_conv_read_weights("clf_plan_from_line", desc, &problem, &values, error));
    clf_status status = clf_conv_plan(context, desc, &problem, plan, error);
    free(values);
    return status;
}

static clf_status plan_convolve(clf_context *context, const clf_convolve_desc *desc, clf_plan **plan,
                                clf_error *error) {
    clf_convolve_desc copy = *desc;
    if (desc->src.dtype == CLF_F32 && desc->dst.dtype == CLF_F16)
        return plan_narrowing(context, &copy, true, plan, error);
    return clf_plan_convolve(context, desc, plan, error);
}

static clf_status plan_correlate(clf_context *context, const clf_convolve_desc *desc, clf_plan **plan,
                                 clf_error *error) {
    clf_convolve_desc copy = *desc;
    if (desc->src.dtype == CLF_F32 && desc->dst.dtype == CLF_F16)
        return plan_narrowing(context, &copy, false, plan, error);
    return clf_plan_correlate(context, desc, plan, error);
}

static clf_status plan_match(clf_context *context, const clf_convolve_desc *desc, clf_plan **plan, clf_error *error) {
    clf_match_desc match = {.image = desc->src,
                            .pattern = desc->kernel_view,
                            .dst = desc->dst,
                            .score = CLF_MATCH_NORMALISED,
                            .border = {desc->border[0], desc->border[1]},
                            .cval = desc->cval,
                            .mode = desc->mode,
                            .options = desc->options};
    return clf_plan_match(context, &match, plan, error);
}

static clf_status plan_phase(clf_context *context, clf_line *line, void *words, const clf_plan_options *options,
                             clf_plan **plan, clf_error *error) {
    clf_match_desc desc = {.image = clf_words_tensor(words), .score = CLF_MATCH_PHASE, .options = *options};
    clf_dtype real = desc.image.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    int rank = desc.image.rank;
    desc.dst = desc.image;
    desc.dst.dtype = real;
    desc.pattern = (clf_view){.dtype = real, .rank = 2};
    if (rank >= 2)
        memcpy(desc.pattern.shape, desc.image.shape + rank - 2, 2 * sizeof *desc.pattern.shape);
    clf_words_give_strides(&clf_phase_line, line, words, SRC, &desc.image);
    clf_words_give_strides(&clf_phase_line, line, words, DST, &desc.dst);
    CLF_TRY(clf_words_end(line, error));
    return clf_plan_match(context, &desc, plan, error);
}

const clf_operation_row clf_phase_row = {&clf_phase_line, plan_phase};

/* A row, and how it plans; `operand`: the weights are one. */
#define ROW(name, operand, call)                                                                                      \
    static clf_status plan_##name(clf_context *context, clf_line *line, void *words, const clf_plan_options *options, \
                                  clf_plan **plan, clf_error *error) {                                                \
        return plan_row(context, line, &clf_##name##_line, words, operand, call, options, plan, error);               \
    }                                                                                                                 \
    const clf_operation_row clf_##name##_row = {&clf_##name##_line, plan_##name};
ROW(conv, false, plan_convolve)
ROW(corr, false, plan_correlate)
ROW(conv_adjoint, false, clf_plan_convolve_adjoint)
ROW(corr_adjoint, false, clf_plan_correlate_adjoint)
ROW(conv_weights, true, clf_plan_convolve_weights)
ROW(corr_weights, true, clf_plan_correlate_weights)
ROW(normalised, true, plan_match)
