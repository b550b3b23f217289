/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clf_bench_stream: tensors in host memory, streamed in slabs against uploaded, filtered and downloaded whole, and what
 * memory the program takes while they grow.
 *
 *   clf_bench_stream [LARGEST]    LARGEST: GB of the largest input, 1 to 64; default 8
 *
 * The input is a function that gives the rows of a block of 256 MB over and over, the output one that copies rows into
 * another such block: the traffic of arrays of any size, and the memory of none. Whole, a tensor has the block's size.
 * The goal: a byte streamed, of 4 GB, takes at most 1.3 times a byte whole; memory does not grow.
 */
#include "bench.h"

#include <clfilter/clfilter.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { COLUMNS = 8192, BLOCK_ROWS = 8192, ROUNDS = 5, TAPS = 15, DEFAULT_LARGEST = 8, MOST_LARGEST = 64 };
static const size_t row_bytes = COLUMNS * sizeof(float), budget = (size_t)256 << 20;
static const double goal = 1.3;

typedef struct blocks {
    float *from, *to;
} blocks;

static clf_status read_rows(void *user, const clf_part *part, const clf_array *into, clf_error *error) {
    const blocks *b = user;
    (void)error;
    for (int64_t i = 0; i < part->count; i++)
        memcpy((char *)into->data + (size_t)i * row_bytes, b->from + (part->first + i) % BLOCK_ROWS * COLUMNS,
               row_bytes);
    return CLF_OK;
}

static clf_status write_rows(void *user, const clf_part *part, const clf_array *from, clf_error *error) {
    const blocks *b = user;
    (void)error;
    for (int64_t i = 0; i < part->count; i++)
        memcpy(b->to + (part->first + i) % BLOCK_ROWS * COLUMNS, (const char *)from->data + (size_t)i * row_bytes,
               row_bytes);
    return CLF_OK;
}

/* A plan of so many rows, streamed where `bytes` is not 0; the kernel is dense and of full rank. */
static clf_status make_plan(clf_context *context, int64_t rows, int taps, size_t bytes, const clf_view *views,
                            clf_plan **plan, clf_error *error) {
    static float values[TAPS * TAPS];
    const int64_t shape[2] = {rows, COLUMNS};
    const clf_view none = clf_view_dense(NULL, CLF_F32, 2, shape);
    for (int i = 0; i < taps * taps; i++)
        values[i] = (float)((i * 37) % 11 - 5);
    clf_convolve_desc desc = {.src = views ? views[0] : none,
                              .dst = views ? views[1] : none,
                              .kernel = {.data = values, .rank = 2, .shape = {taps, taps}},
                              .options = {.solver = "conv.direct", .stream_bytes = bytes}};
    return clf_plan_correlate(context, &desc, plan, error);
}

/* Upload, execute, download; buffers are made beforehand. */
static clf_status time_whole(clf_context *context, clf_plan *plan, const clf_view *views, const blocks *b,
                             double *seconds, clf_error *error) {
    const clf_array from = {.data = b->from, .rank = 2, .shape = {BLOCK_ROWS, COLUMNS}};
    const clf_array to = {.data = b->to, .rank = 2, .shape = {BLOCK_ROWS, COLUMNS}};
    double start = bench_seconds();
    clf_status status = clf_upload(context, &from, &views[0], error);
    if (status == CLF_OK)
        status = clf_execute(plan, NULL, NULL, error);
    if (status == CLF_OK)
        status = clf_download(context, &views[1], &to, error);
    *seconds = bench_seconds() - start;
    return status;
}

static clf_status time_streamed(clf_plan *plan, blocks *b, double *seconds, clf_error *error) {
    const clf_host_desc desc = {.read = read_rows, .write = write_rows, .user = b};
    double start = bench_seconds();
    clf_status status = clf_execute_host(plan, &desc, error);
    *seconds = bench_seconds() - start;
    return status;
}

static long peak_megabytes(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss / 1024 : -1;
}

