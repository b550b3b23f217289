/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where conv.tile's tiles come from and go to: sources with their border, outputs, and the passes along y that load and
 * store. Constants: those of tile_fft.h.
 */
#ifndef CLF_TILE_IO_H
#define CLF_TILE_IO_H

#include "batch.h"
#include "border.h"
#include "geometry.h"
#include "magnitude.h"
#include "past_cache.h"
#include "tile_fft.h"

/*
 * A tile and its spectrum leave room in the second cache for the next pair up to this side; beyond, lines are
 * fetched just before they are loaded: those of many rows, a power of two apart, would not stay longer.
 */
#define FETCH_NEXT (TILE <= 192)

/* Offsets that stand for no element: the border's constant; 0. */
#define TILE_CONSTANT LONG_MIN
#define TILE_NOTHING (LONG_MIN + 1)

/* Where a tile's elements come from: offsets of its rows and, counted from a row's start, of its columns. */
typedef struct tile_source {
    global const SRC_T *x;
    global const REAL *taps; /* NULL: elements are those of x */
    local const long *rows, *columns;
    long first;     /* offset of column 0 where columns are neighbours in memory: */
    int begin, end; /* those from begin to end are */
    int needed;     /* columns; what lies beyond matters to no output */
    bool whole;     /* every row has an offset */
    REAL cval;
    bool clean;      /* NaN and Inf are loaded as 0 */
    REAL scale;      /* a power of two that elements are multiplied by, */
    bits_lanes most; /* and their greatest magnitudes before, lane by lane */
} tile_source;

/* Where a tile's outputs go; counts are in steps of 1. */
typedef struct tile_place {
    int rows, columns;
    bool dense;   /* outputs are neighbours along x, and none is left out */
    bool aligned; /* and their vectors lie where they can be stored past the cache */
    long out, pitch;
    REAL scale; /* what takes the source's scale back */
} tile_place;

/*
 * How the outputs are cut: outputs of a tile, tiles along y and x, elements along x that a tile begins before the first
 * one that it needs, tiles altogether.
 */
typedef struct tile_cut {
    int rows, columns, down, across, lead;
    long tiles;
} tile_cut;

/* Where a pair's rows begin in memory, as far as that is worth fetching. */
typedef struct tile_ahead {
    global const SRC_T *from[2];
    long rows[2], pitch;
} tile_ahead;

/*
 * Fills in the offsets of the `needed` elements from `first` on, along an axis, and repeats the last; true where none
 * is constant or nothing.
 */
TILE_INLINE bool fill_offsets(local long *offsets, long first, int needed, long extent, int border, long stride,
                              long base) {
    bool whole = needed > 0;
    long offset = TILE_NOTHING;
    for (int t = 0; t < TILE; t++) {
        if (t < needed) {
            long at = border_index(first + t, extent, border);
            offset = at < 0 ? TILE_CONSTANT : base + at * stride;
            whole = whole && at >= 0;
        }
        offsets[t] = offset;
    }
    return whole;
}

/* The first element of tile `index` along y and x, counted in src, and where its plane begins in src and dst. */
TILE_INLINE void find_corner(constant const long *g, const tile_cut *cut, long index, long *first, long *offset) {
    long plane = index / cut->across / cut->down, i0 = plane % g[CONV_OUT];
    first[0] = index / cut->across % cut->down * cut->rows + g[CONV_START + 1];
    first[1] = index % cut->across * cut->columns + g[CONV_START + 2] - cut->lead;
    offset[0] = g[CONV_SRC_OFFSET];
    offset[1] = g[CONV_DST_OFFSET] + i0 * g[CONV_DST_STRIDE];
    batch_offsets(g + CONV_BATCH, plane / g[CONV_OUT], 2, offset);
    offset[0] +=
        border_index(g[CONV_START] + g[CONV_STEP] * i0, g[CONV_EXTENT], (int)g[CONV_BORDER]) * g[CONV_SRC_STRIDE];
}

