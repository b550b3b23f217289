/* SPDX-License-Identifier: Apache-2.0 */
/* tune_lines.c: `clfilter tune LINE...`: measures problem lines, for the user's wisdom or a table. */
#include "base/number.h"
#include "commands.h"
#include "filter.h"
#include "line_run.h"
#include "output.h"
#include "progress.h"
#include "tune.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 9, ENTRY_SIZE = 4096, NAME_SIZE = 48, PATH_SIZE = 4096 };

/* A table has only what is faster than the estimate. */
static const double least_gain = 1.02;

/* The results, as text of wisdom: a heading, then one line per entry. */
typedef struct tuned_lines {
    const cli_settings *settings;
    clf_context *context;
    char *text; /* owned; zero-terminated */
    size_t length;
    int entries;
    output_file table; /* of --export, open */
    bool headed;       /* the table's heading is printed */
} tuned_lines;

/* Both plans in turn; the first run of each is a warm-up and is not counted. */
static bool time_both(clf_context *context, clf_plan *const plans[2], double medians[2], clf_error *reason) {
    line_buffers buffers;
    double seconds[2][RUNS];
    bool ok = line_buffers_make(context, plans[0], &buffers, reason);
    for (int run = -1; ok && run < RUNS; run++)
        for (int i = 0; ok && i < 2; i++) {
            double once = 0;
            ok = line_execute(context, plans[i], &buffers, &once, reason);
            if (run >= 0)
                seconds[i][run] = once;
        }
    line_buffers_release(&buffers);
    for (int i = 0; ok && i < 2; i++)
        medians[i] = line_median(seconds[i], RUNS);
    return ok;
}

/* An entry of a table must differ from the estimate and be faster. */
static bool is_worth(const tuned_lines *work, clf_plan *const plans[2], int variant, const double medians[2]) {
    char names[2][NAME_SIZE];
    for (int i = 0; i < 2; i++)
        line_solver(plans[i], names[i], sizeof names[i]);
    const bool other = variant != 0 || strcmp(names[0], names[1]) != 0;
    return !work->settings->export_to || (other && medians[0] > least_gain * medians[1]);
}

/* Keeps the entry that the context now remembers. */
static bool keep_entry(tuned_lines *work, clf_plan *const plans[2], const double medians[2], int *variant,
                       cli_error *error) {
    char entry[ENTRY_SIZE];
    size_t length = 0;
    clf_error reason = {0};
    if (clf_wisdom_export(work->context, entry, sizeof entry, &length, &reason))
        return cli_fail(error, "tune: %s", cli_plain(reason.message));
    const char *line = strchr(entry, '\n');
    const char *begin = work->length > 0 && line ? line + 1 : entry;
    if (!line || length >= sizeof entry || !line[1]) /* no choice: nothing was measured */
        return true;
    const char *space = strchr(line, ' ');
    *variant = space ? (int)strtol(space, NULL, 10) : 0;
    if (!is_worth(work, plans, *variant, medians))
        return true;
    char *grown = realloc(work->text, work->length + strlen(begin) + 1);
    if (!grown)
        return cli_fail(error, "tune: no memory for the results");
    work->text = grown;
    memcpy(grown + work->length, begin, strlen(begin) + 1);
    work->length += strlen(begin);
    work->entries++;
    return true;
}

static void print_row(tuned_lines *work, clf_plan *const plans[2], int variant, const double medians[2]) {
    char names[2][NAME_SIZE];
    if (!work->headed)
        printf("%-54s  %-16s  %9s  %-16s  %7s  %9s  %5s\n", "problem", "estimated", "ms", "measured", "variant", "ms",
               "gain");
    work->headed = true;
    for (int i = 0; i < 2; i++)
        line_solver(plans[i], names[i], sizeof names[i]);
    printf("%-54s  %-16s  %9s  %-16s  %7d  %9s  %5s\n", clf_plan_problem(plans[0]), names[0],
           clf_number_fixed(1e3 * medians[0], 4).text, names[1], variant, clf_number_fixed(1e3 * medians[1], 4).text,
           clf_number_fixed(medians[0] / medians[1], 2).text);
}

