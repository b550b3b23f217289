/* SPDX-License-Identifier: Apache-2.0 */
/** @file tune.h Measuring what a filtering command would do, and remembering it for later runs. */
#ifndef CLFILTER_CLI_TUNE_H
#define CLFILTER_CLI_TUNE_H

#include "filter.h"

/** Plans what a command was asked for, with the effort given; `about` is the command's. */
typedef clf_status (*tune_planner)(const void *about, clf_context *context, clf_effort effort, clf_plan **plan,
                                   clf_error *reason);

/**
 * Measures the solvers, times the one found and the estimate's in turn, prints both and saves what was found to the
 * user's wisdom. The filter's output is overwritten.
 */
bool tune_run(cli_filter *filter, const cli_settings *settings, tune_planner planner, const void *about,
              cli_error *error);

/** Where results are kept is known, before anything is measured. */
bool tune_finds_wisdom(cli_error *error);

/** Measures problems by their lines, ended by NULL, and saves what was found, or writes it to --export. */
bool tune_lines(const cli_settings *settings, const char *const *lines, cli_error *error);

#endif
