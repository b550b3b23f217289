/* SPDX-License-Identifier: Apache-2.0 */
/* Host memory and overflow-checked sizes. */
#include "base/alloc.h"

#include "base/checked.h"

#include <stdlib.h>
#include <string.h>

clf_status clf_allocate(void *pointer, int64_t count, size_t size, clf_error *error) {
    void *memory = clf_addressable(count) ? calloc(count ? (size_t)count : 1, size ? size : 1) : NULL;
    if (memory == NULL)
        return clf_fail(error, CLF_OUT_OF_MEMORY, "could not allocate %lld x %zu bytes of host memory",
                        (long long)count, size);
    memcpy(pointer, &memory, sizeof memory);
    return CLF_OK;
}

int64_t clf_bytes(int64_t count, size_t size) {
    int64_t bytes;
    return clf_multiply(count, (int64_t)size, &bytes) ? bytes : INT64_MAX;
}

bool clf_addressable(int64_t bytes) {
    return bytes >= 0 && (uint64_t)(size_t)bytes == (uint64_t)bytes;
}
