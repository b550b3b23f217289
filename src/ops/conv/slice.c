/* SPDX-License-Identifier: Apache-2.0 */
/* Convolutions cut into slabs: along a batch axis or a filtered one, where the canonical form makes a slab exact. */
#include "ops/conv/conv.h"
#include "stream/element.h"

#include <string.h>

/* Where an axis of the operands as described stands among the arranged ones. */
static int arranged_axis(const clf_conv_problem *problem, int axis) {
    int at = 0;
    while (problem->order[at] != axis)
        at++;
    return at;
}

/* The canonical axis of an arranged one; -1 if it is not filtered. */
static int canonical_axis(const clf_conv_problem *problem, int at) {
    int filtered = at - (problem->src.rank - problem->axes);
    return filtered < 0 ? -1 : CLF_CONV_AXES - problem->axes + filtered;
}

/*
 * True if the kernel must meet the border itself, whose constant is no element of the input's, and can: slabs lie
 * inside the input then, and make as many outputs as they read elements.
 */
static bool lies_inside(const clf_conv_problem *problem, int canonical) {
    unsigned char element[8];
    return problem->border[canonical] == CLF_BORDER_CONSTANT && problem->step[canonical] == 1 &&
           problem->out[canonical] == problem->extent[canonical] &&
           !clf_element_encode(problem->src.dtype, problem->cval, element);
}

static bool cut(const void *described, int axis, clf_cut *cut) {
    const clf_conv_problem *problem = described;
    int at = arranged_axis(problem, axis), canonical = canonical_axis(problem, at);
    if (problem->bank && at == problem->src.rank - problem->axes - 1)
        return false; /* every output needs every channel */
    if (canonical < 0) {
        int64_t extent = problem->src.shape[at];
        *cut = (clf_cut){.outputs = extent, .inputs = extent, .step = 1, .border = CLF_BORDER_REPLICATE};
        return true;
    }
    *cut = (clf_cut){.outputs = problem->out[canonical],
                     .inputs = problem->extent[canonical],
                     .step = problem->step[canonical],
                     .start = problem->start[canonical],
                     .reach = problem->dilation[canonical] * (problem->taps[canonical] - 1),
                     .border = problem->border[canonical],
                     .cval = problem->cval};
    if (lies_inside(problem, canonical)) {
        int64_t before = -cut->start, behind = cut->start + cut->reach;
        cut->inside = true;
        cut->margin = before > behind ? before : behind;
        cut->start = -cut->margin;
        cut->reach = 2 * cut->margin;
    }
    return true;
}

static void arrange(const clf_conv_problem *problem, const clf_view *view, clf_view *arranged) {
    *arranged = *view;
    for (int i = 0; i < view->rank; i++) {
        arranged->shape[i] = view->shape[problem->order[i]];
        arranged->strides[i] = view->strides[problem->order[i]];
    }
}

/* Of an axis that is cut and gathered, windows begin on the first element and end on the last. */
static void slice(const void *described, int axis, const clf_view *slab, void *written) {
    const clf_conv_problem *problem = described;
    clf_conv_problem *sub = written;
    *sub = *problem;
    sub->turned = NULL;
    arrange(problem, &slab[0], &sub->src);
    arrange(problem, &slab[1], &sub->dst);
    int canonical = canonical_axis(problem, arranged_axis(problem, axis));
    if (canonical >= 0 && !lies_inside(problem, canonical)) {
        sub->start[canonical] = 0;
        sub->border[canonical] = CLF_BORDER_REPLICATE;
        sub->slab = true;
    }
    clf_conv_set_memory(sub);
}

const clf_slicing clf_conv_slicing = {sizeof(clf_conv_problem), cut, slice};
