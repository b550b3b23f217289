/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Translation:
 *
 *   shift f32 3x20x30 by=0,-1.5,2 border=replicate,reflect,constant cval=3 method=linear, and the words every line
 *   shares
 *
 * The cubic spline is found by solving for the coefficients of a long stretch of x~ as one system of equations, which
 * is another way than the library's recursions.
 */
#include "check/shift.h"

#include "check/number.h"
#include "check/reference.h"
#include "ops/shift/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Samples of x~ beyond those that are asked for: the ends' influence is 0.27 to this power. */
enum { MARGIN = 60 };

static const char *const solvers[] = {"shift.lines", "shift.whole", "shift.dense", NULL};

static void parse(case_line *line, test_case *test) {
    shift_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    case_parse_common(line, test);
    clf_shift_words words = {.cval = 0};
    case_read_keys(line, test, &clf_shift_line, &words);
    memcpy(spec->by, words.by, sizeof spec->by);
    memcpy(spec->border, words.border, sizeof spec->border);
    spec->cval = words.cval;
    spec->method = (clf_shift_method)words.method;
}

static void fill(test_case *test) {
    case_fill_input(test, 0, test->data, 256);
}

/* One line of x, continued. */
typedef struct shift_line {
    const double *x;
    int64_t extent, step;
    clf_border border;
    double cval;
} shift_line;

static double sample(const shift_line *line, int64_t index) {
    int64_t at = reference_extend(index, line->extent, line->border);
    return at < 0 ? line->cval : line->x[at * line->step];
}

/* Coefficients c of first-MARGIN .. last+MARGIN with (c[i-1] + 4 c[i] + c[i+1])/6 = x~[i]; false without memory. */
static bool solve_spline(const shift_line *line, int64_t first, int64_t last, long double **out) {
    int64_t count = last - first + 1 + 2 * MARGIN;
    long double *upper = calloc((size_t)count, sizeof *upper);
    long double *c = calloc((size_t)count, sizeof *c); /* up to three times what a double may be */
    *out = c;
    if (upper == NULL || c == NULL) {
        free(upper);
        return false;
    }
    long double before = 0;
    for (int64_t i = 0; i < count; i++) { /* elimination, downwards */
        long double pivot = 4 - (i > 0 ? upper[i - 1] : 0);
        upper[i] = 1 / pivot;
        before = (6 * (long double)sample(line, first - MARGIN + i) - before) / pivot;
        c[i] = before;
    }
    long double behind = 0;
    for (int64_t i = count - 1; i >= 0; i--) { /* substitution, upwards */
        behind = c[i] - upper[i] * behind;
        c[i] = behind;
    }
    free(upper);
    return true;
}

static double spline(double distance) {
    double t = fabs(distance);
    return t < 1 ? (4 - 6 * t * t + 3 * t * t * t) / 6 : t < 2 ? (2 - t) * (2 - t) * (2 - t) / 6 : 0;
}

/* y[i] = x~(i - by) along one line. */
static void shift_one(const shift_line *line, double by, clf_shift_method method, double *y) {
    long double *c = NULL;
    int64_t first = (int64_t)floor(-by) - 2, last = line->extent + (int64_t)floor(-by) + 3;
    bool whole = by == floor(by), cubic = method == CLF_SHIFT_CUBIC && !whole && solve_spline(line, first, last, &c);
    for (int64_t i = 0; i < line->extent; i++) {
        int64_t below = whole ? i - (int64_t)by : (int64_t)floorl((long double)i - (long double)by);
        double f =
            whole ? 0 : (double)((long double)i - (long double)by - (long double)below); /* exact, as i - by is */
        double value = f == 0 ? sample(line, below) : (1 - f) * sample(line, below) + f * sample(line, below + 1);
        if (cubic) {
            long double sum = 0;
            for (int64_t k = below - 1; k <= below + 2; k++) {
                sum += (long double)spline(f + (double)(below - k)) * c[k - first + MARGIN];
            }
            value = (double)sum;
        }
        y[i * line->step] = value;
    }
    free(c);
}

/* Axis after axis, in double. */
static void reference(const test_case *test) {
    const shift_spec *spec = test->spec;
    const tensor_spec *in = &test->input[0];
    clf_border border[CLF_MAX_RANK];
    reference_borders(spec->border, in->rank, border);
    int64_t count = spec_count(in), step = count;
    double *x = calloc((size_t)count, sizeof *x), bound = 0, terms = 0;
    double cval = spec->method == CLF_SHIFT_WHOLE ? number_round(in->dtype, spec->cval)
                  : in->dtype == CLF_F64          ? spec->cval
                                                  : (double)(float)spec->cval;
    double greatest = fmax(reference_greatest(test->values[0], count), isfinite(cval) ? fabs(cval) : 0);
    memcpy(test->expected, test->values[0], (size_t)count * sizeof *x);
    for (int axis = 0; axis < in->rank && x != NULL; axis++) {
        step /= in->shape[axis];
        memcpy(x, test->expected, (size_t)count * sizeof *x);
        for (int64_t start = 0; start < count; start++) {
            if (start / step % in->shape[axis] == 0) {
                shift_line line = {x + start, in->shape[axis], step, border[axis], cval};
                shift_one(&line, spec->by[axis], spec->method, test->expected + start);
            }
        }
        bool moved = spec->by[axis] == floor(spec->by[axis]);
        bound += moved ? 0 : spec->method == CLF_SHIFT_CUBIC ? 64 : 8;
        terms += moved || test->magnitude == 0 ? 0 : spec->method == CLF_SHIFT_CUBIC ? 4 : 2;
    }
    free(x);
    for (int64_t i = 0; i < count; i++) {
        test->tolerance[i] = bound * number_epsilon(in->dtype) * greatest + terms * number_tiny(in->dtype);
    }
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const shift_spec *spec = test->spec;
    clf_shift_desc desc = {.src = inputs[0].view,
                           .dst = output->view,
                           .cval = spec->cval,
                           .method = spec->method,
                           .options = {.solver = solver}};
    memcpy(desc.by, spec->by, sizeof desc.by);
    memcpy(desc.border, spec->border, sizeof desc.border);
    return clf_plan_shift(fixture->context, &desc, plan, error);
}

const test_operation shift_operation = {"shift",           solvers,          parse,      fill, reference,
                                        plan_case,         case_judge,       case_bytes, NULL, shift_systematic_lines,
                                        shift_small_lines, shift_random_line};
