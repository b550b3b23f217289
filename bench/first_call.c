/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first call: planning and one execution in a process of its own, once with the kernel caches empty (cold) and once
 * more with what that left in them (warm). Of drivers' caches only PoCL's is known here.
 */
#include "subject.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MOST_SECONDS = 60 };

int bench_first_call_child(const char *line, const char *taps) {
    char why[BENCH_WHY] = "";
    clf_error error = {0};
    clf_context *context = NULL;
    bench_subject *subject = NULL;
    (void)alarm(MOST_SECONDS);
    if (clf_context_create(NULL, &context, &error) != CLF_OK)
        (void)snprintf(why, sizeof why, "%s", error.message);
    else
        subject = bench_subject_open(context, line, taps, 1, why);
    double start = bench_seconds();
    bool good = subject && bench_subject_execute(subject);
    double execute = bench_seconds() - start;
    if (good)
        (void)printf("%.9f %.9f %.9f\n", bench_subject_planning(subject), execute,
                     clf_context_build_statistics(context).build_seconds);
    else
        (void)printf("cannot: %s\n", why);
    bench_subject_close(subject);
    clf_context_destroy(context);
    return good ? 0 : 1;
}

/* Starts `arguments` with its standard output on `out`; waits. */
static bool run_child(char *const *arguments, int out, const int *close_first) {
    posix_spawn_file_actions_t actions;
    pid_t child = 0;
    int status = 1;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    (void)posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (close_first)
        (void)posix_spawn_file_actions_addclose(&actions, *close_first);
    bool started = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ) == 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    while (started && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return started && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* posix_spawn wants its arguments writable, and writes to none of them. */
static char *unconst(const char *text) {
    char *pointer;
    memcpy(&pointer, &text, sizeof pointer);
    return pointer;
}

static bool measure_once(const bench_row *row, bench_first_call *call, char *why) {
    char self[1024] = "", text[BENCH_WHY] = "";
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    int ends[2];
    if (length < 0 || pipe(ends) != 0) {
        (void)snprintf(why, BENCH_WHY, "the first call cannot be measured: %s", strerror(errno));
        return false;
    }
    char *arguments[] = {self, unconst("--first-call-of"), unconst(row->line), unconst(row->taps ? row->taps : ""),
                         NULL};
    bool good = run_child(arguments, ends[1], &ends[0]);
    (void)close(ends[1]);
    ssize_t got = read(ends[0], text, sizeof text - 1);
    (void)close(ends[0]);
    text[got > 0 ? got : 0] = '\0';
    if (!good || sscanf(text, "%lf %lf %lf", &call->plan, &call->execute, &call->build) != 3) {
        (void)snprintf(why, BENCH_WHY, "first call: %.700s",
                       text[0] ? text : "the child process failed, or took more than a minute");
        return false;
    }
    return true;
}

static void remove_folder(const char *folder) {
    (void)run_child((char *[]){unconst("rm"), unconst("-rf"), unconst("--"), unconst(folder), NULL}, STDERR_FILENO,
                    NULL);
}

/* PoCL's kernel cache, and the folder that ours lies in. */
static const char *const cache_variables[] = {"POCL_CACHE_DIR", "XDG_CACHE_HOME"};
enum { CACHES = sizeof cache_variables / sizeof *cache_variables };

static void redirect_caches(const char *folder, char *kept[CACHES]) {
    for (int i = 0; i < CACHES; i++) {
        const char *before = getenv(cache_variables[i]);
        kept[i] = before ? strdup(before) : NULL;
        (void)setenv(cache_variables[i], folder, 1);
    }
}

static void restore_caches(char *kept[CACHES]) {
    for (int i = 0; i < CACHES; i++) {
        if (kept[i])
            (void)setenv(cache_variables[i], kept[i], 1);
        else
            (void)unsetenv(cache_variables[i]);
        free(kept[i]);
    }
}

bool bench_first_call_measure(const bench_row *row, bench_first_call *cold, bench_first_call *warm, char *why) {
    const char *parent = getenv("TMPDIR");
    char folder[512], *kept[CACHES];
    (void)snprintf(folder, sizeof folder, "%.450s/clf-bench-XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(folder)) {
        (void)snprintf(why, BENCH_WHY, "%.450s: %s", folder, strerror(errno));
        return false;
    }
    redirect_caches(folder, kept);
    bool good = measure_once(row, cold, why) && measure_once(row, warm, why);
    restore_caches(kept);
    remove_folder(folder);
    return good;
}
