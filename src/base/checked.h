/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums and products of numbers that nobody has looked at yet: descriptors' and lines'. Each is false, and its result
 * not to be used, where that does not fit into 64 bits. Numbers of views need none of this once they are resolved:
 * clf_view_resolve leaves room for what is made of them.
 */
#ifndef CLF_BASE_CHECKED_H
#define CLF_BASE_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

static inline bool clf_add(int64_t a, int64_t b, int64_t *sum) {
    return !__builtin_add_overflow(a, b, sum);
}

static inline bool clf_multiply(int64_t a, int64_t b, int64_t *product) {
    return !__builtin_mul_overflow(a, b, product);
}

/* a * b + c */
static inline bool clf_multiply_add(int64_t a, int64_t b, int64_t c, int64_t *result) {
    int64_t product;
    return clf_multiply(a, b, &product) && clf_add(product, c, result);
}

/* |a|; that of INT64_MIN, which has none, is INT64_MAX. */
static inline int64_t clf_magnitude(int64_t a) {
    return a == INT64_MIN ? INT64_MAX : a < 0 ? -a : a;
}

#endif
