/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spectrum that conv.tile multiplies by: tap k stands at -dilation*k, round the tile's end, so that output i of a
 * tile stands at i. Scaled by 1/TILE^2. Constants: those of tile_fft.h; SRC_T is REAL.
 */
#include "tile_fft.h"

/* Where taps stand along an axis: their offsets, or nothing. */
TILE_INLINE void place_taps(local long *offsets, int taps, int dilation, long stride) {
    for (int t = 0; t < TILE; t++)
        offsets[t] = TILE_NOTHING;
    for (int k = 0; k < taps; k++)
        offsets[(TILE - k * dilation) % TILE] = k * stride;
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_tile_spectrum(global const SRC_T *restrict w, global realv *restrict spectrum,
                   constant const real2 *restrict twiddle, int rows, int columns, int dilation_y, int dilation_x,
                   global realv *restrict slots) {
    local realv block[BLOCK_VECTORS];
    local long offsets[2 * TILE];
#ifdef TILE_LOCAL
    local realv tile[TILE_VECTORS];
    (void)slots;
#else
    global realv *tile = slots;
#endif
    place_taps(offsets, rows, dilation_y, columns);
    place_taps(offsets + TILE, columns, dilation_x, 1);
    const tile_source source = {w, offsets, offsets + TILE, 0, 0};
    const int b = 0;
    for (int c = 0; c < TILE_BLOCKS; c++) {
        for (int j = 0; j < TILE / RADIX1; j++) {
            realv r[RADIX1], i[RADIX1];
#pragma unroll
            for (int k = 0; k < RADIX1; k++) {
                r[k] = gather_lanes(&source, j + TILE / RADIX1 * k, c * VECTOR);
                i[k] = 0;
            }
            FORWARD_STORE(RADIX1, TILE, block, 2)
        }
        middle_forward(block, twiddle);
        columns_last(block, tile, c);
    }
    const REAL scale = (REAL)1 / ((REAL)TILE * (REAL)TILE);
    for (int c = 0; c < TILE_BLOCKS; c++) {
        TILE_SPACE realv *line = tile + 2 * c;
        FORWARD_PASS(RADIX1, TILE, line, PITCH, block, 2)
        middle_forward(block, twiddle);
        global realv *s = spectrum + c * BLOCK_VECTORS;
        for (int from = 0; from < BLOCK_VECTORS; from += 16) {
            realv r[8], i[8];
#pragma unroll
            for (int k = 0; k < 8; k++) {
                r[k] = block[from + 2 * k];
                i[k] = block[from + 2 * k + 1];
            }
            dft8(r, i);
#pragma unroll
            for (int k = 0; k < 8; k++) {
                s[from + 2 * k] = r[k] * scale;
                s[from + 2 * k + 1] = i[k] * scale;
            }
        }
    }
}
