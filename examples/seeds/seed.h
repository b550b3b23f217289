/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the programs in this folder: making tensors, running plans, printing arrays. Failures end the program. */
#ifndef EXAMPLES_SEED_H
#define EXAMPLES_SEED_H

#include <clfilter/clfilter.h>

/* If `status` is a failure, prints the sentence and ends the program with status 1. */
void seed_check(clf_status status, const clf_error *error);

clf_context *seed_open(void);

/* An f32 tensor on the device; `values` may be NULL. Release with clf_tensor_release. */
clf_view seed_tensor(clf_context *context, int rank, const int64_t *shape, const float *values);

/* Executes a plan, waits for it, destroys it. */
void seed_run(clf_context *context, clf_plan *plan);

void seed_read(clf_context *context, const clf_view *view, float *values);

/* Prints a matrix with `decimals` decimals; a value that rounds to 0 is printed as 0. */
void seed_print(const char *title, int rows, int columns, const float *values, int decimals);

/* Prints "title (2, 3, 5)". */
void seed_print_shape(const char *title, int rank, const int64_t *shape);

#endif
