/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What conv.fft finds out about the magnitudes of an item before it is transformed: its greatest, whether there are NaN
 * or Inf, and which buckets of 2^4 are filled. Three empty ones between two filled ones (elements 2^16 apart with none
 * between leave that, such 2^12 apart never do) part levels. The lowest level is transformed first, what is above it
 * being 0; the two highest follow (fft_rare.cl), each with what is below it, for the outputs that have it in their
 * windows. Of more than three levels, all but the two highest are one.
 */
#ifndef CLF_CONV_FFT_FOUND_H
#define CLF_CONV_FFT_FOUND_H

#include "fft_geometry.h"
#include "magnitude.h"

/* Of an item. Flags are written once the others are known. */
enum { FOUND_PEAK = 0, FOUND_BAD = 1, FOUND_EXPONENT = 2, FOUND_FLAGS = 3, FOUND_BUCKETS = 4 };
/* Of all: whether any item has flags; the signs that taps have. */
enum { FOUND_ANY = 0, FOUND_SIGNS = 1 };

/* NaN or Inf; Inf among them; elements of the second level; of the third. */
enum { FLAG_BAD = 1, FLAG_INFINITE = 2, FLAG_FAR = 4, FLAG_TOP = 8 };

/* Where an item's begin. */
#define FOUND_OF(found, item) ((found) + FFT_FOUND_ALL + (item)*FFT_FOUND)

#define BUCKET_SHIFT (MANTISSA + 2)
#ifdef REAL_IS_DOUBLE
#define BUCKETS 512
#define SHORT_SHIFT (BUCKET_SHIFT - 32) /* of short magnitudes */
#define BUCKETS_USUAL 224 /* the first of 64 that are looked at first: from 2^-127 */
#else
#define BUCKETS 64
#define SHORT_SHIFT BUCKET_SHIFT
#define BUCKETS_USUAL 0
#endif
#define EMPTY_BUCKETS 3

/* Magnitudes from here on are left out of the first pass, and of the second. */
typedef struct found_limits {
    BITS of[FFT_PASSES];
} found_limits;

/* The highest filled bucket below `end`; -1: none. */
static inline int filled_below(global const int *found, int end) {
    for (int word = (end - 1) >> 5; end > 0 && word >= 0; word--) {
        const uint here = (uint)found[FOUND_BUCKETS + word];
        const uint below = word == (end - 1) >> 5 ? ~0U >> (31 - ((end - 1) & 31)) : ~0U;
        if ((here & below) != 0)
            return word * 32 + 31 - (int)clz(here & below);
    }
    return -1;
}

/* The levels' limits: those of the two highest gaps; INFINITE_BITS where there are fewer. */
static inline found_limits find_limits(global const int *found) {
    found_limits limits = {{INFINITE_BITS, INFINITE_BITS}};
    int last = filled_below(found, BUCKETS), gaps = 0;
    while (last > 0 && gaps < FFT_PASSES) {
        const int next = filled_below(found, last);
        if (next >= 0 && last - next > EMPTY_BUCKETS) {
            limits.of[1] = gaps == 0 ? INFINITE_BITS : limits.of[0];
            limits.of[0] = (BITS)last << BUCKET_SHIFT;
            gaps++;
        }
        last = next;
    }
    return limits;
}

/* The exponent of the greatest magnitude below a limit, or little more. */
static inline int level_exponent(global const int *found, BITS limit) {
    if (limit == INFINITE_BITS)
        return peak_exponent(found[FOUND_PEAK]);
    const int bucket = filled_below(found, (int)(limit >> BUCKET_SHIFT));
    const int exponent = (bucket + 1) * (1 << (BUCKET_SHIFT - MANTISSA)) - 1 - MOST_EXPONENT;
    return bucket < 0 ? MAGNITUDE_NONE : clamp(exponent, 1 - MOST_EXPONENT, MOST_EXPONENT - 1);
}

#endif
