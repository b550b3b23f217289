/* SPDX-License-Identifier: Apache-2.0 */
/* check.c: `clfilter check`: the tests' lines, references and bounds on any device, every solver. */
#include "base/number.h"
#include "commands.h"
#include "filter.h"
#include "progress.h"

#include "check/conformance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 128, WHY_SIZE = 768 };

/* All runs of one solver on one operation's lines. */
typedef struct check_row {
    const char *operation, *solver;
    int runs, failed;
    double error;   /* the greatest, as a part of the bound; NaN: none was measured */
    double seconds; /* of all runs together */
} check_row;

typedef struct check_work {
    const cli_settings *settings;
    clf_context *context;
    check_row rows[MOST_ROWS];
    int count;
    int lines, runs, failed;
    conformance_end end; /* of the last line */
    char why[WHY_SIZE];  /* it did not run */
} check_work;

static check_row *find_row(check_work *work, const conformance_result *result) {
    for (int i = 0; i < work->count; i++)
        if (strcmp(work->rows[i].operation, result->operation) == 0 &&
            strcmp(work->rows[i].solver, result->solver) == 0)
            return &work->rows[i];
    if (work->count == MOST_ROWS)
        return NULL;
    check_row *row = &work->rows[work->count++];
    *row = (check_row){.operation = result->operation, .solver = result->solver, .error = (double)NAN};
    return row;
}

static void report(void *user, const conformance_result *result) {
    check_work *work = user;
    check_row *row = find_row(work, result);
    work->runs++;
    work->failed += !result->passed;
    if (!result->passed) {
        progress_end();
        printf("FAIL %s: %s\n     clfilter check '%s'\n", result->solver, result->why, result->line);
    }
    if (!row)
        return;
    row->runs++;
    row->failed += !result->passed;
    row->error = fmax(row->error, result->error); /* a NaN gives way */
    row->seconds += isnan(result->seconds) ? 0 : result->seconds;
}

/* False ends the run: the line is none, or there is no memory for it. */
static bool check_line(void *user, const char *line) {
    check_work *work = user;
    if (work->settings->filter && !strstr(line, work->settings->filter))
        return true;
    work->lines++;
    progress_begin("checking", work->settings->quiet);
    work->end = conformance_run(work->context, line, report, work, work->why);
    progress_end();
    return work->end == CONFORMANCE_RAN;
}

static void print_row(const check_row *row) {
    printf("%-18s  %-24s  %6d  %6d  %11s  %10s\n", row->operation, row->solver, row->runs, row->failed,
           isnan(row->error) ? "-" : clf_number_fixed(row->error, 3).text,
           clf_number_fixed(1e3 * row->seconds, 3).text);
}

static bool seen_before(const check_work *work, int place) {
    for (int i = 0; i < place; i++)
        if (strcmp(work->rows[i].operation, work->rows[place].operation) == 0)
            return true;
    return false;
}

static void print_table(const check_work *work) {
    const clf_device_info *device = clf_context_device(work->context);
    printf("clfilter %s\ndevice   %s\nplatform %s\nversion  %s\ndriver   %s\n\n", clf_version(), device->name,
           device->platform, device->version, device->driver);
    printf("%-18s  %-24s  %6s  %6s  %11s  %10s\n", "operation", "solver", "lines", "failed", "error/bound", "ms");
    for (int i = 0; i < work->count; i++)
        if (!seen_before(work, i))
            for (int j = i; j < work->count; j++)
                if (strcmp(work->rows[i].operation, work->rows[j].operation) == 0)
                    print_row(&work->rows[j]);
    printf("\n%d lines, %d runs, %d failed\n", work->lines, work->runs, work->failed);
}

static bool run_lines(check_work *work, const char *const *operands, cli_error *error) {
    if (work->settings->all) {
        if (!conformance_every_line(check_line, work))
            return cli_fail(error, "check: no memory for the lines");
    } else {
        const char *const *lines = operands[0] ? operands : conformance_lines;
        for (int i = 0; (lines == conformance_lines || i < MAX_OPERANDS) && lines[i]; i++)
            if (!check_line(work, lines[i]))
                break;
    }
    if (work->end == CONFORMANCE_NO_MEMORY)
        return cli_fail(error, "check: no memory for the line");
    return work->end == CONFORMANCE_RAN || cli_misuse(error, "check: %s; 'clfilter lines' explains lines", work->why);
}

static void print_log(void *user, clf_log_level level, const char *message) {
    (void)user;
    if (level >= CLF_LOG_WARNING)
        fprintf(stderr, "%s\n", message);
}

static bool run_check(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    clf_error reason = {0};
    check_work work = {.settings = settings};
    const clf_context_desc desc = {.device = settings->device, .log = print_log};
    if (operands[0] && settings->all)
        return cli_misuse(error, "--all: expected no lines with it");
    if (clf_context_create(&desc, &work.context, &reason))
        return filter_fail_device(settings->device, &reason, error);
    bool ok = run_lines(&work, operands, error);
    if (ok && work.lines == 0)
        ok = cli_misuse(error, "--filter: no line contains '%s'", settings->filter);
    if (ok && !settings->quiet)
        print_table(&work);
    clf_context_destroy(work.context);
    if (ok && work.failed > 0)
        return cli_fail(error, "check: %d of %d runs failed", work.failed, work.runs);
    return ok;
}

const cli_command command_check = {
    .name = "check",
    .summary = "Checks every solver on this device against references in double precision.",
    .usage = "[LINE...] [--filter TEXT] [--all] [--device D]",
    .operands = "operands:\n"
                "  LINE  a problem, such as 'conv f32 3x40x50 k=5x5 border=periodic' (default: some fifty of them)\n",
    .notes = "error/bound is the largest error divided by the bound in the headers; up to 1 is correct. ms is the\n"
             "time to execute each of the lines once. The exit status is 1 if anything fails; to report a problem\n"
             "with a device, include the table and the FAIL lines above it. The lines and references are those of\n"
             "clfilter's own tests and cover every operation. For Canny, which has no errors to measure, every\n"
             "pixel is compared except those decided by rounding alone.\n",
    .examples = "  clfilter check\n"
                "  clfilter check --filter gradient --device gpu\n"
                "  clfilter check 'corr u8 3x100x100 k=3x3 border=reflect'\n",
    .bit = COMMAND_CHECK,
    .operand_names = "at most 64 LINEs",
    .operand_count = 0,
    .operand_most = MAX_OPERANDS,
    .run = run_check,
};
