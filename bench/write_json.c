/* SPDX-License-Identifier: Apache-2.0 */
/* The results as JSON: one object with the machine and an array of rows; times in seconds. */
#include "bench.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void text(FILE *file, const char *key, const char *value) {
    (void)fprintf(file, "\"%s\": \"", key);
    for (const char *letter = value; *letter; letter++) {
        if (*letter == '"' || *letter == '\\')
            (void)fprintf(file, "\\%c", *letter);
        else if ((unsigned char)*letter < 0x20)
            (void)fprintf(file, "\\u%04x", (unsigned)*letter);
        else
            (void)fputc(*letter, file);
    }
    (void)fputc('"', file);
}

/* JSON has no infinity: null stands for what is not a number. */
static void number(FILE *file, const char *key, double value) {
    if (isfinite(value))
        (void)fprintf(file, "\"%s\": %.6g", key, value);
    else
        (void)fprintf(file, "\"%s\": null", key);
}

static void timing(FILE *file, const char *key, const bench_timing *value) {
    (void)fprintf(file, "\"%s\": {\"median\": %.6g, \"low\": %.6g, \"high\": %.6g}", key, value->median, value->low,
                  value->high);
}

static void first_call(FILE *file, const char *key, const bench_first_call *call) {
    (void)fprintf(file, ",\n      \"%s\": {\"plan\": %.6g, \"execute\": %.6g, \"build\": %.6g}", key, call->plan,
                  call->execute, call->build);
}

static void write_comparison(FILE *file, const bench_result *result, const bench_comparison *one) {
    (void)fprintf(file, "        {");
    text(file, "peer", one->rival->peer);
    if (one->rival->line) {
        (void)fprintf(file, ", ");
        text(file, "problem", one->rival->line);
    }
    if (one->skipped[0]) {
        (void)fprintf(file, ", ");
        text(file, "passed_over", one->skipped);
    } else {
        (void)fprintf(file, ", ");
        text(file, "library", one->library);
        (void)fprintf(file, ", ");
        timing(file, "seconds", &one->timing);
        (void)fprintf(file, ", ");
        number(file, "ratio", bench_ratio(result, one));
        if (one->rival->goal > 0)
            (void)fprintf(file, ", \"goal\": %.6g, \"met\": %s", one->rival->goal,
                          bench_ratio(result, one) >= one->rival->goal ? "true" : "false");
        if (one->compared) {
            (void)fprintf(file, ", \"same_answer\": %s, ", one->agrees ? "true" : "false");
            number(file, "difference", one->difference);
        }
    }
    (void)fprintf(file, "}");
}

static void write_fastest(FILE *file, const bench_result *result) {
    const bench_comparison *fastest = bench_fastest(result);
    if (result->row->fastest_goal <= 0 || !fastest)
        return;
    double ratio = bench_ratio(result, fastest);
    (void)fprintf(file, ",\n      \"fastest\": {");
    text(file, "peer", fastest->rival->peer);
    (void)fprintf(file, ", \"ratio\": %.6g, \"goal\": %.6g, \"met\": %s}", ratio, result->row->fastest_goal,
                  ratio >= result->row->fastest_goal ? "true" : "false");
}

static void write_figures(FILE *file, const bench_result *result, const bench_machine *machine) {
    double ours = result->ours.median;
    text(file, "plan", result->plan);
    (void)fprintf(file, ",\n      \"bytes\": %.0f, \"flops\": %.0f, \"outputs\": %.0f,\n      ", result->cost.bytes,
                  result->cost.flops, result->outputs);
    timing(file, "seconds", &result->ours);
    (void)fprintf(file, ",\n      ");
    timing(file, "copy", &result->copy);
    (void)fprintf(file, ",\n      \"share_of_copy\": %.6g, \"share_of_peak\": %.6g", result->copy.median / ours,
                  result->cost.flops / ours / machine->peak);
    if (result->cold.plan > 0) {
        first_call(file, "cold", &result->cold);
        first_call(file, "warm", &result->warm);
    }
    (void)fprintf(file, ",\n      \"planning_again\": %.6g", result->planning_again);
    write_fastest(file, result);
    (void)fprintf(file, ",\n      \"against\": [");
    for (int i = 0; i < result->comparisons; i++) {
        (void)fprintf(file, "%s\n", i ? "," : "");
        write_comparison(file, result, &result->comparison[i]);
    }
    (void)fprintf(file, "]");
}

static void write_result(FILE *file, const bench_result *result, const bench_machine *machine) {
    (void)fprintf(file, "    {");
    text(file, "case", result->row->name);
    (void)fprintf(file, ", ");
    text(file, "problem", result->row->line);
    (void)fprintf(file, ",\n      ");
    if (result->failed[0])
        text(file, "failed", result->failed);
    else
        write_figures(file, result, machine);
    (void)fprintf(file, "}");
}

bool bench_write_json(const char *path, const bench_result *results, int count, const bench_machine *machine,
                      char *why) {
    FILE *file = fopen(path, "w");
    if (!file) {
        (void)snprintf(why, BENCH_WHY, "%.500s: %s", path, strerror(errno));
        return false;
    }
    (void)fprintf(file, "{\n  \"clfilter\": \"" BENCH_VERSION "\",\n  \"machine\": {");
    text(file, "processor", machine->processor);
    (void)fprintf(file, ", \"threads\": %d, ", machine->threads);
    text(file, "device", machine->device->name);
    (void)fprintf(file, ", ");
    text(file, "platform", machine->device->platform);
    (void)fprintf(file, ", ");
    text(file, "driver", machine->device->driver);
    (void)fprintf(file, ", \"peak_flops\": %.6g},\n  \"results\": [\n", machine->peak);
    for (int i = 0; i < count; i++) {
        write_result(file, &results[i], machine);
        (void)fprintf(file, "%s\n", i + 1 < count ? "," : "");
    }
    bool good = fprintf(file, "  ]\n}\n") > 0;
    if (fclose(file) != 0 || !good) {
        (void)snprintf(why, BENCH_WHY, "%.500s: it could not be written", path);
        return false;
    }
    return true;
}
