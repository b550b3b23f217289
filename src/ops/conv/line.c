/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of convolutions, of their adjoints and of matching, read (clfilter/line.h has the words). */
#include "ops/line.h"
#include "base/alloc.h"
#include "base/number.h"
#include "ops/border.h"
#include "ops/conv/conv.h"
#include "plan/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KERNEL_RANK = 2 + CLF_CONV_AXES, MOST_WEIGHTS = 1 << 24, SPECIAL = 5 /* behind rank4 */ };

/* A line as it is read: the descriptor, and what its weights are. */
typedef struct conv_words {
    clf_convolve_desc desc;
    clf_view kernel; /* its shape */
    clf_view bias;
    bool biased, on_device, special;
    int terms;       /* of a sum of products; 0: a full kernel */
    double *weights; /* owned: those of the kernel, then the biases */
} conv_words;

static void read_kernel(clf_line *line, conv_words *words) {
    static const char *const places[] = {"host", "view", NULL};
    static const char *const kinds[] = {"full", "rank1", "rank2", "rank3", "rank4", "special", NULL};
    clf_view *kernel = &words->kernel;
    kernel->rank = clf_line_list(line, "k", 'x', kernel->shape, KERNEL_RANK);
    kernel->dtype = words->desc.src.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    int64_t count = 1;
    for (int i = 0; i < kernel->rank; i++)
        if (kernel->shape[i] < 1 || __builtin_mul_overflow(count, kernel->shape[i], &count) || count > MOST_WEIGHTS)
            clf_line_fail(line, "k= has an extent below 1, or more than %d weights", MOST_WEIGHTS);
    if (kernel->rank == 0) {
        clf_line_fail(line, "k=, the kernel's extents, is missing");
        *kernel = (clf_view){.rank = 1, .shape = {1}};
    }
    words->on_device = clf_line_choice(line, "kernel", places, 0) == 1;
    words->terms = clf_line_choice(line, "taps", kinds, 0);
    words->special = words->terms == SPECIAL;
    words->terms = words->special ? 0 : words->terms;
    words->biased = clf_line_integer(line, "bias", 0) != 0;
    words->bias = (clf_view){.dtype = kernel->dtype, .rank = 1, .shape = {kernel->shape[0]}};
}

static void read_words(clf_line *line, conv_words *words) {
    static const char *const modes[] = {"same", "valid", "full", NULL};
    clf_convolve_desc *desc = &words->desc;
    desc->src = clf_line_tensor(line);
    read_kernel(line, words);
    clf_line_ints(line, "axes", 1, &desc->axis_count);
    clf_line_ints(line, "groups", 1, &desc->groups);
    int axes = desc->axis_count > 0 && desc->axis_count <= CLF_CONV_AXES ? desc->axis_count
               : words->kernel.rank > CLF_CONV_AXES                      ? words->kernel.rank - 2
                                                                         : words->kernel.rank;
    clf_line_borders(line, axes, desc->border);
    desc->cval = clf_line_real(line, "cval", 0);
    desc->mode = (clf_mode)clf_line_choice(line, "mode", modes, CLF_MODE_SAME);
    clf_line_ints(line, "origin", axes, desc->origin);
    clf_line_ints(line, "stride", axes, desc->stride);
    clf_line_ints(line, "dilation", axes, desc->dilation);
    desc->dst.dtype = clf_line_dtype(line, "dst", desc->src.dtype);
}

/* The weights that clfilter/line.h states. */
static clf_status make_weights(conv_words *words, clf_error *error) {
    const clf_view *kernel = &words->kernel;
    int64_t count = clf_view_count(kernel), columns = kernel->shape[kernel->rank - 1], outputs = kernel->shape[0];
    CLF_TRY(clf_allocate(&words->weights, count + outputs, sizeof *words->weights, error));
    for (int64_t i = 0; i < count; i++) {
        int64_t line = i / columns;
        double row = (double)line, column = (double)(i - line * columns), at = (double)i;
        words->weights[i] = words->terms == 0 ? sin(1 + at * at) : 0;
        for (int r = 1; r <= words->terms; r++) /* r changes the period: a phase alone would leave rank 2 */
            words->weights[i] += sin(1 + r * row * row) * sin(2 + r * column * column);
    }
    if (words->special)
        words->weights[0] = NAN;
    for (int64_t o = 0; o < outputs; o++)
        words->weights[count + o] = 1;
    clf_array array = {.data = words->weights, .dtype = CLF_F64, .rank = kernel->rank};
    memcpy(array.shape, kernel->shape, sizeof array.shape);
    words->desc.kernel = array;
    if (words->biased)
        words->desc.bias = (clf_array){.data = words->weights + count, .dtype = CLF_F64, .rank = 1, .shape = {outputs}};
    return CLF_OK;
}

