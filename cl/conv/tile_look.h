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
#include "tile_fft.h"

/* A vector's 64 bytes as integers; of a double's, the upper halves matter. */
typedef int16 look_lanes;

/* Magnitudes from 2^-55 to 2^57 are transformed as they are. */
#define LOOK_USUAL 0x7FFE00U

/* The bucket of NaN, Inf and what is near them. */
#define LOOK_BEYOND (1U << 31)

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

static inline uint look_bucket(REAL magnitude) {
    return 1U << (clamp((int)(as_ulong(magnitude) >> 55), 112, 143) - 112);
}
#else
typedef uint16 look_filled;
static inline look_filled look_fold(look_lanes most) {
    return (look_filled)1 << as_uint16(most >> 26);
}

static inline uint look_bucket(REAL magnitude) {
    return 1U << (as_uint(magnitude) >> 26);
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

/* True if the filled buckets of a tile but the first, of which there are some, are usual and without a gap. */
static inline bool look_even(uint filled) {
    const uint own = filled & ~1U;
    return own != 0 && !look_unusual(own) && (own & (own + (own & -own))) == 0;
}

/* True if two tiles can be transformed as they are: each is even, and the greatest of both are in one bucket. */
static inline bool look_ordinary(uint a, uint b) {
    return look_even(a) && look_even(b) && clz(a) == clz(b);
}

/*
 * Small tiles are glanced at first, since looking at them costs a quarter of their time: rows a power of two apart do
 * not stay in the first cache until they are loaded. Blocks of larger tiles do not stay there themselves.
 */
#define GLANCES (TILE <= 64)

/* Buckets of a tile that is transformed as it is, whichever they are. */
#define LOOK_ORDINARY (1U << 16)

/*
 * A glance at both tiles while they are loaded, enough for most. Of elements that every window holds four of, the
 * greatest of each four: the least of these, of either tile. And the greatest sum of squares of several elements of
 * both. Where that is at most 2^8 times the least, its root being meant, nothing is between empty buckets.
 */
typedef struct tile_glance {
    realv least[2];
    unsigned_lanes most; /* the bits of the sum: NaN is the greatest */
} tile_glance;

static inline tile_glance begin_glance(void) {
    return (tile_glance){{INFINITY, INFINITY}, 0};
}

/*
 * Adds up what the first pass made of RADIX1 elements of both tiles at a time, of the column blocks of a group: RADIX1
 * times their squares. In a loop of its own: the transform needs all registers.
 */
TILE_INLINE void glance_block(local const realv *block, tile_glance *glance) {
    for (int j = 0; j < PART; j++)
        for (int g = 0; g < GROUP; g++) {
            local const realv *from = block + g * BLOCK_VECTORS + 2 * j;
            realv real = 0, imaginary = 0;
#pragma unroll
            for (int k = 0; k < RADIX1; k++) {
                const realv r = from[2 * PART_PITCH * k], i = from[2 * PART_PITCH * k + 1];
                real = MULTIPLY_ADD(r, r, real);
                imaginary = MULTIPLY_ADD(i, i, imaginary);
            }
            glance->most = max(glance->most, AS_UNSIGNED(real + imaginary));
        }
}

/* The greater of two neighbours each, of lanes of a and of b. */
#if VECTOR == 16
#define EVEN_OF_BOTH(a, b) SHUFFLE(a, b, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30)
#define ODD_OF_BOTH(a, b) SHUFFLE(a, b, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31)
#else
#define EVEN_OF_BOTH(a, b) ((real8)((a).even, (b).even))
#define ODD_OF_BOTH(a, b) ((real8)((a).odd, (b).odd))
#endif
TILE_INLINE realv greater_neighbours(realv a, realv b) {
    const realv even = EVEN_OF_BOTH(a, b), odd = ODD_OF_BOTH(a, b);
    return even > odd ? even : odd;
}

/* The least of what is greatest of four neighbours, of four vectors and `least`. */
TILE_INLINE realv glance_least(const realv *v, realv least) {
    const realv a = greater_neighbours(fabs(v[0]), fabs(v[1])), b = greater_neighbours(fabs(v[2]), fabs(v[3]));
    const realv four = greater_neighbours(a, b);
    return four < least ? four : least;
}

/* The greatest sum of all lanes. */
TILE_INLINE REAL glance_most(const tile_glance *glance) {
#if VECTOR == 16
    const PASTE(UNSIGNED, 8) eight = max(glance->most.lo, glance->most.hi);
#else
    const PASTE(UNSIGNED, 8) eight = glance->most;
#endif
    const PASTE(UNSIGNED, 4) four = max(eight.lo, eight.hi);
    const PASTE(UNSIGNED, 2) two = max(four.lo, four.hi);
    return PASTE(as_, REAL)(max(two.x, two.y));
}

/* True if magnitudes may reach 2^57, or are NaN. */
TILE_INLINE bool glance_unusual(const tile_glance *glance) {
    return !(glance_most(glance) < (REAL)0x1p114);
}

/* True if both tiles can be transformed as they are. `filled`: the buckets of what was not glanced at. */
TILE_INLINE bool glance_ordinary(const tile_glance *glance, const uint *filled) {
    bool good = !glance_unusual(glance);
    for (int t = 0; t < 2; t++) {
        REAL lanes[VECTOR], least = INFINITY;
        store_line(glance->least[t], lanes);
        for (int lane = 0; lane < VECTOR; lane++)
            least = min(least, lanes[lane]);
        /* a little less than 2^16, as sums are rounded */
        good = good && least >= (REAL)0x1p-55 && glance_most(glance) <= least * least * (65000 * RADIX1) &&
               look_even(filled[t] | look_bucket(least));
    }
    return good;
}

#endif
