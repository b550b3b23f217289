/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers with an exponent of their own, m * 2^k in every lane: products, quotients and sums of them neither overflow
 * nor vanish. k counts in integers as wide as the lanes.
 */
#ifndef CLF_SMOOTHNESS_SCALED_H
#define CLF_SMOOTHNESS_SCALED_H

#include "magnitude.h"
#include "mask.h"

#if VECTOR == 1
#define AS_REALS(bits) PASTE(as_, REAL)(bits)
#else
#define AS_REALS(bits) PASTE(PASTE(as_, REAL), VECTOR)(bits)
#endif
#ifdef REAL_IS_DOUBLE
#define LEAST_NORMAL DBL_MIN
#define RAISE 0x1p64
#define LARGE 0x1p1000
#define LOWER 0x1p-4
#else
#define LEAST_NORMAL FLT_MIN
#define RAISE 0x1p64f
#define LARGE 0x1p100f
#define LOWER 0x1p-4f
#endif

/* The exponent of 0, lower than any other: products of a few stay so low. */
#define EXPONENT_OF_ZERO (-(1 << 20))

typedef struct scaled {
    realv m;
    bits_lanes k;
} scaled;

/* 2^k for the exponents of normal numbers; the nearest of these for others. */
static inline realv power_lanes(bits_lanes k) {
    k = clamp(k, (bits_lanes)(1 - MOST_EXPONENT), (bits_lanes)MOST_EXPONENT);
    return AS_REALS((k + MOST_EXPONENT) << MANTISSA);
}

/* m from 1 up to 4, 0, Inf or NaN. */
static inline void scaled_set(scaled *to, realv v) {
    maskv small = fabs(v) < (realv)LEAST_NORMAL;
    realv raised = SELECT(v, v * (REAL)RAISE, small);
    bits_lanes k = (magnitude_bits(raised) >> MANTISSA) - (bits_lanes)MOST_EXPONENT;
    k = clamp(k, (bits_lanes)(1 - MOST_EXPONENT), (bits_lanes)(MOST_EXPONENT - 1));
    to->m = raised * power_lanes(-k);
    to->k = SELECT(k - SELECT((bits_lanes)0, (bits_lanes)64, small), (bits_lanes)EXPONENT_OF_ZERO, v == 0);
}

static inline void scaled_multiply(scaled *to, const scaled *by) {
    to->m *= by->m;
    to->k += by->k;
}

static inline void scaled_times(scaled *to, realv v) {
    scaled by;
    scaled_set(&by, v);
    scaled_multiply(to, &by);
}

/* By what is not 0. */
static inline void scaled_divide(scaled *to, const scaled *by) {
    to->m /= by->m;
    to->k -= by->k;
}

/* Adds what is `sign` times a term. */
static inline void scaled_add(scaled *to, const scaled *term, REAL sign) {
    bits_lanes most = max(to->k, term->k);
    to->m = to->m * power_lanes(to->k - most) + sign * term->m * power_lanes(term->k - most);
    to->k = most;
}

/* As a number of the type: by steps, each a factor that is one. */
static inline realv scaled_value(const scaled *of) {
    realv m = of->m;
    bits_lanes k = of->k;
    for (int i = 0; i < 3; i++) {
        bits_lanes now = clamp(k, (bits_lanes)(1 - MOST_EXPONENT), (bits_lanes)MOST_EXPONENT);
        m *= power_lanes(now);
        k -= now;
    }
    return m;
}

/* a - b, although that may be more than the type holds. */
static inline void scaled_difference(scaled *to, realv a, realv b) {
    maskv large = fabs(a) >= (realv)LARGE || fabs(b) >= (realv)LARGE;
    realv lower = SELECT((realv)1, (realv)LOWER, large);
    scaled_set(to, a * lower - b * lower);
    to->k += SELECT((bits_lanes)0, (bits_lanes)4, large);
}

#endif
