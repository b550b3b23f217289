/* SPDX-License-Identifier: Apache-2.0 */
/* Device buffers, and the events that order their use. */
#include "rt/buffer.h"

#include "base/alloc.h"

static clf_status create(clf_context *context, cl_mem_flags flags, int64_t bytes, void *memory, cl_mem *buffer,
                         clf_error *error) {
    if ((cl_ulong)bytes > context->info.max_alloc_bytes)
        return clf_fail(error, CLF_UNSUPPORTED, "a buffer of %lld bytes is larger than the %llu that %s allows",
                        (long long)bytes, (unsigned long long)context->info.max_alloc_bytes, context->info.name);
    if (!clf_addressable(bytes))
        return clf_fail(error, CLF_UNSUPPORTED, "a buffer of %lld bytes is larger than a 32-bit process can use",
                        (long long)bytes);
    cl_int code;
    cl_mem made = clCreateBuffer(context->cl, flags, (size_t)bytes, memory, &code);
    if (code == CL_SUCCESS) {
        *buffer = made;
        return CLF_OK;
    }
    if (code == CL_INVALID_BUFFER_SIZE || code == CL_MEM_OBJECT_ALLOCATION_FAILURE || code == CL_OUT_OF_RESOURCES) {
        clf_error_set(error, CLF_OUT_OF_DEVICE_MEMORY, "could not allocate %lld bytes on %s: %s (%d)", (long long)bytes,
                      context->info.name, clf_cl_error_name(code), (int)code);
        if (error != NULL)
            error->cl_code = code;
        return CLF_OUT_OF_DEVICE_MEMORY;
    }
    return clf_fail_cl(error, code, "creating a buffer");
}

clf_status clf_buffer_create(clf_context *context, int64_t bytes, const void *data, cl_mem *buffer, clf_error *error) {
    union {
        const void *constant;
        void *plain;
    } host = {.constant = data}; /* OpenCL only reads it, whatever its prototype says */
    return create(context, CL_MEM_READ_WRITE | (data ? CL_MEM_COPY_HOST_PTR : 0), bytes, host.plain, buffer, error);
}

clf_status clf_buffer_wrap(clf_context *context, void *memory, int64_t bytes, bool written, cl_mem *buffer,
                           clf_error *error) {
    return create(context, CL_MEM_USE_HOST_PTR | (written ? CL_MEM_READ_WRITE : CL_MEM_READ_ONLY), bytes, memory,
                  buffer, error);
}

clf_status clf_buffer_retain(cl_mem buffer, clf_error *error) {
    cl_int code = clRetainMemObject(buffer);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "retaining a buffer");
}

void clf_buffer_release(cl_mem buffer) {
    if (buffer != NULL)
        clReleaseMemObject(buffer);
}

clf_status clf_buffer_locate(const clf_context *context, cl_mem buffer, clf_buffer_place *place, clf_error *error) {
    cl_context of_context = NULL;
    cl_mem_object_type type = 0;
    cl_int code = clGetMemObjectInfo(buffer, CL_MEM_CONTEXT, sizeof of_context, &of_context, NULL);
    if (code == CL_SUCCESS)
        code = clGetMemObjectInfo(buffer, CL_MEM_TYPE, sizeof type, &type, NULL);
    if (code == CL_SUCCESS)
        code = clGetMemObjectInfo(buffer, CL_MEM_SIZE, sizeof place->bytes, &place->bytes, NULL);
    cl_mem parent = NULL;
    if (code == CL_SUCCESS)
        code = clGetMemObjectInfo(buffer, CL_MEM_ASSOCIATED_MEMOBJECT, sizeof parent, &parent, NULL);
    place->origin = 0;
    if (code == CL_SUCCESS && parent != NULL)
        code = clGetMemObjectInfo(buffer, CL_MEM_OFFSET, sizeof place->origin, &place->origin, NULL);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "reading a buffer's properties");
    if (of_context != context->cl)
        return clf_fail(error, CLF_INVALID_HANDLE, "the buffer belongs to another OpenCL context");
    if (type != CL_MEM_OBJECT_BUFFER)
        return clf_fail(error, CLF_INVALID_HANDLE, "the memory object is not a buffer");
    place->root = parent ? parent : buffer;
    return CLF_OK;
}

