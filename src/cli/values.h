/* SPDX-License-Identifier: Apache-2.0 */
/** @file values.h Numbers and lists in the text of a command line; nothing is accepted in part. */
#ifndef CLFILTER_CLI_VALUES_H
#define CLFILTER_CLI_VALUES_H

#include <stdbool.h>

/**
 * Reads a number at the beginning of `text`, spaces before it allowed. Refused: NaN, and what overflows.
 * @param end  receives where the number ends
 */
bool value_number_prefix(const char *text, double *number, const char **end);

/** Reads a text that is one number and nothing else. Infinity is a number here. */
bool value_number(const char *text, double *number);

/** Reads a text that is one finite number greater than 0 and nothing else. */
bool value_positive(const char *text, double *number);

/** Finds a text among names, the last of which is NULL; `place` is that of the NULL if it is none of them. */
bool value_name(const char *text, const char *const *names, int *place);

/** Reads a text that is one whole number between the limits and nothing else. */
bool value_whole(const char *text, long least, long greatest, int *number);

/**
 * Reads items separated by commas.
 * @param take  reads item `index` from its own text; false ends the reading
 * @return items read; 0 if one of them, or their number, is wrong
 */
int value_list(const char *text, int capacity, bool (*take)(const char *item, int index, void *to), void *to);

#endif
