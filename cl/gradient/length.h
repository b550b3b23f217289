/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The length of a vector, sqrt(x^2 + y^2 + z^2 + w^2), right wherever it fits the type: where the sum of the squares is
 * too small or too great to have all its digits, everything is scaled by a power of two and squared again.
 */
#ifndef CLF_LENGTH_H
#define CLF_LENGTH_H

#include "mask.h"
#include "magnitude.h"
#include "root.h"

#ifdef REAL_IS_DOUBLE
#define LEAST_SQUARES 0x07B0000000000000L /* the bits of 2^-900 */
#else
#define LEAST_SQUARES 0x0D800000 /* of 2^-100 */
#endif
#if VECTOR == 1
#define AS_REALS(bits) PASTE(as_, REAL)(bits)
#else
#define AS_REALS(bits) PASTE(PASTE(as_, REAL), VECTOR)(bits)
#endif

static __attribute__((noinline)) realv length_apart(realv x, realv y, realv z, REAL w) {
    bits_lanes most = greater_bits(greater_bits(magnitude_bits(x), magnitude_bits(y)), magnitude_bits(z));
    most = greater_bits(most, magnitude_bits((realv)w));
    /* exponents of powers of two that are normal numbers, and so are their inverses */
    const bits_lanes exponent =
        clamp(most >> MANTISSA, (bits_lanes)1, (bits_lanes)(2 * MOST_EXPONENT - 1)) - MOST_EXPONENT;
    const realv up = AS_REALS((MOST_EXPONENT - exponent) << MANTISSA);
    x *= up;
    y *= up;
    z *= up;
    const realv v = up * w;
    const realv down = AS_REALS((MOST_EXPONENT + exponent) << MANTISSA);
    return sqrt(MULTIPLY_ADD(x, x, MULTIPLY_ADD(y, y, MULTIPLY_ADD(z, z, v * v)))) * down;
}

/* `squares` is x^2 + y^2 + z^2 + w^2 as the arithmetic has it; w >= 0. */
static inline realv length_lanes(realv squares, realv x, realv y, realv z, REAL w) {
    const bits_lanes bits = AS_BITS(squares);
    const maskv apart = bits < (bits_lanes)LEAST_SQUARES || bits >= (bits_lanes)INFINITE_BITS;
    if (ANY(apart)) {
        const maskv some = (magnitude_bits(x) | magnitude_bits(y) | magnitude_bits(z)) != 0;
        if (w != 0 || ANY(apart && some)) /* zeros are many, and their root is right */
            return length_apart(x, y, z, w);
    }
    return root_lanes(squares);
}

#endif
