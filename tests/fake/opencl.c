/* SPDX-License-Identifier: Apache-2.0 */
/* The objects of the OpenCL without a device, and its calls: those of tests/fault/faults.h, which lists all. */
#include "fake.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_BYTES = 16 << 20, DEVICES = 2 };

fake_device fake_devices = {CL_DEVICE_TYPE_CPU, (cl_ulong)1 << 40, false, 256, false};

/* One shape for all: what a kind does not need is zero. */
typedef struct fake_object {
    atomic_long references;
    struct fake_object *owner; /* retained */
    cl_uint device;
    size_t bytes;
    _Atomic(void *) memory;
    bool borrowed; /* the memory is the host's */
    cl_command_queue_properties properties;
} fake_object;

static fake_object devices[DEVICES], platform;
static atomic_long alive;
static _Thread_local cl_uint arguments;

long fake_alive(void) {
    return atomic_load(&alive);
}

void fake_say_arguments(cl_uint count) {
    arguments = count;
}

/* Relaxed: the counts must not order what the library leaves unordered, which a race detector is to see. */
static void retain(fake_object *object) {
    atomic_fetch_add_explicit(&object->references, 1, memory_order_relaxed);
}

static fake_object *make(void *owner, cl_int *code) {
    fake_object *object = calloc(1, sizeof *object);
    if (code != NULL)
        *code = object != NULL ? CL_SUCCESS : CL_OUT_OF_HOST_MEMORY;
    if (object == NULL)
        return NULL;
    atomic_fetch_add_explicit(&alive, 1, memory_order_relaxed);
    atomic_init(&object->references, 1);
    object->owner = owner;
    if (owner != NULL)
        retain(owner);
    return object;
}

/* A release orders what came before it against the freeing, as any counted reference must. */
static cl_int release(void *released) {
    fake_object *object = released;
    while (object != NULL && atomic_fetch_sub_explicit(&object->references, 1, memory_order_acq_rel) == 1) {
        fake_object *owner = object->owner;
        if (!object->borrowed)
            free(atomic_load(&object->memory));
        free(object);
        atomic_fetch_sub_explicit(&alive, 1, memory_order_relaxed);
        object = owner;
    }
    return CL_SUCCESS;
}

/* A buffer's memory, made when it is first looked at; NULL where it is large. */
static void *memory_of(cl_mem buffer) {
    fake_object *object = (fake_object *)buffer;
    void *memory = atomic_load_explicit(&object->memory, memory_order_acquire);
    if (memory != NULL || object->bytes > MOST_BYTES)
        return memory;
    void *fresh = calloc(object->bytes, 1);
    if (fresh != NULL && !atomic_compare_exchange_strong(&object->memory, &memory, fresh)) {
        free(fresh);
        return memory;
    }
    return fresh;
}

static cl_int give_event(cl_event *event) {
    cl_int code = CL_SUCCESS;
    if (event != NULL)
        *event = (cl_event)make(NULL, &code);
    return code;
}

/* Answers a question with `bytes` of `value`, as OpenCL's questions are. */
static cl_int answer(size_t bytes, const void *value, size_t size, void *to, size_t *needed) {
    if (needed != NULL)
        *needed = bytes;
    if (to == NULL)
        return CL_SUCCESS;
    if (size < bytes)
        return CL_INVALID_VALUE;
    memcpy(to, value, bytes);
    return CL_SUCCESS;
}

#define ANSWER(type, value) answer(sizeof(type), &(type){value}, size, to, needed)

cl_int clGetPlatformIDs(cl_uint capacity, cl_platform_id *platforms, cl_uint *count) {
    if (platforms != NULL && capacity > 0)
        platforms[0] = (cl_platform_id)&platform;
    if (count != NULL)
        *count = 1;
    return CL_SUCCESS;
}

cl_int clGetPlatformInfo(cl_platform_id of, cl_platform_info name, size_t size, void *to, size_t *needed) {
    (void)of, (void)name;
    return answer(sizeof "fake", "fake", size, to, needed);
}

cl_int clGetDeviceIDs(cl_platform_id of, cl_device_type type, cl_uint capacity, cl_device_id *found, cl_uint *count) {
    (void)of, (void)type;
    for (cl_uint i = 0; found != NULL && i < capacity && i < DEVICES; i++)
        found[i] = (cl_device_id)&devices[i];
    if (count != NULL)
        *count = DEVICES;
    return CL_SUCCESS;
}

