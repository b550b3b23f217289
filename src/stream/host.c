/* SPDX-License-Identifier: Apache-2.0 */
/* Executing plans on host memory: the operands checked, then all at once, or slab by slab (run.c). */
#include "plan/copy.h"
#include "plan/transfer.h"
#include "plan/view.h"
#include "rt/buffer.h"
#include "rt/process.h"
#include "stream/lend.h"
#include "stream/parts.h"
#include "stream/run.h"

#include <string.h>

static bool given(const clf_array *array) {
    return array->rank != 0 || array->data != NULL;
}

/* The memory of an array as a view of no buffer, for the checks that views have. */
static clf_view view_of(const clf_array *array) {
    clf_view view = {.dtype = array->dtype, .rank = array->rank};
    memcpy(view.shape, array->shape, sizeof view.shape);
    memcpy(view.strides, array->strides, sizeof view.strides);
    return view;
}

static clf_status check_array(const clf_operand *operand, const clf_array *array, clf_array *resolved,
                              clf_error *error) {
    CLF_TRY(clf_array_resolve(array, operand->name, resolved, error));
    if (resolved->dtype != operand->view.dtype)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: the array is %s; the plan was made for %s", operand->name,
                        clf_dtype_name(resolved->dtype), clf_dtype_name(operand->view.dtype));
    const clf_view view = view_of(resolved);
    CLF_TRY(clf_view_check_shape(&view, operand->name, operand->view.rank, operand->view.shape, error));
    return operand->output ? clf_view_check_distinct(&view, operand->name, error) : CLF_OK;
}

/* Every output apart from every other operand. */
static clf_status check_apart(const clf_plan *plan, const clf_host_operands *host, clf_error *error) {
    for (int i = 0; i < plan->operand_count; i++)
        for (int j = 0; j < plan->operand_count; j++) {
            const clf_array *a = &host->arrays[i], *b = &host->arrays[j];
            if (i == j || a->rank == 0 || b->rank == 0 || !plan->operands[i].output)
                continue;
            const clf_view left = view_of(a), right = view_of(b);
            if (!clf_views_apart(&left, (int64_t)(uintptr_t)a->data, &right, (int64_t)(uintptr_t)b->data))
                return clf_fail(error, CLF_OVERLAP, "%s overlaps %s in memory; expected memory of its own",
                                plan->operands[i].name, plan->operands[j].name);
        }
    return CLF_OK;
}

static clf_status check(const clf_plan *plan, const clf_host_desc *desc, clf_host_operands *host, clf_error *error) {
    const char *function = "clf_execute_host";
    if (plan == NULL || desc == NULL || (desc->arrays == NULL && desc->array_count > 0))
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        plan == NULL   ? "plan"
                        : desc == NULL ? "desc"
                                       : "arrays");
    CLF_TRY(clf_process_check(plan->process, "plan", error));
    if (desc->array_count > (size_t)plan->operand_count)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: %zu arrays for a plan of %d operands", function,
                        desc->array_count, plan->operand_count);
    *host = (clf_host_operands){.desc = desc};
    for (int i = 0; i < plan->operand_count; i++) {
        const clf_operand *operand = &plan->operands[i];
        bool array = (size_t)i < desc->array_count && given(&desc->arrays[i]);
        bool reads = !operand->output || operand->updated;
        bool function_given = (!reads || desc->read != NULL) && (!operand->output || desc->write != NULL);
        if (operand->view.rank == 0)
            continue;
        if (array && plan->stream != NULL && operand->whole)
            return clf_fail(error, CLF_INVALID_VALUE, "%s: %s is in device memory; expected no array", function,
                            operand->name);
        if (array)
            CLF_TRY(check_array(operand, &desc->arrays[i], &host->arrays[i], error));
        else if (operand->view.buffer == NULL && !function_given && !clf_view_empty(&operand->view))
            return clf_fail(error, CLF_NULL_ARGUMENT,
                            "%s: %s is not given: it has no buffer, no array, and no function to %s it", function,
                            operand->name,
                            !operand->output   ? "read"
                            : operand->updated ? "read and write"
                                               : "write");
    }
    return check_apart(plan, host, error);
}

