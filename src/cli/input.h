/* SPDX-License-Identifier: Apache-2.0 */
/** @file input.h Opening a file to read, its size known, so that no claim inside it need be believed. */
#ifndef CLFILTER_CLI_INPUT_H
#define CLFILTER_CLI_INPUT_H

#include "error.h"

#include <stdint.h>
#include <stdio.h>

typedef struct input_file {
    FILE *file;   /**< at its beginning; close with fclose */
    int64_t size; /**< bytes */
} input_file;

/** Opens a regular file. `error` does not name it: that is cli_blame's part. */
bool input_open(const char *path, input_file *input, cli_error *error);

/**
 * Why a file gave less than was asked for: reading failed, or it ends there, which `ended` says of it. Ask at once:
 * errno is part of the answer. Always false.
 */
bool input_fail(FILE *file, const char *ended, cli_error *error);

#endif
