/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pinv.jacobi and lstsq.jacobi: the singular value decomposition of VECTOR small matrices at a time by one-sided Jacobi
 * rotations (Hestenes). The tall one of A and A' is B, of K columns of length L. Rotating pairs of columns until all
 * are orthogonal gives B V = W; then B+ = V diag(1/|w_j|^2) W'. All lanes rotate until none needs to.
 *
 * Floor: src and dst once. A sweep is K(K-1)/2 pairs of some 6L + 4(L+K) multiply-adds; 2 to 8 sweeps are needed.
 *
 * Constants: those of lanes.h; M N rows and columns; SRC_LAYOUT DST_LAYOUT; LOCAL_X the work-group; LEAST_SQUARES 1 for
 * lstsq.jacobi.
 */
// checks share: float -DM=2 -DN=4 -DLARGEST=8 -DSRC_LAYOUT=0 -DDST_LAYOUT=0
// check cpu: -DVECTOR=16 -DLOCAL_X=1 -DLEAST_SQUARES=0
// check cpu: -DVECTOR=4 -DLOCAL_X=1 -DLEAST_SQUARES=0
// check cpu: -DVECTOR=16 -DLOCAL_X=1 -DLEAST_SQUARES=1 -DM=5 -DN=2 -DLARGEST=10 -DRIGHT_LAYOUT=0
// check cpu: -DVECTOR=8 -DLOCAL_X=1 -DLEAST_SQUARES=0 -DSRC_LAYOUT=1 -DDST_LAYOUT=1 double
// checks share gpu: -DVECTOR=1 -DLOCAL_X=64
// check gpu: -DLEAST_SQUARES=0 -DM=6 -DN=8 -DLARGEST=48 double
// check gpu: -DLEAST_SQUARES=1 -DRIGHT_LAYOUT=0
#include "lanes.h"
#include "body.h"

#define TALL (M >= N)
#define K (TALL ? N : M)
#define L (TALL ? M : N)
#define MOST_SWEEPS 30

/* w[j*L + r]: column j of B; v[i*K + j]: V; inverse[j]: 1/|w_j|^2, 0 where the singular value counts as 0. */
typedef struct decomposition {
    realv w[K * L], v[K * K], inverse[K], scale;
    maskv bad;
} decomposition;

static inline realv product(const realv *x, const realv *y) {
    realv sum = x[0] * y[0];
    for (int r = 1; r < L; r++)
        sum = MULTIPLY_ADD(x[r], y[r], sum);
    return sum;
}

static inline void rotate_pair(realv *x, realv *y, int length, realv c, realv s) {
    for (int r = 0; r < length; r++) {
        realv old = x[r];
        x[r] = MULTIPLY_ADD(c, old, -s * y[r]);
        y[r] = MULTIPLY_ADD(s, old, c * y[r]);
    }
}

/* Makes columns p and q orthogonal where their cosine's square exceeds `tolerance`; tells in which lanes it did. */
static inline maskv rotate_columns(decomposition *d, int p, int q, REAL tolerance) {
    realv *x = d->w + p * L, *y = d->w + q * L;
    realv a = product(x, x), b = product(y, y), g = product(x, y);
    maskv needed = g * g > tolerance * (a * b);
    if (ANY(needed)) {
        realv zeta = (b - a) / (2 * g), size = fabs(zeta);
        /* the root overflows long after 1 no longer counts */
        realv far = (REAL)0.5 / zeta, root = sqrt(MULTIPLY_ADD(zeta, zeta, (realv)(1)));
        realv near = copysign((realv)(1), zeta) / (size + root);
        realv t = size > (realv)(4 / REAL_EPSILON) ? far : near;
        t = needed ? t : (realv)(0);
        realv c = 1 / sqrt(MULTIPLY_ADD(t, t, (realv)(1)));
        rotate_pair(x, y, L, c, c * t);
        /* V is K x K, its columns strided by K */
        for (int i = 0; i < K; i++) {
            realv old = d->v[i * K + p];
            d->v[i * K + p] = MULTIPLY_ADD(c, old, -(c * t) * d->v[i * K + q]);
            d->v[i * K + q] = MULTIPLY_ADD(c * t, old, c * d->v[i * K + q]);
        }
    }
    return needed;
}

