/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels' sources, embedded in the library. */
#ifndef CLF_RT_SOURCE_H
#define CLF_RT_SOURCE_H

#include <stddef.h>

/* One .cl file of cl/, its headers inlined; the table ends with a NULL name. Made by cmake/embed.cmake. */
typedef struct clf_kernel_source {
    const char *name;
    const char *text;
    size_t length;
} clf_kernel_source;

extern const clf_kernel_source clf_kernel_sources[];

#endif
