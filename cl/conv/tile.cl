/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.tile: correlation by overlapping tiles (overlap-save), each transformed, multiplied by the kernel's spectrum and
 * transformed back by one work-item without leaving the cache. Two real tiles are the real and the imaginary part of
 * one complex tile: the kernel is real, so they never mix. A tile of side T gives T - reach outputs a side.
 *
 * Launched without tiles, the kernel makes the spectrum that it multiplies by: tap k stands at -dilation*k, along x at
 * -lead-dilation*k, round the tile's end, so that output i of a tile stands at i; scaled by 1/T^2. One program serves
 * both: building it takes longer than running it.
 *
 * Loading also looks at the magnitudes of each tile (tile_look.h). If the transform would overflow or lose digits, or
 * some elements are NaN, Inf or far beyond the rest, the pair is loaded again, once or several times, scaled and
 * without what does not belong together (tile_rare.h); or it is `summed` tap by tap where taps are few (tile_sum.h).
 *
 * Floor: the bytes of src and dst once; arithmetic of some 4.2 flops an element of the tile, level (log2 T^2) and
 * direction, 4 for the product; between the stages the tile crosses the second cache twice each way, from a side of
 * 512 on the third too, where it and the spectrum bring in 40 bytes of f32 an element. Rows of an image lie far apart,
 * so that nothing guesses the next line: lines of the next tile are fetched while this one computes, or those of a few
 * column blocks together just before; and outputs go past the cache.
 *
 * Constants: those of real.h, tile_fft.h and tile_sum.h; TILE_SPACE, where a tile is kept: local, or global where it
 * is too large.
 */
// checks share: float -DVECTOR=16 -DTILE=64 -DRADIX1=8 -DRADIX2=1 -DRADIX3=1 -DGROUP=1 -DSUM_ROWS=6
// check cpu: -DTILE_SPACE=local -DTILE_LOCAL
// check cpu: -DTILE_SPACE=local -DTILE_LOCAL -march=skylake-avx512
// check cpu: -DTILE_SPACE=global -DTILE=256 -DRADIX2=4 -DGROUP=2
// check cpu: -DTILE_SPACE=global -DTILE=1024 -DRADIX2=4 -DRADIX3=4 -DGROUP=4 half
// check cpu: -DTILE_SPACE=global -DVECTOR=8 double
// check cpu: -DTILE_SPACE=local -DTILE_LOCAL uchar
// check cpu: -DTILE_SPACE=local -DTILE_LOCAL plain
#include "body.h"
#include "tile_fft.h"
#include "tile_store.h"
#include "tile_rare.h"
#include "tile_sum.h"

/* Where taps stand along an axis, the first at -lead: their offsets, or nothing. */
TILE_INLINE void place_taps(local long *offsets, long taps, long dilation, long stride, long lead) {
    for (int t = 0; t < TILE; t++)
        offsets[t] = TILE_NOTHING;
    for (long k = 0; k < taps; k++)
        offsets[(2 * TILE - lead - k * dilation) % TILE] = k * stride;
}

/* The sources of a spectrum: the taps and nothing. */
TILE_INLINE void find_taps(constant const long *g, global const REAL *w, long lead, local long *offsets,
                           tile_source *source) {
    place_taps(offsets, g[CONV_TAPS + 1], g[CONV_DILATION + 1], g[CONV_TAPS + 2], 0);
    place_taps(offsets + TILE, g[CONV_TAPS + 2], g[CONV_DILATION + 2], 1, lead);
    place_taps(offsets + 2 * TILE, 0, 0, 0, 0);
    source[0] = (tile_source){.taps = w, .rows = offsets, .columns = offsets + TILE, .needed = TILE, .scale = 1};
    source[1] = (tile_source){.rows = offsets + 2 * TILE, .columns = offsets + 2 * TILE, .scale = 1};
}

/* The last pass along x of a part of a block, times the spectrum, and the first back; or into the spectrum. */
TILE_INLINE void multiply_part(local realv *part, global realv *s, bool making) {
    const REAL scale = (REAL)1 / ((REAL)TILE * (REAL)TILE);
    for (int b = 0; b < PART; b += 8) {
        realv r[8], i[8];
        LOAD_COMPLEX(8, 1, b, part)
        dft8(r, i);
        if (making) {
#pragma unroll
            for (int k = 0; k < 8; k++) {
                r[k] *= scale;
                i[k] *= scale;
            }
            STORE_COMPLEX(8, 1, b, s)
            continue;
        }
#pragma unroll
        for (int k = 0; k < 8; k++) {
            realv sr = s[2 * (b + k)], si = s[2 * (b + k) + 1], vr = r[k];
            r[k] = MULTIPLY_ADD(vr, sr, -i[k] * si);
            i[k] = MULTIPLY_ADD(vr, si, i[k] * sr);
        }
        dft8(i, r);
        STORE_COMPLEX(8, 1, b, part)
    }
}

/* Along x: forward, times the spectrum, inverse, for every VECTOR rows; or forward into the spectrum. */
TILE_INLINE void multiply_rows(TILE_SPACE realv *tile, global realv *spectrum, bool making, local realv *block,
                               constant const REAL *twiddle, const tile_ahead *ahead) {
    for (int c = 0; c < TILE_BLOCKS; c++) {
        TILE_SPACE realv *line = tile + c * PITCH;
        global realv *s = spectrum + c * BLOCK_VECTORS;
        FORWARD_FIRST(line, block)
        for (int p = 0; p < TILE; p += PART) {
            local realv *part = block + AT(p);
            middle_forward(part, twiddle);
            multiply_part(part, s + AT(p), making);
            if (FETCH_NEXT && !making)
                for (int b = p; b < p + PART; b += 8)
                    fetch_part(ahead, c * VECTOR, b / 8);
            middle_inverse(part, twiddle);
        }
        if (!making)
            INVERSE_LAST(block, line)
    }
}

