/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wrappers. A failing call does nothing but say so; releases and unmappings, which cannot be asked for again, are
 * done even where they are made to report a failure.
 */
#include "faults.h"
#include "programs.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A function that returns a status: fails before it is called. */
#define WRAP_STATUS(name, parameters, arguments)                                     \
    cl_int __real_##name parameters;                                                 \
    cl_int __wrap_##name parameters;                                                 \
    cl_int __wrap_##name parameters {                                                \
        return fault_strikes(FAULT_##name) ? fault_code() : __real_##name arguments; \
    }

/* A function that returns a status and, where it succeeds, changes the number of something by `change`. */
#define WRAP_COUNTED(name, parameters, arguments, kind, change)                             \
    cl_int __real_##name parameters;                                                        \
    cl_int __wrap_##name parameters;                                                        \
    cl_int __wrap_##name parameters {                                                       \
        cl_int code = fault_strikes(FAULT_##name) ? fault_code() : __real_##name arguments; \
        fault_count(kind, code == CL_SUCCESS ? (change) : 0);                               \
        return code;                                                                        \
    }

/* A release: done in any case, and then perhaps said to have failed. */
#define WRAP_RELEASE(name, parameters, arguments, kind) \
    cl_int __real_##name parameters;                    \
    cl_int __wrap_##name parameters;                    \
    cl_int __wrap_##name parameters {                   \
        bool strikes = fault_strikes(FAULT_##name);     \
        cl_int code = __real_##name arguments;          \
        fault_count(kind, code == CL_SUCCESS ? -1 : 0); \
        return strikes ? fault_code() : code;           \
    }

/* A function that returns an object, and its status through `code`. */
#define WRAP_CREATE(type, name, parameters, arguments, code, kind) \
    type __real_##name parameters;                                 \
    type __wrap_##name parameters;                                 \
    type __wrap_##name parameters {                                \
        if (fault_strikes(FAULT_##name)) {                         \
            if ((code) != NULL) {                                  \
                *(code) = fault_code();                            \
            }                                                      \
            return NULL;                                           \
        }                                                          \
        type made = __real_##name arguments;                       \
        fault_count(kind, made != NULL ? 1 : 0);                   \
        return made;                                               \
    }

WRAP_CREATE(cl_context, clCreateContext,
            (const cl_context_properties *properties, cl_uint count, const cl_device_id *devices,
             void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *), void *user, cl_int *code),
            (properties, count, devices, notify, user, code), code, FAULT_CONTEXT)
WRAP_CREATE(cl_command_queue, clCreateCommandQueue,
            (cl_context context, cl_device_id device, cl_command_queue_properties properties, cl_int *code),
            (context, device, properties, code), code, FAULT_QUEUE)
WRAP_CREATE(cl_mem, clCreateBuffer, (cl_context context, cl_mem_flags flags, size_t size, void *host, cl_int *code),
            (context, flags, size, host, code), code, FAULT_BUFFER)
WRAP_CREATE(cl_kernel, clCreateKernel, (cl_program program, const char *name, cl_int *code),
            (programs_meant(program), name, code), code, FAULT_KERNEL)
WRAP_CREATE(cl_program, clCreateProgramWithBinary,
            (cl_context context, cl_uint count, const cl_device_id *devices, const size_t *sizes,
             const unsigned char **binaries, cl_int *accepted, cl_int *code),
            (context, count, devices, sizes, binaries, accepted, code), code, FAULT_PROGRAM)
/* Mapping gives memory and, where it is asked for, an event. */
void *__real_clEnqueueMapBuffer(cl_command_queue queue, cl_mem buffer, cl_bool blocking, cl_map_flags flags,
                                size_t offset, size_t size, cl_uint wait_count, const cl_event *wait_list,
                                cl_event *event, cl_int *code);
void *__wrap_clEnqueueMapBuffer(cl_command_queue queue, cl_mem buffer, cl_bool blocking, cl_map_flags flags,
                                size_t offset, size_t size, cl_uint wait_count, const cl_event *wait_list,
                                cl_event *event, cl_int *code);
void *__wrap_clEnqueueMapBuffer(cl_command_queue queue, cl_mem buffer, cl_bool blocking, cl_map_flags flags,
                                size_t offset, size_t size, cl_uint wait_count, const cl_event *wait_list,
                                cl_event *event, cl_int *code) {
    if (fault_strikes(FAULT_clEnqueueMapBuffer)) {
        if (code != NULL) {
            *code = fault_code();
        }
        return NULL;
    }
    void *made =
        __real_clEnqueueMapBuffer(queue, buffer, blocking, flags, offset, size, wait_count, wait_list, event, code);
    fault_count(FAULT_MAPPING, made != NULL ? 1 : 0);
    fault_count(FAULT_EVENT, made != NULL && event != NULL ? 1 : 0);
    return made;
}

