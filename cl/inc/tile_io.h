/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where conv.tile's tiles come from and go to: sources with their border, outputs, and the passes along y that load and
 * store. Constants: those of tile_fft.h.
 */
#ifndef CLF_TILE_IO_H
#define CLF_TILE_IO_H

#include "tile_fft.h"
#include "stream.h"
#include "border.h"
#include "batch.h"
#include "conv_geometry.h"

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
} tile_source;

/* Where a tile's outputs go; counts are in steps of 1. */
typedef struct tile_place {
    int rows, columns;
    bool dense;   /* outputs are neighbours along x, and none is left out */
    bool aligned; /* and their vectors lie where they can be stored past the cache */
    long out, pitch;
} tile_place;

/* How the outputs are cut: outputs of a tile, tiles along y and x, tiles altogether. */
typedef struct tile_cut {
    int rows, columns, down, across;
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
    first[1] = index % cut->across * cut->columns + g[CONV_START + 2];
    offset[0] = g[CONV_SRC_OFFSET];
    offset[1] = g[CONV_DST_OFFSET] + i0 * g[CONV_DST_STRIDE];
    batch_offsets(g + CONV_BATCH, plane / g[CONV_OUT], 2, offset);
    offset[0] += border_index(g[CONV_START] + g[CONV_STEP] * i0, g[CONV_EXTENT], (int)g[CONV_BORDER]) *
                 g[CONV_SRC_STRIDE];
}

