/* SPDX-License-Identifier: Apache-2.0 */
/* What the solvers by Fourier transforms share. */
#include "ops/conv/fourier.h"

#include "base/alloc.h"
#include "ops/border.h"

#include <math.h>
#include <stdlib.h>

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

clf_status clf_conv_own_turns(clf_plan *plan, int count, const int64_t *extents, bool wide, cl_mem *table,
                              clf_error *error) {
    const double pi = 3.14159265358979323846;
    int64_t all = 0;
    for (int i = 0; i < count; i++)
        all += 2 * extents[i];
    union {
        void *raw;
        double *wide;
        float *narrow;
    } values;
    size_t size = wide ? sizeof(double) : sizeof(float), at = 0;
    CLF_TRY(clf_allocate(&values.raw, all, size, error));
    for (int i = 0; i < count; i++)
        for (int64_t t = 0; t < 2 * extents[i]; t++) {
            double angle = 2 * pi * (double)(t / 2) / (double)extents[i];
            double value = t % 2 == 0 ? cos(angle) : -sin(angle);
            if (wide)
                values.wide[at++] = value;
            else
                values.narrow[at++] = (float)value;
        }
    clf_status status = clf_plan_own(plan, clf_bytes(all, size), values.raw, table, error);
    free(values.raw);
    return status;
}

void clf_conv_set_spectrum(clf_launch *launch, const char *name, cl_mem spectrum, cl_uint scratch) {
    if (spectrum != NULL)
        clf_launch_buffer(launch, name, spectrum);
    else
        clf_launch_scratch(launch, name, scratch);
}
