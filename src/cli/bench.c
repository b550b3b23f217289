/* SPDX-License-Identifier: Apache-2.0 */
/* bench.c: `clfilter bench`: common problems on a device, as shares of what the device can do at most. */
#include "bench.h"
#include "base/number.h"
#include "commands.h"
#include "filter.h"
#include "json.h"
#include "line_run.h"
#include "progress.h"

#include <stdio.h>
#include <string.h>

enum { WARM_RUNS = 2, FEWEST_RUNS = 5, MOST_RUNS = 51 };
static const double enough_seconds = 0.2;

static const char *const common_lines[] = {
    "corr f32 2048x2048 k=3x3",
    "corr f32 2048x2048 k=7x7",
    "corr f32 2048x2048 k=15x15 taps=rank1",
    "corr f32 2048x2048 k=31x31",
    "corr u8 3x2048x2048 k=3x3",
    "corr f32 8x32x64x64 k=32x32x3x3",
    "gradient f32 1000x128x28x28",
    "gradient f32 2048x2048 op=sobel",
    "smoothness f32 4x3x512x1024 with=loss,grad_disparity",
    "take f32 1000x100x50 axis=2 count=5",
    "pinv f32 100000x2x4",
    "shift f32 2048x2048 by=100,50 border=periodic",
};

static bool time_plan(clf_context *context, clf_plan *plan, const line_buffers *buffers, double *median,
                      clf_error *reason) {
    double seconds[MOST_RUNS];
    double unused;
    double total = 0;
    int runs = 0;
    for (int i = 0; i < WARM_RUNS; i++)
        if (!line_execute(context, plan, buffers, &unused, reason))
            return false;
    for (; runs < MOST_RUNS && (runs < FEWEST_RUNS || total < enough_seconds); runs++) {
        if (!line_execute(context, plan, buffers, &seconds[runs], reason))
            return false;
        total += seconds[runs];
    }
    *median = line_median(seconds, runs);
    return true;
}

static bool run_plan(clf_context *context, clf_plan *plan, double *median, clf_error *reason) {
    line_buffers buffers;
    const bool ok =
        line_buffers_make(context, plan, &buffers, reason) && time_plan(context, plan, &buffers, median, reason);
    line_buffers_release(&buffers);
    return ok;
}

static bool measure(clf_context *context, const char *line, const clf_device_peaks *peaks, bench_row *row,
                    clf_error *reason) {
    clf_plan *plan = NULL;
    if (clf_plan_from_line(context, line, NULL, &plan, reason))
        return false;
    const clf_plan_cost cost = clf_plan_get_cost(plan);
    *row = (bench_row){.line = line};
    line_solver(plan, row->solver, sizeof row->solver);
    const bool ok = run_plan(context, plan, &row->seconds, reason);
    clf_plan_destroy(plan);
    row->bytes = cost.bytes / row->seconds;
    row->flops = cost.flops / row->seconds;
    row->copy_share = row->bytes / peaks->copy_bytes;
    row->flop_share = row->flops / peaks->flops;
    return ok;
}

static void print_table(const bench_report *report) {
    printf("device  %s\nlimits  copy %s GB/s, multiply-add %s GFLOP/s\n\n", report->device->name,
           clf_number_fixed(report->peaks.copy_bytes * 1e-9, 1).text,
           clf_number_fixed(report->peaks.flops * 1e-9, 0).text);
    printf("%-54s  %-18s  %9s  %7s  %5s  %8s  %5s\n", "problem", "solver", "ms", "GB/s", "copy", "GFLOP/s", "fma");
    for (int i = 0; i < report->count; i++) {
        const bench_row *row = &report->rows[i];
        printf("%-54s  %-18s  %9s  %7s  %4s%%  %8s  %4s%%\n", row->line, row->solver,
               clf_number_fixed(1e3 * row->seconds, 3).text, clf_number_fixed(row->bytes * 1e-9, 1).text,
               clf_number_fixed(100 * row->copy_share, 0).text, clf_number_fixed(row->flops * 1e-9, 1).text,
               clf_number_fixed(100 * row->flop_share, 0).text);
    }
}

