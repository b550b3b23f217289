/* SPDX-License-Identifier: Apache-2.0 */
/* Convolutions whose last filtered axis is not contiguous, seen as rows that are: nothing is copied. */
#include "ops/conv/conv.h"

#include <stdlib.h>

/* Channels of a pixel; more are rows of their own. */
enum { MOST_PIXEL = 16 };
/* Beyond, places along a row of pixels might not fit. */
static const int64_t most_reach = INT32_MAX;

/* The batch axis whose elements lie side by side in src and dst, or -1. */
static int contiguous_axis(const clf_batch *batch) {
    for (int i = 0; i < batch->rank; i++)
        if (batch->strides[0][i] == 1 && batch->strides[1][i] == 1)
            return i;
    return -1;
}

/* Moves the rows that a 1-D filter took for its y axis back among the batch. */
static void give_back_rows(clf_conv_problem *rows) {
    clf_batch_add(&rows->batch, rows->out[1], 2, (int64_t[]){rows->src_stride[1], rows->dst_stride[1]});
    rows->batch.count *= rows->out[1];
    rows->extent[1] = rows->out[1] = 1;
    rows->src_stride[1] = rows->dst_stride[1] = 0;
}

/* Pixels of several channels side by side: the row of all channels, its taps as far apart as a pixel is long. */
static bool join_pixels(clf_conv_problem *rows, int axis) {
    int64_t pixel = rows->batch.shape[axis];
    if (rows->src_stride[2] != pixel || rows->dst_stride[2] != pixel || rows->step[2] != 1 || pixel > MOST_PIXEL ||
        llabs(rows->start[2]) > most_reach || rows->dilation[2] * (rows->taps[2] - 1) > most_reach)
        return false;
    clf_batch_remove(&rows->batch, axis);
    rows->pixel = pixel;
    rows->extent[2] *= pixel;
    rows->out[2] *= pixel;
    rows->start[2] *= pixel;
    rows->dilation[2] *= pixel;
    rows->src_stride[2] = rows->dst_stride[2] = 1;
    return true;
}

/* An axis that is not filtered becomes the x axis, with one tap; the filtered ones move up. */
static bool turn_axes(clf_conv_problem *rows, int axis) {
    if (rows->axes > 2 || rows->batch.shape[axis] <= MOST_PIXEL)
        return false;
    for (int i = 0; i < 2; i++) {
        rows->extent[i] = rows->extent[i + 1];
        rows->out[i] = rows->out[i + 1];
        rows->src_stride[i] = rows->src_stride[i + 1];
        rows->dst_stride[i] = rows->dst_stride[i + 1];
        rows->taps[i] = rows->taps[i + 1];
        rows->start[i] = rows->start[i + 1];
        rows->step[i] = rows->step[i + 1];
        rows->dilation[i] = rows->dilation[i + 1];
        rows->border[i] = rows->border[i + 1];
    }
    rows->extent[2] = rows->out[2] = rows->batch.shape[axis];
    rows->src_stride[2] = rows->dst_stride[2] = 1;
    rows->taps[2] = rows->step[2] = rows->dilation[2] = 1;
    rows->start[2] = 0;
    rows->border[2] = CLF_BORDER_REPLICATE;
    rows->low_rank = 0; /* its rows are of the axis that was last */
    clf_batch_remove(&rows->batch, axis);
    return true;
}

const clf_conv_problem *clf_conv_as_rows(const clf_conv_problem *described, clf_conv_problem *rows) {
    const clf_conv_problem *problem = clf_conv_turned(described);
    if (problem->bank || problem->src_stride[2] == 1 || problem->extent[2] == 1 || problem->batch.count == 0)
        return problem;
    *rows = *problem;
    if (rows->axes == 1 && rows->out[1] > 1)
        give_back_rows(rows);
    int axis = contiguous_axis(&rows->batch);
    if (axis < 0)
        return problem;
    if (join_pixels(rows, axis))
        clf_conv_take_rows(rows);
    else if (!turn_axes(rows, axis))
        return problem;
    return rows;
}
