/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many small matrices, between the descriptors (matrix.c) and the solvers (matrix_pair.c, matrix_svd.c,
 * matrix_gauss.c, matrix_backward.c). Operand 0 is the matrix, operand 1 the output.
 */
#ifndef CLF_OPS_MATRIX_MATRIX_H
#define CLF_OPS_MATRIX_MATRIX_H

#include "ops/operation.h"
#include "plan/batch.h"

#include <clfilter/matrix.h>

enum { CLF_MATRIX_OPERANDS = 4 };

typedef enum clf_matrix_kind {
    CLF_MATRIX_PINV,
    CLF_MATRIX_PINV_BACKWARD,
    CLF_MATRIX_INV,
    CLF_MATRIX_INV_BACKWARD,
    CLF_MATRIX_DET,
    CLF_MATRIX_SOLVE,
    CLF_MATRIX_LSTSQ
} clf_matrix_kind;

typedef struct clf_matrix_problem {
    clf_matrix_kind kind;
    int rows, columns; /* of operand 0 */
    int64_t right;     /* right-hand sides */
    double rcond;      /* default replaced */
    int operands;
    clf_view view[CLF_MATRIX_OPERANDS];
    /* canonical: the longest axis that counts matrices, and the others */
    int64_t count, lane[CLF_MATRIX_OPERANDS], row[CLF_MATRIX_OPERANDS], column[CLF_MATRIX_OPERANDS];
    clf_batch batch;
} clf_matrix_problem;

/* Checks the views of a problem whose kind and views are set, resolves them and finds their canonical form. */
clf_status clf_matrix_describe(const char *function, const char *const names[CLF_MATRIX_OPERANDS],
                               clf_matrix_problem *problem, clf_error *error);

/* Finds the canonical form of a problem whose views are resolved. */
void clf_matrix_find_layout(clf_matrix_problem *problem);

void clf_matrix_print(const void *problem, clf_text *text);
void clf_matrix_cost(const void *problem, clf_plan_cost *cost);

/* How many matrices a work-item takes at once, how many such groups, and how many work-items. */
typedef struct clf_matrix_split {
    int vector;
    int64_t groups_each;
    size_t items, local;
} clf_matrix_split;

clf_matrix_split clf_matrix_choose(const clf_context *context, const clf_matrix_problem *problem);

/* Makes the kernels' geometry table (cl/matrix/geometry.h). */
clf_status clf_matrix_table(clf_plan *plan, const clf_matrix_problem *problem, cl_mem *table, clf_error *error);

/* Appends the -D constants of cl/matrix/lanes.h, M, N, LOCAL_X, and NAME_LAYOUT for each operand. */
void clf_matrix_options(clf_text *options, const clf_matrix_problem *problem, const clf_matrix_split *split);

/* The operands, as every kernel of matrices names them and in that order. */
void clf_matrix_set_operands(clf_launch *launch, const clf_matrix_problem *problem);

/* 1 if the output is larger than caches. */
cl_int clf_matrix_past_cache(const clf_context *context, const clf_matrix_problem *problem);

/* Seconds that `flops` a matrix take, or its bytes where those take longer. */
double clf_matrix_estimate(const clf_context *context, const clf_matrix_problem *problem, double flops);

extern const clf_slicing clf_matrix_slicing;
extern const clf_solver clf_matrix_pinv_pair, clf_matrix_pinv, clf_matrix_lstsq, clf_matrix_inv, clf_matrix_solve,
    clf_matrix_det, clf_matrix_pinv_backward, clf_matrix_inv_backward;

#endif
