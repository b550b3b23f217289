/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where conv.tile's tiles come from and go to: sources with their border, outputs, and the passes along y that load.
 * Constants: those of tile_fft.h.
 */
#ifndef CLF_TILE_IO_H
#define CLF_TILE_IO_H

#include "batch.h"
#include "border.h"
#include "geometry.h"
#include "magnitude.h"
#include "past_cache.h"
#include "tile_fft.h"
#include "tile_look.h"

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
    BITS limit;  /* magnitudes from here on are loaded as 0; 0: none is */
    REAL scale;  /* a power of two that elements are multiplied by */
    uint filled; /* what the look saw (tile_look.h) */
} tile_source;

/* Words of 64 columns in a row of a map (tile_bits.h). */
#define TILE_WORDS ((TILE + 63) / 64)

/* Where a tile's outputs go; counts are in steps of 1. */
typedef struct tile_place {
    int rows, columns;
    bool dense;   /* outputs are neighbours along x, and none is left out */
    bool aligned; /* and their vectors lie where they can be stored past the cache */
    long out, pitch;
    REAL scale; /* what takes the source's scale back */
    TILE_SPACE const ulong *mask; /* the outputs that are stored, as tile_bits.h has them; NULL: all */
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
    *place = (tile_place){.scale = 1};
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
TILE_INLINE void load_edge(tile_source *source, int column, local realv *to, tile_glance *glance) {
    tile_lanes lanes[GROUP];
    for (int g = 0; g < GROUP; g++)
        find_lanes(source, column + g * VECTOR, &lanes[g]);
    const bool cut = source->limit != 0;
    const bits_lanes limit = source->limit;
    look_filled filled = 0;
    for (int row = 0; row < TILE; row++)
        for (int g = 0; g < GROUP; g++) {
            realv v = load_row(source, source->rows[row], &lanes[g], column + g * VECTOR);
            if (cut)
                v = magnitude_bits(v) < limit ? v : (realv)0;
            else {
                filled |= look_fold(look_magnitude(v));
                if (GLANCES)
                    glance->most = max(glance->most, AS_UNSIGNED(v * v * RADIX1));
            }
            to[g * BLOCK_VECTORS + AT(row)] = v * source->scale;
        }
    source->filled |= look_all(filled);
}

/*
 * How elements are looked at together: `height` of them a `pitch` apart along y, of `rows` rows that are needed. Every
 * window holds whole cells, so that the greatest of each tells enough. And it holds four neighbours, of columns that
 * are a multiple of 4, in a row that is a multiple of `glance`; 0: not every window does.
 */
typedef struct tile_cell {
    int rows, height, pitch, glance;
} tile_cell;

TILE_INLINE void find_cell(constant const long *g, int outputs, tile_cell *cell) {
    const int taps = (int)g[CONV_TAPS + 1], pitch = (int)g[CONV_DILATION + 1];
    const bool near = GLANCES && g[CONV_DILATION + 2] == 1 && pitch == 1 && g[CONV_TAPS + 2] >= 7;
    const int glance = near && taps >= 8 ? 8 : near && taps >= 4 ? 4 : 0;
    *cell = (tile_cell){outputs + (taps - 1) * pitch, (taps + 1) / 2, pitch, glance};
}

/* Looks at the column blocks of a group, of which every element is inside. */
TILE_INLINE void look_group(tile_source *source, int column, const tile_cell *cell) {
    global const SRC_T *x = source->x + source->first + column;
    const int step = cell->height * cell->pitch;
    look_filled filled = 0;
    for (int first = 0; first < cell->pitch; first++)
        for (int row = first; row < cell->rows; row += step) {
            look_lanes most[GROUP];
            for (int g = 0; g < GROUP; g++)
                most[g] = 0;
            for (int r = row; r < min(row + step, cell->rows); r += cell->pitch)
#pragma unroll
                for (int g = 0; g < GROUP; g++)
                    most[g] = look_greater(most[g], look_magnitude(load_lanes(x, source->rows[r] + g * VECTOR)));
            for (int g = 0; g < GROUP; g++)
                filled |= look_fold(most[g]);
        }
    source->filled |= look_all(filled);
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

/* Glances at rows of the column blocks of a group, of which every element is inside: every window holds one of them. */
TILE_INLINE void glance_group(const tile_source *source, int column, int step, tile_glance *glance) {
    for (int t = 0; t < 2; t++) {
        global const SRC_T *x = source[t].x + source[t].first + column;
        realv least = glance->least[t];
        for (int row = 0; row < TILE; row += 4 * step)
            for (int g = 0; g < GROUP; g++) {
                realv v[4];
#pragma unroll
                for (int k = 0; k < 4; k++)
                    v[k] = load_lanes(x, source[t].rows[row + k * step] + g * VECTOR);
                least = glance_least(v, least);
            }
        glance->least[t] = least;
    }
}

/*
 * The first forward pass along y of the column blocks of a group, of which every element is inside and no scale is
 * asked for. The blocks take turns: rows are a page apart, and what is read of one should be read at once.
 */
TILE_INLINE void load_group(tile_source *source, int column, local realv *block, constant const REAL *twiddle) {
    global const SRC_T *x = source[0].x + source[0].first + column;
    global const SRC_T *z = source[1].x + source[1].first + column;
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
            }
            local realv *to = block + g * BLOCK_VECTORS;
            FORWARD_STORE(RADIX1, TILE, PART_PITCH, j, to)
        }
    }
}

