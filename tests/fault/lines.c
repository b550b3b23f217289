/* SPDX-License-Identifier: Apache-2.0 */
/* Uses of operations that problem lines name: planned, cloned, executed by the clone; or streamed; or warmed up. */
#include "scenario.h"

#include <clfilter/line.h>
#include <clfilter/stream.h>
#include <clfilter/wisdom.h>

#include <math.h>
#include <string.h>

#define TRY(call)                    \
    do {                             \
        clf_status status_ = (call); \
        if (status_ != CLF_OK) {     \
            return status_;          \
        }                            \
    } while (0)

enum { MOST_OPERANDS = 8, MOST_BYTES = 4096 };

/* Everything that is made on the way. */
typedef struct line_objects {
    clf_context *context;
    clf_plan *plan, *clone;
    clf_view operands[MOST_OPERANDS];
} line_objects;

/* An operand's elements in host memory. */
typedef union line_values {
    float f32[MOST_BYTES / sizeof(float)];
    int64_t i64[MOST_BYTES / sizeof(int64_t)];
    uint8_t u8[MOST_BYTES];
} line_values;

static clf_status open_context(const scenario_host *host, clf_context **context, clf_error *error) {
    const clf_context_desc desc = {.context = host->context,
                                   .device_id = host->device,
                                   .queue = host->plain_queue,
                                   .program_cache = CLF_PROGRAM_CACHE_OFF};
    return clf_context_create(&desc, context, error);
}

/* The elements that an operand begins with; its array over them. Indices are within every tensor of the lines. */
static clf_array fill(const clf_view *view, line_values *values) {
    clf_array array = {.data = values, .dtype = view->dtype, .rank = view->rank};
    memcpy(array.shape, view->shape, sizeof array.shape);
    for (int i = 0; view->dtype == CLF_F32 && i < (int)(sizeof values->f32 / sizeof values->f32[0]); i++) {
        values->f32[i] = sinf(1 + (float)(i * i));
    }
    for (int i = 0; view->dtype == CLF_I64 && i < (int)(sizeof values->i64 / sizeof values->i64[0]); i++) {
        values->i64[i] = i * i % 3;
    }
    return array;
}

/* Appends what an output holds, as floats, as far as there is room; returns the elements so far. */
static int collect(const clf_view *view, const line_values *values, float *results, int filled) {
    int64_t count = clf_view_count(view);
    for (int64_t i = 0; i < count && filled < SCENARIO_ELEMENTS; i++) {
        results[filled++] = view->dtype == CLF_U8 ? (float)values->u8[i] : values->f32[i];
    }
    return filled;
}

/* A buffer for every operand, with its elements in it. */
static clf_status make_operands(line_objects *objects, clf_error *error) {
    for (size_t i = 0; i < clf_plan_operand_count(objects->plan); i++) {
        clf_plan_operand_info info;
        line_values values = {.u8 = {0}};
        TRY(clf_plan_operand(objects->plan, i, &info, error));
        if (info.view.rank > 0) {
            TRY(clf_tensor_create(objects->context, info.view.dtype, info.view.rank, info.view.shape,
                                  &objects->operands[i], error));
            const clf_array array = fill(&info.view, &values);
            TRY(clf_upload(objects->context, &array, &objects->operands[i], error));
        }
    }
    return CLF_OK;
}

static clf_status execute(line_objects *objects, float *results, clf_error *error) {
    cl_mem buffers[MOST_OPERANDS] = {NULL};
    int filled = 0;
    size_t count = clf_plan_operand_count(objects->plan);
    TRY(make_operands(objects, error));
    for (size_t i = 0; i < count; i++) {
        buffers[i] = objects->operands[i].buffer;
    }
    const clf_execute_desc desc = {.buffers = buffers, .buffer_count = count};
    TRY(clf_execute(objects->clone, &desc, NULL, error));
    TRY(clf_plan_check(objects->clone, error));
    for (size_t i = 0; i < count; i++) {
        clf_plan_operand_info info;
        line_values values;
        TRY(clf_plan_operand(objects->clone, i, &info, error));
        if (info.output) {
            const clf_array array = fill(&info.view, &values);
            TRY(clf_download(objects->context, &objects->operands[i], &array, error));
            filled = collect(&info.view, &values, results, filled);
        }
    }
    return CLF_OK;
}

