/* SPDX-License-Identifier: Apache-2.0 */
/* A 64-bit hash (FNV-1a) for keys that are compared in full afterwards. */
#ifndef CLF_BASE_HASH_H
#define CLF_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define CLF_HASH_SEED UINT64_C(0xcbf29ce484222325)

uint64_t clf_hash(uint64_t seed, const void *data, size_t bytes);

#endif