static bool tune_line(tuned_lines *work, const char *line, cli_error *error) {
    const clf_effort effort = work->settings->effort ? work->settings->effort : CLF_MEASURE;
    clf_plan *plans[2] = {NULL, NULL};
    clf_error reason = {0};
    double medians[2] = {0, 0};
    int variant = 0;
    clf_wisdom_forget(work->context);
    progress_begin("measuring", work->settings->quiet);
    bool ok = !clf_plan_from_line(work->context, line, NULL, &plans[0], &reason) &&
              !clf_plan_from_line(work->context, line, &(clf_plan_options){.effort = effort}, &plans[1], &reason) &&
              time_both(work->context, plans, medians, &reason);
    progress_end();
    if (!ok)
        line_fail("tune", line, &reason, error);
    ok = ok && keep_entry(work, plans, medians, &variant, error);
    if (ok && !work->settings->quiet)
        print_row(work, plans, variant, medians);
    clf_plan_destroy(plans[0]);
    clf_plan_destroy(plans[1]);
    return ok;
}

/* Adds the results to the user's file. */
static bool save(const tuned_lines *work, cli_error *error) {
    char path[PATH_SIZE];
    clf_error reason = {0};
    clf_wisdom_forget(work->context);
    if (clf_wisdom_load(work->context, NULL, &reason) || clf_wisdom_import(work->context, work->text, NULL, &reason) ||
        clf_wisdom_save(work->context, &reason) || clf_wisdom_path(path, sizeof path, &reason))
        return cli_fail(error, "tune: %s", cli_plain(reason.message));
    if (!work->settings->quiet)
        printf("saved to %s\n", path);
    return true;
}

/* An entry "SOLVER VARIANT EFFORT NANOSECONDS HASH PROBLEM" as a table's "SOLVER VARIANT PROBLEM". */
static void write_entry(FILE *file, const char *entry) {
    const char *end = strchr(entry, '\n');
    const char *words[6] = {entry};
    for (int i = 1; i < 6 && words[i - 1]; i++) {
        words[i] = strchr(words[i - 1], ' ');
        words[i] = words[i] && words[i] < end ? words[i] + 1 : NULL;
    }
    if (end && words[5])
        fprintf(file, "%.*s%.*s\n", (int)(words[2] - entry), entry, (int)(end - words[5]), words[5]);
}

/* A table in the form of the library's sources (wisdom/). */
static bool export_table(tuned_lines *work, cli_error *error) {
    const clf_device_info *device = clf_context_device(work->context);
    FILE *file = work->table.file;
    fprintf(file, "clfilter-wisdom-table 1\nclass %s|%s|%s\n",
            device->type & CL_DEVICE_TYPE_CPU   ? "cpu"
            : device->type & CL_DEVICE_TYPE_GPU ? "gpu"
                                                : "other",
            device->platform, device->name);
    for (const char *entry = strchr(work->text, '\n'); entry && entry[1]; entry = strchr(entry + 1, '\n'))
        write_entry(file, entry + 1);
    if (!output_commit_for("--export", &work->table, error))
        return false;
    if (!work->settings->quiet)
        printf("%d entries written to %s\n", work->entries, work->settings->export_to);
    return true;
}

bool tune_finds_wisdom(cli_error *error) {
    clf_error reason = {0};
    char path[PATH_SIZE];
    return !clf_wisdom_path(path, sizeof path, &reason) || cli_fail(error, "tune: %s", cli_plain(reason.message));
}

/* What is to be written is known to have a place before anything is measured. */
static bool find_place(tuned_lines *work, cli_error *error) {
    const char *path = work->settings->export_to;
    return path ? output_open_for("--export", path, &work->table, error) : tune_finds_wisdom(error);
}

static bool tune_all(tuned_lines *work, const char *const *lines, cli_error *error) {
    for (int i = 0; i < MAX_OPERANDS && lines[i]; i++)
        if (!tune_line(work, lines[i], error))
            return false;
    if (work->entries > 0)
        return work->settings->export_to ? export_table(work, error) : save(work, error);
    if (!work->settings->quiet)
        printf("nothing to save: there was no choice, it could not be measured, or the estimate was as good\n");
    return true;
}

bool tune_lines(const cli_settings *settings, const char *const *lines, cli_error *error) {
    clf_error reason = {0};
    tuned_lines work = {.settings = settings};
    const clf_context_desc desc = {.device = settings->device};
    if (clf_context_create(&desc, &work.context, &reason))
        return filter_fail_device(settings->device, &reason, error);
    const bool ok = find_place(&work, error) && tune_all(&work, lines, error);
    if (work.table.temporary)
        output_abandon(&work.table);
    free(work.text);
    clf_context_destroy(work.context);
    return ok;
}
