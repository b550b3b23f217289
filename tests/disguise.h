/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the device is made to report, so that what the library does on others is tested anywhere. A limit is kept too:
 * launches beyond it are refused. A test program has one disguise; it is set before its context is opened.
 */
#ifndef CLF_TESTS_DISGUISE_H
#define CLF_TESTS_DISGUISE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct test_disguise {
    bool as_gpu;
    size_t work_group;     /* work-items that a work-group may have; 0: as many as the device says */
    size_t groups;         /* work-groups that a launch may have along y, and along z; 0: any number */
    unsigned native_lanes; /* f32 elements of a register; 0: as many as the device says */
    const char *kernel;    /* NULL, or a kernel that may have work-groups of `kernel_group` at most: "" means any */
    size_t kernel_group;
    bool without_builtins; /* its compiler is not clang, and has none of clang's functions */
    bool without_fma;      /* it has no fast fma(), and rounds what is multiplied before it is added */
    bool unoptimised;      /* its compiler takes kernels as they are written, which takes it half the time */
} test_disguise;

extern test_disguise disguise;

/* The name of kernel function `index` of those that were launched, by their first launches; NULL: no more. */
const char *disguise_launched(size_t index);

/* From here on launches are noted. */
void disguise_note_launches(void);

#endif
