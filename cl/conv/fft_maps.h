/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps of what conv.fft leaves out: a bit for each position that windows meet, bit t % 64 of word t / 64 of a row for
 * position t. First they are of elements; dilated along every axis, of the outputs that have such in their windows,
 * which are FFT_OUT_STEP positions apart.
 */
#ifndef CLF_CONV_FFT_MAPS_H
#define CLF_CONV_FFT_MAPS_H

#include "batch.h"
#include "fft_found.h"
#include "fft_place.h"
#include "real.h"

/*
 * Elements that are NaN; +Inf or -Inf; of the second level, of the third; +Inf; -Inf. The last two stay of elements
 * unless all taps have one sign. resolve_row (fft_infinite.h) adds the outputs that are NaN to the first, and of those
 * that are Inf puts into the map of the second level which are +Inf.
 */
enum { MAP_NAN = 0, MAP_INFINITE = 1, MAP_FAR = 2, MAP_TOP = 3, MAP_ABOVE = 4, MAP_BELOW = 5 };

/* An item's maps: where those of one kind begin, and those of the next. */
typedef struct item_maps {
    global ulong *first;
    long apart;
} item_maps;

static inline item_maps maps_of(global ulong *maps, constant const long *f, long item) {
    const long size = f[FFT_REACH] * f[FFT_REACH + 1] * f[FFT_WORDS];
    return (item_maps){maps + item * size, f[FFT_ITEMS] * size};
}

/* The row of positions p0, p1. */
static inline global ulong *map_row(const item_maps *maps, constant const long *f, int map, long p0, long p1) {
    return maps->first + map * maps->apart + (p0 * f[FFT_REACH + 1] + p1) * f[FFT_WORDS];
}

static inline bool is_set(global const ulong *row, long t) {
    return (row[t / 64] >> t % 64 & 1) != 0;
}

/* Adds what stands `by` positions further on to every position; `to` may be `from`. True if anything is set. */
static inline bool add_shifted(global ulong *to, global const ulong *from, long words, long by) {
    const long whole = min(by / 64, words), bits = by % 64;
    ulong any = 0;
    for (long w = 0; w + whole < words; w++) {
        const ulong next = w + whole + 1 < words ? from[w + whole + 1] : 0;
        to[w] |= bits == 0 ? from[w + whole] : from[w + whole] >> bits | next << (64 - bits);
        any |= to[w];
    }
    return any != 0;
}

/* From elements to the outputs that have one under a row of `taps`, `dilation` apart. */
static inline void dilate_row(global ulong *row, long words, long taps, long dilation) {
    bool any = true;
    for (long have = 1; have < taps && any;) {
        const long more = min(have, taps - have);
        any = add_shifted(row, row, words, more * dilation);
        have += more;
    }
}

/* The same along an axis whose lines of words are `apart` from one position to the next. */
static inline void dilate_line(global ulong *line, long apart, long positions, long taps, long dilation) {
    for (long have = 1; have < taps;) {
        const long more = min(have, taps - have);
        ulong any = 0;
        for (long t = 0; t + more * dilation < positions; t++)
            any |= line[t * apart] |= line[(t + more * dilation) * apart];
        for (long t = max(positions - more * dilation, 0L); t < positions; t++)
            any |= line[t * apart];
        if (any == 0)
            return;
        have += more;
    }
}

/* One row of x~: where its elements begin, or that all are the constant or nothing; positions inside the input. */
typedef struct fft_row {
    global const SRC_T *from;
    bool constant_row, nothing;
    long begin, end;
    REAL cval;
} fft_row;

static inline fft_row find_row(global const SRC_T *x, constant const long *g, constant const long *f, long item,
                               long p0, long p1, REAL cval) {
    long offset[1] = {g[CONV_SRC_OFFSET]};
    batch_offsets(g + CONV_BATCH, item, 1, offset);
    const long at0 = input_at(g, f, 0, p0), at1 = input_at(g, f, 1, p1), start = g[CONV_START + 2];
    fft_row row = {x, at0 == -1 || at1 == -1, at0 == -2 || at1 == -2, 0, 0, cval};
    if (at0 < 0 || at1 < 0)
        return row;
    row.from += offset[0] + at0 * g[CONV_SRC_STRIDE] + at1 * g[CONV_SRC_STRIDE + 1];
    row.begin = max(-start, 0L);
    row.end = min(g[CONV_EXTENT + 2] - start, f[FFT_NEED + 2]);
    return row;
}

/* Its element at position t. */
static inline REAL row_element(const fft_row *row, constant const long *g, constant const long *f, long t) {
    if (t >= row->begin && t < row->end) /* along x inputs are one position apart */
        return load_one(row->from, (g[CONV_START + 2] + t) * g[CONV_SRC_STRIDE + 2]);
    const long at = row->nothing ? -2 : input_at(g, f, 2, t);
    return at == -2                         ? (REAL)0
           : row->constant_row || at == -1 ? row->cval
                                           : load_one(row->from, at * g[CONV_SRC_STRIDE + 2]);
}

static inline BITS one_magnitude(REAL v) {
    return PASTE(as_, BITS)(v) & (BITS)(~((BITS)1 << (8 * (int)sizeof(REAL) - 1)));
}

/* True if 64 elements from position t on, all inside the input, are below a magnitude. */
static inline bool word_below(const fft_row *row, constant const long *g, long t, BITS limit) {
    const long stride = g[CONV_SRC_STRIDE + 2];
    global const SRC_T *from = row->from + (g[CONV_START + 2] + t) * stride;
    BITS most = 0;
    for (int k = 0; k < 64; k++)
        most = max(most, one_magnitude(load_one(from, k * stride)));
    return most < limit;
}

#endif
