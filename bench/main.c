/* SPDX-License-Identifier: Apache-2.0 */
/* The bench's command line: which rows, how long, and what is written. */
#include "bench.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_RESULTS = 256, QUICK_ROUNDS = 2, LEAST_ROUNDS = 7, ROUNDS = 9 };

static const char usage[] =
    "usage: clf_bench [options] [FILTER...]\n"
    "Times clfilter and the other libraries found on this machine on the same problems and data, in turn, round\n"
    "after round, and prints medians. FILTER is part of a case's name, such as conv, conv.u8 or scaling; without\n"
    "one, every case runs. Cases named smoke.* run only if a filter matches the start of their name.\n"
    "\n"
    "  --list            list the cases and their problems without running them\n"
    "  --rounds N        samples of each, 7 to 101; default 9\n"
    "  --no-first-call   skip the first call, which takes two processes per case\n"
    "  --quick           two rounds of single executions: shows that everything works, not how fast\n"
    "  --threads N       threads that the peers may use; default: one per processor\n"
    "  --json FILE       write the results as JSON\n"
    "  --plot FILE.svg   draw them\n"
    "  --markdown FILE   write them as a Markdown table; - is standard output\n"
    "  --help            print this text\n"
    "\n"
    "Columns:\n"
    "  clfilter  median time of our execution, including the wait for it\n"
    "  copy      time to copy as many bytes as the problem reads and writes, on every thread, divided by ours\n"
    "  peak      our multiply-adds as a share of the device's measured peak\n"
    "  ns/out    our time per output\n"
    "  cold      planning and first execution in a new process, every kernel cache empty\n"
    "  build     the share of that spent building programs\n"
    "  ratio     the peer's time divided by ours\n"
    "  goal      the ratio to reach; '<= 1.5 x' means that our time should be at most 1.5 times the peer's\n"
    "Every peer's result is compared with ours before it is timed.\n"
    "\n"
    "CLF_DEVICE selects the device, CLF_BENCH_PYTHON the Python that has SciPy and PyTorch. The exit status is 1 if\n"
    "a case fails or a peer's result differs. A missed goal is reported but is not a failure.\n";

enum {
    LIST = 'l',
    ROUNDS_OPTION = 'r',
    NO_FIRST_CALL = 'n',
    QUICK = 'q',
    THREADS = 't',
    JSON = 'j',
    PLOT = 'p',
    MARKDOWN = 'm',
    CHILD = 'c',
    HELP = 'h'
};

static const struct option table[] = {{"list", no_argument, NULL, LIST},
                                      {"rounds", required_argument, NULL, ROUNDS_OPTION},
                                      {"no-first-call", no_argument, NULL, NO_FIRST_CALL},
                                      {"quick", no_argument, NULL, QUICK},
                                      {"threads", required_argument, NULL, THREADS},
                                      {"json", required_argument, NULL, JSON},
                                      {"plot", required_argument, NULL, PLOT},
                                      {"markdown", required_argument, NULL, MARKDOWN},
                                      {"first-call-of", no_argument, NULL, CHILD},
                                      {"help", no_argument, NULL, HELP},
                                      {NULL, 0, NULL, 0}};

typedef struct bench_command {
    bench_options options;
    bool list, child, help;
    char **filters;
    int filter_count;
} bench_command;

static bool read_number(const char *name, int low, int high, int *value) {
    char *end = NULL;
    long number = strtol(optarg, &end, 10);
    if (end == optarg || *end || number < low || number > high) {
        (void)fprintf(stderr, "clf_bench: --%s: '%s' is not a whole number from %d to %d\n", name, optarg, low, high);
        return false;
    }
    *value = (int)number;
    return true;
}

static bool take_option(int key, bench_command *command) {
    bench_options *options = &command->options;
    switch (key) {
    case LIST: command->list = true; return true;
    case CHILD: command->child = true; return true;
    case HELP: command->help = true; return true;
    case NO_FIRST_CALL: options->first_call = false; return true;
    case JSON: options->json = optarg; return true;
    case PLOT: options->plot = optarg; return true;
    case MARKDOWN: options->markdown = optarg; return true;
    case ROUNDS_OPTION: return read_number("rounds", LEAST_ROUNDS, BENCH_ROUNDS_MOST, &options->rounds);
    case THREADS: return read_number("threads", 1, 1024, &options->threads);
    case QUICK:
        options->quick = true;
        options->rounds = QUICK_ROUNDS;
        options->sample_seconds = 0;
        return true;
    default: (void)fputs("clf_bench: see --help\n", stderr); return false;
    }
}

