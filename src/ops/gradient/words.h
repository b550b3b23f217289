/* SPDX-License-Identifier: Apache-2.0 */
/* The words of lines of derivatives and of the features built on them; each line has some of them. */
#ifndef CLF_OPS_GRADIENT_WORDS_H
#define CLF_OPS_GRADIENT_WORDS_H

#include "ops/keys.h"

typedef struct clf_gradient_words {
    clf_words line;
    clf_call_word op; /* a clf_gradient_operator, and a Gaussian's sigma */
    int64_t axes;
    clf_border border[CLF_MAX_RANK];
    double cval, scale, eps;
    unsigned out; /* bits: the outputs of gradient, the gradients handed to its backward */
    clf_dtype dst;
    int src; /* of backward: CLF_GRADIENT_SRC_LIKE, a dtype behind it, or CLF_GRADIENT_SRC_NONE */
    double sigma, low, high;
    clf_call_word harris; /* -1: the tensor */
} clf_gradient_words;

enum { CLF_GRADIENT_SRC_LIKE, CLF_GRADIENT_SRC_DTYPE, CLF_GRADIENT_SRC_NONE = CLF_GRADIENT_SRC_DTYPE + 6 };

extern const clf_line_table clf_gradient_line, clf_gradient_backward_line, clf_laplace_line, clf_structure_line,
    clf_canny_line;

#endif
