/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Element types and arithmetic. Constants:
 *   SRC_T, DST_T  element types in memory: float double half uchar ushort short
 *   SRC_IS_HALF, DST_IS_HALF, DST_IS_INTEGER  1 where they are
 *   DST_LOWEST, DST_HIGHEST  range of an integer DST_T
 *   REAL          type of the arithmetic: float or double
 *   VECTOR        lanes of a work-item: 1, 4, 8 or 16
 */
#ifndef CLF_REAL_H
#define CLF_REAL_H

#if defined(cl_khr_fp64) || defined(REAL_IS_DOUBLE)
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif
#ifndef SRC_IS_HALF
#define SRC_IS_HALF 0
#endif
#ifndef DST_IS_HALF
#define DST_IS_HALF 0
#endif
#ifndef DST_IS_INTEGER
#define DST_IS_INTEGER 0
#endif

#include "multiply_add.h"

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

#if VECTOR == 1
typedef REAL realv;
#else
typedef PASTE(REAL, VECTOR) realv;
#endif

/*
 * Conversions by clang's own builtin, which become vector instructions where those of the language are loops in PoCL
 * (halves: of floats alone, where the processor has them). Without it: the language's.
 */
#if defined(__clang__) && VECTOR > 1
#if __has_builtin(__builtin_convertvector)
#define CONVERTS_LANES
#if !defined(REAL_IS_DOUBLE) && (defined(__F16C__) || defined(__aarch64__))
#define CONVERTS_HALVES
#endif
#endif

/*
 * Vectors that lie at any element. vloadn and vstoren say the same, but PoCL's are made of 16-byte pieces, and a load
 * of what several pieces stored waits for them; clang takes the type's own word for its alignment.
 */
#define UNALIGNED_VECTORS
#define ANYWHERE(type) __attribute__((ext_vector_type(VECTOR), aligned(sizeof(type))))
typedef REAL realv_anywhere ANYWHERE(REAL);
#if !SRC_IS_HALF || defined(CONVERTS_HALVES)
typedef SRC_T srcv_anywhere ANYWHERE(SRC_T);
#endif
#if !DST_IS_HALF || defined(CONVERTS_HALVES)
typedef DST_T dstv_anywhere ANYWHERE(DST_T);
#endif
#endif

/* Any lanes of two vectors, in one instruction where they are constants; not defined for every compiler. */
#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#endif
#endif

/* One element, as the arithmetic's type. */
static inline REAL load_one(global const SRC_T *p, long i) {
#if SRC_IS_HALF
    return vload_half(i, p);
#else
    return (REAL)p[i];
#endif
}

/* VECTOR neighbouring elements from p + i; no alignment is assumed. */
static inline realv load_lanes(global const SRC_T *p, long i) {
#if VECTOR == 1
    return load_one(p, i);
#elif defined(CONVERTS_LANES) && (!SRC_IS_HALF || defined(CONVERTS_HALVES))
    return __builtin_convertvector(*(global const srcv_anywhere *)(p + i), realv);
#elif SRC_IS_HALF
    ushort lanes[VECTOR] __attribute__((aligned(32))); /* PoCL takes vectors of half for aligned */
    PASTE(vstore, VECTOR)(PASTE(vload, VECTOR)(0, (global const ushort *)(p + i)), 0, lanes);
    return PASTE(vload_half, VECTOR)(0, (const half *)lanes);
#else
    return PASTE(PASTE(convert_, REAL), VECTOR)(PASTE(vload, VECTOR)(0, p + i));
#endif
}

static inline realv load_line(const REAL *p) {
#if VECTOR == 1
    return *p;
#elif defined(UNALIGNED_VECTORS)
    return *(const realv_anywhere *)p;
#else
    return PASTE(vload, VECTOR)(0, p);
#endif
}

static inline void store_line(realv v, REAL *p) {
#if VECTOR == 1
    *p = v;
#elif defined(UNALIGNED_VECTORS)
    *(realv_anywhere *)p = v;
#else
    PASTE(vstore, VECTOR)(v, 0, p);
#endif
}

/* Integers are rounded to nearest even and saturated; NaN becomes 0. */
#if DST_IS_INTEGER
static inline REAL round_one(REAL v) {
    v = isnan(v) ? (REAL)0 : v;
    return rint(clamp(v, (REAL)DST_LOWEST, (REAL)DST_HIGHEST));
}
#ifdef CONVERTS_LANES
/* What a number between -2^21 and 2^21 (2^50) is added to so that the sum's last bits are it, rounded to even. */
#ifdef REAL_IS_DOUBLE
#define ROUNDING 0x1.8p52
typedef PASTE(long, VECTOR) integer_lanes;
#define AS_INTEGERS PASTE(as_long, VECTOR)
#else
#define ROUNDING 0x1.8p23f
typedef PASTE(int, VECTOR) integer_lanes;
#define AS_INTEGERS PASTE(as_int, VECTOR)
#endif
static inline integer_lanes round_lanes(realv v) {
    v = v == v ? v : (realv)(0);
    v = v >= (REAL)DST_LOWEST ? v : (realv)DST_LOWEST;
    v = v <= (REAL)DST_HIGHEST ? v : (realv)DST_HIGHEST;
    return AS_INTEGERS(v + (realv)ROUNDING) & (integer_lanes)(DST_HIGHEST - DST_LOWEST);
}
#else
static inline realv round_lanes(realv v) {
    v = isnan(v) ? (realv)(0) : v;
    return rint(clamp(v, (REAL)DST_LOWEST, (REAL)DST_HIGHEST));
}
#endif
#endif

static inline void store_one(REAL v, global DST_T *p, long i) {
#if DST_IS_HALF
    vstore_half_rte(v, i, p);
#elif DST_IS_INTEGER
    p[i] = (DST_T)round_one(v);
#else
    p[i] = (DST_T)v;
#endif
}

static inline void store_lanes(realv v, global DST_T *p, long i) {
#if VECTOR == 1
    store_one(v, p, i);
#elif defined(CONVERTS_LANES) && DST_IS_INTEGER
    *(global dstv_anywhere *)(p + i) = __builtin_convertvector(round_lanes(v), dstv_anywhere);
#elif defined(CONVERTS_LANES) && (!DST_IS_HALF || defined(CONVERTS_HALVES))
    *(global dstv_anywhere *)(p + i) = __builtin_convertvector(v, dstv_anywhere);
#elif DST_IS_HALF
    ushort lanes[VECTOR] __attribute__((aligned(32))); /* PoCL takes vectors of half for aligned */
    PASTE(PASTE(vstore_half, VECTOR), _rte)(v, 0, (half *)lanes);
    PASTE(vstore, VECTOR)(PASTE(vload, VECTOR)(0, lanes), 0, (global ushort *)(p + i));
#elif DST_IS_INTEGER
    PASTE(vstore, VECTOR)(PASTE(PASTE(convert_, DST_T), VECTOR)(round_lanes(v)), 0, p + i);
#else
    PASTE(vstore, VECTOR)(PASTE(PASTE(convert_, DST_T), VECTOR)(v), 0, p + i);
#endif
}

/* The first `count` lanes. */
static inline void store_some(realv v, int count, global DST_T *p, long i) {
#if VECTOR == 1
    if (count > 0)
        store_one(v, p, i);
#else
    REAL lanes[VECTOR];
    PASTE(vstore, VECTOR)(v, 0, lanes);
    for (int lane = 0; lane < count; lane++)
        store_one(lanes[lane], p, i + lane);
#endif
}

#endif
