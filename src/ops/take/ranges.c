/* SPDX-License-Identifier: Apache-2.0 */
/* put_add.ranges: adds in the order of the indices, each range of rows by a work-item (cl/take/ranges.cl). */
#include "ops/real.h"
#include "ops/take/take.h"

enum { LEAST_ELEMENTS = 4096 /* of a work-item */ };

/* Where sums are kept in dst, they are not rounded to a half each time. */
static bool applies(const clf_context *context, const void *described) {
    (void)context;
    const clf_take_problem *problem = described;
    return problem->whole.dtype != CLF_F16;
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Rows and batch items of a work-item. Each range walks all the indices: there are no more than keep the units busy. */
static void share(const clf_context *context, const clf_take_problem *problem, int64_t *rows_each,
                  int64_t *items_each) {
    int64_t items = problem->batch.count, whole = problem->extent * problem->run;
    int64_t units = clf_context_profile(context)->units, ranges = items > 0 ? (units + items - 1) / items : 1;
    ranges = least(least(ranges, whole / LEAST_ELEMENTS), problem->extent);
    ranges = ranges > 1 ? ranges : 1;
    *rows_each = problem->extent > 0 ? (problem->extent + ranges - 1) / ranges : 1;
    *items_each = ranges > 1 || items == 0 ? 1 : least(LEAST_ELEMENTS / (whole + 1) + 1, items);
}

/* Cycles of a wide work-item for an index that is not its own, for one that is, and for an element of its row. */
static const double other_index = 1.5, own_index = 8, element = 1, element_of_vector = 0.3;

/* The share of the peak that is left to others. */
static const double narrow_item_share = 0.002;

static double estimate(const clf_context *context, const void *described) {
    const clf_take_problem *problem = described;
    const clf_profile *profile = clf_context_profile(context);
    int64_t rows_each, items_each;
    share(context, problem, &rows_each, &items_each);
    double items = (double)problem->batch.count, count = (double)problem->count, run = (double)problem->run;
    double ranges = (double)((problem->extent + rows_each - 1) / rows_each);
    bool vectors = problem->run >= clf_profile_lanes(profile, clf_dtype_wide(problem->whole.dtype));
    double added = run * (vectors ? element_of_vector : element);
    double cycles = items * count * (ranges * other_index + own_index + added);
    double bytes = items * run * (double)(problem->extent + problem->count) * (double)clf_take_bytes(problem);
    if (!profile->wide_items)
        return clf_seconds(profile, bytes, items * count * run * ranges / narrow_item_share, 1);
    return clf_seconds(profile, bytes, cycles * CLF_CYCLE_FLOPS, 1);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_take_problem *problem = described;
    clf_dtype dtype = problem->whole.dtype;
    int vector = clf_profile_lanes(clf_context_profile(plan->context), clf_dtype_wide(dtype));
    int64_t rows_each, items_each;
    share(plan->context, problem, &rows_each, &items_each);
    clf_take_rows_place place;
    cl_mem table;
    CLF_TRY(clf_take_prepare_rows(plan, problem, &place, error));
    CLF_TRY(clf_take_table(plan, problem, 1, &table, error));
    char data[192];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, dtype, dtype, vector);
    clf_text_add(&options, " -DROW_T=%s", clf_take_row_type(problem));
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "take/ranges", &options, "put_add_ranges", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_operand(launch, "y", 1);
    clf_take_set_rows(launch, &place);
    clf_take_set_verdict(launch, &place);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "rows_each", rows_each);
    clf_launch_i64(launch, "items_each", items_each);
    clf_launch_i32(launch, "accumulate", problem->accumulate);
    clf_launch_range(launch,
                     (size_t[]){1, (size_t)((problem->extent + rows_each - 1) / rows_each),
                                (size_t)((problem->batch.count + items_each - 1) / items_each)},
                     (size_t[]){1, 1, 1});
    clf_text_add(&plan->description, " vector=%d rows=%lld", vector, (long long)rows_each);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_put_add_ranges = {"put_add.ranges", applies, estimate, prepare, 1, "f32 or f64"};
