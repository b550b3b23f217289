/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation, every call of files and every OpenCL call that a command of the program makes is made to fail in
 * turn, once and from there on. The program must exit with 1 and a sentence that says what failed, leave its outputs
 * whole or as they were, and nothing else. The device is the fake one: what is filtered is not what is looked at.
 *
 *   clf_fault_cli memory|files|opencl once|forever INPUTS FOLDER [TEXT]     TEXT: only commands that contain it
 */
#include "cli_commands.h"
#include "cli_files.h"
#include "cli_folder.h"
#include "cli_libraries.h"
#include "fake.h"
#include "faults.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The program's main(), by another name. */
int clfilter_main(int count, char **arguments);

typedef enum sweep_kind { SWEEP_MEMORY, SWEEP_FILES, SWEEP_OPENCL } sweep_kind;
static const char *const kind_names[] = {"memory", "files", "opencl"};

enum { MOST_WORDS = 16, PATIENCE_SECONDS = 60 };

/* A command line as words, and what a run of it did. */
typedef struct command_run {
    const command_row *row; /* NULL: an input is made */
    char text[256];
    char *words[MOST_WORDS + 1];
    int count;
    int status;
    bool by_library;      /* what failed first was an allocation of a library of images */
    char *printed, *said; /* on stdout and stderr */
    size_t printed_bytes, said_bytes;
} command_run;

/* As a shell would: words between blanks, or between quotes. */
static void split(const char *line, command_run *run) {
    static char name[] = "clfilter";
    snprintf(run->text, sizeof run->text, "%s", line);
    run->count = 0;
    run->words[run->count++] = name;
    for (char *at = run->text; *at != '\0';) {
        const char *end = *at == '\'' ? "'" : " ";
        at += *at == '\'';
        if (run->count == MOST_WORDS)
            abort();
        run->words[run->count++] = at;
        at += strcspn(at, end);
        while (*at == ' ' || (*at == '\'' && *end == '\'')) {
            end = *at == '\'' ? "" : end;
            *at++ = '\0';
        }
    }
    run->words[run->count] = NULL;
}

static long looks, milliseconds;

/* Time passes as the program looks at it: two looks are 2 ms apart, the next two 1 ms, so that runs differ in turn. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now) {
    (void)clock;
    milliseconds += ++looks % 4 == 2 ? 2 : 1;
    *now = (struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000};
    return 0;
}

/* What is being tried, for when it crashes or hangs. */
static char trying[400];

static void say_and_die(int number) {
    if (write(STDOUT_FILENO, trying, strlen(trying)) < 0)
        abort();
    signal(number, SIG_DFL);
    raise(number);
}

static void release(command_run *run) {
    free(run->printed);
    free(run->said);
    run->printed = run->said = NULL;
}

/* Runs main() with its words; what it prints is kept. */
static void execute(command_run *run, sweep_kind kind, const cli_fault *fault) {
    FILE *ours[2] = {stdout, stderr};
    FILE *printed = open_memstream(&run->printed, &run->printed_bytes);
    FILE *said = open_memstream(&run->said, &run->said_bytes);
    const cli_fault none = {0};
    fault_plan plan = {.allocations = kind == SWEEP_MEMORY, .code = CL_OUT_OF_RESOURCES};
    char *words[MOST_WORDS + 1]; /* getopt may change their order */
    memcpy(words, run->words, sizeof words);
    if (kind != SWEEP_FILES) {
        plan.first = fault->first;
        plan.forever = fault->forever;
    }
    looks = milliseconds = 0;
    stdout = cli_files_stdout(printed);
    stderr = said;
    alarm(PATIENCE_SECONDS);
    cli_files_begin(kind == SWEEP_FILES ? fault : &none);
    fault_begin(&plan, NULL);
    const int before = cli_libraries_failures();
    run->status = clfilter_main(run->count, words);
    run->by_library = cli_libraries_failures() > before && !fault->forever;
    fault_end();
    cli_files_end();
    alarm(0);
    fclose(stdout);
    stdout = ours[0];
    stderr = ours[1];
    fclose(printed);
    fclose(said);
}

/* What the first fault was, for people. */
static const char *what_failed(sweep_kind kind) {
    return kind == SWEEP_FILES ? cli_files_what() : fault_first_failure();
}

static size_t calls_of(sweep_kind kind) {
    return kind == SWEEP_FILES ? cli_files_calls() : fault_calls();
}

static bool struck(sweep_kind kind) {
    return (kind == SWEEP_FILES ? cli_files_failures() : fault_failures()) > 0;
}

