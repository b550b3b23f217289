/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What outputs with Inf in their windows are, as the formula says: Inf of the product's sign, NaN where both signs meet
 * or one is under a 0. Where every tap has one sign, the dilated maps of +Inf and -Inf say it. Else each row of taps
 * adds what its runs of one sign make of the elements under it, for all outputs of a row at once, until no output is
 * left that could still become NaN.
 */
#ifndef CLF_CONV_FFT_INFINITE_H
#define CLF_CONV_FFT_INFINITE_H

#include "fft_maps.h"

/* Signs that taps have (FOUND_SIGNS): above 0, below, neither. */
enum { SIGN_ABOVE = 1, SIGN_BELOW = 2, SIGN_NEITHER = 4 };

static inline int sign_of(REAL tap) {
    return tap > 0 ? SIGN_ABOVE : tap < 0 ? SIGN_BELOW : SIGN_NEITHER;
}

static inline bool one_sign(int signs) {
    return signs == SIGN_ABOVE || signs == SIGN_BELOW;
}

/* A row of outputs: what they are so far, and room for a row. */
typedef struct infinite_row {
    global ulong *nan, *above, *below, *room;
    global const ulong *reached; /* outputs that have Inf */
    long words, outputs;
} infinite_row;

/* Adds the outputs that have an element of `from` under taps `first` to `first` + `count` - 1. */
static inline void add_run(const infinite_row *row, global const ulong *from, long first, long count, long dilation,
                           global ulong *to) {
    if (count < 4) {
        for (long k = first; k < first + count; k++)
            (void)add_shifted(to, from, row->words, k * dilation);
        return;
    }
    for (long w = 0; w < row->words; w++)
        row->room[w] = 0;
    if (!add_shifted(row->room, from, row->words, first * dilation))
        return;
    dilate_row(row->room, row->words, count, dilation);
    for (long w = 0; w < row->words; w++)
        to[w] |= row->room[w];
}

/* Adds what the elements under a row of taps make of outputs: Inf of the taps' sign if `same`, else of the other. */
static inline void add_taps(const infinite_row *row, global const ulong *from, bool same, global const REAL *w,
                            constant const long *g, constant const long *f) {
    ulong any = 0;
    for (long word = 0; word < row->words; word++)
        any |= from[word];
    for (long first = 0, next = 0; first < g[CONV_TAPS + 2] && any != 0; first = next) {
        const int sign = sign_of(w[first]);
        while (next < g[CONV_TAPS + 2] && sign_of(w[next]) == sign)
            next++;
        add_run(row, from, first, next - first, f[FFT_DILATION + 2],
                sign == SIGN_NEITHER                ? row->nan
                : (sign == SIGN_ABOVE) == same ? row->above
                                                    : row->below);
    }
}

/* True if an output may still become NaN. */
static inline bool is_open(const infinite_row *row) {
    for (long w = 0; w < row->words; w++) {
        const long here = row->outputs - w * 64;
        const ulong own = here >= 64 ? ~0UL : here <= 0 ? 0 : (1UL << here) - 1;
        if ((row->reached[w] & own & ~(row->nan[w] | (row->above[w] & row->below[w]))) != 0)
            return true;
    }
    return false;
}

/* A number near 0.6 of `count`, without a common divisor: every so many are all, and the first few are spread. */
static inline long spread_step(long count) {
    for (long by = count * 5 / 8; by > 1; by--) {
        long a = count, b = by;
        while (b != 0) {
            const long rest = a % b;
            a = b;
            b = rest;
        }
        if (a == 1)
            return by;
    }
    return 1;
}

/* Rows of taps one after the other, such as lie far apart first. */
static inline void add_rows(const infinite_row *row, const item_maps *maps, constant const long *g,
                            constant const long *f, global const REAL *w, long p0, long p1) {
    const long down = g[CONV_TAPS + 1], rows = g[CONV_TAPS] * down, by = spread_step(rows);
    const long by0 = by / down, by1 = by % down;
    for (long i = 0, k0 = 0, k1 = 0; i < rows && is_open(row); i++) {
        const long q0 = p0 + k0 * f[FFT_DILATION], q1 = p1 + k1 * f[FFT_DILATION + 1];
        global const REAL *taps = w + (k0 * down + k1) * g[CONV_TAPS + 2];
        add_taps(row, map_row(maps, f, MAP_ABOVE, q0, q1), true, taps, g, f);
        add_taps(row, map_row(maps, f, MAP_BELOW, q0, q1), false, taps, g, f);
        const bool next = k1 + by1 >= down;
        k1 += by1 - (next ? down : 0);
        k0 += by0 + (next ? 1 : 0);
        k0 -= k0 >= g[CONV_TAPS] ? g[CONV_TAPS] : 0;
    }
}

/* Resolves a row of outputs at positions p0, p1; `room` is for three rows. */
static inline void resolve_row(const item_maps *maps, constant const long *g, constant const long *f,
                               global const REAL *w, int signs, long p0, long p1, global ulong *room) {
    const long words = f[FFT_WORDS];
    infinite_row row = {.nan = map_row(maps, f, MAP_NAN, p0, p1),
                        .reached = map_row(maps, f, MAP_INFINITE, p0, p1),
                        .room = room,
                        .words = words,
                        .outputs = (g[CONV_OUT + 2] - 1) * f[FFT_OUT_STEP + 2] + 1};
    global ulong *far = map_row(maps, f, MAP_FAR, p0, p1);
    ulong any = 0;
    for (long i = 0; i < words; i++)
        any |= row.reached[i];
    if (any == 0)
        return;
    row.above = one_sign(signs) ? map_row(maps, f, signs == SIGN_ABOVE ? MAP_ABOVE : MAP_BELOW, p0, p1) : room + words;
    row.below =
        one_sign(signs) ? map_row(maps, f, signs == SIGN_ABOVE ? MAP_BELOW : MAP_ABOVE, p0, p1) : room + 2 * words;
    for (long i = words; i < 3 * words && !one_sign(signs); i++)
        room[i] = 0;
    if (one_sign(signs)) {
        dilate_row(row.above, words, g[CONV_TAPS + 2], f[FFT_DILATION + 2]);
        dilate_row(row.below, words, g[CONV_TAPS + 2], f[FFT_DILATION + 2]);
    } else {
        add_rows(&row, maps, g, f, w, p0, p1);
    }
    for (long i = 0; i < words; i++) {
        row.nan[i] |= row.above[i] & row.below[i];
        far[i] = (far[i] & ~row.reached[i]) | (row.above[i] & row.reached[i]);
    }
}

#endif