/* Finds tile `index`: its source's offsets and its outputs. One past the last has neither. */
TILE_INLINE void find_tile(constant const long *g, const tile_cut *cut, long index, local long *rows,
                           local long *columns, tile_source *source, tile_place *place) {
    *place = (tile_place){0};
    long first[2] = {0, 0}, offset[2] = {0, 0};
    int need[2] = {0, 0};
    if (index < cut->tiles) {
        find_corner(g, cut, index, first, offset);
        long i1 = first[0] - g[CONV_START + 1], i2 = first[1] + cut->lead - g[CONV_START + 2];
        place->rows = (int)min((long)cut->rows, (g[CONV_OUT + 1] - 1) * g[CONV_STEP + 1] + 1 - i1);
        place->columns = (int)min((long)cut->columns, (g[CONV_OUT + 2] - 1) * g[CONV_STEP + 2] + 1 - i2);
        place->out =
            offset[1] + i1 / g[CONV_STEP + 1] * g[CONV_DST_STRIDE + 1] + i2 / g[CONV_STEP + 2] * g[CONV_DST_STRIDE + 2];
        place->pitch = g[CONV_DST_STRIDE + 1];
        place->dense = g[CONV_STEP + 1] == 1 && g[CONV_STEP + 2] == 1 && g[CONV_DST_STRIDE + 2] == 1;
        need[0] = place->rows + (int)((g[CONV_TAPS + 1] - 1) * g[CONV_DILATION + 1]);
        need[1] = cut->lead + place->columns + (int)((g[CONV_TAPS + 2] - 1) * g[CONV_DILATION + 2]);
    }
    source->rows = rows;
    source->columns = columns;
    source->first = first[1];
    source->needed = need[1];
    source->begin = (int)clamp(-first[1], 0L, (long)TILE);
    source->end = g[CONV_SRC_STRIDE + 2] == 1 ? (int)clamp(g[CONV_EXTENT + 2] - first[1], 0L, (long)TILE) : 0;
    source->whole = fill_offsets(rows, first[0], need[0], g[CONV_EXTENT + 1], (int)g[CONV_BORDER + 1],
                                 g[CONV_SRC_STRIDE + 1], offset[0]);
    (void)fill_offsets(columns, first[1], need[1], g[CONV_EXTENT + 2], (int)g[CONV_BORDER + 2], g[CONV_SRC_STRIDE + 2],
                       0);
}

/* Where the pair that begins with tile `index` lies. */
TILE_INLINE void find_ahead(constant const long *g, const tile_cut *cut, long index, global const SRC_T *x,
                            tile_ahead *ahead) {
    ahead->pitch = g[CONV_SRC_STRIDE + 1];
    for (int t = 0; t < 2; t++) {
        long first[2], offset[2];
        bool there = g[CONV_SRC_STRIDE + 2] == 1 && index + t < cut->tiles;
        find_corner(g, cut, there ? index + t : 0, first, offset);
        first[0] = max(first[0], 0L);
        ahead->from[t] = x + offset[0] + first[0] * ahead->pitch + max(first[1], 0L);
        ahead->rows[t] = there ? min((long)TILE, g[CONV_EXTENT + 1] - first[0]) : 0;
    }
}

/* Fetches part `part` of TILE / 8 of rows `row` to row + VECTOR - 1 of a pair. */
TILE_INLINE void fetch_part(const tile_ahead *ahead, int row, int part) {
    for (int u = part * (16 / VECTOR); u < (part + 1) * (16 / VECTOR); u++) {
        global const SRC_T *from = ahead->from[u % 2] + u / 2 * VECTOR + (VECTOR - 1);
        if (row + VECTOR <= ahead->rows[u % 2])
#pragma unroll
            for (int k = 0; k < VECTOR; k++)
                FETCH_FAR_AHEAD(from + (row + k) * ahead->pitch);
    }
}

/* How a row's elements of a column block lie in memory: nowhere, anyhow, or in turn or all alike from `first` on. */
typedef struct tile_lanes {
    enum { LANES_NONE, LANES_APART, LANES_RISING, LANES_FALLING, LANES_ALIKE } way;
    long first;
} tile_lanes;

TILE_INLINE void find_lanes(const tile_source *source, int column, tile_lanes *lanes) {
    local const long *at = source->columns + column;
    const long step = (at[1] > at[0]) - (at[1] < at[0]);
    bool even = source->taps == 0;
    for (int lane = 1; lane < VECTOR; lane++)
        even = even && at[lane] == at[0] + lane * step;
    lanes->first = min(at[0], at[VECTOR - 1]);
    lanes->way = step == 0 ? LANES_ALIKE : step > 0 ? LANES_RISING : LANES_FALLING;
    if (column >= source->needed)
        lanes->way = LANES_NONE;
    else if (!even)
        lanes->way = LANES_APART;
}

/* Elements one by one through the border, or those of the taps. */
TILE_INLINE realv gather_lanes(const tile_source *source, long from, local const long *at) {
    REAL lanes[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++)
        if (source->taps != 0)
            lanes[lane] = at[lane] == TILE_NOTHING ? 0 : source->taps[from + at[lane]];
        else
            lanes[lane] = min(from, at[lane]) == TILE_CONSTANT ? source->cval : load_one(source->x, from + at[lane]);
    return load_line(lanes);
}

