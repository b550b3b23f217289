/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of a gradient, read by the kernels of its solvers and written by src/ops/gradient/step.c. Triples are
 * z, y, x; where two axes are derived the first has extent 1.
 */
#ifndef CLF_GRADIENT_GEOMETRY_H
#define CLF_GRADIENT_GEOMETRY_H

enum {
    GRADIENT_EXTENT = 0,      /* 3 */
    GRADIENT_BORDER = 3,      /* 3 */
    GRADIENT_ROWS = 6,        /* 1: rows of all planes together */
    GRADIENT_SRC_OFFSET = 7,  /* 1 */
    GRADIENT_DST_OFFSET = 8,  /* 7: one for each output */
    GRADIENT_SRC_STRIDE = 15, /* 3 */
    GRADIENT_DST_STRIDE = 18, /* 3 for each of 7 outputs */
    GRADIENT_BATCH = 39       /* the batch table: src, then the outputs */
};

/* What an output holds. dx, dy and dz are the derivatives, scaled. */
enum {
    GRADIENT_MAGNITUDE = 0,
    GRADIENT_DX,
    GRADIENT_DY,
    GRADIENT_DZ,
    GRADIENT_SQUARED,
    GRADIENT_L1,
    GRADIENT_ORIENTATION,
    GRADIENT_SUM, /* dx + dy + dz: with second derivatives, the Laplacian */
    GRADIENT_XX,  /* dx*dx */
    GRADIENT_XY,  /* dx*dy */
    GRADIENT_YY   /* dy*dy */
};

#endif
