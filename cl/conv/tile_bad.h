/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What NaN and Inf do to the outputs of a tile whose windows hold them, and to no others. They are 0 in the transform;
 * then NaN, or what Inf times its tap is, is added to the outputs. Where every tap makes the same of an element, the
 * outputs are found line by line whose windows hold one, at a few operations an element, however many there are. Else,
 * for Inf under taps that differ in sign or are 0, each element is added to its outputs one by one.
 */
#ifndef CLF_TILE_BAD_H
#define CLF_TILE_BAD_H

#include "tile_io.h"

/* The element at a place of the tile; 0 for the border's constant, which is finite, and for nothing. */
TILE_INLINE REAL element_at(const tile_source *source, int row, int column) {
    const long from = source->rows[row], at = source->columns[column];
    return min(from, at) <= TILE_NOTHING ? (REAL)0 : load_one(source->x, from + at);
}

TILE_INLINE void add_to(REAL value, const tile_place *place, constant const long *g, int i1, int i2, global DST_T *y) {
    const long to = place->out + i1 / (int)g[CONV_STEP + 1] * place->pitch +
                    i2 / (int)g[CONV_STEP + 2] * g[CONV_DST_STRIDE + 2];
#if DST_IS_HALF
    store_one(vload_half(to, y) + value, y, to);
#else
    store_one((REAL)y[to] + value, y, to);
#endif
}

/* Whether a value is the one looked for; NaN stands for every NaN. */
TILE_INLINE bool is_bad(REAL value, REAL bad) {
    return isnan(bad) ? isnan(value) : value == bad;
}

/*
 * Notes `row` in `last` for the outputs along x whose windows in that row hold `bad`; returns whether there are any.
 * Taps stand `dilation` apart: columns of the same remainder are walked together.
 */
TILE_INLINE bool note_row(const tile_source *source, const tile_place *place, int row, int lead, int taps, int dilation,
                          REAL bad, local int *last) {
    bool any_bad = false;
    for (int remainder = 0; remainder < dilation; remainder++) {
        int newest = -1;
        for (int column = remainder; column < source->needed; column += dilation) {
            const int first = column - (taps - 1) * dilation;
            newest = is_bad(element_at(source, row, column), bad) ? column : newest;
            if (newest >= 0 && newest >= first && first >= lead && first - lead < place->columns) {
                last[first - lead] = row;
                any_bad = true;
            }
        }
    }
    return any_bad;
}

/* Adds `value` to the outputs whose windows hold `bad`. */
TILE_INLINE void spread_alike(const tile_source *source, const tile_place *place, constant const long *g, int lead,
                              REAL bad, REAL value, local int *last, global DST_T *y) {
    const int taps = (int)g[CONV_TAPS + 1], dilation = (int)g[CONV_DILATION + 1], reach = (taps - 1) * dilation;
    const int step1 = (int)g[CONV_STEP + 1], step2 = (int)g[CONV_STEP + 2];
    for (int remainder = 0; remainder < dilation; remainder++) {
        int newest = -1;
        for (int column = 0; column < place->columns; column++)
            last[column] = -1;
        for (int row = remainder; row < place->rows + reach; row += dilation) {
            const int i1 = row - reach;
            if (note_row(source, place, row, lead, (int)g[CONV_TAPS + 2], (int)g[CONV_DILATION + 2], bad, last))
                newest = row;
            if (i1 < 0 || newest < i1 || i1 % step1 != 0)
                continue;
            for (int i2 = 0; i2 < place->columns; i2 += step2)
                if (last[i2] >= i1)
                    add_to(value, place, g, i1, i2, y);
        }
    }
}

/* Adds every Inf, times the taps, to its outputs. */
TILE_INLINE void spread_each(const tile_source *source, const tile_place *place, constant const long *g,
                             global const REAL *w, int lead, global DST_T *y) {
    const int down = (int)g[CONV_TAPS + 1], across = (int)g[CONV_TAPS + 2];
    const int rows = place->rows + (down - 1) * (int)g[CONV_DILATION + 1];
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < source->needed; column++) {
            const REAL value = element_at(source, row, column);
            for (int k = 0; isinf(value) && k < down * across; k++) {
                const int i1 = row - k / across * (int)g[CONV_DILATION + 1];
                const int i2 = column - lead - k % across * (int)g[CONV_DILATION + 2];
                if (i1 >= 0 && i1 < place->rows && i2 >= 0 && i2 < place->columns &&
                    i1 % (int)g[CONV_STEP + 1] == 0 && i2 % (int)g[CONV_STEP + 2] == 0)
                    add_to(value * w[k], place, g, i1, i2, y);
            }
        }
}

/* 1 or -1 where every tap has that sign, else 0. */
TILE_INLINE REAL common_sign(constant const long *g, global const REAL *w) {
    bool above = true, below = true;
    for (long k = 0; k < g[CONV_TAPS + 1] * g[CONV_TAPS + 2]; k++) {
        above = above && w[k] > 0;
        below = below && w[k] < 0;
    }
    return (REAL)(above ? 1 : below ? -1 : 0);
}

/* All of it; `last` has room for a tile's columns. */
TILE_INLINE void spread_bad(const tile_source *source, const tile_place *place, constant const long *g,
                            global const REAL *w, long lead, local int *last, global DST_T *y) {
    const REAL sign = common_sign(g, w), bad[3] = {NAN, INFINITY, -INFINITY};
    for (int kind = 0; kind < (sign == 0 ? 1 : 3); kind++)
        spread_alike(source, place, g, (int)lead, bad[kind], kind == 0 ? bad[0] : bad[kind] * sign, last, y);
    if (sign == 0)
        spread_each(source, place, g, w, (int)lead, y);
}

#endif
