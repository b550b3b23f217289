/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inv.gauss, solve.gauss, det.gauss: elimination with partial pivoting of VECTOR matrices at a time. Each lane swaps
 * rows of its own by selection, so that all walk the same way.
 *
 * Floor: the operands once; 2/3 N^3 + 2 R N^2 operations and N^2/2 (N + R) selections a matrix with R right-hand sides.
 *
 * Constants: those of lanes.h; N rows; R columns beside the matrix (N for inv, 0 for det); SRC_LAYOUT DST_LAYOUT
 * RIGHT_LAYOUT; LOCAL_X the work-group; INVERSE, SOLVE or DETERMINANT 1.
 */
// checks share: float -DM=3 -DN=3 -DLARGEST=9 -DSRC_LAYOUT=0 -DDST_LAYOUT=0
// check cpu: -DVECTOR=16 -DLOCAL_X=1 -DRIGHT_LAYOUT=0 -DR=2 -DSOLVE=1
// check cpu: -DVECTOR=8 -DLOCAL_X=1 -DR=3 -DINVERSE=1 -DSRC_LAYOUT=1 -DDST_LAYOUT=1 double
// check cpu: -DVECTOR=16 -DLOCAL_X=1 -DR=0 -DDETERMINANT=1
// checks share gpu: -DVECTOR=1 -DLOCAL_X=64
// check gpu: -DRIGHT_LAYOUT=0 -DR=1 -DSOLVE=1
// check gpu: -DR=8 -DINVERSE=1 -DM=8 -DN=8 -DLARGEST=64 double
// check gpu: -DR=0 -DDETERMINANT=1 -DM=8 -DN=8 -DLARGEST=64
#include "lanes.h"
#include "body.h"

#ifndef INVERSE
#define INVERSE 0
#endif
#ifndef SOLVE
#define SOLVE 0
#endif
#ifndef DETERMINANT
#define DETERMINANT 0
#endif

#define WIDTH (N + R)

/*
 * Moves the row with the largest element of column c to row c, lane by lane; -1 in `sign` for an odd number of swaps.
 */
static inline void pivot(realv *a, int c, realv *sign) {
    for (int r = c + 1; r < N; r++) {
        maskv larger = fabs(a[r * WIDTH + c]) > fabs(a[c * WIDTH + c]);
        *sign = larger ? -*sign : *sign;
        for (int j = c; j < WIDTH; j++) {
            realv upper = a[c * WIDTH + j], lower = a[r * WIDTH + j];
            a[c * WIDTH + j] = larger ? lower : upper;
            a[r * WIDTH + j] = larger ? upper : lower;
        }
    }
}

/* Upper triangular form; true in *singular where a pivot is 0, which is then taken for 1. */
static inline void eliminate(realv *a, realv *sign, maskv *singular) {
    for (int c = 0; c < N; c++) {
        pivot(a, c, sign);
        maskv zero = a[c * WIDTH + c] == 0;
        *singular |= zero;
        realv divisor = zero ? (realv)(1) : a[c * WIDTH + c];
        for (int r = c + 1; r < N; r++) {
            realv factor = a[r * WIDTH + c] / divisor;
            for (int j = c + 1; j < WIDTH; j++)
                a[r * WIDTH + j] = MULTIPLY_ADD(-factor, a[c * WIDTH + j], a[r * WIDTH + j]);
        }
    }
}

#if !DETERMINANT
/* The columns beside the matrix become the solution. */
static inline void substitute(realv *a) {
    for (int c = N - 1; c >= 0; c--) {
        for (int k = 0; k < R; k++) {
            realv sum = a[c * WIDTH + N + k];
            for (int j = c + 1; j < N; j++)
                sum = MULTIPLY_ADD(-a[c * WIDTH + j], a[j * WIDTH + N + k], sum);
            a[c * WIDTH + N + k] = sum / a[c * WIDTH + c];
        }
    }
}
#endif

/*
 * Loads the matrix into the left of `a`, scaled by a power of two whose inverse it returns. Not for determinants: what
 * scaling pushes below the smallest number could count there.
 */
static inline realv begin(global const REAL *x, constant const long *g, int live, realv *a, maskv *bad) {
    realv square[N * N], scale = 1;
    load_matrix(x, g, 0, SRC_LAYOUT, N, N, live, square);
    *bad = clear_bad(square, N * N);
    if (!DETERMINANT)
        scale = inverse_power(scale_matrix(square, N * N));
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            a[i * WIDTH + j] = square[i * N + j];
    return scale;
}

