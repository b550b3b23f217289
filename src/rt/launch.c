/* SPDX-License-Identifier: Apache-2.0 */
/* Typed, counted kernel arguments, and the enqueueing of a launch. */
#include "rt/launch.h"

#include <string.h>

clf_status clf_launch_create(cl_program program, const char *name, clf_launch *launch, clf_error *error) {
    memset(launch, 0, sizeof *launch);
    launch->name = name;
    launch->dimensions = 1;
    cl_int code;
    launch->kernel = clCreateKernel(program, name, &code);
    if (code == CL_SUCCESS)
        return CLF_OK;
    launch->kernel = NULL;
    return clf_fail_cl(error, code, "creating a kernel");
}

void clf_launch_release(clf_launch *launch) {
    if (launch->kernel != NULL)
        clReleaseKernel(launch->kernel);
    launch->kernel = NULL;
}

/* OpenCL 1.2 cannot copy a kernel: the clone is a new kernel of the same program with the same constants. */
clf_status clf_launch_clone(const clf_launch *launch, clf_launch *clone, clf_error *error) {
    *clone = *launch;
    clone->kernel = NULL;
    cl_program program;
    cl_int code = clGetKernelInfo(launch->kernel, CL_KERNEL_PROGRAM, sizeof program, &program, NULL);
    if (code == CL_SUCCESS)
        clone->kernel = clCreateKernel(program, launch->name, &code);
    for (cl_uint i = 0; i < launch->argument_count && code == CL_SUCCESS; i++)
        if (launch->constants[i].bytes > 0)
            code = clSetKernelArg(clone->kernel, i, launch->constants[i].bytes,
                                  launch->constants[i].local ? NULL : &launch->constants[i].value);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "copying a kernel");
}

static void set(clf_launch *launch, size_t bytes, const void *value) {
    if (launch->argument_count == CLF_MAX_ARGUMENTS) {
        launch->code = CL_INVALID_ARG_INDEX;
        return;
    }
    struct clf_set_argument *constant = &launch->constants[launch->argument_count];
    constant->bytes = bytes;
    constant->local = value == NULL;
    if (value != NULL)
        memcpy(&constant->value, value, bytes);
    cl_int code = clSetKernelArg(launch->kernel, launch->argument_count++, bytes, value);
    if (launch->code == CL_SUCCESS)
        launch->code = code;
}

static void set_late(clf_launch *launch, cl_uint index, bool scratch) {
    if (launch->argument_count == CLF_MAX_ARGUMENTS ||
        launch->late_count == sizeof launch->late / sizeof launch->late[0]) {
        launch->code = CL_INVALID_ARG_INDEX;
        return;
    }
    launch->late[launch->late_count++] = (struct clf_late_argument){launch->argument_count++, index, scratch};
}

void clf_launch_operand(clf_launch *launch, cl_uint index) {
    set_late(launch, index, false);
}

void clf_launch_scratch(clf_launch *launch, cl_uint index) {
    set_late(launch, index, true);
}

void clf_launch_buffer(clf_launch *launch, cl_mem buffer) {
    set(launch, sizeof buffer, &buffer);
}

void clf_launch_i32(clf_launch *launch, cl_int value) {
    set(launch, sizeof value, &value);
}

void clf_launch_i64(clf_launch *launch, cl_long value) {
    set(launch, sizeof value, &value);
}

void clf_launch_f32(clf_launch *launch, cl_float value) {
    set(launch, sizeof value, &value);
}

void clf_launch_f64(clf_launch *launch, cl_double value) {
    set(launch, sizeof value, &value);
}

void clf_launch_local(clf_launch *launch, size_t bytes) {
    set(launch, bytes, NULL);
}

void clf_launch_real(clf_launch *launch, double value, bool wide) {
    if (wide)
        clf_launch_f64(launch, value);
    else
        clf_launch_f32(launch, (cl_float)value);
}

void clf_launch_range(clf_launch *launch, const size_t global[3], const size_t local[3]) {
    launch->dimensions = 3;
    for (int i = 0; i < 3; i++) {
        launch->local[i] = local[i];
        launch->global[i] = (global[i] + local[i] - 1) / local[i] * local[i];
    }
}

clf_status clf_launch_seal(clf_launch *launch, clf_error *error) {
    if (launch->code != CL_SUCCESS)
        return clf_fail_cl(error, launch->code, "setting a kernel's arguments");
    cl_uint wanted = 0;
    cl_int code = clGetKernelInfo(launch->kernel, CL_KERNEL_NUM_ARGS, sizeof wanted, &wanted, NULL);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "asking a kernel for its arguments");
    if (wanted != launch->argument_count)
        return clf_fail(error, CLF_BUILD_FAILED, "kernel %s takes %u arguments, %u were given", launch->name, wanted,
                        launch->argument_count);
    return CLF_OK;
}

clf_status clf_launch_enqueue(clf_launch *launch, cl_command_queue queue, const clf_launch_memory *memory,
                              cl_uint wait_count, const cl_event *wait_list, cl_event *event, clf_error *error) {
    for (cl_uint i = 0; i < launch->late_count; i++) {
        const struct clf_late_argument *late = &launch->late[i];
        const cl_mem *buffer = (late->scratch ? memory->scratch : memory->operands) + late->index;
        cl_int code = clSetKernelArg(launch->kernel, late->place, sizeof *buffer, buffer);
        if (code != CL_SUCCESS)
            return clf_fail_cl(error, code, "setting a kernel's buffer");
    }
    cl_int code = clEnqueueNDRangeKernel(queue, launch->kernel, launch->dimensions, NULL, launch->global,
                                         launch->local[0] ? launch->local : NULL, wait_count, wait_list, event);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "enqueueing a kernel");
}
