/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparisons of two images: 'match' lines, cross-correlation, are read, made and judged as those of corr; 'normalised'
 * lines likewise, but for their reference; 'phase' lines have only the words every line shares.
 */
#ifndef CLF_CHECK_MATCH_H
#define CLF_CHECK_MATCH_H

#include "check/conv.h"

typedef struct match_spec {
    conv_spec conv; /* of the correlation; first, for what reads it there */
    double lift;    /* added to the image, so that windows vary little beside their mean */
    bool flat;      /* all elements of the pattern are equal */
} match_spec;

extern const test_operation match_operation, normalised_operation, fourier_normalised_operation, phase_operation;

/* The references of the latter two, in match_reference.c. */
void normalised_reference(const test_case *test);
void phase_reference(const test_case *test);

/* Lines, in match_lines.c. */
void match_systematic_lines(line_batch *batch);
void match_small_lines(line_batch *batch);
void match_random_line(line_batch *batch, random_state *random);
void normalised_systematic_lines(line_batch *batch);
void normalised_small_lines(line_batch *batch);
void normalised_random_line(line_batch *batch, random_state *random);
void fourier_normalised_lines(line_batch *batch);
void fourier_normalised_small_lines(line_batch *batch);
void phase_systematic_lines(line_batch *batch);
void phase_small_lines(line_batch *batch);

#endif
