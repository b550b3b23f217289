/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The adjoint of a convolution as correlations: one for each phase, that is, for every step-th element of its output
 * along each axis. Without steps there is one phase.
 */
#ifndef CLF_OPS_CONV_ADJOINT_H
#define CLF_OPS_CONV_ADJOINT_H

#include "ops/conv/conv.h"

/* Of each axis: the taps that the phase meets. */
typedef struct clf_adjoint_taps {
    int64_t first[CLF_CONV_AXES], every[CLF_CONV_AXES];
} clf_adjoint_taps;

/* True if the border lets the adjoint be correlations along every axis. */
bool clf_conv_adjoint_correlates(const clf_conv_problem *problem);

/*
 * The correlation that gives the elements phase, phase + step, ... of the adjoint along each axis, its weights not yet
 * made; false if there are none, or no output reads them.
 */
bool clf_conv_adjoint_phase(const clf_conv_problem *problem, const int64_t phase[CLF_CONV_AXES], clf_conv_problem *to,
                            clf_adjoint_taps *taps);

/*
 * Its weights: inputs and outputs exchanged in each group, the taps in reverse; then biases, which must be 0. All
 * together clf_conv_weight_count(to) + clf_conv_output_count(to).
 */
void clf_conv_adjoint_weights(const clf_conv_problem *problem, const clf_conv_problem *to, const clf_adjoint_taps *taps,
                              double *weights);

/*
 * The zeros that a correlation meets outside the gradient would turn other weights into NaN where the adjoint has no
 * term at all.
 */
bool clf_conv_finite_weights(const clf_conv_problem *problem);

extern const clf_solver clf_conv_adjoint_phases;

#endif
