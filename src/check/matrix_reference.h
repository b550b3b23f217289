/* SPDX-License-Identifier: Apache-2.0 */
/* Dense linear algebra of small matrices in long double, by the textbook: what the library is held against. */
#ifndef CLF_CHECK_MATRIX_REFERENCE_H
#define CLF_CHECK_MATRIX_REFERENCE_H

#include <stdbool.h>

enum { DENSE_MOST = 16, DENSE_RIGHT = 20 };

/* Row after row; element (i, j) is at[i][j]. */
typedef struct dense {
    int rows, columns;
    long double at[DENSE_MOST][DENSE_RIGHT];
} dense;

dense dense_zero(int rows, int columns);
dense dense_transposed(const dense *a);
dense dense_product(const dense *a, const dense *b);

/* Frobenius norm. */
long double dense_norm(const dense *a);

/* X with A X = B, A square and not singular. */
dense dense_solve(const dense *a, const dense *b);

/* Determinant, 0 if elimination meets a column of zeros. */
long double dense_determinant(const dense *a);

/* Pseudo-inverse of a matrix of full rank: (A'A)^-1 A' or A' (AA')^-1. */
dense dense_pinv(const dense *a);

#endif
