/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clf_bench_devices: an array in host memory streamed through several devices at once against the first of them alone.
 *
 *   clf_bench_devices [DEVICES]    DEVICES: as CLF_DEVICE names them, "0,1" (the default) say
 *
 * The array is 1 GB, the kernels are 3x3, which mostly copies, and 9x9 and 15x15, which compute. The two are timed in
 * turn. The goal: two devices of one thread each do at least 1.7 times as much as one for the kernel with the most
 * work.
 */
#include "bench.h"

#include <clfilter/clfilter.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 8192, ROWS = 32768, ROUNDS = 5, MOST_TAPS = 15 };
static const size_t budget = (size_t)256 << 20;
static const double goal = 1.7;
static const int kernels[] = {3, 9, MOST_TAPS};

/* Dense, of full rank, by the solver whose time grows with its taps. */
static clf_status make_plan(clf_context *context, int taps, clf_plan **plan, clf_error *error) {
    static float values[MOST_TAPS * MOST_TAPS];
    const clf_view none = clf_view_dense(NULL, CLF_F32, 2, (const int64_t[]){ROWS, COLUMNS});
    for (int i = 0; i < taps * taps; i++)
        values[i] = (float)((i * 37) % 11 - 5);
    clf_convolve_desc desc = {.src = none,
                              .dst = none,
                              .kernel = {.data = values, .rank = 2, .shape = {taps, taps}},
                              .options = {.solver = "conv.direct", .stream_bytes = budget}};
    return clf_plan_correlate(context, &desc, plan, error);
}

/* One kernel on the one device and on all of them, in turn; fills how many times as fast all are. */
static clf_status compare_devices(clf_context *const contexts[2], const clf_array *arrays, int taps, double *ratio,
                                  clf_error *error) {
    const clf_host_desc desc = {.arrays = arrays, .array_count = 2};
    clf_plan *plans[2] = {NULL, NULL};
    double times[2][ROUNDS];
    clf_status status = CLF_OK;
    for (int i = 0; i < 2 && status == CLF_OK; i++)
        status = make_plan(contexts[i], taps, &plans[i], error);
    for (int round = -1; round < ROUNDS && status == CLF_OK; round++) /* the first is the warm one */
        for (int i = 0; i < 2 && status == CLF_OK; i++) {
            double start = bench_seconds();
            status = clf_execute_host(plans[i], &desc, error);
            times[i][round < 0 ? 0 : round] = bench_seconds() - start;
        }
    if (status == CLF_OK) {
        double one = bench_summary(times[0], ROUNDS).median, all = bench_summary(times[1], ROUNDS).median;
        *ratio = one / all;
        (void)printf("%2dx%-2d  %9.1f ms  %9.1f ms  %6.2f  (%d devices, %lld slabs)\n", taps, taps, 1e3 * one,
                     1e3 * all, *ratio, clf_plan_get_stream(plans[1]).devices,
                     (long long)clf_plan_get_stream(plans[1]).slabs);
        (void)fflush(stdout);
    }
    clf_plan_destroy(plans[0]);
    clf_plan_destroy(plans[1]);
    return status;
}

static clf_status run(clf_context *const contexts[2], const clf_array *arrays, bool *met, clf_error *error) {
    double ratio = 0;
    (void)printf("taps   one device     all of them   times as fast\n");
    clf_status status = CLF_OK;
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels && status == CLF_OK; i++)
        status = compare_devices(contexts, arrays, kernels[i], &ratio, error);
    *met = ratio >= goal; /* of the kernel with the most work */
    return status;
}

int main(int count, char **arguments) {
    const char *devices = count > 1 ? arguments[1] : "0,1";
    char first[64] = "";
    (void)snprintf(first, sizeof first, "%.*s", (int)strcspn(devices, ","), devices);
    clf_error error = {0};
    clf_context *contexts[2] = {NULL, NULL};
    const size_t elements = (size_t)ROWS * COLUMNS;
    clf_array arrays[2];
    bool met = false;
    for (int i = 0; i < 2; i++)
        arrays[i] = (clf_array){.data = malloc(elements * sizeof(float)), .rank = 2, .shape = {ROWS, COLUMNS}};
    if (count > 2 || arrays[0].data == NULL || arrays[1].data == NULL) {
        (void)fprintf(stderr, "usage: clf_bench_devices [DEVICES, such as 0,1]\n");
        return 2;
    }
    for (size_t i = 0; i < elements; i++)
        ((float *)arrays[0].data)[i] = (float)(i * 7 % 1021);
    memset(arrays[1].data, 0, elements * sizeof(float));
    clf_status status = clf_context_create(&(clf_context_desc){.device = first}, &contexts[0], &error);
    if (status == CLF_OK)
        status = clf_context_create(&(clf_context_desc){.device = devices}, &contexts[1], &error);
    if (status == CLF_OK)
        status = run(contexts, arrays, &met, &error);
    if (status == CLF_OK)
        (void)printf("goal: %.1f times as fast for the kernel with the most work: %s\n", goal, met ? "met" : "missed");
    else
        (void)fprintf(stderr, "clf_bench_devices: %s\n", error.message);
    for (int i = 0; i < 2; i++) {
        clf_context_destroy(contexts[i]);
        free(arrays[i].data);
    }
    return status == CLF_OK && met ? 0 : 1;
}
