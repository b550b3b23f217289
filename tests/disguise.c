/* SPDX-License-Identifier: Apache-2.0 */
/* The library's calls of these functions come here (the linker's --wrap). */
#include "disguise.h"

#include <clfilter/clfilter.h>
#include <string.h>

test_disguise disguise;

static void lower(size_t *value, size_t most) {
    if (*value > most) {
        *value = most;
    }
}

cl_int __real_clGetDeviceInfo(cl_device_id device, cl_device_info name, size_t size, void *value, size_t *needed);
cl_int __wrap_clGetDeviceInfo(cl_device_id device, cl_device_info name, size_t size, void *value, size_t *needed);

cl_int __wrap_clGetDeviceInfo(cl_device_id device, cl_device_info name, size_t size, void *value, size_t *needed) {
    cl_int code = __real_clGetDeviceInfo(device, name, size, value, needed);
    if (code != CL_SUCCESS || value == NULL) {
        return code;
    }
    if (disguise.as_gpu && name == CL_DEVICE_TYPE) {
        *(cl_device_type *)value = CL_DEVICE_TYPE_GPU;
    } else if (disguise.native_lanes > 0 && name == CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT) {
        *(cl_uint *)value = disguise.native_lanes;
    } else if (disguise.work_group > 0 && name == CL_DEVICE_MAX_WORK_GROUP_SIZE) {
        lower(value, disguise.work_group);
    } else if (disguise.work_group > 0 && name == CL_DEVICE_MAX_WORK_ITEM_SIZES) {
        for (int i = 0; i < 3; i++) {
            lower((size_t *)value + i, disguise.work_group);
        }
    }
    return code;
}

enum { MOST_KERNELS = 128, NAME_SIZE = 64 };

/* Lines run one after another: one thread alone launches where launches are noted. */
static struct {
    bool on;
    char name[MOST_KERNELS][NAME_SIZE];
    size_t count;
} launched;

void disguise_note_launches(void) {
    launched.on = true;
}

const char *disguise_launched(size_t index) {
    return index < launched.count ? launched.name[index] : NULL;
}

static void note_launch(cl_kernel kernel) {
    char *name = launched.name[launched.count];
    if (!launched.on || launched.count + 1 == MOST_KERNELS ||
        clGetKernelInfo(kernel, CL_KERNEL_FUNCTION_NAME, NAME_SIZE, name, NULL) != CL_SUCCESS) {
        return;
    }
    for (size_t i = 0; i < launched.count; i++) {
        if (strcmp(launched.name[i], name) == 0) {
            return;
        }
    }
    launched.count++;
}

static size_t most_of(cl_kernel kernel) {
    char name[64] = "";
    size_t most = disguise.work_group > 0 ? disguise.work_group : SIZE_MAX;
    bool known = disguise.kernel != NULL &&
                 clGetKernelInfo(kernel, CL_KERNEL_FUNCTION_NAME, sizeof name, name, NULL) == CL_SUCCESS;
    if (known && (disguise.kernel[0] == '\0' || strcmp(name, disguise.kernel) == 0)) {
        lower(&most, disguise.kernel_group);
    }
    return most;
}

cl_int __real_clGetKernelWorkGroupInfo(cl_kernel kernel, cl_device_id device, cl_kernel_work_group_info name,
                                       size_t size, void *value, size_t *needed);
cl_int __wrap_clGetKernelWorkGroupInfo(cl_kernel kernel, cl_device_id device, cl_kernel_work_group_info name,
                                       size_t size, void *value, size_t *needed);

cl_int __wrap_clGetKernelWorkGroupInfo(cl_kernel kernel, cl_device_id device, cl_kernel_work_group_info name,
                                       size_t size, void *value, size_t *needed) {
    cl_int code = __real_clGetKernelWorkGroupInfo(kernel, device, name, size, value, needed);
    if (code == CL_SUCCESS && value != NULL && name == CL_KERNEL_WORK_GROUP_SIZE) {
        lower(value, most_of(kernel));
    }
    return code;
}

cl_int __real_clEnqueueNDRangeKernel(cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *offset,
                                     const size_t *global, const size_t *local, cl_uint wait_count,
                                     const cl_event *wait_list, cl_event *event);
cl_int __wrap_clEnqueueNDRangeKernel(cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *offset,
                                     const size_t *global, const size_t *local, cl_uint wait_count,
                                     const cl_event *wait_list, cl_event *event);

cl_int __wrap_clEnqueueNDRangeKernel(cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *offset,
                                     const size_t *global, const size_t *local, cl_uint wait_count,
                                     const cl_event *wait_list, cl_event *event) {
    size_t items = 1;
    for (cl_uint i = 0; i < dimensions && local != NULL; i++) {
        items *= local[i];
        if (i > 0 && disguise.groups > 0 && global[i] / local[i] > disguise.groups) {
            return CL_INVALID_GLOBAL_WORK_SIZE;
        }
    }
    if (items > most_of(kernel)) {
        return CL_INVALID_WORK_GROUP_SIZE;
    }
    note_launch(kernel);
    return __real_clEnqueueNDRangeKernel(queue, kernel, dimensions, offset, global, local, wait_count, wait_list,
                                         event);
}

static const char other_compiler[] = "#undef __has_builtin\n#undef __clang__\n";
/* Where products are added by an instruction of their own, each is rounded. */
static const char no_fast_fma[] = "#undef FP_FAST_FMAF\n#undef FP_FAST_FMA\n#undef __FMA__\n"
                                  "#pragma OPENCL FP_CONTRACT OFF\n";
static const char first_line[] = "#line 1\n"; /* what the compiler says of the source names the source's own lines */

cl_program __real_clCreateProgramWithSource(cl_context context, cl_uint count, const char **texts,
                                            const size_t *lengths, cl_int *code);
cl_program __wrap_clCreateProgramWithSource(cl_context context, cl_uint count, const char **texts,
                                            const size_t *lengths, cl_int *code);

cl_program __wrap_clCreateProgramWithSource(cl_context context, cl_uint count, const char **texts,
                                            const size_t *lengths, cl_int *code) {
    if ((!disguise.without_builtins && !disguise.without_fma) || count != 1 || texts == NULL) {
        return __real_clCreateProgramWithSource(context, count, texts, lengths, code);
    }
    const char *all[4] = {disguise.without_builtins ? other_compiler : "", disguise.without_fma ? no_fast_fma : "",
                          first_line, texts[0]};
    const size_t length[4] = {0, 0, 0, lengths == NULL ? 0 : lengths[0]}; /* 0: up to the text's end */
    return __real_clCreateProgramWithSource(context, 4, all, length, code);
}
