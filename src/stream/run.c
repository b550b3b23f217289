/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running a streamed plan. Each slot (slot.c) is a thread with buffers of its own on one of the devices: with three
 * slots one slab is read, one computed and one written at any moment. If functions read or write, they are called for
 * one slab at a time, in order; arrays are read and written by every slot.
 */
#include "stream/run.h"

#include "rt/buffer.h"
#include "stream/slot.h"

#include <string.h>

static clf_status run_slots(clf_stream_work *r, clf_error *error) {
    clf_stream_slot slots[CLF_MOST_DEVICES * CLF_STREAM_SLOTS];
    clf_stream *stream = r->plan->stream;
    int most = stream->info.slots * r->device_count, count = r->host->desc->serial || most < 1 ? 1 : most;
    memset(slots, 0, sizeof slots);
    for (int i = 0; i < count; i++) {
        int device = i % r->device_count;
        slots[i].run = r;
        slots[i].device = &r->devices[device];
        slots[i].buffers = stream->buffers[device][i / r->device_count];
        /* A thread that cannot be had is one slot less. */
        slots[i].started = i > 0 && pthread_create(&slots[i].thread, NULL, clf_stream_run_slot, &slots[i]) == 0;
    }
    clf_stream_run_slot(&slots[0]);
    for (int i = 1; i < count; i++)
        if (slots[i].started)
            pthread_join(slots[i].thread, NULL);
    if (r->failed && error != NULL)
        *error = r->error;
    return r->failed ? r->status : CLF_OK;
}

static clf_status open_queues(clf_stream_device *device, clf_error *error) {
    device->upload = device->download = device->context->queue;
    if (clf_context_profile(device->context)->transfers_free)
        return CLF_OK;
    device->upload = device->download = NULL;
    CLF_TRY(clf_queue_open(device->context, &device->upload, error));
    return clf_queue_open(device->context, &device->download, error);
}

static clf_status open_devices(clf_stream_work *r, clf_error *error) {
    for (int i = 0; i < r->plan->stream->info.devices; i++) {
        clf_stream_device *device = &r->devices[i];
        device->context = clf_context_of_device(r->plan->context, i);
        device->slab_plan = r->plan->stream->slab_plan[i];
        if (pthread_mutex_init(&device->lock, NULL) != 0)
            return clf_fail(error, CLF_OUT_OF_MEMORY, "could not create a lock");
        r->device_count++;
        CLF_TRY(open_queues(device, error));
    }
    return CLF_OK;
}

static void close_devices(clf_stream_work *r) {
    for (int i = 0; i < r->device_count; i++) {
        clf_stream_device *device = &r->devices[i];
        if (!clf_context_profile(device->context)->transfers_free) {
            clf_queue_close(device->upload);
            clf_queue_close(device->download);
        }
        pthread_mutex_destroy(&device->lock);
    }
}

static clf_status run_devices(clf_stream_work *r, clf_error *error) {
    clf_status status = open_devices(r, error);
    if (status == CLF_OK)
        status = run_slots(r, error);
    close_devices(r);
    return status;
}

/* Runs with the locks that slots share, as far as these can be had. */
static clf_status run_locked(clf_stream_work *r, clf_error *error) {
    clf_status status = CLF_OUT_OF_MEMORY;
    if (pthread_mutex_init(&r->reading, NULL) != 0)
        return clf_fail(error, status, "could not create a lock");
    if (pthread_mutex_init(&r->lock, NULL) != 0) {
        clf_error_set(error, status, "could not create a lock");
    } else {
        if (pthread_cond_init(&r->turned, NULL) != 0) {
            clf_error_set(error, status, "could not create a condition");
        } else {
            status = run_devices(r, error);
            pthread_cond_destroy(&r->turned);
        }
        pthread_mutex_destroy(&r->lock);
    }
    pthread_mutex_destroy(&r->reading);
    return status;
}

clf_status clf_stream_run(clf_plan *plan, const clf_host_operands *host, clf_error *error) {
    clf_stream_work r = {.plan = plan, .host = host};
    for (int i = 0; i < plan->operand_count; i++)
        if (plan->stream->slab[i].rank != 0 && host->arrays[i].rank == 0)
            r.ordered[plan->operands[i].output] = true;
    return run_locked(&r, error);
}
