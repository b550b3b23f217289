/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of a shift's case line. */
#ifndef CLF_CHECK_SHIFT_H
#define CLF_CHECK_SHIFT_H

#include "check/case.h"

typedef struct shift_spec {
    double by[CLF_MAX_RANK];
    clf_border border[CLF_MAX_RANK];
    double cval;
    clf_shift_method method;
} shift_spec;

extern const test_operation shift_operation, fourier_shift_operation;

/* Lines, in shift_lines.c. */
void shift_systematic_lines(line_batch *batch);
void shift_small_lines(line_batch *batch);
void shift_random_line(line_batch *batch, random_state *random);

#endif
