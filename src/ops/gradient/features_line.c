/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of structure tensors and of Canny's edges, planned. */
#include "ops/gradient/words.h"

#include <string.h>

static clf_view output(clf_line *line, const clf_line_table *row, const clf_gradient_words *words, int tensor,
                       clf_dtype dtype) {
    clf_view view = clf_words_tensor(words);
    view.dtype = dtype;
    clf_words_give_strides(row, line, words, tensor, &view);
    return view;
}

static clf_status plan_structure(clf_context *context, clf_line *line, void *read, const clf_plan_options *options,
                                 clf_plan **plan, clf_error *error) {
    const clf_gradient_words *words = read;
    const clf_line_table *row = &clf_structure_line;
    clf_dtype real = words->line.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    clf_structure_desc desc = {.src = output(line, row, words, 0, words->line.dtype),
                               .sigma = words->sigma,
                               .cval = words->cval,
                               .options = *options};
    memcpy(desc.border, words->border, sizeof desc.border);
    if (words->harris.name >= 0) {
        desc.method = words->harris.name == 0 ? CLF_HARRIS_K : CLF_HARRIS_EPS;
        desc.k = words->harris.parameter;
        desc.response = output(line, row, words, 1, real);
    } else {
        desc.xx = output(line, row, words, 1, real);
        desc.xy = output(line, row, words, 2, real);
        desc.yy = output(line, row, words, 3, real);
    }
    CLF_TRY(clf_words_end(line, error));
    return clf_plan_structure(context, &desc, plan, error);
}

static clf_status plan_canny(clf_context *context, clf_line *line, void *read, const clf_plan_options *options,
                             clf_plan **plan, clf_error *error) {
    const clf_gradient_words *words = read;
    clf_canny_desc desc = {.src = output(line, &clf_canny_line, words, 0, words->line.dtype),
                           .dst = output(line, &clf_canny_line, words, 1, CLF_U8),
                           .sigma = words->sigma,
                           .low = words->low,
                           .high = words->high,
                           .cval = words->cval,
                           .options = *options};
    memcpy(desc.border, words->border, sizeof desc.border);
    CLF_TRY(clf_words_end(line, error));
    return clf_plan_canny(context, &desc, plan, error);
}

const clf_operation_row clf_structure_row = {&clf_structure_line, plan_structure};
const clf_operation_row clf_canny_row = {&clf_canny_line, plan_canny};
