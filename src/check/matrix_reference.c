/* SPDX-License-Identifier: Apache-2.0 */
/* Dense linear algebra of small matrices in long double, by the textbook. */
#include "check/matrix_reference.h"

#include <math.h>
#include <string.h>

/* Only the rows and columns that are used: there is room for many more, and lines have 300,000 matrices. */
dense dense_zero(int rows, int columns) {
    dense zero;
    zero.rows = rows;
    zero.columns = columns;
    for (int i = 0; i < rows; i++) {
        memset(zero.at[i], 0, (size_t)columns * sizeof zero.at[i][0]);
    }
    return zero;
}

static dense copy_of(const dense *a) {
    dense copy = dense_zero(a->rows, a->columns);
    for (int i = 0; i < a->rows; i++) {
        memcpy(copy.at[i], a->at[i], (size_t)a->columns * sizeof copy.at[i][0]);
    }
    return copy;
}

dense dense_transposed(const dense *a) {
    dense result = dense_zero(a->columns, a->rows);
    for (int i = 0; i < a->rows; i++) {
        for (int j = 0; j < a->columns; j++) {
            result.at[j][i] = a->at[i][j];
        }
    }
    return result;
}

dense dense_product(const dense *a, const dense *b) {
    dense result = dense_zero(a->rows, b->columns);
    for (int i = 0; i < a->rows; i++) {
        for (int j = 0; j < b->columns; j++) {
            for (int k = 0; k < a->columns; k++) {
                result.at[i][j] += a->at[i][k] * b->at[k][j];
            }
        }
    }
    return result;
}

long double dense_norm(const dense *a) {
    long double sum = 0;
    for (int i = 0; i < a->rows; i++) {
        for (int j = 0; j < a->columns; j++) {
            sum += a->at[i][j] * a->at[i][j];
        }
    }
    return sqrtl(sum);
}

static void swap_rows(dense *a, int one, int other) {
    for (int j = 0; j < a->columns; j++) {
        long double kept = a->at[one][j];
        a->at[one][j] = a->at[other][j];
        a->at[other][j] = kept;
    }
}

/* Gauss-Jordan on A beside B; gives the determinant of A. */
static long double reduce(dense *a, dense *b) {
    long double determinant = 1;
    for (int c = 0; c < a->rows; c++) {
        int best = c;
        for (int r = c + 1; r < a->rows; r++) {
            best = fabsl(a->at[r][c]) > fabsl(a->at[best][c]) ? r : best;
        }
        if (a->at[best][c] == 0) {
            return 0;
        }
        determinant *= best == c ? a->at[best][c] : -a->at[best][c];
        swap_rows(a, c, best);
        swap_rows(b, c, best);
        for (int r = 0; r < a->rows; r++) {
            long double factor = r == c ? 0 : a->at[r][c] / a->at[c][c];
            for (int j = 0; j < a->columns; j++) {
                a->at[r][j] -= factor * a->at[c][j];
            }
            for (int j = 0; j < b->columns; j++) {
                b->at[r][j] -= factor * b->at[c][j];
            }
        }
    }
    return determinant;
}

dense dense_solve(const dense *a, const dense *b) {
    dense left = copy_of(a), right = copy_of(b);
    (void)reduce(&left, &right);
    for (int i = 0; i < right.rows; i++) {
        for (int j = 0; j < right.columns; j++) {
            right.at[i][j] /= left.at[i][i];
        }
    }
    return right;
}

long double dense_determinant(const dense *a) {
    dense left = copy_of(a), right = dense_zero(a->rows, 0);
    return reduce(&left, &right);
}

dense dense_pinv(const dense *a) {
    dense turned = dense_transposed(a);
    if (a->rows >= a->columns) {
        dense square = dense_product(&turned, a);
        return dense_solve(&square, &turned);
    }
    dense of_turned = dense_pinv(&turned);
    return dense_transposed(&of_turned);
}
