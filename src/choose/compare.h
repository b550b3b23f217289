/* SPDX-License-Identifier: Apache-2.0 */
/* Data to measure with, and whether two solvers agree on it. */
#ifndef CLF_CHOOSE_COMPARE_H
#define CLF_CHOOSE_COMPARE_H

#include <clfilter/tensor.h>

/* Fills memory with values between -1 and 1 (integers: over their range; indices: 0), the same for one seed. */
void clf_compare_fill(clf_dtype dtype, void *data, size_t bytes, unsigned seed);

/* Fills outputs with what no solver is thought to write there: other values of that kind. */
void clf_compare_wipe(clf_dtype dtype, void *data, size_t bytes);

/*
 * True if two results are the same but for rounding: to a thousandth of the greatest value in f32, 1e-9 in f64, a
 * hundredth in f16, 1 for integers. Coarse on purpose: this is to find solvers that are wrong, tests find inexact ones.
 */
bool clf_compare_close(clf_dtype dtype, const void *expected, const void *got, size_t bytes);

#endif