static clf_status give_weights(conv_words *words, clf_error *error) {
    if (!words->on_device)
        return make_weights(words, error);
    words->desc.kernel_view = words->kernel;
    if (words->biased)
        words->desc.bias_view = words->bias;
    return CLF_OK;
}

/* dst's shape, and the strides of both. */
static clf_status shape_tensors(clf_line *line, conv_words *words, clf_error *error) {
    clf_convolve_desc *desc = &words->desc;
    clf_line_strides(line, "src_strides", &desc->src);
    desc->dst.rank = desc->src.rank;
    if (line->error[0] == '\0')
        CLF_TRY(clf_convolve_shape(desc, desc->dst.shape, error));
    clf_line_strides(line, "dst_strides", &desc->dst);
    return CLF_OK;
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

static clf_status plan_named(clf_context *context, const char *name, clf_convolve_desc *desc, clf_plan **plan,
                             clf_error *error) {
    static const struct {
        const char *name;
        clf_status (*plan)(clf_context *, const clf_convolve_desc *, clf_plan **, clf_error *);
    } calls[] = {{"conv", clf_plan_convolve},
                 {"corr", clf_plan_correlate},
                 {"conv_adjoint", clf_plan_convolve_adjoint},
                 {"corr_adjoint", clf_plan_correlate_adjoint},
                 {"conv_weights", clf_plan_convolve_weights},
                 {"corr_weights", clf_plan_correlate_weights}};
    int i = 0;
    if (desc->src.dtype == CLF_F32 && desc->dst.dtype == CLF_F16 && strlen(name) == 4)
        return plan_narrowing(context, desc, strcmp(name, "conv") == 0, plan, error);
    while (strcmp(calls[i].name, name) != 0)
        i++;
    return calls[i].plan(context, desc, plan, error);
}

static clf_status plan_normalised(clf_context *context, const conv_words *words, clf_plan **plan, clf_error *error) {
    const clf_convolve_desc *desc = &words->desc;
    clf_match_desc match = {.image = desc->src,
                            .pattern = words->kernel,
                            .dst = desc->dst,
                            .score = CLF_MATCH_NORMALISED,
                            .border = {desc->border[0], desc->border[1]},
                            .cval = desc->cval,
                            .mode = desc->mode,
                            .options = desc->options};
    return clf_plan_match(context, &match, plan, error);
}

static clf_status read_and_plan(clf_context *context, clf_line *line, const char *name, conv_words *words,
                                clf_plan **plan, clf_error *error) {
    bool normalised = strcmp(name, "normalised") == 0;
    read_words(line, words);
    if (line->error[0] != '\0')
        return clf_line_check(line, error); /* before memory for what it says is asked for */
    words->on_device = words->on_device || normalised || strstr(name, "_weights") != NULL;
    CLF_TRY(give_weights(words, error));
    CLF_TRY(shape_tensors(line, words, error));
    CLF_TRY(clf_line_check(line, error));
    return normalised ? plan_normalised(context, words, plan, error)
                      : plan_named(context, name, &words->desc, plan, error);
}

clf_status clf_conv_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                         clf_error *error) {
    conv_words words = {.desc = {.options = *options}};
    const char *name = clf_line_word(line, 0);
    if (strcmp(name, "normalised") == 0) {
        clf_line_drop_first(line);
        if (strcmp(clf_line_word(line, 0), "corr") != 0)
            clf_line_fail(line, "'%s' follows normalised; expected corr", clf_line_word(line, 0));
    }
    clf_status status = read_and_plan(context, line, name, &words, plan, error);
    free(words.weights);
    return status;
}

clf_status clf_phase_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                          clf_error *error) {
    clf_match_desc desc = {.image = clf_line_tensor(line), .score = CLF_MATCH_PHASE, .options = *options};
    clf_dtype real = desc.image.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    int rank = desc.image.rank;
    desc.dst = desc.image;
    desc.dst.dtype = real;
    desc.pattern = (clf_view){.dtype = real, .rank = 2};
    if (rank >= 2)
        memcpy(desc.pattern.shape, desc.image.shape + rank - 2, 2 * sizeof *desc.pattern.shape);
    clf_line_strides(line, "src_strides", &desc.image);
    clf_line_strides(line, "dst_strides", &desc.dst);
    CLF_TRY(clf_line_check(line, error));
    return clf_plan_match(context, &desc, plan, error);
}
