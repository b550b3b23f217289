/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds kernels that are sums of few outer products.
 *
 * The taps are a matrix of taps[0]*taps[1] rows and taps[2] columns. Cross approximation with full pivoting takes the
 * largest element of what is left, and with it that column and row as one term; for a matrix of exact low rank it ends
 * after as many terms (it is Gaussian elimination), and as each residual is measured nothing is assumed. It finds the
 * same ranks a singular value decomposition would, and keeps integer factors integers.
 */
#include "ops/conv/conv.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST_RANK = 4 };

int64_t clf_conv_factor_count(const clf_conv_problem *problem) {
    int64_t rows = problem->taps[0] * problem->taps[1], columns = problem->taps[2];
    /* every term's column and row, the residual, and the column's own factors */
    return problem->bank ? 0 : MOST_RANK * (rows + columns) + rows * columns + problem->taps[0] + problem->taps[1];
}

static double sum_abs(const double *values, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += fabs(values[i]);
    return sum;
}

static bool all_integers(const double *values, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        if (values[i] != rint(values[i]) || fabs(values[i]) > 16777216)
            return false;
    return true;
}

static double greatest_divisor(const double *values, int64_t count) {
    double divisor = 0;
    for (int64_t i = 0; i < count; i++) {
        double a = fabs(values[i]);
        while (a != 0) {
            double rest = fmod(divisor, a);
            divisor = a;
            a = rest;
        }
    }
    return divisor;
}

/* What is left of a kernel: the sum of its magnitudes, and the first of the largest. */
typedef struct residual {
    double *values, sum;
    int64_t pivot_row, pivot_column;
} residual;

enum { LANES = 4 }; /* sums and maxima side by side, which processors add without waiting */

/* Measures it, row by row. */
static void measure(residual *left, int64_t rows, int64_t columns) {
    double greatest = -1;
    left->sum = 0;
    left->pivot_row = left->pivot_column = 0;
    for (int64_t i = 0; i < rows; i++) {
        const double *row = left->values + i * columns;
        double sum[LANES] = {0}, most[LANES] = {0};
        int64_t j = 0;
        for (; j + LANES <= columns; j += LANES)
            for (int lane = 0; lane < LANES; lane++) {
                double value = fabs(row[j + lane]);
                sum[lane] += value;
                most[lane] = value > most[lane] ? value : most[lane];
            }
        for (; j < columns; j++) {
            sum[0] += fabs(row[j]);
            most[0] = fmax(most[0], fabs(row[j]));
        }
        left->sum += (sum[0] + sum[1]) + (sum[2] + sum[3]);
        double largest = fmax(fmax(most[0], most[1]), fmax(most[2], most[3]));
        if (largest > greatest) {
            greatest = largest;
            left->pivot_row = i;
        }
    }
    const double *row = left->values + left->pivot_row * columns;
    while (left->pivot_column < columns - 1 && fabs(row[left->pivot_column]) < greatest)
        left->pivot_column++;
}

/* Takes one term out of the residual: column*row meets it exactly in the pivot's row and column. */
static void take_term(residual *left, int64_t rows, int64_t columns, bool integers, double *column, double *row) {
    const double *pivot = left->values + left->pivot_row * columns;
    double value = pivot[left->pivot_column], scale = integers ? greatest_divisor(pivot, columns) : value;
    for (int64_t j = 0; j < columns; j++)
        row[j] = value == 0 ? 0 : pivot[j] / scale;
    for (int64_t i = 0; i < rows; i++)
        column[i] = value == 0 ? 0 : left->values[i * columns + left->pivot_column] / row[left->pivot_column];
    for (int64_t i = 0; i < rows; i++) {
        double *line = left->values + i * columns;
        for (int64_t j = 0; j < columns; j++)
            line[j] -= column[i] * row[j];
    }
    measure(left, rows, columns);
}

/*
 * True if the terms found so far do as well as the taps: what is left costs at most a quarter of the bound
 * 2*K*eps*sum|w|, and rounding along passes of so many taps stays inside the rest of it.
 */
static bool close_enough(const clf_conv_problem *problem, double left, double weight, double terms, int64_t taps) {
    double eps = problem->src.dtype == CLF_F64 ? DBL_EPSILON : FLT_EPSILON;
    double count = (double)clf_conv_tap_count(problem);
    return left <= 0.5 * count * eps * weight && (double)(taps + 4) * terms <= 1.5 * count * weight;
}

/* Finds out whether the one column is a product in turn; `spare` is for what is left of it, then for the factors. */
static void split_column(clf_conv_problem *problem, bool integers, double weight, double *spare) {
    int64_t rows = problem->taps[0], columns = problem->taps[1], taps = rows + columns + problem->taps[2];
    double row = sum_abs(problem->rows, problem->taps[2]);
    residual left = {.values = spare};
    double *planes = spare + rows * columns, *lines = planes + rows;
    if (rows == 1 || columns == 1)
        return;
    memcpy(left.values, problem->columns, (size_t)(rows * columns) * sizeof *left.values);
    measure(&left, rows, columns);
    take_term(&left, rows, columns, integers, planes, lines);
    double terms = sum_abs(planes, rows) * sum_abs(lines, columns) * row;
    /* what rank one left is at most as much as is allowed here */
    if (integers ? left.sum != 0 : !close_enough(problem, 2 * left.sum * row, weight, terms, taps))
        return;
    problem->planes = planes;
    problem->lines = lines;
}

void clf_conv_find_low_rank(clf_conv_problem *problem, double *factors) {
    int64_t rows = problem->taps[0] * problem->taps[1], columns = problem->taps[2], count = rows * columns;
    int64_t taps = rows + columns; /* of both passes */
    problem->low_rank = 0;
    problem->planes = problem->lines = NULL;
    if (problem->bank || rows == 1 || columns == 1)
        return;
    double *row_factors = factors + MOST_RANK * rows;
    residual left = {.values = row_factors + MOST_RANK * columns};
    memcpy(left.values, problem->values, (size_t)count * sizeof *left.values);
    measure(&left, rows, columns);
    double weight = left.sum, terms = 0;
    if (!isfinite(weight))
        return;
    bool integers = all_integers(problem->values, count);
    int64_t full = rows < columns ? rows : columns; /* as many terms cost more than the taps themselves */
    int most = integers ? 1 : MOST_RANK;            /* integer kernels must stay exact: further terms have fractions */
    problem->columns = factors;
    problem->rows = row_factors;
    for (int rank = 1; rank <= most && rank < full; rank++) {
        double *column = factors + (rank - 1) * rows, *row = row_factors + (rank - 1) * columns;
        take_term(&left, rows, columns, integers, column, row);
        terms += sum_abs(column, rows) * sum_abs(row, columns);
        if (integers ? left.sum == 0 : close_enough(problem, left.sum, weight, terms, taps)) {
            problem->low_rank = rank;
            break;
        }
    }
    if (problem->low_rank == 1)
        split_column(problem, integers, weight, left.values);
}
