/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.tile: correlation by overlapping tiles (overlap-save), each transformed, multiplied by the kernel's spectrum and
 * transformed back by one work-item without leaving the cache. Two real tiles are the real and the imaginary part of
 * one complex tile: the kernel is real, so they never mix. A tile of side T gives T - reach outputs a side.
 *
 * Floor: the bytes of src and dst once; arithmetic of some 4.2 flops an element of the tile, level (log2 T^2) and
 * direction, 4 for the product; between the stages the tile crosses the second cache twice each way.
 *
 * Constants: those of real.h and tile_fft.h; TILE_SPACE, where a tile is kept: local, or global where it is too large.
 */
#include "tile_fft.h"
#include "border.h"
#include "batch.h"
#include "conv_geometry.h"

/* One of the pair: where its outputs begin, in steps of 1, how many it has, and where they go. */
typedef struct tile_place {
    int rows, columns;
    bool dense; /* outputs are neighbours along x, and none is left out */
    long out, pitch;
} tile_place;

/* How the outputs are cut: outputs of a tile, tiles along y and x, tiles altogether. */
typedef struct tile_cut {
    int rows, columns, down, across;
    long tiles;
} tile_cut;

/* Fills offsets of the `needed` elements from `first` on, along an axis. */
TILE_INLINE void fill_offsets(local long *offsets, long first, int needed, long extent, int border, long stride,
                                long base) {
    for (int t = 0; t < TILE; t++) {
        long at = t < needed ? border_index(first + t, extent, border) : 0;
        offsets[t] = t >= needed ? TILE_NOTHING : at < 0 ? TILE_CONSTANT : base + at * stride;
    }
}

/* Finds tile `index`: its source's offsets and its outputs. One past the last has neither. */
TILE_INLINE void find_tile(constant const long *g, const tile_cut *cut, long index, local long *rows,
                           local long *columns, tile_source *source, bool *inside, tile_place *place) {
    place->rows = place->columns = 0;
    long across = index % cut->across, down = index / cut->across % cut->down, plane = index / cut->across / cut->down;
    long first1 = down * cut->rows, first2 = across * cut->columns; /* in steps of 1 */
    long offset[2] = {g[CONV_SRC_OFFSET], g[CONV_DST_OFFSET]};
    int need1 = 0, need2 = 0;
    if (index < cut->tiles) {
        long i0 = plane % g[CONV_OUT];
        batch_offsets(g + CONV_BATCH, plane / g[CONV_OUT], 2, offset);
        offset[0] += border_index(g[CONV_START] + g[CONV_STEP] * i0, g[CONV_EXTENT], (int)g[CONV_BORDER]) *
                     g[CONV_SRC_STRIDE];
        place->rows = (int)min((long)cut->rows, (g[CONV_OUT + 1] - 1) * g[CONV_STEP + 1] + 1 - first1);
        place->columns = (int)min((long)cut->columns, (g[CONV_OUT + 2] - 1) * g[CONV_STEP + 2] + 1 - first2);
        place->out = offset[1] + i0 * g[CONV_DST_STRIDE] + first1 / g[CONV_STEP + 1] * g[CONV_DST_STRIDE + 1] +
                    first2 / g[CONV_STEP + 2] * g[CONV_DST_STRIDE + 2];
        place->pitch = g[CONV_DST_STRIDE + 1];
        place->dense = g[CONV_STEP + 1] == 1 && g[CONV_STEP + 2] == 1 && g[CONV_DST_STRIDE + 2] == 1;
        need1 = place->rows + (int)((g[CONV_TAPS + 1] - 1) * g[CONV_DILATION + 1]);
        need2 = place->columns + (int)((g[CONV_TAPS + 2] - 1) * g[CONV_DILATION + 2]);
    }
    first1 += g[CONV_START + 1];
    first2 += g[CONV_START + 2];
    fill_offsets(rows, first1, need1, g[CONV_EXTENT + 1], (int)g[CONV_BORDER + 1], g[CONV_SRC_STRIDE + 1], offset[0]);
    fill_offsets(columns, first2, need2, g[CONV_EXTENT + 2], (int)g[CONV_BORDER + 2], g[CONV_SRC_STRIDE + 2], 0);
    source->rows = rows;
    source->columns = columns;
    source->first = first2;
    for (int c = 0; c < TILE_BLOCKS; c++)
        inside[c] = g[CONV_SRC_STRIDE + 2] == 1 && c * VECTOR < need2 && first2 + c * VECTOR >= 0 &&
                    first2 + (c + 1) * VECTOR <= g[CONV_EXTENT + 2];
}

/* Forward along y, column block by column block, from the two sources into the tile. */
TILE_INLINE void load_columns(const tile_source *a, const tile_source *b_source, const bool *a_inside,
                                const bool *b_inside, TILE_SPACE realv *tile, local realv *block,
                                constant const real2 *twiddle) {
    const int b = 0;
    for (int c = 0; c < TILE_BLOCKS; c++) {
        for (int j = 0; j < TILE / RADIX1; j++) {
            realv r[RADIX1], i[RADIX1];
#pragma unroll
            for (int k = 0; k < RADIX1; k++) {
                int row = j + TILE / RADIX1 * k;
                r[k] = tile_lanes(a, a_inside[c], row, c * VECTOR);
                i[k] = tile_lanes(b_source, b_inside[c], row, c * VECTOR);
            }
            FORWARD_STORE(RADIX1, TILE, block, 2)
        }
        middle_forward(block, twiddle);
        columns_last(block, tile, c);
    }
}

