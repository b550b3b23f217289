/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Peers that are Python: a child process per peer runs python/serve.py, which times each execution on its own clock and
 * is asked through a pipe, so that it takes its turn like any other. Arrays are handed over in files.
 */
#include "peers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

typedef struct python_state {
    pid_t child;
    FILE *to, *from;
    char folder[512], threads[16];
    bench_array result;
} python_state;

static bool write_array(const char *folder, const char *name, const bench_array *array) {
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    size_t bytes = bench_bytes(array);
    bool good = file && fwrite(array->data, 1, bytes, file) == bytes;
    return file ? fclose(file) == 0 && good : false;
}

static int shape_text(const bench_array *array, char *text, size_t size) {
    int length = snprintf(text, size, "%s ", array->dtype);
    for (int i = 0; i < array->rank && length < (int)size; i++)
        length += snprintf(text + length, size - (size_t)length, "%s%lld", i ? "x" : "", (long long)array->shape[i]);
    return length;
}

/* problem.txt: the line, then type and shape of each input and of the output. */
static bool write_problem(const char *folder, const bench_problem *problem) {
    char path[1024], text[256];
    (void)snprintf(path, sizeof path, "%s/problem.txt", folder);
    FILE *file = fopen(path, "w");
    if (!file)
        return false;
    (void)fprintf(file, "%s\n", problem->line);
    bool good = true;
    for (int i = 0; i < problem->inputs; i++) {
        (void)shape_text(&problem->input[i], text, sizeof text);
        (void)fprintf(file, "%s\n", text);
        (void)snprintf(text, sizeof text, "input%d", i);
        good = good && write_array(folder, text, &problem->input[i]);
    }
    (void)shape_text(&problem->output, text, sizeof text);
    (void)fprintf(file, "%s\n", text);
    return fclose(file) == 0 && good;
}

static char *unconst(const char *text) {
    char *pointer;
    memcpy(&pointer, &text, sizeof pointer);
    return pointer;
}

/* Ends of pipes that are not the child's are closed in it by themselves. */
static bool make_pipe(int ends[2]) {
    return pipe(ends) == 0 && fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0;
}

static bool start(python_state *state, const char *python, const char *name) {
    int down[2] = {-1, -1}, up[2] = {-1, -1};
    posix_spawn_file_actions_t actions;
    char *arguments[] = {
        unconst(python), unconst("-u"), unconst(BENCH_DIR "/peers/python/serve.py"), unconst(name), state->folder,
        state->threads,  NULL};
    if (!make_pipe(down) || !make_pipe(up) || posix_spawn_file_actions_init(&actions) != 0)
        return false;
    (void)posix_spawn_file_actions_adddup2(&actions, down[0], STDIN_FILENO);
    (void)posix_spawn_file_actions_adddup2(&actions, up[1], STDOUT_FILENO);
    bool started = posix_spawnp(&state->child, python, &actions, NULL, arguments, environ) == 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(down[0]);
    (void)close(up[1]);
    state->to = fdopen(down[1], "w");
    state->from = fdopen(up[0], "r");
    if (!started)
        state->child = 0;
    return started && state->to && state->from;
}

/* Closing its input ends it. */
static void stop(python_state *state) {
    if (state->to)
        (void)fclose(state->to);
    if (state->from)
        (void)fclose(state->from);
    while (state->child > 0 && waitpid(state->child, NULL, 0) < 0 && errno == EINTR)
        continue;
    state->to = state->from = NULL;
    state->child = 0;
}

static void remove_file(const char *folder, const char *name) {
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)unlink(path);
}

static void remove_folder(const char *folder) {
    char name[BENCH_WORD];
    for (int i = 0; i < BENCH_INPUTS; i++) {
        (void)snprintf(name, sizeof name, "input%d", i);
        remove_file(folder, name);
    }
    remove_file(folder, "problem.txt");
    remove_file(folder, "result");
    (void)rmdir(folder);
}

