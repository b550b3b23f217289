/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fourier transforms of square tiles by one work-item, VECTOR lanes wide. Constants beside those of real.h:
 *   TILE                     side of a tile, RADIX1 * RADIX2 * RADIX3 * 8 and a multiple of VECTOR
 *   RADIX1 RADIX2 RADIX3     2, 3, 4, 5 or 8; the last two are 1 where not used
 *   GROUP                    column blocks that are loaded and stored together; divides TILE / VECTOR
 *
 * A tile is transformed along y first: VECTOR neighbouring columns are the lanes of a block of TILE complex vectors.
 * Behind the first pass a block falls into RADIX1 parts that are finished one after the other: they stay in the first
 * cache where a block does not. The last pass holds 8 neighbouring rows in registers, transposes them there and
 * stores them, so that along x the rows are the lanes. Forward passes decimate in frequency, inverse ones in time:
 * spectra stand in the order that the passes leave, nothing is ever reordered, and a spectrum made by the same code
 * has the same order. An inverse transform is the forward one with real and imaginary parts exchanged.
 *
 * A stored tile is, for each VECTOR of y, a block that is transformed along x: real and imaginary part in turn for each
 * x; PITCH vectors apart, so that blocks do not all begin on the same cache sets.
 */
#ifndef CLF_TILE_FFT_H
#define CLF_TILE_FFT_H

#include "dft.h"
#include "past_cache.h"

/* PoCL 3.1 drops calls of functions that only write local memory: everything that does is inlined. */
#define TILE_INLINE __attribute__((always_inline)) static inline

#define TILE_BLOCKS (TILE / VECTOR)
/*
 * A block's parts, which passes behind the first keep apart, are a vector pair apart where column blocks allow it:
 * RADIX1 addresses at the same place of as many pages would not stay in the first cache.
 */
#define PART (TILE / RADIX1)
#define PART_PITCH (PART + (PART % VECTOR == 0 ? 1 : 0))
#define BLOCK_VECTORS (2 * RADIX1 * PART_PITCH)
#define AT(e) (2 * ((e) + (e) / PART * (PART_PITCH - PART)))
#define PITCH (BLOCK_VECTORS + 2)
#define TILE_VECTORS (TILE_BLOCKS * PITCH)

typedef PASTE(REAL, 8) real8;

#define DFT(R, r, i) PASTE(dft, R)(r, i)

/*
 * Passes of blocks from `from` to `to`, which may be the same: forward, transforms and then turns; inverse, turns back
 * and then transforms. Those of radix RADIX1 go over a whole block, the others over a part in pieces of L complex
 * vectors. The halves of passes are there for what loads or stores elsewhere: STRIDE is between what one transform
 * takes.
 */
#define FORWARD_FIRST(from, to)                        \
    for (int j = 0; j < PART; j++) {                   \
        realv r[RADIX1], i[RADIX1];                    \
        LOAD_COMPLEX(RADIX1, PART_PITCH, j, from)      \
        FORWARD_STORE(RADIX1, TILE, PART_PITCH, j, to) \
    }

#define INVERSE_LAST(from, to)                          \
    for (int j = 0; j < PART; j++) {                    \
        realv r[RADIX1], i[RADIX1];                     \
        INVERSE_LOAD(RADIX1, TILE, PART_PITCH, j, from) \
        STORE_COMPLEX(RADIX1, PART_PITCH, j, to)        \
    }

#define FORWARD_PASS(R, L, part)                        \
    for (int b = 0; b < PART; b += (L))                 \
        for (int j = 0; j < (L) / (R); j++) {           \
            realv r[R], i[R];                           \
            LOAD_COMPLEX(R, (L) / (R), b + j, part)     \
            FORWARD_STORE(R, L, (L) / (R), b + j, part) \
        }

#define INVERSE_PASS(R, L, part)                       \
    for (int b = 0; b < PART; b += (L))                \
        for (int j = 0; j < (L) / (R); j++) {          \
            realv r[R], i[R];                          \
            INVERSE_LOAD(R, L, (L) / (R), b + j, part) \
            STORE_COMPLEX(R, (L) / (R), b + j, part)   \
        }

