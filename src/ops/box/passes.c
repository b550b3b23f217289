/* SPDX-License-Identifier: Apache-2.0 */
/* The passes of a box: axes sorted as they lie in memory, then one pass for each window of several elements. */
#include "ops/box/passes.h"

#include <stdlib.h>
#include <string.h>

/* An axis of the tensors: its extent, strides in src, in dense scratch and in dst, and its window. */
typedef struct axis {
    int64_t extent, src, dense, dst, size, start;
    clf_border border;
} axis;

typedef struct axes {
    int count;
    axis axis[CLF_MAX_RANK];
} axes;

/* Strides as memory orders them: elements that are all the same come first. */
static int64_t distance(int64_t stride) {
    return stride == 0 ? INT64_MAX : stride < 0 ? -stride : stride;
}

static int compare_axes(const void *a, const void *b) {
    int64_t first = distance(((const axis *)a)->src), second = distance(((const axis *)b)->src);
    return first < second ? 1 : first > second ? -1 : 0;
}

/* The axes that have several elements, or a window with several, as they lie in src; there is one at least. */
static axes sort_axes(const clf_window *window) {
    axes sorted = {.count = 0};
    const clf_view *src = &window->src, *dst = &window->dst;
    for (int i = 0; i < src->rank; i++) {
        axis one = {.extent = src->shape[i], .src = src->strides[i], .dst = dst->strides[i], .size = 1};
        int at = i - src->rank + CLF_WINDOW_AXES;
        if (i >= src->rank - window->axes) {
            one.size = window->size[at];
            one.start = -(window->size[at] / 2 + window->origin[at]);
            one.border = window->border[at];
        }
        if (one.extent != 1 || one.size != 1 || (i == src->rank - 1 && sorted.count == 0))
            sorted.axis[sorted.count++] = one;
    }
    qsort(sorted.axis, (size_t)sorted.count, sizeof *sorted.axis, compare_axes);
    int64_t stride = 1;
    for (int i = sorted.count - 1; i >= 0; i--) {
        sorted.axis[i].dense = stride;
        stride *= sorted.axis[i].extent;
    }
    return sorted;
}

/* The axis of the last pass: filtered, with a pixel's channels inside it at most; else the innermost. */
static int last_axis(const axes *sorted) {
    for (int i = sorted->count - 1; i >= 0; i--)
        if (sorted->axis[i].size > 1)
            return sorted->axis[i].dense <= CLF_BOX_MOST_PIXEL ? i : sorted->count - 1;
    return sorted->count - 1;
}

/* The pass along one of the axes. */
static clf_box_pass make_pass(const clf_window *window, const axes *sorted, int at, bool first, bool last) {
    const axis *along = &sorted->axis[at];
    clf_box_pass pass = {.extent = along->extent,
                         .size = along->size,
                         .start = along->start,
                         .stride = {first ? along->src : along->dense, last ? along->dst : along->dense},
                         .offset = {first ? window->src.offset : 0, last ? window->dst.offset : 0},
                         .border = along->size > 1 ? along->border : CLF_BORDER_REPLICATE,
                         .inner = 1};
    for (int i = 0; i < sorted->count; i++)
        if (i != at)
            clf_batch_add(&pass.batch, sorted->axis[i].extent, 2,
                          (int64_t[]){first ? sorted->axis[i].src : sorted->axis[i].dense,
                                      last ? sorted->axis[i].dst : sorted->axis[i].dense});
    clf_batch_collapse(&pass.batch);
    clf_batch *batch = &pass.batch;
    int inner = batch->rank - 1;
    if (inner >= 0 && batch->strides[0][inner] == 1 && batch->strides[1][inner] == 1 &&
        (!last || batch->shape[inner] <= CLF_BOX_MOST_PIXEL)) {
        pass.inner = batch->shape[inner];
        batch->count /= pass.inner;
        batch->rank = inner;
    }
    return pass;
}

void clf_box_find_passes(const clf_box_problem *problem, clf_box_passes *passes) {
    const axes sorted = sort_axes(&problem->window);
    const int end = last_axis(&sorted);
    passes->count = 0;
    for (int i = 0; i < sorted.count; i++)
        if (i != end && sorted.axis[i].size > 1) {
            passes->pass[passes->count] = make_pass(&problem->window, &sorted, i, passes->count == 0, false);
            passes->count++;
        }
    passes->pass[passes->count] = make_pass(&problem->window, &sorted, end, passes->count == 0, true);
    passes->count++;
}