static void close_python(void *argument) {
    python_state *state = argument;
    stop(state);
    remove_folder(state->folder);
    free(state->result.data);
    free(state);
}

/* A line from the child, without its end. */
static bool read_line(python_state *state, char *line, int size) {
    if (!fgets(line, size, state->from))
        return false;
    line[strcspn(line, "\n")] = '\0';
    return true;
}

static bool ask(python_state *state, const char *question, char *answer, int size) {
    return fprintf(state->to, "%s\n", question) > 0 && fflush(state->to) == 0 && read_line(state, answer, size);
}

/* The first Python that has what the peer imports. */
static bool start_any(python_state *state, const char *name, char *why) {
    const char *pythons[] = {getenv("CLF_BENCH_PYTHON"), "python3", "/usr/bin/python3"};
    for (size_t i = 0; i < sizeof pythons / sizeof *pythons; i++) {
        char line[BENCH_WHY] = "it does not start";
        if (!pythons[i])
            continue;
        if (start(state, pythons[i], name) && read_line(state, line, sizeof line) && strcmp(line, "ready") == 0)
            return true;
        stop(state);
        (void)snprintf(why, BENCH_WHY, "%.700s", line);
    }
    return false;
}

static void *open_python(const bench_problem *problem, const char *name, char *why) {
    const char *parent = getenv("TMPDIR");
    python_state *state = calloc(1, sizeof *state);
    if (!state)
        return NULL;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)snprintf(state->folder, sizeof state->folder, "%.450s/clf-bench-XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(state->folder) || !write_problem(state->folder, problem)) {
        (void)snprintf(why, BENCH_WHY, "%.450s: %s", state->folder, strerror(errno));
        close_python(state);
        return NULL;
    }
    state->result = problem->output;
    (void)snprintf(state->threads, sizeof state->threads, "%d", problem->threads);
    if (!start_any(state, name, why)) {
        close_python(state);
        return NULL;
    }
    return state;
}

static bool time_python(void *state, int count, double *seconds) {
    char question[BENCH_WORD], answer[BENCH_WHY];
    (void)snprintf(question, sizeof question, "run %d", count);
    return ask(state, question, answer, sizeof answer) && sscanf(answer, "%lf", seconds) == 1;
}

static const bench_array *python_result(void *argument) {
    python_state *state = argument;
    char answer[BENCH_WHY], path[1024];
    size_t bytes = bench_bytes(&state->result);
    if (!ask(state, "result", answer, sizeof answer) || strcmp(answer, "written") != 0)
        return NULL;
    (void)snprintf(path, sizeof path, "%s/result", state->folder);
    FILE *file = fopen(path, "r");
    if (!state->result.data)
        state->result.data = malloc(bytes);
    bool good = file && state->result.data && fread(state->result.data, 1, bytes, file) == bytes;
    if (file)
        (void)fclose(file);
    return good ? &state->result : NULL;
}

#define PYTHON_PEER(symbol, title, module, inner)                         \
    static void *open_##symbol(const bench_problem *problem, char *why) { \
        return open_python(problem, (module), why);                       \
    }                                                                     \
    const bench_peer bench_##symbol = {.name = (title),                   \
                                       .library = (title),                \
                                       .open = open_##symbol,             \
                                       .time = time_python,               \
                                       .result = python_result,           \
                                       .close = close_python,             \
                                       .interior = (inner)}

PYTHON_PEER(scipy_ndimage, "scipy.ndimage", "scipy_ndimage", false);
PYTHON_PEER(scipy_fft, "scipy.fft", "scipy_fft", true);
PYTHON_PEER(scipy_oaconvolve, "scipy.signal.oaconvolve", "scipy_oaconvolve", true);
PYTHON_PEER(numpy_take, "numpy.take", "numpy_take", false);
PYTHON_PEER(torch, "PyTorch", "pytorch", false);
