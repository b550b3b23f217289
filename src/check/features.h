/* SPDX-License-Identifier: Apache-2.0 */
/* What is found by derivatives: the parameters of case lines, and what their references share. */
#ifndef CLF_CHECK_FEATURES_H
#define CLF_CHECK_FEATURES_H

#include "check/gradient.h"

/* The parameters of all three begin with a gradient's, of which border, cval, scale and axes are set. */
typedef struct structure_spec {
    gradient_spec derived;
    double sigma; /* as in the line; so are those below */
    bool response;
    clf_harris_method method;
    double k;
} structure_spec;

typedef struct canny_spec {
    gradient_spec derived;
    double sigma, low, high; /* as in the line */
    int64_t open;            /* pixels whose answer hangs on a tie; the reference counts them */
} canny_spec;

extern const test_operation laplace_operation, structure_operation, canny_operation;

/* Reads a line: the words that every line shares, and the table's keys; those of a gradient go to the parameters. */
void features_parse(case_line *line, test_case *test, const clf_line_table *table, clf_gradient_words *words);

/* The greatest |x~|: of src, and of the constant where a border is one. */
double features_greatest(const test_case *test, const reference_window *window);

/*
 * A plane smoothed by a Gaussian at an index. `weight`, if not NULL: the same of an image of ones, whose border's
 * constant is the window's.
 */
double features_smooth(const reference_window *window, const derivative_taps *taps, const double *plane,
                       const int64_t at[3], double *weight);

/* 2 * K * eps of a Gaussian in two passes, one axis each: what it may be off, in parts of the greatest element. */
double features_smooth_bound(const derivative_taps *taps, double epsilon);

/* How far one of Sobel's derivatives may be off, of elements up to `greatest`. */
double features_sobel_bound(double greatest, double epsilon);

/* An answer that nothing meets, for references that have no memory. */
void features_no_answer(const test_case *test);

/* Canny's reference, in canny_reference.c. */
void canny_reference(const test_case *test);

/* Lines, in features_lines.c. */
void laplace_systematic_lines(line_batch *batch);
void laplace_small_lines(line_batch *batch);
void laplace_random_line(line_batch *batch, random_state *random);
void structure_systematic_lines(line_batch *batch);
void structure_small_lines(line_batch *batch);
void structure_random_line(line_batch *batch, random_state *random);
void canny_systematic_lines(line_batch *batch);
void canny_small_lines(line_batch *batch);
void canny_random_line(line_batch *batch, random_state *random);

#endif
