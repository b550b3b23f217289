/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gradients and Laplacians cut into slabs. Their kernels make as many outputs as there are inputs, so a slab makes some
 * at its ends that its neighbours make right, and drops them. At an end of the input the kernel meets the border, which
 * continues what is near; the periodic one, which does not, is gathered.
 */
#include "ops/gradient/gradient.h"

/* Which of z, y, x an axis is; negative: it is not derived. */
static int derived_axis(const clf_gradient_stencil *stencil, const clf_view *src, int axis) {
    int from_end = src->rank - axis;
    return from_end > stencil->axes ? -1 : 3 - from_end;
}

bool clf_gradient_cut(const clf_gradient_stencil *stencil, const clf_view *src, int axis, int64_t radius,
                      clf_cut *cut) {
    int64_t extent = src->shape[axis];
    int derived = derived_axis(stencil, src, axis);
    *cut = (clf_cut){.outputs = extent, .inputs = extent, .step = 1, .border = CLF_BORDER_REPLICATE};
    if (derived < 0)
        return false;
    cut->start = -radius;
    cut->reach = 2 * radius;
    cut->margin = radius;
    cut->border = stencil->border[derived];
    cut->inside = cut->border != CLF_BORDER_PERIODIC;
    return true;
}

void clf_gradient_slice_border(clf_gradient_stencil *stencil, const clf_view *src, int axis) {
    int derived = derived_axis(stencil, src, axis);
    if (derived >= 0 && stencil->border[derived] == CLF_BORDER_PERIODIC)
        stencil->border[derived] = CLF_BORDER_REPLICATE; /* met by what is dropped alone */
}

static bool cut(const void *described, int axis, clf_cut *cut) {
    const clf_gradient_problem *problem = described;
    const clf_gradient_stencil *stencil = &problem->stencil;
    int64_t radius = stencil->op == CLF_GRADIENT_GAUSSIAN ? clf_gradient_radius(stencil->sigma) : 1;
    clf_gradient_cut(stencil, &problem->src.view, axis, radius, cut);
    return true;
}

static void slice(const void *described, int axis, const clf_view *slab, void *written) {
    clf_gradient_problem *sub = written;
    *sub = *(const clf_gradient_problem *)described;
    sub->src.view = slab[0];
    for (int i = 0; i < sub->outputs; i++)
        sub->output[i].view = slab[1 + i];
    clf_gradient_slice_border(&sub->stencil, &slab[0], axis);
}

const clf_slicing clf_gradient_slicing = {sizeof(clf_gradient_problem), cut, slice};
