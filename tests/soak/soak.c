/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Soak: all operations planned, cloned, executed, streamed, refused and destroyed, over and over, on a real device, in
 * one context after the other, while memory, open files and living OpenCL objects are watched. argv[1]: minutes.
 */
#include "faults.h"
#include "lines.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 2, FEWEST_PERIODS = 5, MOST_PERIODS = 4096, MOST_OPERANDS = 16, SLACK_KILOBYTES = 16 << 10 };

/* What a process holds. */
typedef struct soak_sample {
    long kilobytes, files, objects, pieces;
} soak_sample;

static double seconds(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static soak_sample look(void) {
    soak_sample sample = {.pieces = fault_balance(FAULT_MEMORY)};
    FILE *file = fopen("/proc/self/statm", "r");
    long whole = 0;
    if (file != NULL && fscanf(file, "%ld %ld", &whole, &sample.kilobytes) == 2)
        sample.kilobytes *= sysconf(_SC_PAGESIZE) / 1024;
    if (file != NULL)
        (void)fclose(file);
    DIR *folder = opendir("/proc/self/fd");
    while (folder != NULL && readdir(folder) != NULL)
        sample.files++;
    if (folder != NULL)
        (void)closedir(folder);
    for (int kind = 0; kind < FAULT_MEMORY; kind++)
        sample.objects += fault_balance((fault_kind)kind);
    return sample;
}

static void print(double since, long rounds, const soak_sample *sample) {
    (void)printf("%6.0f s %6ld rounds %8ld kB resident %4ld files %6ld OpenCL objects %6ld pieces of memory\n", since,
                 rounds, sample->kilobytes, sample->files, sample->objects, sample->pieces);
    (void)fflush(stdout);
}

/* Bytes up to the last element of a view whose first address is 0, as lines' are. */
static size_t bytes_of(const clf_view *view) {
    int64_t last = view->offset;
    for (int i = 0; i < view->rank; i++)
        last += view->strides[i] > 0 ? (view->shape[i] - 1) * view->strides[i] : 0;
    return (size_t)(last + 1) * clf_dtype_bytes(view->dtype);
}

static bool execute(clf_context *context, clf_plan *plan) {
    cl_mem buffers[MOST_OPERANDS] = {NULL};
    clf_plan_operand_info info;
    clf_error error = {0};
    cl_event event = NULL;
    size_t count = clf_plan_operand_count(plan);
    cl_int code = CL_SUCCESS;
    for (size_t i = 0; i < count && code == CL_SUCCESS; i++)
        if (clf_plan_operand(plan, i, &info, &error) == CLF_OK && info.view.rank > 0)
            buffers[i] =
                clCreateBuffer(clf_context_cl_context(context), CL_MEM_READ_WRITE, bytes_of(&info.view), NULL, &code);
    const clf_execute_desc desc = {.buffers = buffers, .buffer_count = count};
    bool good = code == CL_SUCCESS && clf_execute(plan, &desc, &event, &error) == CLF_OK &&
                clWaitForEvents(1, &event) == CL_SUCCESS;
    clf_status status = clf_plan_check(plan, &error);
    good = good && (status == CLF_OK || status == CLF_OUT_OF_RANGE); /* indices are what the memory holds */
    if (event != NULL)
        (void)clReleaseEvent(event);
    for (size_t i = 0; i < count; i++)
        if (buffers[i] != NULL)
            (void)clReleaseMemObject(buffers[i]);
    return good;
}

static bool execute_host(clf_plan *plan, bool serial) {
    clf_array arrays[MOST_OPERANDS] = {{0}};
    clf_plan_operand_info info;
    clf_error error = {0};
    size_t count = clf_plan_operand_count(plan);
    for (size_t i = 0; i < count; i++)
        if (clf_plan_operand(plan, i, &info, &error) == CLF_OK && info.view.rank > 0) {
            arrays[i] = (clf_array){.dtype = info.view.dtype, .rank = info.view.rank};
            memcpy(arrays[i].shape, info.view.shape, sizeof arrays[i].shape);
            arrays[i].data = calloc((size_t)clf_view_count(&info.view), clf_dtype_bytes(info.view.dtype));
        }
    const clf_host_desc desc = {.arrays = arrays, .array_count = count, .serial = serial};
    clf_status status = clf_execute_host(plan, &desc, &error);
    for (size_t i = 0; i < count; i++)
        free(arrays[i].data);
    return status == CLF_OK;
}

/* A line planned, cloned and executed; then in slabs; then by a solver, and in memory, that there is not. */
static bool use_line(clf_context *context, const char *line, bool serial) {
    clf_plan *plan = NULL, *clone = NULL;
    clf_error error = {0};
    bool good = clf_plan_from_line(context, line, NULL, &plan, &error) == CLF_OK &&
                clf_plan_clone(plan, &clone, &error) == CLF_OK && execute(context, clone) && execute(context, plan);
    clf_plan_destroy(clone);
    clf_plan_destroy(plan);
    clf_plan_options options = {.stream_bytes = (size_t)1 << 16};
    if (clf_plan_from_line(context, line, &options, &plan, &error) == CLF_OK) {
        (void)execute_host(plan, serial); /* zeros: indices that are fine, matrices that may not be */
        clf_plan_destroy(plan);
    }
    options.stream_bytes = 1;
    if (clf_plan_from_line(context, line, &options, &plan, &error) == CLF_OK)
        clf_plan_destroy(plan);
    options = (clf_plan_options){.solver = "none"};
    if (clf_plan_from_line(context, line, &options, &plan, &error) == CLF_OK)
        clf_plan_destroy(plan);
    if (!good)
        (void)fprintf(stderr, "soak: %s: %s\n", line, error.message);
    return good;
}

/* A few rounds of all lines in one context, which is closed at the end; how much is held then is *sample. */
static bool run_period(const line_batch *lines, double start, long *rounds, soak_sample *sample) {
    static double printed;
    clf_context *context = NULL;
    clf_error error = {0};
    if (clf_context_create(NULL, &context, &error) != CLF_OK) {
        (void)fprintf(stderr, "soak: %s\n", error.message);
        return false;
    }
    bool good = true;
    for (int round = 0; round < ROUNDS && good; round++, ++*rounds)
        for (size_t i = 0; i < lines->count && good; i++) {
            good = use_line(context, lines->lines[i], (i + (size_t)round) % 2 == 0);
            if (seconds() - printed >= 5) {
                printed = seconds();
                *sample = look();
                print(printed - start, *rounds, sample);
            }
        }
    clf_context_destroy(context);
    *sample = look();
    return good;
}

static long mean(const soak_sample *samples, size_t from, size_t to) {
    long sum = 0;
    for (size_t i = from; i < to; i++)
        sum += samples[i].kilobytes;
    return sum / (long)(to - from);
}

/* Between contexts nothing of the library's is alive, and the second and the last quarter hold alike. */
static bool judge(const soak_sample *samples, size_t count) {
    const soak_sample *early = &samples[1], *last = &samples[count - 1];
    size_t quarter = count / 4 > 0 ? count / 4 : 1;
    long before = mean(samples, quarter, 2 * quarter), after = mean(samples, count - quarter, count);
    bool good = true;
    if (last->objects != 0)
        good = printf("OpenCL objects are left alive: %ld\n", last->objects) < 0;
    if (last->pieces > early->pieces)
        good = printf("pieces of memory grow: %ld, then %ld\n", early->pieces, last->pieces) < 0;
    if (last->files > early->files)
        good = printf("open files grow: %ld, then %ld\n", early->files, last->files) < 0;
    if (after > before + before / 10 + SLACK_KILOBYTES)
        good = printf("resident memory grows: %ld kB, then %ld kB\n", before, after) < 0;
    return good;
}

int main(int count, char **arguments) {
    static soak_sample samples[MOST_PERIODS];
    double minutes = count > 1 ? atof(arguments[1]) : 5, start = seconds();
    size_t periods = 0;
    long rounds = 0;
    clf_context *context = NULL;
    clf_error error = {0};
    line_batch lines;
    if (!(minutes > 0) || clf_context_create(NULL, &context, &error) != CLF_OK) {
        (void)fprintf(stderr, "soak: %s\n", error.message);
        return 2;
    }
    bool good = lines_collect(context, &lines);
    clf_context_destroy(context);
    fault_begin(NULL, NULL);
    while (good && periods < MOST_PERIODS && (periods < FEWEST_PERIODS || seconds() - start < 60 * minutes)) {
        good = run_period(&lines, start, &rounds, &samples[periods++]);
        print(seconds() - start, rounds, &samples[periods - 1]);
    }
    good = good && judge(samples, periods);
    fault_end();
    (void)printf("%zu contexts, %ld rounds of %zu lines: %s\n", periods, rounds, lines.count,
                 good ? "nothing grows" : "FAILED");
    batch_free(&lines);
    return good ? 0 : 1;
}
