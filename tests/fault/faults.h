/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Faults: the library's OpenCL calls and allocations go through wrappers (the linker's --wrap) that count them, fail
 * the one that is asked for, keep a balance of what was made and released, and can pretend that the device lacks
 * something. Several threads may be counted; which of them a failure strikes is chance.
 */
#ifndef CLF_TESTS_FAULTS_H
#define CLF_TESTS_FAULTS_H

#include <clfilter/clfilter.h>

/* Every OpenCL function that is wrapped, as X(name). calls.cmake holds it against what the library calls. */
#define FAULT_CALLS(X)              \
    X(clBuildProgram)               \
    X(clCreateBuffer)               \
    X(clCreateCommandQueue)         \
    X(clCreateContext)              \
    X(clCreateKernel)               \
    X(clCreateProgramWithBinary)    \
    X(clCreateProgramWithSource)    \
    X(clEnqueueBarrierWithWaitList) \
    X(clEnqueueMapBuffer)           \
    X(clEnqueueMarkerWithWaitList)  \
    X(clEnqueueNDRangeKernel)       \
    X(clEnqueueReadBuffer)          \
    X(clEnqueueUnmapMemObject)      \
    X(clEnqueueWriteBuffer)         \
    X(clFinish)                     \
    X(clFlush)                      \
    X(clGetCommandQueueInfo)        \
    X(clGetContextInfo)             \
    X(clGetDeviceIDs)               \
    X(clGetDeviceInfo)              \
    X(clGetEventProfilingInfo)      \
    X(clGetKernelArgInfo)           \
    X(clGetKernelInfo)              \
    X(clGetKernelWorkGroupInfo)     \
    X(clGetMemObjectInfo)           \
    X(clGetPlatformIDs)             \
    X(clGetPlatformInfo)            \
    X(clGetProgramBuildInfo)        \
    X(clGetProgramInfo)             \
    X(clReleaseCommandQueue)        \
    X(clReleaseContext)             \
    X(clReleaseEvent)               \
    X(clReleaseKernel)              \
    X(clReleaseMemObject)           \
    X(clReleaseProgram)             \
    X(clRetainCommandQueue)         \
    X(clRetainContext)              \
    X(clRetainMemObject)            \
    X(clSetKernelArg)               \
    X(clWaitForEvents)

typedef enum fault_call {
#define FAULT_ENUMERATOR(name) FAULT_##name,
    FAULT_CALLS(FAULT_ENUMERATOR)
#undef FAULT_ENUMERATOR
        FAULT_ALLOCATION, /* malloc, calloc, realloc, strdup; a lock or a condition */
    FAULT_CALL_COUNT
} fault_call;

/* What is made and must be released as often. */
typedef enum fault_kind {
    FAULT_CONTEXT,
    FAULT_QUEUE,
    FAULT_BUFFER,
    FAULT_PROGRAM,
    FAULT_KERNEL,
    FAULT_EVENT,
    FAULT_MAPPING,
    FAULT_LOCK, /* conditions too */
    FAULT_MEMORY,
    FAULT_KIND_COUNT
} fault_kind;

/* Which calls fail. */
typedef struct fault_plan {
    bool allocations; /* allocations; false: OpenCL calls */
    size_t first;     /* the first to fail, counted from 1; 0: none */
    bool forever;     /* and every one after it */
    cl_int code;      /* what a failing OpenCL call returns */
} fault_plan;

/* What the machine pretends to be. */
typedef struct fault_pretence {
    bool no_platform;   /* the loader knows none */
    bool no_devices;    /* platforms have none */
    bool no_f64;        /* devices have no double precision */
    bool no_compiler;   /* devices cannot build from source */
    bool broken_source; /* every program has a syntax error in it */
    cl_ulong max_alloc; /* largest buffer; 0: as it is */
} fault_pretence;

/* Begins a count: nothing was called yet, nothing is alive. */
void fault_begin(const fault_plan *plan, const fault_pretence *pretence);

/* Ends it: from here on nothing fails and nothing is counted. */
void fault_end(void);

/* Since fault_begin: calls that could have failed, those that did, the name of the first that did ("" for none). */
size_t fault_calls(void);
size_t fault_failures(void);
const char *fault_first_failure(void);
fault_call fault_first_failed_call(void);

/* A failure of these need not fail a use: texts about the device, releases, devices that are then left out. */
bool fault_may_be_survived(fault_call call);

/* Calls of one function since fault_begin, failed ones included. */
size_t fault_calls_of(fault_call call);

/* Made and retained less released, since fault_begin. */
long fault_balance(fault_kind kind);

extern const char *const fault_call_names[FAULT_CALL_COUNT];
extern const char *const fault_kind_names[FAULT_KIND_COUNT];

/* For the wrappers: counts a call, and says whether it is to fail. */
bool fault_strikes(fault_call call);
bool fault_refuses_memory(void); /* of an allocation, with errno set */
cl_int fault_code(void);
void fault_count(fault_kind kind, long change);
const fault_pretence *fault_pretends(void);

#endif
