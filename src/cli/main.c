/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: the program clfilter: finds the command, reads its options, runs it, reports how it ended. */
#include "base/locale.h"
#include "commands.h"
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cli_command *const commands[] = {
    &command_devices,    &command_convolve, &command_correlate, &command_gradient, &command_edges,
    &command_smoothness, &command_match,    &command_take,      &command_pinv,     &command_shift,
    &command_tune,       &command_cache,    &command_check,     &command_bench,    &command_lines};
enum { command_count = sizeof commands / sizeof *commands };

static void print_help(void) {
    printf("usage: clfilter COMMAND ...\n\nFilters images and arrays on any OpenCL device.\n\ncommands:\n");
    for (int i = 0; i < command_count; i++)
        printf("  %-11s %s\n", commands[i]->name, commands[i]->summary);
    printf("\n`clfilter help COMMAND` explains a command; `clfilter --version` prints the version.\n"
           "Exit status: 0 for success, 1 for a failure, 2 for a mistake in the command line.\n\nexamples:\n"
           "  clfilter devices\n"
           "  clfilter correlate photo.png gaussian:3 -o soft.png\n");
}

/* `tune`: the command is to be measured, not carried out. */
static bool run_command(const cli_command *command, bool tune, int argc, char **argv, cli_error *error) {
    cli_settings settings = {.tune = tune};
    const char *operands[MAX_OPERANDS] = {NULL};
    if (!options_parse(command, argc, argv, &settings, operands, error))
        return false;
    if (settings.help) {
        options_print_help(command);
        return true;
    }
    if (settings.version) {
        printf("clfilter %s\n", clf_version());
        return true;
    }
    return command->run(&settings, operands, error);
}

static const cli_command *find_command(const char *name) {
    for (int i = 0; i < command_count; i++)
        if (strcmp(name, commands[i]->name) == 0)
            return commands[i];
    return NULL;
}

static bool is_help(const char *word) {
    return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* `clfilter help`, and `clfilter help COMMAND`. */
static bool run_help(int argc, char **argv, cli_error *error) {
    const cli_command *command = argc > 2 ? find_command(argv[2]) : NULL;
    if (argc > 2 && !command)
        return cli_misuse(error, "'%s': not a command; --help lists them all", argv[2]);
    if (command)
        options_print_help(command);
    else
        print_help();
    return true;
}

static bool run(int argc, char **argv, cli_error *error) {
    const char *first = argc > 1 ? argv[1] : "";
    if (argc < 2)
        return cli_misuse(error, "a command is missing; --help lists them all");
    if (is_help(first))
        return run_help(argc, argv, error);
    const cli_command *command = find_command(first);
    const cli_command *tuned = command == &command_tune && argc > 2 ? find_command(argv[2]) : NULL;
    if (tuned && !(tuned->bit & TUNABLE))
        return cli_misuse(error, "tune: cannot tune %s; expected convolve, correlate or gradient, or a problem line",
                          argv[2]);
    if (tuned)
        return run_command(tuned, true, argc - 2, argv + 2, error);
    if (command)
        return run_command(command, false, argc - 1, argv + 1, error);
    if (strcmp(first, "--version") == 0) {
        printf("clfilter %s\n", clf_version());
        return true;
    }
    return cli_misuse(error, "'%s': not a command; --help lists them all", first);
}

int main(int argc, char **argv) {
    cli_error error = {0};
    output_note_signals();
    bool ok = run(argc, argv, &error);
    /* What was printed must have arrived: writing stdout to a full disk is a failure too. */
    if (fflush(stdout) != 0 && ok)
        ok = cli_fail(&error, "standard output: %s", clf_locale_reason(errno));
    if (ok)
        return EXIT_SUCCESS;
    cli_error_print(&error);
    return error.exit_status;
}
