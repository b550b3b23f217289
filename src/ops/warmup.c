/* SPDX-License-Identifier: Apache-2.0 */
/* Warming up: problems planned and executed once, on a thread of the context's own. */
#include "base/alloc.h"
#include "rt/process.h"
#include "rt/slot.h"

#include <clfilter/line.h>
#include <clfilter/ops.h>

#include <stdlib.h>
#include <string.h>

typedef struct warmup_line {
    struct warmup_line *next;
    char text[]; /* zero-terminated */
} warmup_line;

/* Made with the first line and kept while the context lives; guarded by its own lock. */
typedef struct clf_warmup {
    clf_context *context;
    pthread_mutex_t lock;
    pthread_cond_t idle; /* nothing is left to do */
    pthread_t thread;
    bool started, working; /* started: the thread is to be joined */
    warmup_line *first, *last;
    clf_error failure; /* the first since the last wait; CLF_OK: none */
} clf_warmup;

/* Bytes of all operands together; 0 where they are too many to make for this. */
static size_t operand_bytes(const clf_context *context, const clf_plan *plan) {
    double total = 0;
    for (size_t i = 0; i < clf_plan_operand_count(plan); i++) {
        clf_plan_operand_info info;
        if (clf_plan_operand(plan, i, &info, NULL) != CLF_OK)
            return 0;
        double extent = 1;
        if (clf_view_count(&info.view) == 0)
            continue;
        for (int axis = 0; axis < info.view.rank; axis++)
            extent += (double)(info.view.shape[axis] - 1) * (double)llabs(info.view.strides[axis]);
        extent *= (double)clf_dtype_bytes(info.view.dtype);
        if (extent > (double)context->info.max_alloc_bytes)
            return 0;
        total += extent;
    }
    return total <= (double)context->info.global_bytes / 4 ? (size_t)total : 0;
}

/* A buffer that holds every element of an operand; none for one without elements. */
static clf_status make_buffer(clf_context *context, const clf_view *view, clf_view *made, clf_error *error) {
    int64_t elements = 1;
    if (clf_view_count(view) == 0)
        return CLF_OK;
    for (int axis = 0; axis < view->rank; axis++)
        elements += (view->shape[axis] - 1) * llabs(view->strides[axis]);
    return clf_tensor_create(context, view->dtype, 1, &elements, made, error);
}

static clf_status execute_once(clf_context *context, clf_plan *plan, clf_error *error) {
    enum { MOST_OPERANDS = 16 };
    clf_view made[MOST_OPERANDS] = {{.rank = 0}};
    cl_mem buffers[MOST_OPERANDS] = {NULL};
    size_t count = clf_plan_operand_count(plan);
    clf_status status = CLF_OK;
    for (size_t i = 0; status == CLF_OK && i < count && i < MOST_OPERANDS; i++) {
        clf_plan_operand_info info;
        status = clf_plan_operand(plan, i, &info, error);
        if (status == CLF_OK)
            status = make_buffer(context, &info.view, &made[i], error);
        buffers[i] = made[i].buffer;
    }
    const clf_execute_desc desc = {.buffers = buffers, .buffer_count = count};
    if (status == CLF_OK)
        status = clf_execute(plan, &desc, NULL, error);
    if (status == CLF_OK)
        status = clf_context_finish(context, error);
    for (size_t i = 0; i < count && i < MOST_OPERANDS; i++)
        clf_tensor_release(&made[i]);
    return status;
}

static clf_status warm_up(clf_context *context, const char *line, clf_error *error) {
    clf_plan *plan = NULL;
    CLF_TRY(clf_plan_from_line(context, line, NULL, &plan, error));
    clf_status status = operand_bytes(context, plan) > 0 ? execute_once(context, plan, error) : CLF_OK;
    clf_plan_destroy(plan);
    return status;
}

/* Takes lines until there are none left. */
static void *work(void *argument) {
    clf_warmup *warmup = argument;
    pthread_mutex_lock(&warmup->lock);
    for (warmup_line *line; (line = warmup->first) != NULL;) {
        warmup->first = line->next;
        pthread_mutex_unlock(&warmup->lock);
        clf_error error = {0};
        if (warm_up(warmup->context, line->text, &error) != CLF_OK)
            clf_log(warmup->context, CLF_LOG_WARNING, "not warmed up: %s: %s", line->text, error.message);
        free(line);
        pthread_mutex_lock(&warmup->lock);
        if (warmup->failure.code == CLF_OK)
            warmup->failure = error;
    }
    warmup->working = false;
    pthread_cond_broadcast(&warmup->idle);
    pthread_mutex_unlock(&warmup->lock);
    return NULL;
}

static void free_lines(warmup_line *line) {
    while (line != NULL) {
        warmup_line *next = line->next;
        free(line);
        line = next;
    }
}