#if INVERSE
BODY inv_body(global const REAL *restrict x, global REAL *restrict y, constant const long *restrict g, long groups_each,
              int past, work_item id) {
    long first = id.x * groups_each * VECTOR;
    long last = min(first + groups_each * VECTOR, g[MATRIX_COUNT]);
    for (; first < last; first += VECTOR) {
        int live = (int)min((long)VECTOR, last - first);
        long offset[2];
        matrix_offsets(g, id.y, first, 2, offset);
        realv a[N * WIDTH], result[N * N], sign = 1;
        maskv bad, singular = 0;
        realv scale = begin(x + offset[0], g, live, a, &bad);
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                a[i * WIDTH + N + j] = i == j;
        eliminate(a, &sign, &singular);
        substitute(a);
        scale = bad || singular ? (realv)(NAN) : scale;
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                result[i * N + j] = a[i * WIDTH + N + j] * scale;
        store_matrix(result, y + offset[1], g, 1, DST_LAYOUT, N, N, live, past);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void inv(global const REAL *restrict x,
                                                                      global REAL *restrict y,
                                                                      constant const long *restrict g,
                                                                      long groups_each, int past) {
    inv_body(x, y, g, groups_each, past, this_item());
}
#endif

#if SOLVE
/* R right-hand sides a work-item; the last ones may repeat. */
BODY solve_body(global const REAL *restrict x, global REAL *restrict y, global const REAL *restrict right,
                constant const long *restrict g, long groups_each, work_item id) {
    long first = id.x * groups_each * VECTOR;
    long last = min(first + groups_each * VECTOR, g[MATRIX_COUNT]);
    long column = id.z * R;
    for (; first < last; first += VECTOR) {
        int live = (int)min((long)VECTOR, last - first);
        long offset[3];
        matrix_offsets(g, id.y, first, 3, offset);
        realv a[N * WIDTH], sign = 1;
        maskv bad, singular = 0;
        realv scale = begin(x + offset[0], g, live, a, &bad);
        for (int k = 0; k < R; k++) {
            realv b[N];
            long at = min(column + k, g[MATRIX_RIGHT] - 1);
            load_matrix(right + (offset[2] + at * g[MATRIX_COLUMN + 2]), g, 2, RIGHT_LAYOUT, N, 1, live, b);
            for (int i = 0; i < N; i++)
                a[i * WIDTH + N + k] = b[i];
        }
        eliminate(a, &sign, &singular);
        substitute(a);
        scale = bad || singular ? (realv)(NAN) : scale;
        for (int k = 0; k < R && column + k < g[MATRIX_RIGHT]; k++) {
            realv solution[N];
            for (int i = 0; i < N; i++)
                solution[i] = a[i * WIDTH + N + k] * scale;
            store_matrix(solution, y + (offset[1] + (column + k) * g[MATRIX_COLUMN + 1]), g, 1, DST_LAYOUT, N, 1, live,
                         0);
        }
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
solve(global const REAL *restrict x, global REAL *restrict y, global const REAL *restrict right,
      constant const long *restrict g, long groups_each) {
    solve_body(x, y, right, g, groups_each, this_item());
}
#endif

#if DETERMINANT
/* Keeps a product near 1: takes its exponent out and counts it. */
static inline void take_exponent(realv *value, bits *total) {
    bits exponent = exponent_bits(fabs(*value));
    *value *= inverse_power(exponent);
    *total += (exponent >> MANTISSA_BITS) - EXPONENT_BIAS;
}

BODY det_body(global const REAL *restrict x, global REAL *restrict y, constant const long *restrict g, long groups_each,
              work_item id) {
    long first = id.x * groups_each * VECTOR;
    long last = min(first + groups_each * VECTOR, g[MATRIX_COUNT]);
    for (; first < last; first += VECTOR) {
        int live = (int)min((long)VECTOR, last - first);
        long offset[2];
        matrix_offsets(g, id.y, first, 2, offset);
        realv a[N * WIDTH], product = 1;
        maskv bad, singular = 0;
        bits total = 0;
        begin(x + offset[0], g, live, a, &bad);
        eliminate(a, &product, &singular);
        for (int c = 0; c < N; c++) {
            product *= a[c * WIDTH + c];
            take_exponent(&product, &total);
        }
        product = ldexp(product, TO_EXPONENTS(total));
        product = bad ? (realv)(NAN) : singular ? (realv)(0) : product;
        store_matrix(&product, y + offset[1], g, 1, DST_LAYOUT, 1, 1, live, 0);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void det(global const REAL *restrict x,
                                                                      global REAL *restrict y,
                                                                      constant const long *restrict g,
                                                                      long groups_each) {
    det_body(x, y, g, groups_each, this_item());
}
#endif
