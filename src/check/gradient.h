/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of a gradient's case line. */
#ifndef CLF_CHECK_GRADIENT_H
#define CLF_CHECK_GRADIENT_H

#include "check/case.h"
#include "check/derivative.h"
#include "check/reference.h"
#include "ops/gradient/words.h"

typedef struct gradient_spec {
    clf_gradient_operator op;
    double sigma;
    int axes; /* 2 or 3 */
    int out;  /* position in gradient_outputs */
    clf_border border[3];
    double cval, scale, eps; /* as in the line */
} gradient_spec;

extern const test_operation gradient_operation, gradient_backward_operation;

/* Reads the words that every line shares, and gives the output its type. */
void gradient_parse_common(case_line *line, test_case *test);

/* Fills the parameters that gradient and its backward share, and checks them. */
void gradient_take_words(case_line *line, test_case *test, const clf_gradient_words *words, gradient_spec *spec);

/* The three-axis form of a case, for the reference. */
void gradient_window(const test_case *test, reference_window *window);

/* Multiplies the first input by 2^exponent: references make what magnitude= says undone, and then done again. */
void gradient_magnify(const test_case *test, int exponent);

/* Lines, in gradient_lines.c. */
void gradient_systematic_lines(line_batch *batch);
void gradient_small_lines(line_batch *batch);
void gradient_random_line(line_batch *batch, random_state *random);

#endif
