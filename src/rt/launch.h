/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Launches: a kernel, its typed arguments and its range. Constant arguments are set once, while the launch is made;
 * operands and scratch are set when it is enqueued.
 */
#ifndef CLF_RT_LAUNCH_H
#define CLF_RT_LAUNCH_H

#include "rt/rt.h"

enum { CLF_MAX_ARGUMENTS = 24, CLF_MAX_OPERANDS = 8, CLF_MAX_SCRATCH = 12 };

/*
 * How many work-items a work-group has along x: the greatest power of two up to `wish`, or where that is 0 to what the
 * device's profile has, that the device allows; 1 if the profile has 1. Kernels are compiled for it (LOCAL_X) and
 * launched with it.
 */
size_t clf_work_group(const clf_context *context, size_t wish);

typedef struct clf_launch {
    clf_context *context;
    cl_kernel kernel;
    const char *name; /* static */
    cl_uint argument_count;
    const char *names[CLF_MAX_ARGUMENTS]; /* static, by place */
    cl_int code;                          /* the first failure while arguments were set, */
    const char *failed;                   /* and the name of its argument */
    struct clf_set_argument {             /* an argument set once, kept so that a clone can set it too */
        size_t bytes;
        bool local; /* local memory: no value */
        union {
            cl_mem buffer;
            cl_int i32;
            cl_long i64;
            cl_float f32;
            cl_double f64;
        } value;
    } constants[CLF_MAX_ARGUMENTS]; /* by place; 0 bytes: not a constant */
    struct clf_late_argument {      /* an argument known when enqueued: its place, and which operand or scratch */
        cl_uint place;
        cl_uint index;
        bool scratch;
    } late[CLF_MAX_OPERANDS + CLF_MAX_SCRATCH];
    cl_uint late_count;
    cl_uint dimensions;
    size_t global[3], local[3]; /* local 0: the driver's choice */
} clf_launch;

/* What a launch is enqueued with. */
typedef struct clf_launch_memory {
    const cl_mem *operands, *scratch;
} clf_launch_memory;

/* Makes the kernel `name` (static text) of a program. Release with clf_launch_release, also after a failure. */
clf_status clf_launch_create(clf_context *context, cl_program program, const char *name, clf_launch *launch,
                             clf_error *error);
void clf_launch_release(clf_launch *launch);

/* Copies a sealed launch, with a kernel of its own. */
clf_status clf_launch_clone(const clf_launch *launch, clf_launch *clone, clf_error *error);

/*
 * The next argument, under the name (static text) that the kernel's parameter has. Arguments are set in the kernel's
 * order; a library built for debugging checks each name against the kernel when the launch is sealed. A name that
 * OpenCL C has for a function (step, length) may be a macro, and is not a parameter's.
 */
void clf_launch_operand(clf_launch *launch, const char *name, cl_uint index);
void clf_launch_scratch(clf_launch *launch, const char *name, cl_uint index);
void clf_launch_buffer(clf_launch *launch, const char *name, cl_mem buffer);
void clf_launch_i32(clf_launch *launch, const char *name, cl_int value);
void clf_launch_i64(clf_launch *launch, const char *name, cl_long value);
void clf_launch_f32(clf_launch *launch, const char *name, cl_float value);
void clf_launch_f64(clf_launch *launch, const char *name, cl_double value);
/* Local memory of a work-group. */
void clf_launch_local(clf_launch *launch, const char *name, size_t bytes);
/* A value of the arithmetic's type: f64 where `wide`, else f32. */
void clf_launch_real(clf_launch *launch, const char *name, double value, bool wide);

/* Sets the range; global sizes are rounded up to whole work-groups. */
void clf_launch_range(clf_launch *launch, const size_t global[3], const size_t local[3]);

/*
 * The range over `planes` of rows of `width` elements, of which a work-item takes clf_row_share: the whole row if the
 * device likes that, else one.
 */
int64_t clf_row_share(const clf_context *context, int64_t width);
void clf_launch_rows(clf_launch *launch, int64_t width, int64_t rows, int64_t planes);

/*
 * Checks that exactly the kernel's arguments were given and all were accepted: CLF_BUILD_FAILED if not. A kernel
 * that cannot have work-groups of this size, if only because of what it uses, is CLF_UNSUPPORTED.
 */
clf_status clf_launch_seal(clf_launch *launch, clf_error *error);

/*
 * Enqueues it on the context's queue, in as many parts as keep the groups along y and z within what the device takes:
 * to a kernel they are one launch, but for get_global_size(1), get_num_groups(1) and the like, which it must not ask.
 */
clf_status clf_launch_enqueue(clf_launch *launch, const clf_launch_memory *memory, cl_uint wait_count,
                              const cl_event *wait_list, cl_event *event, clf_error *error);

#endif
