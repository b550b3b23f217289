/* SPDX-License-Identifier: Apache-2.0 */
/* The machine: its processor's name, and how many multiply-adds a second its device can do. */
#include "bench.h"

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

bool bench_machine_open(bench_machine *machine, clf_context *context, int threads, char *why) {
    *machine = (bench_machine){.threads = threads, .device = clf_context_device(context)};
    read_processor(machine->processor, sizeof machine->processor);
    machine->load = read_load();
    clf_device_peaks peaks;
    clf_error error = {0};
    if (clf_context_measure_peaks(context, &peaks, &error) != CLF_OK) {
        (void)snprintf(why, BENCH_WHY, "the peak: %.600s", error.message);
        return false;
    }
    machine->peak = peaks.flops;
    return true;
}
