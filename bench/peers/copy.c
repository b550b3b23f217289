/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plain copy that reads and writes as many bytes as the problem must, half each: the floor of whatever is bound by
 * memory. On a CPU device memcpy on every thread; elsewhere the device's own copy of a buffer.
 */
#include "peers.h"

#include <clfilter/clfilter.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 256 };

typedef struct copy_state copy_state;

typedef struct copy_worker {
    copy_state *state;
    pthread_t thread;
    sem_t begin, end;
    int index;
} copy_worker;

struct copy_state {
    char *from, *to;
    size_t bytes;
    int workers; /* beside the calling thread */
    copy_worker worker[MOST_THREADS];
    bool stop;
    cl_command_queue queue; /* NULL: memcpy */
    cl_mem source, target;
};

/* Part `index` of the copy; parts begin on whole pages. */
static void copy_part(copy_state *state, int index) {
    size_t part = (state->bytes / (size_t)(state->workers + 1) + 4095) / 4096 * 4096;
    size_t first = part * (size_t)index;
    size_t count = first >= state->bytes ? 0 : state->bytes - first < part ? state->bytes - first : part;
    memcpy(state->to + first, state->from + first, count);
}

static void *work(void *argument) {
    copy_worker *worker = argument;
    copy_state *state = worker->state;
    for (;;) {
        while (sem_wait(&worker->begin) != 0)
            continue;
        if (state->stop)
            return NULL;
        copy_part(state, worker->index);
        (void)sem_post(&worker->end);
    }
}

static void close_copy(void *argument) {
    copy_state *state = argument;
    state->stop = true;
    for (int i = 0; i < state->workers; i++) {
        (void)sem_post(&state->worker[i].begin);
        (void)pthread_join(state->worker[i].thread, NULL);
        (void)sem_destroy(&state->worker[i].begin);
        (void)sem_destroy(&state->worker[i].end);
    }
    if (state->source)
        (void)clReleaseMemObject(state->source);
    if (state->target)
        (void)clReleaseMemObject(state->target);
    free(state->from);
    free(state->to);
    free(state);
}

/* As many as are wanted, or as there can be. */
static void start_workers(copy_state *state, int count) {
    while (state->workers < count && state->workers < MOST_THREADS) {
        copy_worker *worker = &state->worker[state->workers];
        *worker = (copy_worker){.state = state, .index = state->workers + 1};
        (void)sem_init(&worker->begin, 0, 0);
        (void)sem_init(&worker->end, 0, 0);
        if (pthread_create(&worker->thread, NULL, work, worker) != 0)
            return;
        state->workers++;
    }
}

static bool make_memory(copy_state *state) {
    state->from = malloc(state->bytes);
    state->to = malloc(state->bytes);
    if (!state->from || !state->to)
        return false;
    /* Every page is there before the first copy. */
    memset(state->from, 1, state->bytes);
    memset(state->to, 2, state->bytes);
    return true;
}

static bool make_buffers(copy_state *state, clf_context *context) {
    state->queue = clf_context_cl_queue(context);
    state->source = clCreateBuffer(clf_context_cl_context(context), CL_MEM_READ_WRITE, state->bytes, NULL, NULL);
    state->target = clCreateBuffer(clf_context_cl_context(context), CL_MEM_READ_WRITE, state->bytes, NULL, NULL);
    return state->source && state->target;
}

static void *open_copy(const bench_problem *problem, char *why) {
    copy_state *state = calloc(1, sizeof *state);
    if (!state) {
        (void)snprintf(why, BENCH_WHY, "no memory");
        return NULL;
    }
    bool cpu = clf_context_device(problem->context)->type == CL_DEVICE_TYPE_CPU;
    state->bytes = (size_t)(problem->bytes / 2) + 1;
    start_workers(state, cpu ? problem->threads - 1 : 0);
    if (!(cpu ? make_memory(state) : make_buffers(state, problem->context))) {
        (void)snprintf(why, BENCH_WHY, "no memory");
        close_copy(state);
        return NULL;
    }
    return state;
}

static bool execute_copy(void *argument) {
    copy_state *state = argument;
    if (state->queue)
        return clEnqueueCopyBuffer(state->queue, state->source, state->target, 0, 0, state->bytes, 0, NULL, NULL) ==
                   0 &&
               clFinish(state->queue) == 0;
    for (int i = 0; i < state->workers; i++)
        (void)sem_post(&state->worker[i].begin);
    copy_part(state, 0);
    for (int i = 0; i < state->workers; i++)
        while (sem_wait(&state->worker[i].end) != 0)
            continue;
    return true;
}

const bench_peer bench_copy = {
    .name = "copy", .library = "memcpy", .open = open_copy, .execute = execute_copy, .close = close_copy};
