/* SPDX-License-Identifier: Apache-2.0 */
/* Data to measure with, and the comparison of results. */
#include "choose/compare.h"

#include "base/half.h"

#include <math.h>
#include <string.h>

static uint32_t next(uint32_t *state) { /* xorshift32 */
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

void clf_compare_fill(clf_dtype dtype, void *data, size_t bytes, unsigned seed) {
    uint32_t state = 2463534242U ^ (seed * 2654435761U);
    size_t size = clf_dtype_bytes(dtype);
    unsigned char *at = data;
    for (size_t i = 0; i < bytes / size; i++, at += size) {
        double value = (double)next(&state) / 2147483648.0 - 1;
        float single = (float)value;
        uint16_t half = (uint16_t)((state & 0x8000U) | 0x3400U | (state & 0x3ffU)); /* 0.25 to 0.5, either sign */
        if (dtype == CLF_F32)
            memcpy(at, &single, sizeof single);
        else if (dtype == CLF_F64)
            memcpy(at, &value, sizeof value);
        else if (dtype == CLF_F16)
            memcpy(at, &half, sizeof half);
        else if (dtype == CLF_I32 || dtype == CLF_I64)
            memset(at, 0, size);
        else
            memcpy(at, &state, size);
    }
}

void clf_compare_wipe(clf_dtype dtype, void *data, size_t bytes) {
    bool integer = dtype != CLF_F32 && dtype != CLF_F64 && dtype != CLF_F16;
    if (integer)
        memset(data, 0x5a, bytes);
    else /* small ones: the greatest value sets the tolerance */
        clf_compare_fill(dtype, data, bytes, 0x5a5aU);
}

static double read_element(clf_dtype dtype, const unsigned char *at) {
    union {
        float f32;
        double f64;
        uint16_t u16;
        int16_t i16;
        int32_t i32;
        int64_t i64;
    } value;
    memcpy(&value, at, clf_dtype_bytes(dtype));
    switch (dtype) {
    case CLF_F32: return value.f32;
    case CLF_F64: return value.f64;
    case CLF_F16: return clf_half_to_double(value.u16);
    case CLF_U8: return *at;
    case CLF_U16: return value.u16;
    case CLF_I16: return value.i16;
    case CLF_I32: return value.i32;
    case CLF_I64: return (double)value.i64;
    }
    return 0;
}

static double tolerance(clf_dtype dtype) {
    return dtype == CLF_F32 ? 1e-3 : dtype == CLF_F64 ? 1e-9 : dtype == CLF_F16 ? 1e-2 : 0;
}

bool clf_compare_close(clf_dtype dtype, const void *expected, const void *got, size_t bytes) {
    size_t size = clf_dtype_bytes(dtype), count = bytes / size;
    const unsigned char *a = expected, *b = got;
    double greatest = 0, furthest = 0;
    for (size_t i = 0; i < count; i++) {
        double x = read_element(dtype, a + i * size), y = read_element(dtype, b + i * size);
        if (isnan(x) || isnan(y) || isinf(x) || isinf(y)) {
            if (!(isnan(x) && isnan(y)) && x != y)
                return false;
            continue;
        }
        greatest = fmax(greatest, fabs(x));
        furthest = fmax(furthest, fabs(x - y));
    }
    double relative = tolerance(dtype);
    return furthest <= (relative > 0 ? relative * greatest : 1);
}
