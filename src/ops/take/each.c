/* SPDX-License-Identifier: Apache-2.0 */
/* take.each: one element at a time, gathered; every selection (cl/take/take.cl). */
#include "ops/take/take.h"
#include "plan/view.h"

enum { LINE_BYTES = 64 };

/* Flops of the peak that an element costs; devices with many work-items under way hide most of it. */
static const double wide_item_flops = 166, flops = 20;

static double estimate(const clf_context *context, const void *described) {
    const clf_take_problem *problem = described;
    double elements = (double)problem->count * (double)problem->run * (double)problem->batch.count;
    const clf_profile *profile = clf_context_profile(context);
    return clf_seconds(profile, 0, elements * (profile->wide_items ? wide_item_flops : flops), 1);
}

/* The problem without its run, which becomes a batch axis again. */
static clf_take_problem without_run(const clf_take_problem *problem) {
    clf_take_problem single = *problem;
    single.run = 1;
    if (problem->run > 1) {
        int last = single.batch.rank++;
        single.batch.shape[last] = problem->run;
        single.batch.strides[0][last] = single.batch.strides[1][last] = 1;
        single.batch.count *= problem->run;
    }
    return single;
}

/*
 * Elements of the next batch item to ask for with every vector of outputs: none if its indices reach fewer than one
 * line of the cache in two.
 */
static int64_t fetch_ahead(const clf_profile *profile, const clf_take_problem *problem) {
    int64_t bytes = (int64_t)clf_take_bytes(problem), lanes = clf_profile_lanes(profile, bytes == 8);
    bool dense = problem->whole_step == 1 && problem->count >= problem->extent * bytes / (2 * LINE_BYTES);
    return dense && problem->batch.count > 1 ? (lanes * problem->extent + problem->count - 1) / problem->count : 0;
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    clf_take_problem problem = without_run(described);
    const clf_profile *profile = clf_context_profile(plan->context);
    size_t bytes = clf_take_bytes(&problem), local = clf_work_group(plan->context, 0);
    int64_t rows_each = 1, items_each = 1;
    if (profile->wide_items)
        clf_take_split(&problem, problem.count, profile->item_elements, &rows_each, &items_each);
    clf_take_rows_place place;
    cl_mem table;
    CLF_TRY(clf_take_prepare_rows(plan, &problem, &place, error));
    CLF_TRY(clf_take_table(plan, &problem, 1, &table, error));
    char data[128];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_text_add(&options, "-DELEMENT=%s -DLANES=%d -DROW_T=%s -DUNIT_STEP=%d -DLOCAL_X=%zu", clf_element_type(bytes),
                 clf_profile_lanes(profile, bytes == 8), clf_take_row_type(&problem), problem.selected_step == 1,
                 local);
    if (profile->lanes > 1 && bytes >= 4 && problem.whole_step == 1 && clf_take_row_bytes(&problem) == sizeof(int32_t))
        clf_text_add(&options, " -DGATHER=%zu", bytes);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "take/take", &options, "take_each", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_operand(launch, "y", 1);
    clf_take_set_rows(launch, &place);
    clf_take_set_verdict(launch, &place);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "rows_each", rows_each);
    clf_launch_i64(launch, "items_each", items_each);
    clf_launch_i32(launch, "past", clf_past_cache(profile, plan->cost.bytes / 2));
    clf_launch_i64(launch, "ahead", profile->wide_items ? fetch_ahead(profile, &problem) : 0);
    clf_launch_range(launch,
                     (size_t[]){(size_t)((problem.count + rows_each - 1) / rows_each),
                                (size_t)((problem.batch.count + items_each - 1) / items_each), 1},
                     (size_t[]){local, 1, 1});
    clf_text_add(&plan->description, " rows=%lld items=%lld", (long long)rows_each, (long long)items_each);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_take_each = {"take.each", NULL, estimate, prepare};
