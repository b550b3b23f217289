/* SPDX-License-Identifier: Apache-2.0 */
/* Device buffers: making, sharing and asking them. */
#ifndef CLF_RT_BUFFER_H
#define CLF_RT_BUFFER_H

#include "rt/rt.h"

/*
 * Makes a buffer, filled from `data` if that is not NULL. Release with clf_buffer_release. CLF_UNSUPPORTED if the
 * device, or a 32-bit process, has no buffers so large; so for clf_buffer_wrap.
 */
clf_status clf_buffer_create(clf_context *context, int64_t bytes, const void *data, cl_mem *buffer, clf_error *error);
/*
 * Makes a buffer of memory of the host's, which must outlive all use of it; `written` where kernels write there.
 * Release with clf_buffer_release.
 */
clf_status clf_buffer_wrap(clf_context *context, void *memory, int64_t bytes, bool written, cl_mem *buffer,
                           clf_error *error);
/* Shares a buffer: one more release is due. */
clf_status clf_buffer_retain(cl_mem buffer, clf_error *error);
void clf_buffer_release(cl_mem buffer);

/* Where a buffer lies: sub-buffers of one parent share `root`, at their own `origin`. */
typedef struct clf_buffer_place {
    cl_mem root;
    size_t origin, bytes;
} clf_buffer_place;

/* Reads it; CLF_INVALID_HANDLE if `buffer` is no buffer of the context. */
clf_status clf_buffer_locate(const clf_context *context, cl_mem buffer, clf_buffer_place *place, clf_error *error);

/*
 * Maps `bytes` bytes from `offset` for the host and waits for everything enqueued before; unmapped again by
 * clf_buffer_unmap, which waits too.
 */
clf_status clf_buffer_map(clf_context *context, cl_mem buffer, cl_map_flags flags, size_t offset, size_t bytes,
                          void **memory, clf_error *error);
clf_status clf_buffer_unmap(clf_context *context, cl_mem buffer, void *memory, clf_error *error);

/* A queue apart from the context's, in order, for work whose end is waited for. Release with clf_queue_close. */
clf_status clf_queue_open(clf_context *context, cl_command_queue *queue, clf_error *error);
void clf_queue_close(cl_command_queue queue);

/* Copies to and from the start of a buffer on such a queue, and waits. */
clf_status clf_buffer_write(cl_command_queue queue, cl_mem buffer, size_t bytes, const void *data, clf_error *error);
clf_status clf_buffer_read(cl_command_queue queue, cl_mem buffer, size_t bytes, void *data, clf_error *error);

/*
 * The same without waiting, on any queue: *memory may be looked at once *event, which is released by the caller, has
 * completed; `after` may be NULL.
 */
clf_status clf_buffer_map_begin(cl_command_queue queue, cl_mem buffer, cl_map_flags flags, size_t bytes, cl_event after,
                                void **memory, cl_event *event, clf_error *error);
clf_status clf_buffer_unmap_begin(cl_command_queue queue, cl_mem buffer, void *memory, cl_event after, cl_event *event,
                                  clf_error *error);

/* Sends off what is enqueued, so that other queues may wait for it. */
clf_status clf_queue_flush(cl_command_queue queue, clf_error *error);

/*
 * Waits for an event and releases it; its slot becomes NULL, but where waiting fails. Nothing happens where it is NULL.
 */
clf_status clf_event_finish(cl_event *event, clf_error *error);

/* Keeps what comes after on the queue from starting before what came earlier, on a queue that reorders. */
clf_status clf_queue_barrier(clf_context *context, cl_uint wait_count, const cl_event *wait_list, cl_event *event,
                             clf_error *error);
void clf_event_release(cl_event event);

#endif