static bool holds_any(const char *text, const char *const *fragments) {
    for (int i = 0; fragments[i] != NULL; i++)
        if (strstr(text, fragments[i]) != NULL)
            return true;
    return false;
}

/* One line on stderr, from the program, which says what is lacking. */
static const char *judge_sentence(const command_run *run, sweep_kind kind) {
    static const char *const memory[] = {"memory", "could not allocate", "could not create a", "CL_OUT_OF_HOST_MEMORY",
                                         NULL};
    static const char *const opencl[] = {"CL_OUT_OF_RESOURCES", "no OpenCL", "have no device", NULL};
    const char *last = strrchr(run->said, '\n');
    const char *line = run->said;
    for (const char *at = strchr(line, '\n'); at != NULL && at != last; at = strchr(line, '\n'))
        line = at + 1; /* --explain prints what it knows before */
    if (last == NULL || last[1] != '\0' || strncmp(line, "clfilter: ", 10) != 0)
        return "no sentence of the program's is last on stderr";
    /* Which lines failed, and why, is on stdout; a device that says less of itself may be one that has less. */
    if (run->row->spare == SPARE_RESULTS || (kind == SWEEP_OPENCL && fault_may_be_survived(fault_first_failed_call())))
        return NULL;
    if (kind == SWEEP_FILES ? !cli_files_explains(line) : !holds_any(line, kind == SWEEP_MEMORY ? memory : opencl))
        return "the sentence does not say why";
    return NULL;
}

static const char *judge_balance(void) {
    static char text[64];
    for (int kind = 0; kind < FAULT_KIND_COUNT; kind++)
        if (fault_balance((fault_kind)kind) != 0) {
            snprintf(text, sizeof text, "%ld more %s made than released", fault_balance((fault_kind)kind),
                     fault_kind_names[kind]);
            return text;
        }
    return cli_files_open() != 0 ? "files were left open" : NULL;
}

/* Files that a run does without: inputs that it cannot close, wisdom where it only reads that, programs on disk. */
static bool spares_file(const command_run *run) {
    const char *what = cli_files_what(), *name = cli_files_name();
    const size_t length = strlen(name);
    /* Seeking, the C library reads ahead, and reads again where that fails: nobody hears of it. */
    const bool reads_ahead = strncmp(what, "read of ", 8) == 0 && strstr(run->row->line, ".tif") != NULL;
    const bool read_only = strncmp(name, "in/", 3) == 0 || strncmp(name, "made/", 5) == 0 ||
                           (length > 7 && strcmp(name + length - 7, "/wisdom") == 0);
    const bool closes = strncmp(what, "close of ", 9) == 0 && read_only;
    const bool there = strncmp(what, "mkdir of ", 9) == 0; /* or the file in it could not be made */
    const bool wisdom = strstr(name, "/wisdom") != NULL && strncmp(run->row->line, "tune", 4) != 0;
    const bool disk = strstr(name, "/programs") != NULL && run->row->spare == SPARE_DISK;
    return reads_ahead || closes || there || wisdom || disk;
}

/* OpenCL calls likewise: releases and texts; what only the cache of programs, or a clock, asks for. */
static bool spares_call(const command_run *run) {
    const fault_call call = fault_first_failed_call();
    const bool clock = call == FAULT_clGetCommandQueueInfo || call == FAULT_clGetEventProfilingInfo;
    return fault_may_be_survived(call) || call == FAULT_clGetProgramInfo || (clock && run->row->spare == SPARE_CLOCK) ||
           run->row->spare == SPARE_CHOICE ||
           (run->row->spare == SPARE_DISK && (call == FAULT_clBuildProgram || call == FAULT_clCreateProgramWithBinary));
}

/* A library does without some of what it asks for. */
static bool spares_memory(const command_run *run) {
    const command_spare spare = run->row->spare;
    return run->by_library || spare == SPARE_CHOICE || spare == SPARE_DISK || spare == SPARE_WISDOM;
}

static bool may_be_survived(const command_run *run, sweep_kind kind) {
    return kind == SWEEP_FILES ? spares_file(run) : kind == SWEEP_OPENCL ? spares_call(run) : spares_memory(run);
}

static const char *judge(const command_run *run, sweep_kind kind, bool old) {
    static char text[600];
    const char *wrong = judge_balance();
    if (wrong != NULL)
        return wrong;
    if ((wrong = cli_folder_judge(run->words, old, run->status == 0)) != NULL) {
        snprintf(text, sizeof text, "%s is wrong", wrong);
        return text;
    }
    if (run->status == 0)
        return may_be_survived(run, kind) ? NULL : "it went on";
    if (run->status != 1)
        return "the exit status is not 1";
    return judge_sentence(run, kind);
}

