/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of translations, planned. */
#include "ops/shift/words.h"

#include <string.h>

static clf_status plan(clf_context *context, clf_line *line, void *read, const clf_plan_options *options,
                       clf_plan **plan, clf_error *error) {
    const clf_shift_words *words = read;
    clf_view tensor = clf_words_tensor(words);
    clf_shift_desc desc = {.src = tensor,
                           .dst = tensor,
                           .cval = words->cval,
                           .method = (clf_shift_method)words->method,
                           .options = *options};
    memcpy(desc.by, words->by, sizeof desc.by);
    memcpy(desc.border, words->border, sizeof desc.border);
    clf_words_give_strides(&clf_shift_line, line, words, 0, &desc.src);
    clf_words_give_strides(&clf_shift_line, line, words, 1, &desc.dst);
    CLF_TRY(clf_words_end(line, error));
    return clf_plan_shift(context, &desc, plan, error);
}

const clf_operation_row clf_shift_row = {&clf_shift_line, plan};
