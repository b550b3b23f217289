/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs of tiles that the look found out of the ordinary: NaN and Inf, magnitudes that a transform would overflow or
 * lose, elements far beyond the rest. Magnitudes fall into levels, runs of filled buckets between empty ones. An output
 * is of the highest level in its window; each level that has outputs is transformed with those below it, what is above
 * it being 0 and the greatest near 1, and stored where its outputs are. Levels without are passed over: where every
 * window has an outlier, or NaN, the rest is not transformed. NaN and Inf are the highest level (tile_bad.h).
 */
#ifndef CLF_TILE_RARE_H
#define CLF_TILE_RARE_H

#include "tile_bad.h"

/* Buckets of 2^8 in all; words of 64 that name them. */
#ifdef REAL_IS_DOUBLE
#define BUCKETS 256
#else
#define BUCKETS 32
#endif
#define BUCKET_SHIFT (MANTISSA + 3)
#define FOUND_WORDS ((BUCKETS + 63) / 64)

/* Behind a tile: outputs of both tiles that are done, outputs of the pass, the greatest magnitude of each row. */
#define SPARE_VECTORS ((4 * TILE * TILE_WORDS * 8 + 2 * TILE * (int)sizeof(REAL)) / 64)

/* What goes on with a pair. */
enum { PAIR_ORDINARY, PAIR_AGAIN, PAIR_SUMMED, PAIR_DONE };

typedef struct tile_pair {
    tile_source source[2];
    tile_place place[2];
    ulong found[2][FOUND_WORDS]; /* the filled buckets of finite numbers but 0 */
    BITS most[2];                /* the greatest magnitudes of the levels that are not done */
    int level[2];                /* buckets from here on are done with; -1: all are */
    bool bad[2], covered[2];     /* NaN or Inf are there; outputs are done */
} tile_pair;

/* What is looked at and written. */
typedef struct tile_rare {
    constant const long *g;
    global const REAL *w;
    TILE_SPACE ulong *maps;
    TILE_SPACE ulong *tile; /* which is loaded again where there are NaN or Inf */
    local int *room; /* four rows of a tile */
    long lead;
    int summed; /* few taps: what is not ordinary is summed (tile_sum.h) */
} tile_rare;

TILE_INLINE TILE_SPACE ulong *map_of(const tile_rare *r, int map) {
    return r->maps + map * MAP_WORDS;
}

TILE_INLINE TILE_SPACE BITS *most_of(const tile_rare *r, int t) {
    return (TILE_SPACE BITS *)(r->maps + 4 * MAP_WORDS) + t * TILE;
}

TILE_INLINE bool is_filled(const ulong *found, int bucket) {
    return (found[bucket / 64] >> bucket % 64 & 1) != 0;
}

TILE_INLINE int needed_rows(const tile_place *place, constant const long *g) {
    return place->rows + (int)((g[CONV_TAPS + 1] - 1) * g[CONV_DILATION + 1]);
}

/* Adds a vector's finite magnitudes to the buckets and to the greatest; returns which lanes are NaN or Inf. */
TILE_INLINE bits_lanes fill_buckets(bits_lanes magnitude, bits_lanes *buckets, bits_lanes *most) {
    const bits_lanes bad = magnitude >= (bits_lanes)INFINITE_BITS, finite = magnitude & ~bad;
    const bits_lanes bucket = finite >> BUCKET_SHIFT, bit = (bits_lanes)1 << (bucket & (8 * (int)sizeof(REAL) - 1));
    *most = greater_bits(*most, finite);
#pragma unroll
    for (int w = 0; w < FOUND_WORDS; w++)
        buckets[w] |= FOUND_WORDS == 1 ? bit & (finite != 0) : bit & (finite != 0) & (bucket >> 6 == w);
    return bad;
}

/* The bits of all lanes in one number. */
TILE_INLINE ulong all_bits(bits_lanes v) {
    BITS lanes[VECTOR], all = 0;
    PASTE(vstore, VECTOR)(v, 0, lanes);
    for (int lane = 0; lane < VECTOR; lane++)
        all |= lanes[lane];
    return (ulong)all & (ULONG_MAX >> (64 - 8 * (int)sizeof(REAL)));
}

