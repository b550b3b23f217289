/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An OpenCL without a device, for tests of what the library does by itself: objects are counted references, buffers
 * hold what the host writes, programs are not compiled and kernels do nothing. Any number of threads.
 */
#ifndef CLF_TESTS_FAKE_H
#define CLF_TESTS_FAKE_H

#include <clfilter/clfilter.h>

/* What every device reports; set before contexts are opened. There are two devices. */
typedef struct fake_device {
    cl_device_type type;
    cl_ulong
        max_alloc_bytes; /* buffers may be so large; their memory is made when the host looks at it, up to 16 MiB */
    bool no_f64;
    size_t work_group;
    bool has_binaries; /* of programs: a few bytes */
} fake_device;

extern fake_device fake_devices;

/* Objects of every kind that are alive. */
long fake_alive(void);

/* The arguments of the kernel that this thread is about to ask for: no source is read, so that nobody else knows. */
void fake_say_arguments(cl_uint count);

#endif
