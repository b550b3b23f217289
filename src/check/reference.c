/* SPDX-License-Identifier: Apache-2.0 */
/* The formulas of the public headers in plain C and double. */
#include "check/reference.h"

#include <math.h>

/* Bounces and wraps one step at a time, as the pictures in ops.h are drawn. */
int64_t reference_extend(int64_t index, int64_t extent, clf_border border) {
    while (index < 0 || index >= extent) {
        bool below = index < 0;
        switch (border) {
        case CLF_BORDER_PERIODIC: index += below ? extent : -extent; break;
        case CLF_BORDER_SYMMETRIC: index = below ? -1 - index : 2 * extent - 1 - index; break;
        case CLF_BORDER_REPLICATE: index = below ? 0 : extent - 1; break;
        case CLF_BORDER_CONSTANT: return -1;
        default: index = extent == 1 ? 0 : below ? -index : 2 * (extent - 1) - index; break;
        }
    }
    return index;
}

void reference_borders(const clf_border *given, int axes, clf_border *resolved) {
    clf_border before = CLF_BORDER_REFLECT;
    for (int axis = 0; axis < axes; axis++) {
        resolved[axis] = given[axis] == CLF_BORDER_DEFAULT ? before : given[axis];
        before = resolved[axis];
    }
}

double reference_sample(const reference_window *window, const double *plane, const int64_t index[3]) {
    int64_t linear = 0;
    for (int axis = 0; axis < 3; axis++) {
        int64_t inside = reference_extend(index[axis], window->extent[axis], window->border[axis]);
        if (inside < 0) {
            return window->cval;
        }
        linear = linear * window->extent[axis] + inside;
    }
    return plane[linear];
}

/* Counts the windows that fit instead of rounding a quotient: output i is there while its window is. */
int64_t reference_extent(int64_t extent, int64_t taps, int64_t stride, int64_t dilation, clf_mode mode) {
    int64_t reach = dilation * (taps - 1);
    int64_t last = mode == CLF_MODE_SAME    ? extent - 1
                   : mode == CLF_MODE_VALID ? extent - 1 - reach
                                            : extent - 1 + reach;
    int64_t count = 0;
    for (int64_t first = 0; first <= last; first += stride) {
        count++;
    }
    return count;
}

int64_t reference_tap_index(const reference_axis *axis, int64_t output, int64_t tap) {
    int64_t s = axis->stride * output, d = axis->dilation, last = axis->taps - 1;
    if (axis->mode == CLF_MODE_VALID) {
        return s + d * (axis->flipped ? last - tap : tap);
    }
    if (axis->mode == CLF_MODE_FULL) {
        return s + d * (axis->flipped ? -tap : tap - last);
    }
    int64_t centre = axis->taps / 2 + axis->origin;
    return axis->flipped ? s - d * (tap - centre) : s + d * (tap - centre);
}

static double convolve_at(const reference_window *window, const reference_axis axis[3], const double *plane,
                          const double *taps, const int64_t output[3]) {
    double sum = 0;
    int64_t k[3], index[3];
    for (k[0] = 0; k[0] < axis[0].taps; k[0]++) {
        index[0] = reference_tap_index(&axis[0], output[0], k[0]);
        for (k[1] = 0; k[1] < axis[1].taps; k[1]++) {
            index[1] = reference_tap_index(&axis[1], output[1], k[1]);
            for (k[2] = 0; k[2] < axis[2].taps; k[2]++) {
                index[2] = reference_tap_index(&axis[2], output[2], k[2]);
                sum += *taps++ * reference_sample(window, plane, index);
            }
        }
    }
    return sum;
}

void reference_convolve(const reference_window *window, const reference_axis axis[3], const double *x,
                        const double *taps, double *y) {
    int64_t size = window->extent[0] * window->extent[1] * window->extent[2];
    int64_t extent[3], i[3];
    for (int a = 0; a < 3; a++) {
        extent[a] = reference_extent(window->extent[a], axis[a].taps, axis[a].stride, axis[a].dilation, axis[a].mode);
    }
    for (int64_t plane = 0; plane < window->planes; plane++) {
        for (i[0] = 0; i[0] < extent[0]; i[0]++) {
            for (i[1] = 0; i[1] < extent[1]; i[1]++) {
                for (i[2] = 0; i[2] < extent[2]; i[2]++) {
                    *y++ = convolve_at(window, axis, x + plane * size, taps, i);
                }
            }
        }
    }
}

/* The difference along `along`, smoothed by 1 2 1 along `across` where Sobel's is asked for. */
static double derivative(const reference_window *window, const double *plane, const int64_t at[3], int along,
                         int across, bool sobel) {
    double sum = 0;
    for (int side = sobel ? -1 : 0; side <= (sobel ? 1 : 0); side++) {
        double weight = sobel && side == 0 ? 2 : 1;
        int64_t index[3] = {at[0], at[1], at[2]};
        index[across] += side;
        index[along] += 1;
        double after = reference_sample(window, plane, index);
        index[along] -= 2;
        sum += weight * (after - reference_sample(window, plane, index));
    }
    return sum;
}

void reference_gradient(const reference_window *window, const reference_gradient_desc *desc, const double *x,
                        double *y) {
    int64_t size = window->extent[1] * window->extent[2];
    for (int64_t plane = 0; plane < window->planes; plane++) {
        int64_t at[3] = {0};
        for (at[1] = 0; at[1] < window->extent[1]; at[1]++) {
            for (at[2] = 0; at[2] < window->extent[2]; at[2]++) {
                double dx = desc->scale * derivative(window, x + plane * size, at, 2, 1, desc->sobel);
                double dy = desc->scale * derivative(window, x + plane * size, at, 1, 2, desc->sobel);
                *y++ = sqrt(dx * dx + dy * dy + desc->eps);
            }
        }
    }
}

double reference_greatest(const double *values, int64_t count) {
    double greatest = 0;
    for (int64_t i = 0; i < count; i++) {
        greatest = isfinite(values[i]) && fabs(values[i]) > greatest ? fabs(values[i]) : greatest;
    }
    return greatest;
}

double reference_sum(const double *values, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) {
        sum += isfinite(values[i]) ? fabs(values[i]) : 0;
    }
    return sum;
}
