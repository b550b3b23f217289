/* SPDX-License-Identifier: Apache-2.0 */
/* What the solvers by Fourier transforms share. */
#include "ops/conv/fourier.h"

#include "ops/border.h"

#include <math.h>

enum { FEWEST_TAPS = 32 };

bool clf_conv_finite(const clf_conv_problem *problem) {
    int64_t count = problem->values ? clf_conv_tap_count(problem) : 0;
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(problem->values[i]))
            return false;
    bool finite = clf_conv_wide(problem) ? isfinite(problem->cval) : isfinite((float)problem->cval);
    return finite || !clf_border_any_constant(CLF_CONV_AXES, problem->border);
}

double clf_conv_fourier_factor(const clf_conv_problem *problem) {
    return clf_conv_tap_count(problem) < FEWEST_TAPS ? (double)INFINITY : 1;
}