cl_int __wrap_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *devices, const char *build_options,
                             void(CL_CALLBACK *notify)(cl_program, void *), void *user);
cl_int __wrap_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *devices, const char *build_options,
                             void(CL_CALLBACK *notify)(cl_program, void *), void *user) {
    return fault_strikes(FAULT_clBuildProgram) ? fault_code()
                                               : programs_build(program, count, devices, build_options, notify, user);
}

WRAP_STATUS(clEnqueueReadBuffer,
            (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, void *to,
             cl_uint wait_count, const cl_event *wait_list, cl_event *event),
            (queue, buffer, blocking, offset, size, to, wait_count, wait_list, event))
WRAP_STATUS(clEnqueueWriteBuffer,
            (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, const void *from,
             cl_uint wait_count, const cl_event *wait_list, cl_event *event),
            (queue, buffer, blocking, offset, size, from, wait_count, wait_list, event))
WRAP_STATUS(clFinish, (cl_command_queue queue), (queue))
WRAP_STATUS(clFlush, (cl_command_queue queue), (queue))
WRAP_STATUS(clWaitForEvents, (cl_uint count, const cl_event *events), (count, events))
WRAP_STATUS(clGetCommandQueueInfo,
            (cl_command_queue queue, cl_command_queue_info name, size_t size, void *value, size_t *needed),
            (queue, name, size, value, needed))
WRAP_STATUS(clGetContextInfo, (cl_context context, cl_context_info name, size_t size, void *value, size_t *needed),
            (context, name, size, value, needed))
WRAP_STATUS(clGetEventProfilingInfo, (cl_event event, cl_profiling_info name, size_t size, void *value, size_t *needed),
            (event, name, size, value, needed))
WRAP_STATUS(clGetKernelArgInfo,
            (cl_kernel kernel, cl_uint index, cl_kernel_arg_info name, size_t size, void *value, size_t *needed),
            (kernel, index, name, size, value, needed))
WRAP_STATUS(clGetKernelInfo, (cl_kernel kernel, cl_kernel_info name, size_t size, void *value, size_t *needed),
            (kernel, name, size, value, needed))
WRAP_STATUS(clGetKernelWorkGroupInfo,
            (cl_kernel kernel, cl_device_id device, cl_kernel_work_group_info name, size_t size, void *value,
             size_t *needed),
            (kernel, device, name, size, value, needed))
WRAP_STATUS(clGetMemObjectInfo, (cl_mem memory, cl_mem_info name, size_t size, void *value, size_t *needed),
            (memory, name, size, value, needed))
WRAP_STATUS(clGetPlatformInfo,
            (cl_platform_id platform, cl_platform_info name, size_t size, void *value, size_t *needed),
            (platform, name, size, value, needed))
WRAP_STATUS(clGetProgramBuildInfo,
            (cl_program program, cl_device_id device, cl_program_build_info name, size_t size, void *value,
             size_t *needed),
            (programs_meant(program), device, name, size, value, needed))
WRAP_STATUS(clGetProgramInfo, (cl_program program, cl_program_info name, size_t size, void *value, size_t *needed),
            (programs_meant(program), name, size, value, needed))
WRAP_STATUS(clSetKernelArg, (cl_kernel kernel, cl_uint index, size_t size, const void *value),
            (kernel, index, size, value))

/* Enqueueing gives an event, where one is asked for. */
WRAP_COUNTED(clEnqueueNDRangeKernel,
             (cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *offset, const size_t *global,
              const size_t *local, cl_uint wait_count, const cl_event *wait_list, cl_event *event),
             (queue, kernel, dimensions, offset, global, local, wait_count, wait_list, event), FAULT_EVENT,
             event != NULL ? 1 : 0)
WRAP_COUNTED(clEnqueueBarrierWithWaitList,
             (cl_command_queue queue, cl_uint wait_count, const cl_event *wait_list, cl_event *event),
             (queue, wait_count, wait_list, event), FAULT_EVENT, event != NULL ? 1 : 0)
