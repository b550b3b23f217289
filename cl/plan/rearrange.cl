/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies a tensor bit for bit to where it lies otherwise: rows with steps between their elements, interleaved channels
 * and planes of their own, rows and columns exchanged. A work-item takes a block along two axes, so that both sides
 * use whole cache lines. Constants:
 *   ELEMENT     uchar, ushort, uint or ulong
 *   PIXEL       channels that are interleaved where they are read (READ_STEP is PIXEL) or written (WRITE_STEP is), and
 *               rows of their own on the other side; 1: no such
 *   READ_STEP   elements from one to the next along a row; 0: `read_step` says
 *   WRITE_STEP
 *   TURNED      1: columns are contiguous where they are read (`read_row` is 1), rows where they are written
 *   LOCAL_X
 */
// check cpu: -DELEMENT=uint -DPIXEL=1 -DREAD_STEP=0 -DWRITE_STEP=1 -DTURNED=1 -DLOCAL_X=1
// check cpu: -DELEMENT=uchar -DPIXEL=3 -DREAD_STEP=3 -DWRITE_STEP=1 -DTURNED=0 -DLOCAL_X=1
// check: -DELEMENT=ulong -DPIXEL=1 -DREAD_STEP=1 -DWRITE_STEP=0 -DTURNED=0 -DLOCAL_X=64
#include "batch.h"

#if READ_STEP
#define FROM(i) ((i) * READ_STEP)
#else
#define FROM(i) ((i) * read_step)
#endif
#if WRITE_STEP
#define TO(i) ((i) * WRITE_STEP)
#else
#define TO(i) ((i) * write_step)
#endif

#if TURNED
#define SIDE 16

/* A square whose lines are loaded and stored once each: those a power of two apart drive each other out of caches. */
static inline void turn_square(global const ELEMENT *from, global ELEMENT *to, long read_step, long write_row) {
    ELEMENT square[SIDE * SIDE];
    for (int i = 0; i < SIDE; i++)
        vstore16(vload16(0, from + i * read_step), i, square);
    for (int j = 0; j < SIDE; j++)
        for (int i = 0; i < SIDE; i++)
            to[j * write_row + i] = square[i * SIDE + j];
}
#endif

/*
 * x, y: rows `read_row` and `write_row` elements apart, in batches as `g` says. A block has block_rows x block_columns
 * of rows x columns elements.
 */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
rearrange(global const ELEMENT *restrict x, global ELEMENT *restrict y, constant const long *restrict g,
          const long read_offset, const long write_offset, const long rows, const long columns, const long block_rows,
          const long block_columns, const long read_row, const long write_row, const long read_step,
          const long write_step) {
    (void)read_step, (void)write_step; /* where they are constants */
    long column = (long)get_global_id(0) * block_columns, row = (long)get_global_id(1) * block_rows;
    if (column >= columns || row >= rows)
        return;
    long at[2] = {read_offset + row * read_row + FROM(column), write_offset + row * write_row + TO(column)};
    batch_offsets(g, (long)get_global_id(2), 2, at);
    global const ELEMENT *restrict from = x + at[0];
    global ELEMENT *restrict to = y + at[1];
    long across = min(block_columns, columns - column);
    long down = min(block_rows, rows - row);
#if PIXEL > 1
    (void)down;
    for (long i = 0; i < across; i++)
#pragma unroll
        for (int j = 0; j < PIXEL; j++)
            to[TO(i) + j * write_row] = from[FROM(i) + j * read_row];
#else
#if TURNED
    for (; across >= SIDE; across -= SIDE, from += FROM(SIDE), to += SIDE) {
        long j = 0;
        for (; j + SIDE <= down; j += SIDE)
            turn_square(from + j, to + j * write_row, FROM(1), write_row);
        for (; j < down; j++)
            for (long i = 0; i < SIDE; i++)
                to[j * write_row + i] = from[j + FROM(i)];
    }
#endif
    for (long j = 0; j < down; j++, from += read_row, to += write_row)
        for (long i = 0; i < across; i++)
            to[TO(i)] = from[FROM(i)];
#endif
}
