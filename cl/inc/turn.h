/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of vectors turned in registers. */
#ifndef CLF_TURN_H
#define CLF_TURN_H

#include "real.h"

#if VECTOR > 1
/*
 * Of two vectors: the even elements, the odd ones, the lower and upper halves in turn. In clang's own words each is one
 * instruction; of .even and .odd it makes nearly two.
 */
#if !defined(SHUFFLE)
#define EVENS(a, b) ((realv)((a).even, (b).even))
#define ODDS(a, b) ((realv)((a).odd, (b).odd))
#elif VECTOR == 16
#define EVENS(a, b) SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODDS(a, b) SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define LOWS(a, b) SHUFFLE(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGHS(a, b) SHUFFLE(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif VECTOR == 8
#define EVENS(a, b) SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODDS(a, b) SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define LOWS(a, b) SHUFFLE(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGHS(a, b) SHUFFLE(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#else
#define EVENS(a, b) SHUFFLE(a, b, 0, 2, 4, 6)
#define ODDS(a, b) SHUFFLE(a, b, 1, 3, 5, 7)
#define LOWS(a, b) SHUFFLE(a, b, 0, 4, 1, 5)
#define HIGHS(a, b) SHUFFLE(a, b, 2, 6, 3, 7)
#endif
#if !defined(LOWS)
static inline realv interleave(realv a, realv b, bool high) {
    realv v;
    v.even = high ? a.hi : a.lo;
    v.odd = high ? b.hi : b.lo;
    return v;
}
#define LOWS(a, b) interleave(a, b, false)
#define HIGHS(a, b) interleave(a, b, true)
#endif

#if VECTOR == 8 && defined(SHUFFLE)
/* Pairs of vectors `apart` from each other exchange halves, quarters or elements, as registers of 16 bytes like it. */
#define EXCHANGE(a, apart, first, second)                                                                              \
    do {                                                                                                               \
        _Pragma("unroll") for (int k = 0; k < VECTOR; k++) if ((k & (apart)) == 0) {                                   \
            realv low = (a)[k], high = (a)[k + (apart)];                                                               \
            (a)[k] = SHUFFLE(low, high, first);                                                                        \
            (a)[k + (apart)] = SHUFFLE(low, high, second);                                                             \
        }                                                                                                              \
    } while (0)
#define ELEMENTS_1 0, 8, 2, 10, 4, 12, 6, 14
#define ELEMENTS_2 1, 9, 3, 11, 5, 13, 7, 15
#define QUARTERS_1 0, 1, 8, 9, 4, 5, 12, 13
#define QUARTERS_2 2, 3, 10, 11, 6, 7, 14, 15
#define HALVES_1 0, 1, 2, 3, 8, 9, 10, 11
#define HALVES_2 4, 5, 6, 7, 12, 13, 14, 15
#endif

/* VECTOR vectors as the rows of a square become its columns. */
static inline __attribute__((always_inline)) void turn_square(realv *a) {
#ifdef EXCHANGE
    EXCHANGE(a, 4, HALVES_1, HALVES_2);
    EXCHANGE(a, 2, QUARTERS_1, QUARTERS_2);
    EXCHANGE(a, 1, ELEMENTS_1, ELEMENTS_2);
#else
#pragma unroll
    for (int step = VECTOR; step > 1; step /= 2) {
        realv t[VECTOR];
#pragma unroll
        for (int k = 0; k < VECTOR / 2; k++) {
            t[2 * k] = LOWS(a[k], a[VECTOR / 2 + k]);
            t[2 * k + 1] = HIGHS(a[k], a[VECTOR / 2 + k]);
        }
#pragma unroll
        for (int k = 0; k < VECTOR; k++)
            a[k] = t[k];
    }
#endif
}
#endif

#endif
