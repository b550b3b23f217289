/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Indices in device memory: made whole (within 0..extent-1) and checked before anything else runs.
 *
 * Floor: each index read once and each row written once.
 *
 * Constants: INDEX_T int or long, the indices' type; ROW_T int or long.
 */
// check: -DINDEX_T=int -DROW_T=int
// check: -DINDEX_T=long -DROW_T=long
#define MODE_WRAP 1
#define MODE_CLAMP 2

/* Rows below 0 are counted from the end. By their sign's bits: Mesa 22 takes an int made a long for at least 0. */
static inline long from_start(long index, long extent) {
    return index + (index >> 63 & extent);
}

/* The row that an index stands for; -1 where it is out of range. */
static inline long row_of(long index, long extent, int mode) {
    if (mode == MODE_CLAMP)
        return clamp(index, 0L, extent - 1);
    if (mode == MODE_WRAP) {
        index = index >= extent || index < -extent ? index % extent : index;
        return from_start(index, extent);
    }
    if (index < -extent || index >= extent)
        return -1;
    return from_start(index, extent);
}

/* Makes rows of indices first..last-1; the position of the first that is out of range, or `count`. */
static inline long make_rows(global const INDEX_T *restrict indices, global ROW_T *restrict rows, long stride,
                             long first, long last, long count, long extent, int mode) {
    long found = count;
    for (long k = first; k < last; k++) {
        long row = row_of((long)indices[k * stride], extent, mode);
        if (row < 0)
            found = min(found, k);
        rows[k] = (ROW_T)max(row, 0L);
    }
    return found;
}

/* verdict: 1 where an index is out of range, its position, its value, the axis, the extent. */
static inline void write_verdict(global const INDEX_T *restrict indices, global long *restrict verdict, long stride,
                                 long found, long count, long extent, int axis) {
    verdict[0] = found < count;
    verdict[1] = found;
    verdict[2] = found < count ? (long)indices[found * stride] : 0;
    verdict[3] = axis;
    verdict[4] = extent;
}

/*
 * Work-item c takes indices c*chunk, c*chunk + step, ... below the chunk's end and leaves in bad[c] the position of its
 * first index out of range, or `count`. Such an index becomes row 0, so that later steps read inside their tensors.
 */
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
take_index(global const INDEX_T *restrict indices, global ROW_T *restrict rows, global long *restrict bad, long offset,
           long stride, long count, long extent, int mode, long chunk) {
    long first = (long)get_global_id(0) * chunk, last = min(first + chunk, count);
    bad[get_global_id(0)] = make_rows(indices + offset, rows, stride, first, last, count, extent, mode);
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
take_verdict(global const INDEX_T *restrict indices, global const long *restrict bad, global long *restrict verdict,
             long offset, long stride, long count, long extent, int axis, int chunks) {
    long found = count;
    for (int c = 0; c < chunks; c++)
        found = min(found, bad[c]);
    write_verdict(indices + offset, verdict, stride, found, count, extent, axis);
}

/* Both for a few indices, by one work-item. */
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
take_index_few(global const INDEX_T *restrict indices, global ROW_T *restrict rows, global long *restrict verdict,
               long offset, long stride, long count, long extent, int mode, int axis) {
    long found = make_rows(indices + offset, rows, stride, 0, count, count, extent, mode);
    write_verdict(indices + offset, verdict, stride, found, count, extent, axis);
}