cl_int clGetDeviceInfo(cl_device_id device, cl_device_info name, size_t size, void *to, size_t *needed) {
    (void)device;
    const size_t group = fake_devices.work_group, items[3] = {group, group, group};
    switch (name) {
    case CL_DEVICE_PLATFORM: return ANSWER(cl_platform_id, (cl_platform_id)&platform);
    case CL_DEVICE_TYPE: return ANSWER(cl_device_type, fake_devices.type);
    case CL_DEVICE_MAX_COMPUTE_UNITS: return ANSWER(cl_uint, 4);
    case CL_DEVICE_MAX_CLOCK_FREQUENCY: return ANSWER(cl_uint, 1000);
    case CL_DEVICE_GLOBAL_MEM_SIZE: return ANSWER(cl_ulong, 4 * fake_devices.max_alloc_bytes);
    case CL_DEVICE_MAX_MEM_ALLOC_SIZE: return ANSWER(cl_ulong, fake_devices.max_alloc_bytes);
    case CL_DEVICE_LOCAL_MEM_SIZE: return ANSWER(cl_ulong, 1 << 16);
    case CL_DEVICE_MAX_WORK_GROUP_SIZE: return ANSWER(size_t, group);
    case CL_DEVICE_MEM_BASE_ADDR_ALIGN: return ANSWER(cl_uint, 1024);
    case CL_DEVICE_COMPILER_AVAILABLE: return ANSWER(cl_bool, CL_TRUE);
    case CL_DEVICE_DOUBLE_FP_CONFIG: return ANSWER(cl_device_fp_config, fake_devices.no_f64 ? 0 : CL_FP_FMA);
    case CL_DEVICE_HOST_UNIFIED_MEMORY: return ANSWER(cl_bool, fake_devices.type == CL_DEVICE_TYPE_CPU);
    case CL_DEVICE_MAX_WORK_ITEM_SIZES: return answer(sizeof items, items, size, to, needed);
    case CL_DEVICE_NAME:
    case CL_DEVICE_VENDOR:
    case CL_DRIVER_VERSION:
    case CL_DEVICE_VERSION:
    case CL_DEVICE_EXTENSIONS: return answer(sizeof "OpenCL 1.2 fake", "OpenCL 1.2 fake", size, to, needed);
    default: return CL_INVALID_VALUE;
    }
}

cl_context clCreateContext(const cl_context_properties *properties, cl_uint count, const cl_device_id *of,
                           void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *), void *user,
                           cl_int *code) {
    (void)properties, (void)count, (void)notify, (void)user;
    fake_object *context = make(NULL, code);
    if (context != NULL)
        context->device = (cl_uint)((const fake_object *)of[0] - devices);
    return (cl_context)context;
}

cl_int clRetainContext(cl_context context) {
    retain((fake_object *)context);
    return CL_SUCCESS;
}

cl_int clReleaseContext(cl_context context) {
    return release(context);
}

cl_int clGetContextInfo(cl_context context, cl_context_info name, size_t size, void *to, size_t *needed) {
    (void)name;
    return ANSWER(cl_device_id, (cl_device_id)&devices[((fake_object *)context)->device]);
}

cl_command_queue clCreateCommandQueue(cl_context context, cl_device_id device, cl_command_queue_properties properties,
                                      cl_int *code) {
    fake_object *queue = make(context, code);
    if (queue != NULL) {
        queue->device = (cl_uint)((fake_object *)device - devices);
        queue->properties = properties;
    }
    return (cl_command_queue)queue;
}

cl_int clRetainCommandQueue(cl_command_queue queue) {
    retain((fake_object *)queue);
    return CL_SUCCESS;
}

cl_int clReleaseCommandQueue(cl_command_queue queue) {
    return release(queue);
}

cl_int clGetCommandQueueInfo(cl_command_queue queue, cl_command_queue_info name, size_t size, void *to,
                             size_t *needed) {
    const fake_object *object = (fake_object *)queue;
    switch (name) {
    case CL_QUEUE_CONTEXT: return ANSWER(cl_context, (cl_context)object->owner);
    case CL_QUEUE_DEVICE: return ANSWER(cl_device_id, (cl_device_id)&devices[object->device]);
    case CL_QUEUE_PROPERTIES: return ANSWER(cl_command_queue_properties, object->properties);
    default: return CL_INVALID_VALUE;
    }
}

