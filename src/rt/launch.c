/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel arguments, typed and named, and the enqueueing of a launch. */
#include "rt/launch.h"

#include "base/text.h"

#include <string.h>

#ifdef NDEBUG
enum { CHECKS_NAMES = false };
#else
enum { CHECKS_NAMES = true };
#endif

size_t clf_work_group(const clf_context *context, size_t wish) {
    const clf_profile *profile = clf_context_profile(context);
    size_t most = wish == 0 || profile->group == 1 ? (size_t)profile->group : wish, size = 1;
    if (most > context->info.max_work_group_size)
        most = context->info.max_work_group_size;
    if (most > context->work_items[0])
        most = context->work_items[0];
    while (2 * size <= most)
        size *= 2;
    return size;
}

clf_status clf_launch_create(clf_context *context, cl_program program, const char *name, clf_launch *launch,
                             clf_error *error) {
    memset(launch, 0, sizeof *launch);
    launch->context = context;
    launch->name = name;
    launch->dimensions = 1;
    cl_int code;
    launch->kernel = clCreateKernel(program, name, &code);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "creating an OpenCL kernel");
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
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "copying an OpenCL kernel");
}

/* The place of the next argument; CLF_MAX_ARGUMENTS if there is none. */
static cl_uint next_place(clf_launch *launch, const char *name) {
    cl_uint place = launch->argument_count;
    if (place < CLF_MAX_ARGUMENTS) {
        launch->names[place] = name;
        launch->argument_count++;
    }
    return place;
}

/* Keeps the first failure. */
static void note(clf_launch *launch, const char *name, cl_int code) {
    if (launch->code != CL_SUCCESS || code == CL_SUCCESS)
        return;
    launch->code = code;
    launch->failed = name;
}

static void set(clf_launch *launch, const char *name, size_t bytes, const void *value) {
    cl_uint place = next_place(launch, name);
    if (place == CLF_MAX_ARGUMENTS) {
        note(launch, name, CL_INVALID_ARG_INDEX);
        return;
    }
    struct clf_set_argument *constant = &launch->constants[place];
    constant->bytes = bytes;
    constant->local = value == NULL;
    if (value != NULL)
        memcpy(&constant->value, value, bytes);
    note(launch, name, clSetKernelArg(launch->kernel, place, bytes, value));
}

static void set_late(clf_launch *launch, const char *name, cl_uint index, bool scratch) {
    cl_uint place = next_place(launch, name);
    if (place == CLF_MAX_ARGUMENTS || launch->late_count == sizeof launch->late / sizeof launch->late[0])
        note(launch, name, CL_INVALID_ARG_INDEX);
    else
        launch->late[launch->late_count++] = (struct clf_late_argument){place, index, scratch};
}

void clf_launch_operand(clf_launch *launch, const char *name, cl_uint index) {
    set_late(launch, name, index, false);
}

void clf_launch_scratch(clf_launch *launch, const char *name, cl_uint index) {
    set_late(launch, name, index, true);
}

void clf_launch_buffer(clf_launch *launch, const char *name, cl_mem buffer) {
    set(launch, name, sizeof buffer, &buffer);
}

void clf_launch_i32(clf_launch *launch, const char *name, cl_int value) {
    set(launch, name, sizeof value, &value);
}

void clf_launch_i64(clf_launch *launch, const char *name, cl_long value) {
    set(launch, name, sizeof value, &value);
}

void clf_launch_f32(clf_launch *launch, const char *name, cl_float value) {
    set(launch, name, sizeof value, &value);
}

void clf_launch_f64(clf_launch *launch, const char *name, cl_double value) {
    set(launch, name, sizeof value, &value);
}

void clf_launch_local(clf_launch *launch, const char *name, size_t bytes) {
    set(launch, name, bytes, NULL);
}

void clf_launch_real(clf_launch *launch, const char *name, double value, bool wide) {
    if (wide)
        clf_launch_f64(launch, name, value);
    else
        clf_launch_f32(launch, name, (cl_float)value);
}

void clf_launch_range(clf_launch *launch, const size_t global[3], const size_t local[3]) {
    launch->dimensions = 3;
    for (int i = 0; i < 3; i++) {
        launch->local[i] = local[i];
        launch->global[i] = (global[i] + local[i] - 1) / local[i] * local[i];
    }
}

int64_t clf_row_share(const clf_context *context, int64_t width) {
    return clf_context_profile(context)->wide_items ? width : 1;
}

void clf_launch_rows(clf_launch *launch, int64_t width, int64_t rows, int64_t planes) {
    size_t items = (size_t)(width / clf_row_share(launch->context, width));
    clf_launch_range(launch, (size_t[]){items, (size_t)rows, (size_t)planes},
                     (size_t[]){clf_work_group(launch->context, 0), 1, 1});
}

/* Asks drivers that keep them for the names of the parameters: the arguments must have the same, in the same order. */
static clf_status check_names(const clf_launch *launch, cl_uint wanted, clf_error *error) {
    for (cl_uint i = 0; i < wanted && i < launch->argument_count; i++) {
        char name[64];
        cl_int code = clGetKernelArgInfo(launch->kernel, i, CL_KERNEL_ARG_NAME, sizeof name, name, NULL);
        if (code == CL_KERNEL_ARG_INFO_NOT_AVAILABLE)
            return CLF_OK;
        if (code != CL_SUCCESS)
            return clf_fail_cl(error, code, "asking an OpenCL kernel for a parameter's name");
        if (strcmp(name, launch->names[i]) != 0)
            return clf_fail(error, CLF_BUILD_FAILED, "OpenCL kernel %s: parameter %u is called %s; %s was given",
                            launch->name, i, name, launch->names[i]);
    }
    return CLF_OK;
}

