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

/* What a kernel file offers to keep a transform's range: kernels made of cl/inc/peak.h's functions, or such as they. */
typedef struct clf_fft_range {
    const char *file, *peak, *scale;
    const char *peaks;       /* the name that they give to what is found */
    const clf_text *options; /* LOCAL_X the context's work-group */
} clf_fft_range;

/* Adds the steps that find the greatest magnitudes of `items` blocks of `size` reals, and scale what needs it. */
clf_status clf_fft_add_range(clf_plan *plan, const clf_fft_range *range, cl_uint blocks, cl_uint peaks, int64_t size,
                             int64_t items, clf_error *error);

/* Seconds that a transform, one back and the passes before, between and after them take. */
double clf_fft_seconds(const clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc);

/* Says in a plan's description who transforms what. */
void clf_fft_describe(clf_plan *plan, const clf_fft_provider *provider, const clf_fft_desc *desc);

#endif
