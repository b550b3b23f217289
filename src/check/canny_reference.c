/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Canny's edges in plain C and double, with what rounding may change: every comparison is answered yes, no or, where
 * its sides are equal within their bounds, maybe. Hysteresis only ever gains edges from more candidates, so the edges
 * of the certain candidates alone are in every answer, and those of the possible ones hold every answer.
 */
#include "check/features.h"

#include "check/number.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum canny_answer { NO, MAYBE, YES } canny_answer;

/* One plane: its fields, how far off they may be, and what is known of each pixel. */
typedef struct canny_plane {
    int64_t height, width;
    double epsilon, tiny;      /* the least number, in units of the input's magnitude */
    double off, off_magnitude; /* of a derivative; of the greatest magnitude */
    double *smooth, *dx, *dy, *magnitude;
    unsigned char *candidate, *strong, *reached; /* canny_answer; reached: bit 0 certainly an edge, bit 1 possibly */
    int64_t *stack;
} canny_plane;

static bool plane_begin(canny_plane *plane, const reference_window *window, const test_case *test) {
    size_t size = (size_t)(window->extent[1] * window->extent[2]);
    *plane = (canny_plane){.height = window->extent[1],
                           .width = window->extent[2],
                           .epsilon = number_epsilon(test->input[0].dtype),
                           .tiny = ldexp(number_tiny(test->input[0].dtype), -test->magnitude)};
    plane->smooth = calloc(4 * size, sizeof *plane->smooth);
    plane->candidate = calloc(3 * size, 1);
    plane->stack = calloc(size, sizeof *plane->stack);
    if (plane->smooth == NULL || plane->candidate == NULL || plane->stack == NULL) {
        return false;
    }
    plane->dx = plane->smooth + size;
    plane->dy = plane->dx + size;
    plane->magnitude = plane->dy + size;
    plane->strong = plane->candidate + size;
    plane->reached = plane->strong + size;
    return true;
}

static void plane_end(canny_plane *plane) {
    free(plane->smooth);
    free(plane->candidate);
    free(plane->stack);
}

/* The smoothed plane, and how far off its elements may be: the sum, its weight, the quotient. */
static double smooth_plane(const test_case *test, const reference_window *window, const double *src,
                           canny_plane *plane) {
    const canny_spec *spec = test->spec;
    derivative_taps taps;
    derivative_make_taps(CLF_GRADIENT_GAUSSIAN, spec->sigma == 0 ? 1 : spec->sigma, 1, &taps);
    double part = features_smooth_bound(&taps, plane->epsilon), greatest = features_greatest(test, window), off = 0;
    double off_weight = part * fmax(1, fabs(window->cval));
    int64_t at[3] = {0}, i = 0;
    for (at[1] = 0; at[1] < plane->height; at[1]++) {
        for (at[2] = 0; at[2] < plane->width; at[2]++, i++) {
            double weight = 0, sum = features_smooth(window, &taps, src, at, &weight);
            double value = plane->smooth[i] = sum / (weight + DBL_EPSILON);
            off = fmax(off, (part * greatest + fabs(value) * off_weight) / (fabs(weight) - off_weight) +
                                plane->epsilon * fabs(value));
        }
    }
    /* images are divided by 16, and each tap of two passes then rounds what is small */
    return off + 16 * (2 * (2 * taps.radius + 1) + 2) * plane->tiny;
}

/* Sobel's derivatives on a symmetric border, and their magnitude. */
static void derive_plane(const reference_window *window, double off_smooth, canny_plane *plane) {
    reference_window symmetric = *window;
    derivative_taps sobel;
    derivative_make_taps(CLF_GRADIENT_SOBEL, 0, 1, &sobel);
    symmetric.border[1] = symmetric.border[2] = CLF_BORDER_SYMMETRIC;
    int64_t at[3] = {0}, i = 0, size = plane->height * plane->width;
    for (at[1] = 0; at[1] < plane->height; at[1]++) {
        for (at[2] = 0; at[2] < plane->width; at[2]++, i++) {
            double d[3];
            derivative_at(&symmetric, 2, &sobel, plane->smooth, at, d);
            plane->dx[i] = d[2];
            plane->dy[i] = d[1];
            plane->magnitude[i] = sqrt(d[2] * d[2] + d[1] * d[1]);
        }
    }
    plane->off = 8 * off_smooth + features_sobel_bound(reference_greatest(plane->smooth, size), plane->epsilon);
    plane->off_magnitude =
        sqrt(2) * plane->off + 4 * plane->epsilon * reference_greatest(plane->magnitude, size) + 2 * 16 * plane->tiny;
}

/* Is a <= b, each side off by so much? */
static canny_answer at_most(double a, double off_a, double b, double off_b) {
    return a + off_a <= b - off_b ? YES : a - off_a > b + off_b ? NO : MAYBE;
}

static canny_answer least(canny_answer a, canny_answer b) {
    return a < b ? a : b;
}

/* The magnitude at `at` against that on one side, mixed from a neighbour straight ahead and one diagonally. */
static canny_answer side_is_lower(const canny_plane *plane, int64_t at, int64_t straight, int64_t diagonal,
                                  double shorter, double longer) {
    const double *m = plane->magnitude;
    double part = longer > 0 ? fmin(1, shorter / longer) : 1;
    double off_part = longer > 2 * plane->off ? fmin(1, 2 * plane->off / (longer - plane->off)) : 1;
    double mixed = m[at + diagonal] * part + m[at + straight] * (1 - part);
    double off = plane->off_magnitude + fabs(m[at + diagonal] - m[at + straight]) * (off_part + plane->epsilon) +
                 4 * plane->epsilon * fmax(m[at + diagonal], m[at + straight]);
    return at_most(mixed, off, m[at], plane->off_magnitude);
}

