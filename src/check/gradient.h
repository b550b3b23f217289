/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of a gradient's case line. */
#ifndef CLF_CHECK_GRADIENT_H
#define CLF_CHECK_GRADIENT_H

#include "check/case.h"
#include "check/derivative.h"
#include "check/reference.h"

typedef struct gradient_spec {
    clf_gradient_operator op;
    double sigma;
    int axes; /* 2 or 3 */
    int out;  /* position in gradient_outputs */
    clf_border border[3];
    double cval, scale, eps; /* as in the line */
} gradient_spec;

extern const test_operation gradient_operation, gradient_backward_operation;

/* The three-axis form of a case, for the reference. */
void gradient_window(const test_case *test, reference_window *window);

/* Lines, in gradient_lines.c. */
void gradient_systematic_lines(line_batch *batch);
void gradient_small_lines(line_batch *batch);
void gradient_random_line(line_batch *batch, random_state *random);

#endif
