/* SPDX-License-Identifier: Apache-2.0 */
/* The runner's programs are built here (the linker's --wrap): as they are written, where --unoptimised says so. */
#include "disguise.h"

#include <clfilter/clfilter.h>
#include <stdio.h>

enum { OPTIONS_SIZE = 4096 };

cl_int __real_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *devices, const char *options,
                             void(CL_CALLBACK *notify)(cl_program, void *), void *user);
cl_int __wrap_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *devices, const char *options,
                             void(CL_CALLBACK *notify)(cl_program, void *), void *user);

cl_int __wrap_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *devices, const char *options,
                             void(CL_CALLBACK *notify)(cl_program, void *), void *user) {
    char all[OPTIONS_SIZE];
    if (!disguise.unoptimised) {
        return __real_clBuildProgram(program, count, devices, options, notify, user);
    }
    int length = snprintf(all, sizeof all, "-cl-opt-disable %s", options == NULL ? "" : options);
    if (length < 0 || (size_t)length >= sizeof all) {
        return CL_INVALID_BUILD_OPTIONS;
    }
    return __real_clBuildProgram(program, count, devices, all, notify, user);
}