/* Along x: forward, times the spectrum, inverse, for every VECTOR rows. */
TILE_INLINE void multiply_rows(TILE_SPACE realv *tile, global const realv *spectrum, local realv *block,
                                 constant const real2 *twiddle) {
    for (int c = 0; c < TILE_BLOCKS; c++) {
        TILE_SPACE realv *line = tile + 2 * c;
        FORWARD_PASS(RADIX1, TILE, line, PITCH, block, 2)
        middle_forward(block, twiddle);
        global const realv *s = spectrum + c * BLOCK_VECTORS;
        for (int b = 0; b < BLOCK_VECTORS; b += 16) {
            realv r[8], i[8];
#pragma unroll
            for (int k = 0; k < 8; k++) {
                r[k] = block[b + 2 * k];
                i[k] = block[b + 2 * k + 1];
            }
            dft8(r, i);
#pragma unroll
            for (int k = 0; k < 8; k++) {
                realv sr = s[b + 2 * k], si = s[b + 2 * k + 1], vr = r[k];
                r[k] = fma(vr, sr, -i[k] * si);
                i[k] = fma(vr, si, i[k] * sr);
            }
            dft8(i, r);
#pragma unroll
            for (int k = 0; k < 8; k++) {
                block[b + 2 * k] = r[k];
                block[b + 2 * k + 1] = i[k];
            }
        }
        middle_inverse(block, twiddle);
        INVERSE_PASS(RADIX1, TILE, block, 2, line, PITCH)
    }
}

/* Stores the lanes of one row that are outputs, where steps or strides keep them apart. */
static void scatter_lanes(realv v, const tile_place *place, constant const long *g, int row, int column, int count,
                          global DST_T *y) {
    int step1 = (int)g[CONV_STEP + 1], step2 = (int)g[CONV_STEP + 2];
    long to = place->out + row / step1 * place->pitch;
    REAL lanes[VECTOR];
    PASTE(vstore, VECTOR)(v, 0, lanes);
    for (int lane = 0; lane < count && row % step1 == 0; lane++)
        if ((column + lane) % step2 == 0)
            store_one(lanes[lane], y, to + (column + lane) / step2 * g[CONV_DST_STRIDE + 2]);
}

TILE_INLINE void put_lanes(realv v, const tile_place *place, constant const long *g, int row, int column,
                           global DST_T *y) {
    int count = min(VECTOR, place->columns - column);
    if (row >= place->rows || count <= 0)
        return;
    if (!place->dense)
        scatter_lanes(v, place, g, row, column, count, y);
    else if (count == VECTOR)
        store_lanes(v, y, place->out + row * place->pitch + column);
    else
        store_some(v, count, y, place->out + row * place->pitch + column);
}

/* Inverse along y, for the column blocks that hold outputs, from the tile to the two places. */
TILE_INLINE void store_columns(TILE_SPACE const realv *tile, const tile_place *place_a, const tile_place *place_b,
                                 constant const long *g, local realv *block, constant const real2 *twiddle,
                                 global DST_T *y) {
    const int b = 0;
    int columns = max(place_a->columns, place_b->columns);
    for (int c = 0; c * VECTOR < columns; c++) {
        columns_first(tile, block, c);
        middle_inverse(block, twiddle);
        for (int j = 0; j < TILE / RADIX1; j++) {
            realv r[RADIX1], i[RADIX1];
            INVERSE_LOAD(RADIX1, TILE, block, 2)
#pragma unroll
            for (int k = 0; k < RADIX1; k++) {
                int row = j + TILE / RADIX1 * k;
                put_lanes(r[k], place_a, g, row, c * VECTOR, y);
                put_lanes(i[k], place_b, g, row, c * VECTOR, y);
            }
        }
    }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_tile(global const SRC_T *restrict x, global DST_T *restrict y, global const realv *restrict spectrum,
          constant const real2 *restrict twiddle, constant const long *restrict g, REAL cval, int cut_rows,
          int cut_columns, int down, int across, long tiles, global realv *restrict slots) {
    local realv block[BLOCK_VECTORS];
    local long offsets[4 * TILE];
#ifdef TILE_LOCAL
    local realv tile[TILE_VECTORS];
    (void)slots;
#else
    global realv *tile = slots + get_group_id(0) * TILE_VECTORS;
#endif
    const tile_cut cut = {cut_rows, cut_columns, down, across, tiles};
    for (long pair = (long)get_group_id(0); 2 * pair < tiles; pair += (long)get_num_groups(0)) {
        tile_source source[2];
        tile_place place[2];
        bool inside[2][TILE_BLOCKS];
        for (int t = 0; t < 2; t++) {
            source[t].x = x;
            source[t].cval = cval;
            find_tile(g, &cut, 2 * pair + t, offsets + 2 * t * TILE, offsets + (2 * t + 1) * TILE, &source[t], inside[t],
                      &place[t]);
        }
        load_columns(&source[0], &source[1], inside[0], inside[1], tile, block, twiddle);
        multiply_rows(tile, spectrum, block, twiddle);
        store_columns(tile, &place[0], &place[1], g, block, twiddle, y);
    }
}
