/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What conv.fft does round a library's transforms: taps and inputs placed, spectra multiplied, outputs stored.
 *
 * Floor: src read, the blocks written and read again by each of load, multiply and store, dst written; beside the
 * transforms that is little. Rows are worked on by `columns` elements a work-item: a whole row on CPUs, one on GPUs.
 *
 * Each item's greatest magnitude is found after it is loaded, at one more reading. If its transform would overflow or
 * lose digits, the item is scaled by a power of two, and back when its outputs are stored.
 */
// checks share: float -DVECTOR=1
// check cpu: -DLOCAL_X=1
// check cpu: -DLOCAL_X=1 uchar
// check gpu: -DLOCAL_X=64 half
// check gpu: -DLOCAL_X=64 double
#include "real.h"
#include "border.h"
#include "batch.h"
#include "geometry.h"
#include "fft_geometry.h"
#include "peak.h"

/* Splits a row's number into its block's item and its place in the block. */
static inline long split_row(constant const long *f, long row, long *p) {
    p[1] = row % f[FFT_LENGTH + 1];
    row /= f[FFT_LENGTH + 1];
    p[0] = row % f[FFT_LENGTH];
    return row / f[FFT_LENGTH];
}

/* The taps that stand at position t of an axis: -dilation*k = t, modulo its length. */
static inline bool tap_at(constant const long *g, constant const long *f, int axis, long k, long t) {
    return (k * g[CONV_DILATION + axis] + t) % f[FFT_LENGTH + axis] == 0;
}

/* One row of the kernel's block: taps that fall on one place are added, in their order. */
static inline void place_row(global const REAL *w, global REAL *to, constant const long *g, constant const long *f,
                             REAL scale) {
    long columns = g[CONV_TAPS + 2], length = f[FFT_LENGTH + 2];
    for (long k = 0; k < columns; k++) {
        long at = k * g[CONV_DILATION + 2] % length;
        to[at == 0 ? 0 : length - at] += w[k] * scale;
    }
}

/* The kernel's block; and its peak begins, for phase correlation, which looks for it. */
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_fft_place(global const REAL *restrict w, global REAL *restrict block, constant const long *restrict g,
               constant const long *restrict f, global int *restrict peak, REAL scale) {
    if (get_global_id(0) == 0)
        *peak = 0;
    long p[2];
    (void)split_row(f, (long)get_global_id(0), p);
    global REAL *to = block + (long)get_global_id(0) * f[FFT_ROW];
    for (long t = 0; t < f[FFT_ROW]; t++)
        to[t] = 0;
    for (long k0 = 0; k0 < g[CONV_TAPS]; k0++)
        for (long k1 = 0; k1 < g[CONV_TAPS + 1]; k1++)
            if (tap_at(g, f, 0, k0, p[0]) && tap_at(g, f, 1, k1, p[1]))
                place_row(w + (k0 * g[CONV_TAPS + 1] + k1) * g[CONV_TAPS + 2], to, g, f, scale);
}

