/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The look at what a tile loads: which magnitudes it holds, in buckets of 2^8, a bit each in one number; the greatest
 * of a few elements at a time. Bucket 0 is of zeros, the last one of NaN, Inf and what is near them. Where the filled
 * ones are neighbours and ordinary, the transform of all does; where some between them are empty, some elements are so
 * much greater than the rest that rounding errors of theirs would show where they are not (tile_rare.h looks closely).
 */
#ifndef CLF_TILE_LOOK_H
#define CLF_TILE_LOOK_H

#include "magnitude.h"

/* A vector's 64 bytes as integers; of a double's, the upper halves matter. */
typedef int16 look_lanes;

/* Magnitudes from 2^-55 to 2^57 are transformed as they are. */
#define LOOK_USUAL 0x7FFE00U

static inline look_lanes look_magnitude(realv v) {
    return as_int16(v) & 0x7FFFFFFF;
}

static inline look_lanes look_greater(look_lanes a, look_lanes b) {
    return b > a ? b : a;
}

#ifdef REAL_IS_DOUBLE
typedef uint8 look_filled;
/* The buckets of f32; what lies beyond them is in the first and the last. */
static inline look_filled look_fold(look_lanes most) {
    return (look_filled)1 << convert_uint8(clamp(most.odd >> 23, 112, 143) - 112);
}
#else
typedef uint16 look_filled;
static inline look_filled look_fold(look_lanes most) {
    return (look_filled)1 << as_uint16(most >> 26);
}
#endif

/* The buckets that any lane filled. */
static inline uint look_all(look_filled filled) {
#ifdef REAL_IS_DOUBLE
    const uint8 eight = filled;
#else
    const uint8 eight = filled.lo | filled.hi;
#endif
    const uint4 four = eight.lo | eight.hi;
    const uint2 two = four.lo | four.hi;
    return two.x | two.y;
}

static inline bool look_unusual(uint filled) {
    return (filled & ~(LOOK_USUAL | 1U)) != 0;
}

/*
 * True if two tiles can be transformed as they are: the filled buckets of each but the first, of which there are some,
 * usual and without a gap, and the greatest of both in one.
 */
static inline bool look_ordinary(uint a, uint b) {
    const uint own = a & ~1U, other = b & ~1U;
    const bool gaps = (own & (own + (own & -own))) != 0 || (other & (other + (other & -other))) != 0;
    return own != 0 && !look_unusual(own | other) && !gaps && clz(own) == clz(other);
}

#endif
