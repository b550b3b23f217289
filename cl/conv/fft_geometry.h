/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How conv.fft lays a convolution out for the transforms, read by its kernels and written by src/ops/conv/fft.c.
 * Triples are z, y, x. Blocks of length[0] x length[1] rows hold x~ from the first window's start on; axes that are not
 * transformed hold one position for each output. Maps (cl/conv/fft_maps.h) hold a bit for each position that windows
 * meet, those beyond a periodic axis's end once more.
 */
#ifndef CLF_CONV_FFT_GEOMETRY_H
#define CLF_CONV_FFT_GEOMETRY_H

enum {
    FFT_LENGTH = 0,    /* 3: positions along each axis, extents of the transform where it is transformed */
    FFT_NEED = 3,      /* 3: how many of them hold inputs; 0 is written to the rest */
    FFT_IN_STEP = 6,   /* 3: inputs from one position to the next */
    FFT_OUT_STEP = 9,  /* 3: positions from one output to the next */
    FFT_ROW = 12,      /* 1: reals from one row to the next */
    FFT_REACH = 13,    /* 3: positions that windows meet, from the first window's start on */
    FFT_WORDS = 16,    /* 1: words of 64 bits in a row of a map */
    FFT_TURNS = 17,    /* 3: where the turns of each axis begin in their table, in complex numbers */
    FFT_ITEMS = 20,    /* 1: batch items */
    FFT_DILATION = 21, /* 3: positions from one tap to the next, round a periodic axis's end */
    FFT_TABLE = 24
};

/* What the look finds (cl/conv/fft_found.h): numbers for all items, and then for each. */
enum { FFT_FOUND = 20, FFT_FOUND_ALL = 2 };

/* Kinds of maps; those of all items for one come before those for the next. */
enum { FFT_MAPS = 6 };

/* Passes that transform what is far beyond the rest. */
enum { FFT_PASSES = 2 };

/* What a step along columns does: transform forward; and multiply by the spectrum, and back; back. */
enum { FFT_FORWARD = 0, FFT_MULTIPLY = 1, FFT_BACK = 2 };

#endif
