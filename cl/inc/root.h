/* SPDX-License-Identifier: Apache-2.0 */
/*
 * root_lanes: the square root of a realv, at most 1 ulp off; 0, subnormals, Inf and NaN as sqrt has them.
 * With AVX-512 sixteen roots cost one estimate of 1/sqrt(a) (relative error 2^-14) and one step of Newton,
 *   s = a*y,  s + (a - s*s) * y/2,
 * a third of the instruction that divides them out; vectors that hold anything out of 2^-100..Inf take that one.
 */
#ifndef CLF_ROOT_H
#define CLF_ROOT_H

#if defined(__AVX512F__) && defined(__has_builtin) && VECTOR == 16 && !defined(REAL_IS_DOUBLE)
#if __has_builtin(__builtin_ia32_rsqrt14ps512_mask) && __has_builtin(__builtin_ia32_ucmpd512_mask)
#define ESTIMATED_ROOT
#endif
#endif

#ifdef ESTIMATED_ROOT
static inline realv root_lanes(realv a) {
    const uint least = 0x0D800000, infinite = 0x7F800000; /* 2^-100 and Inf */
    uint16 distance = as_uint16(a) - least;
    if (__builtin_ia32_ucmpd512_mask(as_int16(distance), (int16)(infinite - least), 5, -1)) /* 5: not less */
        return sqrt(a);
    float16 y = __builtin_ia32_rsqrt14ps512_mask(a, a, -1);
    float16 s = a * y;
    return fma(fma(-s, s, a), 0.5f * y, s);
}
#else
static inline realv root_lanes(realv a) {
    return sqrt(a);
}
#endif

#endif
