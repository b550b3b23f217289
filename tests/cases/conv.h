/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of a convolution's case line; properties read and change them. */
#ifndef CLF_TESTS_CONV_H
#define CLF_TESTS_CONV_H

#include "case.h"
#include "reference.h"

/* What the taps hold, where it is not what the data is. */
typedef enum taps_kind { TAPS_AS_DATA, TAPS_SPECIAL, TAPS_SOBEL } taps_kind;

typedef struct conv_spec {
    bool flipped; /* conv, not corr */
    int axes;     /* axes filtered */
    clf_border border[CLF_MAX_FILTER_AXES];
    double cval;
    clf_mode mode;
    int origin[CLF_MAX_FILTER_AXES], stride[CLF_MAX_FILTER_AXES], dilation[CLF_MAX_FILTER_AXES]; /* as in the line */
    bool kernel_view;
    taps_kind taps;
} conv_spec;

extern const test_operation conv_operation, corr_operation;

/* The three-axis form of a case, for the reference. */
void conv_window(const test_case *test, reference_window *window, reference_axis axis[3]);

/* Lines, in conv_lines.c. `name` is "conv" or "corr". */
void conv_systematic_lines(line_batch *batch, const char *name);
void conv_small_lines(line_batch *batch, const char *name);
void conv_random_line(line_batch *batch, const char *name, random_state *random);

#endif