/* Looks at every element that outputs of tile t need, and maps NaN and Inf; true if there are Inf. */
TILE_INLINE bool look_closely(tile_pair *p, int t, const tile_rare *r, const tile_lanes *lanes) {
    const tile_source *source = &p->source[t];
    const int rows = needed_rows(&p->place[t], r->g);
    bits_lanes buckets[FOUND_WORDS], most = 0;
    uint kinds = 0;
    for (int w = 0; w < FOUND_WORDS; w++)
        buckets[w] = 0;
    for (int row = 0; row < rows; row++) {
        TILE_SPACE ulong *to[3] = {map_of(r, t) + row * TILE_WORDS, map_of(r, 2) + row * TILE_WORDS,
                                   map_of(r, 3) + row * TILE_WORDS};
        bits_lanes own = 0, bad = 0;
        for (int block = 0; block * VECTOR < source->needed; block++) {
            const realv v = load_row(source, source->rows[row], &lanes[block], block * VECTOR);
            bad |= fill_buckets(magnitude_bits(v), buckets, &own);
        }
        most = greater_bits(most, own);
        most_of(r, t)[row] = most_lane(own);
        if (any_lane(FLAGS(bad)))
            kinds |= flag_bad(source, lanes, row, to);
        else
            for (int w = 0; w < TILE_WORDS; w++)
                to[0][w] = to[1][w] = to[2][w] = 0;
    }
    p->bad[t] = kinds != 0;
    p->most[t] = most_lane(most);
    for (int w = 0; w < FOUND_WORDS; w++)
        p->found[t][w] = all_bits(buckets[w]);
    return kinds > 1;
}

TILE_INLINE void find_all_lanes(const tile_source *source, tile_lanes *lanes) {
    for (int block = 0; block < TILE_BLOCKS; block++)
        find_lanes(source, block * VECTOR, &lanes[block]);
}

/* Looks closely at both tiles; writes the outputs that have NaN or Inf. */
TILE_INLINE void begin_rare(tile_pair *p, const tile_rare *r, global DST_T *y) {
#pragma unroll 1 /* code that is rare is not to be long to build */
    for (int t = 0; t < 2; t++) {
        tile_lanes lanes[TILE_BLOCKS];
        find_all_lanes(&p->source[t], lanes);
        p->level[t] = p->place[t].rows > 0 ? BUCKETS : -1;
        const bool infinite = look_closely(p, t, r, lanes);
        tile_bad b = {.source = &p->source[t], .place = &p->place[t], .g = r->g, .w = r->w, .lead = r->lead};
        b.covered = map_of(r, t);
        b.above = map_of(r, 2);
        b.below = map_of(r, 3);
        b.signs = r->tile;
        if (p->bad[t])
            p->covered[t] = write_bad(&b, infinite, r->room, y);
    }
}

/* The first filled bucket below `level` going down; or where the run of filled ones that it ends begins. -1: none. */
TILE_INLINE int next_filled(const ulong *found, int level) {
    int bucket = level - 1;
    while (bucket >= 0 && !is_filled(found, bucket))
        bucket--;
    return bucket;
}

TILE_INLINE int run_begin(const ulong *found, int bucket) {
    while (bucket > 0 && is_filled(found, bucket - 1))
        bucket--;
    return bucket;
}

/* Maps the outputs of a level of tile t, of buckets from `bottom` on and magnitudes below the source's limit. */
TILE_INLINE void map_level(tile_pair *p, int t, const tile_rare *r, int bottom) {
    const tile_source *source = &p->source[t];
    const BITS low = (BITS)bottom << BUCKET_SHIFT;
    const int rows = needed_rows(&p->place[t], r->g);
    TILE_SPACE ulong *own = map_of(r, 2 + t);
    TILE_SPACE BITS *most = most_of(r, t);
    tile_lanes lanes[TILE_BLOCKS];
    find_all_lanes(source, lanes);
    p->most[t] = 0;
    for (int row = 0; row < rows; row++) {
        for (int w = 0; w < TILE_WORDS; w++)
            own[row * TILE_WORDS + w] = 0;
        if (most[row] >= low)
            most[row] = flag_level(source, lanes, row, low, source->limit, own + row * TILE_WORDS);
        p->most[t] = max(p->most[t], most[row]);
    }
    dilate_map(own, rows, r->g, r->lead);
}

