/* SPDX-License-Identifier: Apache-2.0 */
/* Transforms as steps of plans. */
#ifndef CLF_FFT_STEP_H
#define CLF_FFT_STEP_H

#include "fft/fft.h"
#include "plan/plan.h"

/* What is transformed, in place: a buffer, or scratch of the plan. */
typedef struct clf_fft_data {
    cl_mem buffer; /* NULL: scratch */
    cl_uint scratch;
} clf_fft_data;

/* Adds a transform as the next step, and the scratch that it needs. */
clf_status clf_fft_add(clf_plan *plan, const clf_fft_provider *provider, const clf_fft_desc *desc, bool inverse,
                       clf_fft_data data, clf_error *error);

/* Seconds that a transform, one back and the passes before, between and after them take. */
double clf_fft_seconds(const clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc);

/* Says in a plan's description who transforms what. */
void clf_fft_describe(clf_plan *plan, const clf_fft_provider *provider, const clf_fft_desc *desc);

#endif
