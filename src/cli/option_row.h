/* SPDX-License-Identifier: Apache-2.0 */
/** @file option_row.h The table of options, in parts by theme; options.c alone parses and prints it. */
#ifndef CLFILTER_CLI_OPTION_ROW_H
#define CLFILTER_CLI_OPTION_ROW_H

#include "settings.h"

#include <getopt.h>

/** Sets of commands that share options. */
enum {
    FILTERS = COMMAND_CONVOLVE | COMMAND_GRADIENT | COMMAND_EDGES,
    TENSORS = COMMAND_TAKE | COMMAND_PINV | COMMAND_SHIFT,
    WRITERS = FILTERS | TENSORS,
    REPORTS = COMMAND_CHECK | COMMAND_BENCH,
    RUNS = WRITERS | COMMAND_SMOOTHNESS | COMMAND_MATCH,
    TYPED = COMMAND_CONVOLVE | COMMAND_GRADIENT,
    ALL = RUNS | COMMAND_DEVICES | COMMAND_TUNE | COMMAND_CACHE | COMMAND_LINES | REPORTS
};

typedef struct option_row {
    const char *name; /**< long; NULL: it has a letter alone */
    char letter;      /**< 0: none */
    int argument; /**< no_argument, required_argument, optional_argument: the next argument too where it is a number */
    unsigned commands; /**< whose option it is, as bits; a name may stand in two rows that share no command */
    const char *value; /**< what help calls the value */
    const char *help;
    bool (*take)(const char *value, cli_settings *out); /**< false: not a value that the option takes */
    const char *expected;
} option_row;

typedef struct option_group {
    const option_row *rows;
    int count;
} option_group;

extern const option_group options_output;
extern const option_group options_convolve;
extern const option_group options_gradient;
extern const option_group options_tensor;
extern const option_group options_common;

#endif
