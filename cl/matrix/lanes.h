/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VECTOR matrices at a time, one in each lane: a matrix is an array of vectors, element (i, j) at i*columns + j. Loads
 * and stores for the layouts of matrix_geometry.h; powers of two that scale without rounding.
 *
 * Constants: those of real.h (SRC_T = DST_T = REAL); LARGEST the elements of the largest matrix loaded or stored.
 */
#ifndef CLF_LANES_H
#define CLF_LANES_H

#include "batch.h"
#include "body.h"
#include "geometry.h"
#include "mask.h"
#include "real.h"
#include "past_cache.h"
#include "turn.h"

/*
 * Small matrices live in registers, which takes every loop over their elements unrolled, in functions that are inlined;
 * larger ones live in memory.
 */
#if LARGEST <= 16
#define UNROLL _Pragma("unroll")
#else
#define UNROLL
#endif

#ifdef REAL_IS_DOUBLE
typedef long bits_one;
#define BITS_ONE long
#define MANTISSA_BITS 52
#define EXPONENT_MASK 0x7ff0000000000000L
#define EXPONENT_BIAS 1023
#define REAL_EPSILON DBL_EPSILON
#else
typedef int bits_one;
#define BITS_ONE int
#define MANTISSA_BITS 23
#define EXPONENT_MASK 0x7f800000
#define EXPONENT_BIAS 127
#define REAL_EPSILON FLT_EPSILON
#endif

#if VECTOR == 1
typedef bits_one bits;
typedef int exponents;
#define AS_BITS(v) PASTE(as_, BITS_ONE)(v)
#define AS_REAL(b) PASTE(as_, REAL)(b)
#define TO_EXPONENTS(b) ((int)(b))
#else
typedef PASTE(BITS_ONE, VECTOR) bits;
typedef PASTE(int, VECTOR) exponents;
#define AS_BITS(v) PASTE(PASTE(as_, BITS_ONE), VECTOR)(v)
#define AS_REAL(b) PASTE(PASTE(as_, REAL), VECTOR)(b)
#define TO_EXPONENTS(b) PASTE(convert_int, VECTOR)(b)
#endif

/* The power of two at or below a positive number, as its exponent's bits, kept where its inverse is a number too. */
static inline bits exponent_bits(realv v) {
    return clamp(AS_BITS(v) & EXPONENT_MASK, (bits)((BITS_ONE)1 << MANTISSA_BITS),
                 (bits)((BITS_ONE)(2 * EXPONENT_BIAS - 1) << MANTISSA_BITS));
}

/* 1 over that power of two. */
static inline realv inverse_power(bits exponent) {
    return AS_REAL((bits)((BITS_ONE)(2 * EXPONENT_BIAS) << MANTISSA_BITS) - exponent);
}

/* Lanes whose matrix holds a NaN or an Inf are set in the result and become 0. */
ALWAYS_INLINE maskv clear_bad(realv *a, int count) {
    realv sum = 0;
    UNROLL
    for (int e = 0; e < count; e++)
        sum += a[e] * 0; /* NaN where a[e] is none or infinite */
    maskv bad = sum != sum;
    UNROLL
    for (int e = 0; e < count; e++)
        a[e] = bad ? (realv)(0) : a[e];
    return bad;
}

/* Makes every lane's matrix numbers below 2 by a power of two, whose exponent bits it returns. */
ALWAYS_INLINE bits scale_matrix(realv *a, int count) {
    realv greatest = 0;
    UNROLL
    for (int e = 0; e < count; e++)
        greatest = fmax(greatest, fabs(a[e]));
    bits exponent = exponent_bits(greatest);
    realv factor = inverse_power(exponent);
    UNROLL
    for (int e = 0; e < count; e++)
        a[e] *= factor;
    return exponent;
}

/* The same, telling which lanes' matrices hold a NaN or an Inf; those stay what they are. */
ALWAYS_INLINE bits scale_finite(realv *a, int count, maskv *bad) {
    bits greatest = 0;
    UNROLL
    for (int e = 0; e < count; e++)
        greatest = max(greatest, AS_BITS(fabs(a[e])));
    *bad = greatest >= EXPONENT_MASK;
    bits exponent = exponent_bits(AS_REAL(greatest));
    realv factor = inverse_power(exponent);
    UNROLL
    for (int e = 0; e < count; e++)
        a[e] *= factor;
    return exponent;
}

#if VECTOR > 1
/* VECTOR matrices that lie one after the other become lanes: element order [lane][e] becomes [e][lane]. */
ALWAYS_INLINE void to_lanes(realv *a, int count) {
    UNROLL
    for (int step = count; step > 1; step /= 2) {
        realv t[LARGEST];
        UNROLL
        for (int k = 0; k < count / 2; k++) {
            t[k] = EVENS(a[2 * k], a[2 * k + 1]);
            t[count / 2 + k] = ODDS(a[2 * k], a[2 * k + 1]);
        }
        UNROLL
        for (int k = 0; k < count; k++)
            a[k] = t[k];
    }
}

