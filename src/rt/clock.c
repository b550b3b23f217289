/* SPDX-License-Identifier: Apache-2.0 */
/* Timing by profiled events or the host's clock. */
#include "rt/clock.h"

#include <time.h>

double clf_clock_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool profiles(const clf_context *context) {
    cl_command_queue_properties properties = 0;
    return clGetCommandQueueInfo(context->queue, CL_QUEUE_PROPERTIES, sizeof properties, &properties, NULL) ==
               CL_SUCCESS &&
           (properties & CL_QUEUE_PROFILING_ENABLE) != 0;
}

clf_status clf_clock_begin(clf_context *context, clf_clock *clock, clf_error *error) {
    *clock = (clf_clock){.context = context};
    cl_int code = clFinish(context->queue);
    if (code == CL_SUCCESS && profiles(context))
        code = clEnqueueMarkerWithWaitList(context->queue, 0, NULL, &clock->marker);
    clock->host = clf_clock_now();
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "starting a clock on the queue");
}

/* From the end of the marker to the end of the event; false if the device does not say. */
static bool profiled(cl_event marker, cl_event event, double *seconds) {
    cl_ulong from = 0, to = 0;
    if (marker == NULL || event == NULL ||
        clGetEventProfilingInfo(marker, CL_PROFILING_COMMAND_END, sizeof from, &from, NULL) != CL_SUCCESS ||
        clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_END, sizeof to, &to, NULL) != CL_SUCCESS || to <= from)
        return false;
    *seconds = 1e-9 * (double)(to - from);
    return true;
}

clf_status clf_clock_end(clf_clock *clock, cl_event event, clf_status status, double *seconds, clf_error *error) {
    cl_int code = clFinish(clock->context->queue);
    *seconds = clf_clock_now() - clock->host;
    if (status == CLF_OK && code == CL_SUCCESS)
        profiled(clock->marker, event, seconds);
    if (clock->marker != NULL)
        clReleaseEvent(clock->marker);
    if (event != NULL)
        clReleaseEvent(event);
    if (status != CLF_OK)
        return status;
    return code == CL_SUCCESS ? CLF_OK : clf_fail_cl(error, code, "waiting for the queue");
}
