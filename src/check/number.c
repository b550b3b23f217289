/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of every type as doubles. Half precision is done by hand: C11 has no type for it. */
#include "check/number.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct integer_range {
    double low;
    double high;
} integer_range;

/*
 * Half subnormals are multiples of 2^-24, normals have 11 significant bits, 65520 is the tie that rounds to infinity.
 */
static uint16_t half_from_double(double value) {
    uint16_t sign = signbit(value) ? 0x8000U : 0U;
    double magnitude = fabs(value);
    if (isnan(value)) {
        return 0x7e00U;
    }
    if (magnitude >= 65520.0) {
        return (uint16_t)(sign | 0x7c00U);
    }
    if (magnitude < 0x1p-14) {
        return (uint16_t)(sign | (uint16_t)nearbyint(magnitude * 0x1p24));
    }
    int exponent = ilogb(magnitude);
    int fraction = (int)nearbyint(scalbn(magnitude, 10 - exponent)) - 1024;
    return (uint16_t)(sign | (uint16_t)(((exponent + 15) << 10) + fraction));
}

static double half_to_double(uint16_t half) {
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    double magnitude = exponent == 0 ? fraction * 0x1p-24 : scalbn(1024 + fraction, exponent - 25);
    if (exponent == 0x1f) {
        magnitude = fraction == 0 ? (double)INFINITY : (double)NAN;
    }
    return (half & 0x8000U) != 0 ? -magnitude : magnitude;
}

static integer_range range_of(clf_dtype dtype) {
    switch (dtype) {
    case CLF_U8: return (integer_range){0, UINT8_MAX};
    case CLF_U16: return (integer_range){0, UINT16_MAX};
    case CLF_I16: return (integer_range){INT16_MIN, INT16_MAX};
    case CLF_I32: return (integer_range){INT32_MIN, INT32_MAX};
    case CLF_I64: return (integer_range){-0x1p53, 0x1p53}; /* what a double holds */
    default: return (integer_range){-1, 1};
    }
}

double number_low(clf_dtype dtype) {
    return range_of(dtype).low;
}

double number_high(clf_dtype dtype) {
    return range_of(dtype).high;
}

bool number_is_real(clf_dtype dtype) {
    return dtype == CLF_F32 || dtype == CLF_F64 || dtype == CLF_F16;
}

double number_epsilon(clf_dtype dtype) {
    return dtype == CLF_F64 ? DBL_EPSILON : (double)FLT_EPSILON;
}

double number_tiny(clf_dtype dtype) {
    return dtype == CLF_F64 ? 0x1p-1074 : 0x1p-149;
}

double number_load(clf_dtype dtype, const void *data, int64_t index) {
    switch (dtype) {
    case CLF_F32: return (double)((const float *)data)[index];
    case CLF_F64: return ((const double *)data)[index];
    case CLF_F16: return half_to_double(((const uint16_t *)data)[index]);
    case CLF_U8: return ((const uint8_t *)data)[index];
    case CLF_U16: return ((const uint16_t *)data)[index];
    case CLF_I16: return ((const int16_t *)data)[index];
    case CLF_I32: return ((const int32_t *)data)[index];
    case CLF_I64: return (double)((const int64_t *)data)[index];
    default: return NAN;
    }
}

void number_store(clf_dtype dtype, void *data, int64_t index, double value) {
    if (dtype == CLF_F32) { /* most of them: not a moment for an integer that is not stored */
        ((float *)data)[index] = (float)value;
        return;
    }
    integer_range range = range_of(dtype);
    double integer = isnan(value) ? 0 : nearbyint(fmin(fmax(value, range.low), range.high));
    switch (dtype) {
    case CLF_F64: ((double *)data)[index] = value; break;
    case CLF_F16: ((uint16_t *)data)[index] = half_from_double(value); break;
    case CLF_U8: ((uint8_t *)data)[index] = (uint8_t)integer; break;
    case CLF_U16: ((uint16_t *)data)[index] = (uint16_t)integer; break;
    case CLF_I16: ((int16_t *)data)[index] = (int16_t)integer; break;
    case CLF_I32: ((int32_t *)data)[index] = (int32_t)integer; break;
    case CLF_I64: ((int64_t *)data)[index] = (int64_t)integer; break;
    default: break;
    }
}

double number_round(clf_dtype dtype, double value) {
    double storage = 0;
    number_store(dtype, &storage, 0, value);
    return number_load(dtype, &storage, 0);
}
