/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a slot does: it takes the next slab, reads it, has it computed and writes it.
 *
 * A slot's buffers are mapped for the host except while the device works on them. They are mapped again in the same
 * breath in which a slab is enqueued: on a CPU, whose threads run maps and kernels alike, a map that came later would
 * wait behind the next slot's kernel. Arrays that a CPU can use where they lie (lend.c) take the buffers' place.
 */
#include "stream/slot.h"

#include "plan/view.h"
#include "rt/buffer.h"
#include "stream/gather.h"
#include "stream/lend.h"
#include "stream/regions.h"

static bool is_output(const clf_stream_slot *s, int operand) {
    return s->run->plan->operands[operand].output;
}

static const clf_view *slab_of(const clf_stream_slot *s, int operand) {
    return &s->run->plan->stream->slab[operand];
}

static cl_command_queue queue_of(const clf_stream_slot *s, int operand) {
    return is_output(s, operand) ? s->device->download : s->device->upload;
}

static clf_status map_operand(clf_stream_slot *s, int operand, cl_event after, clf_error *error) {
    size_t bytes = (size_t)clf_view_bytes(slab_of(s, operand)); /* of a buffer that was made */
    return clf_buffer_map_begin(queue_of(s, operand), s->buffers[operand],
                                is_output(s, operand) ? CL_MAP_READ : CL_MAP_WRITE_INVALIDATE_REGION, bytes, after,
                                &s->memory[operand], &s->mapped[operand], error);
}

static clf_status unmap_operand(clf_stream_slot *s, int operand, cl_event *event, clf_error *error) {
    void *memory = s->memory[operand];
    s->memory[operand] = NULL;
    return clf_buffer_unmap_begin(queue_of(s, operand), s->buffers[operand], memory, s->mapped[operand], event, error);
}

/* Waits until the inputs, or the outputs, can be looked at. */
static clf_status wait_mapped(clf_stream_slot *s, bool outputs, clf_error *error) {
    for (int i = 0; i < s->run->plan->operand_count; i++)
        if (is_output(s, i) == outputs)
            CLF_TRY(clf_event_finish(&s->mapped[i], error));
    return CLF_OK;
}

static int64_t first_output(const clf_stream_info *info, int64_t slab) {
    int64_t first = slab * info->slab, last = info->outputs - info->slab;
    return first < last ? first : last;
}

/* Takes the next slab; the number of slabs if there is none, or something has failed. */
static int64_t take_slab(clf_stream_work *r) {
    pthread_mutex_lock(&r->lock);
    int64_t slabs = r->plan->stream->info.slabs, slab = r->failed || r->next == slabs ? slabs : r->next++;
    pthread_mutex_unlock(&r->lock);
    return slab;
}

/* Outputs that are the slab's alone, and inputs, where they lie; inputs that are not so lent are gathered. */
static clf_status find_operand(clf_stream_slot *s, int operand, int64_t slab, clf_error *error) {
    const clf_stream *stream = s->run->plan->stream;
    int64_t made = first_output(&stream->info, slab), first = made;
    bool output = is_output(s, operand);
    bool alone = made == slab * stream->info.slab && stream->cut.margin == 0 && !stream->cut.inside;
    if (!output)
        first = clf_stream_first_input(&stream->cut, stream->info.slab, made);
    if (!output || alone)
        CLF_TRY(clf_stream_lend(s->device->context, stream, &s->run->host->arrays[operand], operand, first, output,
                                &s->lent[operand], error));
    if (output || s->lent[operand] != NULL)
        return CLF_OK;
    return clf_stream_gather(s->run->plan, s->run->host, operand, first, s->memory[operand], error);
}

static clf_status gather_slab(clf_stream_slot *s, int64_t *slab, clf_error *error) {
    *slab = take_slab(s->run);
    if (*slab == s->run->plan->stream->info.slabs)
        return CLF_OK;
    for (int i = 0; i < s->run->plan->operand_count; i++)
        if (slab_of(s, i)->rank != 0)
            CLF_TRY(find_operand(s, i, *slab, error));
    return CLF_OK;
}

/* Takes the next slab, if there is one, and reads it. */
static clf_status read_slab(clf_stream_slot *s, int64_t *slab, clf_error *error) {
    *slab = s->run->plan->stream->info.slabs;
    CLF_TRY(wait_mapped(s, false, error));
    if (s->run->ordered[0])
        pthread_mutex_lock(&s->run->reading);
    clf_status status = gather_slab(s, slab, error);
    if (s->run->ordered[0])
        pthread_mutex_unlock(&s->run->reading);
    return status;
}

