/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running a streamed plan. Each lane is a thread with buffers of its own on one of the devices, which takes the next
 * tile, reads it, has it computed and writes it: with three lanes one is read, one computed and one written at any
 * moment. Where functions read or write, they are called for one tile at a time, in order; arrays are read and written
 * by every lane.
 *
 * A lane's buffers are mapped for the host except while the device works on them. They are mapped again in the same
 * breath in which a tile is enqueued: on a CPU, whose threads run maps and kernels alike, a map that came later would
 * wait behind the next lane's kernel. Arrays that a CPU can use where they lie (stream_lend.c) take the buffers' place.
 */
#include "plan/stream.h"
#include "plan/stream_axis.h"
#include "plan/view.h"
#include "rt/buffer.h"

#include <pthread.h>
#include <string.h>

/* A device while it works on a stream. */
typedef struct device_run {
    clf_context *context;
    clf_plan *tile_plan;
    cl_command_queue upload, download; /* the context's own on a CPU, where transfers are nothing */
    pthread_mutex_t lock;              /* one lane enqueues at a time: PoCL's basic driver deadlocks otherwise */
} device_run;

typedef struct run {
    clf_plan *plan;
    const clf_host_operands *host;
    bool ordered[2]; /* whether inputs are read, and outputs written, by functions: one tile at a time, in order */
    int device_count;
    device_run devices[CLF_MOST_DEVICES];
    pthread_mutex_t reading; /* held while a tile is read by functions */
    pthread_mutex_t lock;    /* guards the rest */
    pthread_cond_t turned;
    int64_t next; /* tile to be read */
    int64_t turn; /* tile to be written, where that is in order */
    int64_t done; /* outputs written */
    bool failed;
    clf_status status;
    clf_error error; /* the first failure */
} run;

typedef struct lane {
    run *run;
    device_run *device;
    cl_mem *buffers;
    bool started;
    pthread_t thread;
    void *memory[CLF_MAX_OPERANDS]; /* NULL: not mapped */
    cl_event mapped[CLF_MAX_OPERANDS];
    cl_mem lent[CLF_MAX_OPERANDS]; /* the tile in the host's array; NULL: it is copied */
} lane;

static bool is_output(const lane *l, int operand) {
    return l->run->plan->operands[operand].output;
}

static const clf_view *tile_of(const lane *l, int operand) {
    return &l->run->plan->stream->tile[operand];
}

static cl_command_queue queue_of(const lane *l, int operand) {
    return is_output(l, operand) ? l->device->download : l->device->upload;
}

static clf_status map_operand(lane *l, int operand, cl_event after, clf_error *error) {
    size_t bytes = clf_view_bytes(tile_of(l, operand));
    return clf_buffer_map_begin(queue_of(l, operand), l->buffers[operand],
                                is_output(l, operand) ? CL_MAP_READ : CL_MAP_WRITE_INVALIDATE_REGION, bytes, after,
                                &l->memory[operand], &l->mapped[operand], error);
}

