/* SPDX-License-Identifier: Apache-2.0 */
/* Devices: listing them, reading what they are, and finding the one a selector names. */
#include "base/alloc.h"
#include "base/text.h"
#include "rt/rt.h"

#include <stdlib.h>
#include <string.h>

#define ERROR_TABLE(X)                              \
    X(CL_DEVICE_NOT_FOUND)                          \
    X(CL_DEVICE_NOT_AVAILABLE)                      \
    X(CL_COMPILER_NOT_AVAILABLE)                    \
    X(CL_MEM_OBJECT_ALLOCATION_FAILURE)             \
    X(CL_OUT_OF_RESOURCES)                          \
    X(CL_OUT_OF_HOST_MEMORY)                        \
    X(CL_PROFILING_INFO_NOT_AVAILABLE)              \
    X(CL_MEM_COPY_OVERLAP)                          \
    X(CL_BUILD_PROGRAM_FAILURE)                     \
    X(CL_MAP_FAILURE)                               \
    X(CL_MISALIGNED_SUB_BUFFER_OFFSET)              \
    X(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST) \
    X(CL_INVALID_VALUE)                             \
    X(CL_INVALID_DEVICE_TYPE)                       \
    X(CL_INVALID_PLATFORM)                          \
    X(CL_INVALID_DEVICE)                            \
    X(CL_INVALID_CONTEXT)                           \
    X(CL_INVALID_QUEUE_PROPERTIES)                  \
    X(CL_INVALID_COMMAND_QUEUE)                     \
    X(CL_INVALID_MEM_OBJECT)                        \
    X(CL_INVALID_BINARY)                            \
    X(CL_INVALID_BUILD_OPTIONS)                     \
    X(CL_INVALID_PROGRAM)                           \
    X(CL_INVALID_PROGRAM_EXECUTABLE)                \
    X(CL_INVALID_KERNEL_NAME)                       \
    X(CL_INVALID_KERNEL_DEFINITION)                 \
    X(CL_INVALID_KERNEL)                            \
    X(CL_INVALID_ARG_INDEX)                         \
    X(CL_INVALID_ARG_VALUE)                         \
    X(CL_INVALID_ARG_SIZE)                          \
    X(CL_INVALID_KERNEL_ARGS)                       \
    X(CL_INVALID_WORK_DIMENSION)                    \
    X(CL_INVALID_WORK_GROUP_SIZE)                   \
    X(CL_INVALID_WORK_ITEM_SIZE)                    \
    X(CL_INVALID_GLOBAL_OFFSET)                     \
    X(CL_INVALID_EVENT_WAIT_LIST)                   \
    X(CL_INVALID_EVENT)                             \
    X(CL_INVALID_OPERATION)                         \
    X(CL_INVALID_BUFFER_SIZE)                       \
    X(CL_INVALID_GLOBAL_WORK_SIZE)

#define CL_PLATFORM_NOT_FOUND_KHR_CODE (-1001)

const char *clf_cl_error_name(cl_int code) {
    switch (code) {
#define CASE(name) \
    case name: return #name;
        ERROR_TABLE(CASE)
#undef CASE
    case CL_PLATFORM_NOT_FOUND_KHR_CODE: return "CL_PLATFORM_NOT_FOUND_KHR";
    default: return "an unknown OpenCL error";
    }
}

static clf_status status_of(cl_int code) {
    switch (code) {
    case CL_OUT_OF_HOST_MEMORY: return CLF_OUT_OF_MEMORY;
    case CL_OUT_OF_RESOURCES:
    case CL_MEM_OBJECT_ALLOCATION_FAILURE: return CLF_OUT_OF_DEVICE_MEMORY;
    case CL_INVALID_CONTEXT:
    case CL_INVALID_DEVICE:
    case CL_INVALID_COMMAND_QUEUE:
    case CL_INVALID_MEM_OBJECT: return CLF_INVALID_HANDLE;
    case CL_BUILD_PROGRAM_FAILURE: return CLF_BUILD_FAILED;
    case CL_PLATFORM_NOT_FOUND_KHR_CODE: return CLF_NO_PLATFORM;
    default: return CLF_DEVICE_ERROR;
    }
}