static inline void decompose(const realv *a, decomposition *d, REAL tolerance, REAL cutoff) {
    for (int j = 0; j < K; j++)
        for (int r = 0; r < L; r++)
            d->w[j * L + r] = TALL ? a[r * N + j] : a[j * N + r];
    d->bad = clear_bad(d->w, K * L);
    d->scale = inverse_power(scale_matrix(d->w, K * L));
    for (int i = 0; i < K; i++)
        for (int j = 0; j < K; j++)
            d->v[i * K + j] = i == j;
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
        maskv needed = 0;
        for (int p = 0; p < K - 1; p++)
            for (int q = p + 1; q < K; q++)
                needed |= rotate_columns(d, p, q, tolerance);
        if (!ANY(needed))
            break;
    }
    realv greatest = 0;
    for (int j = 0; j < K; j++) {
        d->inverse[j] = product(d->w + j * L, d->w + j * L);
        greatest = fmax(greatest, d->inverse[j]);
    }
    for (int j = 0; j < K; j++)
        d->inverse[j] = sqrt(d->inverse[j]) > cutoff * sqrt(greatest) ? 1 / d->inverse[j] : (realv)(0);
}

#if !LEAST_SQUARES
BODY pinv_body(global const REAL *restrict x, global REAL *restrict y, constant const long *restrict g, REAL tolerance,
               REAL cutoff, long groups_each, int past, work_item id) {
    long first = id.x * groups_each * VECTOR;
    long last = min(first + groups_each * VECTOR, g[MATRIX_COUNT]);
    for (; first < last; first += VECTOR) {
        int live = (int)min((long)VECTOR, last - first);
        long offset[2];
        matrix_offsets(g, id.y, first, 2, offset);
        realv a[M * N];
        decomposition d;
        load_matrix(x + offset[0], g, 0, SRC_LAYOUT, M, N, live, a);
        decompose(a, &d, tolerance, cutoff);
        for (int j = 0; j < K; j++)
            for (int i = 0; i < K; i++)
                d.v[i * K + j] *= d.inverse[j];
        realv scale = d.bad ? (realv)(NAN) : d.scale;
        for (int i = 0; i < K; i++)
            for (int r = 0; r < L; r++) {
                realv sum = d.v[i * K] * d.w[r];
                for (int j = 1; j < K; j++)
                    sum = MULTIPLY_ADD(d.v[i * K + j], d.w[j * L + r], sum);
                a[TALL ? i * M + r : r * M + i] = sum * scale;
            }
        store_matrix(a, y + offset[1], g, 1, DST_LAYOUT, N, M, live, past);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
pinv(global const REAL *restrict x, global REAL *restrict y, constant const long *restrict g, REAL tolerance,
     REAL cutoff, long groups_each, int past) {
    pinv_body(x, y, g, tolerance, cutoff, groups_each, past, this_item());
}
#else
/* Right-hand side by right-hand side: x = V diag(1/|w|^2) W' b, or the transpose of that where A is wide. */
static inline void solve_one(const decomposition *d, const realv *b, realv *x) {
    realv y[K];
    for (int j = 0; j < K; j++) {
        realv sum = 0;
        for (int r = 0; r < M; r++)
            sum = MULTIPLY_ADD(TALL ? d->w[j * L + r] : d->v[r * K + j], b[r], sum);
        y[j] = d->inverse[j] != 0 ? sum * d->inverse[j] : sum * 0; /* keeps the NaN of b */
    }
    for (int i = 0; i < N; i++) {
        realv sum = 0;
        for (int j = 0; j < K; j++)
            sum = MULTIPLY_ADD(TALL ? d->v[i * K + j] : d->w[j * L + i], y[j], sum);
        x[i] = sum * (d->bad ? (realv)(NAN) : d->scale);
    }
}

BODY lstsq_body(global const REAL *restrict x, global REAL *restrict y, global const REAL *restrict right,
                constant const long *restrict g, REAL tolerance, REAL cutoff, long groups_each, work_item id) {
    long first = id.x * groups_each * VECTOR;
    long last = min(first + groups_each * VECTOR, g[MATRIX_COUNT]);
    for (; first < last; first += VECTOR) {
        int live = (int)min((long)VECTOR, last - first);
        long offset[3];
        matrix_offsets(g, id.y, first, 3, offset);
        realv a[M * N], b[M], solution[N];
        decomposition d;
        load_matrix(x + offset[0], g, 0, SRC_LAYOUT, M, N, live, a);
        decompose(a, &d, tolerance, cutoff);
        for (long k = 0; k < g[MATRIX_RIGHT]; k++) {
            load_matrix(right + (offset[2] + k * g[MATRIX_COLUMN + 2]), g, 2, RIGHT_LAYOUT, M, 1, live, b);
            solve_one(&d, b, solution);
            store_matrix(solution, y + (offset[1] + k * g[MATRIX_COLUMN + 1]), g, 1, DST_LAYOUT, N, 1, live, 0);
        }
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
lstsq(global const REAL *restrict x, global REAL *restrict y, global const REAL *restrict right,
      constant const long *restrict g, REAL tolerance, REAL cutoff, long groups_each) {
    lstsq_body(x, y, right, g, tolerance, cutoff, groups_each, this_item());
}
#endif
