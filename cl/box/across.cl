/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box.across: sums over windows along an axis across which elements lie side by side, VECTORS vectors of them at a
 * time. The axis is cut into blocks of as many elements as a window has: a window is the end of one block and the
 * beginning of the next, so its sum is that of a suffix and of a prefix, each one addition from the one before.
 * Nothing is subtracted: no digits drift, and what is not finite stays in its windows.
 *
 * Floor: src and dst once. Each element is read twice, the second time from the cache while a block's rows fit it, and
 * each sum is stored, read again and stored: three additions an output, whatever the window.
 *
 * Constants: real.h's, REAL being the sums' type, int or long if src holds integers; WEIGHTED: elements are scaled as
 * they are read, so that no sum is greater than the mean; VECTORS.
 */
// checks share cpu: float -DVECTOR=8 -DVECTORS=4
// check cpu: -DWEIGHTED=1
// check cpu: -DWEIGHTED=0
// check cpu: -DWEIGHTED=1 plain
// check cpu: -DWEIGHTED=1 -DSRC_T=half -DSRC_IS_HALF=1
// check cpu: -DWEIGHTED=0 -DSRC_T=uchar -DDST_T=int -DREAL=int
// check cpu: -DWEIGHTED=0 -DSRC_T=short -DDST_T=long -DREAL=long
#include "real.h"
#include "batch.h"
#include "body.h"
#include "border.h"
#include "geometry.h"

#define COLUMNS (VECTOR * VECTORS)

static inline realv load_result(global const DST_T *p, long i) {
#ifdef UNALIGNED_VECTORS
    return *(global const dstv_anywhere *)(p + i);
#else
    return PASTE(vload, VECTOR)(0, p + i);
#endif
}

/* Where a work-item's columns lie, and how many there are. */
typedef struct strip {
    global const SRC_T *x;
    global DST_T *y;
    int width;
} strip;

/* Adds the elements of row `at`, which the border has its say on, to the sums. */
static inline __attribute__((always_inline)) void add_row(const strip *s, constant const long *g, long at, REAL weight,
                                                          REAL outside, realv *sums) {
    at = border_index(at, g[BOX_EXTENT], (int)g[BOX_BORDER]);
    global const SRC_T *row = s->x + at * g[BOX_SRC_STRIDE];
#pragma unroll
    for (int v = 0; v < VECTORS; v++) {
        realv value = (realv)(0);
        if (at < 0) {
            sums[v] += (realv)(outside);
            continue;
        }
        if ((v + 1) * VECTOR <= s->width) {
            value = load_lanes(row, v * VECTOR);
        } else {
            REAL lanes[VECTOR];
            for (int lane = 0; lane < VECTOR; lane++)
                lanes[lane] = v * VECTOR + lane < s->width ? load_one(row, v * VECTOR + lane) : (REAL)0;
            value = load_line(lanes);
        }
#if WEIGHTED
        sums[v] = MULTIPLY_ADD(value, (realv)(weight), sums[v]);
#else
        sums[v] += value;
#endif
    }
#if !WEIGHTED
    (void)weight;
#endif
}

/* Stores the sums as row i, added to what it holds if `more`. */
static inline __attribute__((always_inline)) void store_row(const strip *s, long stride, long i, const realv *sums,
                                                            bool more) {
    global DST_T *row = s->y + i * stride;
#pragma unroll
    for (int v = 0; v < VECTORS; v++) {
        if ((v + 1) * VECTOR <= s->width) {
            realv value = sums[v];
            if (more)
                value += load_result(row, v * VECTOR);
            store_lanes(value, row, v * VECTOR);
        } else {
            REAL lanes[VECTOR];
            store_line(sums[v], lanes);
            for (int lane = v * VECTOR; lane < s->width; lane++)
                row[lane] = more ? row[lane] + lanes[lane - v * VECTOR] : lanes[lane - v * VECTOR];
        }
    }
}

static inline __attribute__((always_inline)) void clear(realv *sums) {
#pragma unroll
    for (int v = 0; v < VECTORS; v++)
        sums[v] = (realv)(0);
}

BODY box_across_body(global const SRC_T *restrict x, global DST_T *restrict y, constant const long *restrict g,
                     REAL weight, REAL outside, long blocks, work_item id) {
    const long column = id.x * COLUMNS, size = g[BOX_SIZE], extent = g[BOX_EXTENT], start = g[BOX_START];
    const long last = min((id.y + 1) * blocks * size, extent);
    long offset[2] = {g[BOX_SRC_OFFSET] + column, g[BOX_DST_OFFSET] + column};
    batch_offsets(g + BOX_BATCH, id.z, 2, offset);
    const strip s = {x + offset[0], y + offset[1], (int)min((long)COLUMNS, g[BOX_INNER] - column)};
    for (long first = id.y * blocks * size; first < last; first += size) {
        realv sums[VECTORS];
        clear(sums);
        for (long i = first + size - 1; i >= first; i--) {
            add_row(&s, g, start + i, weight, outside, sums);
            if (i < extent)
                store_row(&s, g[BOX_DST_STRIDE], i, sums, false);
        }
        clear(sums);
        for (long i = first; i + 1 < min(first + size, extent); i++) {
            add_row(&s, g, start + size + i, weight, outside, sums);
            store_row(&s, g[BOX_DST_STRIDE], i + 1, sums, true);
        }
    }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
box_across(global const SRC_T *restrict x, global DST_T *restrict y, constant const long *restrict g, REAL weight,
           REAL outside, long blocks) {
    box_across_body(x, y, g, weight, outside, blocks, this_item());
}
