/* SPDX-License-Identifier: Apache-2.0 */
/* Host memory and overflow-checked sizes. */
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

clf_status clf_allocate(void *pointer, size_t count, size_t size, clf_error *error) {
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (memory == NULL)
        return clf_fail(error, CLF_OUT_OF_MEMORY, "could not allocate %zu x %zu bytes of host memory", count, size);
    memcpy(pointer, &memory, sizeof memory);
    return CLF_OK;
}

bool clf_multiply(int64_t a, int64_t b, int64_t *product) {
    if (a != 0 && b > INT64_MAX / a)
        return false;
    *product = a * b;
    return true;
}
