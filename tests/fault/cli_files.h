/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program's files: what it asks of them goes through wrappers (the linker's --wrap; streams of fopencookie) that
 * count it, fail the call that is asked for, and keep a balance of what was opened and closed.
 */
#ifndef CLF_TESTS_CLI_FILES_H
#define CLF_TESTS_CLI_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The functions that are wrapped. cli_calls.cmake holds them against what the program and the library call. */
#define CLI_FILE_CALLS(X) \
    X(open64)             \
    X(fdopen)             \
    X(mkstemp64)          \
    X(fstat64)            \
    X(read)               \
    X(write)              \
    X(pread64)            \
    X(pwrite64)           \
    X(close)              \
    X(fileno)             \
    X(rename)             \
    X(mkdir)              \
    X(opendir)            \
    X(closedir)           \
    X(unlinkat)

typedef struct cli_fault {
    size_t first; /* the call that fails, counted from 1; 0: none */
    bool forever; /* and every one after it */
} cli_fault;

/* Begins a count: nothing was called yet, nothing is open. */
void cli_files_begin(const cli_fault *fault);

/* Ends it: from here on nothing fails. */
void cli_files_end(void);

/* Since cli_files_begin: calls, those that failed, and what the first of these was, "write of out.npy". */
size_t cli_files_calls(void);
size_t cli_files_failures(void);
const char *cli_files_what(void);

/* The file of the first failure. */
const char *cli_files_name(void);

/* True where a sentence has what the C library calls one of the failures. */
bool cli_files_explains(const char *sentence);

/* Opened less closed. */
long cli_files_open(void);

/* A stream in place of stdout, whose bytes go to `to` unless they are made to fail; counted as the others. */
FILE *cli_files_stdout(FILE *to);

#endif