static bool wanted(const bench_command *command, const bench_row *row) {
    if (command->filter_count == 0)
        return !row->by_name;
    for (int i = 0; i < command->filter_count; i++) {
        const char *filter = command->filters[i];
        if (row->by_name ? strncmp(row->name, filter, strlen(filter)) == 0 : strstr(row->name, filter) != NULL)
            return true;
    }
    return false;
}

static int select_rows(const bench_command *command, const bench_row **rows) {
    int count = 0;
    for (int group = 0; bench_groups[group]; group++)
        for (const bench_row *row = bench_groups[group]; row->name; row++)
            if (count < MOST_RESULTS && wanted(command, row))
                rows[count++] = row;
    return count;
}

static void print_list(const bench_row *const *rows, int count) {
    for (int i = 0; i < count; i++) {
        (void)printf("%-22s %s", rows[i]->name, rows[i]->line);
        for (int j = 0; j < BENCH_RIVALS && rows[i]->rivals[j].peer; j++)
            (void)printf("%s%s", j ? ", " : "  against ", rows[i]->rivals[j].peer);
        (void)printf("\n");
    }
}

static bool sound(const bench_result *result) {
    bool good = !result->failed[0];
    for (int i = 0; i < result->comparisons; i++)
        good = good && (!result->comparison[i].compared || result->comparison[i].agrees);
    return good;
}

/* Found out before minutes are spent rather than after. */
static bool files_can_be_written(const bench_options *options) {
    const char *paths[] = {options->json, options->plot, options->markdown};
    for (int i = 0; i < 3; i++) {
        FILE *file = paths[i] && strcmp(paths[i], "-") != 0 ? fopen(paths[i], "a") : stdout;
        if (!file) {
            (void)fprintf(stderr, "clf_bench: %s: %s\n", paths[i], strerror(errno));
            return false;
        }
        if (file != stdout)
            (void)fclose(file);
    }
    return true;
}

static bool write_files(const bench_options *options, const bench_result *results, int count,
                        const bench_machine *machine) {
    char why[BENCH_WHY] = "";
    if ((!options->json || bench_write_json(options->json, results, count, machine, why)) &&
        (!options->plot || bench_write_svg(options->plot, results, count, machine, why)) &&
        (!options->markdown || bench_write_markdown(options->markdown, results, count, machine, why)))
        return true;
    (void)fprintf(stderr, "clf_bench: %s\n", why);
    return false;
}

static bool run_rows(const bench_command *command, clf_context *context, const bench_row *const *rows, int count) {
    bench_machine machine;
    char why[BENCH_WHY] = "";
    bench_result *results = calloc((size_t)count, sizeof *results);
    if (!results || !bench_machine_open(&machine, context, command->options.threads, why)) {
        (void)fprintf(stderr, "clf_bench: %s\n", results ? why : "no memory");
        free(results);
        return false;
    }
    bool good = true;
    bench_print_head(&machine);
    bench_options options = command->options;
    for (int i = 0; i < count; i++) {
        bench_measure(rows[i], &options, context, &results[i]);
        options.first_call = options.first_call && !options.quick; /* once is enough to see that it works */
        bench_print_result(&results[i], &machine);
        good = sound(&results[i]) && good;
    }
    bench_print_tail(results, count);
    good = write_files(&command->options, results, count, &machine) && good;
    free(results);
    return good;
}

int main(int count, char **arguments) {
    bench_command command = {.options = {.rounds = ROUNDS, .sample_seconds = 0.02, .first_call = true}};
    command.options.threads = (int)sysconf(_SC_NPROCESSORS_ONLN);
    for (int key; (key = getopt_long(count, arguments, "", table, NULL)) != -1;)
        if (!take_option(key, &command))
            return 2;
    command.filters = arguments + optind;
    command.filter_count = count - optind;
    if (command.help)
        return fputs(usage, stdout) < 0;
    if (command.child && command.filter_count == 2)
        return bench_first_call_child(command.filters[0], command.filters[1][0] ? command.filters[1] : NULL);
    const bench_row *rows[MOST_RESULTS];
    int row_count = select_rows(&command, rows);
    if (row_count == 0) {
        (void)fprintf(stderr, "clf_bench: no case has such a name; see --list\n");
        return 2;
    }
    if (command.list) {
        print_list(rows, row_count);
        return 0;
    }
    if (!files_can_be_written(&command.options))
        return 2;
    clf_context *context = NULL;
    clf_error error = {0};
    if (clf_context_create(NULL, &context, &error) != CLF_OK) {
        (void)fprintf(stderr, "clf_bench: %s: %s\n", clf_status_name(error.code), error.message);
        return 1;
    }
    bool good = run_rows(&command, context, rows, row_count);
    clf_context_destroy(context);
    return good ? 0 : 1;
}