/* Both sides, where the gradient lies in one of the four quarters of directions. */
static canny_answer ridge_in(const canny_plane *plane, int64_t at, bool same_sign, bool steep) {
    double down = fabs(plane->dy[at]), across = fabs(plane->dx[at]);
    double shorter = steep ? across : down, longer = steep ? down : across;
    int64_t straight = steep ? plane->width : 1;
    int64_t diagonal = same_sign ? plane->width + 1 : steep ? plane->width - 1 : 1 - plane->width;
    return least(side_is_lower(plane, at, straight, diagonal, shorter, longer),
                 side_is_lower(plane, at, -straight, -diagonal, shorter, longer));
}

/* Every quarter that the gradient may lie in must say the same. */
static canny_answer is_ridge(const canny_plane *plane, int64_t at) {
    double i = plane->dy[at], j = plane->dx[at], off = plane->off;
    bool same = (i >= -off && j >= -off) || (i <= off && j <= off);
    bool opposite = (i <= off && j >= -off) || (i >= -off && j <= off);
    bool steep = fabs(i) >= fabs(j) - 2 * off, gentle = fabs(i) <= fabs(j) + 2 * off;
    bool lies[2][2] = {{opposite && gentle, opposite && steep}, {same && gentle, same && steep}};
    bool found[3] = {false, false, false};
    for (int sign = 0; sign < 2; sign++) {
        for (int slope = 0; slope < 2; slope++) {
            if (lies[sign][slope]) {
                found[ridge_in(plane, at, sign == 1, slope == 1)] = true;
            }
        }
    }
    return found[MAYBE] || (found[YES] && found[NO]) ? MAYBE : found[YES] ? YES : NO;
}

static void find_candidates(canny_plane *plane, double low, double high) {
    for (int64_t i = 0; i < plane->height; i++) {
        for (int64_t j = 0; j < plane->width; j++) {
            int64_t at = i * plane->width + j;
            double m = plane->magnitude[at], off = plane->off_magnitude;
            bool inside = i > 0 && j > 0 && i < plane->height - 1 && j < plane->width - 1;
            canny_answer large = m > off ? YES : MAYBE; /* more than nothing */
            large = low > 0 ? least(large, at_most(low, plane->epsilon * low, m, off)) : large;
            plane->candidate[at] = (unsigned char)(inside && large != NO ? least(large, is_ridge(plane, at)) : NO);
            plane->strong[at] = (unsigned char)at_most(high, plane->epsilon * high, m, off);
        }
    }
}

/* Marks what touches a strong candidate by way of candidates, each of them so by `level` at least. */
static void follow(canny_plane *plane, canny_answer level, unsigned char mark) {
    int64_t size = plane->height * plane->width, waiting = 0;
    for (int64_t first = 0; first < size; first++) {
        if (plane->candidate[first] < level || plane->strong[first] < level || (plane->reached[first] & mark) != 0) {
            continue;
        }
        plane->reached[first] |= mark;
        plane->stack[waiting++] = first;
        while (waiting > 0) {
            int64_t at = plane->stack[--waiting];
            for (int k = 0; k < 9; k++) { /* candidates lie off the rim: all neighbours exist */
                int64_t beside = at + (k / 3 - 1) * plane->width + k % 3 - 1;
                if (plane->candidate[beside] >= level && (plane->reached[beside] & mark) == 0) {
                    plane->reached[beside] |= mark;
                    plane->stack[waiting++] = beside;
                }
            }
        }
    }
}

static void thresholds(const test_case *test, double *low, double *high) {
    const canny_spec *spec = test->spec;
    clf_dtype dtype = test->input[0].dtype;
    bool defaults = spec->low == 0 && spec->high == 0;
    double range = number_is_real(dtype) ? 1 : number_high(dtype);
    *low = ldexp(defaults ? 0.1 * range : spec->low, -test->magnitude);
    *high = ldexp(defaults ? 0.2 * range : spec->high, -test->magnitude);
}

void canny_reference(const test_case *test) {
    canny_spec *spec = test->spec;
    reference_window window;
    canny_plane plane;
    double low, high;
    gradient_window(test, &window);
    thresholds(test, &low, &high);
    gradient_magnify(test, -test->magnitude);
    int64_t size = window.extent[1] * window.extent[2];
    if (!plane_begin(&plane, &window, test)) {
        features_no_answer(test);
        window.planes = 0;
    }
    for (int64_t p = 0; p < window.planes; p++) {
        memset(plane.reached, 0, (size_t)size);
        derive_plane(&window, smooth_plane(test, &window, test->values[0] + p * size, &plane), &plane);
        find_candidates(&plane, low, high);
        follow(&plane, YES, 1);
        follow(&plane, MAYBE, 2);
        for (int64_t i = 0; i < size; i++) {
            bool certain = (plane.reached[i] & 1) != 0, open = !certain && plane.reached[i] != 0;
            test->expected[p * size + i] = open ? 127.5 : certain ? 255 : 0;
            test->tolerance[p * size + i] = open ? 127.5 : 0;
            spec->open += open;
        }
    }
    gradient_magnify(test, test->magnitude);
    plane_end(&plane);
}
