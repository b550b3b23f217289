/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a shift, read by cl/shift*.cl and written by src/ops/shift_*.c. */
#ifndef CLF_SHIFT_GEOMETRY_H
#define CLF_SHIFT_GEOMETRY_H

/* shift.whole: eights are by axis, the innermost last. */
enum {
    SHIFT_RANK = 0,
    SHIFT_SRC_OFFSET = 1,
    SHIFT_DST_OFFSET = 2,
    SHIFT_ROWS = 3,        /* product of all extents but the innermost */
    SHIFT_EXTENT = 4,      /* 8 */
    SHIFT_BY = 12,         /* 8 */
    SHIFT_BORDER = 20,     /* 8 */
    SHIFT_SRC_STRIDE = 28, /* 8 */
    SHIFT_DST_STRIDE = 36, /* 8 */
    SHIFT_TABLE = 44
};

/* shift.lines: one axis; pairs are src, dst. */
enum {
    LINES_EXTENT = 0, /* of the axis */
    LINES_BORDER = 1,
    LINES_OFFSET = 2, /* 2 */
    LINES_STEP = 4,   /* 2: along the axis */
    LINES_LANE = 6,   /* 2: from one line to the next */
    LINES_COUNT = 8,  /* lines along the axis of the lanes */
    LINES_BATCH = 9   /* the batch table */
};

/* shift.fourier: threes are the moved axes, unused ones first with extent 1; pairs are src, dst. */
enum {
    FOURIER_EXTENT = 0,     /* 3 */
    FOURIER_SRC_STRIDE = 3, /* 3 */
    FOURIER_DST_STRIDE = 6, /* 3 */
    FOURIER_OFFSET = 9,     /* 2 */
    FOURIER_ROW = 11,       /* reals from one row of a block to the next */
    FOURIER_BATCH = 12      /* the batch table */
};

#endif
