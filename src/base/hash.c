/* SPDX-License-Identifier: Apache-2.0 */
/* FNV-1a, 64 bit. */
#include "base/hash.h"

uint64_t clf_hash(uint64_t seed, const void *data, size_t bytes) {
    const unsigned char *byte = data;
    for (size_t i = 0; i < bytes; i++)
        seed = (seed ^ byte[i]) * UINT64_C(0x100000001b3);
    return seed;
}
