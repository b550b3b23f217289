/* SPDX-License-Identifier: Apache-2.0 */
/* devices.c: `clfilter devices`: the OpenCL devices there are, as a table or as JSON. */
#include "base/number.h"
#include "commands.h"
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { columns = 7 };

const char install_hint[] = "install a driver: your GPU's, or PoCL for the CPU (Debian: pocl-opencl-icd)";

static const char *type_name(cl_device_type type) {
    if (type & CL_DEVICE_TYPE_GPU)
        return "gpu";
    if (type & CL_DEVICE_TYPE_CPU)
        return "cpu";
    if (type & CL_DEVICE_TYPE_ACCELERATOR)
        return "accelerator";
    return "custom";
}

static void print_json(const clf_device_info *infos, size_t count) {
    printf("[");
    for (size_t i = 0; i < count; i++) {
        const clf_device_info *info = &infos[i];
        printf("%s\n  {\"index\": %zu, \"type\": \"%s\", ", i ? "," : "", i, type_name(info->type));
        json_print_text("name", info->name);
        json_print_text("vendor", info->vendor);
        json_print_text("platform", info->platform);
        json_print_text("version", info->version);
        json_print_text("driver", info->driver);
        printf("\"compute_units\": %u, \"clock_mhz\": %u, \"global_bytes\": %llu, \"max_alloc_bytes\": %llu, ",
               info->compute_units, info->clock_mhz, (unsigned long long)info->global_bytes,
               (unsigned long long)info->max_alloc_bytes);
        printf("\"local_bytes\": %llu, \"max_work_group_size\": %zu, \"f64\": %s, \"compiler\": %s}",
               (unsigned long long)info->local_bytes, info->max_work_group_size, info->has_f64 ? "true" : "false",
               info->compiler_available ? "true" : "false");
    }
    printf("\n]\n");
}

/* One cell of the table as text; row -1 is the heading. */
static void cell(const clf_device_info *infos, int row, int column, char text[160]) {
    static const char *const headings[columns] = {"index", "type", "name", "platform", "version", "memory", "f64"};
    if (row < 0) {
        snprintf(text, 160, "%s", headings[column]);
        return;
    }
    const clf_device_info *info = &infos[row];
    switch (column) {
    case 0: snprintf(text, 160, "%d", row); break;
    case 1: snprintf(text, 160, "%s", type_name(info->type)); break;
    case 2: snprintf(text, 160, "%s", info->name); break;
    case 3: snprintf(text, 160, "%s", info->platform); break;
    case 4: snprintf(text, 160, "%s", info->version); break;
    case 5: snprintf(text, 160, "%s GiB", clf_number_fixed((double)info->global_bytes / (1 << 30), 1).text); break;
    default: snprintf(text, 160, "%s", info->has_f64 ? "yes" : "no"); break;
    }
    for (char *at = text; *at; at++)
        if ((unsigned char)*at < 0x20)
            *at = ' ';
}

static void print_table(const clf_device_info *infos, size_t count) {
    int width[columns] = {0};
    char text[160];
    for (int row = -1; row < (int)count; row++)
        for (int column = 0; column < columns; column++) {
            cell(infos, row, column, text);
            const int length = (int)strlen(text);
            if (length > width[column])
                width[column] = length;
        }
    for (int row = -1; row < (int)count; row++)
        for (int column = 0; column < columns; column++) {
            cell(infos, row, column, text);
            if (column + 1 < columns)
                printf("%-*s  ", width[column], text);
            else
                printf("%s\n", text);
        }
}

static bool run_devices(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    (void)operands;
    size_t count = 0;
    clf_error reason = {0};
    clf_status status = clf_device_list(NULL, 0, &count, &reason);
    if (status == CLF_NO_PLATFORM)
        return cli_fail(error, "no OpenCL platform is installed; %s", install_hint);
    if (status)
        return cli_fail(error, "devices: %s", reason.message);
    if (count == 0)
        return cli_fail(error, "the installed OpenCL platforms have no device; %s", install_hint);
    clf_device_info *infos = calloc(count, sizeof *infos);
    if (!infos)
        return cli_fail(error, "devices: no memory for a list of %zu", count);
    size_t found = 0;
    status = clf_device_list(infos, count, &found, &reason);
    if (status)
        cli_fail(error, "devices: %s", reason.message);
    else if (!settings->quiet)
        (settings->json ? print_json : print_table)(infos, found < count ? found : count);
    free(infos);
    return status == CLF_OK;
}

const cli_command command_devices = {
    .name = "devices",
    .summary = "Lists the OpenCL devices that --device chooses from.",
    .usage = "[--json]",
    .operands = "",
    .notes = "",
    .examples = "  clfilter devices\n"
                "  clfilter devices --json\n",
    .bit = COMMAND_DEVICES,
    .operand_names = "",
    .operand_count = 0,
    .run = run_devices,
};
