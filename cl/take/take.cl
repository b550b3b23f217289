/* SPDX-License-Identifier: Apache-2.0 */
/*
 * take.rows and take.each: dst[.., k, ..] = src[.., rows[k], ..], bit for bit. Nothing is written where verdict[0] is
 * not 0.
 *
 * Floor: each output element read and written once, each index read once.
 *
 * Constants: those of copy.h; ROW_T int or long; UNIT_STEP 1 where dst's step along the axis is 1; GATHER, where src's
 * is 1 too and ROW_T is int, the bytes of elements that an instruction gathers (4 or 8); LOCAL_X the work-group.
 */
// checks share: -DELEMENT=uint -DROW_T=int
// check cpu: -DLANES=16 -DUNIT_STEP=1 -DLOCAL_X=1
// check cpu: -DLANES=16 -DUNIT_STEP=1 -DLOCAL_X=1 -DGATHER=4 -march=skylake-avx512
// check cpu: -DLANES=8 -DUNIT_STEP=1 -DLOCAL_X=1 -DGATHER=8 -DELEMENT=ulong -march=skylake-avx512
// check cpu: -DLANES=16 -DUNIT_STEP=0 -DLOCAL_X=1 -DROW_T=long -DELEMENT=uchar
// check cpu: -DLANES=16 -DUNIT_STEP=1 -DLOCAL_X=1 plain
// checks share gpu: -DLANES=1 -DLOCAL_X=64
// check gpu: -DUNIT_STEP=0
// check gpu: -DUNIT_STEP=1 -DELEMENT=ushort
#include "copy.h"
#include "batch.h"
#include "geometry.h"
#include "body.h"

/* Where a batch item begins in both tensors. */
static inline void find_item(constant const long *g, long item, long *offset) {
    offset[0] = g[TAKE_WHOLE_OFFSET];
    offset[1] = g[TAKE_SELECTED_OFFSET];
    batch_offsets(g + TAKE_BATCH, item, 2, offset);
}

/*
 * Rows of `run` neighbouring elements. A work-item: `columns` of them, `rows_each` rows, `items_each` batch items. The
 * row `ahead` of the one that is copied is asked for meanwhile, be it another work-item's.
 */
