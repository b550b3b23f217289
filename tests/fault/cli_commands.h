/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of the program that are made to fail. */
#ifndef CLF_TESTS_CLI_COMMANDS_H
#define CLF_TESTS_CLI_COMMANDS_H

#include <stddef.h>

/*
 * What a command may do without: a solver among those that are measured; programs on disk, which the device gives in
 * this case alone; wisdom, which is there in this case; the device's clock. SPARE_RESULTS: it fails in any case, as
 * the fake computes nothing, and says so.
 */
typedef enum command_spare {
    SPARE_NOTHING,
    SPARE_CHOICE,
    SPARE_DISK,
    SPARE_WISDOM,
    SPARE_CLOCK,
    SPARE_RESULTS
} command_spare;

typedef struct command_row {
    const char *line;
    command_spare spare;
    const char *before; /* a command that is run first, without faults; NULL: none */
} command_row;

extern const command_row commands[];
extern const size_t command_count;

#endif
