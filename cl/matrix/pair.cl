/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pinv.pair: the pseudo-inverse of VECTOR matrices of two columns (or two rows, as their transposes) at a time, by
 * Gram and Schmidt's orthogonalisation done twice, B = (b, c):
 *
 *   c = r b + u, b'u = 0        row 1 of B+ is u'/|u|^2, row 0 is b'/|b|^2 - r row 1
 *
 * r is corrected by r2 = b'u/|b|^2 and u by r2 b; where multiply-adds are fused, u is that of the very matrix that was
 * given to some ulp, however near b and c are to one line; elsewhere it is that of a c some ulp away. With
 * T = |b|^2 + |c|^2 the singular values
 * s <= t have st = |b| |u|, ss + tt = T, hence
 *
 *   s <= rcond t   <=>   (|b| |u|)^2 <= k^2 T^2,  k = rcond/(1 + rcond^2), for rcond < 1
 *
 * and then B+ is that of rank one: from B's dominant right singular vector (1, e), w = b + e c, it is w'/|w|^2 and e
 * times that.
 *
 * Floor: src and dst once. Some 110 vector operations for 2 x 4, two divisions among them, and the transposes of
 * lanes.h: bound by them where the matrices lie in caches.
 *
 * Constants: those of lanes.h; M N rows and columns, 2 one of them; SRC_LAYOUT DST_LAYOUT; LOCAL_X the work-group.
 */
// checks share: float -DM=2 -DN=4 -DLARGEST=8 -DSRC_LAYOUT=0 -DDST_LAYOUT=0
// check cpu: -DVECTOR=16 -DLOCAL_X=1
// check cpu: -DVECTOR=8 -DLOCAL_X=1 -DM=4 -DN=2 -DSRC_LAYOUT=1 -DDST_LAYOUT=1 double
// check cpu: -DVECTOR=16 -DLOCAL_X=1 plain
// checks share gpu: -DVECTOR=1 -DLOCAL_X=64
// check gpu:
// check gpu: double
#include "lanes.h"
#include "body.h"

#define TALL (N == 2)
#define L (TALL ? M : N)

/* Element r of column j of B, in A and in A+. */
#define IN(j, r) a[TALL ? (r)*2 + (j) : (j)*L + (r)]
#define OUT(j, r) a[TALL ? (j)*L + (r) : (r)*2 + (j)]

#if VECTOR == 1
#define CHOOSE(no, yes, mask) ((mask) ? (yes) : (no))
#else
#define CHOOSE(no, yes, mask) select(no, yes, mask)
#endif

static inline realv product(const realv *x, const realv *y) {
    realv sum = x[0] * y[0];
    UNROLL
    for (int r = 1; r < L; r++)
        sum = MULTIPLY_ADD(x[r], y[r], sum);
    return sum;
}

/* Lanes of rank one or none: their rows from the dominant singular vector. g is b'c. */
static inline void rank_one(const realv *b, const realv *c, realv bb, realv cc, realv g, maskv poor, realv *row0,
                            realv *row1) {
    maskv first = bb >= cc; /* the vector is (1, e) or (e, 1), |e| <= 1 */
    realv apart = fabs(bb - cc), e = 2 * g / (apart + sqrt(MULTIPLY_ADD(apart, apart, 4 * g * g)));
    e = CHOOSE(e, (realv)(0), g == 0);
    realv w[L];
    UNROLL
    for (int r = 0; r < L; r++)
        w[r] = CHOOSE(MULTIPLY_ADD(e, b[r], c[r]), MULTIPLY_ADD(e, c[r], b[r]), first);
    realv ww = product(w, w), inverse = CHOOSE(1 / ww, (realv)(0), ww == 0);
    UNROLL
    for (int r = 0; r < L; r++) {
        realv v = w[r] * inverse;
        row0[r] = CHOOSE(row0[r], CHOOSE(e * v, v, first), poor);
        row1[r] = CHOOSE(row1[r], CHOOSE(v, e * v, first), poor);
    }
}

/* A becomes A+. */
static inline void invert(realv *a, REAL limit) {
    realv b[L], c[L], u[L];
    UNROLL
    for (int r = 0; r < L; r++) {
        b[r] = IN(0, r);
        c[r] = IN(1, r);
    }
    realv bb = product(b, b), cc = product(c, c), g = product(b, c), inverse = 1 / bb, q = g * inverse;
    UNROLL
    for (int r = 0; r < L; r++)
        u[r] = MULTIPLY_ADD(-q, b[r], c[r]);
    realv more = product(b, u) * inverse;
    UNROLL
    for (int r = 0; r < L; r++)
        u[r] = MULTIPLY_ADD(-more, b[r], u[r]);
    q += more;
    realv uu = product(u, u), least = limit * (bb + cc), inverse_u = 1 / uu;
    maskv poor = !(bb * uu > least * (bb + cc)) || !(bb > least); /* a NaN counts as poor, and stays one */
    UNROLL
    for (int r = 0; r < L; r++) {
        u[r] *= inverse_u;
        b[r] = MULTIPLY_ADD(-q, u[r], b[r] * inverse);
    }
    if (ANY(poor)) {
        realv first[L];
        UNROLL
        for (int r = 0; r < L; r++)
            first[r] = IN(0, r);
        rank_one(first, c, bb, cc, g, poor, b, u);
    }
    UNROLL
    for (int r = 0; r < L; r++) {
        OUT(0, r) = b[r];
        OUT(1, r) = u[r];
    }
}

BODY pinv_pair_body(global const REAL *restrict x, global REAL *restrict y, constant const long *restrict g, REAL limit,
                    long groups_each, int past, work_item id) {
    long first = id.x * groups_each * VECTOR;
    long last = min(first + groups_each * VECTOR, g[MATRIX_COUNT]);
    for (; first < last; first += VECTOR) {
        int live = (int)min((long)VECTOR, last - first);
        long offset[2];
        matrix_offsets(g, id.y, first, 2, offset);
        realv a[M * N];
        load_matrix(x + offset[0], g, 0, SRC_LAYOUT, M, N, live, a);
        maskv bad = 0;
        realv scale = inverse_power(scale_finite(a, M * N, &bad));
        invert(a, limit);
        scale = CHOOSE(scale, (realv)(NAN), bad);
        UNROLL
        for (int e = 0; e < M * N; e++)
            a[e] *= scale;
        store_matrix(a, y + offset[1], g, 1, DST_LAYOUT, N, M, live, past);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
pinv_pair(global const REAL *restrict x, global REAL *restrict y, constant const long *restrict g, REAL limit,
          long groups_each, int past) {
    pinv_pair_body(x, y, g, limit, groups_each, past, this_item());
}
