/* SPDX-License-Identifier: Apache-2.0 */
/*
 * put_add.ranges: dst[.., i, ..] = sum of src[.., k, ..] over the k that selected i, in their order, added where they
 * belong: a work-item owns a range of rows of dst and walks all the indices. Nothing is written where verdict[0] is
 * not 0.
 *
 * Floor: src and the indices once, dst once and once more where it is added to; each range reads all the indices.
 *
 * Constants: those of real.h, of one type that is the arithmetic's; ROW_T int or long.
 */
// checks share: float -DROW_T=int
// check cpu: -DVECTOR=16
// check cpu: -DVECTOR=8 -DROW_T=long double
// check cpu: -DVECTOR=1
// check cpu: -DVECTOR=16 plain
// check gpu: -DVECTOR=1
#include "real.h"
#include "body.h"
#include "batch.h"
#include "geometry.h"

/* Zeros from y + to on. */
static inline void clear(global REAL *y, long to, long count) {
    long i = 0;
    for (; i + VECTOR <= count; i += VECTOR)
        store_lanes((realv)(0), y, to + i);
    for (; i < count; i++)
        y[to + i] = 0;
}

/* y[to..] += x[from..] */
static inline void add_row(global const REAL *x, long from, global REAL *y, long to, long count) {
    long i = 0;
    for (; i + VECTOR <= count; i += VECTOR)
        store_lanes(load_lanes(y, to + i) + load_lanes(x, from + i), y, to + i);
    for (; i < count; i++)
        y[to + i] += x[from + i];
}

/*
 * Adds what the indices from rows[0] on select of `count` rows, of which `first` is the first; y is where row 0 is or
 * would be. Rows of one element are told apart by the caller, so that they need no loop.
 */
ALWAYS_INLINE void add_rows(global const REAL *x, global REAL *y, global const ROW_T *rows, long indices, long first,
                            long count, long from_step, long to_step, const long run) {
#pragma unroll 4
    for (long k = 0; k < indices; k++) {
        long row = rows[k];
        if ((ulong)(row - first) >= (ulong)count)
            continue;
        if (run == 1)
            y[row * to_step] += x[k * from_step];
        else
            add_row(x, k * from_step, y, row * to_step, run);
    }
}

/* A work-item: `rows_each` rows of `items_each` batch items. */
BODY put_add_ranges_body(global const SRC_T *restrict x, global DST_T *restrict y, global const ROW_T *restrict rows,
                         global const long *restrict verdict, constant const long *restrict g, long rows_each,
                         long items_each, int accumulate, work_item id) {
    long first = id.y * rows_each, count = min(rows_each, g[TAKE_EXTENT] - first), run = g[TAKE_RUN];
    long item = id.z * items_each, end = min(item + items_each, g[TAKE_ITEMS]), step = g[TAKE_WHOLE_STEP];
    if (verdict[0] != 0)
        end = item;
    for (; item < end; item++) {
        long offset[2] = {g[TAKE_WHOLE_OFFSET], g[TAKE_SELECTED_OFFSET]};
        batch_offsets(g + TAKE_BATCH, item, 2, offset);
        if (!accumulate && step == run)
            clear(y, offset[0] + first * step, count * run);
        for (long row = first; !accumulate && step != run && row < first + count; row++)
            clear(y, offset[0] + row * step, run);
        global const SRC_T *from = x + offset[1];
        global DST_T *to = y + offset[0];
        if (run == 1)
            add_rows(from, to, rows, g[TAKE_COUNT], first, count, g[TAKE_SELECTED_STEP], step, 1);
        else
            add_rows(from, to, rows, g[TAKE_COUNT], first, count, g[TAKE_SELECTED_STEP], step, run);
    }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
put_add_ranges(global const SRC_T *restrict x, global DST_T *restrict y, global const ROW_T *restrict rows,
               global const long *restrict verdict, constant const long *restrict g, long rows_each, long items_each,
               int accumulate) {
    put_add_ranges_body(x, y, rows, verdict, g, rows_each, items_each, accumulate, this_item());
}
