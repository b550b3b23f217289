/* SPDX-License-Identifier: Apache-2.0 */
/* What the references of Laplacians, structure tensors and Canny's edges share. */
#include "check/features.h"

#include "check/number.h"

#include <math.h>
#include <string.h>

void features_parse(case_line *line, test_case *test, const clf_line_table *table, clf_gradient_words *words) {
    gradient_spec *spec = test->spec;
    case_parse_common(line, test);
    case_read_keys(line, test, table, words);
    spec->axes = test->axes = words->line.axes;
    if (test->input[0].rank < spec->axes) {
        line_fail(line, "the shape has fewer than %d axes", spec->axes);
        test->input[0].rank = spec->axes;
    }
    if (test->input[0].dtype > CLF_I16) {
        line_fail(line, "'%s' is not an element type of images", dtype_names[test->input[0].dtype]);
    }
    double sigma = fmax(words->sigma, words->op.parameter);
    if (!(sigma >= 0 && sigma <= DERIVATIVE_RADIUS / 4)) {
        line_fail(line, "a Gaussian's sigma must be at most %d", DERIVATIVE_RADIUS / 4);
        words->sigma = words->op.parameter = 0;
    }
    memcpy(spec->border, words->border, sizeof spec->border);
    spec->cval = words->cval;
    spec->scale = words->scale;
}

double features_greatest(const test_case *test, const reference_window *window) {
    double greatest = reference_greatest(test->values[0], spec_count(&test->input[0]));
    bool constant = window->border[0] == CLF_BORDER_CONSTANT || window->border[1] == CLF_BORDER_CONSTANT ||
                    window->border[2] == CLF_BORDER_CONSTANT;
    return constant && isfinite(window->cval) ? fmax(greatest, fabs(window->cval)) : greatest;
}

double features_smooth(const reference_window *window, const derivative_taps *taps, const double *plane,
                       const int64_t at[3], double *weight) {
    double sum = 0, ones = 0;
    int radius = taps->radius;
    for (int64_t j = -radius; j <= radius; j++) {
        int64_t row = reference_extend(at[1] + j, window->extent[1], window->border[1]);
        for (int64_t i = -radius; i <= radius; i++) {
            int64_t column = reference_extend(at[2] + i, window->extent[2], window->border[2]);
            double tap = taps->smooth[j + radius] * taps->smooth[i + radius];
            bool inside = row >= 0 && column >= 0;
            sum += tap * (inside ? plane[row * window->extent[2] + column] : window->cval);
            ones += tap * (inside ? 1 : window->cval);
        }
    }
    if (weight != NULL) {
        *weight = ones;
    }
    return sum;
}

double features_smooth_bound(const derivative_taps *taps, double epsilon) {
    return 2 * (2 * (2 * taps->radius + 1)) * epsilon;
}

double features_sobel_bound(double greatest, double epsilon) {
    return 2 * 9 * epsilon * 8 * greatest;
}

void features_no_answer(const test_case *test) {
    test->expected[0] = -1;
    test->tolerance[0] = -1;
}
