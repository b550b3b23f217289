/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of cl/gradient/gradient.cl: what the rows of a window give to each line, and what is made of derivatives.
 * Constants: as there.
 */
#ifndef CLF_GRADIENT_SUMS_H
#define CLF_GRADIENT_SUMS_H

#if GAUSSIAN
#define RADIUS_MOST (AXES == 3 ? 32 : 512) /* src/ops/gradient/gradient.h says so too */
#define RADIUS radius
#else
#define RADIUS_MOST 1
#define RADIUS 1
#endif
#define WINDOW (2 * RADIUS_MOST + 1)
#define COLUMNS 1024 /* of a block */
#define LINE (COLUMNS + 2 * RADIUS_MOST + 2 * VECTOR)

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
    for (int i = 0; i < AXES; i++)
        sum[i] = 0;
    for (int z = 0; z < (AXES == 3 ? window : 1); z++) {
        realv smooth = 0, derived = 0;
        for (int y = 0; y < window; y++) {
            realv v = READ(rows[z * window + y]);
            smooth = fma(v, (realv)taps[y], smooth);
            derived = fma(v, (realv)taps[window + y], derived);
        }
#if AXES == 3
        sum[0] = fma(smooth, (realv)taps[z], sum[0]);
        sum[1] = fma(derived, (realv)taps[z], sum[1]);
        sum[2] = fma(smooth, (realv)taps[window + z], sum[2]);
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

#if !GAUSSIAN
/* The same where every row and every column is there. */
static inline void sum_inside(global const SRC_T *x, const long *rows, long column, realv *sum) {
    realv smooth[3] = {0, 0, 0}, derived[3] = {0, 0, 0};
#pragma unroll
    for (int z = 0; z < (AXES == 3 ? 3 : 1); z++) {
        realv a = load_lanes(x, rows[3 * z] + column), b = load_lanes(x, rows[3 * z + 1] + column),
              c = load_lanes(x, rows[3 * z + 2] + column);
        smooth[z] = SMOOTH(a, b, c);
        derived[z] = DIFFERENCE(a, b, c);
    }
    sum[0] = AXES == 3 ? SMOOTH(smooth[0], smooth[1], smooth[2]) : smooth[0];
    sum[1] = AXES == 3 ? SMOOTH(derived[0], derived[1], derived[2]) : derived[0];
#if AXES == 3
    sum[2] = DIFFERENCE(smooth[0], smooth[1], smooth[2]);
#endif
}
#endif

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

/* One output's values. `what` is a constant, so that only its own branch is left. */
static inline realv make_output(int what, realv dx, realv dy, realv dz, REAL eps) {
    if (what == GRADIENT_DX)
        return dx;
    if (what == GRADIENT_DY)
        return dy;
    if (what == GRADIENT_DZ)
        return dz;
    if (what == GRADIENT_L1)
        return AXES == 3 ? fabs(dx) + fabs(dy) + fabs(dz) : fabs(dx) + fabs(dy);
    if (what == GRADIENT_SUM)
        return AXES == 3 ? dx + dy + dz : dx + dy;
    if (what == GRADIENT_XX)
        return dx * dx;
    if (what == GRADIENT_XY)
        return dx * dy;
    if (what == GRADIENT_YY)
        return dy * dy;
#ifdef ORIENTATION
    if (what == GRADIENT_ORIENTATION)
        return atan2(dy, dx);
#endif
    realv squared = fma(dx, dx, fma(dy, dy, AXES == 3 ? fma(dz, dz, (realv)eps) : (realv)eps));
    return what == GRADIENT_SQUARED ? squared : root_lanes(squared);
}

#define FOR_EACH_OUTPUT(DO) DO_1(DO) DO_2(DO) DO_3(DO) DO_4(DO) DO_5(DO) DO_6(DO) DO_7(DO)
#define DO_1(DO) DO(0, OUT0)
#define DO_2(DO)
#define DO_3(DO)
#define DO_4(DO)
#define DO_5(DO)
#define DO_6(DO)
#define DO_7(DO)
#if OUTPUTS > 1
#undef DO_2
#define DO_2(DO) DO(1, OUT1)
#endif
#if OUTPUTS > 2
#undef DO_3
#define DO_3(DO) DO(2, OUT2)
#endif
#if OUTPUTS > 3
#undef DO_4
#define DO_4(DO) DO(3, OUT3)
#endif
#if OUTPUTS > 4
#undef DO_5
#define DO_5(DO) DO(4, OUT4)
#endif
#if OUTPUTS > 5
#undef DO_6
#define DO_6(DO) DO(5, OUT5)
#endif
#if OUTPUTS > 6
#undef DO_7
#define DO_7(DO) DO(6, OUT6)
#endif

#define PARAMETER(i, what) global DST_T *restrict y##i,
#define ARGUMENT(i, what) y##i,

#endif
