/* SPDX-License-Identifier: Apache-2.0 */
/** @file progress.h Saying, on a terminal, what the program is busy with when it takes long. */
#ifndef CLFILTER_CLI_PROGRESS_H
#define CLFILTER_CLI_PROGRESS_H

#include <stdbool.h>

/**
 * From two seconds on until progress_end, stderr shows `activity` and the seconds it has taken, where stderr is a
 * terminal and `quiet` is false. One activity at a time. Borrowed until progress_end.
 */
void progress_begin(const char *activity, bool quiet);

/** Says how much of the activity is done, 0 to 1. Any thread. */
void progress_share(double done);

/** Ends the activity and wipes its line; allowed when none was begun. */
void progress_end(void);

#endif
