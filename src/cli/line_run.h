/* SPDX-License-Identifier: Apache-2.0 */
/** @file line_run.h Plans made from problem lines: buffers for them, and their executions timed. */
#ifndef CLFILTER_CLI_LINE_RUN_H
#define CLFILTER_CLI_LINE_RUN_H

#include "error.h"

#include <clfilter/clfilter.h>

enum { LINE_OPERANDS = 16 };

/** One buffer for each operand of a plan. */
typedef struct line_buffers {
    clf_view made[LINE_OPERANDS];
    cl_mem buffers[LINE_OPERANDS];
} line_buffers;

/** Makes them: floats from 0 to 1, zeros of any other type. End with line_buffers_release, also after a failure. */
bool line_buffers_make(clf_context *context, const clf_plan *plan, line_buffers *buffers, clf_error *reason);
void line_buffers_release(line_buffers *buffers);

/** Executes a plan, waits, and says how long that took. */
bool line_execute(clf_context *context, clf_plan *plan, const line_buffers *buffers, double *seconds,
                  clf_error *reason);

/** Of a line that could not be run: a mistake in the command line where it is none. Always false. */
bool line_fail(const char *command, const char *line, const clf_error *reason, cli_error *error);

/** The median of `count` times, which come out sorted. */
double line_median(double *seconds, int count);

/** The solver that a plan's description begins with. */
void line_solver(const clf_plan *plan, char *name, int size);

#endif