static void print_json(const bench_report *report) {
    printf("{");
    json_print_text("version", clf_version());
    json_print_text("device", report->device->name);
    json_print_text("platform", report->device->platform);
    json_print_text("driver", report->device->driver);
    printf("\"copy_bytes_per_second\": %s, \"flops_per_second\": %s, \"problems\": [",
           clf_number_general(report->peaks.copy_bytes, 6).text, clf_number_general(report->peaks.flops, 6).text);
    for (int i = 0; i < report->count; i++) {
        const bench_row *row = &report->rows[i];
        printf("%s\n  {", i ? "," : "");
        json_print_text("problem", row->line);
        json_print_text("solver", row->solver);
        printf("\"seconds\": %s, \"bytes_per_second\": %s, \"flops_per_second\": %s}",
               clf_number_general(row->seconds, 6).text, clf_number_general(row->bytes, 6).text,
               clf_number_general(row->flops, 6).text);
    }
    printf("\n]}\n");
}

static bool measure_lines(const cli_settings *settings, const char *const *lines, int count, clf_context *context,
                          bench_report *report, cli_error *error) {
    clf_error reason = {0};
    for (int i = 0; i < count && lines[i]; i++) {
        if (settings->filter && !strstr(lines[i], settings->filter))
            continue;
        char activity[80];
        snprintf(activity, sizeof activity, "%.60s", lines[i]);
        progress_begin(activity, settings->quiet);
        const bool ok = measure(context, lines[i], &report->peaks, &report->rows[report->count], &reason);
        progress_end();
        if (!ok)
            return line_fail("bench", lines[i], &reason, error);
        report->count++;
    }
    return report->count > 0 || cli_misuse(error, "--filter: no line contains '%s'", settings->filter);
}

/* `plot`: where --plot is given, open. */
static bool run_on(const cli_settings *settings, const char *const *operands, clf_context *context, output_file *plot,
                   cli_error *error) {
    clf_error reason = {0};
    bench_report report = {.device = clf_context_device(context)};
    const int common = sizeof common_lines / sizeof *common_lines;
    progress_begin("measuring the device", settings->quiet);
    const bool measured = !clf_context_measure_peaks(context, &report.peaks, &reason);
    progress_end();
    if (!measured)
        return cli_fail(error, "device: %s", cli_plain(reason.message));
    if (!measure_lines(settings, operands[0] ? operands : common_lines, operands[0] ? MAX_OPERANDS : common, context,
                       &report, error))
        return false;
    if (settings->plot && !bench_plot(plot, &report, error))
        return false;
    if (!settings->quiet)
        (settings->json ? print_json : print_table)(&report);
    return true;
}

static bool run_bench(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    clf_error reason = {0};
    clf_context *context = NULL;
    const clf_context_desc desc = {.device = settings->device};
    if (clf_context_create(&desc, &context, &reason))
        return filter_fail_device(settings->device, &reason, error);
    if (clf_wisdom_load(context, NULL, &reason)) /* the estimates choose without it */
        fprintf(stderr, "wisdom: none: %s\n", reason.message);
    output_file plot = {0};
    const bool ok = (!settings->plot || output_open_for("--plot", settings->plot, &plot, error)) &&
                    run_on(settings, operands, context, &plot, error);
    if (plot.temporary)
        output_abandon(&plot);
    clf_context_destroy(context);
    return ok;
}

const cli_command command_bench = {
    .name = "bench",
    .summary = "Times common problems on this device, as percentages of its measured limits.",
    .usage = "[LINE...] [--filter TEXT] [--plot FILE.svg] [--json] [--device D]",
    .operands = "operands:\n"
                "  LINE  a problem, such as 'corr f32 1024x1024 k=5x5 taps=rank1' (default: a dozen)\n",
    .notes = "ms is the median of several executions. copy: the bytes per second that the problem must read and\n"
             "write, as a percentage of a copy too large for any cache; more than 100% if its tensors stay in a\n"
             "cache. fma: its operations per second, as a percentage of fused multiply-adds on registers. Both\n"
             "limits are measured first.\n",
    .examples = "  clfilter bench\n"
                "  clfilter bench --device gpu --plot speed.svg\n"
                "  clfilter bench 'corr f32 4096x4096 k=9x9' 'gradient u8 3x1080x1920 op=sobel' --json\n",
    .bit = COMMAND_BENCH,
    .operand_names = "at most 64 LINEs",
    .operand_count = 0,
    .operand_most = MAX_OPERANDS,
    .run = run_bench,
};
