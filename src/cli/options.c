/* SPDX-License-Identifier: Apache-2.0 */
/* options.c: the table of options, reading them with getopt_long, and the help made from the same table. */
#include "options.h"

#include "values.h"

#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { default_runs = 10, greatest_runs = 1000000, first_long = 256 };

typedef struct option_row {
    const char *name; /* long; NULL: it has a letter alone */
    char letter;
    int argument; /* no_argument, required_argument, optional_argument: the next argument too where it is a number */
    unsigned commands;
    const char *value; /* what help calls the value */
    const char *help;
    bool (*take)(const char *value, cli_settings *out); /* false: not a value that the option takes */
    const char *expected;
} option_row;

static bool take_output(const char *value, cli_settings *out) {
    out->output = value;
    return *value != '\0';
}

static bool take_one_border(const char *item, int index, void *to) {
    clf_border *borders = to;
    return clf_border_parse(item, &borders[index]) && borders[index] != CLF_BORDER_DEFAULT;
}

static bool take_border(const char *value, cli_settings *out) {
    out->border_count = value_list(value, CLF_MAX_FILTER_AXES, take_one_border, out->border);
    return out->border_count > 0;
}

static bool take_one_origin(const char *item, int index, void *to) {
    return value_whole(item, INT_MIN, INT_MAX, (int *)to + index);
}

static bool take_origin(const char *value, cli_settings *out) {
    out->origin_count = value_list(value, CLF_MAX_FILTER_AXES, take_one_origin, out->origin);
    return out->origin_count > 0;
}

static bool take_one_step(const char *item, int index, void *to) {
    return value_whole(item, 1, INT_MAX, (int *)to + index);
}

static bool take_stride(const char *value, cli_settings *out) {
    out->stride_count = value_list(value, CLF_MAX_FILTER_AXES, take_one_step, out->stride);
    return out->stride_count > 0;
}

static bool take_dilation(const char *value, cli_settings *out) {
    out->dilation_count = value_list(value, CLF_MAX_FILTER_AXES, take_one_step, out->dilation);
    return out->dilation_count > 0;
}

static bool take_groups(const char *value, cli_settings *out) {
    return value_whole(value, 1, INT_MAX, &out->groups);
}

static bool take_bias(const char *value, cli_settings *out) {
    out->bias = value;
    return *value != '\0';
}

static bool take_method(const char *value, cli_settings *out) {
    static const struct {
        const char *name, *solver;
    } methods[] = {
        {"auto", NULL},      {"direct", "conv.direct"}, {"separable", "conv.separable"}, {"bank", "conv.bank"},
        {"fft", "conv.fft"}, {"tile", "conv.tile"},     {"general", "conv.general"}};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(value, methods[i].name) == 0) {
            out->solver = methods[i].solver;
            return true;
        }
    return false;
}

static bool take_cval(const char *value, cli_settings *out) {
    return value_number(value, &out->cval);
}

static bool take_scale(const char *value, cli_settings *out) {
    return value_number(value, &out->scale) && isfinite(out->scale) && out->scale != 0;
}

static bool take_mode(const char *value, cli_settings *out) {
    for (int mode = CLF_MODE_SAME; mode <= CLF_MODE_FULL; mode++)
        if (strcmp(value, clf_mode_name((clf_mode)mode)) == 0) {
            out->mode = (clf_mode)mode;
            return true;
        }
    return false;
}

static bool take_positive(const char *value, double *number) {
    return value_number(value, number) && isfinite(*number) && *number > 0;
}

static bool take_operator(const char *value, cli_settings *out) {
    const char *colon = strchr(value, ':');
    const size_t length = colon ? (size_t)(colon - value) : strlen(value);
    for (int op = CLF_GRADIENT_CENTRAL; op <= CLF_GRADIENT_GAUSSIAN; op++) {
        const char *name = clf_gradient_operator_name((clf_gradient_operator)op);
        if (strlen(name) != length || strncmp(value, name, length) != 0)
            continue;
        out->gradient_operator = (clf_gradient_operator)op;
        return op == CLF_GRADIENT_GAUSSIAN ? colon && take_positive(colon + 1, &out->sigma) : !colon;
    }
    return false;
}

