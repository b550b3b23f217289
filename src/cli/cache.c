/* SPDX-License-Identifier: Apache-2.0 */
/* cache.c: `clfilter cache`: the disk cache of built programs, looked into and cleared. */
#include "base/number.h"
#include "commands.h"
#include "json.h"

#include <stdio.h>

static bool run_cache(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    (void)operands;
    clf_error reason = {0};
    clf_program_cache_info info;
    if (settings->clear && clf_program_cache_clear(&reason))
        return cli_fail(error, "--clear: %s", reason.message);
    if (clf_program_cache_look(&info, &reason))
        return cli_fail(error, "cache: %s", reason.message);
    if (settings->quiet)
        return true;
    if (settings->json) {
        printf("{");
        json_print_text("path", info.path);
        printf("\"files\": %zu, \"bytes\": %zu}\n", info.files, info.bytes);
    } else {
        printf("folder    %s\nprograms  %zu\nsize      %s of %s MiB\n", info.path, info.files,
               clf_number_fixed((double)info.bytes / (1 << 20), 1).text,
               clf_number_fixed((double)CLF_PROGRAM_CACHE_BYTES / (1 << 20), 0).text);
    }
    return true;
}

const cli_command command_cache = {
    .name = "cache",
    .summary = "Shows where compiled programs are kept, how many and how large; or removes them.",
    .usage = "[--clear] [--json]",
    .operands = "",
    .notes = "The folder can be deleted at any time. It stays empty with PoCL, which caches programs itself.\n",
    .examples = "  clfilter cache\n"
                "  clfilter cache --clear\n",
    .bit = COMMAND_CACHE,
    .operand_names = "",
    .operand_count = 0,
    .run = run_cache,
};
