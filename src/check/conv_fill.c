/* SPDX-License-Identifier: Apache-2.0 */
/* What the tensors of a convolution's case hold. */
#include "check/conv.h"

#include "check/number.h"

#include <math.h>
#include <string.h>

enum { TAP_LIMIT = 4, MOST_FACTOR = 4096 };

/* Multiplies every value by `scale` as the type holds it. */
static void scale_values(const tensor_spec *spec, double *values, double scale) {
    for (int64_t i = 0; i < spec_count(spec); i++) {
        values[i] = number_round(spec->dtype, values[i] * scale);
    }
}

/*
 * A 1-D kernel: whole numbers of at most `limit`, or from -1 to 1. `coarse`: multiples of 1/128, so that the product of
 * three is exact in single precision.
 */
static void fill_factor(random_state *random, int64_t limit, bool coarse, int64_t taps, double *values) {
    for (int64_t k = 0; k < taps; k++) {
        double value = 2 * random_real(random) - 1;
        values[k] = limit > 0 ? (double)random_integer(random, -limit, limit)
                    : coarse  ? rint(127 * value) / 128
                              : value;
    }
}

/* Adds the outer product of the factors, one an axis, to the taps. */
static void add_product(const tensor_spec *kernel, double factors[][MOST_FACTOR], double *taps) {
    for (int64_t at = 0; at < spec_count(kernel); at++) {
        int64_t rest = at;
        double product = 1;
        for (int axis = kernel->rank - 1; axis >= 0; axis--) {
            product *= factors[axis][rest % kernel->shape[axis]];
            rest /= kernel->shape[axis];
        }
        taps[at] += product;
    }
}

/* taps=rankN, or factors=1, whose factors then become inputs of their own. */
static void fill_products(test_case *test, int terms) {
    static double factors[CLF_MAX_FILTER_AXES][MOST_FACTOR];
    const conv_spec *spec = test->spec;
    bool whole = test->data == DATA_INTEGER;
    random_state random = random_begin(test->seed, "factors");
    memset(test->values[1], 0, (size_t)spec_count(&spec->kernel) * sizeof(double));
    for (int term = 0; term < terms; term++) {
        for (int axis = 0; axis < spec->axes; axis++) {
            /* products of whole numbers stay within TAP_LIMIT */
            int64_t limit = !whole ? 0 : spec->axes == 3 && axis == 0 ? 1 : 2;
            fill_factor(&random, limit, spec->by_factors, spec->kernel.shape[axis], factors[axis]);
        }
        add_product(&spec->kernel, factors, test->values[1]);
    }
    scale_values(&spec->kernel, test->values[1], 1);
    for (int axis = 0; spec->by_factors && axis < spec->axes; axis++) {
        memcpy(test->values[2 + axis], factors[axis], (size_t)spec->kernel.shape[axis] * sizeof(double));
    }
}

/*
 * Taps whose absolute sum is about 2 an output, so that integer images are filled and somewhat overflow, or 1 where
 * magnitudes are tried; by a power of two where the kernel is a product that must stay one.
 */
static void normalise_taps(test_case *test, double wanted) {
    const conv_spec *spec = test->spec;
    double outputs = spec->bank ? (double)spec->kernel.shape[0] : 1;
    double sum = reference_sum(test->values[1], spec_count(&spec->kernel));
    double scale = sum > 0 ? wanted * outputs / sum : 1;
    if (spec->by_factors) {
        scale = exp2(floor(log2(scale)));
        int last = test->inputs - 1;
        scale_values(&test->input[last], test->values[last], scale);
    }
    scale_values(&spec->kernel, test->values[1], scale);
}

/* What becomes of a tap in row y, column x of so many. */
static double give_sign(signs_kind signs, double tap, int64_t y, int64_t x, int64_t rows, int64_t columns) {
    const double size = fabs(tap), v = (double)(2 * y - rows + 1) / (double)rows;
    const double u = (double)(2 * x - columns + 1) / (double)columns, radius = u * u + v * v;
    switch (signs) {
    case SIGNS_ABOVE: return size;
    case SIGNS_BELOW: return -size;
    case SIGNS_SPARSE: return (x + 2 * y) % 3 == 1 ? 0 : tap;
    case SIGNS_RING: return radius > 1.2 ? 0 : radius > 0.4 ? size : -size;
    case SIGNS_HALVES: return u == 0 ? 0 : u < 0 ? -size : size;
    case SIGNS_STRIPES: return x % 2 == 0 ? size : -size;
    default: return tap;
    }
}

static void give_signs(test_case *test) {
    const conv_spec *spec = test->spec;
    const tensor_spec *kernel = &spec->kernel;
    int64_t columns = kernel->shape[kernel->rank - 1], rows = kernel->rank > 1 ? kernel->shape[kernel->rank - 2] : 1;
    for (int64_t k = 0; k < spec_count(kernel); k++) {
        double *tap = &test->values[1][k];
        *tap = give_sign(spec->signs, *tap, k / columns % rows, k % columns, rows, columns);
    }
}

static void fill_taps(test_case *test, data_kind kind) {
    const conv_spec *spec = test->spec;
    static const double sobel[9] = {1, 0, -1, 2, 0, -2, 1, 0, -1};
    if (spec->taps >= TAPS_RANK || spec->by_factors) {
        fill_products(test, spec->by_factors ? 1 : (int)(spec->taps - TAPS_RANK) + 1);
    } else if (spec->taps == TAPS_SOBEL) {
        memcpy(test->values[1], sobel, sizeof sobel);
        return;
    } else {
        case_fill_input(test, 1, kind, TAP_LIMIT);
        give_signs(test);
    }
    if (kind == DATA_RANDOM && !number_is_real(test->input[0].dtype)) {
        normalise_taps(test, 2);
    } else if (test->magnitude != 0 || test->bad != BAD_NONE) {
        normalise_taps(test, 1);
    }
}

/* Whole numbers are kept so small that every sum of a window is below 2^24, exact in single precision. */
void conv_fill(test_case *test) {
    const conv_spec *spec = test->spec;
    int64_t outputs = spec->bank ? spec->kernel.shape[0] : 1, terms = spec->taps >= TAPS_RANK ? 4 : 1;
    int64_t products = spec_count(&spec->kernel) / outputs * (spec->role == CONV_ADJOINT ? outputs : 1) + 1;
    double room = 0x1p24 / (double)(TAP_LIMIT * terms * products);
    double limit = number_is_real(test->input[0].dtype) ? fmin(8, room) : room;
    case_fill_input(test, 0, test->data, limit);
    if (spec->role == CONV_WEIGHTS) {
        case_fill_input(test, 1, test->data == DATA_SPECIAL ? DATA_RANDOM : test->data, 8);
        return;
    }
    data_kind kind = spec->taps == TAPS_SPECIAL ? DATA_SPECIAL : test->data == DATA_SPECIAL ? DATA_RANDOM : test->data;
    fill_taps(test, kind);
    if (test->inputs > 2 && !spec->by_factors) {
        case_fill_input(test, 2, test->data == DATA_INTEGER ? DATA_INTEGER : DATA_RANDOM, TAP_LIMIT);
    }
}
