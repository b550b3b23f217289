/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of a convolution in canonical form, read by the kernels and written by src/ops/conv/tables.c:
 *   y[o][i] = bias[o] + sum_c sum_k w[o][c][k] * x~[c][step*i + start + dilation*k]
 * along each of three axes, the unused ones first, with extent 1; c runs over the input channels of o's group.
 */
#ifndef CLF_CONV_GEOMETRY_H
#define CLF_CONV_GEOMETRY_H

enum {
    CONV_EXTENT = 0,       /* 3: input extents */
    CONV_OUT = 3,          /* 3: output extents */
    CONV_SRC_STRIDE = 6,   /* 3 */
    CONV_DST_STRIDE = 9,   /* 3 */
    CONV_TAPS = 12,        /* 3 */
    CONV_START = 15,       /* 3 */
    CONV_STEP = 18,        /* 3 */
    CONV_DILATION = 21,    /* 3 */
    CONV_BORDER = 24,      /* 3 */
    CONV_SRC_OFFSET = 27,  /* 1 */
    CONV_DST_OFFSET = 28,  /* 1 */
    CONV_ITEMS = 29,       /* batch items */
    CONV_GROUPS = 30,      /* groups of channels; without a bank 1, as the next two */
    CONV_INPUTS = 31,      /* input channels of a group */
    CONV_OUTPUTS = 32,     /* output channels of a group */
    CONV_SRC_CHANNEL = 33, /* stride from one input channel to the next */
    CONV_DST_CHANNEL = 34,
    CONV_BIAS = 35, /* where the biases begin in the taps */
    CONV_BATCH = 36 /* the batch table */
};

#endif
