/* SPDX-License-Identifier: Apache-2.0 */
/* Derivatives in plain C and double, term by term, for the references of everything made of them. */
#ifndef CLF_CHECK_DERIVATIVE_H
#define CLF_CHECK_DERIVATIVE_H

#include "check/reference.h"

#define DERIVATIVE_RADIUS 40

/* Taps of a correlation, the centre at [radius]. */
typedef struct derivative_taps {
    int radius;
    double smooth[2 * DERIVATIVE_RADIUS + 1], derivative[2 * DERIVATIVE_RADIUS + 1];
} derivative_taps;

extern const char *const derivative_names[]; /* position: clf_gradient_operator; ended by NULL */

/* order 2: second derivatives, of central (1 -2 1) and gaussian. */
void derivative_make_taps(clf_gradient_operator op, double sigma, int order, derivative_taps *taps);

/* The derivatives of a plane along z, y, x at an index; z only where three axes are derived, else 0. */
void derivative_at(const reference_window *window, int axes, const derivative_taps *taps, const double *plane,
                   const int64_t at[3], double d[3]);

/* Adds to `gradient` what derivatives d at an index hand back to the plane: the adjoint of derivative_at. */
void derivative_back(const reference_window *window, int axes, const derivative_taps *taps, const int64_t at[3],
                     const double d[3], double *gradient);

/* Taps of one derivative, all together, and the sum of their absolute values. */
double derivative_tap_count(const derivative_taps *taps, int axes);
double derivative_weight(const derivative_taps *taps, int axes);

#endif
