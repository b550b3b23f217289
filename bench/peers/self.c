/* SPDX-License-Identifier: Apache-2.0 */
/* clfilter as its own peer: another line, timed beside the row's. */
#include "../subject.h"
#include "peers.h"

static void *open_self(const bench_problem *problem, char *why) {
    return bench_subject_open(problem->context, problem->line, problem->taps, problem->threads, why);
}

static void close_self(void *state) {
    bench_subject_close(state);
}

const bench_peer bench_self = {.name = "clfilter",
                               .library = "clfilter",
                               .open = open_self,
                               .execute = bench_subject_execute,
                               .result = bench_subject_result,
                               .close = close_self};