/* The place of a name among several, the last of which is NULL. */
static bool take_name(const char *value, const char *const *names, int *place) {
    for (*place = 0; names[*place]; ++*place)
        if (strcmp(value, names[*place]) == 0)
            return true;
    return false;
}

static bool take_gradient_output(const char *value, cli_settings *out) {
    static const char *const names[] = {"magnitude", "dx", "dy", "dz", "squared", "l1", "orientation", NULL};
    return take_name(value, names, &out->gradient_output);
}

static bool take_axes(const char *value, cli_settings *out) {
    return value_whole(value, 2, 3, &out->axes);
}

static bool take_eps(const char *value, cli_settings *out) {
    return value_number(value, &out->eps) && isfinite(out->eps) && out->eps >= 0;
}

static bool take_sigma(const char *value, cli_settings *out) {
    return take_positive(value, &out->sigma);
}

static bool take_low(const char *value, cli_settings *out) {
    return value_number(value, &out->low) && isfinite(out->low) && out->low >= 0;
}

static bool take_high(const char *value, cli_settings *out) {
    return take_positive(value, &out->high);
}

static bool take_norm(const char *value, cli_settings *out) {
    static const char *const names[] = {"l2", "mean-abs", NULL};
    int place;
    const bool known = take_name(value, names, &place);
    out->norm = (clf_smoothness_norm)place;
    return known;
}

static bool take_reduction(const char *value, cli_settings *out) {
    static const char *const names[] = {"mean", "sum", "none", "per-axis-mean", NULL};
    int place;
    const bool known = take_name(value, names, &place);
    out->reduction = (clf_smoothness_reduction)place;
    return known;
}

static bool take_order(const char *value, cli_settings *out) {
    return value_whole(value, 1, 2, &out->order);
}

static bool take_edge_weight(const char *value, cli_settings *out) {
    const bool number = value_number(value, &out->edge_weight) && isfinite(out->edge_weight) && out->edge_weight >= 0;
    out->ignore_image = number && out->edge_weight == 0;
    return number;
}

static bool take_grad_disparity(const char *value, cli_settings *out) {
    out->grad_disparity = value;
    return *value != '\0';
}

