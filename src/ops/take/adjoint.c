/* SPDX-License-Identifier: Apache-2.0 */
/* put_add.segments: what each position of the axis receives, summed in order (cl/take/adjoint.cl). */
#include "base/alloc.h"
#include "ops/real.h"
#include "ops/take/take.h"

#include <math.h>
#include <stdlib.h>

/* Cycles of wide items: for an index in a pass of the sort, and, each time they are walked, for a row and an index. */
static const double sorted_index = 15, each_row = 6, index_of_row = 5, element = 1, element_of_vector = 0.3;

/* Of wide items: sorting, which looks for every row too, then all rows of all batch items. */
static double cycles_of(const clf_context *context, const clf_take_problem *problem, int passes) {
    double count = (double)problem->count, extent = (double)problem->extent;
    bool vectors =
        problem->run >= clf_profile_lanes(clf_context_profile(context), clf_dtype_wide(problem->whole.dtype));
    double added = (double)problem->run * (vectors ? element_of_vector : element);
    double sorting = passes > 0 ? passes * count * sorted_index + extent * (5 + 3 * log2(count + 1)) : 0;
    return sorting + (double)problem->batch.count * (extent * (each_row + added) + count * (index_of_row + added));
}

static double estimate(const clf_context *context, const void *described) {
    const clf_take_problem *problem = described;
    double lines = (double)problem->batch.count * (double)problem->run;
    double bytes = lines * (double)(problem->count + problem->extent) * (double)clf_take_bytes(problem);
    const clf_profile *profile = clf_context_profile(context);
    int passes = problem->rows == NULL ? clf_take_sort_passes(problem) : 0;
    double cycles = profile->wide_items ? cycles_of(context, problem, passes) : 0;
    return clf_seconds(profile, bytes, cycles * CLF_CYCLE_FLOPS, 1 + (passes > 0 ? 3 * passes + 1 : 0));
}

/* Where the kernel finds the sorted positions and the starts of their runs. */
typedef struct segments {
    clf_take_rows_place verdict;
    cl_mem order_table, starts_table; /* NULL: scratch */
    cl_uint order_scratch, starts_scratch;
} segments;

/* Counting sort of the host's rows: starts holds extent + 2 entries, order as many as there are indices. */
static void sort_rows(const clf_take_problem *problem, int64_t *starts, int64_t *order) {
    for (int64_t k = 0; k < problem->count; k++)
        starts[problem->rows[k] + 2]++;
    for (int64_t row = 2; row < problem->extent + 2; row++)
        starts[row] += starts[row - 1];
    for (int64_t k = 0; k < problem->count; k++)
        order[starts[problem->rows[k] + 1]++] = k;
}

static clf_status own_segments(clf_plan *plan, const clf_take_problem *problem, segments *found, clf_error *error) {
    int64_t *starts = NULL, *order = NULL;
    CLF_TRY(clf_allocate(&starts, problem->extent + 2, sizeof *starts, error));
    clf_status status = clf_allocate(&order, problem->count, sizeof *order, error);
    if (status == CLF_OK) {
        sort_rows(problem, starts, order);
        status = clf_take_own_rows(plan, problem, problem->count, order, &found->order_table, error);
    }
    if (status == CLF_OK)
        status = clf_take_own_rows(plan, problem, problem->extent + 1, starts, &found->starts_table, error);
    free(starts);
    free(order);
    return status;
}

static clf_status prepare_segments(clf_plan *plan, const clf_take_problem *problem, segments *found, clf_error *error) {
    *found = (segments){0};
    CLF_TRY(clf_take_prepare_rows(plan, problem, &found->verdict, error));
    if (problem->rows != NULL)
        return own_segments(plan, problem, found, error);
    if (problem->extent >= INT32_MAX || problem->count >= INT32_MAX)
        return clf_fail(error, CLF_UNSUPPORTED,
                        "clf_plan_put_add: %lld device indices along an axis of %lld; both must stay below 2^31",
                        (long long)problem->count, (long long)problem->extent);
    return clf_take_prepare_sort(plan, problem, &found->verdict, &found->order_scratch, &found->starts_scratch, error);
}

static void set_segments(clf_launch *launch, const segments *found) {
    if (found->order_table != NULL) {
        clf_launch_buffer(launch, "order", found->order_table);
        clf_launch_buffer(launch, "starts", found->starts_table);
    } else {
        clf_launch_scratch(launch, "order", found->order_scratch);
        clf_launch_scratch(launch, "starts", found->starts_scratch);
    }
    clf_take_set_verdict(launch, &found->verdict);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_take_problem *problem = described;
    const clf_profile *profile = clf_context_profile(plan->context);
    clf_dtype dtype = problem->whole.dtype;
    int widest = clf_profile_lanes(profile, clf_dtype_wide(dtype)), vector = problem->run < widest ? 1 : widest;
    int64_t columns = profile->wide_items ? problem->run : 1, rows_each = 1, items_each = 1;
    size_t local = clf_work_group(plan->context, 0);
    if (profile->wide_items)
        clf_take_split(problem, problem->extent, profile->item_elements, &rows_each, &items_each);
    segments found;
    cl_mem table;
    CLF_TRY(prepare_segments(plan, problem, &found, error));
    CLF_TRY(clf_take_table(plan, problem, 1, &table, error));
    char data[192];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, dtype, dtype, vector);
    clf_text_add(&options, " -DROW_T=%s -DLOCAL_X=%zu", clf_take_row_type(problem), local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "take/adjoint", &options, "put_add", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_operand(launch, "y", 1);
    set_segments(launch, &found);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "columns", columns);
    clf_launch_i64(launch, "rows_each", rows_each);
    clf_launch_i64(launch, "items_each", items_each);
    clf_launch_i32(launch, "accumulate", problem->accumulate);
    clf_launch_range(launch,
                     (size_t[]){(size_t)((problem->run + columns - 1) / columns),
                                (size_t)((problem->extent + rows_each - 1) / rows_each),
                                (size_t)((problem->batch.count + items_each - 1) / items_each)},
                     (size_t[]){local, 1, 1});
    clf_text_add(&plan->description, " vector=%d rows=%lld", vector, (long long)rows_each);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_put_add_segments = {"put_add.segments", NULL, estimate, prepare};
