/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rows of a window give to each line. An operator is a derivative along one axis and a smoothing along the
 * others, so that AXES lines are enough for all derivatives of a row:
 *   line 0: the input smoothed along y (and z)           dx is its derivative along x
 *   line 1: its derivative along y (smoothed along z)    dy is its smoothing along x
 *   line 2: its derivative along z, smoothed along y     dz likewise
 *
 * Constants: those of real.h, derivative.h and outputs.h; GAUSSIAN 1: taps of any radius, read from `taps`:
 * smoothing, derivative, then both as the first pass takes them, times a power of two that `scale` is divided by, so
 * that sums neither overflow nor vanish where the result does not; CONTIGUOUS 1 where all x strides are 1.
 */
#ifndef CLF_GRADIENT_SUMS_H
#define CLF_GRADIENT_SUMS_H

#include "border.h"
#include "derivative.h"
#include "outputs.h"

#if GAUSSIAN
#define RADIUS_MOST (AXES == 3 ? 32 : 512) /* src/ops/gradient/gradient.h says so too */
#define RADIUS radius
#else
#define RADIUS_MOST 1
#define RADIUS 1
#endif
#define WINDOW (2 * RADIUS_MOST + 1)

/* A source row, or -1 where it is the constant; the columns of `lanes` begin at `column`, which must be inside. */
static inline realv row_lanes(global const SRC_T *x, long row, long column, long stride, REAL cval) {
    if (row < 0)
        return (realv)cval;
#if CONTIGUOUS || VECTOR == 1
    return load_lanes(x, row + column * stride);
#else
    REAL lanes[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++)
        lanes[lane] = load_one(x, row + (column + lane) * stride);
    return load_line(lanes);
#endif
}

/* The same for the first `count` columns only, the others being 0. */
static inline realv row_some(global const SRC_T *x, long row, long column, int count, long stride, REAL cval) {
#if VECTOR == 1
    (void)count; /* 1 */
    return row_lanes(x, row, column, stride, cval);
#else
    if (row < 0)
        return (realv)cval;
    REAL lanes[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++)
        lanes[lane] = lane < count ? load_one(x, row + (column + lane) * stride) : (REAL)0;
    return load_line(lanes);
#endif
}

/*
 * What VECTOR columns give to each line. `rows` are the source rows of the window, z by z; column < 0 is a column of
 * the constant; count < VECTOR: only so many columns are there.
 */
static inline void sum_columns(global const SRC_T *x, const long *rows, long column, int count, long stride, REAL cval,
                               global const REAL *taps, int radius, realv *sum) {
#define READ(row)                                                \
    (column < 0        ? (realv)cval                             \
     : count == VECTOR ? row_lanes(x, row, column, stride, cval) \
                       : row_some(x, row, column, count, stride, cval))
#if GAUSSIAN
    int window = 2 * radius + 1;
    global const REAL *first = taps + 2 * window;
    for (int i = 0; i < AXES; i++)
        sum[i] = 0;
    for (int z = 0; z < (AXES == 3 ? window : 1); z++) {
        realv smooth = 0, derived = 0;
        for (int y = 0; y < window; y++) {
            realv v = READ(rows[z * window + y]);
            smooth = MULTIPLY_ADD(v, (realv)first[y], smooth);
            derived = MULTIPLY_ADD(v, (realv)first[window + y], derived);
        }
#if AXES == 3
        sum[0] = MULTIPLY_ADD(smooth, (realv)taps[z], sum[0]);
        sum[1] = MULTIPLY_ADD(derived, (realv)taps[z], sum[1]);
        sum[2] = MULTIPLY_ADD(smooth, (realv)taps[window + z], sum[2]);
#else
        sum[0] = smooth;
        sum[1] = derived;
#endif
    }
#else
    (void)taps;
    (void)radius;
    realv smooth[3] = {0, 0, 0}, derived[3] = {0, 0, 0};
#pragma unroll
    for (int z = 0; z < (AXES == 3 ? 3 : 1); z++) {
        realv a = READ(rows[3 * z]), b = READ(rows[3 * z + 1]), c = READ(rows[3 * z + 2]);
        smooth[z] = SMOOTH(a, b, c);
        derived[z] = DIFFERENCE(a, b, c);
    }
#if AXES == 3
    sum[0] = SMOOTH(smooth[0], smooth[1], smooth[2]);
    sum[1] = SMOOTH(derived[0], derived[1], derived[2]);
    sum[2] = DIFFERENCE(smooth[0], smooth[1], smooth[2]);
#else
    sum[0] = smooth[0];
    sum[1] = derived[0];
#endif
#endif
#undef READ
}

/* The offsets of the source rows of the window round row y of plane z, which begins at `plane`; -1: the constant. */
static inline void find_rows(constant const long *g, long plane, long z, long y, int radius, long *rows) {
    for (int a = AXES == 3 ? -radius : 0; a <= (AXES == 3 ? radius : 0); a++) {
        long depth = border_index(z + a, g[GRADIENT_EXTENT], (int)g[GRADIENT_BORDER]);
        for (int b = -radius; b <= radius; b++) {
            long at = border_index(y + b, g[GRADIENT_EXTENT + 1], (int)g[GRADIENT_BORDER + 1]);
            *rows++ =
                at < 0 || depth < 0 ? -1 : plane + depth * g[GRADIENT_SRC_STRIDE] + at * g[GRADIENT_SRC_STRIDE + 1];
        }
    }
}

#endif
