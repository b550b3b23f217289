/* SPDX-License-Identifier: Apache-2.0 */
/* The table on standard output, a row as soon as it is measured, and what follows from all of them. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

double bench_ratio(const bench_result *result, const bench_comparison *comparison) {
    return comparison->timing.median / result->ours.median;
}

const bench_comparison *bench_fastest(const bench_result *result) {
    const bench_comparison *fastest = NULL;
    for (int i = 0; i < result->comparisons; i++) {
        const bench_comparison *one = &result->comparison[i];
        if (!one->skipped[0] && !one->rival->line && (!fastest || one->timing.median < fastest->timing.median))
            fastest = one;
    }
    return fastest;
}

const char *bench_time_text(double seconds, char text[BENCH_WORD]) {
    static const struct {
        double unit;
        const char *name;
    } units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double value = seconds / units[i].unit;
        if (value >= 1 || i == 2) {
            (void)snprintf(text, BENCH_WORD, "%.*f %s", value < 10 ? 2 : value < 100 ? 1 : 0, value, units[i].name);
            break;
        }
    }
    return text;
}

const char *bench_goal_text(double goal, char text[BENCH_WORD]) {
    if (goal >= 1)
        (void)snprintf(text, BENCH_WORD, ">= %.3g", goal);
    else
        (void)snprintf(text, BENCH_WORD, "<= %.3g x", 1 / goal);
    return text;
}

void bench_print_head(const bench_machine *machine) {
    const clf_device_info *device = machine->device;
    (void)printf("processor  %s, %d threads\ndevice     %s (%s, %s)\npeak       %.1f GFLOP/s in f32, measured\n\n",
                 machine->processor, machine->threads, device->name, device->platform, device->version,
                 1e-9 * machine->peak);
    if (machine->load > 0.25 * machine->threads)
        (void)printf(
            "The machine is busy (load %.1f on %d threads): times are longer than on an idle machine, and ratios are "
            "uncertain.\n\n",
            machine->load, machine->threads);
    (void)printf("%-22s %9s %5s %5s %7s %8s %6s  %-24s %9s %6s  %s\n", "case", "clfilter", "copy", "peak", "ns/out",
                 "cold", "build", "against", "its time", "ratio", "goal");
}

static void print_comparison(const bench_result *result, const bench_comparison *comparison) {
    char time[BENCH_WORD], goal[BENCH_WORD];
    const bench_rival *rival = comparison->rival;
    (void)printf("  %-24s ", rival->peer);
    if (comparison->skipped[0]) {
        (void)printf("skipped: %s\n", comparison->skipped);
        return;
    }
    double ratio = bench_ratio(result, comparison);
    (void)printf("%9s %6.*f", bench_time_text(comparison->timing.median, time), ratio < 10 ? 2 : 1, ratio);
    if (rival->goal > 0)
        (void)printf("  %s %s", bench_goal_text(rival->goal, goal), ratio >= rival->goal ? "met" : "MISSED");
    if (comparison->compared && !comparison->agrees)
        (void)printf("  DIFFERENT RESULT (off by %.2g)", comparison->difference);
    if (rival->line)
        (void)printf("  (%s)", rival->line);
    (void)printf("\n");
}

static void print_fastest(const bench_result *result) {
    const bench_comparison *fastest = bench_fastest(result);
    char goal[BENCH_WORD];
    if (result->row->fastest_goal <= 0 || !fastest)
        return;
    double ratio = bench_ratio(result, fastest);
    (void)printf("%-68s  %-24s %9s %6.*f  %s %s\n", "", "fastest of them", "", ratio < 10 ? 2 : 1, ratio,
                 bench_goal_text(result->row->fastest_goal, goal),
                 ratio >= result->row->fastest_goal ? "met" : "MISSED");
}

static void print_figures(const bench_result *result, const bench_machine *machine) {
    char time[BENCH_WORD], cold[BENCH_WORD] = "-", build[BENCH_WORD] = "-";
    double first = result->cold.plan + result->cold.execute, ours = result->ours.median;
    if (first > 0) {
        (void)bench_time_text(first, cold);
        (void)snprintf(build, sizeof build, "%.0f %%", 100 * result->cold.build / first);
    }
    (void)printf("%-22s %9s %3.0f %% %3.0f %% %7.3f %8s %6s", result->row->name, bench_time_text(ours, time),
                 100 * result->copy.median / ours, 100 * result->cost.flops / ours / machine->peak,
                 1e9 * ours / result->outputs, cold, build);
}

void bench_print_result(const bench_result *result, const bench_machine *machine) {
    if (result->failed[0]) {
        (void)printf("%-22s failed: %s\n", result->row->name, result->failed);
        return;
    }
    print_figures(result, machine);
    for (int i = 0; i < result->comparisons; i++) {
        if (i > 0)
            (void)printf("%-68s", "");
        print_comparison(result, &result->comparison[i]);
    }
    if (result->comparisons == 0)
        (void)printf("\n");
    print_fastest(result);
    (void)fflush(stdout);
}

bool bench_series_has(const bench_result *result, const char *series) {
    return result->row->series && !result->failed[0] && strcmp(result->row->series, series) == 0;
}

bool bench_series_begins(const bench_result *results, int i) {
    const char *series = results[i].row->series;
    bool first = series && !results[i].failed[0];
    for (int j = 0; j < i && first; j++)
        first = !bench_series_has(&results[j], series);
    return first;
}

/* How far the time an output spreads over each series. */
static void print_series(const bench_result *results, int count) {
    for (int i = 0; i < count; i++) {
        double low = INFINITY, high = 0;
        if (!bench_series_begins(results, i))
            continue;
        for (int j = i; j < count; j++) {
            if (!bench_series_has(&results[j], results[i].row->series))
                continue;
            double each = 1e9 * results[j].ours.median / results[j].outputs;
            low = fmin(low, each);
            high = fmax(high, each);
        }
        (void)printf("%s: from %.3f to %.3f ns per output, a factor of %.2f\n", results[i].row->series, low, high,
                     high / low);
    }
}

void bench_print_tail(const bench_result *results, int count) {
    int goals = 0, met = 0;
    double slowest = 0, warm = 0, again = 0;
    char time[BENCH_WORD];
    for (int i = 0; i < count; i++) {
        const bench_comparison *fastest = bench_fastest(&results[i]);
        if (results[i].failed[0])
            continue;
        for (int j = 0; j < results[i].comparisons; j++) {
            const bench_comparison *one = &results[i].comparison[j];
            if (one->skipped[0] || one->rival->goal <= 0)
                continue;
            goals++;
            met += bench_ratio(&results[i], one) >= one->rival->goal;
        }
        if (results[i].row->fastest_goal > 0 && fastest) {
            goals++;
            met += bench_ratio(&results[i], fastest) >= results[i].row->fastest_goal;
        }
        slowest = fmax(slowest, results[i].cold.plan + results[i].cold.execute);
        warm = fmax(warm, results[i].warm.plan + results[i].warm.execute);
        again = fmax(again, results[i].planning_again);
    }
    (void)printf("\n");
    print_series(results, count);
    if (slowest > 0)
        (void)printf("slowest first call: %.2f s cold, %.3f s warm (plan and first execution)\n", slowest, warm);
    (void)printf("slowest plan of a problem planned before: %s\n%d of %d goals met\n", bench_time_text(again, time),
                 met, goals);
}
