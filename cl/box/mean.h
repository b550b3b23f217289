/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mean that a sum over a window makes, stored. Constants besides real.h's:
 *   EXACT  1: sums are whole numbers, of type REAL (int or long), and integer outputs are the quotient rounded to
 *          nearest even, then saturated to DST_LOWEST .. DST_HIGHEST
 *          0: the sum is half the mean, so that what its roundings add does not overflow
 */
#ifndef CLF_BOX_MEAN_H
#define CLF_BOX_MEAN_H

#include "real.h"
#include "mask.h"

#if EXACT && !defined(DST_HIGHEST)
#define MEANS_ARE_FLOATS
#define MEAN_T float
#else
#define MEAN_T REAL
#endif
typedef PASTE(MEAN_T, VECTOR) meanv;

#if EXACT
typedef PASTE(float, VECTOR) float_lanes;
#ifdef CONVERTS_LANES
#define FLOATS(v) __builtin_convertvector(v, float_lanes)
/* Of floats between -2^21 and 2^21: the sum's last bits are the number, rounded. */
#define NEAREST(v)                                                                                                     \
    __builtin_convertvector(PASTE(as_int, VECTOR)((v) + (float_lanes)(0x1.8p23f)) - (PASTE(int, VECTOR))(0x4B400000),  \
                            realv)
#else
#define FLOATS(v) PASTE(convert_float, VECTOR)(v)
#define NEAREST(v) PASTE(PASTE(convert_, REAL), VECTOR)(rint(v))
#endif
#endif

#if !EXACT
#ifdef REAL_IS_DOUBLE
#define HALF_GREATEST (DBL_MAX / 2)
#else
#define HALF_GREATEST (FLT_MAX / 2)
#endif
/* Roundings took a finite sum beyond the greatest number: it is that. */
static inline realv below_greatest(realv sums) {
    REAL lanes[VECTOR];
    PASTE(vstore, VECTOR)(sums, 0, lanes);
    for (int lane = 0; lane < VECTOR; lane++)
        if (isfinite(lanes[lane]))
            lanes[lane] = clamp(lanes[lane], (REAL)-HALF_GREATEST, (REAL)HALF_GREATEST);
    return load_line(lanes);
}
#endif

/* The quotients of whole sums by `count`; the approximate ones are wrong by one at most. */
static inline meanv means_of(realv sums, int count) {
#if !EXACT
    (void)count;
    if (ANY(fabs(sums) > (realv)(HALF_GREATEST)))
        sums = below_greatest(sums);
    return sums + sums;
#else
#ifdef MEANS_ARE_FLOATS
    return FLOATS(sums) / (float_lanes)(count);
#else
    const realv n = (realv)(count);
    realv means = NEAREST(FLOATS(sums) * (float_lanes)(1.0f / (float)count)), rest = 2 * (sums - means * n);
    /* comparisons are -1 where they hold; a half goes to the even neighbour */
    const realv odd = -(means & 1);
    means -= (rest > n) | ((rest == n) & odd);
    means += (rest < -n) | ((rest == -n) & odd);
    means = means < (realv)(DST_LOWEST) ? (realv)(DST_LOWEST) : means;
    return means > (realv)(DST_HIGHEST) ? (realv)(DST_HIGHEST) : means;
#endif
#endif
}

static inline void store_mean(MEAN_T mean, global DST_T *y, long i) {
#if DST_IS_HALF
    vstore_half_rte(mean, i, y);
#else
    y[i] = (DST_T)mean;
#endif
}

/* VECTOR means side by side. */
static inline void store_means(meanv means, global DST_T *y, long i) {
#if defined(UNALIGNED_VECTORS) && (!DST_IS_HALF || defined(CONVERTS_HALVES))
    *(global dstv_anywhere *)(y + i) = __builtin_convertvector(means, dstv_anywhere);
#else
    MEAN_T lanes[VECTOR];
    PASTE(vstore, VECTOR)(means, 0, lanes);
    for (int lane = 0; lane < VECTOR; lane++)
        store_mean(lanes[lane], y, i + lane);
#endif
}

#endif
