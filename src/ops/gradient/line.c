/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of derivatives, of their backward and of Laplacians, planned. */
#include "ops/gradient/words.h"

#include <string.h>

enum { FIELDS = 7, SRC = 0, DST = 1, GRAD_SRC = 1 + FIELDS };

/* What an output, or an input that is not given, is: src's shape. */
static clf_view like(const clf_view *src, clf_dtype dtype) {
    clf_view view = {.dtype = dtype, .rank = src->rank};
    memcpy(view.shape, src->shape, sizeof view.shape);
    return view;
}

/* Of f64 the arithmetic is f64; an f16 output is one that was asked for. */
static clf_dtype output_dtype(const clf_gradient_words *words) {
    return words->dst != CLF_F32 ? words->dst : words->line.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
}

static void copy_borders(const clf_gradient_words *words, clf_border border[CLF_MAX_FILTER_AXES]) {
    memcpy(border, words->border, CLF_MAX_FILTER_AXES * sizeof *border);
}

static clf_status plan_gradient(clf_context *context, clf_line *line, void *read, const clf_plan_options *options,
                                clf_plan **plan, clf_error *error) {
    const clf_gradient_words *words = read;
    clf_gradient_desc desc = {.src = clf_words_tensor(words),
                              .op = (clf_gradient_operator)words->op.name,
                              .sigma = words->op.parameter,
                              .axes = words->axes == 3 ? 3 : 2,
                              .cval = words->cval,
                              .scale = words->scale,
                              .eps = words->eps,
                              .options = *options};
    clf_view *views[FIELDS] = {&desc.dst, &desc.dx, &desc.dy, &desc.dz, &desc.squared, &desc.l1, &desc.orientation};
    copy_borders(words, desc.border);
    bool first = true;
    for (int i = 0; i < FIELDS; i++) {
        if (!(words->out & 1U << i))
            continue;
        *views[i] = like(&desc.src, output_dtype(words));
        clf_words_give_strides(&clf_gradient_line, line, words, first ? DST : DST + i, views[i]);
        first = false;
    }
    clf_words_give_strides(&clf_gradient_line, line, words, SRC, &desc.src);
    CLF_TRY(clf_words_end(line, error));
    return clf_plan_gradient(context, &desc, plan, error);
}

static clf_status plan_backward(clf_context *context, clf_line *line, void *read, const clf_plan_options *options,
                                clf_plan **plan, clf_error *error) {
    const clf_gradient_words *words = read;
    clf_gradient_backward_desc desc = {.grad_src = clf_words_tensor(words),
                                       .op = (clf_gradient_operator)words->op.name,
                                       .sigma = words->op.parameter,
                                       .axes = words->axes == 3 ? 3 : 2,
                                       .cval = words->cval,
                                       .scale = words->scale,
                                       .eps = words->eps,
                                       .options = *options};
    clf_view *views[FIELDS] = {&desc.grad_dst,     &desc.grad_dx, &desc.grad_dy,         &desc.grad_dz,
                               &desc.grad_squared, &desc.grad_l1, &desc.grad_orientation};
    copy_borders(words, desc.border);
    for (int i = 0; i < FIELDS; i++)
        if (words->out & 1U << i) {
            *views[i] = like(&desc.grad_src, desc.grad_src.dtype);
            clf_words_give_strides(&clf_gradient_backward_line, line, words, 1 + i, views[i]);
        }
    if (words->src != CLF_GRADIENT_SRC_NONE) {
        clf_dtype dtype = words->src == CLF_GRADIENT_SRC_LIKE ? desc.grad_src.dtype
                                                              : (clf_dtype)(words->src - CLF_GRADIENT_SRC_DTYPE);
        desc.src = like(&desc.grad_src, dtype);
        clf_words_give_strides(&clf_gradient_backward_line, line, words, SRC, &desc.src);
    }
    clf_words_give_strides(&clf_gradient_backward_line, line, words, GRAD_SRC, &desc.grad_src);
    CLF_TRY(clf_words_end(line, error));
    return clf_plan_gradient_backward(context, &desc, plan, error);
}

static clf_status plan_laplace(clf_context *context, clf_line *line, void *read, const clf_plan_options *options,
                               clf_plan **plan, clf_error *error) {
    const clf_gradient_words *words = read;
    clf_laplace_desc desc = {.src = clf_words_tensor(words),
                             .sigma = words->op.parameter,
                             .axes = words->axes == 3 ? 3 : 2,
                             .cval = words->cval,
                             .scale = words->scale,
                             .options = *options};
    if (words->op.name != CLF_GRADIENT_CENTRAL && words->op.name != CLF_GRADIENT_GAUSSIAN)
        clf_line_fail(line, "op= is neither central nor gaussian:SIGMA");
    copy_borders(words, desc.border);
    desc.dst = like(&desc.src, output_dtype(words));
    clf_words_give_strides(&clf_laplace_line, line, words, DST, &desc.dst);
    clf_words_give_strides(&clf_laplace_line, line, words, SRC, &desc.src);
    CLF_TRY(clf_words_end(line, error));
    return clf_plan_laplace(context, &desc, plan, error);
}

const clf_operation_row clf_gradient_row = {&clf_gradient_line, plan_gradient};
const clf_operation_row clf_gradient_backward_row = {&clf_gradient_backward_line, plan_backward};
const clf_operation_row clf_laplace_row = {&clf_laplace_line, plan_laplace};