/* Takes what is covered out of a level's outputs, all if it is the lowest, and covers them; true if any is left. */
TILE_INLINE bool take_level(tile_pair *p, int t, const tile_rare *r, bool lowest) {
    TILE_SPACE ulong *own = map_of(r, 2 + t), *covered = map_of(r, t);
    const int step1 = (int)r->g[CONV_STEP + 1];
    ulong any = 0;
    for (int row = 0; row < p->place[t].rows; row++)
        for (int w = 0; w < TILE_WORDS; w++) {
            const int i = row * TILE_WORDS + w;
            const ulong done = p->covered[t] ? covered[i] : 0;
            own[i] = (lowest ? ~0UL : own[i]) & columns_of(w, p->place[t].columns) & ~done;
            covered[i] = done | own[i];
            any |= row % step1 == 0 ? own[i] : 0;
        }
    p->covered[t] = true;
    p->place[t].mask = own;
    return any != 0;
}

/* Finds the next level of tile t that has outputs, and its scale; false if there is none. */
TILE_INLINE bool next_level(tile_pair *p, int t, const tile_rare *r) {
    tile_source *source = &p->source[t];
    tile_place *place = &p->place[t];
    while (p->level[t] >= 0) {
        const int top = next_filled(p->found[t], p->level[t]), bottom = top < 0 ? 0 : run_begin(p->found[t], top);
        const int exponent = exponent_of(p->most[t]);
        const bool lowest = next_filled(p->found[t], bottom) < 0;
        source->limit = top == BUCKETS - 1 ? INFINITE_BITS : top < 0 ? 1 : (BITS)(top + 1) << BUCKET_SHIFT;
        source->scale = power_of_two(-exponent);
        place->scale = top < 0 ? 0 : power_of_two(exponent);
        place->mask = 0;
        p->level[t] = lowest ? -1 : bottom;
        if (lowest && !p->covered[t])
            return true;
        if (!lowest)
            map_level(p, t, r, bottom);
        if (take_level(p, t, r, lowest))
            return true;
    }
    source->needed = place->rows = place->columns = 0;
    return false;
}

/* Prepares the next pass; false if there is none. */
TILE_INLINE bool next_pass(tile_pair *p, const tile_rare *r) {
    bool any = false;
#pragma unroll 1
    for (int t = 0; t < 2; t++)
        any = next_level(p, t, r) || any;
    return any;
}

/* True if no element that the plain loads take beyond what is needed has a magnitude of `limit` or more. */
TILE_INLINE bool rest_below(const tile_source *source, int rows, BITS limit) {
    if (!source->whole)
        return true;
    global const SRC_T *x = source->x + source->first;
    bits_lanes most = 0;
    for (int column = source->needed / VECTOR * VECTOR; column + VECTOR <= source->end; column += VECTOR)
        for (int row = 0; row < rows && column >= source->begin; row++)
            most = greater_bits(most, magnitude_bits(load_lanes(x, source->rows[row] + column)));
    return greatest_lane(most) < limit;
}

/* True if the pair can go on as it was loaded: both of one level or zeros, usual, and neither far above the other. */
TILE_INLINE bool is_ordinary(const tile_pair *p, const tile_rare *r) {
    int exponent[2];
    bool good = !look_unusual(p->source[0].filled | p->source[1].filled); /* else it was not loaded to the end */
    for (int t = 0; t < 2; t++) {
        const int top = next_filled(p->found[t], BUCKETS), bottom = top < 0 ? 0 : run_begin(p->found[t], top);
        const BITS limit = top < 0 ? 1 : (BITS)(top + 1) << BUCKET_SHIFT;
        exponent[t] = exponent_of(p->most[t]);
        good = good && !p->bad[t] && next_filled(p->found[t], bottom) < 0 && magnitude_usual(exponent[t]) &&
               rest_below(&p->source[t], needed_rows(&p->place[t], r->g), limit);
    }
    const bool zeros = exponent[0] == MAGNITUDE_NONE || exponent[1] == MAGNITUDE_NONE;
    return good && (zeros || abs(exponent[0] - exponent[1]) <= 8);
}

/*
 * What becomes of a pair that has been loaded once, or stored: `first` says which. Apart from the loops that are not
 * rare, which it would slow down; and it is given copies, so that theirs stay in registers.
 */
static __attribute__((noinline)) int go_on_rare(tile_pair *p, const tile_rare *r, bool first, global DST_T *y) {
    if (first) {
        begin_rare(p, r, y);
        if (is_ordinary(p, r)) {
            for (int t = 0; t < 2; t++)
                p->place[t].scale = p->most[t] == 0 ? 0 : 1;
            return PAIR_ORDINARY;
        }
        if (r->summed)
            return PAIR_SUMMED;
    }
    return next_pass(p, r) ? PAIR_AGAIN : PAIR_DONE;
}

#endif
