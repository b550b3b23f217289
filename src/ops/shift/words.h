/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a translation's line. */
#ifndef CLF_OPS_SHIFT_WORDS_H
#define CLF_OPS_SHIFT_WORDS_H

#include "ops/keys.h"

typedef struct clf_shift_words {
    clf_words line;
    double by[CLF_MAX_RANK];
    clf_border border[CLF_MAX_RANK];
    double cval;
    int method; /* a clf_shift_method */
} clf_shift_words;

extern const clf_line_table clf_shift_line;

#endif
