/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Translations cut into slabs: along an axis that moves by whole samples the slab's rows are gathered where they come
 * from, and stay in their places; along one that is interpolated linearly they move by the fraction that is left. The
 * cubic spline and Fourier's polynomial take their whole lines.
 */
#include "ops/shift/shift.h"

#include <math.h>
#include <string.h>

/* What is left of a shift when the whole samples below it are taken out: -1 < fraction <= 0. */
static double left_over(double by) {
    double fraction = -by - floor(-by);
    return fraction == 0 ? 0 : -fraction;
}

/* True if axes before this one are interpolated: of a constant border they make something else than the constant. */
static bool interpolated_before(const clf_shift_problem *problem, int axis) {
    for (int i = 0; i < axis; i++)
        if (left_over(problem->by[i]) != 0)
            return true;
    return false;
}

static bool cut(const void *described, int axis, clf_cut *cut) {
    const clf_shift_problem *problem = described;
    int64_t extent = problem->src.shape[axis];
    double by = problem->by[axis];
    bool between = left_over(by) != 0, constant = problem->border[axis] == CLF_BORDER_CONSTANT;
    if ((between && problem->method != CLF_SHIFT_LINEAR) || (by != 0 && constant && interpolated_before(problem, axis)))
        return false;
    *cut = (clf_cut){.outputs = extent,
                     .inputs = extent,
                     .step = 1,
                     .start = (int64_t)floor(-by),
                     .border = problem->border[axis],
                     .cval = problem->cval,
                     .filled = problem->whole};
    if (problem->whole) {
        uint64_t fill = clf_shift_fill(problem->src.dtype, problem->cval);
        memcpy(cut->fill, &fill, sizeof cut->fill);
    }
    if (between) { /* an output reads two elements; as many are made as are read */
        cut->start--;
        cut->reach = 2;
        cut->margin = 1;
    }
    return true;
}

static void slice(const void *described, int axis, const clf_view *slab, void *written) {
    const clf_shift_problem *problem = described;
    clf_shift_problem *sub = written;
    *sub = *problem;
    sub->src = slab[0];
    sub->dst = slab[1];
    sub->by[axis] = left_over(problem->by[axis]);
    if (problem->method != CLF_SHIFT_FOURIER)
        sub->border[axis] = CLF_BORDER_REPLICATE; /* met by what is dropped alone */
}

const clf_slicing clf_shift_slicing = {sizeof(clf_shift_problem), cut, slice};
