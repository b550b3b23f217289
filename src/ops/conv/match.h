/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons, between the public call (conv_match.c) and normalised matching (conv_match_normalised.c). */
#ifndef CLF_OPS_CONV_MATCH_H
#define CLF_OPS_CONV_MATCH_H

#include "ops/conv/conv.h"

typedef struct clf_match_problem {
    clf_conv_problem conv; /* the correlation of the image with the pattern */
    clf_convolve_desc desc;
    clf_view pattern; /* resolved */
} clf_match_problem;

extern const clf_operation clf_match_normalised;

#endif
