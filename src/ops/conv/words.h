/* SPDX-License-Identifier: Apache-2.0 */
/* The words of lines of convolutions, of their adjoints and of matching. */
#ifndef CLF_OPS_CONV_WORDS_H
#define CLF_OPS_CONV_WORDS_H

#include "ops/keys.h"

/* What a kernel's weights are: a full kernel, a sum of 1 to 4 products, or one that is not all finite. */
enum { CLF_TAPS_FULL, CLF_TAPS_RANK4 = 4, CLF_TAPS_SPECIAL };

typedef struct clf_conv_words {
    clf_words line;
    clf_extents k;
    int64_t groups, axes, bias;
    int kernel; /* 1: its weights lie in device memory */
    int taps;
    clf_border border[CLF_MAX_RANK];
    double cval;
    int mode; /* a clf_mode */
    int64_t origin[CLF_MAX_RANK], stride[CLF_MAX_RANK], dilation[CLF_MAX_RANK];
    clf_dtype dst;
    int64_t slab; /* 1: of a streamed tensor; written, never read */
} clf_conv_words;

extern const clf_line_table clf_conv_line, clf_corr_line, clf_conv_adjoint_line, clf_corr_adjoint_line,
    clf_conv_weights_line, clf_corr_weights_line, clf_normalised_line, clf_phase_line;

#endif
