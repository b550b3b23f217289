/* SPDX-License-Identifier: Apache-2.0 */
/* Transforms as steps of plans. */
#include "fft/step.h"

#include <math.h>

/* Of an element, in the passes: read and written four times, and multiplied. */
static const double pass_seconds_in_order = 6e-9, pass_seconds = 3e-10;

static clf_status enqueue(void *fft, bool inverse, cl_mem data, cl_mem scratch, clf_error *error) {
    return clf_fft_enqueue(fft, inverse, data, scratch, error);
}

clf_status clf_fft_add(clf_plan *plan, const clf_fft_provider *provider, const clf_fft_desc *desc, bool inverse,
                       clf_fft_data data, clf_error *error) {
    clf_fft *fft;
    CLF_TRY(clf_fft_get(plan->context, provider, desc, &fft, error));
    clf_call call = {.enqueue = enqueue,
                     .object = fft,
                     .inverse = inverse,
                     .data = data.buffer,
                     .data_scratch = data.scratch,
                     .has_scratch = clf_fft_scratch_bytes(fft) > 0};
    if (call.has_scratch)
        CLF_TRY(clf_plan_scratch(plan, clf_fft_scratch_bytes(fft), &call.scratch, error));
    return clf_plan_call(plan, &call, error);
}

/* Providers' seconds are of CPUs; other devices are taken for ten times as fast. */
double clf_fft_seconds(const clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc) {
    const clf_profile *profile = clf_context_profile(context);
    double block = (double)desc->extent[0] * (double)desc->extent[1] * (double)desc->extent[2];
    double each = provider->seconds * log2(block) * (profile->wide_items ? 1 : 0.1) +
                  (profile->wide_items ? pass_seconds_in_order : pass_seconds);
    return block * (double)desc->batch * each * (desc->wide ? 2 : 1) / profile->units + 2e-4;
}

void clf_fft_describe(clf_plan *plan, const clf_fft_provider *provider, const clf_fft_desc *desc) {
    clf_text_add(&plan->description, " by=%s transform=", provider->name);
    clf_text_add_extents(&plan->description, CLF_FFT_AXES, desc->extent);
}
