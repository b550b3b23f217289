/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fourier transforms of square tiles by one work-item, VECTOR lanes wide. Constants beside those of real.h:
 *   TILE                     side of a tile, RADIX1 * RADIX2 * RADIX3 * 8 and a multiple of VECTOR
 *   RADIX1 RADIX2 RADIX3     2, 3, 4 or 8; the last two are 1 where not used
 *
 * A tile is transformed along y first: VECTOR neighbouring columns are the lanes of a block of TILE complex vectors,
 * which stays in the first cache. Its last pass holds 8 neighbouring rows in registers, transposes them there and
 * stores them, so that along x the rows are the lanes. Forward passes decimate in frequency, inverse ones in time:
 * spectra stand in the order that the passes leave, nothing is ever reordered, and a spectrum made by the same code
 * has the same order. An inverse transform is the forward one with real and imaginary parts exchanged.
 *
 * A stored tile has PITCH vectors for each x: real and imaginary part in turn for each VECTOR of y, and one more, so
 * that neighbouring x do not fall on the same cache sets.
 */
#ifndef CLF_TILE_FFT_H
#define CLF_TILE_FFT_H

#include "real.h"

#ifndef TILE
#define TILE 64
#define RADIX1 8
#define RADIX2 1
#define RADIX3 1
#define TILE_SPACE local
#define TILE_LOCAL
#endif

/* PoCL 3.1 drops calls of functions that only write local memory: everything that does is inlined. */
#define TILE_INLINE __attribute__((always_inline)) static inline

#define TILE_BLOCKS (TILE / VECTOR)
#define PITCH (2 * TILE_BLOCKS + 1)
#define TILE_VECTORS (TILE * PITCH)
#define BLOCK_VECTORS (2 * TILE)

typedef PASTE(REAL, 2) real2;
typedef PASTE(REAL, 8) real8;

/* Discrete Fourier transforms of registers, in place and in natural order. */
TILE_INLINE void dft2(realv *r, realv *i) {
    realv a = r[0], b = i[0];
    r[0] = a + r[1];
    i[0] = b + i[1];
    r[1] = a - r[1];
    i[1] = b - i[1];
}

TILE_INLINE void dft3(realv *r, realv *i) {
    const REAL sine = (REAL)0.86602540378443864676;
    realv sr = r[1] + r[2], si = i[1] + i[2], dr = (r[1] - r[2]) * sine, di = (i[1] - i[2]) * sine;
    realv mr = fma(sr, (realv)(-(REAL)0.5), r[0]), mi = fma(si, (realv)(-(REAL)0.5), i[0]);
    r[0] += sr;
    i[0] += si;
    r[1] = mr + di;
    i[1] = mi - dr;
    r[2] = mr - di;
    i[2] = mi + dr;
}

TILE_INLINE void dft4(realv *r, realv *i) {
    realv ar = r[0] + r[2], ai = i[0] + i[2], br = r[0] - r[2], bi = i[0] - i[2];
    realv cr = r[1] + r[3], ci = i[1] + i[3], dr = r[1] - r[3], di = i[1] - i[3];
    r[0] = ar + cr;
    i[0] = ai + ci;
    r[1] = br + di;
    i[1] = bi - dr;
    r[2] = ar - cr;
    i[2] = ai - ci;
    r[3] = br - di;
    i[3] = bi + dr;
}

TILE_INLINE void dft8(realv *r, realv *i) {
    const realv root = (realv)((REAL)0.70710678118654752440); /* of 1/2 */
    realv er[4] = {r[0], r[2], r[4], r[6]}, ei[4] = {i[0], i[2], i[4], i[6]};
    realv or[4] = {r[1], r[3], r[5], r[7]}, oi[4] = {i[1], i[3], i[5], i[7]};
    dft4(er, ei);
    dft4(or, oi);
    realv ar = or[1] + oi[1], ai = oi[1] - or[1], br = oi[3] - or[3], bi = or[3] + oi[3];
    r[0] = er[0] + or[0];
    i[0] = ei[0] + oi[0];
    r[4] = er[0] - or[0];
    i[4] = ei[0] - oi[0];
    r[1] = fma(ar, root, er[1]);
    i[1] = fma(ai, root, ei[1]);
    r[5] = fma(ar, -root, er[1]);
    i[5] = fma(ai, -root, ei[1]);
    r[2] = er[2] + oi[2];
    i[2] = ei[2] - or[2];
    r[6] = er[2] - oi[2];
    i[6] = ei[2] + or[2];
    r[3] = fma(br, root, er[3]);
    i[3] = fma(bi, -root, ei[3]);
    r[7] = fma(br, -root, er[3]);
    i[7] = fma(bi, root, ei[3]);
}

