/* SPDX-License-Identifier: Apache-2.0 */
/** @file error.h What a part of the program says when it cannot go on: an exit status and one sentence. */
#ifndef CLFILTER_CLI_ERROR_H
#define CLFILTER_CLI_ERROR_H

#include <stdbool.h>

/** Exit status of a run that was asked for in a wrong way; failures of the work itself are EXIT_FAILURE. */
#define CLI_EXIT_USAGE 2

/** Owned by the caller, zero-initialised; filled once, by whoever finds the mistake. */
typedef struct cli_error {
    int exit_status;    /**< EXIT_FAILURE or CLI_EXIT_USAGE */
    char message[4608]; /**< one sentence, without the program's name; room for a path and what is wrong with it */
} cli_error;

/** Records a failure of the work (exit 1). Always false, so that `return cli_fail(...)` ends a function. */
bool cli_fail(cli_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Records a mistake in the command line (exit 2). Always false. */
bool cli_misuse(cli_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Records that a file cannot be opened, read or "written", and why: an errno; 0: nobody said. Always false. */
bool cli_fail_file(cli_error *error, const char *doing, int reason);

/** What the library says without the name of the function that says it, which the command line does not have. */
const char *cli_plain(const char *sentence);

/** Puts "subject: " before the message, a file's name say. Always false. */
bool cli_blame(cli_error *error, const char *subject);

/** Prints "clfilter: message" as one line on stderr, whatever bytes the message holds. */
void cli_error_print(const cli_error *error);

#endif
