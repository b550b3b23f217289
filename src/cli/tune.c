/* SPDX-License-Identifier: Apache-2.0 */
/* tune.c: `clfilter tune`: which solver is fastest for a problem on this device, remembered in the user's wisdom. */
#include "tune.h"

#include "base/number.h"
#include "commands.h"
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { runs = 9, wisdom_size = 4096, name_size = 64, path_size = 4096 };

/* One way to solve the problem. */
typedef struct tuned_plan {
    clf_plan *plan;
    int variant;
    double seconds[runs];
} tuned_plan;

/* What `tune` finds: [0] as estimated, [1] as measured, and the wisdom's text. */
typedef struct tuning {
    tuned_plan ways[2];
    char wisdom[wisdom_size];
    bool measured;
} tuning;

/* After the heading, a line has solver, variant, effort, nanoseconds and the problem (clfilter/wisdom.h). */
static bool read_wisdom(cli_filter *filter, tuning *found, clf_error *reason) {
    size_t length;
    if (clf_wisdom_export(filter->context, found->wisdom, sizeof found->wisdom, &length, reason))
        return false;
    const char *line = strchr(found->wisdom, '\n');
    const char *variant = line ? strchr(line, ' ') : NULL;
    found->measured = variant && length < sizeof found->wisdom;
    found->ways[1].variant = variant ? (int)strtol(variant, NULL, 10) : 0;
    return true;
}

/* The estimated plan and the measured one, ignoring the wisdom of earlier runs. */
static bool make_plans(cli_filter *filter, const cli_settings *settings, tune_planner planner, const void *about,
                       tuning *found, clf_error *reason) {
    const clf_effort effort = settings->effort ? settings->effort : CLF_MEASURE;
    clf_wisdom_forget(filter->context);
    return !planner(about, filter->context, CLF_ESTIMATE, &found->ways[0].plan, reason) &&
           !planner(about, filter->context, effort, &found->ways[1].plan, reason) && read_wisdom(filter, found, reason);
}

static int compare_doubles(const void *a, const void *b) {
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* In turn, so that a disturbance affects both; the first run of each is a warm-up and is not counted. */
static bool time_plans(cli_filter *filter, tuning *found, clf_error *reason) {
    for (int run = -1; run < runs; run++)
        for (int i = 0; i < 2; i++) {
            double seconds;
            if (filter_time_once(filter->context, found->ways[i].plan, &seconds, reason))
                return false;
            if (run >= 0)
                found->ways[i].seconds[run] = seconds;
        }
    for (int i = 0; i < 2; i++)
        qsort(found->ways[i].seconds, runs, sizeof(double), compare_doubles);
    return true;
}

static void print_table(const tuning *found) {
    static const char *const titles[] = {"estimated", "measured"};
    printf("%s\n%-10s  %-18s  %7s  %10s\n", clf_plan_problem(found->ways[0].plan), "choice", "solver", "variant", "ms");
    for (int i = 0; i < 2; i++) {
        const tuned_plan *way = &found->ways[i];
        char name[name_size];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(clf_plan_describe(way->plan) + 1, " )"),
                 clf_plan_describe(way->plan) + 1);
        printf("%-10s  %-18s  %7d  %10s\n", titles[i], name, way->variant,
               clf_number_fixed(1e3 * way->seconds[runs / 2], 4).text);
    }
}

/* Adds the result to the user's file. */
static bool save(cli_filter *filter, const cli_settings *settings, const tuning *found, cli_error *error) {
    clf_error reason = {0};
    char path[path_size];
    clf_wisdom_forget(filter->context);
    if (clf_wisdom_load(filter->context, NULL, &reason) ||
        clf_wisdom_import(filter->context, found->wisdom, NULL, &reason) || clf_wisdom_save(filter->context, &reason) ||
        clf_wisdom_path(path, sizeof path, &reason))
        return cli_fail(error, "tune: %s", cli_plain(reason.message));
    if (!settings->quiet)
        printf("saved to %s\n", path);
    return true;
}

static void print_why_nothing(const clf_plan *plan, bool exhaustive) {
    if (!clf_plan_solver(plan, 0))
        printf("nothing to save: the output has no elements\n");
    else if (clf_plan_solver(plan, 1))
        printf("nothing to save: the solvers could not be measured\n");
    else
        printf("nothing to save: only %s can solve this%s\n", clf_plan_solver(plan, 0),
               exhaustive ? "" : "; --effort exhaustive tries its variants too");
}

bool tune_run(cli_filter *filter, const cli_settings *settings, tune_planner planner, const void *about,
              cli_error *error) {
    clf_error reason = {0};
    tuning found = {0};
    if (!tune_finds_wisdom(error))
        return false;
    progress_begin("measuring", settings->quiet);
    bool ok = make_plans(filter, settings, planner, about, &found, &reason) && time_plans(filter, &found, &reason);
    progress_end();
    if (!ok)
        filter_fail(filter, settings, &reason, error);
    if (ok && !settings->quiet)
        print_table(&found);
    if (ok && found.measured)
        ok = save(filter, settings, &found, error);
    else if (ok && !settings->quiet)
        print_why_nothing(found.ways[0].plan, settings->effort == CLF_EXHAUSTIVE);
    clf_plan_destroy(found.ways[0].plan);
    clf_plan_destroy(found.ways[1].plan);
    return ok;
}

static bool run_tune(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    if (operands[0] && strchr(operands[0], ' '))
        return tune_lines(settings, operands, error);
    if (operands[0])
        return cli_misuse(error, "tune: '%s' is neither convolve, correlate or gradient nor a problem line",
                          operands[0]);
    return cli_misuse(error, "tune: a command is missing; expected convolve, correlate or gradient, or a problem line");
}

const cli_command command_tune = {
    .name = "tune",
    .summary = "Measures which solver is fastest for a command, and remembers it.",
    .usage = "convolve|correlate|gradient ARGUMENT...\n       clfilter tune LINE... [--effort E] [--export FILE]",
    .operands = "operands:\n"
                "  a command with its operands and options, as after `clfilter`, but without -o;\n"
                "  or LINEs: problems, such as 'corr f32 1024x1024 k=5x5'\n",
    .notes = "No file is filtered. --effort exhaustive tries every variant of every solver (default measure). The\n"
             "result is added to the user's wisdom, $XDG_CACHE_HOME/clfilter/wisdom or ~/.cache/clfilter/wisdom,\n"
             "which every filtering command reads; it applies to this problem, device and driver.\n",
    .examples = "  clfilter tune convolve photo.png gaussian:3 --border periodic\n"
                "  clfilter tune correlate array.npy kernel.npy --effort exhaustive\n"
                "  clfilter tune 'corr f32 1024x1024 k=5x5' 'corr u8 3x1080x1920 k=7x7'\n",
    .bit = COMMAND_TUNE,
    .operand_names = "a command, or at most 64 LINEs",
    .operand_count = 0,
    .operand_most = MAX_OPERANDS,
    .run = run_tune,
};
