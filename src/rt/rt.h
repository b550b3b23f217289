/* SPDX-License-Identifier: Apache-2.0 */
/* The context as the library sees it, and the words OpenCL's errors are turned into. Only src/rt calls OpenCL. */
#ifndef CLF_RT_RT_H
#define CLF_RT_RT_H

#include "base/status.h"
#include "rt/profile.h"

#include <clfilter/context.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

typedef struct clf_program clf_program;

enum { CLF_MOST_DEVICES = 8 };

struct clf_context {
    pid_t process; /* that made it (rt/process.h) */
    cl_context cl;
    cl_device_id device;
    cl_command_queue queue;
    bool out_of_order; /* the queue may reorder: steps of a plan are then separated by barriers */
    clf_device_info info;
    clf_profile profiles[2]; /* by class and report; then as measured */
    _Atomic(const clf_profile *) profile;
    size_t work_items[3]; /* that a work-group may have along an axis */
    int peer_count;       /* further devices, each a context of its own */
    clf_context *peers[CLF_MOST_DEVICES - 1];
    bool disk_cache; /* built programs are kept on disk */
    clf_log_function log;
    void *log_user;
    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t built; /* a program has been built, or could not be */
    clf_program *programs;
    clf_build_statistics statistics;
    struct clf_slot_entry *slots; /* what rooms above keep (rt/slot.h) */
};

/* Device `index` of a context: itself, then its peers. */
clf_context *clf_context_of_device(clf_context *context, int index);

/* Hands a message to the context's log function, where there is one; truncated, if it is very long. */
__attribute__((format(printf, 3, 4))) void clf_log(const clf_context *context, clf_log_level level, const char *format,
                                                   ...);

/* The enumerator's name of an OpenCL error, "CL_INVALID_VALUE" say. */
const char *clf_cl_error_name(cl_int code);

/* Fills `error` with the status that `code` stands for and "<doing> failed: <name>". */
clf_status clf_fail_cl(clf_error *error, cl_int code, const char *doing);

/* Reads everything clf_device_info holds. */
clf_status clf_device_read(cl_device_id device, clf_device_info *info, clf_error *error);

/* Reads how many work-items a work-group may have along each axis. */
void clf_device_read_items(cl_device_id device, const clf_device_info *info, size_t items[3]);

/* f32 elements that a register of the device holds; 0 if it does not say. */
int clf_device_native_lanes(cl_device_id device);

/* Finds the device a selector names (NULL: the default order). */
clf_status clf_device_select(const char *selector, bool from_environment, cl_device_id *device, clf_error *error);

#endif
