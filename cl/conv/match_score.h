/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scores of normalised matching, and the scale that sums are formed at. Constants: those of real.h; ACC, the type of
 * sums; FLAT, the least variance of a window that is not flat, in parts of its mean square.
 */
#ifndef CLF_CONV_MATCH_SCORE_H
#define CLF_CONV_MATCH_SCORE_H

#include "magnitude.h"

#ifdef ACC_IS_DOUBLE
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

/* What takes a peak's magnitude to about 1: limited, so that sums of products with it fit. */
static inline REAL scale_of(int peak) {
#ifdef REAL_IS_DOUBLE
    const int most = 900;
#else
    const int most = 100;
#endif
    int exponent = peak_exponent(peak);
    return power_of_two(exponent == MAGNITUDE_NONE ? exponent : -clamp(exponent, -most, most));
}

/* The score of a window of `count` elements with this sum and sum of squares; 0 where it or the pattern is flat. */
static inline REAL score_of(REAL product, ACC sum, ACC squares, ACC count, ACC norm) {
    ACC spread = squares - sum * sum / count;
    bool flat = spread <= (ACC)FLAT * squares || norm == 0;
    ACC score = product / (flat ? (ACC)1 : sqrt(spread) * sqrt(norm));
    return flat ? (REAL)0 : (REAL)score;
}

#endif
