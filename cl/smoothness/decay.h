/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decay: exp(x) of a realv that is 0 or less, at most 2 ulp off, subnormal results included; exp(-Inf) = 0, NaN stays.
 * In f32 vectors it is Cephes's reduction and polynomial (x = n*ln 2 + r, |r| <= ln 2 / 2) without the calls, element
 * by element, that PoCL makes of exp; elsewhere it is exp.
 */
#ifndef CLF_DECAY_H
#define CLF_DECAY_H

#if VECTOR > 1 && !defined(REAL_IS_DOUBLE)
typedef PASTE(int, VECTOR) decay_integers;
#define AS_INTEGERS PASTE(as_int, VECTOR)
#define AS_REALS PASTE(as_float, VECTOR)

static inline realv decay(realv x) {
    const float round = 12582912.0f;             /* 1.5 * 2^23: adding it leaves the nearest integer in the low bits */
    x = x < (realv)-104.0f ? (realv)-104.0f : x; /* exp(-104) rounds to 0; NaN stays */
    realv t = MULTIPLY_ADD(x, (realv)1.44269504088896341f, (realv)round), n = t - round;
    realv r = MULTIPLY_ADD(n, (realv)2.12194440e-4f, MULTIPLY_ADD(n, (realv)-0.693359375f, x));
    realv p = MULTIPLY_ADD(r, (realv)1.9875691500e-4f, (realv)1.3981999507e-3f);
    p = MULTIPLY_ADD(p, r, (realv)8.3334519073e-3f);
    p = MULTIPLY_ADD(p, r, (realv)4.1665795894e-2f);
    p = MULTIPLY_ADD(p, r, (realv)1.6666665459e-1f);
    p = MULTIPLY_ADD(p, r, (realv)5.0000001201e-1f);
    p = MULTIPLY_ADD(p, r * r, r) + 1;
    decay_integers k = AS_INTEGERS(t) - AS_INTEGERS((realv)round), h = k >> 1; /* 2^k in two steps: k may be -150 */
    return p * AS_REALS((h + 127) << 23) * AS_REALS((k - h + 127) << 23);
}
#else
static inline realv decay(realv x) {
    return exp(x);
}
#endif

#endif