WRAP_COUNTED(clEnqueueMarkerWithWaitList,
             (cl_command_queue queue, cl_uint wait_count, const cl_event *wait_list, cl_event *event),
             (queue, wait_count, wait_list, event), FAULT_EVENT, event != NULL ? 1 : 0)
WRAP_COUNTED(clRetainCommandQueue, (cl_command_queue queue), (queue), FAULT_QUEUE, 1)
WRAP_COUNTED(clRetainContext, (cl_context context), (context), FAULT_CONTEXT, 1)
WRAP_COUNTED(clRetainMemObject, (cl_mem memory), (memory), FAULT_BUFFER, 1)

WRAP_RELEASE(clReleaseCommandQueue, (cl_command_queue queue), (queue), FAULT_QUEUE)
WRAP_RELEASE(clReleaseContext, (cl_context context), (context), FAULT_CONTEXT)
WRAP_RELEASE(clReleaseEvent, (cl_event event), (event), FAULT_EVENT)
WRAP_RELEASE(clReleaseKernel, (cl_kernel kernel), (kernel), FAULT_KERNEL)
WRAP_RELEASE(clReleaseMemObject, (cl_mem memory), (memory), FAULT_BUFFER)
WRAP_RELEASE(clReleaseProgram, (cl_program program), (programs_released(program)), FAULT_PROGRAM)
/* Unmapping is a release, and gives an event where it is asked for. */
cl_int __real_clEnqueueUnmapMemObject(cl_command_queue queue, cl_mem memory, void *mapped, cl_uint wait_count,
                                      const cl_event *wait_list, cl_event *event);
cl_int __wrap_clEnqueueUnmapMemObject(cl_command_queue queue, cl_mem memory, void *mapped, cl_uint wait_count,
                                      const cl_event *wait_list, cl_event *event);
cl_int __wrap_clEnqueueUnmapMemObject(cl_command_queue queue, cl_mem memory, void *mapped, cl_uint wait_count,
                                      const cl_event *wait_list, cl_event *event) {
    bool strikes = fault_strikes(FAULT_clEnqueueUnmapMemObject);
    cl_int code = __real_clEnqueueUnmapMemObject(queue, memory, mapped, wait_count, wait_list, event);
    fault_count(FAULT_MAPPING, code == CL_SUCCESS ? -1 : 0);
    fault_count(FAULT_EVENT, code == CL_SUCCESS && event != NULL ? 1 : 0);
    return strikes ? fault_code() : code;
}

/* What the loader returns where no driver is installed. */
#define PLATFORM_NOT_FOUND (-1001)

cl_int __real_clGetPlatformIDs(cl_uint capacity, cl_platform_id *platforms, cl_uint *count);
cl_int __wrap_clGetPlatformIDs(cl_uint capacity, cl_platform_id *platforms, cl_uint *count);

cl_int __wrap_clGetPlatformIDs(cl_uint capacity, cl_platform_id *platforms, cl_uint *count) {
    if (fault_strikes(FAULT_clGetPlatformIDs)) {
        return fault_code();
    }
    if (!fault_pretends()->no_platform) {
        return __real_clGetPlatformIDs(capacity, platforms, count);
    }
    if (count != NULL) {
        *count = 0;
    }
    return PLATFORM_NOT_FOUND;
}

cl_int __real_clGetDeviceIDs(cl_platform_id platform, cl_device_type type, cl_uint capacity, cl_device_id *devices,
                             cl_uint *count);
cl_int __wrap_clGetDeviceIDs(cl_platform_id platform, cl_device_type type, cl_uint capacity, cl_device_id *devices,
                             cl_uint *count);

cl_int __wrap_clGetDeviceIDs(cl_platform_id platform, cl_device_type type, cl_uint capacity, cl_device_id *devices,
                             cl_uint *count) {
    if (fault_strikes(FAULT_clGetDeviceIDs)) {
        return fault_code();
    }
    if (!fault_pretends()->no_devices) {
        return __real_clGetDeviceIDs(platform, type, capacity, devices, count);
    }
    if (count != NULL) {
        *count = 0;
    }
    return CL_DEVICE_NOT_FOUND;
}

/* What the device says of itself, changed where something is pretended. */
static void pretend_device(cl_device_info name, void *value) {
    const fault_pretence *pretence = fault_pretends();
    if (name == CL_DEVICE_DOUBLE_FP_CONFIG && pretence->no_f64) {
        *(cl_device_fp_config *)value = 0;
    } else if (name == CL_DEVICE_COMPILER_AVAILABLE && pretence->no_compiler) {
        *(cl_bool *)value = CL_FALSE;
    } else if (name == CL_DEVICE_MAX_MEM_ALLOC_SIZE && pretence->max_alloc != 0) {
        *(cl_ulong *)value = pretence->max_alloc;
    }
}