#define DFT(R, r, i) PASTE(dft, R)(r, i)

/* One pass over blocks of L complex vectors: `from` and `to` are pointers and vectors from one element to the next. */
#define FORWARD_PASS(R, L, from, from_step, to, to_step)                                                               \
    for (int b = 0; b < TILE; b += (L))                                                                                \
        for (int j = 0; j < (L) / (R); j++) {                                                                          \
            realv r[R], i[R];                                                                                          \
            _Pragma("unroll") for (int k = 0; k < (R); k++) {                                                          \
                int p = (b + j + (L) / (R)*k) * (from_step);                                                           \
                r[k] = (from)[p];                                                                                      \
                i[k] = (from)[p + 1];                                                                                  \
            }                                                                                                          \
            FORWARD_STORE(R, L, to, to_step)                                                                           \
        }

/* The second half of a forward pass: transforms r, i and stores them, turned. */
#define FORWARD_STORE(R, L, to, to_step)                                                                               \
    DFT(R, r, i);                                                                                                      \
    _Pragma("unroll") for (int k = 0; k < (R); k++) {                                                                  \
        int p = (b + j + (L) / (R)*k) * (to_step);                                                                     \
        real2 w = twiddle[TILE / (L)*j * k];                                                                           \
        (to)[p] = k == 0 ? r[k] : fma(r[k], (realv)(w.x), -i[k] * w.y);                                                \
        (to)[p + 1] = k == 0 ? i[k] : fma(i[k], (realv)(w.x), r[k] * w.y);                                             \
    }

/* The first half of an inverse pass: loads r, i, turned back, and transforms them. */
#define INVERSE_LOAD(R, L, from, from_step)                                                                            \
    _Pragma("unroll") for (int k = 0; k < (R); k++) {                                                                  \
        int p = (b + j + (L) / (R)*k) * (from_step);                                                                   \
        real2 w = twiddle[TILE / (L)*j * k];                                                                           \
        realv vr = (from)[p], vi = (from)[p + 1];                                                                      \
        r[k] = k == 0 ? vr : fma(vr, (realv)(w.x), vi * w.y);                                                          \
        i[k] = k == 0 ? vi : fma(vi, (realv)(w.x), -vr * w.y);                                                         \
    }                                                                                                                  \
    DFT(R, i, r);

#define INVERSE_PASS(R, L, from, from_step, to, to_step)                                                               \
    for (int b = 0; b < TILE; b += (L))                                                                                \
        for (int j = 0; j < (L) / (R); j++) {                                                                          \
            realv r[R], i[R];                                                                                          \
            INVERSE_LOAD(R, L, from, from_step)                                                                        \
            _Pragma("unroll") for (int k = 0; k < (R); k++) {                                                          \
                int p = (b + j + (L) / (R)*k) * (to_step);                                                             \
                (to)[p] = r[k];                                                                                        \
                (to)[p + 1] = i[k];                                                                                    \
            }                                                                                                          \
        }

/* The passes between the first and the last, inside a block. */
TILE_INLINE void middle_forward(local realv *block, constant const real2 *twiddle) {
    (void)block, (void)twiddle;
#if RADIX2 > 1
    FORWARD_PASS(RADIX2, (TILE / RADIX1), block, 2, block, 2)
#endif
#if RADIX3 > 1
    FORWARD_PASS(RADIX3, (TILE / RADIX1 / RADIX2), block, 2, block, 2)
#endif
}

