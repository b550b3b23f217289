/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decay: exp(x) of a realv that is 0 or less, at most 2 ulp off; results below the normal numbers are as exp has them
 * or 0, exp(-Inf) = 0, NaN stays. In f32 vectors it is Cephes's reduction and polynomial (x = n*ln 2 + r,
 * |r| <= ln 2 / 2) without the calls, element by element, that PoCL makes of exp; elsewhere it is exp.
 */
#ifndef CLF_DECAY_H
#define CLF_DECAY_H

#include "mask.h"

#if VECTOR > 1 && !defined(REAL_IS_DOUBLE)
typedef PASTE(int, VECTOR) decay_integers;
#define DECAY_INTEGERS PASTE(as_int, VECTOR)
#define DECAY_REALS PASTE(as_float, VECTOR)

static inline realv decay(realv x) {
    const float round = 12582912.0f; /* 1.5 * 2^23: adding it leaves the nearest integer in the low bits */
    realv t = MULTIPLY_ADD(x, (realv)1.44269504088896341f, (realv)round), n = t - round;
    realv r = MULTIPLY_ADD(n, (realv)2.12194440e-4f, MULTIPLY_ADD(n, (realv)-0.693359375f, x));
    realv p = MULTIPLY_ADD(r, (realv)1.9875691500e-4f, (realv)1.3981999507e-3f);
    p = MULTIPLY_ADD(p, r, (realv)8.3334519073e-3f);
    p = MULTIPLY_ADD(p, r, (realv)4.1665795894e-2f);
    p = MULTIPLY_ADD(p, r, (realv)1.6666665459e-1f);
    p = MULTIPLY_ADD(p, r, (realv)5.0000001201e-1f);
    p = MULTIPLY_ADD(p, r * r, r) + 1;
    decay_integers power = (DECAY_INTEGERS(t) + (127 - DECAY_INTEGERS((realv)round))) << 23; /* 2^n */
    return select(p * DECAY_REALS(power), (realv)0, x < (realv)-87.0f);
}
#else
static inline realv decay(realv x) {
    return exp(x);
}
#endif

#endif
