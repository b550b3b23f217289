/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts: opened on a device of our choosing or round a host's own OpenCL objects. */
#include "base/alloc.h"
#include "rt/process.h"
#include "rt/program.h"
#include "rt/rt.h"
#include "rt/slot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static clf_status own_context(clf_context *context, clf_error *error) {
    cl_int code;
    context->cl = clCreateContext(NULL, 1, &context->device, NULL, NULL, &code);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "creating an OpenCL context");
}

/* Adopts the host's context; `context->device` is set to the host's choice or to its first device. */
static clf_status host_context(clf_context *context, const clf_context_desc *desc, clf_error *error) {
    enum { DEVICES = 64 };
    cl_device_id devices[DEVICES];
    size_t bytes = 0;
    cl_int code = clGetContextInfo(desc->context, CL_CONTEXT_DEVICES, sizeof devices, devices, &bytes);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "reading the devices of the host's OpenCL context");
    size_t count = bytes / sizeof devices[0];
    bool member = false;
    for (size_t i = 0; i < count; i++)
        member = member || devices[i] == desc->device_id;
    if (count == 0 || (desc->device_id != NULL && !member))
        return clf_fail(error, CLF_INVALID_HANDLE, "device_id is not a device of the host's OpenCL context");
    context->device = desc->device_id ? desc->device_id : devices[0];
    code = clRetainContext(desc->context);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "retaining the host's OpenCL context");
    context->cl = desc->context;
    return CLF_OK;
}

static clf_status host_queue(clf_context *context, cl_command_queue queue, clf_error *error) {
    cl_context of_context = NULL;
    cl_device_id of_device = NULL;
    cl_int code = clGetCommandQueueInfo(queue, CL_QUEUE_CONTEXT, sizeof of_context, &of_context, NULL);
    if (code == CL_SUCCESS)
        code = clGetCommandQueueInfo(queue, CL_QUEUE_DEVICE, sizeof of_device, &of_device, NULL);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "reading the host's OpenCL queue");
    if (of_context != context->cl || of_device != context->device)
        return clf_fail(error, CLF_INVALID_HANDLE, "the host's queue does not belong to its context and device");
    code = clRetainCommandQueue(queue);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "retaining the host's OpenCL queue");
    context->queue = queue;
    return CLF_OK;
}

static clf_status open_queue(clf_context *context, cl_command_queue queue, clf_error *error) {
    if (queue != NULL) {
        CLF_TRY(host_queue(context, queue, error));
    } else {
        cl_int code;
        context->queue = clCreateCommandQueue(context->cl, context->device, 0, &code);
        if (code != CL_SUCCESS)
            return clf_fail_cl(error, code, "creating an OpenCL queue");
    }
    cl_command_queue_properties properties = 0;
    cl_int code = clGetCommandQueueInfo(context->queue, CL_QUEUE_PROPERTIES, sizeof properties, &properties, NULL);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "reading the properties of the OpenCL queue");
    context->out_of_order = (properties & CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE) != 0;
    return CLF_OK;
}

/* PoCL: asking for a binary costs a further compilation, and its own cache serves repeated builds as quickly. */
static bool keeps_own_cache(const clf_device_info *info) {
    return strstr(info->platform, "Portable Computing Language") != NULL;
}

/* `selector` is the one to use where no OpenCL context is given; it may be one item of a list. */
static clf_status open_context(clf_context *context, const clf_context_desc *desc, const char *selector,
                               clf_error *error) {
    if (desc->context == NULL && (desc->queue != NULL || desc->device_id != NULL))
        return clf_fail(error, CLF_INVALID_HANDLE,
                        "%s is given without context; expected the context that it belongs to",
                        desc->queue != NULL ? "queue" : "device_id");
    if (desc->context != NULL) {
        CLF_TRY(host_context(context, desc, error));
    } else {
        CLF_TRY(clf_device_select(selector, desc->device == NULL, &context->device, error));
        CLF_TRY(own_context(context, error));
    }
    CLF_TRY(clf_device_read(context->device, &context->info, error));
    context->profiles[0] = clf_profile_of(&context->info);
    clf_profile_fit(&context->profiles[0], clf_device_native_lanes(context->device));
    atomic_init(&context->profile, &context->profiles[0]);
    clf_device_read_items(context->device, &context->info, context->work_items);
    if (desc->require_f64 && !context->info.has_f64)
        return clf_fail(error, CLF_UNSUPPORTED, "%s has no double precision, which was required", context->info.name);
    if (!context->info.compiler_available)
        return clf_fail(error, CLF_UNSUPPORTED, "%s has no compiler for OpenCL C, which clfilter needs",
                        context->info.name);
    if ((unsigned)desc->program_cache > CLF_PROGRAM_CACHE_OFF)
        return clf_fail(error, CLF_INVALID_VALUE, "program_cache is %d; expected a clf_program_cache",
                        (int)desc->program_cache);
    context->disk_cache = desc->program_cache == CLF_PROGRAM_CACHE_ON ||
                          (desc->program_cache == CLF_PROGRAM_CACHE_AUTO && !keeps_own_cache(&context->info));
    return open_queue(context, desc->queue, error);
}

