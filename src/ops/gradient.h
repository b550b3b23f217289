/* SPDX-License-Identifier: Apache-2.0 */
/* The gradient problem, between its descriptor (gradient.c) and its solver (gradient_fused.c). */
#ifndef CLF_OPS_GRADIENT_H
#define CLF_OPS_GRADIENT_H

#include "plan/layout.h"
#include "plan/planner.h"

#include <clfilter/ops.h>

typedef struct clf_gradient_problem {
    clf_view src, dst;
    clf_gradient_operator op;
    clf_border border[2]; /* y, x */
    double cval, scale, eps;
    clf_batch batch; /* all axes but the last two */
} clf_gradient_problem;

extern const clf_solver clf_gradient_fused;

#endif
