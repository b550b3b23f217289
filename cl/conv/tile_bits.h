/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps of a tile, a bit an element, bit c % 64 of word c / 64 of a row for column c: which elements are out of the
 * ordinary, and in dilated maps, which outputs have one in their windows. Windows of K taps are dilated in log2 K
 * steps, 64 columns an operation, so that maps cost next to nothing beside a transform.
 */
#ifndef CLF_TILE_BITS_H
#define CLF_TILE_BITS_H

#include "tile_io.h"


#define MAP_WORDS (TILE * TILE_WORDS)

typedef PASTE(BITS, 4) bits_four;
typedef PASTE(BITS, 8) bits_eight;
#if VECTOR == 8
typedef int8 flag_lanes;
#define LANE_BITS ((int8)(1, 2, 4, 8, 16, 32, 64, 128))
#else
typedef int16 flag_lanes;
#define LANE_BITS ((int16)(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768))
#endif
#define FLAGS(condition) PASTE(convert_int, VECTOR)(condition)

/* The lanes' bits in one number. */
TILE_INLINE uint or_lanes(flag_lanes v) {
#if VECTOR == 16
    const int8 eight = v.lo | v.hi;
#else
    const int8 eight = v;
#endif
    const int4 four = eight.lo | eight.hi;
    const int2 two = four.lo | four.hi;
    return (uint)(two.x | two.y);
}

TILE_INLINE bool any_lane(flag_lanes flags) {
    return or_lanes(flags) != 0;
}

/* The greatest lane of magnitudes. */
TILE_INLINE BITS most_lane(bits_lanes v) {
#if VECTOR == 16
    const bits_eight eight = max(v.lo, v.hi);
#else
    const bits_eight eight = v;
#endif
    const bits_four four = max(eight.lo, eight.hi);
    return max(max(four.x, four.y), max(four.z, four.w));
}

/* Writes which elements of a row are NaN, +Inf and -Inf, and returns bits of the kinds that are there. */
TILE_INLINE uint flag_bad(const tile_source *source, const tile_lanes *lanes, int row, TILE_SPACE ulong **to) {
    const bits_lanes infinite = INFINITE_BITS;
    uint any[3] = {0, 0, 0};
    for (int w = 0; w < TILE_WORDS; w++)
        to[0][w] = to[1][w] = to[2][w] = 0;
    for (int block = 0; block * VECTOR < source->needed; block++) {
        const realv v = load_row(source, source->rows[row], &lanes[block], block * VECTOR);
        const flag_lanes bad = FLAGS(magnitude_bits(v) >= infinite);
        if (!any_lane(bad))
            continue;
        const flag_lanes nan = FLAGS(magnitude_bits(v) > infinite), above = FLAGS(AS_BITS(v) == infinite);
        const uint both = or_lanes((nan & LANE_BITS) | (above & LANE_BITS << 16)), all = or_lanes(bad & LANE_BITS);
        const uint own[3] = {both & 0xFFFF, both >> 16, all & ~(both | both >> 16)};
        for (int kind = 0; kind < 3; kind++) {
            to[kind][block * VECTOR / 64] |= (ulong)own[kind] << block * VECTOR % 64;
            any[kind] |= own[kind];
        }
    }
    return (any[0] != 0) | (any[1] != 0) << 1 | (any[2] != 0) << 2;
}

/* Writes which elements of a row have magnitudes from `low` on and below `high`; returns the greatest below `low`. */
TILE_INLINE BITS flag_level(const tile_source *source, const tile_lanes *lanes, int row, BITS low, BITS high,
                            TILE_SPACE ulong *to) {
    bits_lanes most = 0;
    for (int block = 0; block * VECTOR < source->needed; block++) {
        const realv v = load_row(source, source->rows[row], &lanes[block], block * VECTOR);
        const bits_lanes magnitude = magnitude_bits(v), reaches = magnitude >= (bits_lanes)low;
        const flag_lanes flags = FLAGS(reaches && magnitude < (bits_lanes)high);
        most = greater_bits(most, magnitude & ~reaches);
        if (any_lane(flags))
            to[block * VECTOR / 64] |= (ulong)or_lanes(flags & LANE_BITS) << block * VECTOR % 64;
    }
    return most_lane(most);
}

/* Adds what stands `by` columns further on to every column; or puts it there. */
TILE_INLINE void add_shifted(ulong *to, const ulong *from, long by) {
    const int words = (int)min(by / 64, (long)TILE_WORDS), bits = (int)(by % 64);
    for (int w = 0; w + words < TILE_WORDS; w++) {
        const ulong next = w + words + 1 < TILE_WORDS ? from[w + words + 1] : 0;
        to[w] |= bits == 0 ? from[w + words] : from[w + words] >> bits | next << (64 - bits);
    }
}

TILE_INLINE void shift_row(ulong *row, long by) {
    ulong from[TILE_WORDS];
    for (int w = 0; w < TILE_WORDS; w++) {
        from[w] = row[w];
        row[w] = 0;
    }
    add_shifted(row, from, by);
}

/* From elements to the outputs that have one in a row of `taps`, `dilation` apart. */
TILE_INLINE void dilate_row(ulong *row, int taps, long dilation) {
    for (int have = 1; have < taps;) {
        const int more = min(have, taps - have);
        add_shifted(row, row, more * dilation);
        have += more;
    }
}

/* The same for a whole map of `rows` rows of which column `lead` is the first output's, along both axes. */
TILE_INLINE void dilate_map(TILE_SPACE ulong *map, int rows, constant const long *g, long lead) {
    const int down = (int)g[CONV_TAPS + 1], across = (int)g[CONV_TAPS + 2];
    for (int have = 1; have < down;) {
        const int more = min(have, down - have);
        const long by = more * g[CONV_DILATION + 1] * TILE_WORDS;
        for (long i = 0; i + by < rows * TILE_WORDS; i++)
            map[i] |= map[i + by];
        have += more;
    }
    for (int r = 0; r < rows; r++) {
        ulong row[TILE_WORDS], any = 0;
        for (int w = 0; w < TILE_WORDS; w++)
            any |= row[w] = map[r * TILE_WORDS + w];
        if (any == 0)
            continue;
        shift_row(row, lead);
        dilate_row(row, across, g[CONV_DILATION + 2]);
        for (int w = 0; w < TILE_WORDS; w++)
            map[r * TILE_WORDS + w] = row[w];
    }
}

/* The bits of word w that are columns below `columns`. */
TILE_INLINE ulong columns_of(int w, int columns) {
    const int here = columns - w * 64;
    return here >= 64 ? ~0UL : here <= 0 ? 0 : (1UL << here) - 1;
}

#endif
