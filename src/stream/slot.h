/* SPDX-License-Identifier: Apache-2.0 */
/* A slot of a running stream: a thread that takes one slab after the other. */
#ifndef CLF_STREAM_SLOT_H
#define CLF_STREAM_SLOT_H

#include "stream/parts.h"
#include "stream/stream.h"

#include <pthread.h>

/* A device while it works on a stream. */
typedef struct clf_stream_device {
    clf_context *context;
    clf_plan *slab_plan;
    cl_command_queue upload, download; /* the context's own on a CPU, where transfers are nothing */
    pthread_mutex_t lock;              /* one slot enqueues at a time: PoCL's basic driver deadlocks otherwise */
} clf_stream_device;

typedef struct clf_stream_work {
    clf_plan *plan;
    const clf_host_operands *host;
    bool ordered[2]; /* whether inputs are read, and outputs written, by functions: one slab at a time, in order */
    int device_count;
    clf_stream_device devices[CLF_MOST_DEVICES];
    pthread_mutex_t reading; /* held while a slab is read by functions */
    pthread_mutex_t lock;    /* guards the rest */
    pthread_cond_t turned;
    int64_t next; /* slab to be read */
    int64_t turn; /* slab to be written, where that is in order */
    int64_t done; /* outputs written */
    bool failed;
    clf_status status;
    clf_error error; /* the first failure */
} clf_stream_work;

typedef struct clf_stream_slot {
    clf_stream_work *run;
    clf_stream_device *device;
    cl_mem *buffers;
    bool started;
    pthread_t thread;
    void *memory[CLF_MAX_OPERANDS]; /* NULL: not mapped */
    cl_event mapped[CLF_MAX_OPERANDS];
    cl_mem lent[CLF_MAX_OPERANDS]; /* the slab in the host's array; NULL: it is copied */
} clf_stream_slot;

/* Takes slabs until there is none left or something has failed; its argument is a slot, its result NULL. */
void *clf_stream_run_slot(void *slot);

#endif