/* Finds tile `index`: its source's offsets and its outputs. One past the last has neither. */
TILE_INLINE void find_tile(constant const long *g, const tile_cut *cut, long index, local long *rows,
                           local long *columns, tile_source *source, tile_place *place) {
    *place = (tile_place){0};
    long first[2] = {0, 0}, offset[2] = {0, 0};
    int need[2] = {0, 0};
    if (index < cut->tiles) {
        find_corner(g, cut, index, first, offset);
        long i1 = first[0] - g[CONV_START + 1], i2 = first[1] - g[CONV_START + 2];
        place->rows = (int)min((long)cut->rows, (g[CONV_OUT + 1] - 1) * g[CONV_STEP + 1] + 1 - i1);
        place->columns = (int)min((long)cut->columns, (g[CONV_OUT + 2] - 1) * g[CONV_STEP + 2] + 1 - i2);
        place->out = offset[1] + i1 / g[CONV_STEP + 1] * g[CONV_DST_STRIDE + 1] +
                     i2 / g[CONV_STEP + 2] * g[CONV_DST_STRIDE + 2];
        place->pitch = g[CONV_DST_STRIDE + 1];
        place->dense = g[CONV_STEP + 1] == 1 && g[CONV_STEP + 2] == 1 && g[CONV_DST_STRIDE + 2] == 1;
        need[0] = place->rows + (int)((g[CONV_TAPS + 1] - 1) * g[CONV_DILATION + 1]);
        need[1] = place->columns + (int)((g[CONV_TAPS + 2] - 1) * g[CONV_DILATION + 2]);
    }
    source->rows = rows;
    source->columns = columns;
    source->first = first[1];
    source->needed = need[1];
    source->begin = (int)clamp(-first[1], 0L, (long)TILE);
    source->end = g[CONV_SRC_STRIDE + 2] == 1 ? (int)clamp(g[CONV_EXTENT + 2] - first[1], 0L, (long)TILE) : 0;
    source->whole = fill_offsets(rows, first[0], need[0], g[CONV_EXTENT + 1], (int)g[CONV_BORDER + 1],
                                 g[CONV_SRC_STRIDE + 1], offset[0]);
    (void)fill_offsets(columns, first[1], need[1], g[CONV_EXTENT + 2], (int)g[CONV_BORDER + 2],
                       g[CONV_SRC_STRIDE + 2], 0);
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

TILE_INLINE bool inside(const tile_source *source, int column) {
    return source->whole && column >= source->begin && column + VECTOR <= source->end;
}

/* A column block's elements one by one through the border, or those of the taps. */
TILE_INLINE void gather_block(const tile_source *source, int column, local realv *to) {
    long at[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++)
        at[lane] = source->columns[column + lane];
    for (int row = 0; row < TILE; row++) {
        long from = source->rows[row];
        REAL lanes[VECTOR];
        for (int lane = 0; lane < VECTOR; lane++)
            lanes[lane] = 0;
        if (source->taps != 0 && from != TILE_NOTHING) {
            for (int lane = 0; lane < VECTOR; lane++)
                if (at[lane] != TILE_NOTHING)
                    lanes[lane] = source->taps[from + at[lane]];
        } else if (from != TILE_NOTHING) {
            for (int lane = 0; lane < VECTOR; lane++)
                lanes[lane] =
                    min(from, at[lane]) == TILE_CONSTANT ? source->cval : load_one(source->x, from + at[lane]);
        }
        to[2 * row] = load_line(lanes);
    }
}

/* A column block's real or imaginary parts where not both tiles are inside. */
TILE_INLINE void load_block(const tile_source *source, int column, local realv *to) {
    if (column >= source->needed) {
        for (int row = 0; row < TILE; row++)
            to[2 * row] = 0;
    } else if (inside(source, column)) {
        for (int row = 0; row < TILE; row++)
            to[2 * row] = load_lanes(source->x, source->rows[row] + source->first + column);
    } else {
        gather_block(source, column, to);
    }
}

/* The one or two lines of VECTOR elements. */
TILE_INLINE void fetch_lanes(global const SRC_T *from) {
    FETCH_AHEAD(from);
    FETCH_AHEAD(from + VECTOR - 1);
}

/* Forward along y, column block by column block, from two sources into the tile. */
TILE_INLINE void load_columns(const tile_source *source, TILE_SPACE realv *tile, local realv *block,
                              constant const REAL *twiddle) {
    for (int c = 0; c < TILE_BLOCKS; c++) {
        if (inside(&source[0], c * VECTOR) && inside(&source[1], c * VECTOR)) {
            global const SRC_T *x = source[0].x + source[0].first + c * VECTOR;
            global const SRC_T *z = source[1].x + source[1].first + c * VECTOR;
            for (int j = 0; j < TILE / RADIX1; j++) {
                realv r[RADIX1], i[RADIX1];
#pragma unroll
                for (int k = 0; k < RADIX1; k++) {
                    long a = source[0].rows[j + TILE / RADIX1 * k], b = source[1].rows[j + TILE / RADIX1 * k];
                    r[k] = load_lanes(x, a);
                    i[k] = load_lanes(z, b);
                    if (!FETCH_NEXT) {
                        int later = min(j + 4, TILE / RADIX1 - 1) + TILE / RADIX1 * k;
                        fetch_lanes(x + source[0].rows[later]);
                        fetch_lanes(z + source[1].rows[later]);
                    }
                }
                FORWARD_STORE(RADIX1, TILE, j, block)
            }
        } else {
            for (int t = 0; t < 2; t++)
                load_block(&source[t], c * VECTOR, block + t);
            FORWARD_PASS(RADIX1, TILE, block, block)
        }
        middle_forward(block, twiddle);
        columns_last(block, tile, c);
    }
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
            put_lanes(from[2 * row], place, row, column, y);
        return;
    }
    for (int row = 0; row < place->rows; row += step1) {
        long to = place->out + row / step1 * place->pitch;
        REAL lanes[VECTOR];
        store_line(from[2 * row], lanes);
        for (int lane = 0; lane < count; lane++)
            if ((column + lane) % step2 == 0)
                store_one(lanes[lane], y, to + (column + lane) / step2 * g[CONV_DST_STRIDE + 2]);
    }
}

/* Inverse along y, for the column blocks that hold outputs, from the tile to the two places. */
TILE_INLINE void store_columns(TILE_SPACE const realv *tile, const tile_place *place, constant const long *g,
                               local realv *block, constant const REAL *twiddle, global DST_T *y) {
    int columns = max(place[0].columns, place[1].columns);
    int dense = place[0].dense && place[1].dense ? min(place[0].columns, place[1].columns) : 0;
    for (int c = 0; c * VECTOR < columns; c++) {
        columns_first(tile, block, c);
        middle_inverse(block, twiddle);
        if ((c + 1) * VECTOR <= dense) {
            for (int j = 0; j < TILE / RADIX1; j++) {
                realv r[RADIX1], i[RADIX1];
                INVERSE_LOAD(RADIX1, TILE, j, block)
#pragma unroll
                for (int k = 0; k < RADIX1; k++) {
                    put_lanes(r[k], &place[0], j + TILE / RADIX1 * k, c * VECTOR, y);
                    put_lanes(i[k], &place[1], j + TILE / RADIX1 * k, c * VECTOR, y);
                }
            }
        } else {
            INVERSE_PASS(RADIX1, TILE, block, block)
            for (int t = 0; t < 2; t++)
                store_block(block + t, &place[t], g, c * VECTOR, y);
        }
    }
}

#endif