#define LOAD_COMPLEX(R, STRIDE, first, from)           \
    _Pragma("unroll") for (int k = 0; k < (R); k++) {  \
        r[k] = (from)[2 * ((first) + (STRIDE)*k)];     \
        i[k] = (from)[2 * ((first) + (STRIDE)*k) + 1]; \
    }

#define STORE_COMPLEX(R, STRIDE, first, to)           \
    _Pragma("unroll") for (int k = 0; k < (R); k++) { \
        (to)[2 * ((first) + (STRIDE)*k)] = r[k];      \
        (to)[2 * ((first) + (STRIDE)*k) + 1] = i[k];  \
    }

#define FORWARD_STORE(R, L, STRIDE, first, to)                                    \
    DFT(R, r, i);                                                                 \
    _Pragma("unroll") for (int k = 0; k < (R); k++) {                             \
        int p = 2 * ((first) + (STRIDE)*k), t = 2 * (TILE / (L)) * j * k;         \
        REAL wr = twiddle[t], wi = twiddle[t + 1];                                \
        (to)[p] = k == 0 ? r[k] : MULTIPLY_ADD(r[k], (realv)(wr), -i[k] * wi);    \
        (to)[p + 1] = k == 0 ? i[k] : MULTIPLY_ADD(i[k], (realv)(wr), r[k] * wi); \
    }

#define INVERSE_LOAD(R, L, STRIDE, first, from)                           \
    _Pragma("unroll") for (int k = 0; k < (R); k++) {                     \
        int p = 2 * ((first) + (STRIDE)*k), t = 2 * (TILE / (L)) * j * k; \
        REAL wr = twiddle[t], wi = twiddle[t + 1];                        \
        realv vr = (from)[p], vi = (from)[p + 1];                         \
        r[k] = k == 0 ? vr : MULTIPLY_ADD(vr, (realv)(wr), vi * wi);      \
        i[k] = k == 0 ? vi : MULTIPLY_ADD(vi, (realv)(wr), -vr * wi);     \
    }                                                                     \
    DFT(R, i, r);

/* The passes between the first and the last, inside a part of a block. */
TILE_INLINE void middle_forward(local realv *part, constant const REAL *twiddle) {
    (void)part, (void)twiddle;
#if RADIX2 > 1
    FORWARD_PASS(RADIX2, PART, part)
#endif
#if RADIX3 > 1
    FORWARD_PASS(RADIX3, (PART / RADIX2), part)
#endif
}

TILE_INLINE void middle_inverse(local realv *part, constant const REAL *twiddle) {
    (void)part, (void)twiddle;
#if RADIX3 > 1
    INVERSE_PASS(RADIX3, (PART / RADIX2), part)
#endif
#if RADIX2 > 1
    INVERSE_PASS(RADIX2, PART, part)
#endif
}

/* Eight neighbouring rows of column k: real8 by its own type, as PoCL's vload8 and vstore8 are made of pieces. */
#define EIGHT(tile, k) ((TILE_SPACE real8 *)((tile) + (k)*2 * VECTOR))

/*
 * Transposes 8 rows of VECTOR lanes and back. With 16 lanes the outcome is 8 vectors of two columns, those of lanes k
 * and k + 4 for k < 4 and of k + 4 and k + 8 for the others.
 */
#if VECTOR == 16
#define REVERSED(v) (v).sfedcba9876543210
/* One instruction each; vectors made of pieces, compilers take apart. */
#if !defined(SHUFFLE)
#define SHUFFLE(a, b, ...) shuffle2(a, b, (uint16)(__VA_ARGS__))
#endif
#define MERGE_1(a, b) SHUFFLE(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define MERGE_2(a, b) SHUFFLE(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define PAIRS_1(a, b) SHUFFLE(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define PAIRS_2(a, b) SHUFFLE(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define QUADS_LOW(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
#define QUADS_HIGH(a, b) SHUFFLE(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)
#define QUADS_EVEN(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
#define QUADS_ODD(a, b) SHUFFLE(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)

