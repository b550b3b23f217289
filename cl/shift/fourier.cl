/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What shift.fourier does round a library's transforms: inputs placed, every frequency turned by its phase, outputs
 * stored. A work-item takes `columns` elements of a row: a whole one on CPUs, one elsewhere.
 *
 * Each block's greatest magnitude is found after it is loaded. If its transform would overflow or lose digits, the
 * block is scaled by a power of two, and back when its outputs are stored.
 *
 * Floor: src read, the blocks written and read again by each of load, peak, turn and store, dst written.
 *
 * Constants: those of real.h; LOCAL_X the work-group.
 */
// checks share: float -DVECTOR=1
// check cpu: -DLOCAL_X=1
// check cpu: -DLOCAL_X=1 double
// check gpu: -DLOCAL_X=64 half
// check gpu: -DLOCAL_X=64 uchar
#include "real.h"
#include "batch.h"
#include "geometry.h"
#include "peak.h"

/* Splits a row's number into its place in the block and the block's item. */
static inline long split_row(constant const long *g, long row, long *p) {
    p[1] = row % g[FOURIER_EXTENT + 1];
    row /= g[FOURIER_EXTENT + 1];
    p[0] = row % g[FOURIER_EXTENT];
    return row / g[FOURIER_EXTENT];
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
shift_fourier_load(global const SRC_T *restrict x, global REAL *restrict blocks, constant const long *restrict g,
                   global int *restrict peaks, long columns) {
    long first = (long)get_global_id(0) * columns, last = min(first + columns, g[FOURIER_ROW]), p[2];
    long item = split_row(g, (long)get_global_id(1), p);
    if (first == 0 && p[0] == 0 && p[1] == 0)
        peaks[item] = 0;
    long offset[1] = {g[FOURIER_OFFSET] + p[0] * g[FOURIER_SRC_STRIDE] + p[1] * g[FOURIER_SRC_STRIDE + 1]};
    batch_offsets(g + FOURIER_BATCH, item, 1, offset);
    global REAL *to = blocks + (long)get_global_id(1) * g[FOURIER_ROW];
    for (long t = first; t < last; t++)
        to[t] = t < g[FOURIER_EXTENT + 2] ? load_one(x, offset[0] + t * g[FOURIER_SRC_STRIDE + 2]) : (REAL)0;
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
shift_fourier_peak(global const REAL *restrict blocks, global int *restrict peaks, long size, long span) {
    find_peak(blocks, peaks, size, span);
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
shift_fourier_scale(global REAL *restrict blocks, global const int *restrict peaks, long size, long span) {
    scale_by_peak(blocks, peaks, size, span);
}

/* a times the complex number i of a table. */
static inline void turn(REAL *a, global const REAL *table, long i) {
    REAL re = table[2 * i], im = table[2 * i + 1], old = a[0];
    a[0] = MULTIPLY_ADD(old, re, -(a[1] * im));
    a[1] = MULTIPLY_ADD(old, im, a[1] * re);
}

/* phases: those of each axis, one after the other; the last axis's hold the scale of the way back. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
shift_fourier_turn(global REAL *restrict blocks, global const REAL *restrict phases, constant const long *restrict g,
                   long columns) {
    long first = (long)get_global_id(0) * columns, last = min(first + columns, g[FOURIER_ROW] / 2), p[2];
    (void)split_row(g, (long)get_global_id(1), p);
    REAL outer[2] = {1, 0};
    turn(outer, phases, p[0]);
    turn(outer, phases, g[FOURIER_EXTENT] + p[1]);
    global REAL *row = blocks + (long)get_global_id(1) * g[FOURIER_ROW];
    for (long k = first; k < last; k++) {
        REAL value[2] = {row[2 * k], row[2 * k + 1]}, old = value[0];
        value[0] = MULTIPLY_ADD(old, outer[0], -(value[1] * outer[1]));
        value[1] = MULTIPLY_ADD(old, outer[1], value[1] * outer[0]);
        turn(value, phases, g[FOURIER_EXTENT] + g[FOURIER_EXTENT + 1] + k);
        row[2 * k] = value[0];
        row[2 * k + 1] = value[1];
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
shift_fourier_store(global const REAL *restrict blocks, global DST_T *restrict y, constant const long *restrict g,
                    global const int *restrict peaks, long columns) {
    long first = (long)get_global_id(0) * columns, last = min(first + columns, g[FOURIER_EXTENT + 2]), p[2];
    long item = split_row(g, (long)get_global_id(1), p);
    long offset[2] = {0, g[FOURIER_OFFSET + 1] + p[0] * g[FOURIER_DST_STRIDE] + p[1] * g[FOURIER_DST_STRIDE + 1]};
    batch_offsets(g + FOURIER_BATCH, item, 2, offset);
    global const REAL *from = blocks + (long)get_global_id(1) * g[FOURIER_ROW];
    REAL scale = scale_back(peaks[item]);
    for (long t = first; t < last; t++)
        store_one(from[t] * scale, y, offset[1] + t * g[FOURIER_DST_STRIDE + 2]);
}
