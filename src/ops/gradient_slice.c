/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gradients and Laplacians cut into tiles. Their kernels make as many outputs as there are inputs, so a tile makes some at its ends
 * that its neighbours make right, and drops them.
 */
#include "ops/gradient.h"

/* Which of z, y, x an axis is; negative: it is not derived. */
static int derived_axis(const clf_gradient_problem *problem, int axis) {
    int from_end = problem->src.view.rank - axis;
    return from_end > problem->stencil.axes ? -1 : 3 - from_end;
}

static bool cut(const void *described, int axis, clf_cut *cut) {
    const clf_gradient_problem *problem = described;
    int64_t extent = problem->src.view.shape[axis];
    int derived = derived_axis(problem, axis);
    *cut = (clf_cut){.outputs = extent, .inputs = extent, .step = 1, .border = CLF_BORDER_REPLICATE};
    if (derived < 0)
        return true;
    int64_t radius = problem->stencil.op == CLF_GRADIENT_GAUSSIAN ? clf_gradient_radius(problem->stencil.sigma) : 1;
    cut->start = -radius;
    cut->reach = 2 * radius;
    cut->margin = radius;
    cut->border = problem->stencil.border[derived];
    cut->cval = problem->stencil.cval;
    return true;
}

static void slice(const void *described, int axis, const clf_view *tile, void *written) {
    const clf_gradient_problem *problem = described;
    clf_gradient_problem *sub = written;
    *sub = *problem;
    sub->src.view = tile[0];
    for (int i = 0; i < sub->outputs; i++)
        sub->output[i].view = tile[1 + i];
    int derived = derived_axis(problem, axis);
    if (derived >= 0)
        sub->stencil.border[derived] = CLF_BORDER_REPLICATE; /* met by what is dropped alone */
}

const clf_slicing clf_gradient_slicing = {sizeof(clf_gradient_problem), cut, slice};