TILE_INLINE void middle_inverse(local realv *block, constant const real2 *twiddle) {
    (void)block, (void)twiddle;
#if RADIX3 > 1
    INVERSE_PASS(RADIX3, (TILE / RADIX1 / RADIX2), block, 2, block, 2)
#endif
#if RADIX2 > 1
    INVERSE_PASS(RADIX2, (TILE / RADIX1), block, 2, block, 2)
#endif
}

/*
 * Transposes 8 rows of VECTOR lanes and back. With 16 lanes the outcome is 8 vectors of two columns, those of lanes k
 * and k + 4 for k < 4 and of k + 4 and k + 8 for the others.
 */
#if VECTOR == 16
#define MERGE_1(a, b)                                                                                                  \
    (float16)(a.s0, b.s0, a.s1, b.s1, a.s4, b.s4, a.s5, b.s5, a.s8, b.s8, a.s9, b.s9, a.sc, b.sc, a.sd, b.sd)
#define MERGE_2(a, b)                                                                                                  \
    (float16)(a.s2, b.s2, a.s3, b.s3, a.s6, b.s6, a.s7, b.s7, a.sa, b.sa, a.sb, b.sb, a.se, b.se, a.sf, b.sf)
#define PAIRS_1(a, b) (float16)(a.s01, b.s01, a.s45, b.s45, a.s89, b.s89, a.scd, b.scd)
#define PAIRS_2(a, b) (float16)(a.s23, b.s23, a.s67, b.s67, a.sab, b.sab, a.sef, b.sef)

/* Turns the 4 x 4 blocks of four rows round; its own inverse. */
TILE_INLINE void turn_quads(realv *a) {
    realv t0 = MERGE_1(a[0], a[1]), t1 = MERGE_2(a[0], a[1]), t2 = MERGE_1(a[2], a[3]), t3 = MERGE_2(a[2], a[3]);
    a[0] = PAIRS_1(t0, t2);
    a[1] = PAIRS_2(t0, t2);
    a[2] = PAIRS_1(t1, t3);
    a[3] = PAIRS_2(t1, t3);
}

TILE_INLINE void store_turned(realv *a, TILE_SPACE REAL *to) {
    turn_quads(a);
    turn_quads(a + 4);
#pragma unroll
    for (int k = 0; k < 4; k++) {
        realv low = (float16)(a[k].s0123, a[k + 4].s0123, a[k].s4567, a[k + 4].s4567);
        realv high = (float16)(a[k].s89ab, a[k + 4].s89ab, a[k].scdef, a[k + 4].scdef);
        vstore8(low.lo, 0, to + k * PITCH * VECTOR);
        vstore8(low.hi, 0, to + (k + 4) * PITCH * VECTOR);
        vstore8(high.lo, 0, to + (k + 8) * PITCH * VECTOR);
        vstore8(high.hi, 0, to + (k + 12) * PITCH * VECTOR);
    }
}

TILE_INLINE void load_turned(realv *a, TILE_SPACE const REAL *from) {
#pragma unroll
    for (int k = 0; k < 4; k++) {
        realv low = (float16)(vload8(0, from + k * PITCH * VECTOR), vload8(0, from + (k + 8) * PITCH * VECTOR));
        realv high =
            (float16)(vload8(0, from + (k + 4) * PITCH * VECTOR), vload8(0, from + (k + 12) * PITCH * VECTOR));
        a[k] = (float16)(low.s0123, high.s0123, low.s89ab, high.s89ab);
        a[k + 4] = (float16)(low.s4567, high.s4567, low.scdef, high.scdef);
    }
    turn_quads(a);
    turn_quads(a + 4);
}
#else
/* Eight rows of eight. */
TILE_INLINE void turn_eight(real8 *a) {
#pragma unroll
    for (int k = 0; k < 4; k++) {
        real8 t = a[k], u = a[k + 4];
        a[k] = (real8)(t.lo, u.lo);
        a[k + 4] = (real8)(t.hi, u.hi);
    }
#pragma unroll
    for (int q = 0; q < 4; q++) {
        int k = (q & 1) | ((q & 2) << 1);
        real8 t = a[k], u = a[k + 2];
        a[k] = (real8)(t.s01, u.s01, t.s45, u.s45);
        a[k + 2] = (real8)(t.s23, u.s23, t.s67, u.s67);
    }
#pragma unroll
    for (int k = 0; k < 8; k += 2) {
        real8 t = a[k], u = a[k + 1];
        a[k] = (real8)(t.s0, u.s0, t.s2, u.s2, t.s4, u.s4, t.s6, u.s6);
        a[k + 1] = (real8)(t.s1, u.s1, t.s3, u.s3, t.s5, u.s5, t.s7, u.s7);
    }
}

