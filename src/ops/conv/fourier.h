/* SPDX-License-Identifier: Apache-2.0 */
/* What the solvers by Fourier transforms share. */
#ifndef CLF_OPS_CONV_FOURIER_H
#define CLF_OPS_CONV_FOURIER_H

#include "ops/conv/conv.h"
#include "plan/plan.h"

/*
 * True if taps known now are finite and the border's constant is in the arithmetic's type: others would spread over
 * whole transforms.
 */
bool clf_conv_finite(const clf_conv_problem *problem);

/*
 * What an estimate is multiplied by. The error, within 45 eps of (sum |w|)*(max |x~|), is inside the general bound of
 * 2*taps*eps from 23 taps on: with fewer than 32 these solvers are for those who name them.
 */
double clf_conv_fourier_factor(const clf_conv_problem *problem);

/* Makes a table of exp(-2 pi i t / extent) for every t below each extent, in the arithmetic's type. */
clf_status clf_conv_own_turns(clf_plan *plan, int count, const int64_t *extents, bool wide, cl_mem *table,
                              clf_error *error);

/* Sets a spectrum as the next argument: a buffer, or scratch where the kernel is known only when executed (NULL). */
void clf_conv_set_spectrum(clf_launch *launch, const char *name, cl_mem spectrum, cl_uint scratch);

#endif
