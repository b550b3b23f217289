/* SPDX-License-Identifier: Apache-2.0 */
/* conv.general: every convolution, everything known at run time (cl/conv/general.cl). Safe, not fast. */
#include "ops/conv/conv.h"
#include "ops/real.h"

/*
 * Flops of the peak that a tap and an output cost: measured on a CPU, where wide items are scalar loops. With many
 * work-items under way most of it is hidden.
 */
static const double wide_item_tap = 138, wide_item_output = 632, tap_flops = 40;

static double estimate(const clf_context *context, const void *described) {
    const clf_conv_problem *problem = described;
    double outputs = (double)clf_view_count(&problem->dst);
    double taps = (double)(clf_conv_tap_count(problem) * problem->inputs) * outputs;
    const clf_profile *profile = clf_context_profile(context);
    double flops = profile->wide_items ? wide_item_tap * taps + wide_item_output * outputs : tap_flops * taps;
    return clf_seconds(profile, 0, flops, 1);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_conv_problem *problem = described;
    bool wide = clf_conv_wide(problem);
    clf_conv_taps taps;
    cl_mem table;
    CLF_TRY(clf_conv_prepare_taps(plan, problem, 1, &taps, error));
    CLF_TRY(clf_conv_table(plan, problem, 1, &table, error));
    char data[256];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, problem->src.dtype, problem->dst.dtype, 1);
    size_t local = clf_work_group(plan->context, 0);
    clf_text_add(&options, " -DLOCAL_X=%zu", local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "conv/general", &options, "conv_general", &launch, error));
    int64_t columns = clf_context_profile(plan->context)->wide_items ? problem->out[2] : 1; /* of one work-item */
    clf_launch_operand(launch, "x", 0);
    clf_launch_operand(launch, "y", 1);
    clf_conv_set_taps(launch, "w", &taps);
    clf_launch_buffer(launch, "g", table);
    clf_launch_real(launch, "cval", problem->cval, wide);
    clf_launch_i64(launch, "columns", columns);
    clf_launch_range(launch,
                     (size_t[]){(size_t)((problem->out[2] + columns - 1) / columns), (size_t)problem->out[1],
                                (size_t)(problem->out[0] * clf_conv_output_count(problem) * problem->batch.count)},
                     (size_t[]){local, 1, 1});
    clf_text_add(&plan->description, " columns=%lld", (long long)columns);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_conv_general = {"conv.general", NULL, estimate, prepare};
