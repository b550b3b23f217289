/* SPDX-License-Identifier: Apache-2.0 */
/* The references of normalised matching and phase correlation, from the formulas of clfilter/match.h. */
#include "check/match.h"

#include "check/number.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What one window says: its score, whether it is flat to the last bit, whether the bound holds for it. */
typedef struct window_score {
    double value;
    bool flat, bounded;
} window_score;

typedef struct match_form {
    reference_window window;
    reference_axis axis[3];
    const double *pattern;
    double pattern_mean, pattern_squares; /* of the pattern less its mean */
    double *values;                       /* room for one window, and the pattern after it */
    int magnitude;                        /* of the image: its values are scaled by 2 to the negative of this */
} match_form;

/* Copies values, of magnitude 1 where the line has another: scores do not depend on it, but squares would overflow. */
static void load_values(const test_case *test, const double *values, int64_t count, double *to) {
    for (int64_t i = 0; i < count; i++) {
        to[i] = ldexp(values[i], -test->magnitude);
    }
}

static void centre_pattern(const test_case *test, match_form *form) {
    int64_t count = spec_count(&test->input[1]);
    form->pattern = form->values + count;
    load_values(test, test->values[1], count, form->values + count);
    for (int64_t k = 0; k < count; k++) {
        form->pattern_mean += form->pattern[k] / (double)count;
    }
    for (int64_t k = 0; k < count; k++) {
        form->pattern_squares += pow(form->pattern[k] - form->pattern_mean, 2);
    }
}

static window_score score_window(const match_form *form, const double *plane, int64_t y, int64_t x) {
    int64_t rows = form->axis[1].taps, columns = form->axis[2].taps, count = rows * columns;
    double sum = 0, greatest = 0, low = INFINITY, high = -INFINITY, product = 0, squares = 0;
    for (int64_t k = 0; k < count; k++) {
        const int64_t at[3] = {0, reference_tap_index(&form->axis[1], y, k / columns),
                               reference_tap_index(&form->axis[2], x, k % columns)};
        double value = form->values[k] = ldexp(reference_sample(&form->window, plane, at), -form->magnitude);
        sum += value;
        greatest = fmax(greatest, fabs(value));
        low = fmin(low, value);
        high = fmax(high, value);
    }
    double mean = sum / (double)count;
    for (int64_t k = 0; k < count; k++) {
        product += (form->pattern[k] - form->pattern_mean) * (form->values[k] - mean);
        squares += pow(form->values[k] - mean, 2);
    }
    bool flat = low == high && isfinite(sum);
    double length = sqrt(squares * form->pattern_squares);
    return (window_score){.value = flat ? 0 : product / length,
                          .flat = flat,
                          .bounded = !isfinite(sum) || sqrt(squares / (double)count) >= 1e-2 * greatest};
}

/*
 * The header's bound where it holds; a window flat to the last bit scores 0 exactly, and so does everything where the
 * pattern is flat; in between, where windows vary too little beside their values, any number.
 */
void normalised_reference(const test_case *test) {
    const match_spec *spec = test->spec;
    match_form form = {.pattern = NULL, .magnitude = test->magnitude};
    conv_form shape;
    conv_form_make(&spec->conv, &shape);
    conv_window(test, &form.window, form.axis);
    form.values = calloc(2 * (size_t)spec_count(&test->input[1]), sizeof *form.values);
    if (form.values == NULL) {
        test->expected[0] = test->tolerance[0] = -1; /* nothing meets this */
        return;
    }
    centre_pattern(test, &form);
    double bound = test->input[0].dtype == CLF_F64 ? 1e-9 : 1e-4;
    int64_t size = form.window.extent[1] * form.window.extent[2], out = shape.out[1] * shape.out[2];
    for (int64_t i = 0; i < form.window.planes * out; i++) {
        window_score score =
            score_window(&form, test->values[0] + i / out * size, i % out / shape.out[2], i % shape.out[2]);
        bool zero = score.flat || spec->flat;
        test->expected[i] = zero ? 0 : score.value;
        test->tolerance[i] = zero ? 0 : score.bounded ? bound : (double)INFINITY;
    }
    free(form.values);
}

/* Discrete Fourier transforms along an axis of `extent` elements `step` apart, the others `lines`; sign -1 forward. */
static void transform_axis(double complex *field, int64_t extent, int64_t step, int64_t lines, int sign,
                           double complex *room) {
    const double pi = 3.14159265358979323846;
    for (int64_t line = 0; line < lines; line++) {
        double complex *first = field + line / step * step * extent + line % step;
        for (int64_t f = 0; f < extent; f++) {
            room[f] = 0;
            for (int64_t t = 0; t < extent; t++) {
                double angle = sign * 2 * pi * (double)(f * t % extent) / (double)extent;
                room[f] += first[t * step] * (cos(angle) + I * sin(angle));
            }
        }
        for (int64_t f = 0; f < extent; f++) {
            first[f * step] = room[f];
        }
    }
}

static void transform(double complex *field, int64_t height, int64_t width, int sign, double complex *room) {
    transform_axis(field, width, 1, height, sign, room);
    transform_axis(field, height, width, width, sign, room);
}

static double root_mean_square(const double complex *field, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) {
        sum += creal(field[i] * conj(field[i]));
    }
    return sqrt(sum / (double)count);
}

/*
 * X conj(P) / |X conj(P)| into `x`. Returns the mean of what its elements may be off: transforms are within a relative
 * L2 error of `epsilon`, each coefficient within four times the mean share of that, and what is divided by its size
 * turns by as much as it was off beside it.
 */
static double cross_phase(double complex *x, const double complex *p, int64_t count, double epsilon) {
    double off_x = 4 * epsilon * root_mean_square(x, count), off_p = 4 * epsilon * root_mean_square(p, count);
    double off = 0;
    for (int64_t i = 0; i < count; i++) {
        double complex product = x[i] * conj(p[i]);
        double size_x = cabs(x[i]), size_p = cabs(p[i]), size = cabs(product);
        off += size > 0 ? fmin(2, 2 * (off_x / size_x + off_p / size_p)) : 2;
        x[i] = size > 0 ? product / size : 0;
    }
    return off / (double)count;
}

static void load(const test_case *test, const double *values, int64_t count, double complex *field) {
    for (int64_t i = 0; i < count; i++) {
        field[i] = ldexp(values[i], -test->magnitude);
    }
}

/*
 * The transforms by their definition. The header states no bound, as what is near 0 in both spectra is amplified; these
 * inputs' own is known, and holds: the mean of cross_phase() and the transform back.
 */
void phase_reference(const test_case *test) {
    int64_t height = test->input[1].shape[0], width = test->input[1].shape[1], size = height * width;
    int64_t planes = spec_count(&test->input[0]) / size;
    double epsilon = test->input[0].dtype == CLF_F64 ? 1e-14 : 1e-6;
    double complex *x = calloc(3 * (size_t)size, sizeof *x), *p = x + size, *room = p + size;
    if (x == NULL) {
        test->expected[0] = test->tolerance[0] = -1; /* nothing meets this */
        return;
    }
    load(test, test->values[1], size, p);
    transform(p, height, width, -1, room);
    for (int64_t plane = 0; plane < planes; plane++) {
        load(test, test->values[0] + plane * size, size, x);
        transform(x, height, width, -1, room);
        double off = cross_phase(x, p, size, epsilon) + epsilon;
        transform(x, height, width, 1, room);
        for (int64_t i = 0; i < size; i++) {
            test->expected[plane * size + i] = creal(x[i]) / (double)size;
            test->tolerance[plane * size + i] = off;
        }
    }
    free(x);
}
