/* SPDX-License-Identifier: Apache-2.0 */
/* options_tensor.c: the options of take, pinv and shift. */
#include "option_row.h"
#include "values.h"

#include <math.h>
#include <string.h>

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

static bool take_mask(const char *value, cli_settings *out) {
    out->mask = value;
    return *value != '\0';
}

static bool take_one_axis(const char *item, int index, void *to) {
    return value_whole(item, -CLF_MAX_RANK, CLF_MAX_RANK - 1, (int *)to + index);
}

static bool take_matrix_axes(const char *value, cli_settings *out) {
    out->matrix_axes_given = value_list(value, 2, take_one_axis, out->matrix_axes) == 2;
    return out->matrix_axes_given;
}

static bool take_rcond(const char *value, cli_settings *out) {
    return value_number(value, &out->rcond) && isfinite(out->rcond) && out->rcond >= 0;
}

static bool take_one_shift(const char *item, int index, void *to) {
    double *by = to;
    return value_number(item, &by[index]) && fabs(by[index]) < 0x1p50;
}

static bool take_by(const char *value, cli_settings *out) {
    out->by_count = value_list(value, CLF_MAX_RANK, take_one_shift, out->by);
    return out->by_count > 0;
}

static bool take_shift_method(const char *value, cli_settings *out) {
    for (int method = CLF_SHIFT_WHOLE; method <= CLF_SHIFT_FOURIER; method++)
        if (strcmp(value, clf_shift_method_name((clf_shift_method)method)) == 0) {
            out->shift_method = (clf_shift_method)method;
            return true;
        }
    return false;
}

static const option_row tensor_rows[] = {
    {"axis", 0, required_argument, COMMAND_TAKE, "A", "the axis to select along; -1 is the last one (default 0)",
     take_take_axis, "a whole number, -8 to 7"},
    {"index-mode", 0, required_argument, COMMAND_TAKE, "M",
     "indices outside 0 to n-1: strict: -n to -1 count from the end, any\n"
     "others are errors; wrap: taken modulo n; clamp: the nearest end\n"
     "(default strict)",
     take_index_mode, "strict, wrap or clamp"},
    {"mask", 0, required_argument, COMMAND_TAKE, "FILE",
     "in place of INDICES: an .npy of bool or unsigned integers, as long as\n"
     "the axis; its elements that are not 0 select",
     take_mask, "a file's name"},
    {"axes", 0, required_argument, COMMAND_PINV, "M,N", "the axes of the rows and of the columns (default -2,-1)",
     take_matrix_axes, "two whole numbers from -8 to 7, separated by a comma"},
    {"rcond", 0, required_argument, COMMAND_PINV, "R",
     "singular values up to R times the largest count as 0 (default\n"
     "max(rows, columns) times the type's epsilon)",
     take_rcond, "a finite number, 0 or more"},
    {"by", 0, required_argument, COMMAND_SHIFT, "D[,D...]",
     "how far to move along the last axes (for an image: rows, columns);\n"
     "positive is towards higher indices",
     take_by, "numbers below 2^50, at most 8, separated by commas"},
    {"method", 0, required_argument, COMMAND_SHIFT, "M",
     "interpolation: whole (none: whole numbers, bit for bit), linear,\n"
     "cubic (spline) or fourier (with a periodic border) (default whole)",
     take_shift_method, "whole, linear, cubic or fourier"},
};

const option_group options_tensor = {tensor_rows, sizeof tensor_rows / sizeof *tensor_rows};
