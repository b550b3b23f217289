/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Half precision from and to the bits of a double, in whole numbers: a half has 5 bits of exponent and 10 of fraction,
 * a double 11 and 52.
 */
#include "base/half.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

_Static_assert(sizeof(double) == 8, "doubles are IEEE's");

enum {
    BIAS = 1023,          /* of a double's exponent */
    LEAST_EXPONENT = -14, /* of a normal half; smaller ones are multiples of 2^-24 */
    FRACTION_BITS = 52,   /* of a double */
    DROPPED_BITS = 42,    /* of these, beyond the 10 that a normal half keeps */
    HALF_INFINITY = 0x7c00,
    HALF_NAN = 0x7e00, /* a quiet one */
    HALF_SIGN = 0x8000,
};

/* significand / 2^dropped, to the nearest whole number, ties to even. */
static uint64_t round_to_even(uint64_t significand, int dropped) {
    uint64_t kept = significand >> dropped, rest = significand - (kept << dropped), tie = UINT64_C(1) << (dropped - 1);
    return kept + (rest > tie || (rest == tie && (kept & 1)));
}

uint16_t clf_half_from_double(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t sign = bits >> 63 ? HALF_SIGN : 0, fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    int exponent = (int)(bits >> FRACTION_BITS & 0x7ff) - BIAS;
    if (isnan(value))
        return (uint16_t)(sign | HALF_NAN);
    if (exponent > 15)
        return (uint16_t)(sign | HALF_INFINITY);
    bool normal = exponent >= LEAST_EXPONENT;
    int dropped = DROPPED_BITS + (normal ? 0 : LEAST_EXPONENT - exponent);
    if (dropped > FRACTION_BITS + 1) /* below 2^-25, the tie between 0 and the smallest half */
        return (uint16_t)sign;
    uint64_t significand = round_to_even(fraction | UINT64_C(1) << FRACTION_BITS, dropped);
    /* A normal significand's leading bit counts one in the exponent, as does one that rounding up carries into. */
    return (uint16_t)(sign | (significand + (normal ? (uint64_t)(exponent - LEAST_EXPONENT) << 10 : 0)));
}

double clf_half_to_double(uint16_t half) {
    int exponent = half >> 10 & 31, fraction = half & 1023;
    double size = exponent == 0   ? ldexp(fraction, -24)
                  : exponent < 31 ? ldexp(1024 + fraction, exponent - 25)
                  : fraction != 0 ? (double)NAN
                                  : (double)INFINITY;
    return half & HALF_SIGN ? -size : size;
}
