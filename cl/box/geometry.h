/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of one pass of box.sums, along one axis, as src/ops/box/passes.c writes it. Output i sees the elements
 * i + START .. i + START + SIZE - 1, continued by the border.
 */
#ifndef CLF_BOX_GEOMETRY_H
#define CLF_BOX_GEOMETRY_H

enum {
    BOX_EXTENT = 0,     /* elements along the axis */
    BOX_SIZE = 1,       /* elements of a window */
    BOX_START = 2,      /* where output 0's window begins */
    BOX_BORDER = 3,     /* a clf_border */
    BOX_SRC_STRIDE = 4, /* along the axis */
    BOX_DST_STRIDE = 5,
    BOX_SRC_OFFSET = 6,
    BOX_DST_OFFSET = 7,
    BOX_INNER = 8, /* elements side by side in src and dst, each an axis of its own: a run, or a pixel's channels */
    BOX_BATCH = 9  /* all other axes: the batch table of inc/batch.h */
};

#endif