cl_int __real_clGetDeviceInfo(cl_device_id device, cl_device_info name, size_t size, void *value, size_t *needed);
cl_int __wrap_clGetDeviceInfo(cl_device_id device, cl_device_info name, size_t size, void *value, size_t *needed);

cl_int __wrap_clGetDeviceInfo(cl_device_id device, cl_device_info name, size_t size, void *value, size_t *needed) {
    if (fault_strikes(FAULT_clGetDeviceInfo)) {
        return fault_code();
    }
    cl_int code = __real_clGetDeviceInfo(device, name, size, value, needed);
    if (code == CL_SUCCESS && value != NULL) {
        pretend_device(name, value);
    }
    return code;
}

cl_program __real_clCreateProgramWithSource(cl_context context, cl_uint count, const char **texts,
                                            const size_t *lengths, cl_int *code);
cl_program __wrap_clCreateProgramWithSource(cl_context context, cl_uint count, const char **texts,
                                            const size_t *lengths, cl_int *code);

cl_program __wrap_clCreateProgramWithSource(cl_context context, cl_uint count, const char **texts,
                                            const size_t *lengths, cl_int *code) {
    static const char *broken[1] = {"kernel void broken(global float *x) { x[0] = no_such_name; }\n"};
    if (fault_strikes(FAULT_clCreateProgramWithSource)) {
        if (code != NULL) {
            *code = fault_code();
        }
        return NULL;
    }
    bool pretend = fault_pretends()->broken_source;
    cl_program made = __real_clCreateProgramWithSource(context, pretend ? 1 : count, pretend ? broken : texts,
                                                       pretend ? NULL : lengths, code);
    fault_count(FAULT_PROGRAM, made != NULL ? 1 : 0);
    return made;
}

/* Locks and conditions, for which a system may lack what memory is. */
#define WRAP_LOCK(kind)                                                                                    \
    int __real_pthread_##kind##_init(pthread_##kind##_t *lock, const pthread_##kind##attr_t *attributes);  \
    int __wrap_pthread_##kind##_init(pthread_##kind##_t *lock, const pthread_##kind##attr_t *attributes);  \
    int __wrap_pthread_##kind##_init(pthread_##kind##_t *lock, const pthread_##kind##attr_t *attributes) { \
        const int code = fault_refuses_memory() ? ENOMEM : __real_pthread_##kind##_init(lock, attributes); \
        fault_count(FAULT_LOCK, code == 0 ? 1 : 0);                                                        \
        return code;                                                                                       \
    }                                                                                                      \
    int __real_pthread_##kind##_destroy(pthread_##kind##_t *lock);                                         \
    int __wrap_pthread_##kind##_destroy(pthread_##kind##_t *lock);                                         \
    int __wrap_pthread_##kind##_destroy(pthread_##kind##_t *lock) {                                        \
        fault_count(FAULT_LOCK, -1);                                                                       \
        return __real_pthread_##kind##_destroy(lock);                                                      \
    }
WRAP_LOCK(mutex)
WRAP_LOCK(cond)

/* Memory of the host. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *memory);

void *__wrap_malloc(size_t size) {
    void *made = fault_refuses_memory() ? NULL : __real_malloc(size);
    fault_count(FAULT_MEMORY, made != NULL ? 1 : 0);
    return made;
}

void *__wrap_calloc(size_t count, size_t size) {
    void *made = fault_refuses_memory() ? NULL : __real_calloc(count, size);
    fault_count(FAULT_MEMORY, made != NULL ? 1 : 0);
    return made;
}

void *__wrap_realloc(void *memory, size_t size) {
    bool strikes = fault_refuses_memory(), grown = memory == NULL;
    void *made = strikes ? NULL : __real_realloc(memory, size);
    fault_count(FAULT_MEMORY, grown && made != NULL ? 1 : 0);
    return made;
}

char *__wrap_strdup(const char *text) {
    char *made = fault_refuses_memory() ? NULL : __real_strdup(text);
    fault_count(FAULT_MEMORY, made != NULL ? 1 : 0);
    return made;
}

void __wrap_free(void *memory) {
    fault_count(FAULT_MEMORY, memory != NULL ? -1 : 0);
    __real_free(memory);
}