static clf_status flush_queues(const clf_stream_device *device, clf_error *error) {
    CLF_TRY(clf_queue_flush(device->upload, error));
    return clf_queue_flush(device->download, error);
}

/* Unmaps what the slot's buffers hold of the slab; `unmapped` receives the events. */
static clf_status unmap_slab(clf_stream_slot *s, cl_event *unmapped, cl_uint *count, clf_error *error) {
    for (int i = 0; i < s->run->plan->operand_count; i++)
        if (s->memory[i] != NULL && s->lent[i] == NULL)
            CLF_TRY(unmap_operand(s, i, &unmapped[(*count)++], error));
    return flush_queues(s->device, error);
}

/* Maps an output where it lies, as OpenCL wants it to be read there, and unmaps it again. */
static clf_status show_lent(clf_stream_slot *s, int operand, cl_event done, clf_error *error) {
    size_t bytes = (size_t)clf_view_bytes(slab_of(s, operand)); /* of a buffer that was made */
    void *memory;
    cl_event shown = NULL;
    CLF_TRY(
        clf_buffer_map_begin(queue_of(s, operand), s->lent[operand], CL_MAP_READ, bytes, done, &memory, &shown, error));
    clf_status status =
        clf_buffer_unmap_begin(queue_of(s, operand), s->lent[operand], memory, shown, &s->mapped[operand], error);
    clf_event_release(shown);
    return status;
}

/* Maps the buffers again behind the slab's plan, outputs first. */
static clf_status map_slab(clf_stream_slot *s, cl_event done, clf_error *error) {
    for (int outputs = 1; outputs >= 0; outputs--)
        for (int i = 0; i < s->run->plan->operand_count; i++) {
            if (slab_of(s, i)->rank == 0 || is_output(s, i) != (outputs == 1))
                continue;
            if (s->lent[i] == NULL)
                CLF_TRY(map_operand(s, i, done, error));
            else if (outputs == 1)
                CLF_TRY(show_lent(s, i, done, error));
        }
    return flush_queues(s->device, error);
}

/* Executes the slab's plan once the slot's buffers are unmapped, and maps them again behind it. */
static clf_status enqueue_slab(clf_stream_slot *s, cl_event *unmapped, clf_error *error) {
    clf_context *context = s->device->context;
    cl_mem buffers[CLF_MAX_OPERANDS];
    cl_uint waits = 0;
    cl_event done = NULL;
    for (int i = 0; i < CLF_MAX_OPERANDS; i++)
        buffers[i] = s->lent[i] != NULL ? s->lent[i] : s->buffers[i];
    CLF_TRY(unmap_slab(s, unmapped, &waits, error));
    if (context->out_of_order) /* slabs share the plan's scratch */
        CLF_TRY(clf_queue_barrier(context, 0, NULL, NULL, error));
    const clf_execute_desc desc = {buffers, (size_t)s->run->plan->operand_count, waits > 0 ? unmapped : NULL, waits};
    CLF_TRY(clf_execute(s->device->slab_plan, &desc, &done, error));
    clf_status status = clf_queue_flush(context->queue, error);
    if (status == CLF_OK)
        status = map_slab(s, done, error);
    clf_event_release(done);
    return status;
}

static clf_status compute_slab(clf_stream_slot *s, clf_error *error) {
    cl_event unmapped[CLF_MAX_OPERANDS] = {NULL};
    pthread_mutex_lock(&s->device->lock);
    clf_status status = enqueue_slab(s, unmapped, error);
    pthread_mutex_unlock(&s->device->lock);
    for (int i = 0; i < CLF_MAX_OPERANDS; i++)
        clf_event_release(unmapped[i]);
    return status == CLF_OK ? wait_mapped(s, true, error) : status;
}

/* What the device found wrong in a slab, asked before any of it is written. */
static clf_status judge_slab(clf_stream_slot *s, clf_error *error) {
    if (s->device->slab_plan->judge == NULL)
        return CLF_OK;
    pthread_mutex_lock(&s->device->lock);
    clf_status status = clf_plan_check(s->device->slab_plan, error);
    pthread_mutex_unlock(&s->device->lock);
    return status;
}

