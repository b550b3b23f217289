/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box.along: the last pass of box.sums, along the axis whose elements lie side by side, PIXEL channels of them. VECTOR
 * lines at a time become the lanes of vectors, turned in registers as they are loaded and as their means are stored;
 * in between every line is summed in blocks as cl/box/across.cl has it, from nearby memory.
 *
 * A line is a segment of a row, so that long rows share the work, and nearby memory holds it. `room` has space for
 * (columns + 2 * size) * PIXEL vectors: the elements of a segment, in whose place come its means, and a block's
 * suffixes.
 *
 * Floor: src and dst once. An element is turned, stored nearby, read twice, and its mean stored, read and turned.
 *
 * Constants: real.h's and mean.h's, PIXEL, and WEIGHTED: elements are scaled as they are read.
 */
// checks share cpu: float -DVECTOR=8
// check cpu: -DWEIGHTED=1 -DEXACT=0 -DPIXEL=1
// check cpu: -DWEIGHTED=1 -DEXACT=0 -DPIXEL=3 plain
// check cpu: -DWEIGHTED=1 -DEXACT=0 -DPIXEL=2 double
// check cpu: -DWEIGHTED=0 -DEXACT=1 -DPIXEL=1 -DREAL=int -DDST_T=uchar -DDST_LOWEST=0 -DDST_HIGHEST=255 plain
// check cpu: -DWEIGHTED=0 -DEXACT=0 -DPIXEL=1 -DDST_T=half -DDST_IS_HALF=1
// check cpu: -DWEIGHTED=0 -DEXACT=1 -DPIXEL=4 -DSRC_T=int -DREAL=int -DDST_T=uchar -DDST_LOWEST=0 -DDST_HIGHEST=255
// check cpu: -DWEIGHTED=0 -DEXACT=1 -DPIXEL=1 -DSRC_T=ushort -DREAL=long -DDST_T=float
#include "real.h"
#include "batch.h"
#include "body.h"
#include "border.h"
#include "geometry.h"
#include "mean.h"
#include "turn.h"

#if WEIGHTED
#define SCALED(value) ((value) * weight)
#else
#define SCALED(value) ((void)weight, value)
#endif

/* The lines that are a work-item's lanes: where their rows begin, their first columns, and the outputs of each. */
typedef struct line_lanes {
    long from[VECTOR], to[VECTOR], first[VECTOR];
    long least, most; /* of all lanes: the first column */
    int width[VECTOR], live;
} line_lanes;

static inline void find_lines(constant const long *g, long line, long rows, long lines, long columns, line_lanes *l) {
    l->live = (int)min((long)VECTOR, lines - line);
    for (int lane = 0; lane < VECTOR; lane++) {
        const long n = min(line + lane, lines - 1);
        long offset[2] = {g[BOX_SRC_OFFSET], g[BOX_DST_OFFSET]};
        batch_offsets(g + BOX_BATCH, n % rows, 2, offset);
        l->from[lane] = offset[0];
        l->to[lane] = offset[1];
        l->first[lane] = n / rows * columns;
        l->width[lane] = (int)min(columns, g[BOX_EXTENT] - l->first[lane]);
    }
    l->least = l->first[0];
    l->most = l->first[VECTOR - 1]; /* lines are counted segment by segment */
}

/* Element p of VECTOR lines, somewhere beyond the ends of one of them or apart. */
static inline realv load_apart(global const SRC_T *x, constant const long *g, const line_lanes *l, int p, REAL weight,
                               REAL outside) {
    REAL lanes[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++) {
        const long at =
            border_index(l->first[lane] + g[BOX_START] + p / PIXEL, g[BOX_EXTENT], (int)g[BOX_BORDER]);
        lanes[lane] = at < 0 ? outside : SCALED(load_one(x, l->from[lane] + at * g[BOX_SRC_STRIDE] + p % PIXEL));
    }
    return load_line(lanes);
}

