/* SPDX-License-Identifier: Apache-2.0 */
/* Host memory: zeroed, counted against overflow, failing with a status. */
#ifndef CLF_BASE_ALLOC_H
#define CLF_BASE_ALLOC_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Puts `count` zeroed elements of `size` bytes into *pointer; release with free(). CLF_OUT_OF_MEMORY also if they are
 * more than this process can address, as 64-bit counts may be in a 32-bit process.
 */
clf_status clf_allocate(void *pointer, int64_t count, size_t size, clf_error *error);

/* Bytes of `count` elements of `size` bytes; INT64_MAX, which nothing grants, if that is more. */
int64_t clf_bytes(int64_t count, size_t size);

/* True if memory of so many bytes has addresses: always in a 64-bit process, below 4 GiB in a 32-bit one. */
bool clf_addressable(int64_t bytes);

#endif
