/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What NaN and Inf do to the outputs of a tile whose windows hold them, and to no others. They are 0 in the transform;
 * then NaN, or what Inf times its tap is, is added to the outputs. Where every tap makes the same of an element, the
 * outputs are found line by line whose windows hold one, at a few operations an element, however many there are. Inf
 * under taps that differ in sign or are 0 is added to its outputs one by one while there are few; else the outputs that
 * hold one look through their windows until it is clear what comes out.
 */
#ifndef CLF_TILE_BAD_H
#define CLF_TILE_BAD_H

#include "tile_io.h"

/* What is looked for. */
enum { BAD_NAN, BAD_ABOVE, BAD_BELOW, BAD_INFINITE, BAD_KINDS };

/* Operations an output at which adding elements one by one gives way to looking through windows. */
#define FEW_PRODUCTS 64

#if VECTOR == 8
typedef int8 flag_lanes;
#else
typedef int16 flag_lanes;
#endif
#define FLAGS(condition) PASTE(convert_int, VECTOR)(condition)

/* A tile, its taps and its outputs. */
typedef struct tile_bad {
    const tile_source *source;
    const tile_place *place;
    constant const long *g;
    global const REAL *w;
    global DST_T *y;
    local int *flags, *last; /* of a tile's columns: whether one is bad; the latest bad row in an output's windows */
    const tile_lanes *lanes; /* how its column blocks lie in memory */
    int lead, down, across, dilation1, dilation2;
} tile_bad;

/* The element at a place of the tile; 0 for the border's constant, which is finite, and for nothing. */
TILE_INLINE REAL element_at(const tile_source *source, int row, int column) {
    const long from = source->rows[row], at = source->columns[column];
    return min(from, at) <= TILE_NOTHING ? (REAL)0 : load_one(source->x, from + at);
}

TILE_INLINE void add_to(REAL value, global DST_T *y, long to) {
#if DST_IS_HALF
    store_one(vload_half(to, y) + value, y, to);
#else
    store_one((REAL)y[to] + value, y, to);
#endif
}

/* Which of VECTOR elements are of a kind. */
TILE_INLINE flag_lanes flags_of(bits_lanes bits, int kind) {
    const bits_lanes infinite = INFINITE_BITS, sign = ~(bits_lanes)(INFINITE_BITS | (INFINITE_BITS - 1));
    if (kind == BAD_NAN)
        return FLAGS((bits & ~sign) > infinite);
    if (kind == BAD_INFINITE)
        return FLAGS((bits & ~sign) == infinite);
    return FLAGS(bits == (kind == BAD_BELOW ? infinite | sign : infinite));
}

/* Flags the elements of a row that are of a kind, and returns whether any is. */
TILE_INLINE bool flag_row(const tile_bad *b, int row, int kind) {
    flag_lanes found = 0;
    for (int block = 0; block * VECTOR < b->source->needed; block++) {
        realv v = load_row(b->source, b->source->rows[row], &b->lanes[block], block * VECTOR);
        flag_lanes flags = flags_of(AS_BITS(v), kind);
        PASTE(vstore, VECTOR)(flags, 0, b->flags + block * VECTOR);
        found |= flags;
    }
    return any(found);
}

/*
 * Notes `row` in `last` for the outputs along x whose windows in that row hold a flag. Taps stand a dilation apart:
 * columns of the same remainder are walked together.
 */
TILE_INLINE void note_row(const tile_bad *b, int row) {
    const int reach = (b->across - 1) * b->dilation2, needed = b->source->needed, columns = b->place->columns;
    for (int remainder = 0; remainder < b->dilation2; remainder++) {
        int newest = INT_MIN;
        for (int column = remainder; column < needed; column += b->dilation2) {
            const int first = column - reach, i2 = first - b->lead;
            newest = b->flags[column] != 0 ? column : newest;
            if (newest >= first && i2 >= 0 && i2 < columns)
                b->last[i2] = row;
        }
    }
}

/* What a window that holds Inf gives under its taps, as far as they must be looked at to know. */
TILE_INLINE REAL look_through(const tile_bad *b, int i1, int i2) {
    REAL sum = 0;
    for (int k = 0; k < b->down * b->across && !isnan(sum); k++) {
        REAL value = element_at(b->source, i1 + k / b->across * b->dilation1,
                                b->lead + i2 + k % b->across * b->dilation2);
        if (isinf(value))
            sum += value * b->w[k];
    }
    return sum;
}

/* Adds to the outputs of row i1 that `last` names: `value`, or if that is 0, what their windows give. */
TILE_INLINE void add_row(const tile_bad *b, int i1, REAL value) {
    const int step2 = (int)b->g[CONV_STEP + 2];
    long to = b->place->out + i1 / (int)b->g[CONV_STEP + 1] * b->place->pitch;
    for (int i2 = 0; i2 < b->place->columns; i2 += step2, to += b->g[CONV_DST_STRIDE + 2])
        if (b->last[i2] >= i1)
            add_to(value == 0 ? look_through(b, i1, i2) : value, b->y, to);
}