clf_status clf_fail_cl(clf_error *error, cl_int code, const char *doing) {
    clf_status status = status_of(code);
    clf_error_set(error, status, "%s failed: %s (%d)", doing, clf_cl_error_name(code), (int)code);
    if (error != NULL)
        error->cl_code = code;
    return status;
}

/* Copies a text property, truncated to `size`; empty if the driver does not answer. */
static void read_text(cl_device_id device, cl_device_info what, char *text, size_t size) {
    char whole[1024] = "";
    if (clGetDeviceInfo(device, what, sizeof whole - 1, whole, NULL) != CL_SUCCESS)
        whole[0] = '\0';
    clf_text out = clf_text_begin(text, size);
    clf_text_add(&out, "%s", whole);
}

clf_status clf_device_read(cl_device_id device, clf_device_info *info, clf_error *error) {
    memset(info, 0, sizeof *info);
    cl_platform_id platform = NULL;
    cl_bool compiler = CL_FALSE;
    cl_uint align_bits = 0;
    cl_int code = CL_SUCCESS;
#define READ(what, target)  \
    if (code == CL_SUCCESS) \
    code = clGetDeviceInfo(device, what, sizeof(target), &(target), NULL)
    READ(CL_DEVICE_PLATFORM, platform);
    READ(CL_DEVICE_TYPE, info->type);
    READ(CL_DEVICE_MAX_COMPUTE_UNITS, info->compute_units);
    READ(CL_DEVICE_MAX_CLOCK_FREQUENCY, info->clock_mhz);
    READ(CL_DEVICE_GLOBAL_MEM_SIZE, info->global_bytes);
    READ(CL_DEVICE_MAX_MEM_ALLOC_SIZE, info->max_alloc_bytes);
    READ(CL_DEVICE_LOCAL_MEM_SIZE, info->local_bytes);
    READ(CL_DEVICE_MAX_WORK_GROUP_SIZE, info->max_work_group_size);
    READ(CL_DEVICE_MEM_BASE_ADDR_ALIGN, align_bits);
    READ(CL_DEVICE_COMPILER_AVAILABLE, compiler);
#undef READ
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "reading the properties of the device");
    cl_device_fp_config f64 = 0;
    if (clGetDeviceInfo(device, CL_DEVICE_DOUBLE_FP_CONFIG, sizeof f64, &f64, NULL) != CL_SUCCESS)
        f64 = 0; /* OpenCL 1.1 devices do not know the question */
    info->has_f64 = f64 != 0;
    info->compiler_available = compiler == CL_TRUE;
    info->base_align_bytes = align_bits / 8;
    read_text(device, CL_DEVICE_NAME, info->name, sizeof info->name);
    read_text(device, CL_DEVICE_VENDOR, info->vendor, sizeof info->vendor);
    read_text(device, CL_DRIVER_VERSION, info->driver, sizeof info->driver);
    read_text(device, CL_DEVICE_VERSION, info->version, sizeof info->version);
    if (clGetPlatformInfo(platform, CL_PLATFORM_NAME, sizeof info->platform - 1, info->platform, NULL) != CL_SUCCESS)
        info->platform[0] = '\0';
    return CLF_OK;
}

void clf_device_read_items(cl_device_id device, const clf_device_info *info, size_t items[3]) {
    enum { AXES = 16 };
    size_t found[AXES] = {0}; /* one an axis, of which there are three as a rule */
    for (int i = 0; i < 3; i++)
        items[i] = info->max_work_group_size;
    if (clGetDeviceInfo(device, CL_DEVICE_MAX_WORK_ITEM_SIZES, sizeof found, found, NULL) == CL_SUCCESS)
        memcpy(items, found, 3 * sizeof *items);
}

int clf_device_native_lanes(cl_device_id device) {
    cl_uint lanes = 0;
    if (clGetDeviceInfo(device, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, sizeof lanes, &lanes, NULL) != CL_SUCCESS)
        return 0;
    return (int)lanes;
}

