/* SPDX-License-Identifier: Apache-2.0 */
/** @file bench.h What `clfilter bench` has measured, and its picture. */
#ifndef CLFILTER_CLI_BENCH_H
#define CLFILTER_CLI_BENCH_H

#include "options.h"
#include "output.h"

/** One problem; rates are per second. */
typedef struct bench_row {
    const char *line;
    char solver[48];
    double seconds; /**< median of several executions */
    double bytes, flops;
    double copy_share, flop_share; /**< of the device's limits */
} bench_row;

typedef struct bench_report {
    const clf_device_info *device;
    clf_device_peaks peaks;
    bench_row rows[MAX_OPERANDS];
    int count;
} bench_report;

/** Writes the shares as an SVG: two bars a problem. */
bool bench_plot(output_file *file, const bench_report *report, cli_error *error);

#endif
