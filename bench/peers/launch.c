/* SPDX-License-Identifier: Apache-2.0 */
/* An empty kernel, started and waited for, then a memcpy of the input: what one small call cannot do without. */
#include "../bench.h"
#include "peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct launch_state {
    cl_command_queue queue;
    cl_program program;
    cl_kernel kernel;
    cl_mem buffer;
    const void *from;
    void *to;
    size_t bytes;
} launch_state;

static void close_launch(void *argument) {
    launch_state *state = argument;
    if (state->buffer)
        (void)clReleaseMemObject(state->buffer);
    if (state->kernel)
        (void)clReleaseKernel(state->kernel);
    if (state->program)
        (void)clReleaseProgram(state->program);
    free(state->to);
    free(state);
}

static void *open_launch(const bench_problem *problem, char *why) {
    launch_state *state = calloc(1, sizeof *state);
    if (!state) {
        (void)snprintf(why, BENCH_WHY, "no memory");
        return NULL;
    }
    state->queue = clf_context_cl_queue(problem->context);
    state->from = problem->input[0].data;
    state->bytes = bench_bytes(&problem->input[0]);
    state->to = calloc(1, state->bytes);
    state->buffer = clCreateBuffer(clf_context_cl_context(problem->context), CL_MEM_READ_WRITE, 64, NULL, NULL);
    state->program = bench_program(problem->context, "empty", "", why);
    state->kernel = state->program ? clCreateKernel(state->program, "empty", NULL) : NULL;
    if (!state->to || !state->buffer || !state->kernel ||
        clSetKernelArg(state->kernel, 0, sizeof state->buffer, &state->buffer) != CL_SUCCESS) {
        (void)snprintf(why, BENCH_WHY, "the empty kernel cannot be made");
        close_launch(state);
        return NULL;
    }
    return state;
}

static bool execute_launch(void *argument) {
    launch_state *state = argument;
    size_t one = 1;
    bool good = clEnqueueNDRangeKernel(state->queue, state->kernel, 1, NULL, &one, &one, 0, NULL, NULL) == CL_SUCCESS &&
                clFinish(state->queue) == CL_SUCCESS;
    memcpy(state->to, state->from, state->bytes);
    return good;
}

const bench_peer bench_launch = {.name = "empty launch + memcpy",
                                 .library = "OpenCL",
                                 .open = open_launch,
                                 .execute = execute_launch,
                                 .close = close_launch};
