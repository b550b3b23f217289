/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input of a rectangle of pixels, copied through its border into nearby memory as bank_cut.h says. Constants: those
 * of real.h.
 */
#ifndef CLF_CONV_STAGE_H
#define CLF_CONV_STAGE_H

#include "bank_cut.h"
#include "border.h"
#include "geometry.h"
#include "real.h"

#if VECTOR > 1
/* Vectors in local memory, at any element. */
static inline realv load_near(local const REAL *p) {
#ifdef UNALIGNED_VECTORS
    return *(local const realv_anywhere *)p;
#else
    return PASTE(vload, VECTOR)(0, p);
#endif
}

static inline void store_near(realv v, local REAL *p) {
#ifdef UNALIGNED_VECTORS
    *(local realv_anywhere *)p = v;
#else
    PASTE(vstore, VECTOR)(v, 0, p);
#endif
}

/* Output pixels of a plane: the first of them, and how many. */
typedef struct {
    long i0, i1, i2;
    int rows, columns;
} rectangle;

/* Those of a plane that are number `down` and `across` of what the cut makes of it. */
static inline rectangle find_rectangle(constant const long *g, constant const int *cut, long plane, long down,
                                       long across) {
    rectangle at = {plane, down * cut[BANK_ROWS], across * cut[BANK_COLUMNS], 0, 0};
    at.rows = (int)min((long)cut[BANK_ROWS], g[CONV_OUT + 1] - at.i1);
    at.columns = (int)min((long)cut[BANK_COLUMNS], g[CONV_OUT + 2] - at.i2);
    return at;
}

/* Where the first pixel stands in dst, from where its tensor begins. */
static inline long first_pixel(constant const long *g, rectangle at) {
    return at.i0 * g[CONV_DST_STRIDE] + at.i1 * g[CONV_DST_STRIDE + 1] + at.i2 * g[CONV_DST_STRIDE + 2];
}

/* Copies `count` elements that are `stride` apart. */
static inline void copy_elements(global const SRC_T *from, long stride, int count, local REAL *line) {
    int t = 0;
    if (stride == 1) {
        for (; t + VECTOR <= count; t += VECTOR)
            store_near(load_lanes(from, t), line + t);
        if (t > 0 && t < count) { /* the last vector moves back over elements already there */
            store_near(load_lanes(from, count - VECTOR), line + count - VECTOR);
            t = count;
        }
    }
#pragma unroll 1
    for (; t < count; t++)
        line[t] = load_one(from, t * stride);
}

/* Copies `count` elements of a row, from `column` on and a step apart; row < 0: the constant. */
static inline void stage_line(global const SRC_T *x, long row, long column, int count, constant const long *g,
                              REAL cval, local REAL *line) {
    long step = g[CONV_STEP + 2], extent = g[CONV_EXTENT + 2], stride = g[CONV_SRC_STRIDE + 2];
    /* Elements begin..end-1 lie inside. */
    int begin = (int)clamp((step - 1 - column) / step, 0L, (long)count);
    int end = (int)clamp((extent - column + step - 1) / step, (long)begin, (long)count);
    if (row < 0)
        begin = end = count;
#pragma unroll 1
    for (int t = 0; t < count; t++) {
        if (t == begin)
            t = end;
        if (t < count) {
            long at = row < 0 ? -1 : border_index(column + t * step, extent, (int)g[CONV_BORDER + 2]);
            line[t] = at < 0 ? cval : load_one(x, row + at * stride);
        }
    }
    copy_elements(x + (end > begin ? row + (column + begin * step) * stride : 0), step * stride, end - begin,
                  line + begin);
}

/*
 * Splits n into two indices, the first below `count`: the faster one is the first where `near` says that its elements
 * lie nearer in memory than those of the second, of which there are `others`.
 */
static inline void split_index(int n, int count, int others, bool near, int *first, int *second) {
    *first = near ? n % count : n / others;
    *second = near ? n / count : n % others;
}

/* Stages `channels` channels, the first of which begins at offset `from`. */
static inline void stage_channels(global const SRC_T *x, long from, int channels, rectangle at, constant const long *g,
                                  constant const int *cut, REAL cval, local REAL *lines) {
    int rows = at.rows + cut[BANK_HALO], pitch = cut[BANK_PITCH];
    bool interleaved = g[CONV_SRC_CHANNEL] < g[CONV_SRC_STRIDE + 2];
    for (int z = 0; z < (int)g[CONV_TAPS]; z++) {
        long p0 = border_index(g[CONV_START] + g[CONV_STEP] * at.i0 + g[CONV_DILATION] * z, g[CONV_EXTENT],
                               (int)g[CONV_BORDER]);
        for (int y = 0; y < cut[BANK_PHASES_Y]; y++, lines += cut[BANK_PHASES_X] * cut[BANK_PLANE]) {
            long start = g[CONV_START + 1] + g[CONV_STEP + 1] * at.i1 + cut[cut[BANK_PHASE_Y] + y];
            for (int n = 0; n < channels * rows; n++) {
                int channel, r;
                split_index(n, channels, rows, interleaved, &channel, &r);
                long p1 = border_index(start + r * g[CONV_STEP + 1], g[CONV_EXTENT + 1], (int)g[CONV_BORDER + 1]);
                long row = p0 < 0 || p1 < 0 ? -1
                                            : from + channel * g[CONV_SRC_CHANNEL] + p0 * g[CONV_SRC_STRIDE] +
                                                  p1 * g[CONV_SRC_STRIDE + 1];
                local REAL *line = lines + channel * cut[BANK_CHANNEL] + r * pitch;
                for (int s = 0; s < cut[BANK_PHASES_X]; s++, line += cut[BANK_PLANE])
                    stage_line(x, row, g[CONV_START + 2] + g[CONV_STEP + 2] * at.i2 + cut[cut[BANK_PHASE_X] + s], pitch,
                               g, cval, line);
            }
        }
    }
}
#endif

#endif
