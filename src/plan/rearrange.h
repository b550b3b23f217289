/* SPDX-License-Identifier: Apache-2.0 */
/* A step that copies a tensor to where it lies otherwise: solvers that want dense memory get it so. */
#ifndef CLF_PLAN_REARRANGE_H
#define CLF_PLAN_REARRANGE_H

#include "plan/plan.h"

/* One side of the copy: an operand of the plan or its scratch, and how the tensor lies there. */
typedef struct clf_place {
    struct clf_child_operand where;
    clf_view view;
} clf_place;

/* Adds the step. The views have one shape and one dtype, and share no memory. */
clf_status clf_plan_rearrange(clf_plan *plan, const clf_place *from, const clf_place *to, clf_error *error);

/*
 * What kernels lose that load or store `count` elements one by one, for estimates, in flops of the peak: `near` for
 * each if it lies at most a cache line from the next, else `far`; nothing where they are side by side.
 */
double clf_scattered_flops(int64_t count, int64_t stride, double near, double far);

/* Seconds that it takes, as far as that can be told without trying. */
double clf_rearrange_seconds(const clf_profile *profile, const clf_view *view);

#endif
