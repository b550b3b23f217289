/* SPDX-License-Identifier: Apache-2.0 */
/* Copying between two strided pieces of host memory. */
#ifndef CLF_PLAN_COPY_H
#define CLF_PLAN_COPY_H

#include <stddef.h>
#include <stdint.h>

/* Copies elements of `bytes` bytes (1, 2, 4 or 8) between tensors of one shape that share no memory. */
void clf_copy_strided(int rank, const int64_t *shape, size_t bytes, void *to, const int64_t *to_strides,
                      const void *from, const int64_t *from_strides);

#endif
