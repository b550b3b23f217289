/* SPDX-License-Identifier: Apache-2.0 */
/* Derivatives in plain C and double. */
#include "check/derivative.h"

#include <math.h>
#include <string.h>

const char *const derivative_names[] = {"central", "sobel",   "forward",  "backward",
                                        "scharr",  "prewitt", "gaussian", NULL};

static void gaussian_taps(double sigma, int order, derivative_taps *taps) {
    double sum = 0;
    taps->radius = (int)floor(4 * sigma + 0.5);
    for (int k = -taps->radius; k <= taps->radius; k++) {
        sum += exp(-(double)(k * k) / (2 * sigma * sigma));
    }
    for (int k = -taps->radius; k <= taps->radius; k++) {
        double tap = exp(-(double)(k * k) / (2 * sigma * sigma)) / sum;
        taps->smooth[k + taps->radius] = tap;
        taps->derivative[k + taps->radius] =
            order == 1 ? tap * k / (sigma * sigma) : tap * (k * k / pow(sigma, 4) - 1 / (sigma * sigma));
    }
}

void derivative_make_taps(clf_gradient_operator op, double sigma, int order, derivative_taps *taps) {
    static const double none[3] = {0, 1, 0}, sobel[3] = {1, 2, 1}, scharr[3] = {3, 10, 3}, prewitt[3] = {1, 1, 1};
    static const double central[3] = {-1, 0, 1}, forward[3] = {0, -1, 1}, backward[3] = {-1, 1, 0};
    static const double second[3] = {1, -2, 1};
    memset(taps, 0, sizeof *taps);
    if (op == CLF_GRADIENT_GAUSSIAN) {
        gaussian_taps(sigma, order, taps);
        return;
    }
    const double *smooth = op == CLF_GRADIENT_SOBEL     ? sobel
                           : op == CLF_GRADIENT_SCHARR  ? scharr
                           : op == CLF_GRADIENT_PREWITT ? prewitt
                                                        : none;
    const double *derivative = order == 2                    ? second
                               : op == CLF_GRADIENT_FORWARD  ? forward
                               : op == CLF_GRADIENT_BACKWARD ? backward
                                                             : central;
    taps->radius = 1;
    memcpy(taps->smooth, smooth, sizeof none);
    memcpy(taps->derivative, derivative, sizeof none);
}

/* What the tap of the derivative along axis `along` has of axis `axis` at offset k: it is the product over all. */
static double factor_of(const derivative_taps *taps, int axes, int along, int axis, int k) {
    return axis < 3 - axes ? 1 : (axis == along ? taps->derivative : taps->smooth)[k + taps->radius];
}

/* Calls for every offset of the window that has a tap other than 0 in some derivative. */
typedef struct window_walk {
    const reference_window *window;
    const derivative_taps *taps;
    const int64_t *at;
    int axes;
} window_walk;

/* Where offset k along `axis` lies, after `outer`, the index that the axes before it make; -1: the constant. */
static int64_t element_at(const window_walk *walk, int64_t outer, int axis, int k) {
    int64_t extent = walk->window->extent[axis];
    int64_t inside = reference_extend(walk->at[axis] + k, extent, walk->window->border[axis]);
    return outer < 0 || inside < 0 ? -1 : outer * extent + inside;
}

/*
 * One derivative, or with `gradient` what it hands back. What has a tap of 0 is no part of the window: what is there
 * does not matter, not even NaN.
 */
static double walk_window(const window_walk *walk, int along, const double *plane, double back, double *gradient) {
    double sum = 0;
    int radius = walk->taps->radius, depth = walk->axes == 3 ? radius : 0;
    for (int z = -depth; z <= depth; z++) {
        double outer = factor_of(walk->taps, walk->axes, along, 0, z);
        int64_t slice = outer == 0 ? 0 : element_at(walk, 0, 0, z);
        for (int y = -radius; y <= radius && outer != 0; y++) {
            double middle = outer * factor_of(walk->taps, walk->axes, along, 1, y);
            int64_t row = middle == 0 ? 0 : element_at(walk, slice, 1, y);
            for (int x = -radius; x <= radius && middle != 0; x++) {
                double tap = middle * factor_of(walk->taps, walk->axes, along, 2, x);
                int64_t element = tap == 0 ? 0 : element_at(walk, row, 2, x);
                if (tap != 0 && plane != NULL) {
                    sum += tap * (element < 0 ? walk->window->cval : plane[element]);
                } else if (tap != 0 && element >= 0) {
                    gradient[element] += tap * back;
                }
            }
        }
    }
    return sum;
}

void derivative_at(const reference_window *window, int axes, const derivative_taps *taps, const double *plane,
                   const int64_t at[3], double d[3]) {
    window_walk walk = {window, taps, at, axes};
    d[0] = 0;
    for (int along = 3 - axes; along < 3; along++) {
        d[along] = walk_window(&walk, along, plane, 0, NULL);
    }
}

void derivative_back(const reference_window *window, int axes, const derivative_taps *taps, const int64_t at[3],
                     const double d[3], double *gradient) {
    window_walk walk = {window, taps, at, axes};
    for (int along = 3 - axes; along < 3; along++) {
        if (d[along] != 0) {
            (void)walk_window(&walk, along, NULL, d[along], gradient);
        }
    }
}

double derivative_tap_count(const derivative_taps *taps, int axes) {
    return pow(2 * taps->radius + 1, axes);
}

double derivative_weight(const derivative_taps *taps, int axes) {
    double smooth = 0, derivative = 0;
    for (int k = 0; k <= 2 * taps->radius; k++) {
        smooth += fabs(taps->smooth[k]);
        derivative += fabs(taps->derivative[k]);
    }
    return derivative * pow(smooth, axes - 1);
}
