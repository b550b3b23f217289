/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VECTOR matrices at a time, one in each lane: a matrix is an array of vectors, element (i, j) at i*columns + j. Loads
 * and stores for the layouts of matrix_geometry.h; powers of two that scale without rounding.
 *
 * Constants: those of real.h (SRC_T = DST_T = REAL); LARGEST the elements of the largest matrix loaded or stored.
 */
#ifndef CLF_LANES_H
#define CLF_LANES_H

#include "real.h"
#include "batch.h"
#include "stream.h"
#include "matrix_geometry.h"

#ifndef LARGEST
#define LARGEST 8
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
typedef int mask; /* 0 or 1 */
typedef int exponents;
#define AS_BITS(v) PASTE(as_, BITS_ONE)(v)
#define AS_REAL(b) PASTE(as_, REAL)(b)
#define ANY(m) (m)
#define TO_EXPONENTS(b) ((int)(b))
#else
typedef PASTE(BITS_ONE, VECTOR) bits;
typedef bits mask; /* 0 or -1 a lane */
typedef PASTE(int, VECTOR) exponents;
#define AS_BITS(v) PASTE(PASTE(as_, BITS_ONE), VECTOR)(v)
#define AS_REAL(b) PASTE(PASTE(as_, REAL), VECTOR)(b)
#define ANY(m) any(m)
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
static inline mask clear_bad(realv *a, int count) {
    realv sum = 0;
    for (int e = 0; e < count; e++)
        sum += a[e] * 0; /* NaN where a[e] is none or infinite */
    mask bad = sum != sum;
    for (int e = 0; e < count; e++)
        a[e] = bad ? (realv)(0) : a[e];
    return bad;
}

/* Makes every lane's matrix numbers below 2 by a power of two, whose exponent bits it returns. */
static inline bits scale_matrix(realv *a, int count) {
    realv greatest = 0;
    for (int e = 0; e < count; e++)
        greatest = fmax(greatest, fabs(a[e]));
    bits exponent = exponent_bits(greatest);
    realv factor = inverse_power(exponent);
    for (int e = 0; e < count; e++)
        a[e] *= factor;
    return exponent;
}

#if VECTOR > 1
/* VECTOR matrices that lie one after the other become lanes: element order [lane][e] becomes [e][lane]. */
static inline void to_lanes(realv *a, int count) {
    for (int step = count; step > 1; step /= 2) {
        realv t[LARGEST];
        for (int k = 0; k < count / 2; k++) {
            t[k].lo = a[2 * k].even;
            t[k].hi = a[2 * k + 1].even;
            t[count / 2 + k].lo = a[2 * k].odd;
            t[count / 2 + k].hi = a[2 * k + 1].odd;
        }
        for (int k = 0; k < count; k++)
            a[k] = t[k];
    }
}

/* And back. */
static inline void from_lanes(realv *a, int count) {
    for (int step = count; step > 1; step /= 2) {
        realv t[LARGEST];
        for (int k = 0; k < count / 2; k++) {
            t[2 * k].even = a[k].lo;
            t[2 * k].odd = a[count / 2 + k].lo;
            t[2 * k + 1].even = a[k].hi;
            t[2 * k + 1].odd = a[count / 2 + k].hi;
        }
        for (int k = 0; k < count; k++)
            a[k] = t[k];
    }
}
#endif

/* One element of `live` lanes; lanes beyond repeat the last. */
static inline realv load_scattered(global const REAL *x, long lane_stride, int live) {
#if VECTOR == 1
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
    y[0] = v;
#else
    REAL line[VECTOR];
    PASTE(vstore, VECTOR)(v, 0, line);
    for (int lane = 0; lane < live; lane++)
        y[lane * lane_stride] = line[lane];
#endif
}

/* Loads a matrix of rows x columns for each of `live` lanes; operand's strides are in table g. `layout` is constant. */
static inline void load_matrix(global const REAL *x, constant const long *g, int operand, int layout, int rows,
                               int columns, int live, realv *a) {
    long lane = g[MATRIX_LANE + operand], row = g[MATRIX_ROW + operand], column = g[MATRIX_COLUMN + operand];
#if VECTOR > 1
    if (layout >= MATRIX_ROWS && live == VECTOR) {
        realv t[LARGEST];
        for (int e = 0; e < rows * columns; e++)
            t[e] = PASTE(vload, VECTOR)(e, x);
        to_lanes(t, rows * columns);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                a[i * columns + j] = t[layout == MATRIX_ROWS ? i * columns + j : j * rows + i];
        return;
    }
    if (layout == MATRIX_SIDE && live == VECTOR) {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                a[i * columns + j] = PASTE(vload, VECTOR)(0, x + i * row + j * column);
        return;
    }
#endif
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            a[i * columns + j] = load_scattered(x + i * row + j * column, lane, live);
}

/* Stores a matrix; `stream` says to store past the cache where that can be. */
static inline void store_matrix(realv *a, global REAL *y, constant const long *g, int operand, int layout, int rows,
                                int columns, int live, int stream) {
    long lane = g[MATRIX_LANE + operand], row = g[MATRIX_ROW + operand], column = g[MATRIX_COLUMN + operand];
#if VECTOR > 1
    if (layout >= MATRIX_ROWS && live == VECTOR) {
        realv t[LARGEST];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                t[layout == MATRIX_ROWS ? i * columns + j : j * rows + i] = a[i * columns + j];
        from_lanes(t, rows * columns);
        if (stream && (size_t)y % sizeof(realv) == 0) {
            for (int e = 0; e < rows * columns; e++)
                STORE_PAST_CACHE(t[e], (global realv *)y + e);
        } else {
            for (int e = 0; e < rows * columns; e++)
                PASTE(vstore, VECTOR)(t[e], e, y);
        }
        return;
    }
    if (layout == MATRIX_SIDE && live == VECTOR) {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                PASTE(vstore, VECTOR)(a[i * columns + j], 0, y + i * row + j * column);
        return;
    }
#endif
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            store_scattered(a[i * columns + j], y + i * row + j * column, lane, live);
}

/* Where matrix `first` of batch item `item` begins in each operand. */
static inline void matrix_offsets(constant const long *g, long item, long first, int operands, long *offset) {
    for (int i = 0; i < operands; i++)
        offset[i] = g[MATRIX_OFFSET + i] + first * g[MATRIX_LANE + i];
    batch_offsets(g + MATRIX_BATCH, item, operands, offset);
}

#endif