/* Ends with the line at work. */
static void release(void *object) {
    clf_warmup *warmup = object;
    pthread_mutex_lock(&warmup->lock);
    free_lines(warmup->first);
    warmup->first = NULL;
    bool started = warmup->started;
    pthread_mutex_unlock(&warmup->lock);
    if (started)
        pthread_join(warmup->thread, NULL);
    pthread_cond_destroy(&warmup->idle);
    pthread_mutex_destroy(&warmup->lock);
    free(warmup);
}

static const clf_slot slot = {release, true};

static clf_status create(clf_context *context, clf_warmup **out, clf_error *error) {
    clf_warmup *warmup;
    CLF_TRY(clf_allocate(&warmup, 1, sizeof *warmup, error));
    warmup->context = context;
    if (pthread_mutex_init(&warmup->lock, NULL) != 0) {
        free(warmup);
        return clf_fail(error, CLF_OUT_OF_MEMORY, "clf_context_warmup: could not create a lock");
    }
    if (pthread_cond_init(&warmup->idle, NULL) != 0) {
        pthread_mutex_destroy(&warmup->lock);
        free(warmup);
        return clf_fail(error, CLF_OUT_OF_MEMORY, "clf_context_warmup: could not create a condition variable");
    }
    *out = warmup;
    return CLF_OK;
}

/* The context's warm-up; made where there is none and `make`. */
static clf_status find(clf_context *context, bool make, clf_warmup **found, clf_error *error) {
    clf_status status = CLF_OK;
    pthread_mutex_lock(&context->lock);
    *found = clf_slot_get(context, &slot);
    if (*found == NULL && make) {
        status = create(context, found, error);
        if (status == CLF_OK && (status = clf_slot_put(context, &slot, *found, error)) != CLF_OK)
            release(*found);
    }
    pthread_mutex_unlock(&context->lock);
    return status;
}

static clf_status copy_lines(const char *const *lines, size_t count, warmup_line **first, warmup_line **last,
                             clf_error *error) {
    *first = *last = NULL;
    for (size_t i = 0; i < count; i++) {
        warmup_line *line = NULL;
        clf_status status = lines[i] != NULL
                                ? clf_allocate(&line, 1, sizeof *line + strlen(lines[i]) + 1, error)
                                : clf_fail(error, CLF_NULL_ARGUMENT, "clf_context_warmup: lines[%zu] is NULL", i);
        if (status != CLF_OK) {
            free_lines(*first);
            return status;
        }
        memcpy(line->text, lines[i], strlen(lines[i]) + 1);
        if (*first == NULL)
            *first = line;
        else
            (*last)->next = line;
        *last = line;
    }
    return CLF_OK;
}

/* Starts the thread where none is at work; the caller holds the warm-up's lock. */
static clf_status start(clf_warmup *warmup, clf_error *error) {
    if (warmup->working)
        return CLF_OK;
    if (warmup->started) /* it has ended, or does so without the lock */
        pthread_join(warmup->thread, NULL);
    warmup->started = warmup->working = pthread_create(&warmup->thread, NULL, work, warmup) == 0;
    return warmup->started ? CLF_OK
                           : clf_fail(error, CLF_OUT_OF_MEMORY, "clf_context_warmup: could not start a thread");
}

/* Adds lines behind those that wait, and sees to it that a thread takes them. */
static clf_status add(clf_warmup *warmup, warmup_line *first, warmup_line *last, clf_error *error) {
    pthread_mutex_lock(&warmup->lock);
    clf_status status = start(warmup, error);
    if (status == CLF_OK && warmup->first == NULL)
        warmup->first = first;
    else if (status == CLF_OK)
        warmup->last->next = first;
    if (status == CLF_OK)
        warmup->last = last;
    else
        free_lines(first);
    pthread_mutex_unlock(&warmup->lock);
    return status;
}

clf_status clf_context_warmup(clf_context *context, const char *const *lines, size_t count, clf_error *error) {
    if (context == NULL || (lines == NULL && count > 0))
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_context_warmup: %s is NULL",
                        context == NULL ? "context" : "lines");
    CLF_TRY(clf_process_check(context->process, "context", error));
    clf_warmup *warmup;
    warmup_line *first, *last;
    CLF_TRY(copy_lines(lines, count, &first, &last, error));
    if (first == NULL)
        return CLF_OK;
    clf_status status = find(context, true, &warmup, error);
    if (status != CLF_OK) {
        free_lines(first);
        return status;
    }
    return add(warmup, first, last, error);
}

clf_status clf_context_warmup_wait(clf_context *context, clf_error *error) {
    if (context == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_context_warmup_wait: context is NULL");
    CLF_TRY(clf_process_check(context->process, "context", error));
    clf_warmup *warmup;
    CLF_TRY(find(context, false, &warmup, error));
    if (warmup == NULL)
        return CLF_OK;
    pthread_mutex_lock(&warmup->lock);
    while (warmup->working)
        pthread_cond_wait(&warmup->idle, &warmup->lock);
    clf_error failure = warmup->failure;
    warmup->failure = (clf_error){0};
    pthread_mutex_unlock(&warmup->lock);
    if (failure.code != CLF_OK && error != NULL)
        *error = failure;
    return failure.code;
}