static clf_status unmap_operand(lane *l, int operand, cl_event *event, clf_error *error) {
    void *memory = l->memory[operand];
    l->memory[operand] = NULL;
    return clf_buffer_unmap_begin(queue_of(l, operand), l->buffers[operand], memory, l->mapped[operand], event, error);
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

/* Takes the next tile; the number of tiles where there is none, or something has failed. */
static int64_t take_tile(run *r) {
    pthread_mutex_lock(&r->lock);
    int64_t tiles = r->plan->stream->info.tiles, tile = r->failed || r->next == tiles ? tiles : r->next++;
    pthread_mutex_unlock(&r->lock);
    return tile;
}

/* Outputs that are the tile's alone, and inputs, where they lie; inputs that are not so lent are gathered. */
static clf_status find_operand(lane *l, int operand, int64_t tile, clf_error *error) {
    const clf_stream *stream = l->run->plan->stream;
    int64_t made = first_output(&stream->info, tile), first = made;
    bool output = is_output(l, operand);
    bool alone = made == tile * stream->info.tile && stream->cut.margin == 0 && !stream->cut.inside;
    if (!output)
        first = clf_stream_first_input(&stream->cut, stream->info.tile, made);
    if (!output || alone)
        CLF_TRY(clf_stream_lend(l->device->context, stream, &l->run->host->arrays[operand], operand, first, output,
                                &l->lent[operand], error));
    if (output || l->lent[operand] != NULL)
        return CLF_OK;
    return clf_stream_gather(l->run->plan, l->run->host, operand, first, l->memory[operand], error);
}

static clf_status gather_tile(lane *l, int64_t *tile, clf_error *error) {
    *tile = take_tile(l->run);
    if (*tile == l->run->plan->stream->info.tiles)
        return CLF_OK;
    for (int i = 0; i < l->run->plan->operand_count; i++)
        if (tile_of(l, i)->rank != 0)
            CLF_TRY(find_operand(l, i, *tile, error));
    return CLF_OK;
}

/* Takes the next tile, if there is one, and reads it. */
static clf_status read_tile(lane *l, int64_t *tile, clf_error *error) {
    *tile = l->run->plan->stream->info.tiles;
    CLF_TRY(wait_mapped(l, false, error));
    if (l->run->ordered[0])
        pthread_mutex_lock(&l->run->reading);
    clf_status status = gather_tile(l, tile, error);
    if (l->run->ordered[0])
        pthread_mutex_unlock(&l->run->reading);
    return status;
}

static clf_status flush_queues(const device_run *device, clf_error *error) {
    CLF_TRY(clf_queue_flush(device->upload, error));
    return clf_queue_flush(device->download, error);
}

/* Unmaps what the lane's buffers hold of the tile; `unmapped` receives the events. */
static clf_status unmap_tile(lane *l, cl_event *unmapped, cl_uint *count, clf_error *error) {
    for (int i = 0; i < l->run->plan->operand_count; i++)
        if (l->memory[i] != NULL && l->lent[i] == NULL)
            CLF_TRY(unmap_operand(l, i, &unmapped[(*count)++], error));
    return flush_queues(l->device, error);
}

/* Maps an output where it lies, as OpenCL wants it to be read there, and unmaps it again. */
static clf_status show_lent(lane *l, int operand, cl_event done, clf_error *error) {
    size_t bytes = clf_view_bytes(tile_of(l, operand));
    void *memory;
    cl_event shown = NULL;
    CLF_TRY(
        clf_buffer_map_begin(queue_of(l, operand), l->lent[operand], CL_MAP_READ, bytes, done, &memory, &shown, error));
    clf_status status =
        clf_buffer_unmap_begin(queue_of(l, operand), l->lent[operand], memory, shown, &l->mapped[operand], error);
    clf_event_release(shown);
    return status;
}

/* Maps the buffers again behind the tile's plan, outputs first. */
static clf_status map_tile(lane *l, cl_event done, clf_error *error) {
    for (int outputs = 1; outputs >= 0; outputs--)
        for (int i = 0; i < l->run->plan->operand_count; i++) {
            if (tile_of(l, i)->rank == 0 || is_output(l, i) != (outputs == 1))
                continue;
            if (l->lent[i] == NULL)
                CLF_TRY(map_operand(l, i, done, error));
            else if (outputs == 1)
                CLF_TRY(show_lent(l, i, done, error));
        }
    return flush_queues(l->device, error);
}

/* Executes the tile's plan once the lane's buffers are unmapped, and maps them again behind it. */
static clf_status enqueue_tile(lane *l, cl_event *unmapped, clf_error *error) {
    clf_context *context = l->device->context;
    cl_mem buffers[CLF_MAX_OPERANDS];
    cl_uint waits = 0;
    cl_event done = NULL;
    for (int i = 0; i < CLF_MAX_OPERANDS; i++)
        buffers[i] = l->lent[i] != NULL ? l->lent[i] : l->buffers[i];
    CLF_TRY(unmap_tile(l, unmapped, &waits, error));
    if (context->out_of_order) /* tiles share the plan's scratch */
        CLF_TRY(clf_queue_barrier(context, 0, NULL, NULL, error));
    const clf_execute_desc desc = {buffers, (size_t)l->run->plan->operand_count, waits > 0 ? unmapped : NULL, waits};
    CLF_TRY(clf_execute(l->device->tile_plan, &desc, &done, error));
    clf_status status = clf_queue_flush(context->queue, error);
    if (status == CLF_OK)
        status = map_tile(l, done, error);
    clf_event_release(done);
    return status;
}

static clf_status compute_tile(lane *l, clf_error *error) {
    cl_event unmapped[CLF_MAX_OPERANDS] = {NULL};
    pthread_mutex_lock(&l->device->lock);
    clf_status status = enqueue_tile(l, unmapped, error);
    pthread_mutex_unlock(&l->device->lock);
    for (int i = 0; i < CLF_MAX_OPERANDS; i++)
        clf_event_release(unmapped[i]);
    return status == CLF_OK ? wait_mapped(l, true, error) : status;
}

/* What the device found wrong in a tile, asked before any of it is written. */
static clf_status judge_tile(lane *l, clf_error *error) {
    if (l->device->tile_plan->judge == NULL)
        return CLF_OK;
    pthread_mutex_lock(&l->device->lock);
    clf_status status = clf_plan_check(l->device->tile_plan, error);
    pthread_mutex_unlock(&l->device->lock);
    return status;
}

/* Waits for a tile's turn to be written; false where there is nothing more to be done. */
static bool wait_turn(run *r, int64_t tile) {
    pthread_mutex_lock(&r->lock);
    while (!r->failed && r->ordered[1] && r->turn != tile)
        pthread_cond_wait(&r->turned, &r->lock);
    bool go = !r->failed;
    pthread_mutex_unlock(&r->lock);
    return go;
}

static void end_turn(run *r, int64_t written) {
    const clf_host_desc *desc = r->host->desc;
    pthread_mutex_lock(&r->lock);
    r->turn++;
    r->done += written;
    if (desc->progress != NULL)
        desc->progress(desc->user, r->done, r->plan->stream->info.outputs);
    pthread_cond_broadcast(&r->turned);
    pthread_mutex_unlock(&r->lock);
}

/* Writes the outputs of a tile that the tile before it has not. */
static clf_status write_tile(lane *l, int64_t tile, int64_t *written, clf_error *error) {
    const clf_stream *stream = l->run->plan->stream;
    const clf_stream_info *info = &stream->info;
    int64_t first = tile * info->tile, made = first_output(info, tile), skipped = first - made;
    int64_t count = info->tile - skipped, place = stream->cut.margin + skipped;
    if (stream->cut.inside)
        place = first - clf_stream_first_input(&stream->cut, info->tile, made);
    for (int i = 0; i < l->run->plan->operand_count; i++) {
        if (tile_of(l, i)->rank == 0 || !is_output(l, i) || l->lent[i] != NULL)
            continue;
        const clf_part part = {i, info->axis, first, count};
        clf_array from = clf_stream_rows(&stream->tile[i], l->memory[i], info->axis, place, count);
        CLF_TRY(clf_host_write(l->run->host, &part, &from, error));
    }
    *written = count;
    return CLF_OK;
}

/* What was lent is the host's again; nothing of the device's may be under way there. */
static void return_lent(lane *l) {
    for (int i = 0; i < CLF_MAX_OPERANDS; i++) {
        clf_buffer_release(l->lent[i]);
        l->lent[i] = NULL;
    }
}

static clf_status map_inputs(lane *l, clf_error *error) {
    clf_status status = CLF_OK;
    pthread_mutex_lock(&l->device->lock);
    for (int i = 0; i < l->run->plan->operand_count && status == CLF_OK; i++)
        if (tile_of(l, i)->rank != 0 && !is_output(l, i))
            status = map_operand(l, i, NULL, error);
    pthread_mutex_unlock(&l->device->lock);
    return status;
}

static clf_status work(lane *l, clf_error *error) {
    CLF_TRY(map_inputs(l, error));
    for (;;) {
        int64_t tile, written;
        CLF_TRY(read_tile(l, &tile, error));
        if (tile == l->run->plan->stream->info.tiles)
            return CLF_OK;
        CLF_TRY(compute_tile(l, error));
        CLF_TRY(judge_tile(l, error));
        if (!wait_turn(l->run, tile))
            return CLF_OK;
        CLF_TRY(write_tile(l, tile, &written, error));
        return_lent(l);
        end_turn(l->run, written);
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

/* Takes the lane's buffers out of the host's hands, whatever has failed before: where waiting has, behind the map. */
static void unmap_all(lane *l) {
    clf_error error = {0};
    for (int i = 0; i < l->run->plan->operand_count; i++) {
        cl_event unmapped = NULL;
        note(l->run, clf_event_finish(&l->mapped[i], &error), &error);
        pthread_mutex_lock(&l->device->lock);
        if (l->memory[i] != NULL)
            note(l->run, unmap_operand(l, i, &unmapped, &error), &error);
        pthread_mutex_unlock(&l->device->lock);
        clf_event_release(l->mapped[i]);
        note(l->run, clf_event_finish(&unmapped, &error), &error);
        clf_event_release(unmapped);
    }
}

static void *run_lane(void *argument) {
    lane *l = argument;
    clf_error error = {0};
    clf_status status = work(l, &error);
    note(l->run, status, &error);
    unmap_all(l);
    if (status != CLF_OK) /* the device may still be at work on what was lent */
        note(l->run, clf_context_finish(l->device->context, &error), &error);
    return_lent(l);
    return NULL;
}

static clf_status run_lanes(run *r, clf_error *error) {
    lane lanes[CLF_MOST_DEVICES * CLF_STREAM_LANES];
    clf_stream *stream = r->plan->stream;
    int most = stream->info.lanes * r->device_count, count = r->host->desc->serial || most < 1 ? 1 : most;
    memset(lanes, 0, sizeof lanes);
    for (int i = 0; i < count; i++) {
        int device = i % r->device_count;
        lanes[i].run = r;
        lanes[i].device = &r->devices[device];
        lanes[i].buffers = stream->buffers[device][i / r->device_count];
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

static clf_status open_queues(device_run *device, clf_error *error) {
    device->upload = device->download = device->context->queue;
    if (clf_context_is_cpu(device->context))
        return CLF_OK;
    device->upload = device->download = NULL;
    CLF_TRY(clf_queue_open(device->context, &device->upload, error));
    return clf_queue_open(device->context, &device->download, error);
}

static clf_status open_devices(run *r, clf_error *error) {
    for (int i = 0; i < r->plan->stream->info.devices; i++) {
        device_run *device = &r->devices[i];
        device->context = clf_context_of_device(r->plan->context, i);
        device->tile_plan = r->plan->stream->tile_plan[i];
        if (pthread_mutex_init(&device->lock, NULL) != 0)
            return clf_fail(error, CLF_OUT_OF_MEMORY, "could not make a lock");
        r->device_count++;
        CLF_TRY(open_queues(device, error));
    }
    return CLF_OK;
}

static void close_devices(run *r) {
    for (int i = 0; i < r->device_count; i++) {
        device_run *device = &r->devices[i];
        if (!clf_context_is_cpu(device->context)) {
            clf_queue_close(device->upload);
            clf_queue_close(device->download);
        }
        pthread_mutex_destroy(&device->lock);
    }
}

clf_status clf_stream_run(clf_plan *plan, const clf_host_operands *host, clf_error *error) {
    run r = {.plan = plan, .host = host};
    for (int i = 0; i < plan->operand_count; i++)
        if (plan->stream->tile[i].rank != 0 && host->arrays[i].rank == 0)
            r.ordered[plan->operands[i].output] = true;
    if (pthread_mutex_init(&r.reading, NULL) != 0 || pthread_mutex_init(&r.lock, NULL) != 0 ||
        pthread_cond_init(&r.turned, NULL) != 0)
        return clf_fail(error, CLF_OUT_OF_MEMORY, "could not make a lock");
    clf_status status = open_devices(&r, error);
    if (status == CLF_OK)
        status = run_lanes(&r, error);
    close_devices(&r);
    pthread_cond_destroy(&r.turned);
    pthread_mutex_destroy(&r.lock);
    pthread_mutex_destroy(&r.reading);
    return status;
}
