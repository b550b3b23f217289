/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The range of blocks before they are transformed: the greatest magnitude of each, and a power of two where it is
 * unusual. A kernel's second global id counts blocks of `size` reals; a work-item looks at every span-th from its own
 * on.
 */
#ifndef CLF_PEAK_H
#define CLF_PEAK_H

#include "magnitude.h"

/* peaks[] must be 0, or greatest magnitudes so far. */
static inline void find_peak(global const REAL *blocks, global int *peaks, long size, long span) {
    global const REAL *block = blocks + (long)get_global_id(1) * size;
    const bool rows = LOCAL_X == 1; /* a run for each work-item; else neighbours for neighbours */
    long run = (size + span - 1) / span, own = (long)get_global_id(0);
    long first = rows ? own * run : own, last = rows ? min(first + run, size) : size, step = rows ? 1 : span;
    int most = 0;
    for (long i = first; i < last && own < span; i += step)
        most = max(most, peak_bits(block[i]));
    atomic_max(peaks + get_global_id(1), most);
}

/* Blocks of unusual magnitudes, scaled so that their greatest is 1 to 2; the others are not looked at. */
static inline void scale_by_peak(global REAL *blocks, global const int *peaks, long size, long span) {
    global REAL *block = blocks + (long)get_global_id(1) * size;
    int exponent = peak_exponent(peaks[get_global_id(1)]);
    REAL scale = power_of_two(-exponent);
    for (long i = (long)get_global_id(0); i < size && !magnitude_usual(exponent); i += span)
        block[i] *= scale;
}

/* What takes that back. */
static inline REAL scale_back(int peak) {
    int exponent = peak_exponent(peak);
    return magnitude_usual(exponent) ? 1 : power_of_two(exponent);
}

#endif
