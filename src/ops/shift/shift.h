/* SPDX-License-Identifier: Apache-2.0 */
/* The shift problem, between its descriptor (shift.c) and its solvers (shift_whole.c, ...). */
#ifndef CLF_OPS_SHIFT_SHIFT_H
#define CLF_OPS_SHIFT_SHIFT_H

#include "fft/providers.h"
#include "ops/operation.h"
#include "plan/batch.h"

#include <clfilter/shift.h>

typedef struct clf_shift_problem {
    clf_view src, dst;
    double by[CLF_MAX_RANK];
    clf_border border[CLF_MAX_RANK]; /* resolved */
    double cval;
    clf_shift_method method;
    bool whole; /* every shift is a whole number */
} clf_shift_problem;

/* A constant as an element of this type: saturated, rounded to nearest even. The lowest bytes are the element's. */
uint64_t clf_shift_fill(clf_dtype dtype, double value);

/* Flops of the peak, `flops` for each element of src and dst that lies apart from the next along the last axis. */
double clf_shift_scattered(const clf_shift_problem *problem, double flops);

extern const clf_slicing clf_shift_slicing;
extern const clf_solver clf_shift_whole, clf_shift_lines;
extern const clf_solver_family clf_shift_dense_family; /* its parameter: the operation for dense memory */
#define CLF_SHIFT_DECLARE(library) extern const clf_solver clf_shift_##library;
CLF_FFT_PROVIDERS(CLF_SHIFT_DECLARE)

#endif