static clf_status create(const clf_context_desc *desc, const char *selector, clf_context **out, clf_error *error) {
    clf_context *context;
    CLF_TRY(clf_allocate(&context, 1, sizeof *context, error));
    context->process = getpid();
    context->log = desc->log;
    context->log_user = desc->log_user;
    if (pthread_mutex_init(&context->lock, NULL) != 0) {
        free(context);
        return clf_fail(error, CLF_OUT_OF_MEMORY, "could not create a lock");
    }
    if (pthread_cond_init(&context->built, NULL) != 0) {
        pthread_mutex_destroy(&context->lock);
        free(context);
        return clf_fail(error, CLF_OUT_OF_MEMORY, "could not create a condition variable");
    }
    clf_status status = open_context(context, desc, selector, error);
    if (status != CLF_OK)
        clf_context_destroy(context);
    else
        *out = context;
    return status;
}

/* Adds the device of one more selector, `length` characters of it. */
static clf_status add_peer(clf_context *context, const clf_context_desc *desc, const char *selector, size_t length,
                           clf_error *error) {
    char name[256];
    if (context->peer_count == CLF_MOST_DEVICES - 1 || length >= sizeof name)
        return clf_fail(error, CLF_INVALID_VALUE,
                        "\"%s\" names more than %d devices, or one by more than %zu characters", selector,
                        CLF_MOST_DEVICES, sizeof name - 1);
    memcpy(name, selector, length);
    name[length] = '\0';
    CLF_TRY(create(desc, name, &context->peers[context->peer_count], error));
    cl_device_id device = context->peers[context->peer_count++]->device;
    for (int i = 0; i < context->peer_count; i++)
        if (clf_context_of_device(context, i)->device == device)
            return clf_fail(error, CLF_INVALID_VALUE, "the selector \"%s\" names a device that is already in the list",
                            name);
    return CLF_OK;
}

/* The devices of a list of selectors. */
static clf_status create_list(const clf_context_desc *desc, const char *list, clf_context **out, clf_error *error) {
    char first[256];
    size_t length = strcspn(list, ",");
    if (length >= sizeof first)
        return clf_fail(error, CLF_INVALID_VALUE, "a device selector has %zu characters; expected at most %zu", length,
                        sizeof first - 1);
    memcpy(first, list, length);
    first[length] = '\0';
    CLF_TRY(create(desc, first, out, error));
    clf_status status = CLF_OK;
    for (const char *at = list + length; *at != '\0' && status == CLF_OK; at += strcspn(at, ",")) {
        at++;
        status = add_peer(*out, desc, at, strcspn(at, ","), error);
    }
    if (status != CLF_OK)
        clf_context_destroy(*out);
    return status;
}

clf_status clf_context_create(const clf_context_desc *desc, clf_context **out, clf_error *error) {
    if (out == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_context_create: context is NULL");
    clf_context_desc defaults = {0};
    if (desc == NULL)
        desc = &defaults;
    const char *selector = desc->device ? desc->device : getenv("CLF_DEVICE");
    if (desc->context != NULL || selector == NULL || strchr(selector, ',') == NULL)
        return create(desc, selector, out, error);
    clf_context *made = NULL;
    CLF_TRY(create_list(desc, selector, &made, error));
    *out = made;
    return CLF_OK;
}

void clf_context_destroy(clf_context *context) {
    if (context == NULL)
        return;
    for (int i = 0; i < context->peer_count; i++)
        clf_context_destroy(context->peers[i]);
    if (clf_process_left(context->process)) { /* all else is OpenCL's, locked, or a thread's of the parent's */
        free(context);
        return;
    }
    clf_slots_release(context, true);
    clf_programs_release(context);
    if (context->queue != NULL)
        clFinish(context->queue);
    clf_slots_release(context, false);
    if (context->queue != NULL)
        clReleaseCommandQueue(context->queue);
    if (context->cl != NULL)
        clReleaseContext(context->cl);
    pthread_cond_destroy(&context->built);
    pthread_mutex_destroy(&context->lock);
    free(context);
}

clf_context *clf_context_of_device(clf_context *context, int index) {
    return index == 0 ? context : context->peers[index - 1];
}

int clf_context_device_count(const clf_context *context) {
    return context ? 1 + context->peer_count : 0;
}

const clf_device_info *clf_context_device_at(const clf_context *context, int index) {
    if (index < 0 || index >= clf_context_device_count(context))
        return NULL;
    return index == 0 ? &context->info : &context->peers[index - 1]->info;
}

const clf_device_info *clf_context_device(const clf_context *context) {
    return context ? &context->info : NULL;
}

cl_context clf_context_cl_context(const clf_context *context) {
    return context ? context->cl : NULL;
}

cl_device_id clf_context_cl_device(const clf_context *context) {
    return context ? context->device : NULL;
}

cl_command_queue clf_context_cl_queue(const clf_context *context) {
    return context ? context->queue : NULL;
}

clf_status clf_context_finish(clf_context *context, clf_error *error) {
    if (context == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_context_finish: context is NULL");
    CLF_TRY(clf_process_check(context->process, "context", error));
    cl_int code = clFinish(context->queue);
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "waiting for the queue");
}

clf_build_statistics clf_context_build_statistics(clf_context *context) {
    clf_build_statistics statistics = {0};
    if (context == NULL || clf_process_left(context->process))
        return statistics;
    pthread_mutex_lock(&context->lock);
    statistics = context->statistics;
    pthread_mutex_unlock(&context->lock);
    return statistics;
}
