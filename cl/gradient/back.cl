/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gradients handed in for what is made of derivatives, as gradients of the derivatives themselves, element by
 * element: field 0 that of dx, then dy and dz. The magnitude's is defined as 0 where the magnitude is 0, l1's where a
 * derivative is 0, the orientation's where both are.
 *
 * Floor: what is handed in, and the derivatives where they matter, read once; the fields written once.
 *
 * Constants: those of real.h, with DST_T, the type of what is handed in, like REAL; AXES 2 or 3; NEEDED 1 where the
 * derivatives matter; G0..G6 1 where a gradient is handed in of the magnitude, dx, dy, dz, squared, l1, orientation.
 */
// checks share: float -DVECTOR=1 -DAXES=2 -DNEEDED=0 -DLOCAL_X=1 -DG0=0 -DG1=0 -DG2=0 -DG3=0 -DG4=0 -DG5=0 -DG6=0
// check cpu: -DG2=1
// check cpu: -DAXES=3 -DNEEDED=1 -DG0=1 -DG6=1 double
// check gpu: -DLOCAL_X=64 -DG1=1 -DG2=1 -DG3=1 -DAXES=3
// check gpu: -DLOCAL_X=64 -DNEEDED=1 -DG4=1 -DG5=1
#include "real.h"
#include "batch.h"

/* The table: extent of the last axis, elements of a field, 7 offsets, 7 strides along that axis, the batch table. */
#define HANDED(i) (G##i ? (REAL)g##i[offset[i] + j * g[9 + i]] : (REAL)0)

static inline REAL sign_or_nan(REAL v) {
    return isnan(v) ? v : sign(v);
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
gradient_back(global const REAL *restrict derivative, global const DST_T *restrict g0, global const DST_T *restrict g1,
              global const DST_T *restrict g2, global const DST_T *restrict g3, global const DST_T *restrict g4,
              global const DST_T *restrict g5, global const DST_T *restrict g6, global REAL *restrict field,
              constant const long *restrict g, REAL scale, REAL eps, long columns) {
    long width = g[0], count = g[1], row = (long)get_global_id(1);
    long first = (long)get_global_id(0) * columns, last = min(first + columns, width);
    long offset[7];
    (void)g0, (void)g1, (void)g2, (void)g3, (void)g4, (void)g5, (void)g6; /* as handed in */
    for (int i = 0; i < 7; i++)
        offset[i] = g[2 + i];
    batch_offsets(g + 16, row, 7, offset);
    for (long j = first; j < last; j++) {
        long at = row * width + j;
        REAL handed[3] = {HANDED(1), HANDED(2), HANDED(3)};
#if NEEDED
        REAL d[3] = {derivative[at], derivative[count + at], AXES == 3 ? derivative[2 * count + at] : (REAL)0};
        REAL plain = MULTIPLY_ADD(d[0], d[0], MULTIPLY_ADD(d[1], d[1], d[2] * d[2])), size = sqrt(plain + eps);
        REAL slope = 2 * HANDED(4) + (size == 0 ? (REAL)0 : HANDED(0) / size);
        for (int axis = 0; axis < 3; axis++)
            handed[axis] += slope * d[axis] + (G5 ? HANDED(5) * sign_or_nan(d[axis]) : (REAL)0);
#if G6
        REAL turn = plain == 0 ? (REAL)0 : HANDED(6) / plain;
        handed[0] -= turn * d[1];
        handed[1] += turn * d[0];
#endif
#else
        (void)derivative, (void)eps;
#endif
        for (int axis = 0; axis < AXES; axis++)
            field[axis * count + at] = scale * handed[axis];
    }
}
