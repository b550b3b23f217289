/* SPDX-License-Identifier: Apache-2.0 */
/* lines.c: `clfilter lines`: what problem lines may say, from the library's own tables. */
#include "commands.h"

#include <stdio.h>
#include <string.h>

static void print_operations(void) {
    clf_line_operation operation;
    for (size_t i = 0; clf_line_operation_at(i, &operation); i++)
        printf("%-18s %s\n", operation.name, operation.summary);
}

static void print_names(const char *const *names) {
    printf("%20s", "");
    for (int i = 0; names[i]; i++)
        printf("%s%s", i ? ", " : "one of ", names[i]);
    printf("\n");
}

static void print_keys(size_t index, const clf_line_operation *operation) {
    printf("%s DTYPE SHAPE [KEY=VALUE...]\n\n%s; SHAPE is that of %s\n", operation->name, operation->summary,
           operation->shape);
    clf_line_key key;
    for (size_t i = 0; clf_line_key_at(index, i, &key); i++) {
        char text[64];
        snprintf(text, sizeof text, "%s=%s%s", key.name, key.value, key.each_axis ? "[,...]" : "");
        printf("%s  %-17s %s\n", i ? "" : "\n", text, key.help);
        if (key.names)
            print_names(key.names);
    }
}

static bool run_lines(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    (void)settings;
    clf_line_operation operation;
    if (!operands[0]) {
        print_operations();
        return true;
    }
    for (size_t i = 0; clf_line_operation_at(i, &operation); i++)
        if (strcmp(operation.name, operands[0]) == 0) {
            print_keys(i, &operation);
            return true;
        }
    return cli_misuse(error, "'%s': not an operation; 'clfilter lines' lists them", operands[0]);
}

const cli_command command_lines = {
    .name = "lines",
    .summary = "Explains problem lines: lists the operations, or the keys of one.",
    .usage = "[OPERATION]",
    .operands = "operands:\n"
                "  OPERATION  list the keys of this one (default: list the operations)\n",
    .notes =
        "A problem line says what is to be computed: 'conv f32 3x480x640 k=5x5 border=periodic'. check, bench and\n"
        "tune take such lines; --explain prints the line of a run.\n",
    .examples = "  clfilter lines\n"
                "  clfilter lines gradient\n",
    .bit = COMMAND_LINES,
    .operand_names = "OPERATION",
    .operand_count = 0,
    .operand_most = 1,
    .run = run_lines,
};
