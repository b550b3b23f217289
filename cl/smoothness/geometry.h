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

/* The table of factors: numbers of the arithmetic's type. Factors of terms along x stand before those along y. */
enum {
    SMOOTHNESS_HALF_WEIGHT = 0,     /* a/2 (mean-abs: over C), kept within the type */
    SMOOTHNESS_WEIGHT = 1,          /* a as a number from 1 up to 2, or 0, */
    SMOOTHNESS_WEIGHT_EXPONENT = 2, /* times 2 to this */
    SMOOTHNESS_SUM = 3,             /* 2: of a term inside the sum, times 2^SMOOTHNESS_SHIFT */
    SMOOTHNESS_GRAD = 5,            /* 2: of a term in the loss */
    SMOOTHNESS_IMAGE_GRAD = 7,      /* 2: the same times -a (mean-abs: over C), */
    SMOOTHNESS_IMAGE_UNDO = 9,      /* over this, a power of two */
    SMOOTHNESS_FACTORS = 10
};

/* Sums are of terms times 2 to this, and the factors of image gradients are at least 2 to this, in f32 and in f64. */
enum { SMOOTHNESS_SHIFT = 22, SMOOTHNESS_WIDE_SHIFT = 50 };

#endif
