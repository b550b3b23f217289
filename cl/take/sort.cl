/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stable radix sort of rows with their positions, 8 bits a pass, and where each row's run starts. Every work-item
 * owns a chunk of the rows and walks it in order, so that the result is the same in every run: no atomics.
 *
 * Constants: LOCAL_X the work-group of the scan.
 */
// check cpu: -DLOCAL_X=1
// check gpu: -DLOCAL_X=256
#define DIGITS 256

/* table[digit * chunks + c]: how often chunk c has the digit. */
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
take_sort_count(global const int *restrict keys, global int *restrict table, int count, int chunk, int shift) {
    int c = (int)get_global_id(0), chunks = (int)get_global_size(0);
    int first = min(c * chunk, count), last = first + min(chunk, count - first);
    for (int digit = 0; digit < DIGITS; digit++)
        table[digit * chunks + c] = 0;
    for (int k = first; k < last; k++)
        table[(keys[k] >> shift & (DIGITS - 1)) * chunks + c]++;
}

/* Each entry becomes the sum of those before it. One work-group; each work-item sums a stretch of its own. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void take_sort_scan(global int *restrict table, int size) {
    local int sums[LOCAL_X];
    int lane = (int)get_local_id(0), stretch = (size + LOCAL_X - 1) / LOCAL_X;
    int first = min(lane * stretch, size), last = min(first + stretch, size), sum = 0;
    for (int i = first; i < last; i++)
        sum += table[i];
    sums[lane] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    int before = 0;
    for (int i = 0; i < lane; i++)
        before += sums[i];
    for (int i = first; i < last; i++) {
        int own = table[i];
        table[i] = before;
        before += own;
    }
}

/* Moves keys and positions to their places; `identity` tells that position k is k. */
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
take_sort_move(global const int *restrict keys, global const int *restrict order, global int *restrict sorted_keys,
               global int *restrict sorted_order, global int *restrict table, int count, int chunk, int shift,
               int identity) {
    int c = (int)get_global_id(0), chunks = (int)get_global_size(0);
    int first = min(c * chunk, count), last = first + min(chunk, count - first);
    for (int k = first; k < last; k++) {
        int place = table[(keys[k] >> shift & (DIGITS - 1)) * chunks + c]++;
        sorted_keys[place] = keys[k];
        sorted_order[place] = identity ? k : order[k];
    }
}

/* starts[row]: how many keys are smaller, for row = 0..extent. */
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
take_sort_starts(global const int *restrict keys, global int *restrict starts, int count, int extent, int rows_each) {
    int first = min((int)get_global_id(0) * rows_each, extent + 1), last = first + min(rows_each, extent + 1 - first);
    for (int row = first; row < last; row++) {
        int low = 0, high = count;
        while (low < high) {
            int middle = low + (high - low) / 2;
            if (keys[middle] < row)
                low = middle + 1;
            else
                high = middle;
        }
        starts[row] = low;
    }
}
