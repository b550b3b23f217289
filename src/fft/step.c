/* SPDX-License-Identifier: Apache-2.0 */
/* Transforms as steps of plans. */
#include "fft/step.h"

#include <math.h>

/*
 * In flops of the peak, as measured on a CPU: what an element costs in the passes, which read and write it four times
 * and multiply it. Elsewhere, and for what the transforms themselves cost there, guesses.
 */
static const double wide_item_pass_flops = 998, pass_flops = 60, narrow_item_factor = 0.12;

/* Launches of ours and of the library's. */
static const double wide_item_launches = 40.0 / 9, launches = 10;

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

/* Reals of a block that a work-item looks at. */
enum { RANGE_SHARE = 4096 };

clf_status clf_fft_add_range(clf_plan *plan, const clf_fft_range *range, cl_uint blocks, cl_uint peaks, int64_t size,
                             int64_t items, clf_error *error) {
    const char *const kernels[2] = {range->peak, range->scale};
    int64_t group = (int64_t)clf_work_group(plan->context, 0), most = (size + RANGE_SHARE - 1) / RANGE_SHARE;
    int64_t span = (most + group - 1) / group * group;
    for (int i = 0; i < 2; i++) {
        clf_launch *launch;
        CLF_TRY(clf_plan_step(plan, range->file, range->options, kernels[i], &launch, error));
        clf_launch_scratch(launch, "blocks", blocks);
        clf_launch_scratch(launch, range->peaks, peaks);
        clf_launch_i64(launch, "size", size);
        clf_launch_i64(launch, "span", span);
        clf_launch_range(launch, (size_t[]){(size_t)span, (size_t)items, 1}, (size_t[]){(size_t)group, 1, 1});
        CLF_TRY(clf_launch_seal(launch, error));
    }
    return CLF_OK;
}

double clf_fft_seconds(const clf_context *context, const clf_fft_provider *provider, const clf_fft_desc *desc) {
    const clf_profile *profile = clf_context_profile(context);
    double block = (double)desc->extent[0] * (double)desc->extent[1] * (double)desc->extent[2];
    double levels = provider->level_flops * log2(block);
    double each = profile->wide_items ? levels + wide_item_pass_flops : levels * narrow_item_factor + pass_flops;
    double flops = block * (double)desc->batch * each * (desc->wide ? 2 : 1);
    return clf_seconds(profile, 0, flops, profile->wide_items ? wide_item_launches : launches);
}

void clf_fft_describe(clf_plan *plan, const clf_fft_provider *provider, const clf_fft_desc *desc) {
    clf_text_add(&plan->description, " by=%s transform=", provider->name);
    clf_text_add_extents(&plan->description, CLF_FFT_AXES, desc->extent);
}