/* True if an operand is in the caller's memory when a plan is executed whole. */
static bool on_host(const clf_plan *plan, const clf_host_operands *host, int operand) {
    const clf_view *view = &plan->operands[operand].view;
    return !clf_view_empty(view) && (view->buffer == NULL || host->arrays[operand].rank != 0);
}

/* The buffers of one execution: the plan's, those made for it, and arrays lent to it, which stay where they are. */
typedef struct whole_buffers {
    cl_mem used[CLF_MAX_OPERANDS];
    cl_mem made[CLF_MAX_OPERANDS]; /* and lent ones */
    bool lent[CLF_MAX_OPERANDS];
} whole_buffers;

/* Copies a whole operand to its buffer, or back from it. */
static clf_status move(clf_plan *plan, const clf_host_operands *host, int operand, cl_mem buffer, bool back,
                       clf_error *error) {
    clf_view view = plan->operands[operand].view;
    view.buffer = buffer;
    bool whole = clf_view_is_dense(&view);
    cl_map_flags flags = back ? CL_MAP_READ : whole ? CL_MAP_WRITE_INVALIDATE_REGION : CL_MAP_READ | CL_MAP_WRITE;
    void *memory;
    char *elements;
    CLF_TRY(clf_view_map(plan->context, &view, flags, &memory, &elements, error));
    const clf_part part = {operand, 0, 0, view.shape[0]};
    const clf_array array = clf_stream_rows(&view, elements, 0, 0, view.shape[0]);
    clf_status status = (back ? clf_host_write : clf_host_read)(host, &part, &array, error);
    clf_status unmapped = clf_buffer_unmap(plan->context, buffer, memory, status == CLF_OK ? error : NULL);
    return status != CLF_OK ? status : unmapped;
}

/* Maps a lent output where it lies once `done`, as OpenCL wants it to be read there, and unmaps it again. */
static clf_status show(clf_plan *plan, int operand, cl_mem buffer, cl_event done, clf_error *error) {
    const clf_view *view = &plan->operands[operand].view;
    const size_t bytes = (size_t)(clf_view_reach(view).last + 1) * clf_dtype_bytes(view->dtype);
    const cl_command_queue queue = plan->context->queue;
    void *memory;
    cl_event shown = NULL, hidden = NULL;
    CLF_TRY(clf_buffer_map_begin(queue, buffer, CL_MAP_READ, bytes, done, &memory, &shown, error));
    clf_status status = clf_buffer_unmap_begin(queue, buffer, memory, shown, &hidden, error);
    clf_event_release(shown);
    clf_event_release(hidden);
    return status;
}

/* The same for all of them. */
static clf_status show_lent(clf_plan *plan, const whole_buffers *buffers, cl_event done, clf_error *error) {
    for (int i = 0; i < plan->operand_count; i++)
        if (plan->operands[i].output && buffers->lent[i])
            CLF_TRY(show(plan, i, buffers->used[i], done, error));
    return CLF_OK;
}

/* Waits for what was enqueued, and says that all is done. */
static clf_status finish(const clf_plan *plan, const clf_host_operands *host, clf_error *error) {
    CLF_TRY(clf_context_finish(plan->context, error));
    if (host->desc->progress != NULL)
        host->desc->progress(host->desc->user, 1, 1);
    return CLF_OK;
}

static clf_status execute_whole(clf_plan *plan, const clf_host_operands *host, const whole_buffers *buffers,
                                clf_error *error) {
    for (int i = 0; i < plan->operand_count; i++)
        if ((!plan->operands[i].output || plan->operands[i].updated) && on_host(plan, host, i) && !buffers->lent[i])
            CLF_TRY(move(plan, host, i, buffers->used[i], false, error));
    const clf_execute_desc desc = {.buffers = buffers->used, .buffer_count = (size_t)plan->operand_count};
    cl_event done = NULL;
    CLF_TRY(clf_execute(plan, &desc, &done, error));
    clf_status status = show_lent(plan, buffers, done, error);
    clf_event_release(done);
    CLF_TRY(status);
    CLF_TRY(clf_plan_check(plan, error));
    for (int i = 0; i < plan->operand_count; i++)
        if (plan->operands[i].output && on_host(plan, host, i) && !buffers->lent[i])
            CLF_TRY(move(plan, host, i, buffers->used[i], true, error));
    return finish(plan, host, error);
}

