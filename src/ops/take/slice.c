/* SPDX-License-Identifier: Apache-2.0 */
/* Selections and their adjoint cut into slabs: along any axis but the one selected along. Slabs share the indices. */
#include "ops/take/take.h"

static bool cut(const void *described, int axis, clf_cut *cut) {
    const clf_take_problem *problem = described;
    if (axis == problem->axis)
        return false;
    int64_t extent = problem->whole.shape[axis];
    *cut = (clf_cut){.outputs = extent, .inputs = extent, .step = 1, .border = CLF_BORDER_REPLICATE};
    return true;
}

/* Without indices the selected tensor is not cut, and nothing reads where it would lie. */
static void slice(const clf_take_problem *problem, const clf_view *whole, const clf_view *selected,
                  clf_take_problem *sub) {
    *sub = *problem;
    sub->whole = *whole;
    if (problem->count > 0)
        sub->selected = *selected;
    clf_take_find_layout(sub);
}

static void slice_take(const void *problem, int axis, const clf_view *slab, void *sub) {
    (void)axis;
    slice(problem, &slab[0], &slab[1], sub);
}

static void slice_put_add(const void *problem, int axis, const clf_view *slab, void *sub) {
    (void)axis;
    slice(problem, &slab[1], &slab[0], sub);
}

const clf_slicing clf_take_slicing = {sizeof(clf_take_problem), cut, slice_take};
const clf_slicing clf_put_add_slicing = {sizeof(clf_take_problem), cut, slice_put_add};