TILE_INLINE void store_turned(realv *a, TILE_SPACE REAL *to) {
    turn_eight(a);
#pragma unroll
    for (int k = 0; k < 8; k++)
        vstore8(a[k], 0, to + k * PITCH * VECTOR);
}

TILE_INLINE void load_turned(realv *a, TILE_SPACE const REAL *from) {
#pragma unroll
    for (int k = 0; k < 8; k++)
        a[k] = vload8(0, from + k * PITCH * VECTOR);
    turn_eight(a);
}
#endif

/* Where rows b..b+7 of column block c stand in a stored tile. */
#define TURNED(tile, b, c) ((TILE_SPACE REAL *)(tile) + (c) * VECTOR * PITCH * VECTOR + (b) / VECTOR * 2 * VECTOR + (b) % VECTOR)

/* The last forward pass along y of column block c. */
TILE_INLINE void columns_last(local const realv *block, TILE_SPACE realv *tile, int c) {
    for (int b = 0; b < TILE; b += 8) {
        realv r[8], i[8];
#pragma unroll
        for (int k = 0; k < 8; k++) {
            r[k] = block[2 * (b + k)];
            i[k] = block[2 * (b + k) + 1];
        }
        dft8(r, i);
        TILE_SPACE REAL *to = TURNED(tile, b, c);
        store_turned(r, to);
        store_turned(i, to + VECTOR);
    }
}

/* The first inverse pass along y of column block c. */
TILE_INLINE void columns_first(TILE_SPACE const realv *tile, local realv *block, int c) {
    for (int b = 0; b < TILE; b += 8) {
        realv r[8], i[8];
        TILE_SPACE const REAL *from = TURNED(tile, b, c);
        load_turned(r, from);
        load_turned(i, from + VECTOR);
        dft8(i, r);
#pragma unroll
        for (int k = 0; k < 8; k++) {
            block[2 * (b + k)] = r[k];
            block[2 * (b + k) + 1] = i[k];
        }
    }
}

/*
 * Where a tile's elements come from: offsets of its rows and, counted from a row's start, of its columns. An offset may
 * also be TILE_CONSTANT, the border's value, or TILE_NOTHING, 0: what no output needs.
 */
#define TILE_CONSTANT LONG_MIN
#define TILE_NOTHING (LONG_MIN + 1)

typedef struct tile_source {
    global const SRC_T *x;
    local const long *rows, *columns;
    long first; /* offset of column 0 where `inside` */
    REAL cval;
} tile_source;

/* VECTOR elements one by one. Kept out of the loops that call it: it is rare there. */
static realv gather_lanes(const tile_source *source, int row, int column) {
    REAL lanes[VECTOR];
    long from = source->rows[row];
    for (int lane = 0; lane < VECTOR; lane++) {
        long at = source->columns[column + lane];
        lanes[lane] = from == TILE_NOTHING || at == TILE_NOTHING   ? 0
                      : from == TILE_CONSTANT || at == TILE_CONSTANT ? source->cval
                                                                     : load_one(source->x, from + at);
    }
    return PASTE(vload, VECTOR)(0, lanes);
}

/* Lanes of a row; `inside` tells that the columns are neighbours in memory. */
TILE_INLINE realv tile_lanes(const tile_source *source, bool inside, int row, int column) {
    long from = source->rows[row];
    if (inside && from >= 0)
        return load_lanes(source->x, from + source->first + column);
    return gather_lanes(source, row, column);
}

#endif
