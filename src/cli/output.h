/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file output.h
 * A file that appears under its name whole, or not at all: it is written beside itself and renamed.
 */
#ifndef CLFILTER_CLI_OUTPUT_H
#define CLFILTER_CLI_OUTPUT_H

#include "error.h"

#include <stdio.h>

typedef struct output_file {
    FILE *file;       /**< the temporary, open for reading and writing */
    const char *path; /**< the final name. Borrowed until the file is committed or abandoned. */
    char *temporary;  /**< the name it has until then */
} output_file;

/**
 * Notes which signals are ignored (nohup, a shell's background job): they stay so. Call first of all, since the
 * compiler of an OpenCL driver may install handlers of its own over them.
 */
void output_note_signals(void);

/**
 * Creates a temporary file in the directory of `path`; one that exists already is never touched. It goes if SIGINT,
 * SIGTERM or SIGHUP ends the program. One file may be open at a time. End with output_commit or output_abandon.
 */
bool output_open(const char *path, output_file *output, cli_error *error);

/** Closes the file and gives it its name, in place of what had it; on failure it is abandoned. */
bool output_commit(output_file *output, cli_error *error);

/** The same for a file that an option names, which errors begin with. */
bool output_open_for(const char *option, const char *path, output_file *output, cli_error *error);
bool output_commit_for(const char *option, output_file *output, cli_error *error);

/** Closes and removes the temporary; what has the final name stays. */
void output_abandon(output_file *output);

#endif
