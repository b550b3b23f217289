/* SPDX-License-Identifier: Apache-2.0 */
/*
 * put_add.segments: dst[.., i, ..] = sum of src[.., k, ..] over the k that selected i, in their order; order and starts
 * are those k sorted by i, and where each i begins. Nothing is written where verdict[0] is not 0.
 *
 * Floor: src and dst once, and order and starts once for each batch item.
 *
 * Constants: those of real.h; ROW_T int or long; LOCAL_X the work-group.
 */
// checks share: float
// check cpu: -DVECTOR=16 -DROW_T=int -DLOCAL_X=1
// check cpu: -DVECTOR=8 -DROW_T=long -DLOCAL_X=1 double
// check cpu: -DVECTOR=16 -DROW_T=int -DLOCAL_X=1 half
// checks share gpu: -DVECTOR=1 -DLOCAL_X=64
// check gpu: -DROW_T=int
// check gpu: -DROW_T=long half
#include "real.h"
#include "body.h"
#include "batch.h"
#include "geometry.h"

/* A work-item: `columns` of a row's elements, `rows_each` rows, `items_each` batch items. */
BODY put_add_body(global const SRC_T *x, global DST_T *y, global const ROW_T *restrict order,
                  global const ROW_T *restrict starts, global const long *restrict verdict,
                  constant const long *restrict g, long columns, long rows_each, long items_each, int accumulate,
                  work_item id) {
    long column = id.x * columns, width = min(columns, g[TAKE_RUN] - column);
    long first = id.y * rows_each, last = min(first + rows_each, g[TAKE_EXTENT]);
    long item = id.z * items_each, end = min(item + items_each, g[TAKE_ITEMS]);
    long step = g[TAKE_SELECTED_STEP];
    if (verdict[0] != 0)
        end = item;
    for (; item < end; item++) {
        long offset[2] = {g[TAKE_WHOLE_OFFSET], g[TAKE_SELECTED_OFFSET]};
        batch_offsets(g + TAKE_BATCH, item, 2, offset);
        for (long row = first; row < last; row++) {
            long to = offset[0] + row * g[TAKE_WHOLE_STEP] + column, from = offset[1] + column, i = 0;
            for (; i + VECTOR <= width; i += VECTOR) {
                realv sum = accumulate ? load_lanes((global const SRC_T *)y, to + i) : (realv)(0);
                for (long j = starts[row]; j < starts[row + 1]; j++)
                    sum += load_lanes(x, from + order[j] * step + i);
                store_lanes(sum, y, to + i);
            }
            for (; i < width; i++) {
                REAL sum = accumulate ? load_one((global const SRC_T *)y, to + i) : (REAL)0;
                for (long j = starts[row]; j < starts[row + 1]; j++)
                    sum += load_one(x, from + order[j] * step + i);
                store_one(sum, y, to + i);
            }
        }
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
put_add(global const SRC_T *x, global DST_T *y, global const ROW_T *restrict order, global const ROW_T *restrict starts,
        global const long *restrict verdict, constant const long *restrict g, long columns, long rows_each,
        long items_each, int accumulate) {
    put_add_body(x, y, order, starts, verdict, g, columns, rows_each, items_each, accumulate, this_item());
}