static clf_status check_count(const clf_launch *launch, cl_uint wanted, clf_error *error) {
    cl_uint given = launch->argument_count;
    if (wanted == given)
        return CLF_OK;
    return clf_fail(error, CLF_BUILD_FAILED, "OpenCL kernel %s takes %u arguments; %u were given, the last was %s",
                    launch->name, wanted, given, given > 0 ? launch->names[given - 1] : "none");
}

static clf_status setting_failed(const clf_launch *launch, clf_error *error) {
    char data[128];
    clf_text doing = clf_text_begin(data, sizeof data);
    clf_text_add(&doing, "setting %s of OpenCL kernel %s", launch->failed, launch->name);
    clf_text_close(&doing);
    return clf_fail_cl(error, launch->code, data);
}

/* The device's limit holds for kernels that use little; registers and local memory may allow this one less. */
static clf_status check_group(const clf_launch *launch, clf_error *error) {
    size_t most = 0, wanted = launch->local[0] * launch->local[1] * launch->local[2];
    cl_int code = clGetKernelWorkGroupInfo(launch->kernel, launch->context->device, CL_KERNEL_WORK_GROUP_SIZE,
                                           sizeof most, &most, NULL);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "asking an OpenCL kernel for its largest work-group");
    bool fits = wanted <= most;
    for (int i = 0; i < 3; i++)
        fits = fits && launch->local[i] <= launch->context->work_items[i];
    if (fits)
        return CLF_OK;
    return clf_fail(error, CLF_UNSUPPORTED,
                    "OpenCL kernel %s needs work-groups of %zu x %zu x %zu; at most %zu work-items are possible on %s",
                    launch->name, launch->local[0], launch->local[1], launch->local[2], most,
                    launch->context->info.name);
}

clf_status clf_launch_seal(clf_launch *launch, clf_error *error) {
    cl_uint wanted = 0;
    cl_int code = clGetKernelInfo(launch->kernel, CL_KERNEL_NUM_ARGS, sizeof wanted, &wanted, NULL);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "asking an OpenCL kernel for its arguments");
    if (CHECKS_NAMES)
        CLF_TRY(check_names(launch, wanted, error));
    CLF_TRY(check_count(launch, wanted, error));
    return launch->code == CL_SUCCESS ? check_group(launch, error) : setting_failed(launch, error);
}

/* Groups of a part along an axis, in work-items; all there are where nothing limits them. */
static size_t part_of(const clf_launch *launch, int axis) {
    size_t most = clf_context_profile(launch->context)->most_groups, local = launch->local[axis];
    return most == 0 || local == 0 || launch->global[axis] / local <= most ? launch->global[axis] : most * local;
}

static cl_int enqueue_part(const clf_launch *launch, const size_t offset[3], const size_t global[3], cl_uint wait_count,
                           const cl_event *wait_list, cl_event *event) {
    return clEnqueueNDRangeKernel(launch->context->queue, launch->kernel, launch->dimensions, offset, global,
                                  launch->local[0] ? launch->local : NULL, wait_count, wait_list, event);
}

/* Parts that know nothing of each other, and an event that is over with the last of them on any queue. */
static cl_int enqueue_parts(const clf_launch *launch, const size_t part[3], cl_uint wait_count,
                            const cl_event *wait_list, cl_event *event) {
    const size_t *global = launch->global;
    for (size_t z = 0; z < global[2]; z += part[2])
        for (size_t y = 0; y < global[1]; y += part[1]) {
            size_t down = global[1] - y < part[1] ? global[1] - y : part[1];
            size_t deep = global[2] - z < part[2] ? global[2] - z : part[2];
            cl_int code = enqueue_part(launch, (size_t[]){0, y, z}, (size_t[]){global[0], down, deep}, wait_count,
                                       wait_list, NULL);
            if (code != CL_SUCCESS)
                return code;
        }
    return event ? clEnqueueMarkerWithWaitList(launch->context->queue, 0, NULL, event) : CL_SUCCESS;
}

clf_status clf_launch_enqueue(clf_launch *launch, const clf_launch_memory *memory, cl_uint wait_count,
                              const cl_event *wait_list, cl_event *event, clf_error *error) {
    for (cl_uint i = 0; i < launch->late_count; i++) {
        const struct clf_late_argument *late = &launch->late[i];
        const cl_mem *buffer = (late->scratch ? memory->scratch : memory->operands) + late->index;
        cl_int code = clSetKernelArg(launch->kernel, late->place, sizeof *buffer, buffer);
        if (code != CL_SUCCESS)
            return clf_fail_cl(error, code, "setting a buffer of an OpenCL kernel");
    }
    const size_t part[3] = {launch->global[0], part_of(launch, 1), part_of(launch, 2)};
    bool whole = part[1] == launch->global[1] && part[2] == launch->global[2];
    cl_int code = whole ? enqueue_part(launch, NULL, launch->global, wait_count, wait_list, event)
                        : enqueue_parts(launch, part, wait_count, wait_list, event);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "enqueueing an OpenCL kernel");
}
