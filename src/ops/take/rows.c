/* SPDX-License-Identifier: Apache-2.0 */
/* take.rows: runs of neighbouring elements, copied whole (cl/take/take.cl). */
#include "ops/take/take.h"
#include "plan/view.h"

/* AHEAD_BYTES: how far ahead of the row that is copied another is asked for, one row at the least. */
enum { AHEAD_BYTES = 4096 };

static bool applies(const clf_context *context, const void *described) {
    (void)context;
    const clf_take_problem *problem = described;
    return problem->run > 1;
}

/* Bound by memory, of whose speed rows that are copied one by one reach a third with wide items. */
static const double wide_item_share = 0.3;

static double estimate(const clf_context *context, const void *described) {
    const clf_take_problem *problem = described;
    double elements = (double)problem->count * (double)problem->run * (double)problem->batch.count;
    const clf_profile *profile = clf_context_profile(context);
    double bytes = 2 * elements * (double)clf_take_bytes(problem);
    return clf_seconds(profile, bytes / (profile->wide_items ? wide_item_share : 1), 0, 1);
}

static bool divides(int64_t widen, const clf_take_problem *problem) {
    bool divisible = problem->run % widen == 0 && problem->whole.offset % widen == 0 &&
                     problem->selected.offset % widen == 0 && problem->whole_step % widen == 0 &&
                     problem->selected_step % widen == 0;
    for (int i = 0; i < problem->batch.rank; i++)
        divisible = divisible && problem->batch.strides[0][i] % widen == 0 && problem->batch.strides[1][i] % widen == 0;
    return divisible;
}

/* Elements that are moved as one: as many as make 8 bytes, where everything is a multiple of that. */
static int64_t find_widening(const clf_take_problem *problem) {
    int64_t widen = 8 / (int64_t)clf_take_bytes(problem);
    while (widen > 1 && !divides(widen, problem))
        widen /= 2;
    return widen;
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_take_problem *problem = described;
    const clf_profile *profile = clf_context_profile(plan->context);
    int64_t widen = find_widening(problem), run = problem->run / widen, columns = profile->wide_items ? run : 1;
    size_t bytes = clf_take_bytes(problem) * (size_t)widen, local = clf_work_group(plan->context, 0);
    int64_t rows_each = 1, items_each = 1, run_bytes = run * (int64_t)bytes;
    if (profile->wide_items)
        clf_take_split(problem, problem->count, profile->item_elements, &rows_each, &items_each);
    clf_take_rows_place place;
    cl_mem table;
    CLF_TRY(clf_take_prepare_rows(plan, problem, &place, error));
    CLF_TRY(clf_take_table(plan, problem, widen, &table, error));
    char data[128];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_text_add(&options, "-DELEMENT=%s -DLANES=%d -DROW_T=%s -DUNIT_STEP=0 -DLOCAL_X=%zu", clf_element_type(bytes),
                 clf_profile_lanes(profile, bytes == 8), clf_take_row_type(problem), local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "take/take", &options, "take_rows", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_operand(launch, "y", 1);
    clf_take_set_rows(launch, &place);
    clf_take_set_verdict(launch, &place);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "columns", columns);
    clf_launch_i64(launch, "rows_each", rows_each);
    clf_launch_i64(launch, "items_each", items_each);
    clf_launch_i32(launch, "past", clf_past_cache(profile, plan->cost.bytes / 2));
    clf_launch_i64(launch, "ahead", run_bytes < AHEAD_BYTES ? AHEAD_BYTES / run_bytes : 1);
    clf_launch_range(launch,
                     (size_t[]){(size_t)((run + columns - 1) / columns),
                                (size_t)((problem->count + rows_each - 1) / rows_each),
                                (size_t)((problem->batch.count + items_each - 1) / items_each)},
                     (size_t[]){local, 1, 1});
    clf_text_add(&plan->description, " element=%zu rows=%lld", bytes, (long long)rows_each);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_take_rows = {"take.rows", applies, estimate, prepare};