/* What a launch is given. */
typedef struct tile_launch {
    global const SRC_T *x;
    global DST_T *y;
    global const REAL *w;
    global realv *spectrum;
    constant const REAL *twiddle;
    constant const long *g;
    TILE_SPACE realv *tile;
    local realv *block;
    local long *offsets;
    REAL cval;
    tile_cut cut;
    int past, summed;
} tile_launch;

/* The pair after it has been loaded for the first time, or stored: what is next, with its sources and places. */
TILE_INLINE int ask_rare(const tile_launch *l, bool first, tile_pair *pair, tile_source *source, tile_place *place) {
    const tile_rare rare = {l->g,
                            l->w,
                            (TILE_SPACE ulong *)(l->tile + TILE_VECTORS),
                            (TILE_SPACE ulong *)l->tile,
                            (local int *)l->block,
                            l->cut.lead,
                            l->summed};
    if (first)
        *pair = (tile_pair){.source = {source[0], source[1]}, .place = {place[0], place[1]}};
    const int next = go_on_rare(pair, &rare, first, l->y);
    for (int t = 0; t < 2; t++) {
        source[t] = pair->source[t];
        place[t] = pair->place[t];
    }
    return next;
}

/* Sums the pair tap by tap. */
TILE_INLINE void sum_instead(const tile_launch *l, const tile_source *source, const tile_place *place) {
    const tile_sum sum = {l->g, l->w, (TILE_SPACE REAL *)l->tile, l->block, l->cut.lead};
    const tile_pair pair = {.source = {source[0], source[1]}, .place = {place[0], place[1]}};
    sum_pair(&sum, pair.source, pair.place, l->y);
}

/* Transforms, multiplies, transforms back and stores a pair; or makes the spectrum. */
TILE_INLINE void run_pair(const tile_launch *l, bool making, tile_source *source, tile_place *place,
                          const tile_ahead *ahead) {
    int next = PAIR_ORDINARY;
    tile_pair pair;
    tile_cell cell;
    find_cell(l->g, max(place[0].rows, place[1].rows), &cell);
    do {
        load_columns(source, !making && next == PAIR_ORDINARY, &cell, l->tile, l->block, l->twiddle);
        const uint own = source[0].filled, other = place[1].rows == 0 ? own : source[1].filled;
        if (!making && next == PAIR_ORDINARY && !look_ordinary(own, other)) {
            next = l->summed && look_unusual(own | other) ? PAIR_SUMMED : ask_rare(l, true, &pair, source, place);
            if (next == PAIR_SUMMED)
                sum_instead(l, source, place);
            if (next != PAIR_ORDINARY)
                continue;
        }
        multiply_rows(l->tile, l->spectrum, making, l->block, l->twiddle, ahead);
        store_columns(l->tile, place, l->g, l->block, l->twiddle, l->y);
        if (next == PAIR_AGAIN)
            next = ask_rare(l, false, &pair, source, place);
    } while (next == PAIR_AGAIN);
}

/* Pairs `first`, first + groups, ...; or the spectrum. */
BODY run_pairs(const tile_launch *l, long first, long groups) {
    const bool making = l->cut.tiles == 0;
    const long pairs = making ? 1 : (l->cut.tiles + 1) / 2;
    for (long pair = first; pair < pairs; pair += groups) {
        tile_source source[2] = {{.x = l->x, .cval = l->cval, .scale = 1}, {.x = l->x, .cval = l->cval, .scale = 1}};
        tile_place place[2] = {{0}, {0}};
        tile_ahead ahead = {{0}, {0}, 0};
        if (making) {
            find_taps(l->g, l->w, l->cut.lead, l->offsets, source);
        } else {
            for (int t = 0; t < 2; t++) {
                find_tile(l->g, &l->cut, 2 * pair + t, l->offsets + 2 * t * TILE, l->offsets + (2 * t + 1) * TILE,
                          &source[t], &place[t]);
                place[t].aligned = l->past && (size_t)(l->y + place[t].out) % sizeof(realv) == 0;
            }
            find_ahead(l->g, &l->cut, 2 * (pair + (pairs > groups ? groups : 1)), l->x, &ahead);
        }
        run_pair(l, making, source, place, &ahead);
    }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_tile(global const SRC_T *restrict x, global DST_T *restrict y, global const REAL *restrict w,
          global realv *restrict spectrum, constant const REAL *restrict twiddle, constant const long *restrict g,
          REAL cval, int cut_rows, int cut_columns, int down, int across, int lead, long tiles, int turns, int past,
          int summed, global realv *restrict slots) {
    local realv block[GROUP * BLOCK_VECTORS];
    local long offsets[4 * TILE];
#ifdef TILE_LOCAL
    local realv tile[TILE_VECTORS + SPARE_VECTORS];
    (void)slots;
#else
    global realv *tile = slots + get_group_id(0) * (TILE_VECTORS + SPARE_VECTORS);
#endif
    const tile_cut cut = {cut_rows, cut_columns, down, across, lead, tiles};
    const tile_launch launch = {x, y, w, spectrum, twiddle, g, tile, block, offsets, cval, cut, past, summed};
    /* Devices hand out groups in runs: those that get a pair more than others are spread over all runs. */
    const long group = (long)get_group_id(0), groups = (long)get_num_groups(0);
    run_pairs(&launch, group / turns + group % turns * (groups / turns), groups);
}