static clf_status execute_on_host(line_objects *objects, float *results, clf_error *error) {
    line_values values[MOST_OPERANDS];
    clf_array arrays[MOST_OPERANDS];
    clf_plan_operand_info info[MOST_OPERANDS];
    int filled = 0;
    size_t count = clf_plan_operand_count(objects->plan);
    for (size_t i = 0; i < count; i++) {
        TRY(clf_plan_operand(objects->plan, i, &info[i], error));
        arrays[i] = fill(&info[i].view, &values[i]);
    }
    const clf_host_desc operands = {.arrays = arrays, .array_count = count, .serial = true};
    TRY(clf_execute_host(objects->clone, &operands, error));
    for (size_t i = 0; i < count; i++) {
        filled = info[i].output ? collect(&info[i].view, &values[i], results, filled) : filled;
    }
    return CLF_OK;
}

static clf_status go(const scenario_host *host, const scenario_line *line, line_objects *objects, float *results,
                     clf_error *error) {
    const clf_plan_options options = {.solver = line->solver, .stream_bytes = line->stream_bytes};
    TRY(open_context(host, &objects->context, error));
    TRY(clf_plan_from_line(objects->context, line->text, &options, &objects->plan, error));
    TRY(clf_plan_clone(objects->plan, &objects->clone, error));
    return line->stream_bytes > 0 ? execute_on_host(objects, results, error) : execute(objects, results, error);
}

clf_status scenario_run_line(const scenario_host *host, const scenario_line *line, scenario_result *result,
                             clf_error *error) {
    line_objects objects = {.context = NULL};
    memset(result, 0, sizeof *result);
    clf_status status = go(host, line, &objects, result->transformed, error);
    clf_plan_destroy(objects.clone);
    clf_plan_destroy(objects.plan);
    for (int i = 0; i < MOST_OPERANDS; i++) {
        clf_tensor_release(&objects.operands[i]);
    }
    clf_context_destroy(objects.context);
    return status;
}

static clf_status warm_up(clf_context *context, clf_error *error) {
    const char *const lines[] = {"box f32 6x20 size=3"};
    TRY(clf_context_warmup(context, lines, 1, error));
    return clf_context_warmup_wait(context, error);
}

clf_status scenario_run_warmup(const scenario_host *host, scenario_result *result, clf_error *error) {
    clf_context *context = NULL;
    memset(result, 0, sizeof *result);
    clf_status status = open_context(host, &context, error);
    status = status == CLF_OK ? warm_up(context, error) : status;
    clf_context_destroy(context);
    return status;
}

/* Two entries read from text, written to the user's file, forgotten, and read from there again. */
static clf_status keep_wisdom(clf_context *context, scenario_result *result, clf_error *error) {
    const char *const text = "clfilter-wisdom 1\n"
                             "box.each 0 1 1000 0123456789abcdef box f32 6x20 size=3\n"
                             "take.rows 0 1 1000 0123456789abcdef take f32 6x20 count=3\n";
    char written[512];
    size_t taken = 0, length = 0;
    TRY(clf_wisdom_import(context, text, &taken, error));
    TRY(clf_wisdom_save(context, error));
    clf_wisdom_forget(context);
    TRY(clf_wisdom_load(context, &taken, error));
    TRY(clf_wisdom_export(context, written, sizeof written, &length, error));
    result->transformed[0] = (float)taken;
    result->transformed[1] = (float)length;
    return CLF_OK;
}

clf_status scenario_run_wisdom(const scenario_host *host, scenario_result *result, clf_error *error) {
    clf_context *context = NULL;
    memset(result, 0, sizeof *result);
    clf_status status = open_context(host, &context, error);
    status = status == CLF_OK ? keep_wisdom(context, result, error) : status;
    clf_context_destroy(context);
    return status;
}