/* A vector that compilers for AVX-512 leave whole: they take shuffles apart where only halves are stored. */
#if defined(__clang__) && defined(__AVX512F__)
#define KEEP_WHOLE(v) __asm__("" : "+v"(v))
#else
#define KEEP_WHOLE(v) ((void)0)
#endif

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
        realv low = QUADS_LOW(a[k], a[k + 4]);
        realv high = QUADS_HIGH(a[k], a[k + 4]);
        KEEP_WHOLE(low);
        KEEP_WHOLE(high);
        *EIGHT(to, k) = low.lo;
        *EIGHT(to, k + 4) = low.hi;
        *EIGHT(to, k + 8) = high.lo;
        *EIGHT(to, k + 12) = high.hi;
    }
}

TILE_INLINE void load_turned(realv *a, TILE_SPACE const REAL *from) {
#pragma unroll
    for (int k = 0; k < 4; k++) {
        realv low = (float16)(*EIGHT(from, k), *EIGHT(from, k + 8));
        realv high = (float16)(*EIGHT(from, k + 4), *EIGHT(from, k + 12));
        a[k] = QUADS_EVEN(low, high);
        a[k + 4] = QUADS_ODD(low, high);
    }
    turn_quads(a);
    turn_quads(a + 4);
}
#else
#define REVERSED(v) (v).s76543210
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
        *EIGHT(to, k) = a[k];
}

TILE_INLINE void load_turned(realv *a, TILE_SPACE const REAL *from) {
#pragma unroll
    for (int k = 0; k < 8; k++)
        a[k] = *EIGHT(from, k);
    turn_eight(a);
}
#endif

/* Where rows b..b+7 of column block c stand in a stored tile. */
#define TURNED(tile, b, c) ((TILE_SPACE REAL *)(tile) + ((b) / VECTOR * PITCH + AT((c)*VECTOR)) * VECTOR + (b) % VECTOR)

/*
 * Asks for lines of a large tile that are written, or read, some row blocks later, 16 for each 8 rows: a column block
 * has a few lines in every row block, too far apart to be guessed.
 */
TILE_INLINE void fetch_turned(TILE_SPACE realv *tile, int b, int c) {
    int later = b / VECTOR * VECTOR + 4 * VECTOR;
    if (TILE <= 256 || later >= TILE)
        return;
    TILE_SPACE REAL *to = TURNED(tile, later, c) + 2 * VECTOR * (b % VECTOR);
#pragma unroll
    for (int k = 0; k < 16; k++)
        FETCH_TO_WRITE(to + k * VECTOR);
}

TILE_INLINE void fetch_to_turn(TILE_SPACE const realv *tile, int b, int c) {
    int later = b / VECTOR * VECTOR + 8 * VECTOR;
    if (TILE <= 256 || later >= TILE)
        return;
    TILE_SPACE const REAL *from = TURNED(tile, later, c) + 2 * VECTOR * (b % VECTOR);
#pragma unroll
    for (int k = 0; k < 16; k++)
        FETCH_FAR_AHEAD(from + k * VECTOR);
}

/* The forward passes along y behind the first, of column block c. */
TILE_INLINE void columns_last(local realv *block, TILE_SPACE realv *tile, constant const REAL *twiddle, int c) {
    for (int p = 0; p < TILE; p += PART) {
        local realv *part = block + AT(p);
        middle_forward(part, twiddle);
        for (int b = 0; b < PART; b += 8) {
            realv r[8], i[8];
            LOAD_COMPLEX(8, 1, b, part)
            dft8(r, i);
            fetch_turned(tile, p + b, c);
            TILE_SPACE REAL *to = TURNED(tile, p + b, c);
            store_turned(r, to);
            store_turned(i, to + VECTOR);
        }
    }
}

/* The inverse passes along y before the last, of column block c. */
TILE_INLINE void columns_first(TILE_SPACE const realv *tile, local realv *block, constant const REAL *twiddle, int c) {
    for (int p = 0; p < TILE; p += PART) {
        local realv *part = block + AT(p);
        for (int b = 0; b < PART; b += 8) {
            realv r[8], i[8];
            TILE_SPACE const REAL *from = TURNED(tile, p + b, c);
            fetch_to_turn(tile, p + b, c);
            load_turned(r, from);
            load_turned(i, from + VECTOR);
            dft8(i, r);
            STORE_COMPLEX(8, 1, b, part)
        }
        middle_inverse(part, twiddle);
    }
}

#endif
