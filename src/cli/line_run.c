/* SPDX-License-Identifier: Apache-2.0 */
/* line_run.c: buffers for plans made from problem lines, and their executions timed. */
#include "line_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compare_doubles(const void *a, const void *b) {
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A buffer for an operand, floats from 0 to 1 in it, indices and other integers small. */
static bool make_operand(clf_context *context, const clf_view *view, clf_view *made, clf_error *reason) {
    int64_t elements = 1;
    for (int axis = 0; axis < view->rank; axis++)
        elements += (view->shape[axis] - 1) * llabs(view->strides[axis]);
    if (clf_tensor_create(context, view->dtype, 1, &elements, made, reason))
        return false;
    const bool real = view->dtype == CLF_F32 || view->dtype == CLF_F64;
    void *data = calloc((size_t)elements, clf_dtype_bytes(view->dtype));
    if (!data) {
        *reason = (clf_error){.code = CLF_OUT_OF_MEMORY};
        snprintf(reason->message, sizeof reason->message, "no memory for %lld elements", (long long)elements);
        return false;
    }
    for (int64_t i = 0; real && i < elements; i++) {
        const double value = (double)(i * 2654435761U % 1000) / 1000;
        if (view->dtype == CLF_F32)
            ((float *)data)[i] = (float)value;
        else
            ((double *)data)[i] = value;
    }
    const clf_array array = {.data = data, .dtype = view->dtype, .rank = 1, .shape = {elements}};
    const bool ok = !clf_upload(context, &array, made, reason);
    free(data);
    return ok;
}

bool line_buffers_make(clf_context *context, const clf_plan *plan, line_buffers *buffers, clf_error *reason) {
    *buffers = (line_buffers){.buffers = {NULL}};
    const size_t count = clf_plan_operand_count(plan);
    bool ok = true;
    for (size_t i = 0; ok && i < count && i < LINE_OPERANDS; i++) {
        clf_plan_operand_info info;
        ok = !clf_plan_operand(plan, i, &info, reason) &&
             (clf_view_count(&info.view) == 0 || make_operand(context, &info.view, &buffers->made[i], reason));
        buffers->buffers[i] = buffers->made[i].buffer;
    }
    return ok;
}

void line_buffers_release(line_buffers *buffers) {
    for (size_t i = 0; i < LINE_OPERANDS; i++)
        clf_tensor_release(&buffers->made[i]);
}

bool line_execute(clf_context *context, clf_plan *plan, const line_buffers *buffers, double *seconds,
                  clf_error *reason) {
    const clf_execute_desc desc = {.buffers = buffers->buffers, .buffer_count = clf_plan_operand_count(plan)};
    const double start = now_seconds();
    const bool ok = !clf_execute(plan, &desc, NULL, reason) && !clf_context_finish(context, reason);
    *seconds = now_seconds() - start;
    return ok;
}

bool line_fail(const char *command, const char *line, const clf_error *reason, cli_error *error) {
    const char *sentence = cli_plain(reason->message);
    return reason->code == CLF_PARSE_ERROR
               ? cli_misuse(error, "%s: %s; 'clfilter lines' explains lines", command, sentence)
               : cli_fail(error, "%s: %s", line, sentence);
}

double line_median(double *seconds, int count) {
    qsort(seconds, (size_t)count, sizeof *seconds, compare_doubles);
    return (seconds[(count - 1) / 2] + seconds[count / 2]) / 2;
}

void line_solver(const clf_plan *plan, char *name, int size) {
    const char *description = clf_plan_describe(plan) + 1;
    snprintf(name, (size_t)size, "%.*s", (int)strcspn(description, " )"), description);
}
