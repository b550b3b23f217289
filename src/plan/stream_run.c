/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running a streamed plan. Each lane is a thread with buffers of its own, which takes the next tile, reads it, has it
 * computed and writes it; tiles are read one at a time and written one at a time, both in order, so that with three lanes
 * one is read, one computed and one written at any moment.
 *
 * A lane's buffers are mapped for the host except while the device works on them. They are mapped again in the same
 * breath in which a tile is enqueued: on a CPU, whose threads run maps and kernels alike, a map that came later would
 * wait behind the next lane's kernel.
 */
#include "plan/stream.h"
#include "rt/buffer.h"

#include <pthread.h>
#include <string.h>

typedef struct run {
    clf_plan *plan;
    const clf_host_operands *host;
    cl_command_queue upload, download; /* the context's own on a CPU, where transfers are nothing */
    pthread_mutex_t reading, device, lock;
    pthread_cond_t turned;
    int64_t next; /* tile to be read; guarded by `reading` */
    int64_t turn; /* tile to be written; guarded by `lock`, as what follows */
    bool failed;
    clf_status status;
    clf_error error; /* the first failure */
} run;

typedef struct lane {
    run *run;
    int index;
    bool started;
    pthread_t thread;
    void *memory[CLF_MAX_OPERANDS]; /* NULL: not mapped */
    cl_event mapped[CLF_MAX_OPERANDS];
} lane;

static bool is_output(const lane *l, int operand) {
    return l->run->plan->operands[operand].output;
}

static const clf_view *tile_of(const lane *l, int operand) {
    return &l->run->plan->stream->tile[operand];
}

static cl_command_queue queue_of(const lane *l, int operand) {
    return is_output(l, operand) ? l->run->download : l->run->upload;
}

static clf_status map_operand(lane *l, int operand, cl_event after, clf_error *error) {
    const clf_view *tile = tile_of(l, operand);
    size_t bytes = (size_t)clf_view_count(tile) * clf_dtype_bytes(tile->dtype);
    return clf_buffer_map_begin(queue_of(l, operand), l->run->plan->stream->buffers[l->index][operand],
                                is_output(l, operand) ? CL_MAP_READ : CL_MAP_WRITE_INVALIDATE_REGION, bytes, after,
                                &l->memory[operand], &l->mapped[operand], error);
}

static clf_status unmap_operand(lane *l, int operand, cl_event *event, clf_error *error) {
    void *memory = l->memory[operand];
    l->memory[operand] = NULL;
    return clf_buffer_unmap_begin(queue_of(l, operand), l->run->plan->stream->buffers[l->index][operand], memory, event,
                                  error);
}

/* Waits until the inputs, or the outputs, can be looked at. */
static clf_status wait_mapped(lane *l, bool outputs, clf_error *error) {
    for (int i = 0; i < l->run->plan->operand_count; i++)
        if (is_output(l, i) == outputs)
            CLF_TRY(clf_event_finish(&l->mapped[i], error));
    return CLF_OK;
}

static int64_t first_output(const clf_stream_info *info, int64_t tile) {
    int64_t first = tile * info->tile, last = info->outputs - info->tile;
    return first < last ? first : last;
}

/* Takes the next tile, if there is one, and reads it. */
static clf_status read_tile(lane *l, int64_t *tile, clf_error *error) {
    const clf_stream *stream = l->run->plan->stream;
    *tile = stream->info.tiles;
    CLF_TRY(wait_mapped(l, false, error));
    clf_status status = CLF_OK;
    pthread_mutex_lock(&l->run->reading);
    pthread_mutex_lock(&l->run->lock);
    bool failed = l->run->failed;
    pthread_mutex_unlock(&l->run->lock);
    if (!failed && l->run->next < stream->info.tiles) {
        *tile = l->run->next++;
        int64_t first = stream->cut.step * first_output(&stream->info, *tile) + stream->cut.start;
        for (int i = 0; i < l->run->plan->operand_count && status == CLF_OK; i++)
            if (l->memory[i] != NULL && !is_output(l, i))
                status = clf_stream_gather(l->run->plan, l->run->host, i, first, l->memory[i], error);
    }
    pthread_mutex_unlock(&l->run->reading);
    return status;
}

