/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of every type as doubles: reading, and writing rounded the way the library's headers promise. */
#ifndef CLF_CHECK_NUMBER_H
#define CLF_CHECK_NUMBER_H

#include <clfilter/clfilter.h>

/* Element `index` of an array of `dtype`. */
double number_load(clf_dtype dtype, const void *data, int64_t index);

/* Writes `value`: to nearest even; integers saturate, and NaN becomes 0 in them. */
void number_store(clf_dtype dtype, void *data, int64_t index, double value);

/* What number_load gives after number_store. */
double number_round(clf_dtype dtype, double value);

/* True for f16, f32 and f64. */
bool number_is_real(clf_dtype dtype);

/* Least and greatest value of an integer type; -1 and 1, the range that tests use, of the others. */
double number_low(clf_dtype dtype);
double number_high(clf_dtype dtype);

/*
 * Distance from 1 to the next number of the type that arithmetic on `dtype` is done in: f64 for f64, f32 for the rest.
 */
double number_epsilon(clf_dtype dtype);

/* Its smallest subnormal number. */
double number_tiny(clf_dtype dtype);

#endif