TILE_INLINE realv load_row(const tile_source *source, long from, const tile_lanes *lanes, int column) {
    if (from == TILE_NOTHING || lanes->way == LANES_NONE)
        return 0;
    if (lanes->way == LANES_APART)
        return gather_lanes(source, from, source->columns + column);
    if (min(from, lanes->first) == TILE_CONSTANT)
        return source->cval;
    if (lanes->way == LANES_ALIKE)
        return load_one(source->x, from + lanes->first);
    realv v = load_lanes(source->x, from + lanes->first);
    return lanes->way == LANES_FALLING ? REVERSED(v) : v;
}

/* The real or imaginary parts of the column blocks of a group, wherever they lie, scaled. */
TILE_INLINE void load_edge(tile_source *source, int column, local realv *to) {
    tile_lanes lanes[GROUP];
    for (int g = 0; g < GROUP; g++)
        find_lanes(source, column + g * VECTOR, &lanes[g]);
    const bits_lanes limit = source->clean ? INFINITE_BITS : INFINITE_BITS | (INFINITE_BITS - 1);
    bits_lanes most = source->most;
    for (int row = 0; row < TILE; row++)
        for (int g = 0; g < GROUP; g++) {
            realv v = load_row(source, source->rows[row], &lanes[g], column + g * VECTOR);
            v = magnitude_bits(v) < limit ? v : (realv)0;
            most = greater_bits(most, magnitude_bits(v));
            to[g * BLOCK_VECTORS + AT(row)] = v * source->scale;
        }
    source->most = most;
}

/* Fetches lines of row `row` of both sources, for the column blocks of a group. */
TILE_INLINE void fetch_row(const tile_source *source, int row, int column) {
    for (int t = 0; t < 2; t++) {
        global const SRC_T *from = source[t].x + source[t].first + source[t].rows[row] + column;
#pragma unroll
        for (int k = 0; k < GROUP * VECTOR; k += 64 / (int)sizeof(SRC_T))
            FETCH_FAR_AHEAD(from + k);
    }
}

/*
 * The first forward pass along y of the column blocks of a group, of which every element is inside and no scale is
 * asked for. The blocks take turns: rows are a page apart, and what is read of one should be read at once.
 */
TILE_INLINE void load_group(tile_source *source, int column, local realv *block, constant const REAL *twiddle) {
    global const SRC_T *x = source[0].x + source[0].first + column;
    global const SRC_T *z = source[1].x + source[1].first + column;
    bits_lanes most[2] = {source[0].most, source[1].most};
    for (int j = 0; j < PART; j++) {
        long a[RADIX1], b[RADIX1];
#pragma unroll
        for (int k = 0; k < RADIX1; k++) {
            a[k] = source[0].rows[j + PART * k];
            b[k] = source[1].rows[j + PART * k];
            if (!FETCH_NEXT)
                fetch_row(source, min(j + 2, PART - 1) + PART * k, column);
        }
        for (int g = 0; g < GROUP; g++) {
            realv r[RADIX1], i[RADIX1];
#pragma unroll
            for (int k = 0; k < RADIX1; k++) {
                r[k] = load_lanes(x, a[k] + g * VECTOR);
                i[k] = load_lanes(z, b[k] + g * VECTOR);
                most[0] = greater_bits(most[0], magnitude_bits(r[k]));
                most[1] = greater_bits(most[1], magnitude_bits(i[k]));
            }
            local realv *to = block + g * BLOCK_VECTORS;
            FORWARD_STORE(RADIX1, TILE, PART_PITCH, j, to)
        }
    }
    source[0].most = most[0];
    source[1].most = most[1];
}

/* Forward along y, column block by column block, from two sources into the tile. */
TILE_INLINE void load_columns(tile_source *source, TILE_SPACE realv *tile, local realv *block,
                              constant const REAL *twiddle) {
    const bool changed = source[0].clean || source[1].clean || source[0].scale != 1 || source[1].scale != 1;
    const bool plain = source[0].whole && source[1].whole && !changed;
    for (int c = 0; c < TILE_BLOCKS; c += GROUP) {
        const int column = c * VECTOR, end = column + GROUP * VECTOR;
        const bool whole = plain && column >= max(source[0].begin, source[1].begin) &&
                           end <= min(source[0].end, source[1].end);
        if (whole)
            load_group(source, column, block, twiddle);
        else
            for (int t = 0; t < 2; t++)
                load_edge(&source[t], column, block + t);
        for (int g = 0; g < GROUP; g++) {
            local realv *own = block + g * BLOCK_VECTORS;
            if (!whole)
                FORWARD_FIRST(own, own)
            columns_last(own, tile, twiddle, c + g);
        }
    }
}

/*
 * Chooses scales that make the greatest of each source 1 to 2, if they are needed: magnitudes whose sums overflow or
 * whose products vanish, or two so far apart that one's rounding errors would show in the other. What holds only zeros
 * gives only zeros.
 */
