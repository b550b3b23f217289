/* SPDX-License-Identifier: Apache-2.0 */
/* What unit tests share. */
#include "unit.h"

#include <time.h>

void unit_check_ok(clf_status status, const clf_error *error, const char *call, const char *file, int line) {
    if (status != CLF_OK) {
        print_error("%s: %s: %s\n", call, clf_status_name(status), error->message);
        _fail(file, line);
    }
}

void unit_check_fails(clf_status status, const clf_error *error, clf_status wanted, const char *fragment,
                      const char *call, const char *file, int line) {
    if (status != wanted || error->code != wanted || strstr(error->message, fragment) == NULL) {
        print_error("%s: %s, said as %s: \"%s\"; expected %s and \"%s\"\n", call, clf_status_name(status),
                    clf_status_name(error->code), error->message, clf_status_name(wanted), fragment);
        _fail(file, line);
    }
}

void unit_check_cl(cl_int code, const char *call, const char *file, int line) {
    if (code != CL_SUCCESS) {
        print_error("%s: %d\n", call, code);
        _fail(file, line);
    }
}

cl_uint unit_context_references(cl_context context) {
    cl_uint count = 0;
    check_cl(clGetContextInfo(context, CL_CONTEXT_REFERENCE_COUNT, sizeof count, &count, NULL));
    return count;
}

cl_uint unit_queue_references(cl_command_queue queue) {
    cl_uint count = 0;
    check_cl(clGetCommandQueueInfo(queue, CL_QUEUE_REFERENCE_COUNT, sizeof count, &count, NULL));
    return count;
}

void unit_check_references(cl_context context, cl_command_queue queue, cl_uint wanted, const char *file, int line) {
    const struct timespec millisecond = {.tv_nsec = 1000000};
    cl_uint count = 0;
    for (int waited = 0; waited < 2000; waited++) {
        count = context != NULL ? unit_context_references(context) : unit_queue_references(queue);
        if (count == wanted) {
            return;
        }
        (void)nanosleep(&millisecond, NULL);
    }
    _assert_int_equal(count, wanted, file, line);
}

int unit_open_context(void **state) {
    clf_error error = {0};
    clf_context *context = NULL;
    if (clf_context_create(&(clf_context_desc){.program_cache = CLF_PROGRAM_CACHE_OFF}, &context, &error) != CLF_OK) {
        print_error("no device: %s: %s\n", clf_status_name(error.code), error.message);
        return 1;
    }
    *state = context;
    return 0;
}

int unit_close_context(void **state) {
    clf_context_destroy(*state);
    return 0;
}

clf_array unit_array(int rank, const int64_t *shape, float *values) {
    clf_array array = {.data = values, .rank = rank};
    memcpy(array.shape, shape, (size_t)rank * sizeof *shape);
    return array;
}

clf_view unit_tensor(clf_context *context, int rank, const int64_t *shape, const float *values) {
    clf_error error = {0};
    clf_view view;
    check_ok(clf_tensor_create(context, CLF_F32, rank, shape, &view, &error));
    if (values != NULL) {
        cl_command_queue queue = clf_context_cl_queue(context);
        size_t bytes = (size_t)clf_view_count(&view) * sizeof *values;
        check_cl(clEnqueueWriteBuffer(queue, view.buffer, CL_TRUE, 0, bytes, values, 0, NULL, NULL));
    }
    return view;
}

void unit_read(clf_context *context, const clf_view *view, float *values) {
    cl_command_queue queue = clf_context_cl_queue(context);
    size_t bytes = (size_t)clf_view_count(view) * sizeof *values;
    check_cl(clEnqueueReadBuffer(queue, view->buffer, CL_TRUE, 0, bytes, values, 0, NULL, NULL));
}
