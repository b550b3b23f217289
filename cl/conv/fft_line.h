/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transforms of lines by a work-group, VECTOR lines side by side: mixed radices from one piece of memory to another and
 * back, in natural order (Stockham). Of each element the real parts come before the imaginary ones. An inverse
 * transform is the forward one with the two exchanged.
 */
#ifndef CLF_CONV_FFT_LINE_H
#define CLF_CONV_FFT_LINE_H

#include "dft.h"

/* Between what a group's work-items write and what others of them read. */
#if LOCAL_X > 1
#define GROUP_BARRIER barrier(CLK_GLOBAL_MEM_FENCE)
#else
#define GROUP_BARRIER
#endif

/* Two places for lines, the first of which holds them at first, and the turns exp(-2 pi i t / length) for every t. */
typedef struct fft_line {
    global realv *place[2];
    global const REAL *turns;
    long length;
    int lane; /* the work-item in its group */
} fft_line;

/* A pass: transforms of `apart` places have been joined, `radix` of those are now, `rest` remain. */
typedef struct fft_pass {
    long apart, rest;
    int radix; /* 1: no pass is left */
} fft_pass;

/* The pass of that number, found anew so that nothing but the number is kept across a barrier. */
static inline fft_pass find_pass(long length, int number) {
    fft_pass pass = {1, length, 1};
    for (int i = 0; i <= number; i++) {
        pass.apart *= pass.radix;
        pass.radix = pass.rest % 8 == 0   ? 8
                     : pass.rest % 4 == 0 ? 4
                     : pass.rest % 2 == 0 ? 2
                     : pass.rest % 3 == 0 ? 3
                     : pass.rest % 5 == 0 ? 5
                     : pass.rest > 1      ? 7
                                          : 1;
        pass.rest /= pass.radix;
    }
    return pass;
}

static inline int count_passes(long length) {
    int passes = 0;
    while (find_pass(length, passes).radix > 1)
        passes++;
    return passes;
}

/* Transforms of registers; the radix is a constant where this is called. */
ALWAYS_INLINE void dft_of(const int radix, realv *r, realv *i) {
    if (radix == 2)
        dft2(r, i);
    else if (radix == 3)
        dft3(r, i);
    else if (radix == 4)
        dft4(r, i);
    else if (radix == 5)
        dft5(r, i);
    else if (radix == 7)
        dft7(r, i);
    else
        dft8(r, i);
}

/* One pass from a place to the other. */
ALWAYS_INLINE void run_radix(const fft_line *line, int from_place, const fft_pass *pass, const int radix) {
    const long apart = pass->apart, rest = pass->rest;
    for (long t = line->lane; t < apart * rest; t += LOCAL_X) {
        const long p = t / apart, q = t % apart;
        global const realv *from = line->place[from_place] + 2 * t;
        global realv *to = line->place[1 - from_place] + 2 * (q + apart * radix * p);
        realv r[8], i[8];
#pragma unroll
        for (int k = 0; k < radix; k++) {
            r[k] = from[2 * apart * rest * k];
            i[k] = from[2 * apart * rest * k + 1];
        }
        dft_of(radix, r, i);
        to[0] = r[0];
        to[1] = i[0];
#pragma unroll
        for (int k = 1; k < radix; k++) {
            const REAL re = line->turns[2 * p * k * apart], im = line->turns[2 * p * k * apart + 1];
            to[2 * apart * k] = MULTIPLY_ADD(r[k], (realv)re, -i[k] * im);
            to[2 * apart * k + 1] = MULTIPLY_ADD(r[k], (realv)im, i[k] * re);
        }
    }
}

/* Transforms the lines that are in place `from`; returns where they are then. All work-items of a group come here. */
static inline int transform_line(const fft_line *line, int from) {
    const int passes = count_passes(line->length);
    for (int number = 0; number < passes; number++) {
        GROUP_BARRIER;
        const fft_pass pass = find_pass(line->length, number);
        const int place = (from + number) & 1;
        if (pass.radix == 8)
            run_radix(line, place, &pass, 8);
        else if (pass.radix == 4)
            run_radix(line, place, &pass, 4);
        else if (pass.radix == 2)
            run_radix(line, place, &pass, 2);
        else if (pass.radix == 3)
            run_radix(line, place, &pass, 3);
        else if (pass.radix == 5)
            run_radix(line, place, &pass, 5);
        else
            run_radix(line, place, &pass, 7);
    }
    GROUP_BARRIER;
    return (from + passes) & 1;
}

/* VECTOR neighbouring complex numbers, of which `count` are there. */
static inline void load_complex(global const REAL *from, long count, realv *re, realv *im) {
#if VECTOR == 1
    *re = count > 0 ? from[0] : (REAL)0;
    *im = count > 0 ? from[1] : (REAL)0;
#else
    REAL r[VECTOR], i[VECTOR];
    for (int k = 0; k < VECTOR; k++) {
        r[k] = k < count ? from[2 * k] : (REAL)0;
        i[k] = k < count ? from[2 * k + 1] : (REAL)0;
    }
    *re = load_line(r);
    *im = load_line(i);
#endif
}

static inline void store_complex(realv re, realv im, long count, global REAL *to) {
#if VECTOR == 1
    if (count > 0) {
        to[0] = re;
        to[1] = im;
    }
#else
    REAL r[VECTOR], i[VECTOR];
    store_line(re, r);
    store_line(im, i);
    for (int k = 0; k < VECTOR && k < count; k++) {
        to[2 * k] = r[k];
        to[2 * k + 1] = i[k];
    }
#endif
}

#endif
