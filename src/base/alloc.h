/* SPDX-License-Identifier: Apache-2.0 */
/* Host memory: zeroed, counted against overflow, failing with a status. */
#ifndef CLF_BASE_ALLOC_H
#define CLF_BASE_ALLOC_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Puts `count` zeroed elements of `size` bytes into *pointer; release with free(). */
clf_status clf_allocate(void *pointer, size_t count, size_t size, clf_error *error);

/* Product of two non-negative 64-bit counts; false where it would overflow. */
bool clf_multiply(int64_t a, int64_t b, int64_t *product);

#endif
