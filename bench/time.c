/* SPDX-License-Identifier: Apache-2.0 */
/* Clock, pauses and medians. */
#include "bench.h"

#include <stdlib.h>
#include <time.h>

double bench_seconds(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void bench_pause(double seconds) {
    struct timespec span = {(time_t)seconds, (long)(1e9 * (seconds - (double)(time_t)seconds))};
    (void)nanosleep(&span, NULL);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

bench_timing bench_summary(double *samples, int count) {
    qsort(samples, (size_t)count, sizeof *samples, ascending);
    double median = 0.5 * (samples[(count - 1) / 2] + samples[count / 2]);
    return (bench_timing){.median = median, .low = samples[0], .high = samples[count - 1]};
}
