/* SPDX-License-Identifier: Apache-2.0 */
/* The problem of a mean over a box, between its descriptor (describe.c) and its solvers. */
#ifndef CLF_OPS_BOX_BOX_H
#define CLF_OPS_BOX_BOX_H

#include "ops/keys.h"
#include "ops/operation.h"
#include "ops/window.h"

typedef struct clf_box_problem {
    clf_window window;
    double cval;
} clf_box_problem;

/* The words of its line, which the tests read too. */
typedef struct clf_box_words {
    clf_words line;
    int64_t axes, size[CLF_MAX_RANK], origin[CLF_MAX_RANK];
    clf_border border[CLF_MAX_RANK];
    double cval;
    clf_dtype dst;
} clf_box_words;

extern const clf_line_table clf_box_line;
extern const clf_solver clf_box_convolution, clf_box_sums, clf_box_each;

#endif