static bool run_quietly(const char *line) {
    const cli_fault none = {0};
    command_run run;
    split(line, &run);
    execute(&run, SWEEP_MEMORY, &none);
    const bool good = run.status == 0;
    if (!good)
        printf("%s: %s", line, run.said);
    release(&run);
    return good;
}

/* The folder as it is before each run. */
static void prepare(const command_run *run, bool old) {
    cli_folder_reset();
    if (run->row->before != NULL && !run_quietly(run->row->before))
        abort();
    cli_folder_put(run->words, old);
}

/* A run without faults, whose outputs are those of a whole run. */
static bool run_clean(command_run *run, sweep_kind kind) {
    const cli_fault none = {0};
    const int expected = run->row->spare == SPARE_RESULTS;
    prepare(run, false);
    execute(run, kind, &none);
    const char *wrong = run->status != expected ? "it fails" : judge_balance();
    if (wrong == NULL && !cli_folder_expect(run->words))
        wrong = "an output is missing";
    if (wrong == NULL)
        wrong = cli_folder_judge(run->words, false, true);
    if (wrong != NULL)
        printf("without any fault: %s: %s", wrong, run->said);
    release(run);
    return wrong == NULL;
}

/* The first 200 calls, and of more than that some 100. */
static size_t next_call(size_t call, size_t calls) {
    return call < 200 ? call + 1 : call + 1 + (calls - 200) / 100;
}

static bool sweep(const command_row *row, sweep_kind kind, bool forever) {
    command_run run = {.row = row};
    const char *line = row->line;
    size_t wrong = 0, tried = 0;
    split(line, &run);
    fake_devices.has_binaries = row->spare == SPARE_DISK;
    if (!run_clean(&run, kind)) {
        printf("%s: cannot be swept\n", line);
        return false;
    }
    const size_t calls = calls_of(kind);
    for (size_t call = 1; call <= calls; call = next_call(call, calls)) {
        const cli_fault fault = {call, forever};
        const bool old = call % 2 == 0;
        prepare(&run, old);
        snprintf(trying, sizeof trying, "crashed or hung: %s (%s fault %zu%s)\n", line, kind_names[kind], call,
                 forever ? " and on" : "");
        execute(&run, kind, &fault);
        const char *what = struck(kind) ? judge(&run, kind, old) : NULL;
        if (what != NULL)
            printf("%s (fault %zu%s, %s; exit %d: %.*s): %s\n", line, call, forever ? " and on" : "", what_failed(kind),
                   run.status, (int)strcspn(run.said, "\n"), run.said, what);
        wrong += what != NULL;
        tried += struck(kind);
        release(&run);
    }
    printf("%s: %zu of %zu calls made to fail, %zu wrong\n", line, tried, calls, wrong);
    return wrong == 0;
}

/* Inputs that the tests do not keep. */
static bool make_inputs(void) {
    return run_quietly("correlate in/image3u2.png 1 -o made/rgb.tif") &&
           run_quietly("correlate in/alpha.png 1 -o made/alpha.tif");
}

static int find_kind(const char *name) {
    for (int kind = 0; kind < 3; kind++)
        if (strcmp(name, kind_names[kind]) == 0)
            return kind;
    return -1;
}

int main(int count, char **arguments) {
    const int kind = count >= 5 ? find_kind(arguments[1]) : -1;
    const bool forever = kind >= 0 && strcmp(arguments[2], "forever") == 0;
    if (kind < 0 || (!forever && strcmp(arguments[2], "once") != 0)) {
        fputs("usage: clf_fault_cli memory|files|opencl once|forever INPUTS FOLDER [TEXT]\n", stderr);
        return 2;
    }
    signal(SIGSEGV, say_and_die);
    signal(SIGABRT, say_and_die);
    signal(SIGALRM, say_and_die);
    setvbuf(stdout, NULL, _IOLBF, 0);
    unsetenv("CLF_DEVICE"); /* it may name a device that is one */
    if (!cli_folder_make(arguments[3], arguments[4]) || !make_inputs() || cli_libraries_find() == 0) {
        fputs("the inputs could not be made, or the libraries of images not be found\n", stderr);
        return 1;
    }
    bool good = true;
    for (size_t i = 0; i < command_count; i++)
        if (count == 5 || strstr(commands[i].line, arguments[5]) != NULL)
            good = sweep(&commands[i], (sweep_kind)kind, forever) && good;
    return good ? 0 : 1;
}
