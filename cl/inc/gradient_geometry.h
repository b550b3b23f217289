/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a gradient, read by cl/gradient.cl and written by src/ops/gradient_fused.c. Pairs are y, x. */
#ifndef CLF_GRADIENT_GEOMETRY_H
#define CLF_GRADIENT_GEOMETRY_H

enum {
    GRADIENT_EXTENT = 0,     /* 2 */
    GRADIENT_SRC_STRIDE = 2, /* 2 */
    GRADIENT_DST_STRIDE = 4, /* 2 */
    GRADIENT_BORDER = 6,     /* 2 */
    GRADIENT_SRC_OFFSET = 8, /* 1 */
    GRADIENT_DST_OFFSET = 9, /* 1 */
    GRADIENT_BATCH = 10      /* the batch table */
};

#endif
