/* SPDX-License-Identifier: Apache-2.0 */
/* The way back along y: outputs of conv.tile's tiles stored, all or those that a mask names (tile_bits.h). */
#ifndef CLF_TILE_STORE_H
#define CLF_TILE_STORE_H

#include "tile_io.h"

TILE_INLINE void put_lanes(realv v, const tile_place *place, int row, int column, global DST_T *y) {
    long to = place->out + row * place->pitch + column;
    if (row < place->rows && place->aligned)
        STORE_PAST_CACHE(v, (global realv *)(y + to));
    else if (row < place->rows)
        store_lanes(v, y, to);
}

/* Stores those of a column block's real or imaginary parts that the mask names. */
TILE_INLINE void store_masked(local const realv *from, const tile_place *place, constant const long *g, int column,
                              global DST_T *y) {
    const int step1 = (int)g[CONV_STEP + 1], step2 = (int)g[CONV_STEP + 2];
    const uint all = (1U << VECTOR) - 1;
    for (int row = 0; row < place->rows; row += step1) {
        const uint bits = (uint)(place->mask[(row * TILE_WORDS) + column / 64] >> column % 64) & all;
        const realv v = from[AT(row)] * place->scale;
        if (bits == all && place->dense) {
            put_lanes(v, place, row, column, y);
            continue;
        }
        REAL lanes[VECTOR];
        if (bits != 0)
            store_line(v, lanes);
        const long to = place->out + row / step1 * place->pitch;
        for (int lane = 0; lane < VECTOR && bits >> lane != 0; lane++)
            if ((bits >> lane & 1) != 0 && (column + lane) % step2 == 0)
                store_one(lanes[lane], y, to + (column + lane) / step2 * g[CONV_DST_STRIDE + 2]);
    }
}

/* Stores those of a column block's real or imaginary parts that are outputs. */
TILE_INLINE void store_block(local const realv *from, const tile_place *place, constant const long *g, int column,
                             global DST_T *y) {
    int step1 = (int)g[CONV_STEP + 1], step2 = (int)g[CONV_STEP + 2], count = min(VECTOR, place->columns - column);
    if (place->mask != 0) {
        store_masked(from, place, g, column, y);
        return;
    }
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
    const bool whole = place[0].scale == 1 && place[1].scale == 1 && place[0].mask == 0 && place[1].mask == 0;
    const bool plain = place[0].dense && place[1].dense && whole;
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