/* And back. */
ALWAYS_INLINE void from_lanes(realv *a, int count) {
    UNROLL
    for (int step = count; step > 1; step /= 2) {
        realv t[LARGEST];
        UNROLL
        for (int k = 0; k < count / 2; k++) {
            t[2 * k] = LOWS(a[k], a[count / 2 + k]);
            t[2 * k + 1] = HIGHS(a[k], a[count / 2 + k]);
        }
        UNROLL
        for (int k = 0; k < count; k++)
            a[k] = t[k];
    }
}
#endif

/* One element of `live` lanes; lanes beyond repeat the last. */
static inline realv load_scattered(global const REAL *x, long lane_stride, int live) {
#if VECTOR == 1
    (void)lane_stride, (void)live;
    return x[0];
#else
    REAL line[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++)
        line[lane] = x[min(lane, live - 1) * lane_stride];
    return load_line(line);
#endif
}

static inline void store_scattered(realv v, global REAL *y, long lane_stride, int live) {
#if VECTOR == 1
    (void)lane_stride, (void)live;
    y[0] = v;
#else
    REAL line[VECTOR];
    PASTE(vstore, VECTOR)(v, 0, line);
    for (int lane = 0; lane < live; lane++)
        y[lane * lane_stride] = line[lane];
#endif
}

/* Loads a matrix of rows x columns for each of `live` lanes; operand's strides are in table g. `layout` is constant. */
ALWAYS_INLINE void load_matrix(global const REAL *x, constant const long *g, int operand, int layout, int rows,
                               int columns, int live, realv *a) {
    long lane = g[MATRIX_LANE + operand], row = g[MATRIX_ROW + operand], column = g[MATRIX_COLUMN + operand];
#if VECTOR > 1
    if (layout >= MATRIX_ROWS && live == VECTOR) {
        realv t[LARGEST];
        UNROLL
        for (int e = 0; e < rows * columns; e++)
            t[e] = PASTE(vload, VECTOR)(e, x);
        to_lanes(t, rows * columns);
        UNROLL
        for (int i = 0; i < rows; i++)
            UNROLL
        for (int j = 0; j < columns; j++)
            a[i * columns + j] = t[layout == MATRIX_ROWS ? i * columns + j : j * rows + i];
        return;
    }
    if (layout == MATRIX_SIDE && live == VECTOR) {
        UNROLL
        for (int i = 0; i < rows; i++)
            UNROLL
        for (int j = 0; j < columns; j++)
            a[i * columns + j] = PASTE(vload, VECTOR)(0, x + i * row + j * column);
        return;
    }
#else
    (void)layout;
#endif
    UNROLL
    for (int i = 0; i < rows; i++)
        UNROLL
    for (int j = 0; j < columns; j++)
        a[i * columns + j] = load_scattered(x + i * row + j * column, lane, live);
}

/* Stores a matrix; `past` says to store past the cache where that can be. */
ALWAYS_INLINE void store_matrix(realv *a, global REAL *y, constant const long *g, int operand, int layout, int rows,
                                int columns, int live, int past) {
    long lane = g[MATRIX_LANE + operand], row = g[MATRIX_ROW + operand], column = g[MATRIX_COLUMN + operand];
#if VECTOR > 1
    if (layout >= MATRIX_ROWS && live == VECTOR) {
        realv t[LARGEST];
        UNROLL
        for (int i = 0; i < rows; i++)
            UNROLL
        for (int j = 0; j < columns; j++)
            t[layout == MATRIX_ROWS ? i * columns + j : j * rows + i] = a[i * columns + j];
        from_lanes(t, rows * columns);
        if (past && (size_t)y % sizeof(realv) == 0) {
            UNROLL
            for (int e = 0; e < rows * columns; e++)
                STORE_PAST_CACHE(t[e], (global realv *)y + e);
        } else {
            UNROLL
            for (int e = 0; e < rows * columns; e++)
                PASTE(vstore, VECTOR)(t[e], e, y);
        }
        return;
    }
    if (layout == MATRIX_SIDE && live == VECTOR) {
        UNROLL
        for (int i = 0; i < rows; i++)
            UNROLL
        for (int j = 0; j < columns; j++)
            PASTE(vstore, VECTOR)(a[i * columns + j], 0, y + i * row + j * column);
        return;
    }
#else
    (void)layout, (void)past;
#endif
    UNROLL
    for (int i = 0; i < rows; i++)
        UNROLL
    for (int j = 0; j < columns; j++)
        store_scattered(a[i * columns + j], y + i * row + j * column, lane, live);
}

/* Where matrix `first` of batch item `item` begins in each operand. */
static inline void matrix_offsets(constant const long *g, long item, long first, int operands, long *offset) {
    UNROLL
    for (int i = 0; i < operands; i++)
        offset[i] = g[MATRIX_OFFSET + i] + first * g[MATRIX_LANE + i];
    batch_offsets(g + MATRIX_BATCH, item, operands, offset);
}

#endif
