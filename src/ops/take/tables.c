/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernels of a selection are handed: geometry, rows from host or device indices, and the verdict on them. */
#include "base/alloc.h"
#include "ops/take/take.h"

#include "cl/take/geometry.h"

#include <stdlib.h>

enum { FEW_INDICES = 2048 }; /* made whole in less time than a launch takes */

static bool narrow(const clf_take_problem *problem) {
    return problem->extent < INT32_MAX && problem->count < INT32_MAX;
}

const char *clf_take_row_type(const clf_take_problem *problem) {
    return narrow(problem) ? "int" : "long";
}

size_t clf_take_row_bytes(const clf_take_problem *problem) {
    return narrow(problem) ? sizeof(int32_t) : sizeof(int64_t);
}

clf_status clf_take_table(clf_plan *plan, const clf_take_problem *problem, int64_t widen, cl_mem *table,
                          clf_error *error) {
    int64_t values[TAKE_BATCH + CLF_BATCH_TABLE] = {0};
    values[TAKE_WHOLE_OFFSET] = problem->whole.offset / widen;
    values[TAKE_SELECTED_OFFSET] = problem->selected.offset / widen;
    values[TAKE_WHOLE_STEP] = problem->whole_step / widen;
    values[TAKE_SELECTED_STEP] = problem->selected_step / widen;
    values[TAKE_EXTENT] = problem->extent;
    values[TAKE_COUNT] = problem->count;
    values[TAKE_RUN] = problem->run / widen;
    values[TAKE_ITEMS] = problem->batch.count;
    clf_batch batch = problem->batch;
    for (int i = 0; i < batch.rank; i++)
        for (int operand = 0; operand < 2; operand++)
            batch.strides[operand][i] /= widen;
    clf_batch_write(&batch, values + TAKE_BATCH);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

clf_status clf_take_own_rows(clf_plan *plan, const clf_take_problem *problem, int64_t count, const int64_t *values,
                             cl_mem *table, clf_error *error) {
    int64_t most = count > 0 ? count : 1; /* a buffer has a byte at least */
    if (!narrow(problem))
        return clf_plan_own(plan, clf_bytes(most, sizeof *values), values, table, error);
    int32_t *copy;
    CLF_TRY(clf_allocate(&copy, count, sizeof *copy, error));
    for (int64_t i = 0; i < count; i++)
        copy[i] = (int32_t)values[i];
    clf_status status = clf_plan_own(plan, clf_bytes(most, sizeof *copy), copy, table, error);
    free(copy);
    return status;
}

static clf_status judge(const int64_t verdict[CLF_VERDICT_SIZE], clf_error *error) {
    return clf_fail(error, CLF_OUT_OF_RANGE, "clf_execute: indices_view[%lld] is %lld; axis %lld has %lld",
                    (long long)verdict[1], (long long)verdict[2], (long long)verdict[3], (long long)verdict[4]);
}

/* What the kernels of cl/take/index.cl are told of the indices. */
static void set_indices(clf_launch *launch, const clf_take_problem *problem) {
    clf_launch_i64(launch, "offset", problem->indices.offset);
    clf_launch_i64(launch, "stride", problem->indices.strides[0]);
    clf_launch_i64(launch, "count", problem->count);
    clf_launch_i64(launch, "extent", problem->extent);
}

static clf_status check_few(clf_plan *plan, const clf_take_problem *problem, const clf_text *options,
                            const clf_take_rows_place *place, clf_error *error) {
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "take/index", options, "take_index_few", &launch, error));
    clf_launch_operand(launch, "indices", 2);
    clf_launch_scratch(launch, "rows", place->rows_scratch);
    clf_launch_scratch(launch, "verdict", place->verdict_scratch);
    set_indices(launch, problem);
    clf_launch_i32(launch, "mode", (cl_int)problem->mode);
    clf_launch_i32(launch, "axis", problem->axis);
    clf_launch_range(launch, (size_t[]){1, 1, 1}, (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

/* A step that makes rows of chunks of the indices, and one that sums up what was wrong with them. */
static clf_status check_many(clf_plan *plan, const clf_take_problem *problem, const clf_text *options,
                             const clf_take_rows_place *place, clf_error *error) {
    int64_t most = clf_context_profile(plan->context)->pieces;
    int64_t chunk = problem->count / most + 1, chunks = (problem->count + chunk - 1) / chunk;
    cl_uint bad;
    CLF_TRY(clf_plan_scratch(plan, clf_bytes(chunks, sizeof(int64_t)), &bad, error));
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "take/index", options, "take_index", &launch, error));
    clf_launch_operand(launch, "indices", 2);
    clf_launch_scratch(launch, "rows", place->rows_scratch);
    clf_launch_scratch(launch, "bad", bad);
    set_indices(launch, problem);
    clf_launch_i32(launch, "mode", (cl_int)problem->mode);
    clf_launch_i64(launch, "chunk", chunk);
    clf_launch_range(launch, (size_t[]){(size_t)chunks, 1, 1}, (size_t[]){1, 1, 1});
    CLF_TRY(clf_launch_seal(launch, error));
    CLF_TRY(clf_plan_step(plan, "take/index", options, "take_verdict", &launch, error));
    clf_launch_operand(launch, "indices", 2);
    clf_launch_scratch(launch, "bad", bad);
    clf_launch_scratch(launch, "verdict", place->verdict_scratch);
    set_indices(launch, problem);
    clf_launch_i32(launch, "axis", problem->axis);
    clf_launch_i32(launch, "chunks", (cl_int)chunks);
    clf_launch_range(launch, (size_t[]){1, 1, 1}, (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status check_indices(clf_plan *plan, const clf_take_problem *problem, const clf_take_rows_place *place,
                                clf_error *error) {
    char data[64];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_text_add(&options, "-DINDEX_T=%s -DROW_T=%s", problem->index_dtype == CLF_I64 ? "long" : "int",
                 clf_take_row_type(problem));
    bool few = problem->count <= FEW_INDICES && clf_context_profile(plan->context)->wide_items;
    return (few ? check_few : check_many)(plan, problem, &options, place, error);
}

clf_status clf_take_prepare_rows(clf_plan *plan, const clf_take_problem *problem, clf_take_rows_place *place,
                                 clf_error *error) {
    *place = (clf_take_rows_place){0};
    if (problem->rows != NULL) {
        static const int64_t well[CLF_VERDICT_SIZE];
        CLF_TRY(clf_take_own_rows(plan, problem, problem->count, problem->rows, &place->rows_table, error));
        return clf_plan_own(plan, sizeof well, well, &place->verdict_table, error);
    }
    int64_t bytes = clf_bytes(problem->count, clf_take_row_bytes(problem));
    CLF_TRY(clf_plan_scratch(plan, bytes, &place->rows_scratch, error));
    CLF_TRY(clf_plan_verdict(plan, judge, &place->verdict_scratch, error));
    return check_indices(plan, problem, place, error);
}

void clf_take_set_rows(clf_launch *launch, const clf_take_rows_place *place) {
    if (place->rows_table != NULL)
        clf_launch_buffer(launch, "rows", place->rows_table);
    else
        clf_launch_scratch(launch, "rows", place->rows_scratch);
}

void clf_take_set_verdict(clf_launch *launch, const clf_take_rows_place *place) {
    if (place->verdict_table != NULL)
        clf_launch_buffer(launch, "verdict", place->verdict_table);
    else
        clf_launch_scratch(launch, "verdict", place->verdict_scratch);
}

void clf_take_split(const clf_take_problem *problem, int64_t rows, int64_t target, int64_t *rows_each,
                    int64_t *items_each) {
    int64_t wanted = target / problem->run + 1; /* rows, over all the items of a work-item */
    *rows_each = wanted < rows ? wanted : rows;
    if (*rows_each < 1)
        *rows_each = 1;
    int64_t items = wanted / *rows_each;
    *items_each = items < problem->batch.count ? items : problem->batch.count;
}
