/* SPDX-License-Identifier: Apache-2.0 */
/* Device indices sorted on the device (cl/take/sort.cl): a stable radix sort, then where each row's run starts. */
#include "base/alloc.h"
#include "ops/take/take.h"

enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS, WIDE_ROWS = 1024 };

/* Scratch of a sort: rows and their positions, and the same after an odd number of passes. */
typedef struct sort_scratch {
    cl_uint keys[2], order[2], table;
    int chunk, chunks;
} sort_scratch;

static clf_status make_scratch(clf_plan *plan, const clf_take_problem *problem, sort_scratch *sort, clf_error *error) {
    int most = clf_context_profile(plan->context)->pieces;
    int64_t bytes = clf_bytes(problem->count, sizeof(int32_t));
    sort->chunk = (int)(problem->count / most) + 1;
    sort->chunks = (int)((problem->count + sort->chunk - 1) / sort->chunk);
    CLF_TRY(clf_plan_scratch(plan, bytes, &sort->keys[1], error));
    CLF_TRY(clf_plan_scratch(plan, bytes, &sort->order[0], error));
    CLF_TRY(clf_plan_scratch(plan, bytes, &sort->order[1], error));
    return clf_plan_scratch(plan, clf_bytes(sort->chunks, DIGITS * sizeof(int32_t)), &sort->table, error);
}

static clf_status add_count(clf_plan *plan, const clf_text *options, const clf_take_problem *problem,
                            const sort_scratch *sort, int pass, clf_error *error) {
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "take/sort", options, "take_sort_count", &launch, error));
    clf_launch_scratch(launch, "keys", sort->keys[pass % 2]);
    clf_launch_scratch(launch, "table", sort->table);
    clf_launch_i32(launch, "count", (cl_int)problem->count);
    clf_launch_i32(launch, "chunk", sort->chunk);
    clf_launch_i32(launch, "shift", pass * DIGIT_BITS);
    clf_launch_range(launch, (size_t[]){(size_t)sort->chunks, 1, 1}, (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status add_scan(clf_plan *plan, const clf_text *options, const sort_scratch *sort, size_t local,
                           clf_error *error) {
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "take/sort", options, "take_sort_scan", &launch, error));
    clf_launch_scratch(launch, "table", sort->table);
    clf_launch_i32(launch, "size", sort->chunks * DIGITS);
    clf_launch_range(launch, (size_t[]){local, 1, 1}, (size_t[]){local, 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status add_move(clf_plan *plan, const clf_text *options, const clf_take_problem *problem,
                           const sort_scratch *sort, int pass, clf_error *error) {
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "take/sort", options, "take_sort_move", &launch, error));
    clf_launch_scratch(launch, "keys", sort->keys[pass % 2]);
    clf_launch_scratch(launch, "order", sort->order[pass % 2]);
    clf_launch_scratch(launch, "sorted_keys", sort->keys[1 - pass % 2]);
    clf_launch_scratch(launch, "sorted_order", sort->order[1 - pass % 2]);
    clf_launch_scratch(launch, "table", sort->table);
    clf_launch_i32(launch, "count", (cl_int)problem->count);
    clf_launch_i32(launch, "chunk", sort->chunk);
    clf_launch_i32(launch, "shift", pass * DIGIT_BITS);
    clf_launch_i32(launch, "identity", pass == 0);
    clf_launch_range(launch, (size_t[]){(size_t)sort->chunks, 1, 1}, (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status add_starts(clf_plan *plan, const clf_text *options, const clf_take_problem *problem, cl_uint keys,
                             cl_uint starts, clf_error *error) {
    int rows_each = clf_context_profile(plan->context)->wide_items ? WIDE_ROWS : 1;
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "take/sort", options, "take_sort_starts", &launch, error));
    clf_launch_scratch(launch, "keys", keys);
    clf_launch_scratch(launch, "starts", starts);
    clf_launch_i32(launch, "count", (cl_int)problem->count);
    clf_launch_i32(launch, "extent", (cl_int)problem->extent);
    clf_launch_i32(launch, "rows_each", rows_each);
    clf_launch_range(launch, (size_t[]){(size_t)(problem->extent / rows_each + 1), 1, 1}, (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

int clf_take_sort_passes(const clf_take_problem *problem) {
    int passes = 1;
    while ((problem->extent - 1) >> (passes * DIGIT_BITS) > 0)
        passes++;
    return passes;
}

clf_status clf_take_prepare_sort(clf_plan *plan, const clf_take_problem *problem, const clf_take_rows_place *place,
                                 cl_uint *order, cl_uint *starts, clf_error *error) {
    size_t local = clf_work_group(plan->context, 0);
    sort_scratch sort = {.keys = {place->rows_scratch}};
    CLF_TRY(make_scratch(plan, problem, &sort, error));
    CLF_TRY(clf_plan_scratch(plan, clf_bytes(problem->extent + 1, sizeof(int32_t)), starts, error));
    char data[32];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_text_add(&options, "-DLOCAL_X=%zu", local);
    int passes = clf_take_sort_passes(problem);
    for (int pass = 0; pass < passes; pass++) {
        CLF_TRY(add_count(plan, &options, problem, &sort, pass, error));
        CLF_TRY(add_scan(plan, &options, &sort, local, error));
        CLF_TRY(add_move(plan, &options, problem, &sort, pass, error));
    }
    *order = sort.order[passes % 2];
    return add_starts(plan, &options, problem, sort.keys[passes % 2], *starts, error);
}