/* Reads what the host hands over, all of it: a sanitizer sees where it is not there. */
cl_mem clCreateBuffer(cl_context context, cl_mem_flags flags, size_t size, void *host, cl_int *code) {
    if (size == 0 || size > fake_devices.max_alloc_bytes) {
        *code = CL_INVALID_BUFFER_SIZE;
        return NULL;
    }
    fake_object *buffer = make(context, code);
    if (buffer == NULL)
        return NULL;
    buffer->bytes = size;
    buffer->borrowed = (flags & CL_MEM_USE_HOST_PTR) != 0;
    if (buffer->borrowed)
        atomic_init(&buffer->memory, host);
    void *memory = (flags & CL_MEM_COPY_HOST_PTR) != 0 ? memory_of((cl_mem)buffer) : NULL;
    if (memory != NULL)
        memcpy(memory, host, size);
    return (cl_mem)buffer;
}

cl_int clRetainMemObject(cl_mem buffer) {
    retain((fake_object *)buffer);
    return CL_SUCCESS;
}

cl_int clReleaseMemObject(cl_mem buffer) {
    return release(buffer);
}

cl_int clGetMemObjectInfo(cl_mem buffer, cl_mem_info name, size_t size, void *to, size_t *needed) {
    const fake_object *object = (fake_object *)buffer;
    switch (name) {
    case CL_MEM_CONTEXT: return ANSWER(cl_context, (cl_context)object->owner);
    case CL_MEM_TYPE: return ANSWER(cl_mem_object_type, CL_MEM_OBJECT_BUFFER);
    case CL_MEM_SIZE: return ANSWER(size_t, object->bytes);
    case CL_MEM_ASSOCIATED_MEMOBJECT: return ANSWER(cl_mem, NULL);
    default: return CL_INVALID_VALUE;
    }
}

cl_program clCreateProgramWithSource(cl_context context, cl_uint count, const char **texts, const size_t *lengths,
                                     cl_int *code) {
    (void)count, (void)texts, (void)lengths;
    return (cl_program)make(context, code);
}

cl_program clCreateProgramWithBinary(cl_context context, cl_uint count, const cl_device_id *of, const size_t *sizes,
                                     const unsigned char **binaries, cl_int *accepted, cl_int *code) {
    (void)count, (void)of, (void)sizes, (void)binaries;
    if (accepted != NULL)
        *accepted = CL_SUCCESS;
    return (cl_program)make(context, code);
}

cl_int clBuildProgram(cl_program program, cl_uint count, const cl_device_id *of, const char *options,
                      void(CL_CALLBACK *notify)(cl_program, void *), void *user) {
    (void)program, (void)count, (void)of, (void)options, (void)notify, (void)user;
    return CL_SUCCESS;
}

cl_int clReleaseProgram(cl_program program) {
    return release(program);
}

cl_int clGetProgramInfo(cl_program program, cl_program_info name, size_t size, void *to, size_t *needed) {
    static const char binary[] = "binary";
    (void)program;
    if (!fake_devices.has_binaries)
        return CL_INVALID_VALUE;
    if (name == CL_PROGRAM_NUM_DEVICES)
        return ANSWER(cl_uint, 1);
    if (name == CL_PROGRAM_BINARY_SIZES)
        return ANSWER(size_t, sizeof binary);
    if (name == CL_PROGRAM_BINARIES && size >= sizeof(char *))
        memcpy(*(char **)to, binary, sizeof binary);
    return name == CL_PROGRAM_BINARIES ? CL_SUCCESS : CL_INVALID_VALUE;
}

cl_int clGetProgramBuildInfo(cl_program program, cl_device_id device, cl_program_build_info name, size_t size, void *to,
                             size_t *needed) {
    (void)program, (void)device, (void)name;
    return answer(sizeof "", "", size, to, needed);
}

cl_kernel clCreateKernel(cl_program program, const char *name, cl_int *code) {
    (void)name;
    return (cl_kernel)make(program, code);
}

cl_int clReleaseKernel(cl_kernel kernel) {
    return release(kernel);
}

cl_int clGetKernelInfo(cl_kernel kernel, cl_kernel_info name, size_t size, void *to, size_t *needed) {
    if (name == CL_KERNEL_PROGRAM)
        return ANSWER(cl_program, (cl_program)((fake_object *)kernel)->owner);
    return name == CL_KERNEL_NUM_ARGS ? ANSWER(cl_uint, arguments) : CL_INVALID_VALUE;
}

cl_int clGetKernelArgInfo(cl_kernel kernel, cl_uint place, cl_kernel_arg_info name, size_t size, void *to,
                          size_t *needed) {
    (void)kernel, (void)place, (void)name, (void)size, (void)to, (void)needed;
    return CL_KERNEL_ARG_INFO_NOT_AVAILABLE;
}

