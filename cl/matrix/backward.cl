/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inv_backward.products and pinv_backward.products: products of VECTOR small matrices at a time. ' is the transpose.
 *
 * Floor: the operands once.
 *
 * Constants: those of lanes.h; M N rows and columns of the gradient; SRC_LAYOUT DST_LAYOUT PINV_LAYOUT GRAD_LAYOUT;
 * LOCAL_X the work-group; INVERSE 1 for inv_backward.products.
 */
// checks share: float -DM=3 -DN=3 -DLARGEST=9 -DSRC_LAYOUT=0 -DDST_LAYOUT=0 -DGRAD_LAYOUT=0 -DPINV_LAYOUT=0
// check cpu: -DVECTOR=16 -DLOCAL_X=1 -DINVERSE=0
// check cpu: -DVECTOR=16 -DLOCAL_X=1 -DINVERSE=1 -DSRC_LAYOUT=1 -DDST_LAYOUT=1 -DGRAD_LAYOUT=1
// check cpu: -DVECTOR=8 -DLOCAL_X=1 -DINVERSE=0 -DSRC_LAYOUT=1 double
// checks share gpu: -DVECTOR=1 -DLOCAL_X=64
// check gpu: -DINVERSE=0 -DM=2 -DLARGEST=6
// check gpu: -DINVERSE=1 double
#include "lanes.h"
#include "body.h"

/* c = or c += sign * op(a) op(b), c of rows x columns, op by the steps from element to element of a and b. */
static inline void multiply(const realv *a, int a_row, int a_inner, const realv *b, int b_inner, int b_column, int rows,
                            int inner, int columns, REAL sign, int add, realv *c) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            realv sum = 0;
            for (int k = 0; k < inner; k++)
                sum = MULTIPLY_ADD(a[i * a_row + k * a_inner], b[k * b_inner + j * b_column], sum);
            c[i * columns + j] = add ? MULTIPLY_ADD((realv)(sign), sum, c[i * columns + j]) : sign * sum;
        }
}

#if INVERSE
/* -P' (G P'); P is operand 0, G operand 2. */
BODY inv_backward_body(global const REAL *restrict x, global REAL *restrict y, global const REAL *restrict grad,
                       constant const long *restrict g, long groups_each, work_item id) {
    long first = id.x * groups_each * VECTOR;
    long last = min(first + groups_each * VECTOR, g[MATRIX_COUNT]);
    for (; first < last; first += VECTOR) {
        int live = (int)min((long)VECTOR, last - first);
        long offset[3];
        matrix_offsets(g, id.y, first, 3, offset);
        realv p[N * N], u[N * N], t[N * N], result[N * N];
        load_matrix(x + offset[0], g, 0, SRC_LAYOUT, N, N, live, p);
        load_matrix(grad + offset[2], g, 2, GRAD_LAYOUT, N, N, live, u);
        multiply(u, N, 1, p, 1, N, N, N, N, 1, 0, t);
        multiply(p, 1, N, t, N, 1, N, N, N, -1, 0, result);
        store_matrix(result, y + offset[1], g, 1, DST_LAYOUT, N, N, live, 0);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
inv_backward(global const REAL *restrict x, global REAL *restrict y, global const REAL *restrict grad,
             constant const long *restrict g, long groups_each) {
    inv_backward_body(x, y, grad, g, groups_each, this_item());
}
#else
/*
 * -P' T + X - (A P) X + Y - Y (P A) with T = G P', X = (G' P) P', Y = P' T'; A is operand 0, P 2, G 3. A P and P A are
 * projections: no product is far greater or smaller than G and the result.
 */
BODY pinv_backward_body(global const REAL *restrict x, global REAL *restrict y, global const REAL *restrict inverse,
                        global const REAL *restrict grad, constant const long *restrict g, long groups_each,
                        work_item id) {
    long first = id.x * groups_each * VECTOR;
    long last = min(first + groups_each * VECTOR, g[MATRIX_COUNT]);
    for (; first < last; first += VECTOR) {
        int live = (int)min((long)VECTOR, last - first);
        long offset[4];
        matrix_offsets(g, id.y, first, 4, offset);
        realv a[M * N], p[N * M], u[N * M], t[N * N], s[M * M], q[M * N], result[M * N];
        load_matrix(x + offset[0], g, 0, SRC_LAYOUT, M, N, live, a);
        load_matrix(inverse + offset[2], g, 2, PINV_LAYOUT, N, M, live, p);
        load_matrix(grad + offset[3], g, 3, GRAD_LAYOUT, N, M, live, u);
        multiply(u, M, 1, p, 1, M, N, M, N, 1, 0, t);       /* T = G P' */
        multiply(p, 1, M, t, N, 1, M, N, N, -1, 0, result); /* -P' T */
        multiply(p, 1, M, t, 1, N, M, N, N, 1, 0, q);       /* Y = P' T' */
        multiply(p, M, 1, a, N, 1, N, M, N, 1, 0, t);       /* P A */
        multiply(q, N, 1, t, N, 1, M, N, N, -1, 1, result);
        for (int e = 0; e < M * N; e++)
            result[e] += q[e];
        multiply(u, 1, M, p, M, 1, M, N, M, 1, 0, s);       /* G' P */
        multiply(s, M, 1, p, 1, M, M, M, N, 1, 0, q);       /* X */
        multiply(a, N, 1, p, M, 1, M, N, M, 1, 0, s);       /* A P */
        multiply(s, M, 1, q, N, 1, M, M, N, -1, 1, result);
        for (int e = 0; e < M * N; e++)
            result[e] += q[e];
        store_matrix(result, y + offset[1], g, 1, DST_LAYOUT, M, N, live, 0);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
pinv_backward(global const REAL *restrict x, global REAL *restrict y, global const REAL *restrict inverse,
              global const REAL *restrict grad, constant const long *restrict g, long groups_each) {
    pinv_backward_body(x, y, inverse, grad, g, groups_each, this_item());
}
#endif
