/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which process made a context or a plan. The threads of an OpenCL driver do not survive fork(): in the child its calls
 * hang, and locks that other threads held stay locked. So what uses a context or a plan asks here before anything else.
 */
#ifndef CLF_RT_PROCESS_H
#define CLF_RT_PROCESS_H

#include "base/status.h"

#include <stdbool.h>
#include <sys/types.h>
#include <unistd.h>

/* True in a process that was forked after `maker` made the object. */
static inline bool clf_process_left(pid_t maker) {
    return getpid() != maker;
}

/* CLF_OK in the process that made the object, else CLF_INVALID_HANDLE and the sentence that says so. */
clf_status clf_process_check(pid_t maker, const char *what, clf_error *error);

#endif