cl_int clGetKernelWorkGroupInfo(cl_kernel kernel, cl_device_id device, cl_kernel_work_group_info name, size_t size,
                                void *to, size_t *needed) {
    (void)kernel, (void)device;
    return name == CL_KERNEL_WORK_GROUP_SIZE ? ANSWER(size_t, fake_devices.work_group) : CL_INVALID_VALUE;
}

cl_int clSetKernelArg(cl_kernel kernel, cl_uint place, size_t size, const void *value) {
    (void)kernel, (void)place, (void)size, (void)value;
    return CL_SUCCESS;
}

cl_int clEnqueueNDRangeKernel(cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *offset,
                              const size_t *global, const size_t *local, cl_uint wait_count, const cl_event *wait_list,
                              cl_event *event) {
    (void)queue, (void)kernel, (void)dimensions, (void)offset, (void)global, (void)local, (void)wait_count;
    (void)wait_list;
    return give_event(event);
}

void *clEnqueueMapBuffer(cl_command_queue queue, cl_mem buffer, cl_bool blocking, cl_map_flags flags, size_t offset,
                         size_t size, cl_uint wait_count, const cl_event *wait_list, cl_event *event, cl_int *code) {
    (void)queue, (void)blocking, (void)flags, (void)wait_count, (void)wait_list;
    char *memory = memory_of(buffer);
    bool inside = offset <= ((fake_object *)buffer)->bytes && size <= ((fake_object *)buffer)->bytes - offset;
    *code = !inside ? CL_INVALID_VALUE : memory == NULL ? CL_MAP_FAILURE : give_event(event);
    return *code == CL_SUCCESS ? memory + offset : NULL;
}

cl_int clEnqueueUnmapMemObject(cl_command_queue queue, cl_mem buffer, void *mapped, cl_uint wait_count,
                               const cl_event *wait_list, cl_event *event) {
    (void)queue, (void)buffer, (void)mapped, (void)wait_count, (void)wait_list;
    return give_event(event);
}

/* A part of a buffer's memory. */
static cl_int part_of(cl_mem buffer, size_t offset, size_t size, char **part) {
    char *memory = memory_of(buffer);
    if (offset > ((fake_object *)buffer)->bytes || size > ((fake_object *)buffer)->bytes - offset)
        return CL_INVALID_VALUE;
    if (memory == NULL)
        return CL_OUT_OF_RESOURCES;
    *part = memory + offset;
    return CL_SUCCESS;
}

cl_int clEnqueueReadBuffer(cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size,
                           void *to, cl_uint wait_count, const cl_event *wait_list, cl_event *event) {
    (void)queue, (void)blocking, (void)wait_count, (void)wait_list;
    char *part = NULL;
    cl_int code = part_of(buffer, offset, size, &part);
    if (code != CL_SUCCESS)
        return code;
    memcpy(to, part, size);
    return give_event(event);
}

cl_int clEnqueueWriteBuffer(cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size,
                            const void *from, cl_uint wait_count, const cl_event *wait_list, cl_event *event) {
    (void)queue, (void)blocking, (void)wait_count, (void)wait_list;
    char *part = NULL;
    cl_int code = part_of(buffer, offset, size, &part);
    if (code != CL_SUCCESS)
        return code;
    memcpy(part, from, size);
    return give_event(event);
}

cl_int clEnqueueBarrierWithWaitList(cl_command_queue queue, cl_uint count, const cl_event *list, cl_event *event) {
    (void)queue, (void)count, (void)list;
    return give_event(event);
}

cl_int clEnqueueMarkerWithWaitList(cl_command_queue queue, cl_uint count, const cl_event *list, cl_event *event) {
    (void)queue, (void)count, (void)list;
    return give_event(event);
}

cl_int clFinish(cl_command_queue queue) {
    (void)queue;
    return CL_SUCCESS;
}

cl_int clFlush(cl_command_queue queue) {
    (void)queue;
    return CL_SUCCESS;
}

cl_int clWaitForEvents(cl_uint count, const cl_event *list) {
    (void)count, (void)list;
    return CL_SUCCESS;
}

cl_int clReleaseEvent(cl_event event) {
    return release(event);
}

cl_int clGetEventProfilingInfo(cl_event event, cl_profiling_info name, size_t size, void *to, size_t *needed) {
    (void)event, (void)name;
    return ANSWER(cl_ulong, 1);
}