/* Adds `value`, or 0 for what their windows give, to the outputs whose windows hold an element of a kind. */
TILE_INLINE void spread_alike(const tile_bad *b, int kind, REAL value) {
    const int reach = (b->down - 1) * b->dilation1, step1 = (int)b->g[CONV_STEP + 1];
    for (int remainder = 0; remainder < b->dilation1; remainder++) {
        int newest = INT_MIN;
        for (int column = 0; column < b->place->columns; column++)
            b->last[column] = INT_MIN;
        for (int row = remainder; row < b->place->rows + reach; row += b->dilation1) {
            const int i1 = row - reach;
            if (flag_row(b, row, kind)) {
                note_row(b, row);
                newest = row;
            }
            if (i1 >= 0 && newest >= i1 && i1 % step1 == 0)
                add_row(b, i1, value);
        }
    }
}

/* Adds an Inf at a place of the tile, times the taps, to its outputs. */
TILE_INLINE void spread_one(const tile_bad *b, int row, int column, REAL value) {
    const int step1 = (int)b->g[CONV_STEP + 1], step2 = (int)b->g[CONV_STEP + 2], d = b->dilation2;
    const int at = column - b->lead, across = b->across, columns = b->place->columns;
    const int first = at < columns ? 0 : (at - columns) / d + 1, last = at < 0 ? -1 : min(across - 1, at / d);
    const long stride = b->g[CONV_DST_STRIDE + 2];
    for (int k1 = 0; k1 < b->down; k1++) {
        const int i1 = row - k1 * b->dilation1;
        if (i1 < 0 || i1 >= b->place->rows || i1 % step1 != 0)
            continue;
        const long to = b->place->out + i1 / step1 * b->place->pitch;
        global const REAL *w = b->w + k1 * across;
        for (int k2 = first; k2 <= last; k2++) {
            const int i2 = at - k2 * d;
            if (step2 == 1)
                add_to(value * w[k2], b->y, to + i2 * stride);
            else if (i2 % step2 == 0)
                add_to(value * w[k2], b->y, to + i2 / step2 * stride);
        }
    }
}

TILE_INLINE void spread_each(const tile_bad *b) {
    for (int row = 0; row < b->place->rows + (b->down - 1) * b->dilation1; row++) {
        const int needed = flag_row(b, row, BAD_INFINITE) ? b->source->needed : 0;
        for (int column = 0; column < needed; column++)
            if (b->flags[column] != 0)
                spread_one(b, row, column, element_at(b->source, row, column));
    }
}

/* 1 or -1 where every tap has that sign, else 0. */
TILE_INLINE REAL common_sign(const tile_bad *b) {
    bool above = true, below = true;
    for (int k = 0; k < b->down * b->across; k++) {
        above = above && b->w[k] > 0;
        below = below && b->w[k] < 0;
    }
    return (REAL)(above ? 1 : below ? -1 : 0);
}

/* How many elements of the tile are of each kind. */
TILE_INLINE void count_bad(const tile_bad *b, long *count) {
    flag_lanes sum[BAD_KINDS] = {0, 0, 0, 0};
    for (int row = 0; row < b->place->rows + (b->down - 1) * b->dilation1; row++)
        for (int block = 0; block * VECTOR < b->source->needed; block++) {
            realv v = load_row(b->source, b->source->rows[row], &b->lanes[block], block * VECTOR);
#pragma unroll
            for (int kind = 0; kind < BAD_KINDS; kind++)
                sum[kind] -= flags_of(AS_BITS(v), kind);
        }
    for (int kind = 0; kind < BAD_KINDS; kind++) {
        int lanes[VECTOR];
        PASTE(vstore, VECTOR)(sum[kind], 0, lanes);
        count[kind] = 0;
        for (int lane = 0; lane < VECTOR; lane++)
            count[kind] += lanes[lane];
    }
}

/* All of it, rare and so kept apart by compilers; `room` has space for twice a tile's columns. */
static __attribute__((noinline)) void spread_bad(const tile_source *source, const tile_place *place,
                                                 constant const long *g, global const REAL *w, long lead,
                                                 local int *room, global DST_T *y) {
    tile_lanes lanes[TILE_BLOCKS];
    const tile_bad b = {source,
                        place,
                        g,
                        w,
                        y,
                        room,
                        room + TILE,
                        lanes,
                        (int)lead,
                        (int)g[CONV_TAPS + 1],
                        (int)g[CONV_TAPS + 2],
                        (int)g[CONV_DILATION + 1],
                        (int)g[CONV_DILATION + 2]};
    long count[BAD_KINDS];
    for (int block = 0; block < TILE_BLOCKS; block++)
        find_lanes(source, block * VECTOR, &lanes[block]);
    count_bad(&b, count);
    const REAL sign = common_sign(&b);
    const bool few = count[BAD_INFINITE] * b.down * b.across <= FEW_PRODUCTS * (long)place->rows * place->columns;
    const bool wanted[BAD_KINDS] = {true, sign != 0, sign != 0, sign == 0 && !few};
    const REAL value[BAD_KINDS] = {NAN, sign * INFINITY, -sign * INFINITY, 0};
    for (int kind = 0; kind < BAD_KINDS; kind++)
        if (wanted[kind] && count[kind] > 0)
            spread_alike(&b, kind, value[kind]);
    if (sign == 0 && few && count[BAD_INFINITE] > 0)
        spread_each(&b);
}

#endif
