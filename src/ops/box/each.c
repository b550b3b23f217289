/* SPDX-License-Identifier: Apache-2.0 */
/* box.each: one output at a time, its window summed element by element (cl/box/each.cl). Safe, not fast. */
#include "ops/box/box.h"
#include "ops/real.h"
#include "rt/profile.h"

/* Loops over elements are scalar: flops of the peak that an addition and an output cost, measured on a CPU. */
static const double wide_item_addition = 350, wide_item_output = 1600, addition_flops = 25;

static double estimate(const clf_context *context, const void *described) {
    const clf_window *window = &((const clf_box_problem *)described)->window;
    const clf_profile *profile = clf_context_profile(context);
    double outputs = (double)clf_view_count(&window->dst), additions = outputs * (double)clf_window_count(window);
    double flops =
        profile->wide_items ? wide_item_addition * additions + wide_item_output * outputs : addition_flops * additions;
    return clf_seconds(profile, 0, flops, 1);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_box_problem *problem = described;
    const clf_window *window = &problem->window;
    const clf_profile *profile = clf_context_profile(plan->context);
    bool wide = clf_dtype_wide(window->src.dtype);
    const int64_t *shape = window->src.shape + window->src.rank - window->axes;
    int64_t width = shape[window->axes - 1], height = window->axes > 1 ? shape[window->axes - 2] : 1;
    int64_t depth = window->axes > 2 ? shape[0] : 1, items, columns = profile->wide_items ? width : 1;
    size_t local = clf_work_group(plan->context, 0);
    cl_mem table;
    CLF_TRY(clf_window_table(plan, window, &items, &table, error));
    char data[256];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, window->src.dtype, window->dst.dtype, 1);
    clf_text_add(&options, " -DEXACT=%d -DLOCAL_X=%zu", clf_dtype_integer(window->src.dtype), local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "box/each", &options, "box_each", &launch, error));
    clf_launch_operand(launch, "src", 0);
    clf_launch_operand(launch, "dst", 1);
    clf_launch_buffer(launch, "window", table);
    clf_launch_real(launch, "cval", problem->cval, wide);
    clf_launch_i64(launch, "columns", columns);
    clf_launch_range(launch,
                     (size_t[]){(size_t)((width + columns - 1) / columns), (size_t)height, (size_t)(depth * items)},
                     (size_t[]){local, 1, 1});
    return clf_launch_seal(launch, error);
}

const clf_solver clf_box_each = {"box.each", NULL, estimate, prepare};
