/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of lines of many small matrices. */
#include "ops/matrix/words.h"

#define FIELD(name) offsetof(clf_matrix_words, name)
#define RIGHT                                                                                                    \
    {                                                                                                            \
        "right", CLF_KEY_INTEGER, FIELD(right), "R", "columns of the right-hand side", .standard = 1,            \
                                                                                       .print = CLF_PRINT_ALWAYS \
    }
#define RCOND                                                                                                 \
    {                                                                                                         \
        "rcond", CLF_KEY_REAL, FIELD(rcond), "R",                                                             \
            "singular values up to R times the largest count as 0; 0: the default", .print = CLF_PRINT_ALWAYS \
    }
static const clf_key no_keys[] = {{NULL}}, rcond_keys[] = {RCOND, {NULL}}, right_keys[] = {RIGHT, {NULL}};
static const clf_key both_keys[] = {RIGHT, RCOND, {NULL}};

static const char *const two[] = {"src", "dst", NULL};
static const char *const with_right[] = {"src", "dst", "right", NULL};
static const char *const with_grad[] = {"src", "dst", "grad", NULL};
static const char *const with_pinv[] = {"src", "dst", "pinv", "grad", NULL};

#define LINE(name, shape, summary, keys, tensors) \
    const clf_line_table clf_##name##_line = {#name, shape, summary, keys, tensors, sizeof(clf_matrix_words), NULL}
LINE(pinv, "src", "pseudo-inverses", rcond_keys, two);
LINE(pinv_backward, "src", "the backward pass of pinv", no_keys, with_pinv);
LINE(inv, "src", "inverses", no_keys, two);
LINE(inv_backward, "inverse", "the backward pass of inv", no_keys, with_grad);
LINE(det, "src", "determinants", no_keys, two);
LINE(solve, "matrix", "systems of linear equations", right_keys, with_right);
LINE(lstsq, "matrix", "least squares of least norm", both_keys, with_right);
