/* SPDX-License-Identifier: Apache-2.0 */
/** @file kernel.h The taps that the operand KERNEL stands for. */
#ifndef CLFILTER_CLI_KERNEL_H
#define CLFILTER_CLI_KERNEL_H

#include "error.h"

#include <clfilter/tensor.h>

/**
 * Reads KERNEL: a file's name that ends in .npy (rank 1 to 3, or 4 and 5 for a bank of
 * kernels, any real type), rows of numbers such as "1,0,-1;2,0,-2"
 * (one row is of rank 1), or a name that clf_kernel_by_name knows. Taps that are NaN or infinite are refused.
 * @param taps  receives f64 or f32 taps. Data is returned with ownership; release with free.
 */
bool kernel_read(const char *text, clf_array *taps, cli_error *error);

#endif
