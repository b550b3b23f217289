/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outputs of a pair of tiles summed tap by tap, where few taps make that cheaper than what is rare is otherwise
 * (tile_rare.h): NaN, Inf and elements far beyond the rest then go where they should without being looked for.
 *
 * A tile's elements are copied through the border to plain rows first. SUM_ROWS vectors of outputs, below each other,
 * are summed at a time: of a row of elements each shifted vector is loaded once and multiplied into all that it meets.
 *
 * Floor: a multiply-add an output and tap. Six vectors of two registers each, the elements and a tap fill AVX2's.
 *
 * Constants: those of tile_fft.h; SUM_ROWS.
 */
#ifndef CLF_TILE_SUM_H
#define CLF_TILE_SUM_H

#include "tile_store.h"

/* What is summed. */
typedef struct tile_sum {
    constant const long *g;
    global const REAL *w;
    TILE_SPACE REAL *plain; /* room for a tile's elements, and as many behind them */
    local realv *block;     /* a column block's outputs */
    int lead;
} tile_sum;

/* Vectors that lie at any element of a tile. */
TILE_INLINE realv load_plain(TILE_SPACE const REAL *p) {
#ifdef UNALIGNED_VECTORS
    return *(TILE_SPACE const realv_anywhere *)p;
#else
    return PASTE(vload, VECTOR)(0, p);
#endif
}

TILE_INLINE void copy_plain(const tile_sum *s, const tile_source *source, int rows) {
    tile_lanes lanes[TILE_BLOCKS];
    for (int block = 0; block < TILE_BLOCKS; block++)
        find_lanes(source, block * VECTOR, &lanes[block]);
    for (int row = 0; row < rows; row++)
        for (int block = 0; block < TILE_BLOCKS; block++)
            ((TILE_SPACE realv *)s->plain)[row * TILE_BLOCKS + block] =
                load_row(source, source->rows[row], &lanes[block], block * VECTOR);
}

/* Adds what row `a` of elements, counted from the first that the outputs need, gives to outputs `first` to `last`. */
#define ADD_ELEMENTS(a, first, last)                                                                    \
    do {                                                                                                \
        TILE_SPACE const REAL *p = from + min(row + (a) * pitch, TILE - 1) * TILE;                      \
        for (int b = 0; b < across; b++) {                                                              \
            const realv v = load_plain(p + b * dilation);                                               \
            _Pragma("unroll") for (int r = (first); r <= (last); r++)                                   \
                sum[r] = MULTIPLY_ADD(v, (realv)(s->w[((a) - r) * across + b]), sum[r]);                \
        }                                                                                               \
    } while (0)

/* Sums the column block at `from` of rows row, row + pitch, ...; there are at least SUM_ROWS - 1 rows of taps. */
TILE_INLINE void sum_rows(const tile_sum *s, TILE_SPACE const REAL *from, int row) {
    const int down = (int)s->g[CONV_TAPS + 1], across = (int)s->g[CONV_TAPS + 2];
    const int pitch = (int)s->g[CONV_DILATION + 1], dilation = (int)s->g[CONV_DILATION + 2];
    realv sum[SUM_ROWS];
#pragma unroll
    for (int r = 0; r < SUM_ROWS; r++)
        sum[r] = 0;
#pragma unroll
    for (int a = 0; a < SUM_ROWS - 1; a++)
        ADD_ELEMENTS(a, 0, a);
#pragma unroll 1
    for (int a = SUM_ROWS - 1; a < down; a++)
        ADD_ELEMENTS(a, 0, SUM_ROWS - 1);
#pragma unroll
    for (int a = 0; a < SUM_ROWS - 1; a++)
        ADD_ELEMENTS(down + a, a + 1, SUM_ROWS - 1);
#pragma unroll
    for (int r = 0; r < SUM_ROWS; r++)
        s->block[AT(min(row + r * pitch, TILE - 1))] = sum[r];
}

TILE_INLINE void sum_tile(const tile_sum *s, const tile_source *source, const tile_place *place, global DST_T *y) {
    const int pitch = (int)s->g[CONV_DILATION + 1];
    copy_plain(s, source, place->rows + (int)(s->g[CONV_TAPS + 1] - 1) * pitch);
    for (int column = 0; column < place->columns; column += VECTOR) {
        for (int first = 0; first < min(pitch, place->rows); first++)
            for (int row = first; row < place->rows; row += SUM_ROWS * pitch)
                sum_rows(s, s->plain + s->lead + column, row);
        store_block(s->block, place, s->g, column, y);
    }
}

/* Apart from the loops that are not rare, which it would slow down; and it is given copies (tile_rare.h). */
static __attribute__((noinline)) void sum_pair(const tile_sum *s, const tile_source *source, const tile_place *place,
                                               global DST_T *y) {
#pragma unroll 1
    for (int t = 0; t < 2; t++)
        sum_tile(s, &source[t], &place[t], y);
}

#endif