/* Loads `needed` elements of each line into nearby memory. */
static inline void load_lines(global const SRC_T *x, constant const long *g, const line_lanes *l, int needed,
                              REAL weight, REAL outside, local realv *room) {
    const long begin = g[BOX_START] * PIXEL, end = g[BOX_EXTENT] * PIXEL;
    for (int p = 0; p < needed; p += VECTOR) {
        const bool inside = l->least * PIXEL + begin + p >= 0 && l->most * PIXEL + begin + p + VECTOR <= end;
        realv square[VECTOR];
        if (inside && g[BOX_SRC_STRIDE] == PIXEL) {
#pragma unroll
            for (int lane = 0; lane < VECTOR; lane++)
                square[lane] = SCALED(load_lanes(x, l->from[lane] + l->first[lane] * PIXEL + begin + p));
            turn_square(square);
        } else {
            for (int k = 0; k < VECTOR && p + k < needed; k++)
                square[k] = load_apart(x, g, l, p + k, weight, outside);
        }
        for (int k = 0; k < VECTOR && p + k < needed; k++)
            room[p + k] = square[k];
    }
}

/* Sums over the windows, in the place of the elements that they begin with. */
static inline void sum_lines(int outputs, int block, local realv *room, local realv *suffix) {
    for (int first = 0; first < outputs; first += block) {
        realv sum[PIXEL], prefix[PIXEL];
#pragma unroll
        for (int c = 0; c < PIXEL; c++)
            sum[c] = prefix[c] = (realv)(0);
        for (int p = block - PIXEL; p >= 0; p -= PIXEL) {
#pragma unroll
            for (int c = 0; c < PIXEL; c++) {
                sum[c] += room[first + p + c];
                suffix[p + c] = sum[c];
            }
        }
        const int count = min(block, outputs - first);
        for (int p = 0; p < count; p += PIXEL) {
#pragma unroll
            for (int c = 0; c < PIXEL; c++) {
                room[first + p + c] = suffix[p + c] + prefix[c];
                if (p + PIXEL < count)
                    prefix[c] += room[first + block + p + c];
            }
        }
    }
}

/* Stores `live` means from position p of a line on. */
static inline void store_some_means(meanv means, int live, int p, long stride, global DST_T *y) {
    MEAN_T lanes[VECTOR];
    PASTE(vstore, VECTOR)(means, 0, lanes);
    for (int lane = 0; lane < live; lane++)
        store_mean(lanes[lane], y, (p + lane) / PIXEL * stride + (p + lane) % PIXEL);
}

/* Stores the means of each line. */
static inline void store_lines(constant const long *g, const line_lanes *l, int outputs, int count,
                               local const realv *room, global DST_T *y) {
    const long stride = g[BOX_DST_STRIDE];
    for (int p = 0; p < outputs; p += VECTOR) {
        realv square[VECTOR];
#pragma unroll
        for (int k = 0; k < VECTOR; k++)
            square[k] = room[min(p + k, outputs - 1)];
        turn_square(square);
#pragma unroll
        for (int lane = 0; lane < VECTOR; lane++) {
            const int live = lane < l->live ? clamp(l->width[lane] * PIXEL - p, 0, VECTOR) : 0;
            global DST_T *line = y + l->to[lane] + l->first[lane] * stride;
            const meanv means = means_of(square[lane], count);
            if (live == VECTOR && stride == PIXEL)
                store_means(means, line, p);
            else
                store_some_means(means, live, p, stride, line);
        }
    }
}

BODY box_along_body(global const SRC_T *restrict x, global DST_T *restrict y, constant const long *restrict g,
                    REAL weight, REAL outside, int count, long rows, long lines, int columns, local realv *room,
                    work_item id) {
    line_lanes l;
    find_lines(g, id.x * VECTOR, rows, lines, columns, &l);
    const int block = (int)g[BOX_SIZE] * PIXEL, outputs = l.width[0] * PIXEL;
    load_lines(x, g, &l, outputs + block - PIXEL, weight, outside, room);
    sum_lines(outputs, block, room, room + columns * PIXEL + block);
    store_lines(g, &l, outputs, count, room, y);
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
box_along(global const SRC_T *restrict x, global DST_T *restrict y, constant const long *restrict g, REAL weight,
          REAL outside, int count, long rows, long lines, int columns, local realv *room) {
    box_along_body(x, y, g, weight, outside, count, rows, lines, columns, room, this_item());
}
