/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shift.whole: y[i] = x~[i - t], bit for bit: every row of the innermost axis is copied from the row that the border
 * says, its middle in one run.
 *
 * Floor: each element read and written once.
 *
 * SHORT 1: rows are short and dst is dense: they go through inc/shift_stage.h.
 *
 * Constants: those of copy.h; CONTIGUOUS 1 where both innermost strides are 1; LOCAL_X the work-group.
 */
// checks share: -DELEMENT=uint
// check cpu: -DLANES=16 -DCONTIGUOUS=1 -DSHORT=1 -DLOCAL_X=1
// check cpu: -DLANES=8 -DCONTIGUOUS=1 -DSHORT=0 -DLOCAL_X=1 -DELEMENT=ulong
// check cpu: -DLANES=16 -DCONTIGUOUS=0 -DSHORT=0 -DLOCAL_X=1 -DELEMENT=uchar
// checks share gpu: -DLANES=1 -DSHORT=0 -DLOCAL_X=64
// check gpu: -DCONTIGUOUS=0
// check gpu: -DCONTIGUOUS=1 -DELEMENT=ushort
#include "copy.h"
#include "border.h"
#include "body.h"
#include "geometry.h"

#if SHORT
#include "stage.h"
#endif

/* border_index without a division where the index is less than an extent outside. */
static inline long near_index(long i, long n, int border) {
    if (i < -n + 1 || i > 2 * n - 2)
        return border_index(i, n, border);
    long back = i < 0 ? -i : 2 * n - 2 - i; /* reflect */
    if (border == BORDER_SYMMETRIC)
        back = i < 0 ? -i - 1 : 2 * n - 1 - i;
    if (border == BORDER_PERIODIC)
        back = i < 0 ? i + n : i - n;
    if (border == BORDER_REPLICATE)
        back = i < 0 ? 0 : n - 1;
    if (border == BORDER_CONSTANT)
        back = -1;
    return i >= 0 && i < n ? i : back;
}

/*
 * Outputs first..last-1 of a row that lie outside the input, all before it or all after. As far as they mirror the
 * input once, or are all one value, they are plain loops, which compilers make vectors of.
 */
static inline void copy_ends(global const ELEMENT *restrict from, global ELEMENT *restrict to, long first, long last,
                             long by, long extent, int border, long src_stride, long dst_stride, ELEMENT fill) {
    bool mirrors = border == BORDER_REFLECT || border == BORDER_SYMMETRIC, after = first >= by + extent;
    long twice = border == BORDER_REFLECT ? 0 : 1; /* whether the end itself comes again */
    long sum = by - twice + (after ? 2 * (extent + twice - 1) : 0); /* of an output's and its input's place */
    if (mirrors && sum - first < extent && sum - (last - 1) >= 0) {
        for (long j = first; j < last; j++)
            to[j * dst_stride] = from[(sum - j) * src_stride];
    } else if (border == BORDER_REPLICATE || border == BORDER_CONSTANT) {
        ELEMENT value = first >= last || border == BORDER_CONSTANT ? fill : from[after ? (extent - 1) * src_stride : 0];
        for (long j = first; j < last; j++)
            to[j * dst_stride] = value;
    } else {
        for (long j = first; j < last; j++)
            to[j * dst_stride] = from[near_index(j - by, extent, border) * src_stride];
    }
}

/* Outputs first..last-1 of a row. */
static inline void copy_row(global const ELEMENT *from, global ELEMENT *to, long first, long last, long by, long extent,
                            int border, long src_stride, long dst_stride, ELEMENT fill, int past) {
    long begin = clamp(by, first, max(first, last)), end = clamp(by + extent, begin, max(begin, last));
#if CONTIGUOUS
    if (border == BORDER_PERIODIC) { /* 0 <= by < extent: the end comes round in one run */
        copy_run(from + (extent - by + first), to + first, begin - first, from, past);
    } else {
        copy_ends(from, to, first, begin, by, extent, border, 1, 1, fill);
    }
    copy_run(from + (begin - by), to + begin, end - begin, from + (begin - by), past);
#else
    (void)past;
    copy_ends(from, to, first, begin, by, extent, border, src_stride, dst_stride, fill);
    for (long j = begin; j < end; j++)
        to[j * dst_stride] = from[(j - by) * src_stride];
#endif
    copy_ends(from, to, end, last, by, extent, border, src_stride, dst_stride, fill);
}

