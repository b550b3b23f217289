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

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

#if VECTOR == 1
typedef REAL realv;
#else
typedef PASTE(REAL, VECTOR) realv;
#endif

/*
 * Vectors that lie at any element. vloadn and vstoren say the same, but PoCL's are made of 16-byte pieces, and a load
 * of what several pieces stored waits for them; clang takes the type's own word for its alignment.
 */
#if defined(__clang__) && VECTOR > 1
#define UNALIGNED_VECTORS
typedef PASTE(REAL, VECTOR) realv_anywhere __attribute__((aligned(sizeof(REAL))));
#if !SRC_IS_HALF
typedef PASTE(SRC_T, VECTOR) srcv_anywhere __attribute__((aligned(sizeof(SRC_T))));
#endif
#if !DST_IS_HALF
typedef PASTE(DST_T, VECTOR) dstv_anywhere __attribute__((aligned(sizeof(DST_T))));
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
#elif SRC_IS_HALF
    ushort lanes[VECTOR] __attribute__((aligned(32))); /* PoCL takes vectors of half for aligned */
    PASTE(vstore, VECTOR)(PASTE(vload, VECTOR)(0, (global const ushort *)(p + i)), 0, lanes);
    return PASTE(vload_half, VECTOR)(0, (const half *)lanes);
#elif defined(UNALIGNED_VECTORS)
    return PASTE(PASTE(convert_, REAL), VECTOR)(*(global const srcv_anywhere *)(p + i));
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
static inline realv round_lanes(realv v) {
    v = isnan(v) ? (realv)(0) : v;
    return rint(clamp(v, (REAL)DST_LOWEST, (REAL)DST_HIGHEST));
}
static inline REAL round_one(REAL v) {
    v = isnan(v) ? (REAL)0 : v;
    return rint(clamp(v, (REAL)DST_LOWEST, (REAL)DST_HIGHEST));
}
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
#elif DST_IS_HALF
    ushort lanes[VECTOR] __attribute__((aligned(32))); /* PoCL takes vectors of half for aligned */
    PASTE(PASTE(vstore_half, VECTOR), _rte)(v, 0, (half *)lanes);
    PASTE(vstore, VECTOR)(PASTE(vload, VECTOR)(0, lanes), 0, (global ushort *)(p + i));
#elif DST_IS_INTEGER
    PASTE(vstore, VECTOR)(PASTE(PASTE(convert_, DST_T), VECTOR)(round_lanes(v)), 0, p + i);
#elif defined(UNALIGNED_VECTORS)
    *(global dstv_anywhere *)(p + i) = PASTE(PASTE(convert_, DST_T), VECTOR)(v);
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
