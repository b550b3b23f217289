/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What conv.fft does round a library's transforms: taps and inputs placed, spectra multiplied, outputs stored.
 *
 * Floor: src read, the blocks written and read again by each of load, multiply and store, dst written; beside the
 * transforms that is little. Rows are worked on by `columns` elements a work-item: a whole row on CPUs, one on GPUs.
 *
 * Each item's magnitudes are looked at after it is loaded, at one more reading. If its transform would overflow or lose
 * digits, the item is scaled by a power of two, and back when its outputs are stored. What is NaN, Inf or far beyond
 * the rest is left out, and done afterwards (fft_rare.cl); not for phase correlation, which needs every element.
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
#include "fft_found.h"
#include "fft_place.h"

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

/* What is found of an item begins, and with the first what is found of all. */
static inline void begin_found(global int *found, long item) {
    for (int k = 0; k < FFT_FOUND; k++)
        FOUND_OF(found, item)[k] = 0;
    for (int k = 0; k < FFT_FOUND_ALL && item == 0; k++)
        found[k] = 0;
}

/* The kernel's block; and what is found of it begins, for phase correlation, which looks at it. */
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_fft_place(global const REAL *restrict w, global REAL *restrict block, constant const long *restrict g,
               constant const long *restrict f, global int *restrict found, REAL scale) {
    if (get_global_id(0) == 0)
        begin_found(found, 0);
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

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_load(global const SRC_T *restrict x, global REAL *restrict blocks, constant const long *restrict g,
              constant const long *restrict f, global int *restrict found, REAL cval, long columns) {
    long first = (long)get_global_id(0) * columns, last = min(first + columns, f[FFT_ROW]), p[2];
    long item = split_row(f, (long)get_global_id(1), p);
    if (first == 0 && p[0] == 0 && p[1] == 0)
        begin_found(found, item);
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

/* What elements have filled: buckets from BUCKETS_USUAL on, whether others; the greatest magnitude, the peak. */
typedef struct found_here {
    uint low, high;
    int greatest, peak, outside;
} found_here;

/* All in 32 bits, so that vectors hold as many as they can. */
static inline void find_one(REAL v, found_here *here) {
    const int magnitude = short_magnitude(v), finite = magnitude < SHORT_INFINITE ? magnitude : 0;
    const int bucket = (finite >> SHORT_SHIFT) - BUCKETS_USUAL;
    const uint bit = finite == 0 ? 0U : 1U << (bucket & 31);
    here->greatest = max(here->greatest, magnitude);
    here->peak = max(here->peak, finite);
    here->low |= bucket >> 5 == 0 ? bit : 0U;
    here->high |= bucket >> 5 == 1 ? bit : 0U;
    if (BUCKETS > 64)
        here->outside |= bucket >> 6 == 0 ? 0 : finite;
}

/*
 * Looks at an item of `size` reals: a run for each work-item where groups are of one, else neighbours for neighbours, a
 * work-item looking at every span-th from its own on.
 */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_look(global const REAL *restrict blocks, global int *restrict found, long size, long span) {
    global const REAL *block = blocks + (long)get_global_id(1) * size;
    global int *to = FOUND_OF(found, (long)get_global_id(1));
    const bool rows = LOCAL_X == 1;
    const long run = (size + span - 1) / span, own = (long)get_global_id(0);
    const long first = rows ? own * run : own, last = rows ? min(first + run, size) : size, step = rows ? 1 : span;
    found_here here = {0, 0, 0, 0, 0};
    for (long i = first; i < last && own < span; i += step)
        find_one(block[i], &here);
    atomic_max(to + FOUND_PEAK, here.peak);
    atomic_or(to + FOUND_BUCKETS + BUCKETS_USUAL / 32, (int)here.low);
    atomic_or(to + FOUND_BUCKETS + BUCKETS_USUAL / 32 + 1, (int)here.high);
    if (here.greatest >= SHORT_INFINITE)
        atomic_or(to + FOUND_BAD, FLAG_BAD);
    for (long i = first; i < last && own < span && here.outside != 0; i += step) {
        const int magnitude = short_magnitude(block[i]), bucket = magnitude >> SHORT_SHIFT;
        if (magnitude > 0 && magnitude < SHORT_INFINITE)
            atomic_or(to + FOUND_BUCKETS + bucket / 32, (int)(1U << (bucket & 31)));
    }
}

/* Items of unusual magnitudes, scaled so that their greatest is 1 to 2; the others are not looked at. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_scale(global REAL *restrict blocks, global int *restrict found, long size, long span) {
    global REAL *block = blocks + (long)get_global_id(1) * size;
    global int *own = FOUND_OF(found, (long)get_global_id(1));
    const int exponent = peak_exponent(own[FOUND_PEAK]);
    const REAL scale = power_of_two(magnitude_usual(exponent) ? 0 : -exponent);
    if (get_global_id(0) == 0)
        own[FOUND_EXPONENT] = exponent;
    for (long i = (long)get_global_id(0); i < size && !magnitude_usual(exponent); i += span)
        block[i] *= scale;
}

/* The same, without what is not of the lowest level: an item that has such is flagged. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_clear(global REAL *restrict blocks, global int *restrict found, long size, long span) {
    const long item = (long)get_global_id(1);
    global REAL *block = blocks + item * size;
    global int *own = FOUND_OF(found, item);
    const found_limits limits = find_limits(own);
    const int exponent = level_exponent(own, limits.of[0]);
    const int far = limits.of[0] != INFINITE_BITS ? FLAG_FAR : 0, top = limits.of[1] != INFINITE_BITS ? FLAG_TOP : 0;
    const int flags = own[FOUND_BAD] | far | top;
    const bool usual = magnitude_usual(exponent);
    const REAL scale = usual ? 1 : power_of_two(-exponent);
    if (get_global_id(0) == 0) {
        own[FOUND_EXPONENT] = exponent;
        own[FOUND_FLAGS] = flags;
        if (flags != 0)
            atomic_or(found + FOUND_ANY, 1);
    }
    for (long i = (long)get_global_id(0); i < size && (flags != 0 || !usual); i += span)
        block[i] = magnitude_bits(block[i]) < limits.of[0] ? block[i] * scale : (REAL)0;
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
               constant const long *restrict f, global const int *restrict found, int back, long columns) {
    long first = (long)get_global_id(0) * columns, last = min(first + columns, g[CONV_OUT + 2]);
    long i1 = (long)get_global_id(1), i0 = (long)get_global_id(2) % g[CONV_OUT];
    long item = (long)get_global_id(2) / g[CONV_OUT];
    const int exponent = FOUND_OF(found, item)[FOUND_EXPONENT];
    const REAL scale = !back || magnitude_usual(exponent) ? 1 : power_of_two(exponent);
    long offset[2] = {0, g[CONV_DST_OFFSET]};
    batch_offsets(g + CONV_BATCH, item, 2, offset);
    global DST_T *to = y + offset[1] + i0 * g[CONV_DST_STRIDE] + i1 * g[CONV_DST_STRIDE + 1];
    long row = (item * f[FFT_LENGTH] + i0 * f[FFT_OUT_STEP]) * f[FFT_LENGTH + 1] + i1 * f[FFT_OUT_STEP + 1];
    global const REAL *from = blocks + row * f[FFT_ROW];
    for (long i2 = first; i2 < last; i2++)
        store_one(from[i2 * f[FFT_OUT_STEP + 2]] * scale, to, i2 * g[CONV_DST_STRIDE + 2]);
}
