/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Derivatives of three taps of an input made smaller, for elements whose sums would overflow otherwise. Constants:
 * those of real.h and derivative.h; AXES 2 or 3.
 */
#ifndef CLF_LESS_H
#define CLF_LESS_H

#include "border.h"
#include "derivative.h"
#include "geometry.h"
#include "real.h"

/* What is added to the sum of squares, and its root: eps may vanish or overflow where its root does not. */
typedef struct gradient_eps {
    REAL square, root;
} gradient_eps;

/* Where the elements are. */
typedef struct gradient_spot {
    global const SRC_T *x;
    constant const long *g;
    long plane, z; /* its first element in x; its index where planes are volumes */
    long at;       /* the first lane's place in the plane: row * width + column */
    REAL cval, scale;
    gradient_eps eps;
} gradient_spot;

/* Less than 1 over what the taps of Scharr sum to along three axes, 512, times these three. */
#define LESS ((REAL)1 / 4096)
#define MORE ((REAL)4096)

/* The derivatives of one element, not scaled, times LESS. */
static inline void derive_less(const gradient_spot *spot, long row, long column, REAL *d) {
    constant const long *g = spot->g;
    for (int k = 0; k < 27; k++) {
        const int c = k % 3 - 1, b = k / 3 % 3 - 1, a = k / 9 - 1;
        if (AXES == 2 && a != 0)
            continue;
        const long i[3] = {border_index(spot->z + a, g[GRADIENT_EXTENT], (int)g[GRADIENT_BORDER]),
                           border_index(row + b, g[GRADIENT_EXTENT + 1], (int)g[GRADIENT_BORDER + 1]),
                           border_index(column + c, g[GRADIENT_EXTENT + 2], (int)g[GRADIENT_BORDER + 2])};
        const long at = spot->plane + i[0] * g[GRADIENT_SRC_STRIDE] + i[1] * g[GRADIENT_SRC_STRIDE + 1] +
                        i[2] * g[GRADIENT_SRC_STRIDE + 2];
        const REAL v = LESS * (i[0] < 0 || i[1] < 0 || i[2] < 0 ? spot->cval : load_one(spot->x, at));
        for (int axis = 0; axis < AXES; axis++) {
            const int tap = three_tap(axis == 0, c) * three_tap(axis == 1, b) *
                            (AXES == 3 ? three_tap(axis == 2, a) : 1);
            if (tap != 0) /* what has none does not count, not even NaN */
                d[axis] = MULTIPLY_ADD((REAL)tap, v, d[axis]);
        }
    }
}

#endif
