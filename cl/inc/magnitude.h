/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Magnitudes as bits: without its sign, a floating point number orders as an integer does, NaN above Inf above all
 * others. What is summed or transformed is scaled by a power of two, exactly, where its magnitude is unusual.
 */
#ifndef CLF_MAGNITUDE_H
#define CLF_MAGNITUDE_H

#include "real.h"

#ifdef REAL_IS_DOUBLE
#define BITS long
#define UNSIGNED ulong
#define MANTISSA 52
#define MOST_EXPONENT 1023
#define INFINITE_BITS 0x7FF0000000000000L
#define SHORT_INFINITE 0x7FF00000
#define LEAST_USUAL (-400)
#define MOST_USUAL 400
#else
#define BITS int
#define UNSIGNED uint
#define MANTISSA 23
#define MOST_EXPONENT 127
#define INFINITE_BITS 0x7F800000
#define SHORT_INFINITE INFINITE_BITS
#define LEAST_USUAL (-60)
#define MOST_USUAL 60
#endif
#if VECTOR == 1
typedef BITS bits_lanes;
typedef UNSIGNED unsigned_lanes;
#define AS_BITS(v) PASTE(as_, BITS)(v)
#define AS_UNSIGNED(v) PASTE(as_, UNSIGNED)(v)
#else
typedef PASTE(BITS, VECTOR) bits_lanes;
typedef PASTE(UNSIGNED, VECTOR) unsigned_lanes;
#define AS_BITS(v) PASTE(PASTE(as_, BITS), VECTOR)(v)
#define AS_UNSIGNED(v) PASTE(PASTE(as_, UNSIGNED), VECTOR)(v)
#endif

/* The exponent of what holds only zeros. */
#define MAGNITUDE_NONE INT_MIN

static inline bits_lanes magnitude_bits(realv v) {
    return AS_BITS(v) & (bits_lanes)(~((BITS)1 << (8 * (int)sizeof(REAL) - 1)));
}

static inline bits_lanes greater_bits(bits_lanes a, bits_lanes b) {
    return b > a ? b : a;
}

/*
 * The exponent of a magnitude: what is at least 2^e and less than 2^(e+1) has e, limited so that 2^e and 2^-e are both
 * normal numbers; NaN and Inf have that of the greatest numbers, 0 has MAGNITUDE_NONE.
 */
static inline int exponent_of(BITS magnitude) {
    if (magnitude == 0)
        return MAGNITUDE_NONE;
    return clamp((int)(magnitude >> MANTISSA) - MOST_EXPONENT, 1 - MOST_EXPONENT, MOST_EXPONENT - 1);
}

/* The greatest of all lanes. */
static inline BITS greatest_lane(bits_lanes v) {
#if VECTOR == 1
    return v;
#else
    BITS lanes[VECTOR], most = 0;
    PASTE(vstore, VECTOR)(v, 0, lanes);
    for (int lane = 0; lane < VECTOR; lane++)
        most = max(most, lanes[lane]);
    return most;
#endif
}

/* True if products of numbers of that exponent, and sums of many, are numbers with all their digits. */
static inline bool magnitude_usual(int exponent) {
    return exponent == MAGNITUDE_NONE || (exponent >= LEAST_USUAL && exponent <= MOST_USUAL);
}

/* 2^e for the exponents that exponent_of gives, and their negatives; 1 for MAGNITUDE_NONE. */
static inline REAL power_of_two(int e) {
    const int exponent = e == MAGNITUDE_NONE ? 0 : e;
    return PASTE(as_, REAL)((BITS)(exponent + MOST_EXPONENT) << MANTISSA);
}

/*
 * Peaks, the greatest finite magnitudes, are the upper half of a double's bits, so that atomic operations on integers
 * find them. NaN and Inf count as 0.
 */
static inline int peak_exponent(int peak) {
#ifdef REAL_IS_DOUBLE
    return exponent_of((long)peak << 32);
#else
    return exponent_of(peak);
#endif
}

#if VECTOR == 1
/* As many bits of a magnitude, 0 only for 0. */
static inline int short_magnitude(REAL v) {
    const BITS bits = magnitude_bits(v);
#ifdef REAL_IS_DOUBLE
    return (int)(bits >> 32) | (bits != 0);
#else
    return bits;
#endif
}

static inline int peak_bits(REAL v) {
    const int bits = short_magnitude(v);
    return bits >= SHORT_INFINITE ? 0 : bits;
}
#endif

#endif
