/* SPDX-License-Identifier: Apache-2.0 */
/* A row measured: clfilter, its rivals and a plain copy take turns, round after round. */
#include "subject.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Threads of a library that has just worked may spin for some milliseconds more; they are left to fall asleep. */
static const double settle_seconds = 0.01;
/* Beyond this a warm-up before every sample costs more than it tells. */
static const double long_execution = 0.25;
/* Beyond this nothing is measured: a row would take many minutes. */
static const double longest_execution = 20;

/* What everything is measured against, wanted or not. */
static const char copy_name[] = "copy";

typedef struct contestant {
    const bench_peer *peer;
    void *state;
    int executions; /* of one sample */
    bool warm_up;
    double samples[BENCH_ROUNDS_MOST];
} contestant;

enum { OURS, COPY, RIVALS, CONTESTANTS = RIVALS + BENCH_RIVALS };

static bool run(const contestant *one, int executions, double *seconds) {
    if (one->peer->time)
        return one->peer->time(one->state, executions, seconds);
    double start = bench_seconds();
    for (int i = 0; i < executions; i++)
        if (!one->peer->execute(one->state))
            return false;
    *seconds = bench_seconds() - start;
    return true;
}

/* The first execution is never counted; the second says how many make a sample. */
static bool calibrate(contestant *one, const bench_options *options, char *why) {
    double seconds = 0;
    for (int i = 0; i < 2; i++) {
        if (!run(one, 1, &seconds)) {
            (void)snprintf(why, BENCH_WHY, "execution failed");
            return false;
        }
        if (seconds > longest_execution) {
            (void)snprintf(why, BENCH_WHY, "one execution takes %.0f s; at most %.0f s is allowed", seconds,
                           longest_execution);
            return false;
        }
    }
    double executions = ceil(options->sample_seconds / fmax(seconds, 1e-7));
    one->executions = (int)fmin(fmax(executions, 1), 10000);
    one->warm_up = seconds < long_execution;
    return true;
}

static bool take_sample(contestant *one, double *sample) {
    double seconds = 0;
    bench_pause(settle_seconds);
    if (one->warm_up && !run(one, 1, &seconds))
        return false;
    if (!run(one, one->executions, &seconds))
        return false;
    *sample = seconds / one->executions;
    return true;
}

static void progress(const bench_row *row, const char *what, int round, int rounds) {
    if (isatty(STDERR_FILENO))
        (void)fprintf(stderr, "\r\033[K%s: %s %d of %d", row->name, what, round, rounds);
}

static void progress_end(void) {
    if (isatty(STDERR_FILENO))
        (void)fprintf(stderr, "\r\033[K");
}

static bool take_turns(contestant *all, int rounds, bench_result *result) {
    for (int round = 0; round < rounds; round++) {
        progress(result->row, "round", round + 1, rounds);
        for (int i = 0; i < CONTESTANTS; i++) {
            if (all[i].state && !take_sample(&all[i], &all[i].samples[round])) {
                (void)snprintf(result->failed, BENCH_WHY, "%s failed in round %d", all[i].peer->name, round + 1);
                return false;
            }
        }
    }
    return true;
}

/* Opens a rival, runs it once or twice, and holds its answer against ours. */
static void enter(const bench_problem *problem, const bench_rival *rival, const bench_array *ours,
                  const bench_options *options, contestant *one, bench_comparison *comparison) {
    bench_problem other = *problem;
    comparison->rival = rival;
    one->peer = bench_peer_find(rival->peer);
    if (!one->peer) {
        (void)snprintf(comparison->skipped, BENCH_WHY, "not built in");
        return;
    }
    other.line = rival->line ? rival->line : problem->line;
    one->state = one->peer->open(&other, comparison->skipped);
    if (!one->state)
        return;
    comparison->library = one->peer->library;
    comparison->skipped[0] = '\0';
    bool answers = one->peer->result && !rival->line && ours;
    const bench_array *theirs = NULL;
    bool good = calibrate(one, options, comparison->skipped);
    if (good && answers && !(theirs = one->peer->result(one->state))) {
        (void)snprintf(comparison->skipped, BENCH_WHY, "it returned no result");
        good = false;
    }
    if (!good) {
        one->peer->close(one->state);
        one->state = NULL;
    } else if (answers) {
        bench_compare(problem, ours, theirs, one->peer->interior, comparison);
    }
}

static bool is_copy(const bench_rival *rival) {
    return strcmp(rival->peer, copy_name) == 0;
}

static void enter_all(const bench_problem *problem, bench_subject *subject, const bench_options *options,
                      contestant *all, bench_result *result) {
    const bench_rival copy = {copy_name, 0, NULL};
    bench_comparison unused = {0};
    enter(problem, &copy, NULL, options, &all[COPY], &unused);
    if (!all[COPY].state)
        (void)snprintf(result->failed, BENCH_WHY, "copy: %.700s", unused.skipped);
    const bench_array *ours = bench_subject_result(subject);
    if (!ours)
        (void)snprintf(result->failed, BENCH_WHY, "our result cannot be read back");
    for (int i = 0; i < BENCH_RIVALS && result->row->rivals[i].peer; i++) {
        const bench_rival *rival = &result->row->rivals[i];
        progress(result->row, "preparing peer", i + 1, BENCH_RIVALS);
        result->comparisons++;
        if (is_copy(rival)) /* it takes its turn in any case */
            result->comparison[i] = (bench_comparison){.rival = rival, .library = all[COPY].peer->library};
        else
            enter(problem, rival, ours, options, &all[RIVALS + i], &result->comparison[i]);
    }
}

static void conclude(contestant *all, int rounds, bench_result *result) {
    result->ours = bench_summary(all[OURS].samples, rounds);
    result->copy = bench_summary(all[COPY].samples, rounds);
    for (int i = 0; i < result->comparisons; i++)
        if (is_copy(result->comparison[i].rival))
            result->comparison[i].timing = result->copy;
        else if (all[RIVALS + i].state)
            result->comparison[i].timing = bench_summary(all[RIVALS + i].samples, rounds);
}

void bench_measure(const bench_row *row, const bench_options *options, clf_context *context, bench_result *result) {
    static const bench_peer self = {.name = "clfilter", .execute = bench_subject_execute};
    contestant all[CONTESTANTS] = {{.executions = 0}};
    *result = (bench_result){.row = row};
    if (options->first_call && !row->series &&
        !bench_first_call_measure(row, &result->cold, &result->warm, result->failed))
        return;
    bench_subject *subject = bench_subject_open(context, row->line, row->taps, options->threads, result->failed);
    if (!subject)
        return;
    const bench_problem *problem = bench_subject_problem(subject);
    (void)snprintf(result->plan, sizeof result->plan, "%s", clf_plan_describe(bench_subject_plan(subject)));
    result->cost = clf_plan_get_cost(bench_subject_plan(subject));
    result->planning_again = bench_subject_planning_again(subject);
    result->outputs = (double)bench_count(&problem->output);
    all[OURS] = (contestant){.peer = &self, .state = subject};
    if (calibrate(&all[OURS], options, result->failed))
        enter_all(problem, subject, options, all, result);
    if (!result->failed[0] && take_turns(all, options->rounds, result))
        conclude(all, options->rounds, result);
    progress_end();
    for (int i = COPY; i < CONTESTANTS; i++)
        if (all[i].state)
            all[i].peer->close(all[i].state);
    bench_subject_close(subject);
}