/* Every device of every platform, in order. *devices is released with free(). */
static clf_status all_devices(cl_device_id **devices, size_t *count, clf_error *error) {
    enum { PLATFORMS = 64, PER_PLATFORM = 64 };
    cl_platform_id platforms[PLATFORMS];
    cl_uint platform_count = 0;
    *count = 0;
    cl_int code = clGetPlatformIDs(PLATFORMS, platforms, &platform_count);
    if (code == CL_PLATFORM_NOT_FOUND_KHR_CODE || (code == CL_SUCCESS && platform_count == 0))
        return clf_fail(error, CLF_NO_PLATFORM,
                        "no OpenCL platform is installed; install the driver of your device, or PoCL "
                        "(Debian's pocl-opencl-icd) to run on the CPU");
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "listing the OpenCL platforms");
    if (platform_count > PLATFORMS)
        platform_count = PLATFORMS;
    CLF_TRY(clf_allocate(devices, (size_t)platform_count * PER_PLATFORM, sizeof **devices, error));
    for (cl_uint i = 0; i < platform_count; i++) {
        cl_uint found = 0;
        code = clGetDeviceIDs(platforms[i], CL_DEVICE_TYPE_ALL, PER_PLATFORM, *devices + *count, &found);
        if (code != CL_SUCCESS)
            continue; /* a platform without devices, or a broken one, must not hide the others */
        *count += found < PER_PLATFORM ? found : PER_PLATFORM;
    }
    return CLF_OK;
}

clf_status clf_device_list(clf_device_info *infos, size_t capacity, size_t *count, clf_error *error) {
    if (count == NULL || (infos == NULL && capacity > 0))
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_device_list: %s is NULL", count == NULL ? "count" : "infos");
    cl_device_id *devices = NULL;
    size_t found = 0;
    CLF_TRY(all_devices(&devices, &found, error));
    clf_status status = CLF_OK;
    for (size_t i = 0; i < found && i < capacity && status == CLF_OK; i++)
        status = clf_device_read(devices[i], &infos[i], error);
    free(devices);
    if (status == CLF_OK)
        *count = found;
    return status;
}

/* Of ASCII's letters alone, as names have them: in a Turkish locale tolower('I') is no 'i'. */
static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool contains(const char *text, const char *part) {
    for (; *text; text++) {
        size_t i = 0;
        while (part[i] && lower(text[i]) == lower(part[i]))
            i++;
        if (part[i] == '\0')
            return true;
    }
    return false;
}

/* How well a device matches a selector: 0 not at all; the greatest wins, the first of equals. */
static int fitness(const clf_device_info *info, size_t index, const char *selector) {
    if (selector == NULL || *selector == '\0')
        return info->type & CL_DEVICE_TYPE_GPU ? 3 : info->type & CL_DEVICE_TYPE_ACCELERATOR ? 2 : 1;
    if (strspn(selector, "0123456789") == strlen(selector))
        return strtoull(selector, NULL, 10) == index;
    if (strcmp(selector, "gpu") == 0)
        return (info->type & CL_DEVICE_TYPE_GPU) != 0;
    if (strcmp(selector, "cpu") == 0)
        return (info->type & CL_DEVICE_TYPE_CPU) != 0;
    if (strcmp(selector, "accelerator") == 0)
        return (info->type & CL_DEVICE_TYPE_ACCELERATOR) != 0;
    return contains(info->name, selector) || contains(info->vendor, selector) || contains(info->platform, selector);
}

clf_status clf_device_select(const char *selector, bool from_environment, cl_device_id *device, clf_error *error) {
    cl_device_id *devices = NULL;
    size_t count = 0;
    CLF_TRY(all_devices(&devices, &count, error));
    int best = 0;
    for (size_t i = 0; i < count; i++) {
        clf_device_info info;
        if (clf_device_read(devices[i], &info, NULL) != CLF_OK)
            continue;
        int fit = fitness(&info, i, selector);
        if (fit > best) {
            best = fit;
            *device = devices[i];
        }
    }
    free(devices);
    if (best > 0)
        return CLF_OK;
    if (count == 0)
        return clf_fail(error, CLF_NO_DEVICE,
                        "the installed OpenCL platforms have no device; install the driver of your device, or PoCL "
                        "(Debian's pocl-opencl-icd) to run on the CPU");
    return clf_fail(
        error, CLF_NO_DEVICE,
        "no OpenCL device matches \"%s\"%s; expected an index below %zu, gpu, cpu, accelerator or part of a "
        "name",
        selector ? selector : "", from_environment ? " in CLF_DEVICE" : "", count);
}
