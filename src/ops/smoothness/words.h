/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a smoothness loss's line. */
#ifndef CLF_OPS_SMOOTHNESS_WORDS_H
#define CLF_OPS_SMOOTHNESS_WORDS_H

#include "ops/keys.h"

typedef struct clf_smoothness_words {
    clf_words line;
    int norm, reduction; /* a clf_smoothness_norm, a clf_smoothness_reduction */
    int64_t order;
    double weight;
    clf_dtype image;
    unsigned with; /* bits: grad_loss, loss, grad_disparity, grad_image */
} clf_smoothness_words;

/* The row's tensors: those of `with` follow the two inputs. */
enum { CLF_SMOOTHNESS_DISPARITY, CLF_SMOOTHNESS_IMAGE, CLF_SMOOTHNESS_WITH };

extern const clf_line_table clf_smoothness_line;

#endif
