/* SPDX-License-Identifier: Apache-2.0 */
/* options.c: reading the options with getopt_long, and the help made from the same tables. */
#include "options.h"

#include "option_row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { first_long = 256, most_rows = 128 };

/* In the order of the help. */
static const option_group *const groups[] = {&options_output, &options_convolve, &options_gradient, &options_tensor,
                                             &options_common};
enum { group_count = sizeof groups / sizeof *groups };

/* The row with this index in all groups together; NULL after the last. */
static const option_row *row_at(int place) {
    for (int i = 0; i < group_count; i++) {
        if (place < groups[i]->count)
            return &groups[i]->rows[place];
        place -= groups[i]->count;
    }
    return NULL;
}

/* getopt's two tables for one command; an option without a letter is known by first_long + its row's place. */
typedef struct getopt_tables {
    struct option *longs;  /* owned */
    bool given[most_rows]; /* by their rows' places: options that stood there */
    char shorts[64];
} getopt_tables;

static bool make_tables(unsigned bit, getopt_tables *tables, cli_error *error) {
    size_t longs = 0;
    size_t shorts = 0;
    int count = 0;
    while (row_at(count))
        count++;
    tables->longs = calloc((size_t)count + 1, sizeof *tables->longs); /* the last stays zero */
    if (!tables->longs || count > most_rows)
        return cli_fail(error, "no memory for %d options", count);
    tables->shorts[shorts++] = '+'; /* stop at operands: which argument is one is not getopt's to say */
    tables->shorts[shorts++] = ':'; /* tell a missing value from an unknown option */
    for (int i = 0; i < count; i++) {
        const option_row *row = row_at(i);
        if (!(row->commands & bit))
            continue;
        if (row->name)
            tables->longs[longs++] = (struct option){row->name, row->argument, NULL, first_long + i};
        if (!row->letter || shorts + 2 >= sizeof tables->shorts)
            continue;
        tables->shorts[shorts++] = row->letter;
        if (row->argument == required_argument)
            tables->shorts[shorts++] = ':';
    }
    tables->shorts[shorts] = '\0';
    return true;
}

/* The place of the row that getopt means; -1: none. */
static int find_place(int code) {
    if (code >= first_long)
        return code - first_long;
    const option_row *row;
    for (int i = 0; code && (row = row_at(i)); i++)
        if (row->letter == code)
            return i;
    return -1;
}

static void spell(const option_row *row, char text[32]) {
    if (row->name)
        snprintf(text, 32, "--%s", row->name);
    else
        snprintf(text, 32, "-%c", row->letter);
}

static bool refuse(const cli_command *command, int code, const char *argument, cli_error *error) {
    const int place = find_place(optopt);
    const option_row *row = place < 0 ? NULL : row_at(place);
    char name[32];
    if (row)
        spell(row, name);
    if (row && code == ':')
        return cli_misuse(error, "%s: a value is missing: expected %s", name, row->expected);
    if (row)
        return cli_misuse(error, "%s: takes no value", name);
    return cli_misuse(error, "%s: not an option of 'clfilter %s', or too short for one; --help lists them", argument,
                      command->name);
}

static bool take_option(const cli_command *command, getopt_tables *tables, int argc, char **argv, cli_settings *out,
                        cli_error *error) {
    const char *argument = argv[optind];
    char name[32];
    const int code = getopt_long(argc, argv, tables->shorts, tables->longs, NULL);
    if (code == '?' || code == ':')
        return refuse(command, code, argument, error);
    const int place = find_place(code);
    const option_row *row = row_at(place);
    const char *value = optarg;
    if (row->argument == optional_argument && !value && optind < argc &&
        strspn(argv[optind], "0123456789") == strlen(argv[optind]) && argv[optind][0])
        value = argv[optind++];
    spell(row, name);
    if (row->argument == required_argument && tables->given[place])
        return cli_misuse(error, "%s: given twice; expected once", name);
    tables->given[place] = true;
    if (row->take(value, out))
        return true;
    return cli_misuse(error, "%s: '%s' is not %s", name, value, row->expected);
}

/* "-1,0,1" is a kernel and "-" a file's name, not options. */
static bool is_operand(const char *argument) {
    if (argument[0] != '-' || !argument[1])
        return true;
    const char *digit = argument + (argument[1] == '.' ? 2 : 1);
    return *digit >= '0' && *digit <= '9';
}

static bool parse(const cli_command *command, getopt_tables *tables, int argc, char **argv, cli_settings *out,
                  const char *operands[MAX_OPERANDS], cli_error *error) {
    int count = 0;
    bool ended = false;
    opterr = 0;
    for (optind = 1; optind < argc;) {
        const char *argument = argv[optind];
        if (!ended && strcmp(argument, "--") == 0) {
            ended = true;
            optind++;
        } else if (!ended && !is_operand(argument)) {
            if (!take_option(command, tables, argc, argv, out, error))
                return false;
            if (out->help || out->version)
                return true;
        } else {
            if (count == (command->operand_most ? command->operand_most : command->operand_count))
                return cli_misuse(error, "%s: one operand too many; 'clfilter %s' takes %s", argument, command->name,
                                  *command->operand_names ? command->operand_names : "none");
            operands[count++] = argument;
            optind++;
        }
    }
    if (count < command->operand_count)
        return cli_misuse(error, "an operand is missing; 'clfilter %s' takes %s", command->name,
                          command->operand_names);
    if ((command->bit & WRITERS) && !out->output && !out->tune)
        return cli_misuse(error, "-o: missing; it names the file to write");
    if (out->output && out->tune)
        return cli_misuse(error, "-o: tune writes no file");
    return true;
}

bool options_parse(const cli_command *command, int argc, char **argv, cli_settings *out,
                   const char *operands[MAX_OPERANDS], cli_error *error) {
    getopt_tables tables = {0};
    const bool ok =
        make_tables(command->bit, &tables, error) && parse(command, &tables, argc, argv, out, operands, error);
    free(tables.longs);
    return ok;
}

void options_print_help(const cli_command *command) {
    enum { column = 22 };
    const option_row *row;
    printf("usage: clfilter %s %s\n\n%s\n\n%s%soptions:\n", command->name, command->usage, command->summary,
           command->operands, *command->operands ? "\n" : "");
    for (int i = 0; (row = row_at(i)); i++) {
        if (!(row->commands & command->bit))
            continue;
        char name[32];
        char left[64];
        spell(row, name);
        snprintf(left, sizeof left, "%s%s%s", name, row->value ? " " : "", row->value ? row->value : "");
        printf("  %-*s", column - 2, left);
        for (const char *at = row->help; *at; at++) {
            putchar(*at);
            if (*at == '\n')
                printf("%*s", column, "");
        }
        putchar('\n');
    }
    printf("\nAn argument that starts with a minus sign and a digit is an operand; -- ends the "
           "options.\n%s%s\nexamples:\n%s",
           *command->notes ? "\n" : "", command->notes, command->examples);
}

bool options_check_count(const char *option, int given, int axes, cli_error *error) {
    if (given <= 1 || given == axes)
        return true;
    return cli_misuse(error, "%s: %d values for %d filtered ax%s; give one value, or one for each axis", option, given,
                      axes, axes == 1 ? "is" : "es");
}
