/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a selection, read by cl/take*.cl and written by src/ops/take/tables.c. */
#ifndef CLF_TAKE_GEOMETRY_H
#define CLF_TAKE_GEOMETRY_H

enum {
    TAKE_WHOLE_OFFSET = 0,    /* first element of the tensor that is selected from */
    TAKE_SELECTED_OFFSET = 1, /* first element of the other */
    TAKE_WHOLE_STEP = 2,      /* strides along the axis */
    TAKE_SELECTED_STEP = 3,
    TAKE_EXTENT = 4, /* of the axis */
    TAKE_COUNT = 5,  /* indices */
    TAKE_RUN = 6,    /* neighbouring elements of a row */
    TAKE_ITEMS = 7,  /* batch items */
    TAKE_BATCH = 8   /* the batch table: whole, selected */
};

#endif