static bool take_grad_image(const char *value, cli_settings *out) {
    out->grad_image = value;
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

static bool take_take_axis(const char *value, cli_settings *out) {
    return value_whole(value, -CLF_MAX_RANK, CLF_MAX_RANK - 1, &out->take_axis);
}

static bool take_index_mode(const char *value, cli_settings *out) {
    for (int mode = CLF_INDEX_STRICT; mode <= CLF_INDEX_CLAMP; mode++)
        if (strcmp(value, clf_index_mode_name((clf_index_mode)mode)) == 0) {
            out->index_mode = (clf_index_mode)mode;
            return true;
        }
    return false;
}

static bool take_rcond(const char *value, cli_settings *out) {
    return value_number(value, &out->rcond) && isfinite(out->rcond) && out->rcond >= 0;
}

static bool take_one_axis(const char *item, int index, void *to) {
    return value_whole(item, -CLF_MAX_RANK, CLF_MAX_RANK - 1, (int *)to + index);
}

static bool take_matrix_axes(const char *value, cli_settings *out) {
    out->matrix_axes_given = value_list(value, 2, take_one_axis, out->matrix_axes) == 2;
    return out->matrix_axes_given;
}

static bool take_one_shift(const char *item, int index, void *to) {
    double *by = to;
    return value_number(item, &by[index]) && isfinite(by[index]);
}

static bool take_by(const char *value, cli_settings *out) {
    out->by_count = value_list(value, CLF_MAX_RANK, take_one_shift, out->by);
    return out->by_count > 0;
}

static bool take_shift_order(const char *value, cli_settings *out) {
    static const struct {
        const char *name;
        clf_shift_method method;
    } orders[] = {
        {"0", CLF_SHIFT_WHOLE}, {"1", CLF_SHIFT_LINEAR}, {"3", CLF_SHIFT_CUBIC}, {"fourier", CLF_SHIFT_FOURIER}};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        if (strcmp(value, orders[i].name) == 0) {
            out->shift_method = orders[i].method;
            return true;
        }
    return false;
}

static bool take_device(const char *value, cli_settings *out) {
    out->device = value;
    return *value != '\0';
}

static bool take_time(const char *value, cli_settings *out) {
    out->runs = default_runs;
    return !value || value_whole(value, 1, greatest_runs, &out->runs);
}

static bool take_effort(const char *value, cli_settings *out) {
    static const char *const names[] = {"estimate", "measure", "exhaustive", NULL};
    int place;
    const bool known = take_name(value, names, &place);
    out->effort = (clf_effort)place;
    return known;
}

static bool take_clear(const char *value, cli_settings *out) {
    (void)value;
    return out->clear = true;
}

static bool take_explain(const char *value, cli_settings *out) {
    (void)value;
    return out->explain = true;
}

static bool take_quiet(const char *value, cli_settings *out) {
    (void)value;
    return out->quiet = true;
}

static bool take_json(const char *value, cli_settings *out) {
    (void)value;
    return out->json = true;
}

static bool take_help(const char *value, cli_settings *out) {
    (void)value;
    return out->help = true;
}

static bool take_version(const char *value, cli_settings *out) {
    (void)value;
    return out->version = true;
}

enum {
    FILTERS = COMMAND_CONVOLVE | COMMAND_GRADIENT | COMMAND_EDGES,
    TENSORS = COMMAND_TAKE | COMMAND_PINV | COMMAND_SHIFT,
    WRITERS = FILTERS | TENSORS,
    RUNS = WRITERS | COMMAND_SMOOTHNESS,
    TYPED = COMMAND_CONVOLVE | COMMAND_GRADIENT,
    ALL = RUNS | COMMAND_DEVICES | COMMAND_TUNE | COMMAND_CACHE
};

static const option_row rows[] = {
    {NULL, 'o', required_argument, RUNS, "OUT", "the file to write, by its extension: .npy, .png, .tif or .tiff",
     take_output, "a file's name"},
    {"border", 0, required_argument, FILTERS | COMMAND_SHIFT, "B[,B...]",
     "how the input goes on beyond its ends: reflect (dcb|abcd|cba),\n"
     "periodic (bcd|abcd|abc), symmetric (cba|abcd|dcb), replicate\n"
     "(aaa|abcd|ddd) or constant; one for all filtered axes, or one for\n"
     "each, outermost first (default reflect)",
     take_border, "reflect, periodic, symmetric, replicate or constant, at most 3 with commas between"},
    {"cval", 0, required_argument, FILTERS | COMMAND_SHIFT, "V",
     "the value beyond the ends of a constant border (default 0)", take_cval, "a number that is not NaN"},
    {"mode", 0, required_argument, COMMAND_CONVOLVE, "M",
     "same: OUT has the size of IN; valid: only where the kernel lies\n"
     "inside IN; full: wherever it touches IN (default same)",
     take_mode, "same, valid or full"},
    {"origin", 0, required_argument, COMMAND_CONVOLVE, "O[,O...]",
     "moves the kernel's centre, which is tap K/2 of K, by O taps; one for\n"
     "all filtered axes, or one for each, outermost first (default 0)",
     take_origin, "whole numbers, at most 3 with commas between"},
    {"stride", 0, required_argument, COMMAND_CONVOLVE, "S[,S...]",
     "keep every S-th output; one for all filtered axes, or one for each\n"
     "(default 1)",
     take_stride, "whole numbers from 1 up, at most 3 with commas between"},
    {"dilation", 0, required_argument, COMMAND_CONVOLVE, "D[,D...]",
     "taps lie D samples apart; one for all filtered axes, or one for each\n"
     "(default 1)",
     take_dilation, "whole numbers from 1 up, at most 3 with commas between"},
    {"groups", 0, required_argument, COMMAND_CONVOLVE, "G",
     "of a bank of kernels: input and output channels in G groups that do\n"
     "not mix (default 1)",
     take_groups, "a whole number from 1 up"},
    {"bias", 0, required_argument, COMMAND_CONVOLVE, "FILE",
     "of a bank of kernels: .npy of rank 1, a number added to each output", take_bias, "a file's name"},
    {"method", 0, required_argument, COMMAND_CONVOLVE, "M",
     "auto, direct, separable (refused where the kernel is not), bank, fft\n"
     "(whole transforms), tile (transforms of tiles) or general (default\n"
     "auto: what is estimated to be the fastest)",
     take_method, "auto, direct, separable, bank, fft, tile or general"},
    {"operator", 0, required_argument, COMMAND_GRADIENT, "OP",
     "central: x[j+1] - x[j-1]; sobel, scharr, prewitt: that, smoothed\n"
     "across by 1 2 1, 3 10 3, 1 1 1; forward: x[j+1] - x[j]; backward:\n"
     "x[j] - x[j-1]; gaussian:SIGMA (default central)",
     take_operator, "central, sobel, forward, backward, scharr, prewitt or gaussian:SIGMA"},
    {"output", 0, required_argument, COMMAND_GRADIENT, "WHAT",
     "magnitude: sqrt(dx^2 + dy^2 + eps); dx, dy, dz: a derivative;\n"
     "squared: the magnitude's square; l1: |dx| + |dy|; orientation:\n"
     "the angle of (dx, dy) in radians (default magnitude)",
     take_gradient_output, "magnitude, dx, dy, dz, squared, l1 or orientation"},
    {"axes", 0, required_argument, COMMAND_GRADIENT, "N", "derive along the last 2 or 3 axes (default 2)", take_axes,
     "2 or 3"},
    {"eps", 0, required_argument, COMMAND_GRADIENT, "E", "added under the magnitude's root (default 0)", take_eps,
     "a finite number, 0 or more"},
    {"sigma", 0, required_argument, COMMAND_EDGES, "S", "of the smoothing, in pixels (default 1)", take_sigma,
     "a finite number greater than 0"},
    {"low", 0, required_argument, COMMAND_EDGES, "T",
     "an edge's magnitude is at least this everywhere (default 0.1, times\n"
     "the greatest value of an integer type; given with --high)",
     take_low, "a finite number, 0 or more"},
    {"high", 0, required_argument, COMMAND_EDGES, "T", "and at least this somewhere (default 0.2, likewise)", take_high,
     "a finite number greater than 0"},
    {"norm", 0, required_argument, COMMAND_SMOOTHNESS, "N",
     "of an image difference over its channels: l2 or mean-abs\n(default l2)", take_norm, "l2 or mean-abs"},
    {"reduction", 0, required_argument, COMMAND_SMOOTHNESS, "R",
     "mean, sum, per-axis-mean, or none: the map of terms, written to -o\n(default mean)", take_reduction,
     "mean, sum, none or per-axis-mean"},
    {"order", 0, required_argument, COMMAND_SMOOTHNESS, "K", "of the differences, 1 or 2 (default 1)", take_order,
     "1 or 2"},
    {"edge-weight", 0, required_argument, COMMAND_SMOOTHNESS, "A",
     "how much an edge of the image lets the disparity jump; 0: the image\nis ignored (default 1)", take_edge_weight,
     "a finite number, 0 or more"},
    {"grad-disparity", 0, required_argument, COMMAND_SMOOTHNESS, "OUT",
     "write the loss's gradient with respect to DISPARITY, an .npy", take_grad_disparity, "a file's name"},
    {"grad-image", 0, required_argument, COMMAND_SMOOTHNESS, "OUT",
     "write the loss's gradient with respect to IMAGE, an .npy", take_grad_image, "a file's name"},
    {"scale", 0, required_argument, COMMAND_GRADIENT, "S",
     "multiplies both derivatives; 0.5 makes the central difference a\n"
     "slope (default 1)",
     take_scale, "a finite number other than 0"},
    {"axis", 0, required_argument, COMMAND_TAKE, "A", "the axis to select along; -1 is the last (default 0)",
     take_take_axis, "a whole number, -8 to 7"},
    {"index-mode", 0, required_argument, COMMAND_TAKE, "M",
     "strict: -n to -1 count from the end, any other index outside is an\n"
     "error; wrap: it counts modulo n; clamp: the nearest end (default\n"
     "strict)",
     take_index_mode, "strict, wrap or clamp"},
    {"axes", 0, required_argument, COMMAND_PINV, "M,N", "the axes of rows and columns (default -2,-1)",
     take_matrix_axes, "two whole numbers with a comma between"},
    {"rcond", 0, required_argument, COMMAND_PINV, "R",
     "singular values up to R times the largest count as 0 (default\n"
     "max(rows, columns) times the type's epsilon)",
     take_rcond, "a finite number, 0 or more"},
    {"by", 0, required_argument, COMMAND_SHIFT, "D[,D...]",
     "how far to move along the last axes (an image: rows, columns),\n"
     "towards higher indices where positive",
     take_by, "numbers, at most 8 with commas between"},
    {"order", 0, required_argument, COMMAND_SHIFT, "K",
     "0: by whole numbers, bit for bit; 1: linear; 3: cubic spline;\n"
     "fourier: by transforms, on a periodic border (default 0)",
     take_shift_order, "0, 1, 3 or fourier"},
    {"dtype", 0, required_argument, TYPED, "T",
     "element type of OUT: f32, or IN's own (default IN's own; integers\n"
     "are rounded to nearest even and saturated)",
     take_dtype, "f32, or the input's own type (f64, f16, u8, u16, i16)"},
    {"json", 0, no_argument, COMMAND_DEVICES | COMMAND_CACHE, NULL, "print JSON rather than a table", take_json, NULL},
    {"clear", 0, no_argument, COMMAND_CACHE, NULL, "remove every program first", take_clear, NULL},
    {"effort", 0, required_argument, TUNABLE, "E",
     "how to choose the solver: estimate, or what `clfilter tune` has\n"
     "found; measure: by trying them now; exhaustive: with all their\n"
     "variants (default estimate)",
     take_effort, "estimate, measure or exhaustive"},
    {"device", 0, required_argument, RUNS, "D",
     "the device: its index in `clfilter devices`; gpu, cpu or\n"
     "accelerator; or a part of its name, vendor or platform\n"
     "(default $CLF_DEVICE, else the first GPU, accelerator or other device)",
     take_device, "an index, a type or a part of a name"},
    {"explain", 0, no_argument, RUNS, NULL, "print the problem and the plan that solves it, on stderr", take_explain,
     NULL},
    {"time", 0, optional_argument, RUNS, "[RUNS]",
     "run once for warmth and RUNS times for time (default 10), and print\n"
     "the median milliseconds and GB/s on stderr; RUNS is joined as in\n"
     "--time=20, or is the next argument where that is a whole number",
     take_time, "a whole number of runs, 1 to 1000000"},
    {"quiet", 0, no_argument, ALL, NULL, "print nothing but errors", take_quiet, NULL},
    {"help", 0, no_argument, ALL, NULL, "print this and exit", take_help, NULL},
    {"version", 0, no_argument, ALL, NULL, "print the version and exit", take_version, NULL},
};
enum { row_count = sizeof rows / sizeof *rows };

/* getopt's two tables for one command; an option without a letter is known by first_long + its row. */
typedef struct getopt_tables {
    struct option longs[row_count + 1];
    char shorts[2 + 2 * row_count + 1];
} getopt_tables;

static void make_tables(unsigned bit, getopt_tables *tables) {
    size_t longs = 0;
    size_t shorts = 0;
    tables->shorts[shorts++] = '+'; /* stop at operands: which argument is one is not getopt's to say */
    tables->shorts[shorts++] = ':'; /* tell a missing value from an unknown option */
    for (int i = 0; i < row_count; i++) {
        if (!(rows[i].commands & bit))
            continue;
        if (rows[i].letter)
            tables->shorts[shorts++] = rows[i].letter;
        if (rows[i].letter && rows[i].argument == required_argument)
            tables->shorts[shorts++] = ':';
        if (rows[i].name)
            tables->longs[longs++] = (struct option){rows[i].name, rows[i].argument, NULL, first_long + i};
    }
    tables->shorts[shorts] = '\0';
    tables->longs[longs] = (struct option){0};
}

static const option_row *find_row(int code) {
    if (code >= first_long)
        return &rows[code - first_long];
    for (int i = 0; i < row_count; i++)
        if (code && rows[i].letter == code)
            return &rows[i];
    return NULL;
}

static void spell(const option_row *row, char text[32]) {
    if (row->name)
        snprintf(text, 32, "--%s", row->name);
    else
        snprintf(text, 32, "-%c", row->letter);
}

static bool refuse(const cli_command *command, int code, const char *argument, cli_error *error) {
    const option_row *row = find_row(optopt);
    char name[32];
    if (row)
        spell(row, name);
    if (row && code == ':')
        return cli_misuse(error, "%s: a value is missing: expected %s", name, row->expected);
    if (row)
        return cli_misuse(error, "%s: takes no value", name);
    return cli_misuse(error, "%s: not an option of 'clfilter %s', or not a whole one; --help lists them", argument,
                      command->name);
}

static bool take_option(const cli_command *command, const getopt_tables *tables, int argc, char **argv,
                        cli_settings *out, cli_error *error) {
    const char *argument = argv[optind];
    char name[32];
    const int code = getopt_long(argc, argv, tables->shorts, tables->longs, NULL);
    if (code == '?' || code == ':')
        return refuse(command, code, argument, error);
    const option_row *row = find_row(code);
    const char *value = optarg;
    if (row->argument == optional_argument && !value && optind < argc &&
        strspn(argv[optind], "0123456789") == strlen(argv[optind]) && argv[optind][0])
        value = argv[optind++];
    if (row->take(value, out))
        return true;
    spell(row, name);
    return cli_misuse(error, "%s: '%s' is not %s", name, value, row->expected);
}

/* "-1,0,1" is a kernel and "-" a file's name, not options. */
static bool is_operand(const char *argument) {
    if (argument[0] != '-' || !argument[1])
        return true;
    const char *digit = argument + (argument[1] == '.' ? 2 : 1);
    return *digit >= '0' && *digit <= '9';
}

bool options_parse(const cli_command *command, int argc, char **argv, cli_settings *out,
                   const char *operands[MAX_OPERANDS], cli_error *error) {
    getopt_tables tables;
    int count = 0;
    bool ended = false;
    make_tables(command->bit, &tables);
    opterr = 0;
    for (optind = 1; optind < argc;) {
        const char *argument = argv[optind];
        if (!ended && strcmp(argument, "--") == 0) {
            ended = true;
            optind++;
        } else if (!ended && !is_operand(argument)) {
            if (!take_option(command, &tables, argc, argv, out, error))
                return false;
            if (out->help || out->version)
                return true;
        } else {
            if (count == command->operand_count)
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
    return true;
}

void options_print_help(const cli_command *command) {
    enum { column = 22 };
    printf("usage: clfilter %s %s\n\n%s\n\n%s%soptions:\n", command->name, command->usage, command->summary,
           command->operands, *command->operands ? "\n" : "");
    for (int i = 0; i < row_count; i++) {
        if (!(rows[i].commands & command->bit))
            continue;
        char name[32];
        char left[64];
        spell(&rows[i], name);
        snprintf(left, sizeof left, "%s%s%s", name, rows[i].value ? " " : "", rows[i].value ? rows[i].value : "");
        printf("  %-*s", column - 2, left);
        for (const char *at = rows[i].help; *at; at++) {
            putchar(*at);
            if (*at == '\n')
                printf("%*s", column, "");
        }
        putchar('\n');
    }
    printf(
        "\nAn argument that begins with a minus and a digit is an operand; -- ends the options.\n%s%s\nexamples:\n%s",
        *command->notes ? "\n" : "", command->notes, command->examples);
}

bool options_check_count(const char *option, int given, int axes, cli_error *error) {
    if (given <= 1 || given == axes)
        return true;
    return cli_misuse(error, "%s: %d values for %d filtered ax%s; give one, or one for each", option, given, axes,
                      axes == 1 ? "is" : "es");
}
