/* SPDX-License-Identifier: Apache-2.0 */
/* A box as passes, one a filtered axis, in the order that suits src's memory. */
#ifndef CLF_OPS_BOX_PASSES_H
#define CLF_OPS_BOX_PASSES_H

#include "ops/box/box.h"

/* Channels of a pixel that the last pass takes at a time. */
enum { CLF_BOX_MOST_PIXEL = 8 };

/* One pass: its axis, what lies side by side there, all other axes. Index 0 is what it reads, 1 what it writes. */
typedef struct clf_box_pass {
    int64_t extent, size, start, stride[2], offset[2];
    clf_border border;
    int64_t inner;
    clf_batch batch;
} clf_box_pass;

/*
 * All but the last write dense scratch. The last one is along the axis whose elements are next to each other, a pixel
 * of at most CLF_BOX_MOST_PIXEL channels apart; where no such axis is filtered, its window has one element.
 */
typedef struct clf_box_passes {
    int count;
    clf_box_pass pass[CLF_WINDOW_AXES + 1];
} clf_box_passes;

void clf_box_find_passes(const clf_box_problem *problem, clf_box_passes *passes);

#endif