clf_status clf_buffer_map(clf_context *context, cl_mem buffer, cl_map_flags flags, size_t offset, size_t bytes,
                          void **memory, clf_error *error) {
    if (context->out_of_order)
        CLF_TRY(clf_queue_barrier(context, 0, NULL, NULL, error));
    cl_int code;
    void *mapped = clEnqueueMapBuffer(context->queue, buffer, CL_TRUE, flags, offset, bytes, 0, NULL, NULL, &code);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "mapping a buffer");
    *memory = mapped;
    return CLF_OK;
}

clf_status clf_buffer_unmap(clf_context *context, cl_mem buffer, void *memory, clf_error *error) {
    cl_int code = clEnqueueUnmapMemObject(context->queue, buffer, memory, 0, NULL, NULL);
    if (code == CL_SUCCESS)
        code = clFinish(context->queue);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "unmapping a buffer");
}

clf_status clf_queue_open(clf_context *context, cl_command_queue *queue, clf_error *error) {
    cl_int code;
    cl_command_queue opened = clCreateCommandQueue(context->cl, context->device, 0, &code);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "creating an OpenCL queue");
    *queue = opened;
    return CLF_OK;
}

void clf_queue_close(cl_command_queue queue) {
    if (queue == NULL)
        return;
    clFinish(queue);
    clReleaseCommandQueue(queue);
}

clf_status clf_buffer_write(cl_command_queue queue, cl_mem buffer, size_t bytes, const void *data, clf_error *error) {
    cl_int code = clEnqueueWriteBuffer(queue, buffer, CL_TRUE, 0, bytes, data, 0, NULL, NULL);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "writing a buffer");
}

clf_status clf_buffer_read(cl_command_queue queue, cl_mem buffer, size_t bytes, void *data, clf_error *error) {
    cl_int code = clEnqueueReadBuffer(queue, buffer, CL_TRUE, 0, bytes, data, 0, NULL, NULL);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "reading a buffer");
}

clf_status clf_buffer_map_begin(cl_command_queue queue, cl_mem buffer, cl_map_flags flags, size_t bytes, cl_event after,
                                void **memory, cl_event *event, clf_error *error) {
    cl_int code;
    void *mapped = clEnqueueMapBuffer(queue, buffer, CL_FALSE, flags, 0, bytes, after != NULL, after ? &after : NULL,
                                      event, &code);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "mapping a buffer");
    *memory = mapped;
    return CLF_OK;
}

clf_status clf_buffer_unmap_begin(cl_command_queue queue, cl_mem buffer, void *memory, cl_event after, cl_event *event,
                                  clf_error *error) {
    cl_int code = clEnqueueUnmapMemObject(queue, buffer, memory, after != NULL, after ? &after : NULL, event);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "unmapping a buffer");
}

clf_status clf_queue_flush(cl_command_queue queue, clf_error *error) {
    cl_int code = clFlush(queue);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "flushing a queue");
}

clf_status clf_event_finish(cl_event *event, clf_error *error) {
    if (*event == NULL)
        return CLF_OK;
    cl_int code = clWaitForEvents(1, event);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "waiting for the device");
    clReleaseEvent(*event);
    *event = NULL;
    return CLF_OK;
}

clf_status clf_queue_barrier(clf_context *context, cl_uint wait_count, const cl_event *wait_list, cl_event *event,
                             clf_error *error) {
    cl_int code = clEnqueueBarrierWithWaitList(context->queue, wait_count, wait_list, event);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "enqueueing a barrier");
}

void clf_event_release(cl_event event) {
    if (event != NULL)
        clReleaseEvent(event);
}
