/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clfilter inside a program that already uses OpenCL: it shares the program's context, device and out-of-order queue,
 * filters the program's own buffers, waits for one of its events and returns another. Nothing is copied, and nobody
 * waits until the program itself reads the result.
 */
#include <clfilter/clfilter.h>
#include <stdio.h>

enum { COUNT = 8 };

/* What the program owns before it uses clfilter. */
struct host {
    cl_context context;
    cl_device_id device;
    cl_command_queue queue;
    cl_mem input, output;
};

static bool host_find_device(struct host *host) {
    cl_platform_id platforms[16];
    cl_uint platform_count = 0;
    if (clGetPlatformIDs(16, platforms, &platform_count) != CL_SUCCESS)
        return false;
    for (cl_uint i = 0; i < platform_count && i < 16; ++i)
        if (clGetDeviceIDs(platforms[i], CL_DEVICE_TYPE_ALL, 1, &host->device, NULL) == CL_SUCCESS)
            return true;
    return false;
}

static bool host_open(struct host *host) {
    cl_int status[4] = {0};
    if (!host_find_device(host))
        return false;
    host->context = clCreateContext(NULL, 1, &host->device, NULL, NULL, &status[0]);
    if (status[0] != CL_SUCCESS)
        return false;
    host->queue = clCreateCommandQueue(host->context, host->device, CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE, &status[1]);
    if (status[1] != CL_SUCCESS) /* not every device has one; the events below are correct for an in-order queue too */
        host->queue = clCreateCommandQueue(host->context, host->device, 0, &status[1]);
    host->input = clCreateBuffer(host->context, CL_MEM_READ_ONLY, COUNT * sizeof(float), NULL, &status[2]);
    host->output = clCreateBuffer(host->context, CL_MEM_READ_WRITE, COUNT * sizeof(float), NULL, &status[3]);
    return status[1] == CL_SUCCESS && status[2] == CL_SUCCESS && status[3] == CL_SUCCESS;
}

static void host_close(struct host *host) {
    if (host->output)
        clReleaseMemObject(host->output);
    if (host->input)
        clReleaseMemObject(host->input);
    if (host->queue)
        clReleaseCommandQueue(host->queue);
    if (host->context)
        clReleaseContext(host->context);
}

/* A clfilter context around the program's objects, and a plan for its buffers. */
static clf_status make_plan(const struct host *host, clf_context **context, clf_plan **plan, clf_error *error) {
    static float taps[3] = {1, 1, 1};
    const int64_t shape[1] = {COUNT};
    const clf_context_desc context_desc = {.context = host->context, .device_id = host->device, .queue = host->queue};
    const clf_convolve_desc desc = {
        .src = clf_view_dense(host->input, CLF_F32, 1, shape),
        .dst = clf_view_dense(host->output, CLF_F32, 1, shape),
        .kernel = {.data = taps, .rank = 1, .shape = {3}},
        .border = {CLF_BORDER_REPLICATE},
    };
    clf_status status = clf_context_create(&context_desc, context, error);
    return status ? status : clf_plan_convolve(*context, &desc, plan, error);
}

/* Write, filter, read: three commands ordered only by events. */
static bool run(const struct host *host, clf_plan *plan, const float *in, float *out, clf_error *error) {
    cl_event written = NULL, filtered = NULL;
    bool ok = clEnqueueWriteBuffer(host->queue, host->input, CL_FALSE, 0, COUNT * sizeof *in, in, 0, NULL, &written) ==
              CL_SUCCESS;
    const clf_execute_desc execute = {.wait_list = &written, .wait_count = 1};
    ok = ok && !clf_execute(plan, &execute, &filtered, error) &&
         clEnqueueReadBuffer(host->queue, host->output, CL_TRUE, 0, COUNT * sizeof *out, out, 1, &filtered, NULL) ==
             CL_SUCCESS;
    if (filtered)
        clReleaseEvent(filtered);
    if (written) {
        clWaitForEvents(1, &written); /* only now may the caller change `in` again */
        clReleaseEvent(written);
    }
    return ok;
}

int main(void) {
    const float in[COUNT] = {1, 2, 3, 4, 5, 6, 7, 8}, expected[COUNT] = {4, 6, 9, 12, 15, 18, 21, 23};
    float out[COUNT] = {0};
    struct host host = {0};
    clf_context *context = NULL;
    clf_plan *plan = NULL;
    clf_error error = {.message = "an OpenCL call of the host failed"};

    bool right = true,
         ok = host_open(&host) && !make_plan(&host, &context, &plan, &error) && run(&host, plan, in, out, &error);
    if (!ok)
        fprintf(stderr, "host_context: %s\n", error.message);
    for (int i = 0; ok && i < COUNT; ++i) {
        printf("%g%c", (double)out[i], i < COUNT - 1 ? ' ' : '\n');
        right = right && out[i] == expected[i];
    }
    if (!right)
        fprintf(stderr, "host_context: the moving sum of 1 ... 8 should be 4 6 9 12 15 18 21 23\n");
    clf_plan_destroy(plan);
    clf_context_destroy(context);
    host_close(&host);
    return ok && right ? 0 : 1;
}
