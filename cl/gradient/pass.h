/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a pass along one axis, read by cl/gradient/axis.cl and written by src/ops/gradient/axis.c; Canny. */
#ifndef CLF_GRADIENT_PASS_H
#define CLF_GRADIENT_PASS_H

/* What Canny's images are divided by: no magnitude of Sobel's derivatives overflows, 8 * sqrt(2) times as great. */
#define CANNY_LESS 16

enum {
    PASS_EXTENT = 0, /* of the axis */
    PASS_INNER = 1,  /* elements from one index of it to the next */
    PASS_ROWS = 2,   /* outer elements times PASS_EXTENT (across), or rows (along) */
    PASS_COUNT = 3,  /* elements of a field */
    PASS_BORDER = 4,
    PASS_DST_OFFSET = 5, /* 4: one for each output */
    PASS_DST_STRIDE = 9, /* 4, along the last axis */
    PASS_BATCH = 13      /* the batch table of the outputs' rows */
};

#endif
