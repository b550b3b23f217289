/* SPDX-License-Identifier: Apache-2.0 */
/* The machine: its processor's name, and how many multiply-adds a second its device can do. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_processor(char *name, size_t size) {
    (void)snprintf(name, size, "unknown processor");
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[512];
    while (file && fgets(line, sizeof line, file)) {
        char *colon = strchr(line, ':');
        if (colon && strncmp(line, "model name", 10) == 0) {
            line[strcspn(line, "\n")] = '\0';
            (void)snprintf(name, size, "%.120s", colon + 1 + strspn(colon + 1, " "));
            break;
        }
    }
    if (file)
        (void)fclose(file);
}

static double read_load(void) {
    FILE *file = fopen("/proc/loadavg", "r");
    double load = 0;
    if (file && fscanf(file, "%lf", &load) != 1)
        load = 0;
    if (file)
        (void)fclose(file);
    return load;
}

static char *read_text(const char *path) {
    FILE *file = fopen(path, "r");
    char *text = file ? calloc(1, 65536) : NULL;
    if (text && fread(text, 1, 65535, file) == 0) {
        free(text);
        text = NULL;
    }
    if (file)
        (void)fclose(file);
    return text;
}

cl_program bench_program(clf_context *context, const char *name, const char *options, char *why) {
    char path[1024];
    (void)snprintf(path, sizeof path, BENCH_DIR "/kernels/%s.cl", name);
    char *text = read_text(path);
    if (!text) {
        (void)snprintf(why, BENCH_WHY, "%.600s cannot be read", path);
        return NULL;
    }
    cl_int code = CL_SUCCESS;
    cl_device_id device = clf_context_cl_device(context);
    cl_program program =
        clCreateProgramWithSource(clf_context_cl_context(context), 1, (const char *[]){text}, NULL, &code);
    free(text);
    if (code == CL_SUCCESS)
        code = clBuildProgram(program, 1, &device, options, NULL, NULL);
    if (code != CL_SUCCESS) {
        (void)snprintf(why, BENCH_WHY, "%s.cl does not build (%d)", name, code);
        if (program)
            (void)clReleaseProgram(program);
        return NULL;
    }
    return program;
}

/* Best of many launches, spread over time and each long enough that starting it does not count: a peak is what nothing
   else on the machine disturbed. */
static double time_peak(cl_command_queue queue, cl_kernel kernel, size_t items, size_t local, cl_int steps) {
    double best = INFINITY;
    (void)clSetKernelArg(kernel, 1, sizeof steps, &steps);
    for (int i = 0; i < 40; i++) {
        bench_pause(0.005);
        double start = bench_seconds();
        if (clEnqueueNDRangeKernel(queue, kernel, 1, NULL, &items, &local, 0, NULL, NULL) || clFinish(queue))
            return 0;
        if (i > 1)
            best = fmin(best, bench_seconds() - start);
    }
    return best;
}

static double measure_peak(clf_context *context, char *why) {
    const clf_device_info *device = clf_context_device(context);
    bool cpu = device->type == CL_DEVICE_TYPE_CPU;
    cl_program program = bench_program(context, "peak", cpu ? "-DVECTOR=16" : "-DVECTOR=1", why);
    if (!program)
        return 0;
    size_t local = cpu ? 1 : 64, items = local * device->compute_units * (cpu ? 16U : 4096U);
    cl_int code = CL_SUCCESS, steps = cpu ? 20000 : 2000;
    cl_kernel kernel = clCreateKernel(program, "peak", &code);
    cl_mem out = clCreateBuffer(clf_context_cl_context(context), CL_MEM_READ_WRITE, items * 64, NULL, &code);
    double rate = 0;
    if (kernel && out && clSetKernelArg(kernel, 0, sizeof out, &out) == CL_SUCCESS) {
        double seconds = time_peak(clf_context_cl_queue(context), kernel, items, local, steps);
        /* CHAINS accumulators of VECTOR lanes, a multiply-add each in every step: see peak.cl. */
        rate = seconds > 0 ? 2.0 * 8 * (cpu ? 16 : 1) * steps * (double)items / seconds : 0;
    }
    if (rate == 0)
        (void)snprintf(why, BENCH_WHY, "the kernel that measures the peak does not run");
    if (out)
        (void)clReleaseMemObject(out);
    if (kernel)
        (void)clReleaseKernel(kernel);
    (void)clReleaseProgram(program);
    return rate;
}

bool bench_machine_open(bench_machine *machine, clf_context *context, int threads, char *why) {
    *machine = (bench_machine){.threads = threads, .device = clf_context_device(context)};
    read_processor(machine->processor, sizeof machine->processor);
    machine->load = read_load();
    machine->peak = measure_peak(context, why);
    return machine->peak > 0;
}
