/* SPDX-License-Identifier: Apache-2.0 */
/* What a run of cases shares: one context, opened once. */
#include "check/fixture.h"

#include <stdio.h>

/*
 * The library's calls of clGetDeviceInfo come here (the linker's --wrap). A test program has one fixture, and one
 * disguise with it.
 */
static bool disguised_as_gpu;

cl_int __real_clGetDeviceInfo(cl_device_id device, cl_device_info name, size_t size, void *value, size_t *size_needed);
cl_int __wrap_clGetDeviceInfo(cl_device_id device, cl_device_info name, size_t size, void *value, size_t *size_needed);

cl_int __wrap_clGetDeviceInfo(cl_device_id device, cl_device_info name, size_t size, void *value, size_t *size_needed) {
    cl_int code = __real_clGetDeviceInfo(device, name, size, value, size_needed);
    if (disguised_as_gpu && code == CL_SUCCESS && name == CL_DEVICE_TYPE && value != NULL) {
        *(cl_device_type *)value = CL_DEVICE_TYPE_GPU;
    }
    return code;
}

/* The end of a long build log says what went wrong, so it is printed whole. */
static void print_log(void *user, clf_log_level level, const char *message) {
    (void)user;
    if (level >= CLF_LOG_WARNING) {
        (void)fprintf(stderr, "library: %s\n", message);
    }
}

bool fixture_open(test_fixture *fixture, size_t guard, bool as_gpu) {
    clf_error error = {0};
    clf_context_desc desc = {.log = print_log, .program_cache = CLF_PROGRAM_CACHE_OFF};
    disguised_as_gpu = as_gpu;
    *fixture = (struct test_fixture){.guard = guard, .as_gpu = as_gpu};
    if (clf_context_create(&desc, &fixture->context, &error) != CLF_OK) {
        (void)fprintf(stderr, "no device, so nothing can be tested: %s: %s\n", clf_status_name(error.code),
                      error.message);
        return false;
    }
    fixture->has_f64 = clf_context_device(fixture->context)->has_f64;
    return true;
}

void fixture_close(test_fixture *fixture) {
    clf_context_destroy(fixture->context);
    fixture->context = NULL;
}
