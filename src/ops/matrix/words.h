/* SPDX-License-Identifier: Apache-2.0 */
/* The words of lines of many small matrices. */
#ifndef CLF_OPS_MATRIX_WORDS_H
#define CLF_OPS_MATRIX_WORDS_H

#include "ops/keys.h"

typedef struct clf_matrix_words {
    clf_words line;
    int64_t right; /* columns of the right-hand side */
    double rcond;
} clf_matrix_words;

extern const clf_line_table clf_pinv_line, clf_pinv_backward_line, clf_inv_line, clf_inv_backward_line, clf_det_line,
    clf_solve_line, clf_lstsq_line;

#endif
