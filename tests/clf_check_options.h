/* SPDX-License-Identifier: Apache-2.0 */
/* What the runner of case lines is asked for. */
#ifndef CLF_TESTS_CLF_CHECK_OPTIONS_H
#define CLF_TESTS_CLF_CHECK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct check_options {
    const char *filter; /* run only lines that hold this text */
    const char *line;   /* run this line and no other */
    uint64_t seed;
    int64_t random; /* random lines an operation; -1: the default */
    bool list, small, oclgrind, as_gpu, verbose;
    const char *launched; /* a file for the names of the kernels that are launched; NULL: none */
    char **names;         /* operations and properties to run; none: all */
    int name_count;
} check_options;

/* Reads them, and how the device is disguised. 0: go on; otherwise the exit status and one. */
int check_options_parse(int count, char **arguments, check_options *options);

/* An operation or a property that is to be run. */
bool check_options_want(const check_options *options, const char *name);

/* Prints the options that the device's disguise came from. */
void check_options_print_disguise(void);

#endif