/* One size and kernel, in turn with the whole block; fills the ratio of a byte streamed to one whole. */
static clf_status compare_size(clf_context *context, blocks *b, const clf_view *views, int64_t gigabytes, int taps,
                               double *ratio, clf_error *error) {
    int64_t rows = gigabytes * ((1 << 30) / (int64_t)row_bytes), blocks_in_it = rows / BLOCK_ROWS;
    clf_plan *whole = NULL, *streamed = NULL;
    double times[2][ROUNDS];
    clf_status status = make_plan(context, BLOCK_ROWS, taps, 0, views, &whole, error);
    if (status == CLF_OK)
        status = make_plan(context, rows, taps, budget, NULL, &streamed, error);
    for (int round = -1; round < ROUNDS && status == CLF_OK; round++) { /* the first is the warm one */
        int at = round < 0 ? 0 : round;
        status = time_whole(context, whole, views, b, &times[0][at], error);
        if (status == CLF_OK && (round >= 0 || gigabytes == 1))
            status = time_streamed(streamed, b, &times[1][at], error);
    }
    if (status == CLF_OK) {
        double whole_time = bench_summary(times[0], ROUNDS).median, time = bench_summary(times[1], ROUNDS).median;
        *ratio = time / (double)rows / (whole_time / (double)BLOCK_ROWS);
        (void)printf("%3lld GB  %2dx%-2d  %9.1f ms  %6.2f GB/s  %6.2f  %6ld MB  (%lld blocks)\n", (long long)gigabytes,
                     taps, taps, 1e3 * time, 2 * (double)gigabytes * 1.073741824 / time, *ratio, peak_megabytes(),
                     (long long)blocks_in_it);
    }
    clf_plan_destroy(whole);
    clf_plan_destroy(streamed);
    return status;
}

static clf_status run(clf_context *context, blocks *b, const clf_view *views, int64_t largest, bool *met,
                      clf_error *error) {
    long before = 0; /* after the smallest input with both kernels: what comes on top grows with the input */
    (void)printf("input   taps    streamed                per byte, of whole  memory at most\n");
    for (int64_t gigabytes = 1; gigabytes <= largest; gigabytes *= 2) {
        for (int taps = 3; taps <= TAPS; taps += TAPS - 3) {
            double ratio;
            clf_status status = compare_size(context, b, views, gigabytes, taps, &ratio, error);
            if (status != CLF_OK)
                return status;
            *met = *met && (gigabytes != 4 || ratio <= goal);
        }
        before = before ? before : peak_megabytes();
        *met = *met && peak_megabytes() <= before + before / 10;
    }
    return CLF_OK;
}

int main(int count, char **arguments) {
    const int64_t shape[2] = {BLOCK_ROWS, COLUMNS};
    long largest = count > 1 ? strtol(arguments[1], NULL, 10) : DEFAULT_LARGEST;
    clf_error error = {0};
    clf_context *context = NULL;
    clf_view views[2] = {{.buffer = NULL}, {.buffer = NULL}};
    blocks b = {malloc(BLOCK_ROWS * row_bytes), malloc(BLOCK_ROWS * row_bytes)};
    bool met = true;
    if (largest < 1 || largest > MOST_LARGEST || !b.from || !b.to) {
        (void)fprintf(stderr, "usage: clf_bench_stream [GB of the largest input, 1 to %d]\n", MOST_LARGEST);
        return 2;
    }
    for (int64_t i = 0; i < (int64_t)BLOCK_ROWS * COLUMNS; i++)
        b.from[i] = (float)(i * 7 % 1021);
    clf_status status = clf_context_create(NULL, &context, &error);
    for (int i = 0; i < 2 && status == CLF_OK; i++)
        status = clf_tensor_create(context, CLF_F32, 2, shape, &views[i], &error);
    if (status == CLF_OK)
        status = run(context, &b, views, largest, &met, &error);
    if (status == CLF_OK)
        (void)printf("goal: 4 GB within %.1f of whole, memory flat: %s\n", goal, met ? "met" : "missed");
    else
        (void)fprintf(stderr, "clf_bench_stream: %s\n", error.message);
    clf_tensor_release(&views[0]);
    clf_tensor_release(&views[1]);
    clf_context_destroy(context);
    free(b.from);
    free(b.to);
    return status == CLF_OK && met ? 0 : 1;
}