/* Makes a buffer that a view without one fits into. */
static clf_status make_buffer(clf_context *context, const clf_view *view, cl_mem *buffer, clf_error *error) {
    clf_reach reach = clf_view_reach(view);
    if (reach.first < 0)
        return clf_fail(error, CLF_OUT_OF_BOUNDS, "the view reaches before the beginning of its buffer");
    return clf_buffer_create(context, clf_bytes(reach.last + 1, clf_dtype_bytes(view->dtype)), NULL, buffer, error);
}

/* An operand's own buffer or, where it has none, its array itself if the device can use it, else a new buffer. */
static clf_status find_buffer(clf_plan *plan, const clf_host_operands *host, int operand, whole_buffers *buffers,
                              clf_error *error) {
    const clf_operand *it = &plan->operands[operand];
    cl_mem *made = &buffers->made[operand];
    if (on_host(plan, host, operand) && it->view.buffer == NULL) {
        CLF_TRY(clf_lend_whole(plan->context, &it->view, &host->arrays[operand], it->output, made, error));
        buffers->lent[operand] = *made != NULL;
        if (*made == NULL)
            CLF_TRY(make_buffer(plan->context, &it->view, made, error));
    }
    buffers->used[operand] = it->view.buffer ? it->view.buffer : *made;
    return CLF_OK;
}

static clf_status run_whole(clf_plan *plan, const clf_host_operands *host, clf_error *error) {
    whole_buffers buffers = {0};
    clf_status status = CLF_OK;
    if (clf_operands_idle(plan->operand_count, plan->operands))
        return finish(plan, host, error);
    for (int i = 0; i < plan->operand_count && status == CLF_OK; i++)
        status = find_buffer(plan, host, i, &buffers, error);
    if (status == CLF_OK)
        status = execute_whole(plan, host, &buffers, error);
    /* Arrays are the caller's again, whatever was enqueued before it failed. */
    const clf_status finished = status != CLF_OK ? clf_context_finish(plan->context, NULL) : CLF_OK;
    (void)finished;
    for (int i = 0; i < plan->operand_count; i++)
        clf_buffer_release(buffers.made[i]);
    return status;
}

clf_status clf_execute_host(clf_plan *plan, const clf_host_desc *desc, clf_error *error) {
    clf_host_operands host;
    CLF_TRY(check(plan, desc, &host, error));
    return plan->stream != NULL ? clf_stream_run(plan, &host, error) : run_whole(plan, &host, error);
}

clf_status clf_array_copy(const clf_array *from, const clf_array *to, clf_error *error) {
    const char *function = "clf_array_copy";
    if (from == NULL || to == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function, from == NULL ? "from" : "to");
    clf_array source, target;
    CLF_TRY(clf_array_resolve(from, "from", &source, error));
    CLF_TRY(clf_array_resolve(to, "to", &target, error));
    if (source.dtype != target.dtype)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: from is %s, to is %s; expected the same", function,
                        clf_dtype_name(source.dtype), clf_dtype_name(target.dtype));
    const clf_view left = view_of(&target), right = view_of(&source);
    CLF_TRY(clf_view_check_shape(&left, "to", source.rank, source.shape, error));
    CLF_TRY(clf_view_check_distinct(&left, "to", error));
    if (!clf_views_apart(&left, (int64_t)(uintptr_t)target.data, &right, (int64_t)(uintptr_t)source.data))
        return clf_fail(error, CLF_OVERLAP, "%s: from and to overlap in memory", function);
    clf_copy_strided(target.rank, target.shape, clf_dtype_bytes(target.dtype), target.data, target.strides, source.data,
                     source.strides);
    return CLF_OK;
}