/* The input that position p of an axis holds: its index, -1 the constant, -2 nothing. */
static inline long input_at(constant const long *g, constant const long *f, int axis, long p) {
    if (p >= f[FFT_NEED + axis])
        return -2;
    return border_index(g[CONV_START + axis] + p * f[FFT_IN_STEP + axis], g[CONV_EXTENT + axis],
                        (int)g[CONV_BORDER + axis]);
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_load(global const SRC_T *restrict x, global REAL *restrict blocks, constant const long *restrict g,
              constant const long *restrict f, global int *restrict peaks, REAL cval, long columns) {
    long first = (long)get_global_id(0) * columns, last = min(first + columns, f[FFT_ROW]), p[2];
    long item = split_row(f, (long)get_global_id(1), p);
    if (first == 0 && p[0] == 0 && p[1] == 0)
        peaks[item] = 0;
    long offset[1] = {g[CONV_SRC_OFFSET]};
    batch_offsets(g + CONV_BATCH, item, 1, offset);
    long at0 = input_at(g, f, 0, p[0]), at1 = input_at(g, f, 1, p[1]);
    bool nothing = at0 == -2 || at1 == -2, constant_row = at0 == -1 || at1 == -1;
    global const SRC_T *from = x;
    if (!nothing && !constant_row)
        from += offset[0] + at0 * g[CONV_SRC_STRIDE] + at1 * g[CONV_SRC_STRIDE + 1];
    global REAL *to = blocks + (long)get_global_id(1) * f[FFT_ROW];
    for (long t = first; t < last; t++) {
        long at2 = input_at(g, f, 2, t);
        to[t] = nothing || at2 == -2        ? (REAL)0
                : constant_row || at2 == -1 ? cval
                                            : load_one(from, at2 * g[CONV_SRC_STRIDE + 2]);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_peak(global const REAL *restrict blocks, global int *restrict peaks, long size, long span) {
    find_peak(blocks, peaks, size, span);
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_scale(global REAL *restrict blocks, global const int *restrict peaks, long size, long span) {
    scale_by_peak(blocks, peaks, size, span);
}

/* Every block times the kernel's spectrum; `columns` complex numbers a work-item, `count` in a block. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_multiply(global REAL *restrict blocks, global const REAL *restrict spectrum, long count, long columns) {
    long first = (long)get_global_id(0) * columns, last = min(first + columns, count);
    global REAL *block = blocks + (long)get_global_id(1) * 2 * count;
    for (long i = first; i < last; i++) {
        REAL ar = block[2 * i], ai = block[2 * i + 1], br = spectrum[2 * i], bi = spectrum[2 * i + 1];
        block[2 * i] = MULTIPLY_ADD(ar, br, -(ai * bi));
        block[2 * i + 1] = MULTIPLY_ADD(ar, bi, ai * br);
    }
}

/* The same for phase correlation: of every product only its direction, times `scale`; 0 where it is 0. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_phase(global REAL *restrict blocks, global const REAL *restrict spectrum, long count, long columns,
               REAL scale) {
    long first = (long)get_global_id(0) * columns, last = min(first + columns, count);
    global REAL *block = blocks + (long)get_global_id(1) * 2 * count;
    for (long i = first; i < last; i++) {
        REAL ar = block[2 * i], ai = block[2 * i + 1], br = spectrum[2 * i], bi = spectrum[2 * i + 1];
        REAL re = MULTIPLY_ADD(ar, br, -(ai * bi)), im = MULTIPLY_ADD(ar, bi, ai * br), size = hypot(re, im);
        block[2 * i] = size == 0 ? (REAL)0 : re / size * scale;
        block[2 * i + 1] = size == 0 ? (REAL)0 : im / size * scale;
    }
}

/* Outputs, with the scale taken back where `back` says so: the scores of phase correlation have none. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_store(global const REAL *restrict blocks, global DST_T *restrict y, constant const long *restrict g,
               constant const long *restrict f, global const int *restrict peaks, int back, long columns) {
    long first = (long)get_global_id(0) * columns, last = min(first + columns, g[CONV_OUT + 2]);
    long i1 = (long)get_global_id(1), i0 = (long)get_global_id(2) % g[CONV_OUT];
    long item = (long)get_global_id(2) / g[CONV_OUT];
    REAL scale = back ? scale_back(peaks[item]) : 1;
    long offset[2] = {0, g[CONV_DST_OFFSET]};
    batch_offsets(g + CONV_BATCH, item, 2, offset);
    global DST_T *to = y + offset[1] + i0 * g[CONV_DST_STRIDE] + i1 * g[CONV_DST_STRIDE + 1];
    long row = (item * f[FFT_LENGTH] + i0 * f[FFT_OUT_STEP]) * f[FFT_LENGTH + 1] + i1 * f[FFT_OUT_STEP + 1];
    global const REAL *from = blocks + row * f[FFT_ROW];
    for (long i2 = first; i2 < last; i2++)
        store_one(from[i2 * f[FFT_OUT_STEP + 2]] * scale, to, i2 * g[CONV_DST_STRIDE + 2]);
}
