/* SPDX-License-Identifier: Apache-2.0 */
/* The results as a Markdown block, between the marks that surround it in docs/bench.md. */
#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { BENCH_LINE = 640 };

static void problem_text(const bench_row *row, char text[BENCH_LINE]) {
    (void)snprintf(text, BENCH_LINE, "`%.512s`%s%s%s", row->line, row->taps ? ", " : "", row->taps ? row->taps : "",
                   row->taps ? " taps" : "");
}

static void write_row(FILE *file, const bench_result *result, const bench_comparison *one, bool first) {
    char ours[BENCH_WORD], theirs[BENCH_WORD], goal[BENCH_WORD] = "", copy[BENCH_WORD] = "";
    char problem[BENCH_LINE];
    double ratio = bench_ratio(result, one);
    if (one->rival->goal > 0) {
        (void)bench_goal_text(one->rival->goal, goal);
        (void)strncat(goal, ratio >= one->rival->goal ? "" : ", missed", sizeof goal - strlen(goal) - 1);
    }
    if (first) {
        (void)bench_time_text(result->ours.median, ours);
        (void)snprintf(copy, sizeof copy, "%.0f %%", 100 * result->copy.median / result->ours.median);
    }
    if (first)
        problem_text(result->row, problem);
    (void)fprintf(file, "| %s | %s | %s | %s%s%s | %s | %.2f | %s |\n", first ? problem : "", first ? ours : "", copy,
                  one->rival->peer, one->rival->line ? ": " : "", one->rival->line ? one->rival->line : "",
                  bench_time_text(one->timing.median, theirs), ratio, goal);
}

static void write_alone(FILE *file, const bench_result *result) {
    char ours[BENCH_WORD], problem[BENCH_LINE];
    problem_text(result->row, problem);
    (void)fprintf(file, "| %s | %s | %.0f %% | | | | |\n", problem, bench_time_text(result->ours.median, ours),
                  100 * result->copy.median / result->ours.median);
}

static void write_rows(FILE *file, const bench_result *result) {
    bool first = true;
    if (result->failed[0])
        return;
    for (int i = 0; i < result->comparisons; i++) {
        if (result->comparison[i].skipped[0])
            continue;
        write_row(file, result, &result->comparison[i], first);
        first = false;
    }
    if (first)
        write_alone(file, result);
}

bool bench_write_markdown(const char *path, const bench_result *results, int count, const bench_machine *machine,
                          char *why) {
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdout : fopen(path, "w");
    if (!file) {
        (void)snprintf(why, BENCH_WHY, "%.500s: %s", path, strerror(errno));
        return false;
    }
    (void)fprintf(file,
                  "<!-- bench: begin -->\n%s, %d threads, %s.\nMedians, taken in turn in one run.\n\n"
                  "| problem | clfilter | share of copy | against | its time | ratio | goal |\n"
                  "|---|---|---|---|---|---|---|\n",
                  machine->processor, machine->threads, machine->device->platform);
    for (int i = 0; i < count; i++)
        write_rows(file, &results[i]);
    bool good = fprintf(file, "<!-- bench: end -->\n") > 0;
    good = (standard ? fflush(file) : fclose(file)) == 0 && good;
    if (!good)
        (void)snprintf(why, BENCH_WHY, "%.500s: it could not be written", path);
    return good;
}
