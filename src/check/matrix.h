/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of the case lines of small matrices. */
#ifndef CLF_CHECK_MATRIX_H
#define CLF_CHECK_MATRIX_H

#include "check/case.h"

typedef enum matrix_kind { KIND_PINV, KIND_INV, KIND_DET, KIND_SOLVE, KIND_LSTSQ } matrix_kind;

typedef struct matrix_spec {
    matrix_kind kind;
    int64_t rows, columns, right, matrices;
    int64_t rank; /* of data=integer, whose matrices are products of two factors of small whole numbers */
    double rcond; /* as in the line */
} matrix_spec;

extern const test_operation pinv_operation, inv_operation, det_operation, solve_operation, lstsq_operation;

/* Lines, in matrix_lines.c; one for each operation. */
void pinv_lines(line_batch *batch);
void inv_lines(line_batch *batch);
void det_lines(line_batch *batch);
void solve_lines(line_batch *batch);
void lstsq_lines(line_batch *batch);
void pinv_small_lines(line_batch *batch);
void inv_small_lines(line_batch *batch);
void det_small_lines(line_batch *batch);
void solve_small_lines(line_batch *batch);
void lstsq_small_lines(line_batch *batch);
void pinv_random_line(line_batch *batch, random_state *random);
void inv_random_line(line_batch *batch, random_state *random);
void det_random_line(line_batch *batch, random_state *random);
void solve_random_line(line_batch *batch, random_state *random);
void lstsq_random_line(line_batch *batch, random_state *random);

#endif
