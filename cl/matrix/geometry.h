/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of many small matrices, read by cl/matrix_*.cl and written by src/ops/matrix/tables.c. Of the axes that
 * count matrices one, the longest, is that of the lanes; the others are the batch. Fours are by operand.
 */
#ifndef CLF_MATRIX_GEOMETRY_H
#define CLF_MATRIX_GEOMETRY_H

enum {
    MATRIX_COUNT = 0,   /* matrices along the axis of the lanes */
    MATRIX_OFFSET = 1,  /* 4: first element */
    MATRIX_LANE = 5,    /* 4: from one matrix to the next */
    MATRIX_ROW = 9,     /* 4: from one row to the next */
    MATRIX_COLUMN = 13, /* 4: from one column to the next */
    MATRIX_RIGHT = 17,  /* right-hand sides */
    MATRIX_BATCH = 18   /* the batch table */
};

/* How an operand's matrices lie, known when kernels are built. */
#define MATRIX_SCATTERED 0 /* anyhow: each element of each lane by itself */
#define MATRIX_SIDE 1      /* neighbouring lanes hold neighbouring elements: a vector an element */
#define MATRIX_ROWS 2      /* whole matrices one after the other, row after row: transposed in registers */
#define MATRIX_COLUMNS 3   /* the same, column after column */

#endif