/* Adds where index `index` of an axis lies in src and dst; false where it is the constant. */
static inline bool add_axis(constant const long *g, int axis, long index, long *offset) {
    long at = near_index(index - g[SHIFT_BY + axis], g[SHIFT_EXTENT + axis], (int)g[SHIFT_BORDER + axis]);
    offset[0] += at * g[SHIFT_SRC_STRIDE + axis];
    offset[1] += index * g[SHIFT_DST_STRIDE + axis];
    return at >= 0;
}

/* Where a plane of rows begins; false where it is the constant throughout. */
static inline bool find_plane(constant const long *g, ulong plane, long *offset) {
    bool inside = true;
    offset[0] = g[SHIFT_SRC_OFFSET];
    offset[1] = g[SHIFT_DST_OFFSET];
    for (int axis = (int)g[SHIFT_RANK] - 3; axis >= 0; axis--) {
        ulong extent = (ulong)g[SHIFT_EXTENT + axis];
        inside = add_axis(g, axis, (long)(plane % extent), offset) && inside;
        plane /= extent;
    }
    return inside;
}

/* A work-item: `columns` outputs of each of `rows_each` rows. */
BODY shift_whole_body(global const ELEMENT *restrict x, global ELEMENT *restrict y, constant const long *restrict g,
                      ulong fill_bits, long columns, long rows_each, int past, work_item id) {
    int inner = (int)g[SHIFT_RANK] - 1;
    long extent = g[SHIFT_EXTENT + inner], by = g[SHIFT_BY + inner];
    long src_stride = g[SHIFT_SRC_STRIDE + inner], dst_stride = g[SHIFT_DST_STRIDE + inner];
    long first = id.x * columns, last = min(first + columns, extent);
    (void)first, (void)last, (void)src_stride, (void)dst_stride, (void)past; /* of longer rows */
    long row = id.y * rows_each, end = min(row + rows_each, g[SHIFT_ROWS]);
    ELEMENT fill = (ELEMENT)fill_bits;
    long height = inner > 0 ? g[SHIFT_EXTENT + inner - 1] : 1, index = row % height, plane[2];
    bool inside = find_plane(g, (ulong)(row / height), plane);
#if SHORT
    short sources[ROW_MOST];
    long begin = clamp(by, 0L, extent), finish = clamp(by + extent, begin, extent);
    for (long j = 0; j < extent; j++)
        sources[j] = (short)near_index(j - by, extent, (int)g[SHIFT_BORDER + inner]);
    uint16 lines[(STAGE + ROW_MOST) / LINE_ELEMENTS + 1];
    row_stage stage = {(ELEMENT *)lines, 0, 0, y + (g[SHIFT_DST_OFFSET] + row * extent)};
    stage.begin = stage.end = (LINE_ELEMENTS - elements_to_aligned(stage.to)) % LINE_ELEMENTS;
    stage.to -= stage.begin;
#endif
    for (; row < end; row++) {
        long offset[2] = {plane[0], plane[1]};
        bool row_inside = (inner == 0 || add_axis(g, inner - 1, index, offset)) && inside;
#if SHORT
        ELEMENT *to = stage.elements + stage.end;
        if (row_inside)
            stage_row(x + offset[0], to, sources, begin, finish, by, extent, (int)g[SHIFT_BORDER + inner], fill);
        for (long j = 0; !row_inside && j < extent; j++)
            to[j] = fill;
        stage.end += extent;
        if (stage.end >= STAGE || row + 1 == end)
            flush_stage(&stage, row + 1 == end);
#else
        if (row_inside) {
            copy_row(x + offset[0], y + offset[1], first, last, by, extent, (int)g[SHIFT_BORDER + inner], src_stride,
                     dst_stride, fill, past);
        } else {
            for (long j = first; j < last; j++)
                y[offset[1] + j * dst_stride] = fill;
        }
#endif
        if (++index == height && row + 1 < end) { /* the next plane */
            index = 0;
            inside = find_plane(g, (ulong)((row + 1) / height), plane);
        }
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
shift_whole(global const ELEMENT *restrict x, global ELEMENT *restrict y, constant const long *restrict g,
            ulong fill_bits, long columns, long rows_each, int past) {
    shift_whole_body(x, y, g, fill_bits, columns, rows_each, past, this_item());
}
