/* SPDX-License-Identifier: Apache-2.0 */
/* options_gradient.c: the options of gradient, edges and smoothness. */
#include "option_row.h"
#include "values.h"

#include <math.h>
#include <string.h>

static bool take_operator(const char *value, cli_settings *out) {
    const char *colon = strchr(value, ':');
    const size_t length = colon ? (size_t)(colon - value) : strlen(value);
    for (int op = CLF_GRADIENT_CENTRAL; op <= CLF_GRADIENT_GAUSSIAN; op++) {
        const char *name = clf_gradient_operator_name((clf_gradient_operator)op);
        if (strlen(name) != length || strncmp(value, name, length) != 0)
            continue;
        out->gradient_operator = (clf_gradient_operator)op;
        return op == CLF_GRADIENT_GAUSSIAN ? colon && value_positive(colon + 1, &out->sigma) : !colon;
    }
    return false;
}

static bool take_gradient_output(const char *value, cli_settings *out) {
    static const char *const names[] = {"magnitude", "dx", "dy", "dz", "squared", "l1", "orientation", NULL};
    return value_name(value, names, &out->gradient_output);
}

static bool take_axes(const char *value, cli_settings *out) {
    return value_whole(value, 2, 3, &out->axes);
}

static bool take_eps(const char *value, cli_settings *out) {
    return value_number(value, &out->eps) && isfinite(out->eps) && out->eps >= 0;
}

static bool take_scale(const char *value, cli_settings *out) {
    return value_number(value, &out->scale) && isfinite(out->scale) && out->scale != 0;
}

static bool take_sigma(const char *value, cli_settings *out) {
    return value_positive(value, &out->sigma);
}

static bool take_low(const char *value, cli_settings *out) {
    out->low_given = true;
    return value_number(value, &out->low) && isfinite(out->low) && out->low >= 0;
}

static bool take_high(const char *value, cli_settings *out) {
    return value_positive(value, &out->high);
}

static bool take_norm(const char *value, cli_settings *out) {
    static const char *const names[] = {"l2", "mean-abs", NULL};
    int place;
    const bool known = value_name(value, names, &place);
    out->norm = (clf_smoothness_norm)place;
    return known;
}

static bool take_reduction(const char *value, cli_settings *out) {
    static const char *const names[] = {"mean", "sum", "none", "per-axis-mean", NULL};
    int place;
    const bool known = value_name(value, names, &place);
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

static const option_row gradient_rows[] = {
    {"operator", 0, required_argument, COMMAND_GRADIENT, "OP",
     "central: x[j+1] - x[j-1]; sobel, scharr, prewitt: the same, smoothed\n"
     "across by 1 2 1, 3 10 3, 1 1 1; forward: x[j+1] - x[j]; backward:\n"
     "x[j] - x[j-1]; gaussian:SIGMA: the derivative of a Gaussian (default\n"
     "central)",
     take_operator, "central, sobel, forward, backward, scharr, prewitt or gaussian:SIGMA"},
    {"output", 0, required_argument, COMMAND_GRADIENT, "WHAT",
     "magnitude: sqrt(dx^2 + dy^2 + eps); dx, dy, dz: a derivative;\n"
     "squared: the magnitude's square; l1: |dx| + |dy|; orientation:\n"
     "the angle of (dx, dy) in radians (default magnitude)",
     take_gradient_output, "magnitude, dx, dy, dz, squared, l1 or orientation"},
    {"axes", 0, required_argument, COMMAND_GRADIENT, "N", "derive along the last 2 or 3 axes (default 2)", take_axes,
     "2 or 3"},
    {"eps", 0, required_argument, COMMAND_GRADIENT, "E", "added under the square root of the magnitude (default 0)",
     take_eps, "a finite number, 0 or more"},
    {"scale", 0, required_argument, COMMAND_GRADIENT, "S",
     "factor for the derivatives; 0.5 makes the central difference a slope\n"
     "(default 1)",
     take_scale, "a finite number other than 0"},
    {"sigma", 0, required_argument, COMMAND_EDGES, "S", "standard deviation of the smoothing, in pixels (default 1)",
     take_sigma, "a finite number greater than 0"},
    {"low", 0, required_argument, COMMAND_EDGES, "T",
     "all pixels of an edge have at least this magnitude (default 0.1, for\n"
     "integers times the largest value of the type; requires --high)",
     take_low, "a finite number, 0 or more"},
    {"high", 0, required_argument, COMMAND_EDGES, "T", "and one of them at least this (default 0.2, likewise)",
     take_high, "a finite number greater than 0"},
    {"norm", 0, required_argument, COMMAND_SMOOTHNESS, "N",
     "norm of an image difference over its channels: l2 or mean-abs\n(default l2)", take_norm, "l2 or mean-abs"},
    {"reduction", 0, required_argument, COMMAND_SMOOTHNESS, "R",
     "mean, sum, per-axis-mean, or none, which writes the map of terms to\nOUT (default mean)", take_reduction,
     "mean, sum, none or per-axis-mean"},
    {"order", 0, required_argument, COMMAND_SMOOTHNESS, "K", "order of the differences, 1 or 2 (default 1)", take_order,
     "1 or 2"},
    {"edge-weight", 0, required_argument, COMMAND_SMOOTHNESS, "A",
     "how strongly image edges allow the disparity to jump; 0 ignores the\nimage (default 1)", take_edge_weight,
     "a finite number, 0 or more"},
    {"grad-disparity", 0, required_argument, COMMAND_SMOOTHNESS, "OUT",
     "write the gradient with respect to DISPARITY to this .npy", take_grad_disparity, "a file's name"},
    {"grad-image", 0, required_argument, COMMAND_SMOOTHNESS, "OUT",
     "write the gradient with respect to IMAGE to this .npy", take_grad_image, "a file's name"},
};

const option_group options_gradient = {gradient_rows, sizeof gradient_rows / sizeof *gradient_rows};
