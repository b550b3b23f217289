/* SPDX-License-Identifier: Apache-2.0 */
/** @file commands.h Every command of the program, one file each. */
#ifndef CLFILTER_CLI_COMMANDS_H
#define CLFILTER_CLI_COMMANDS_H

#include "options.h"

/** What to do where there is no OpenCL: the end of a sentence. */
extern const char install_hint[];

extern const cli_command command_devices;
extern const cli_command command_convolve;
extern const cli_command command_correlate;
extern const cli_command command_gradient;
extern const cli_command command_tune;
extern const cli_command command_cache;
extern const cli_command command_check;
extern const cli_command command_bench;
extern const cli_command command_edges;
extern const cli_command command_smoothness;
extern const cli_command command_take;
extern const cli_command command_lines;
extern const cli_command command_match;
extern const cli_command command_pinv;
extern const cli_command command_shift;

#endif
