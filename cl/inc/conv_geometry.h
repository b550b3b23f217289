/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of a convolution in canonical form, read by the kernels and written by src/ops/conv_tables.c:
 *   y[i] = sum_k w[k] * x~[step*i + start + dilation*k]  along each of three axes, the unused ones first, with extent 1.
 */
#ifndef CLF_CONV_GEOMETRY_H
#define CLF_CONV_GEOMETRY_H

enum {
    CONV_EXTENT = 0,      /* 3: input extents */
    CONV_OUT = 3,         /* 3: output extents */
    CONV_SRC_STRIDE = 6,  /* 3 */
    CONV_DST_STRIDE = 9,  /* 3 */
    CONV_TAPS = 12,       /* 3 */
    CONV_START = 15,      /* 3 */
    CONV_STEP = 18,       /* 3 */
    CONV_DILATION = 21,   /* 3 */
    CONV_BORDER = 24,     /* 3 */
    CONV_SRC_OFFSET = 27, /* 1 */
    CONV_DST_OFFSET = 28, /* 1 */
    CONV_ITEMS = 29,      /* 1: batch items */
    CONV_BATCH = 30       /* the batch table */
};

#endif