BODY take_rows_body(global const ELEMENT *restrict x, global ELEMENT *restrict y, global const ROW_T *restrict rows,
                    global const long *restrict verdict, constant const long *restrict g, long columns, long rows_each,
                    long items_each, int past, long ahead, work_item id) {
    long column = id.x * columns, width = min(columns, g[TAKE_RUN] - column);
    long first = id.y * rows_each, last = min(first + rows_each, g[TAKE_COUNT]);
    long item = id.z * items_each, end = min(item + items_each, g[TAKE_ITEMS]);
    if (verdict[0] != 0)
        end = item;
    for (; item < end; item++) {
        long offset[2];
        find_item(g, item, offset);
        long k = first;
#if LANES > 1
        for (; past && k + 2 <= last; k += 2) {
            global const ELEMENT *from[2], *next[2];
            global ELEMENT *to[2];
#pragma unroll
            for (int r = 0; r < 2; r++) {
                long later = min(k + r + 2 * ahead, g[TAKE_COUNT] - 1);
                from[r] = x + (offset[0] + rows[k + r] * g[TAKE_WHOLE_STEP] + column);
                next[r] = x + (offset[0] + rows[later] * g[TAKE_WHOLE_STEP] + column);
                to[r] = y + (offset[1] + (k + r) * g[TAKE_SELECTED_STEP] + column);
            }
            if (!copy_two(from, to, width, next))
                break;
        }
#endif
        for (; k < last; k++)
            copy_run(x + (offset[0] + rows[k] * g[TAKE_WHOLE_STEP] + column),
                     y + (offset[1] + k * g[TAKE_SELECTED_STEP] + column), width,
                     x + (offset[0] + rows[min(k + ahead, g[TAKE_COUNT] - 1)] * g[TAKE_WHOLE_STEP] + column), past);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
take_rows(global const ELEMENT *restrict x, global ELEMENT *restrict y, global const ROW_T *restrict rows,
          global const long *restrict verdict, constant const long *restrict g, long columns, long rows_each,
          long items_each, int past, long ahead) {
    take_rows_body(x, y, rows, verdict, g, columns, rows_each, items_each, past, ahead, this_item());
}

#if LANES > 1 && UNIT_STEP
#if defined(__AVX512F__) && defined(__has_builtin) && defined(GATHER)
#if __has_builtin(__builtin_ia32_gathersiv16si) && __has_builtin(__builtin_ia32_gathersiv8di)
#define GATHER_INSTRUCTION
#endif
#endif

/* LANES outputs at k, gathered. */
static inline element_lanes gather(global const ELEMENT *restrict x, global const ROW_T *restrict rows, long step) {
#if defined(GATHER_INSTRUCTION) && GATHER == 4
    (void)step; /* 1 */
    const void *from = (const void *)(size_t)x; /* on a CPU all address spaces are one */
    return as_uint16(__builtin_ia32_gathersiv16si((int16)(0), from, vload16(0, rows), (ushort)-1, 4));
#elif defined(GATHER_INSTRUCTION) && GATHER == 8
    (void)step;
    const void *from = (const void *)(size_t)x;
    return as_ulong8(__builtin_ia32_gathersiv8di((long8)(0), from, vload8(0, rows), (uchar)-1, 8));
#else
    ELEMENT lanes[LANES];
#pragma unroll
    for (int lane = 0; lane < LANES; lane++)
        lanes[lane] = x[rows[lane] * step];
    return COPY_PASTE(vload, LANES)(0, lanes);
#endif
}
#endif

/*
 * Single elements: the axis is the last one, or nothing is contiguous. A work-item: rows_each x items_each of them.
 * `ahead`, where it is not 0, says how much of the next item is asked for with every LANES outputs: random indices read
 * its lines in an order that processors do not guess.
 */
BODY take_each_body(global const ELEMENT *restrict x, global ELEMENT *restrict y, global const ROW_T *restrict rows,
                    global const long *restrict verdict, constant const long *restrict g, long rows_each,
                    long items_each, int past, long ahead, work_item id) {
    long first = id.x * rows_each, last = min(first + rows_each, g[TAKE_COUNT]);
    long item = id.y * items_each, end = min(item + items_each, g[TAKE_ITEMS]);
    long step = g[TAKE_WHOLE_STEP], next[2];
    if (verdict[0] != 0)
        end = item;
    find_item(g, min(item, g[TAKE_ITEMS] - 1), next);
    for (; item < end; item++) {
        global const ELEMENT *from = x + next[0];
        global ELEMENT *to = y + next[1];
        find_item(g, min(item + 1, g[TAKE_ITEMS] - 1), next);
        long k = first;
#if LANES > 1 && UNIT_STEP
        global const ELEMENT *fetched = x + next[0] + first / LANES * ahead;
        if (past && last - first >= 4 * LANES) {
            for (long head = first + elements_to_aligned(to + first); k < head; k++)
                to[k] = from[rows[k] * step];
            for (; k + LANES <= last; k += LANES) {
                if (ahead != 0)
                    FETCH_AHEAD(fetched);
                fetched += ahead;
                STORE_PAST_CACHE(gather(from, rows + k, step), (global element_lanes *)(to + k));
            }
        } else {
            for (; k + LANES <= last; k += LANES)
                COPY_PASTE(vstore, LANES)(gather(from, rows + k, step), 0, to + k);
        }
#else
        (void)ahead, (void)past;
#endif
        for (; k < last; k++)
            to[k * g[TAKE_SELECTED_STEP]] = from[rows[k] * step];
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
take_each(global const ELEMENT *restrict x, global ELEMENT *restrict y, global const ROW_T *restrict rows,
          global const long *restrict verdict, constant const long *restrict g, long rows_each, long items_each,
          int past, long ahead) {
    take_each_body(x, y, rows, verdict, g, rows_each, items_each, past, ahead, this_item());
}
