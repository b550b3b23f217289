/* SPDX-License-Identifier: Apache-2.0 */
/* options_convolve.c: the options of convolve, correlate and match, and the border of every filter. */
#include "option_row.h"
#include "values.h"

#include <limits.h>
#include <string.h>

static bool take_one_border(const char *item, int index, void *to) {
    clf_border *borders = to;
    return clf_border_parse(item, &borders[index]) && borders[index] != CLF_BORDER_DEFAULT;
}

static bool take_border(const char *value, cli_settings *out) {
    out->border_count = value_list(value, CLF_MAX_FILTER_AXES, take_one_border, out->border);
    return out->border_count > 0;
}

static bool take_cval(const char *value, cli_settings *out) {
    return value_number(value, &out->cval);
}

static bool take_mode(const char *value, cli_settings *out) {
    for (int mode = CLF_MODE_SAME; mode <= CLF_MODE_FULL; mode++)
        if (strcmp(value, clf_mode_name((clf_mode)mode)) == 0) {
            out->mode = (clf_mode)mode;
            return true;
        }
    return false;
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

static bool take_solver(const char *value, cli_settings *out) {
    static const struct {
        const char *name, *solver;
    } solvers[] = {
        {"auto", NULL},      {"direct", "conv.direct"}, {"separable", "conv.separable"}, {"bank", "conv.bank"},
        {"fft", "conv.fft"}, {"tile", "conv.tile"},     {"general", "conv.general"}};
    for (size_t i = 0; i < sizeof solvers / sizeof *solvers; i++)
        if (strcmp(value, solvers[i].name) == 0) {
            out->solver = solvers[i].solver;
            return true;
        }
    return false;
}

static bool take_score(const char *value, cli_settings *out) {
    static const clf_match_score scores[] = {CLF_MATCH_NORMALISED, CLF_MATCH_CORRELATION, CLF_MATCH_PHASE};
    for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
        if (strcmp(value, clf_match_score_name(scores[i])) == 0) {
            out->score = scores[i];
            out->score_given = true;
            return true;
        }
    return false;
}

static const option_row convolve_rows[] = {
    {"border", 0, required_argument, FILTERS | COMMAND_SHIFT | COMMAND_MATCH, "B[,B...]",
     "how the input continues beyond its ends: reflect (dcb|abcd|cba),\n"
     "periodic (bcd|abcd|abc), symmetric (cba|abcd|dcb), replicate\n"
     "(aaa|abcd|ddd) or constant; one for all filtered axes, or one for\n"
     "each, outermost first (default reflect)",
     take_border, "reflect, periodic, symmetric, replicate or constant, at most 3, separated by commas"},
    {"cval", 0, required_argument, FILTERS | COMMAND_SHIFT | COMMAND_MATCH, "V",
     "the value of a constant border (default 0)", take_cval, "a number"},
    {"mode", 0, required_argument, COMMAND_CONVOLVE | COMMAND_MATCH, "M",
     "same: OUT is as large as IN; valid: only outputs for which the\n"
     "kernel lies inside IN; full: all for which it touches IN (default\n"
     "same)",
     take_mode, "same, valid or full"},
    {"origin", 0, required_argument, COMMAND_CONVOLVE, "O[,O...]",
     "move the kernel's centre, which is tap K/2 of K, by O taps; one for\n"
     "all filtered axes, or one for each, outermost first (default 0)",
     take_origin, "whole numbers, at most 3, separated by commas"},
    {"stride", 0, required_argument, COMMAND_CONVOLVE, "S[,S...]",
     "keep every S-th output; one for all filtered axes, or one for each\n"
     "(default 1)",
     take_stride, "whole numbers from 1 up, at most 3, separated by commas"},
    {"dilation", 0, required_argument, COMMAND_CONVOLVE, "D[,D...]",
     "distance between taps, in samples; one for all filtered axes, or one\n"
     "for each (default 1)",
     take_dilation, "whole numbers from 1 up, at most 3, separated by commas"},
    {"groups", 0, required_argument, COMMAND_CONVOLVE, "G",
     "for a bank of kernels: divide input and output channels into G\n"
     "groups that do not mix (default 1)",
     take_groups, "a whole number from 1 up"},
    {"bias", 0, required_argument, COMMAND_CONVOLVE, "FILE",
     "for a bank of kernels: an .npy of rank 1, added to the outputs", take_bias, "a file's name"},
    {"solver", 0, required_argument, COMMAND_CONVOLVE | COMMAND_MATCH, "S",
     "auto, direct, separable (fails if the kernel is not), bank, fft\n"
     "(transforms of whole planes), tile (transforms of tiles) or general\n"
     "(default auto: the one estimated to be fastest)",
     take_solver, "auto, direct, separable, bank, fft, tile or general"},
    {"score", 0, required_argument, COMMAND_MATCH, "S",
     "the score of a position: normalised (correlation coefficient, from\n"
     "-1 to 1), correlation (sum of products) or phase (phase correlation;\n"
     "periodic, mode same) (default normalised)",
     take_score, "normalised, correlation or phase"},
};

const option_group options_convolve = {convolve_rows, sizeof convolve_rows / sizeof *convolve_rows};
