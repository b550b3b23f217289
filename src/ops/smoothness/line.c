/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the smoothness loss, planned. */
#include "ops/smoothness/words.h"

#include <limits.h>

static clf_status plan(clf_context *context, clf_line *line, void *read, const clf_plan_options *options,
                       clf_plan **plan, clf_error *error) {
    const clf_smoothness_words *words = read;
    clf_view whole = clf_words_tensor(words), plane = whole;
    if (whole.rank != 4)
        clf_line_fail(line, "the shape '%s' has %d axes; expected 4, the image's", clf_line_word(line, 2), whole.rank);
    if (words->order < INT_MIN || words->order > INT_MAX)
        clf_line_fail(line, "order= is too large");
    clf_smoothness_desc desc = {.image = whole,
                                .norm = (clf_smoothness_norm)words->norm,
                                .reduction = (clf_smoothness_reduction)words->reduction,
                                .order = (int)words->order,
                                .edge_weight = words->weight,
                                .ignore_image = words->weight == 0,
                                .options = *options};
    plane.shape[1] = 1;
    desc.disparity = plane;
    desc.image.dtype = words->image;
    clf_dtype real = whole.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    clf_view scalar = {.dtype = real, .rank = 1, .shape = {1}};
    plane.dtype = whole.dtype = real;
    clf_view loss = desc.reduction == CLF_SMOOTHNESS_NONE ? plane : scalar;
    const clf_view *shapes[] = {&loss, &loss, &plane, &whole};
    clf_view *views[] = {&desc.grad_loss, &desc.loss, &desc.grad_disparity, &desc.grad_image};
    for (int i = 0; i < 4; i++)
        if (words->with & 1U << i) {
            *views[i] = *shapes[i];
            clf_words_give_strides(&clf_smoothness_line, line, words, CLF_SMOOTHNESS_WITH + i, views[i]);
        }
    clf_words_give_strides(&clf_smoothness_line, line, words, CLF_SMOOTHNESS_DISPARITY, &desc.disparity);
    clf_words_give_strides(&clf_smoothness_line, line, words, CLF_SMOOTHNESS_IMAGE, &desc.image);
    CLF_TRY(clf_words_end(line, error));
    return clf_plan_smoothness(context, &desc, plan, error);
}

const clf_operation_row clf_smoothness_row = {&clf_smoothness_line, plan};