/* Executes the tile's plan once the lane's buffers are unmapped, and maps them again behind it. */
static clf_status enqueue_tile(lane *l, cl_event *unmapped, clf_error *error) {
    clf_plan *plan = l->run->plan, *tile_plan = plan->stream->tile_plan;
    cl_uint waits = 0;
    for (int i = 0; i < plan->operand_count; i++)
        if (l->memory[i] != NULL)
            CLF_TRY(unmap_operand(l, i, &unmapped[waits++], error));
    CLF_TRY(clf_queue_flush(l->run->upload, error));
    CLF_TRY(clf_queue_flush(l->run->download, error));
    if (plan->context->out_of_order) /* tiles share the plan's scratch */
        CLF_TRY(clf_queue_barrier(plan->context, 0, NULL, NULL, error));
    const clf_execute_desc desc = {plan->stream->buffers[l->index], (size_t)plan->operand_count, unmapped, waits};
    cl_event done = NULL;
    CLF_TRY(clf_execute(tile_plan, &desc, &done, error));
    clf_status status = clf_queue_flush(plan->context->queue, error);
    for (int outputs = 1; outputs >= 0; outputs--)
        for (int i = 0; i < plan->operand_count && status == CLF_OK; i++)
            if (tile_of(l, i)->rank != 0 && is_output(l, i) == (outputs == 1))
                status = map_operand(l, i, done, error);
    clf_event_release(done);
    if (status == CLF_OK)
        status = clf_queue_flush(l->run->upload, error);
    return status == CLF_OK ? clf_queue_flush(l->run->download, error) : status;
}

static clf_status compute_tile(lane *l, clf_error *error) {
    cl_event unmapped[CLF_MAX_OPERANDS] = {NULL};
    pthread_mutex_lock(&l->run->device);
    clf_status status = enqueue_tile(l, unmapped, error);
    pthread_mutex_unlock(&l->run->device);
    for (int i = 0; i < CLF_MAX_OPERANDS; i++)
        clf_event_release(unmapped[i]);
    return status == CLF_OK ? wait_mapped(l, true, error) : status;
}

/* Waits for a tile's turn to be written; false where there is nothing more to be done. */
static bool wait_turn(run *r, int64_t tile) {
    pthread_mutex_lock(&r->lock);
    while (!r->failed && r->turn != tile)
        pthread_cond_wait(&r->turned, &r->lock);
    bool go = !r->failed;
    pthread_mutex_unlock(&r->lock);
    return go;
}

static void end_turn(run *r) {
    pthread_mutex_lock(&r->lock);
    r->turn++;
    pthread_cond_broadcast(&r->turned);
    pthread_mutex_unlock(&r->lock);
}

/* Writes the outputs of a tile that the tile before it has not. */
static clf_status write_tile(lane *l, int64_t tile, clf_error *error) {
    const clf_stream *stream = l->run->plan->stream;
    const clf_stream_info *info = &stream->info;
    const clf_host_desc *desc = l->run->host->desc;
    int64_t first = tile * info->tile, skipped = first - first_output(info, tile), count = info->tile - skipped;
    for (int i = 0; i < l->run->plan->operand_count; i++) {
        if (l->memory[i] == NULL || !is_output(l, i))
            continue;
        const clf_part part = {i, info->axis, first, count};
        clf_array from =
            clf_stream_rows(&stream->tile[i], l->memory[i], info->axis, stream->cut.margin + skipped, count);
        CLF_TRY(clf_host_write(l->run->host, &part, &from, error));
    }
    if (desc->progress != NULL)
        desc->progress(desc->user, first + count, info->outputs);
    return CLF_OK;
}

