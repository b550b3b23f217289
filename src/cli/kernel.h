/* SPDX-License-Identifier: Apache-2.0 */
/** @file kernel.h The taps that the operand KERNEL stands for, and other operands that are numbers. */
#ifndef CLFILTER_CLI_KERNEL_H
#define CLFILTER_CLI_KERNEL_H

#include "error.h"

#include <clfilter/tensor.h>

/**
 * Reads KERNEL: a file's name that ends in .npy (rank 1 to 3, or 4 and 5 for a bank of kernels, any real type), rows of
 * numbers such as "1,0,-1;2,0,-2" (a single row has rank 1), or a name that clf_kernel_by_name knows. NaN and infinite
 * taps are refused.
 * @param taps  receives f64 or f32 taps. Data is returned with ownership; release with free.
 */
bool kernel_read(const char *text, clf_array *taps, cli_error *error);

/**
 * Reads numbers as kernel_read does, but none by name; an array may be empty. Messages call them `operand`.
 * @param kind  receives what an .npy's elements are, f, i, u or b; f of rows
 */
bool numbers_read(const char *operand, const char *text, clf_array *numbers, char *kind, cli_error *error);

#endif
