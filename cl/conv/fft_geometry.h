/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How conv.fft lays a convolution out for the transforms, read by cl/conv/fft.cl and written by src/ops/conv/fft.c.
 * Triples are z, y, x. Blocks of length[0] x length[1] rows hold x~ from the first window's start on; axes that are not
 * transformed hold one position for each output.
 */
#ifndef CLF_CONV_FFT_GEOMETRY_H
#define CLF_CONV_FFT_GEOMETRY_H

enum {
    FFT_LENGTH = 0,   /* 3: positions along each axis, extents of the transform where it is transformed */
    FFT_NEED = 3,     /* 3: how many of them hold inputs; 0 is written to the rest */
    FFT_IN_STEP = 6,  /* 3: inputs from one position to the next */
    FFT_OUT_STEP = 9, /* 3: positions from one output to the next */
    FFT_ROW = 12,     /* 1: reals from one row to the next */
    FFT_TABLE = 13
};

#endif
