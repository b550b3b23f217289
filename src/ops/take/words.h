/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a selection's line, and of its adjoint's. */
#ifndef CLF_OPS_TAKE_WORDS_H
#define CLF_OPS_TAKE_WORDS_H

#include "ops/keys.h"

enum { CLF_TAKE_HOST, CLF_TAKE_DEVICE };

typedef struct clf_take_words {
    clf_words line;
    int64_t axis, count;
    int mode; /* a clf_index_mode */
    clf_dtype index;
    int place; /* of the indices: CLF_TAKE_HOST or CLF_TAKE_DEVICE */
    int64_t accumulate;
} clf_take_words;

extern const clf_line_table clf_take_line, clf_put_add_line;

#endif
