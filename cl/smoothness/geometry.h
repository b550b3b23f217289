/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of a smoothness loss, read by cl/smoothness/smoothness.cl and written by src/ops/smoothness/fused.c. Every
 * tensor has an offset and four strides: n, c, y, x.
 */
#ifndef CLF_SMOOTHNESS_GEOMETRY_H
#define CLF_SMOOTHNESS_GEOMETRY_H

enum {
    SMOOTHNESS_EXTENT = 0,          /* 4: N, C, H, W of the image */
    SMOOTHNESS_DISPARITY = 4,       /* 5: offset, strides */
    SMOOTHNESS_IMAGE = 9,           /* 5 */
    SMOOTHNESS_GRAD_LOSS = 14,      /* 5 */
    SMOOTHNESS_LOSS = 19,           /* 5 */
    SMOOTHNESS_GRAD_DISPARITY = 24, /* 5 */
    SMOOTHNESS_GRAD_IMAGE = 29,     /* 5 */
    SMOOTHNESS_TABLE = 34
};

#endif
