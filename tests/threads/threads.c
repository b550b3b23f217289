/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads on one context, over an OpenCL without a device: plans of all operations made, cloned, executed, streamed and
 * destroyed, wisdom read and written, programs built and warmed up, all at once. A race detector watches (./dev tsan).
 * argv[1]: rounds, argv[2]: threads.
 */
#include "fake.h"
#include "fuzz.h"
#include "lines.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 64 };

static struct threads_work {
    clf_context *context;
    line_batch lines;
    int rounds;
    pthread_barrier_t together;
} work;

/* A line planned as one of a few ways says, and used. */
static void use_line(const char *line, int way) {
    clf_plan *plan = NULL;
    clf_error error = {0};
    clf_plan_options options = {.effort = way % 8 == 7 ? CLF_MEASURE : CLF_ESTIMATE,
                                .stream_bytes = way % 4 == 2 ? (size_t)1 << 20 : 0};
    clf_status status = clf_plan_from_line(work.context, line, &options, &plan, &error);
    fuzz_expect_told(status, &error);
    fuzz_use_plan(work.context, plan);
}

static void use_wisdom(int way) {
    clf_error error = {0};
    char text[1 << 14];
    size_t length = 0, taken = 0;
    fuzz_expect(clf_wisdom_export(work.context, text, sizeof text, &length, &error) == CLF_OK, error.message);
    fuzz_expect(clf_wisdom_import(work.context, text, &taken, &error) == CLF_OK, error.message);
    if (way % 4 == 1)
        fuzz_expect(clf_wisdom_save(work.context, &error) == CLF_OK, error.message);
    if (way % 4 == 2)
        fuzz_expect(clf_wisdom_load(work.context, &taken, &error) == CLF_OK, error.message);
    if (way % 16 == 3)
        clf_wisdom_forget(work.context);
}

static void warm_up(int way) {
    clf_error error = {0};
    const char *lines[2] = {work.lines.lines[(size_t)way % work.lines.count], "no line"};
    fuzz_expect(clf_context_warmup(work.context, lines, way % 2 ? 1 : 2, &error) == CLF_OK, error.message);
    if (way % 4 == 0)
        fuzz_expect_told(clf_context_warmup_wait(work.context, &error), &error);
    (void)clf_context_build_statistics(work.context);
}

static void *run(void *argument) {
    int number = *(const int *)argument;
    (void)pthread_barrier_wait(&work.together);
    for (int round = 0; round < work.rounds; round++)
        for (size_t i = 0; i < work.lines.count; i++) {
            int way = number + round + (int)i;
            use_line(work.lines.lines[(i + (size_t)(number / 2)) % work.lines.count], way);
            if (way % 16 == 0)
                use_wisdom(way / 16 + number);
            if (way % 32 == 1)
                warm_up(way / 32);
        }
    clf_error error = {0};
    clf_device_peaks peaks;
    if (number == 0)
        fuzz_expect_told(clf_context_measure_peaks(work.context, &peaks, &error), &error);
    return NULL;
}

int main(int count, char **arguments) {
    pthread_t threads[MOST_THREADS];
    int numbers[MOST_THREADS], wanted = count > 2 ? atoi(arguments[2]) : 8;
    work.rounds = count > 1 ? atoi(arguments[1]) : 1;
    if (work.rounds < 1 || wanted < 1 || wanted > MOST_THREADS)
        return 2;
    clf_context *first = fuzz_open(0);
    bool collected = lines_collect(first, &work.lines);
    fuzz_close(first);
    if (!collected)
        return 1;
    work.context = fuzz_open(0); /* in which no program is built yet */
    fuzz_expect(pthread_barrier_init(&work.together, NULL, (unsigned)wanted) == 0, "no barrier");
    for (int i = 0; i < wanted; i++) {
        numbers[i] = i;
        fuzz_expect(pthread_create(&threads[i], NULL, run, &numbers[i]) == 0, "no thread");
    }
    for (int i = 0; i < wanted; i++)
        (void)pthread_join(threads[i], NULL);
    (void)printf("%d threads, %d rounds, %zu lines\n", wanted, work.rounds, work.lines.count);
    (void)pthread_barrier_destroy(&work.together);
    fuzz_close(work.context);
    batch_free(&work.lines);
    return 0;
}
