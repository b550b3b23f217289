/* SPDX-License-Identifier: Apache-2.0 */
/** @file options.h The program's commands and options: one table that is parsed from and printed as help. */
#ifndef CLFILTER_CLI_OPTIONS_H
#define CLFILTER_CLI_OPTIONS_H

#include "settings.h"

enum { MAX_OPERANDS = 64 };

typedef struct cli_command {
    const char *name;
    const char *summary;       /**< one line */
    const char *usage;         /**< what follows the name */
    const char *operands;      /**< lines that explain them; "" if there are none */
    const char *notes;         /**< lines that say what the options do not */
    const char *examples;      /**< lines */
    unsigned bit;              /**< whose options it has */
    const char *operand_names; /**< "IN KERNEL"; "" if there are none */
    int operand_count;         /**< how many there must be */
    int operand_most;          /**< how many there may be; 0: no more than that */
    bool (*run)(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error);
} cli_command;

/** Reads the arguments after the command's name. Options may stand before or after operands. */
bool options_parse(const cli_command *command, int argc, char **argv, cli_settings *out,
                   const char *operands[MAX_OPERANDS], cli_error *error);

/** Prints a command's help on stdout. */
void options_print_help(const cli_command *command);

/** If a value was given for each of `axes` axes, or one for all: those; else a usage error naming the option. */
bool options_check_count(const char *option, int given, int axes, cli_error *error);

#endif