TILE_INLINE bool choose_scales(tile_source *source, tile_place *place) {
    int exponent[2];
    for (int t = 0; t < 2; t++) {
        exponent[t] = exponent_of(greatest_lane(source[t].most));
        place[t].scale = exponent[t] == MAGNITUDE_NONE ? 0 : 1;
    }
    const bool zeros = exponent[0] == MAGNITUDE_NONE || exponent[1] == MAGNITUDE_NONE;
    const bool apart = !zeros && abs(exponent[0] - exponent[1]) > 8;
    if (!apart && magnitude_usual(exponent[0]) && magnitude_usual(exponent[1]))
        return false;
    for (int t = 0; t < 2; t++) {
        source[t].scale = power_of_two(-exponent[t]);
        place[t].scale *= power_of_two(exponent[t]);
    }
    return true;
}

/* Whether sources that were loaded are to be loaded again: without their NaN and Inf, or scaled. */
TILE_INLINE bool load_again(tile_source *source, tile_place *place) {
    bool bad = false;
    for (int t = 0; t < 2; t++) {
        const bool own = greatest_lane(source[t].most) >= INFINITE_BITS;
        source[t].clean = source[t].clean || own;
        bad = bad || own;
    }
    for (int t = 0; t < 2 && bad; t++)
        source[t].most = 0;
    const bool scaled = source[0].scale != 1 || source[1].scale != 1;
    return bad || (!scaled && choose_scales(source, place));
}

TILE_INLINE void put_lanes(realv v, const tile_place *place, int row, int column, global DST_T *y) {
    long to = place->out + row * place->pitch + column;
    if (row < place->rows && place->aligned)
        STORE_PAST_CACHE(v, (global realv *)(y + to));
    else if (row < place->rows)
        store_lanes(v, y, to);
}

/* Stores those of a column block's real or imaginary parts that are outputs. */
TILE_INLINE void store_block(local const realv *from, const tile_place *place, constant const long *g, int column,
                             global DST_T *y) {
    int step1 = (int)g[CONV_STEP + 1], step2 = (int)g[CONV_STEP + 2], count = min(VECTOR, place->columns - column);
    if (place->dense && count == VECTOR) {
        for (int row = 0; row < place->rows; row++)
            put_lanes(from[AT(row)] * place->scale, place, row, column, y);
        return;
    }
    for (int row = 0; row < place->rows; row += step1) {
        long to = place->out + row / step1 * place->pitch;
        REAL lanes[VECTOR];
        store_line(from[AT(row)] * place->scale, lanes);
        for (int lane = 0; lane < count; lane++)
            if ((column + lane) % step2 == 0)
                store_one(lanes[lane], y, to + (column + lane) / step2 * g[CONV_DST_STRIDE + 2]);
    }
}

/* The last inverse pass along y of the column blocks of a group, all of whose elements are outputs, unscaled. */
TILE_INLINE void store_group(local const realv *block, const tile_place *place, int column,
                             constant const REAL *twiddle, global DST_T *y) {
    for (int j = 0; j < PART; j++)
        for (int g = 0; g < GROUP; g++) {
            local const realv *from = block + g * BLOCK_VECTORS;
            realv r[RADIX1], i[RADIX1];
            INVERSE_LOAD(RADIX1, TILE, PART_PITCH, j, from)
#pragma unroll
            for (int k = 0; k < RADIX1; k++) {
                put_lanes(r[k], &place[0], j + PART * k, column + g * VECTOR, y);
                put_lanes(i[k], &place[1], j + PART * k, column + g * VECTOR, y);
            }
        }
}

/* Inverse along y, for the column blocks that hold outputs, from the tile to the two places. */
TILE_INLINE void store_columns(TILE_SPACE const realv *tile, const tile_place *place, constant const long *g,
                               local realv *block, constant const REAL *twiddle, global DST_T *y) {
    int columns = max(place[0].columns, place[1].columns);
    const bool plain = place[0].dense && place[1].dense && place[0].scale == 1 && place[1].scale == 1;
    int dense = plain ? min(place[0].columns, place[1].columns) : 0;
    for (int column = 0; column < columns; column += GROUP * VECTOR) {
        const int count = min(GROUP, (columns - column + VECTOR - 1) / VECTOR);
        for (int own = 0; own < count; own++)
            columns_first(tile, block + own * BLOCK_VECTORS, twiddle, column / VECTOR + own);
        if (column + GROUP * VECTOR <= dense) {
            store_group(block, place, column, twiddle, y);
            continue;
        }
        for (int own = 0; own < count; own++) {
            local realv *from = block + own * BLOCK_VECTORS;
            INVERSE_LAST(from, from)
            for (int t = 0; t < 2; t++)
                store_block(from + t, &place[t], g, column + own * VECTOR, y);
        }
    }
}

#endif
