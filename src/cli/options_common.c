/* SPDX-License-Identifier: Apache-2.0 */
/* options_common.c: options about files, devices, planning and output. */
#include "option_row.h"
#include "values.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { default_runs = 10, greatest_runs = 1000000 };

static bool take_output(const char *value, cli_settings *out) {
    out->output = value;
    return *value != '\0';
}

static bool take_dtype(const char *value, cli_settings *out) {
    for (int dtype = CLF_F32; dtype <= CLF_I16; dtype++)
        if (strcmp(value, clf_dtype_name((clf_dtype)dtype)) == 0) {
            out->has_dtype = true;
            out->dtype = (clf_dtype)dtype;
            return true;
        }
    return false;
}

static bool take_alpha(const char *value, cli_settings *out) {
    static const char *const names[] = {"premultiply", "separate", NULL};
    int place;
    const bool known = value_name(value, names, &place);
    out->separate_alpha = place == 1;
    return known;
}

static bool take_filter(const char *value, cli_settings *out) {
    out->filter = value;
    return *value != '\0';
}

static bool take_export(const char *value, cli_settings *out) {
    out->export_to = value;
    return *value != '\0';
}

static bool take_plot(const char *value, cli_settings *out) {
    out->plot = value;
    return *value != '\0';
}

static bool take_all(const char *value, cli_settings *out) {
    (void)value;
    return out->all = true;
}

static bool take_json(const char *value, cli_settings *out) {
    (void)value;
    return out->json = true;
}

static bool take_clear(const char *value, cli_settings *out) {
    (void)value;
    return out->clear = true;
}

static bool take_effort(const char *value, cli_settings *out) {
    static const char *const names[] = {"estimate", "measure", "exhaustive", NULL};
    int place;
    const bool known = value_name(value, names, &place);
    out->effort = (clf_effort)place;
    return known;
}

/* A whole number of bytes, K, M or G. */
static bool take_memory(const char *value, cli_settings *out) {
    static const char units[] = "KMG";
    char *end;
    errno = 0;
    const unsigned long long number = strtoull(value, &end, 10);
    const char *unit = *end ? strchr(units, *end) : NULL;
    if (*value < '0' || *value > '9' || errno != 0 || number == 0 || (*end && (!unit || end[1])))
        return false;
    const int shift = unit ? 10 * (int)(unit - units + 1) : 0;
    if (number > SIZE_MAX >> (shift + 1))
        return false;
    out->memory = (size_t)number << shift;
    return true;
}

static bool take_device(const char *value, cli_settings *out) {
    out->device = value;
    return *value != '\0';
}

static bool take_explain(const char *value, cli_settings *out) {
    (void)value;
    return out->explain = true;
}

static bool take_time(const char *value, cli_settings *out) {
    out->runs = default_runs;
    return !value || value_whole(value, 1, greatest_runs, &out->runs);
}

static bool take_quiet(const char *value, cli_settings *out) {
    (void)value;
    return out->quiet = true;
}

static bool take_help(const char *value, cli_settings *out) {
    (void)value;
    return out->help = true;
}

static bool take_version(const char *value, cli_settings *out) {
    (void)value;
    return out->version = true;
}

static const option_row output_rows[] = {
    {NULL, 'o', required_argument, RUNS, "OUT", "the file to write; its extension says how: .npy, .png, .tif, .tiff",
     take_output, "a file's name"},
};

const option_group options_output = {output_rows, sizeof output_rows / sizeof *output_rows};

static const option_row common_rows[] = {
    {"dtype", 0, required_argument, TYPED, "T",
     "element type of OUT: f32, or that of IN (default that of IN;\n"
     "integers are rounded to nearest even and saturated)",
     take_dtype, "f32, or the input's own type (f64, f16, u8, u16, i16)"},
    {"alpha", 0, required_argument, TYPED | COMMAND_SHIFT | COMMAND_EDGES | COMMAND_SMOOTHNESS, "A",
     "of an image with alpha: premultiply: colours are multiplied by alpha\n"
     "before and divided by it afterwards, so that invisible colours do\n"
     "not bleed into visible ones, and are 0 where alpha is (a TIFF's\n"
     "associated alpha stays so); separate: colours are filtered as they\n"
     "are stored, and alpha is passed through (default premultiply)",
     take_alpha, "premultiply or separate"},
    {"filter", 0, required_argument, REPORTS, "TEXT", "only problem lines that contain TEXT", take_filter, "a text"},
    {"all", 0, no_argument, COMMAND_CHECK, NULL, "all lines of the tests, thousands, instead of some forty", take_all,
     NULL},
    {"export", 0, required_argument, COMMAND_TUNE, "FILE",
     "with LINEs: write a table of wisdom to FILE, not the user's wisdom", take_export, "a file's name"},
    {"plot", 0, required_argument, COMMAND_BENCH, "FILE", "also draw the percentages as an SVG", take_plot,
     "a file's name"},
    {"json", 0, no_argument, COMMAND_DEVICES | COMMAND_CACHE | COMMAND_BENCH, NULL, "print JSON instead of a table",
     take_json, NULL},
    {"clear", 0, no_argument, COMMAND_CACHE, NULL, "first remove every program", take_clear, NULL},
    {"effort", 0, required_argument, TUNABLE | COMMAND_TUNE, "E",
     "how to choose the solver: estimate (or what `clfilter tune` found);\n"
     "measure: try them all now; exhaustive: try all their variants too\n"
     "(default estimate)",
     take_effort, "estimate, measure or exhaustive"},
    {"memory", 0, required_argument, TYPED | COMMAND_SHIFT | COMMAND_TAKE | COMMAND_PINV, "N",
     "read, filter and write in slabs that use at most N bytes of device\n"
     "memory, such as 256M (K, M, G); a PNG is always read whole (default:\n"
     "use slabs only if the tensor is too large for the device)",
     take_memory, "a whole number of bytes, optionally followed by K, M or G"},
    {"device", 0, required_argument, RUNS | REPORTS | COMMAND_TUNE, "D",
     "the device: its index in `clfilter devices`; gpu, cpu or\n"
     "accelerator; or part of its name, vendor or platform; several,\n"
     "separated by commas, share the slabs of --memory (default\n"
     "$CLF_DEVICE, else the first GPU, accelerator or other device)",
     take_device, "an index, a type or part of a name"},
    {"explain", 0, no_argument, RUNS, NULL, "print the problem and the plan that solves it on stderr", take_explain,
     NULL},
    {"time", 0, optional_argument, RUNS, "[RUNS]",
     "run once to warm up, then RUNS times (default 10), and print the\n"
     "median milliseconds and GB/s on stderr; write --time=RUNS, or give\n"
     "RUNS as the next argument",
     take_time, "a whole number of runs, 1 to 1000000"},
    {"quiet", 0, no_argument, ALL, NULL, "print only errors", take_quiet, NULL},
    {"help", 'h', no_argument, ALL, NULL, "print this help and exit", take_help, NULL},
    {"version", 0, no_argument, ALL, NULL, "print the version and exit", take_version, NULL},
};

const option_group options_common = {common_rows, sizeof common_rows / sizeof *common_rows};