/* Waits for a slab's turn to be written; false if there is nothing more to be done. */
static bool wait_turn(clf_stream_work *r, int64_t slab) {
    pthread_mutex_lock(&r->lock);
    while (!r->failed && r->ordered[1] && r->turn != slab)
        pthread_cond_wait(&r->turned, &r->lock);
    bool go = !r->failed;
    pthread_mutex_unlock(&r->lock);
    return go;
}

static void end_turn(clf_stream_work *r, int64_t written) {
    const clf_host_desc *desc = r->host->desc;
    pthread_mutex_lock(&r->lock);
    r->turn++;
    r->done += written;
    if (desc->progress != NULL)
        desc->progress(desc->user, r->done, r->plan->stream->info.outputs);
    pthread_cond_broadcast(&r->turned);
    pthread_mutex_unlock(&r->lock);
}

/* Writes the outputs of a slab that the slab before it has not. */
static clf_status write_slab(clf_stream_slot *s, int64_t slab, int64_t *written, clf_error *error) {
    const clf_stream *stream = s->run->plan->stream;
    const clf_stream_info *info = &stream->info;
    int64_t first = slab * info->slab, made = first_output(info, slab), skipped = first - made;
    int64_t count = info->slab - skipped, place = stream->cut.margin + skipped;
    if (stream->cut.inside)
        place = first - clf_stream_first_input(&stream->cut, info->slab, made);
    for (int i = 0; i < s->run->plan->operand_count; i++) {
        if (slab_of(s, i)->rank == 0 || !is_output(s, i) || s->lent[i] != NULL)
            continue;
        const clf_part part = {i, info->axis, first, count};
        clf_array from = clf_stream_rows(&stream->slab[i], s->memory[i], info->axis, place, count);
        CLF_TRY(clf_host_write(s->run->host, &part, &from, error));
    }
    *written = count;
    return CLF_OK;
}

/* What was lent is the host's again; nothing of the device's may be under way there. */
static void return_lent(clf_stream_slot *s) {
    for (int i = 0; i < CLF_MAX_OPERANDS; i++) {
        clf_buffer_release(s->lent[i]);
        s->lent[i] = NULL;
    }
}

static clf_status map_inputs(clf_stream_slot *s, clf_error *error) {
    clf_status status = CLF_OK;
    pthread_mutex_lock(&s->device->lock);
    for (int i = 0; i < s->run->plan->operand_count && status == CLF_OK; i++)
        if (slab_of(s, i)->rank != 0 && !is_output(s, i))
            status = map_operand(s, i, NULL, error);
    pthread_mutex_unlock(&s->device->lock);
    return status;
}

static clf_status work(clf_stream_slot *s, clf_error *error) {
    CLF_TRY(map_inputs(s, error));
    for (;;) {
        int64_t slab, written;
        CLF_TRY(read_slab(s, &slab, error));
        if (slab == s->run->plan->stream->info.slabs)
            return CLF_OK;
        CLF_TRY(compute_slab(s, error));
        CLF_TRY(judge_slab(s, error));
        if (!wait_turn(s->run, slab))
            return CLF_OK;
        CLF_TRY(write_slab(s, slab, &written, error));
        return_lent(s);
        end_turn(s->run, written);
    }
}

/* Remembers the first failure, and lets the others know. */
static void note(clf_stream_work *r, clf_status status, const clf_error *error) {
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

/* Takes the slot's buffers out of the host's hands, whatever has failed before: where waiting has, behind the map. */
static void unmap_all(clf_stream_slot *s) {
    clf_error error = {0};
    for (int i = 0; i < s->run->plan->operand_count; i++) {
        cl_event unmapped = NULL;
        note(s->run, clf_event_finish(&s->mapped[i], &error), &error);
        pthread_mutex_lock(&s->device->lock);
        if (s->memory[i] != NULL)
            note(s->run, unmap_operand(s, i, &unmapped, &error), &error);
        pthread_mutex_unlock(&s->device->lock);
        clf_event_release(s->mapped[i]);
        note(s->run, clf_event_finish(&unmapped, &error), &error);
        clf_event_release(unmapped);
    }
}

void *clf_stream_run_slot(void *argument) {
    clf_stream_slot *s = argument;
    clf_error error = {0};
    clf_status status = work(s, &error);
    note(s->run, status, &error);
    unmap_all(s);
    if (status != CLF_OK) /* the device may still be at work on what was lent */
        note(s->run, clf_context_finish(s->device->context, &error), &error);
    return_lent(s);
    return NULL;
}