/* Columns that are inside, of both tiles and all rows. */
typedef struct tile_inside {
    int begin, end;
} tile_inside;

TILE_INLINE bool is_inside(const tile_inside *inside, int column) {
    return column >= inside->begin && column + GROUP * VECTOR <= inside->end;
}

/* Looks at what is inside. Given copies, so that those of the loops that are not rare stay in registers. */
static __attribute__((noinline)) uint2 look_again(tile_source a, tile_source b, tile_inside inside, tile_cell cell) {
    for (int column = 0; column < TILE && !look_unusual(a.filled | b.filled); column += GROUP * VECTOR)
        if (is_inside(&inside, column)) {
            look_group(&a, column, &cell);
            look_group(&b, column, &cell);
        }
    return (uint2)(a.filled, b.filled);
}

/* Fills in what was seen of two tiles; `glanced`: of what is inside no buckets yet. */
TILE_INLINE void end_look(tile_source *source, const tile_glance *glance, bool glanced, const tile_inside *inside,
                          const tile_cell *cell) {
    const uint filled[2] = {source[0].filled, source[1].filled};
    if (glance_unusual(glance)) { /* loading ended there, whichever magnitudes made the sum so great */
        source[0].filled |= LOOK_BEYOND;
        return;
    }
    if (!glanced)
        return;
    const uint2 seen = glance_ordinary(glance, filled) ? (uint2)LOOK_ORDINARY
                                                       : look_again(source[0], source[1], *inside, *cell);
    source[0].filled = seen.x;
    source[1].filled = seen.y;
}

/*
 * Forward along y, column block by column block, from two sources into the tile; `looking`, until one shows something
 * that no transform of both takes.
 */
TILE_INLINE void load_columns(tile_source *source, bool looking, const tile_cell *cell, TILE_SPACE realv *tile,
                              local realv *block, constant const REAL *twiddle) {
    const bool plain = source[0].whole && source[1].whole && source[0].limit == 0 && source[1].limit == 0;
    const tile_inside inside = {max(source[0].begin, source[1].begin),
                                plain ? min(source[0].end, source[1].end) : 0};
    const bool glancing = cell->glance != 0;
    tile_glance glance = begin_glance();
    bool glanced = false;
    for (int c = 0; c < TILE_BLOCKS; c += GROUP) {
        const int column = c * VECTOR;
        const bool whole = is_inside(&inside, column);
        if (whole) {
            if (glancing)
                glance_group(source, column, cell->glance, &glance);
            for (int t = 0; t < 2 && !glancing; t++)
                look_group(&source[t], column, cell);
            load_group(source, column, block, twiddle);
            if (glancing)
                glance_block(block, &glance);
            glanced = glancing;
        } else
            for (int t = 0; t < 2; t++)
                load_edge(&source[t], column, block + t, &glance);
        if (looking && (glance_unusual(&glance) || look_unusual(source[0].filled | source[1].filled)))
            break;
        for (int g = 0; g < GROUP; g++) {
            local realv *own = block + g * BLOCK_VECTORS;
            if (!whole)
                FORWARD_FIRST(own, own)
            columns_last(own, tile, twiddle, c + g);
        }
    }
    end_look(source, &glance, glanced, &inside, cell);
}

#endif