static clf_status work(lane *l, clf_error *error) {
    for (int i = 0; i < l->run->plan->operand_count; i++)
        if (tile_of(l, i)->rank != 0 && !is_output(l, i))
            CLF_TRY(map_operand(l, i, NULL, error));
    for (;;) {
        int64_t tile;
        CLF_TRY(read_tile(l, &tile, error));
        if (tile == l->run->plan->stream->info.tiles)
            return CLF_OK;
        CLF_TRY(compute_tile(l, error));
        if (!wait_turn(l->run, tile))
            return CLF_OK;
        CLF_TRY(write_tile(l, tile, error));
        end_turn(l->run);
    }
}

/* Remembers the first failure, and lets the others know. */
static void note(run *r, clf_status status, const clf_error *error) {
    if (status == CLF_OK)
        return;
    pthread_mutex_lock(&r->lock);
    if (!r->failed) {
        r->failed = true;
        r->status = status;
        r->error = *error;
    }
    pthread_cond_broadcast(&r->turned);
    pthread_mutex_unlock(&r->lock);
}

/* Takes the lane's buffers out of the host's hands, whatever has failed before. */
static void unmap_all(lane *l) {
    clf_error error = {0};
    for (int i = 0; i < l->run->plan->operand_count; i++) {
        cl_event unmapped = NULL;
        note(l->run, clf_event_finish(&l->mapped[i], &error), &error);
        if (l->memory[i] != NULL)
            note(l->run, unmap_operand(l, i, &unmapped, &error), &error);
        note(l->run, clf_event_finish(&unmapped, &error), &error);
    }
}

static void *run_lane(void *argument) {
    lane *l = argument;
    clf_error error = {0};
    note(l->run, work(l, &error), &error);
    unmap_all(l);
    return NULL;
}

static clf_status run_lanes(run *r, clf_error *error) {
    lane lanes[CLF_STREAM_LANES];
    int count = r->host->desc->serial ? 1 : r->plan->stream->info.lanes;
    memset(lanes, 0, sizeof lanes);
    for (int i = 0; i < count; i++) {
        lanes[i].run = r;
        lanes[i].index = i;
        /* A thread that cannot be had is one lane less. */
        lanes[i].started = i > 0 && pthread_create(&lanes[i].thread, NULL, run_lane, &lanes[i]) == 0;
    }
    run_lane(&lanes[0]);
    for (int i = 1; i < count; i++)
        if (lanes[i].started)
            pthread_join(lanes[i].thread, NULL);
    if (r->failed && error != NULL)
        *error = r->error;
    return r->failed ? r->status : CLF_OK;
}

static clf_status open_queues(run *r, clf_error *error) {
    clf_context *context = r->plan->context;
    r->upload = r->download = context->queue;
    if (clf_context_is_cpu(context))
        return CLF_OK;
    r->upload = r->download = NULL;
    CLF_TRY(clf_queue_open(context, &r->upload, error));
    return clf_queue_open(context, &r->download, error);
}

static void close_queues(run *r) {
    if (clf_context_is_cpu(r->plan->context))
        return;
    clf_queue_close(r->upload);
    clf_queue_close(r->download);
}

clf_status clf_stream_run(clf_plan *plan, const clf_host_operands *host, clf_error *error) {
    run r = {.plan = plan, .host = host};
    if (pthread_mutex_init(&r.reading, NULL) != 0 || pthread_mutex_init(&r.device, NULL) != 0 ||
        pthread_mutex_init(&r.lock, NULL) != 0 || pthread_cond_init(&r.turned, NULL) != 0)
        return clf_fail(error, CLF_OUT_OF_MEMORY, "could not make a lock");
    clf_status status = open_queues(&r, error);
    if (status == CLF_OK)
        status = run_lanes(&r, error);
    close_queues(&r);
    pthread_cond_destroy(&r.turned);
    pthread_mutex_destroy(&r.lock);
    pthread_mutex_destroy(&r.device);
    pthread_mutex_destroy(&r.reading);
    return status;
}
