/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clfilter's side of a row. The line is read, its data made and its plan built by the tests' own operations, so that a
 * problem the tests know is one the bench can time: this is the only file that knows of them.
 */
#ifndef CLF_BENCH_SUBJECT_H
#define CLF_BENCH_SUBJECT_H

#include "bench.h"

typedef struct bench_subject bench_subject;

/* NULL, and why, where the line is wrong or cannot be planned. */
bench_subject *bench_subject_open(clf_context *context, const char *line, const char *taps, int threads, char *why);
void bench_subject_close(bench_subject *subject);

/* One execution, waited for. */
bool bench_subject_execute(void *subject);

/* What the peers are given. */
const bench_problem *bench_subject_problem(const bench_subject *subject);
const clf_plan *bench_subject_plan(const bench_subject *subject);

/* The answer as it is on the device now; NULL where it cannot be fetched. */
const bench_array *bench_subject_result(void *subject);

/* Seconds that planning took. */
double bench_subject_planning(const bench_subject *subject);

/* Median seconds of planning the same once more, everything that it needs being there; 0 where it fails. */
double bench_subject_planning_again(const bench_subject *subject);

#endif
