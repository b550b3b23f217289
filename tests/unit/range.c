/* SPDX-License-Identifier: Apache-2.0 */
/* Magnitudes that differ within one tensor, and beyond what the arithmetic holds; lines try those of whole tensors. */
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { SIDE = 40, PLANE = SIDE * SIDE, PLANES = 4, TAPS = 9 };
enum { WIDE = 15, LINES = 150, LINE = 200, FIELD = LINES * LINE, FIELDS = 64 };

static const int64_t planes[3] = {PLANES, SIDE, SIDE}, fields[3] = {FIELDS, LINES, LINE};

/* Correlates planes of that shape with a box of side x side taps that sum to 1, on a periodic border. */
static void average(clf_context *context, const int64_t shape[3], int side, const float *image, float *result) {
    float taps[WIDE * WIDE];
    for (int i = 0; i < side * side; i++)
        taps[i] = 1.0F / (float)(side * side);
    const int64_t extents[2] = {side, side};
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_view src = unit_tensor(context, 3, shape, image), dst = unit_tensor(context, 3, shape, NULL);
    const clf_convolve_desc desc = {.src = src,
                                    .dst = dst,
                                    .kernel = unit_array(2, extents, taps),
                                    .border = {CLF_BORDER_PERIODIC},
                                    .options = {.solver = "conv.tile"}};
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    unit_read(context, &dst, result);
    clf_plan_destroy(plan);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

/* The same in double, of one output. */
static double average_at(const float *plane, int y, int x) {
    double sum = 0;
    for (int k = 0; k < TAPS * TAPS; k++)
        sum += (double)plane[(y + k / TAPS - TAPS / 2 + SIDE) % SIDE * SIDE + (x + k % TAPS - TAPS / 2 + SIDE) % SIDE];
    return sum / (TAPS * TAPS);
}

/* Two planes may share a transform: errors of the bright one, 2^50 times as bright, do not show in the dark one. */
static void bright_beside_dark(void **state) {
    static float image[PLANES * PLANE], result[PLANES * PLANE];
    static const int exponent[PLANES] = {50, 0, -100, 120};
    for (int i = 0; i < PLANES * PLANE; i++)
        image[i] = ldexpf((float)(i * 7919 % 1000) / 1000 + 0.5F, exponent[i / PLANE]);
    average(*state, planes, TAPS, image, result);
    for (int i = 0; i < PLANES * PLANE; i++) {
        double expected = average_at(image + i / PLANE * PLANE, i % PLANE / SIDE, i % SIDE);
        assert_true(fabs((double)result[i] - expected) <= 1e-6 * expected);
    }
}

/* Beside a bright plane, one of zeros stays one of zeros. */
static void zeros_stay_zeros(void **state) {
    static float image[PLANES * PLANE], result[PLANES * PLANE];
    for (int i = 0; i < PLANES * PLANE; i++)
        image[i] = i / PLANE % 2 == 0 ? (float)(i * 7919 % 1000) : 0.0F;
    average(*state, planes, TAPS, image, result);
    for (int i = 0; i < PLANES * PLANE; i++)
        assert_true(i / PLANE % 2 == 0 || result[i] == 0);
}

/* Means over WIDE x WIDE elements in double, on a periodic border: of rows, then of these. */
static void average_field(const float *field, double *rows, double *result) {
    for (int i = 0; i < FIELD; i++) {
        rows[i] = 0;
        for (int k = -(WIDE / 2); k <= WIDE / 2; k++)
            rows[i] += (double)field[i / LINE * LINE + (i % LINE + k + LINE) % LINE];
    }
    for (int i = 0; i < FIELD; i++) {
        result[i] = 0;
        for (int k = -(WIDE / 2); k <= WIDE / 2; k++)
            result[i] += rows[(i / LINE + k + LINES) % LINES * LINE + i % LINE] / (WIDE * WIDE);
    }
}

/*
 * Fields with one element 2^20 times as great as others, and fields in which one window alone is 2^20 times darker, at
 * every place that a look at some rows and some columns might leave out.
 */
static void fill_fields(float *image) {
    for (int i = 0; i < FIELDS * FIELD; i++) {
        const int field = i / FIELD, row = i % FIELD / LINE - 60 - field % 8, column = i % LINE - 70 - field / 8 % 4;
        const float value = (float)(i % 7919 * 7919 % 1000) / 1000 + 0.5F;
        const bool inside = row >= 0 && row < WIDE && column >= 0 && column < WIDE;
        const bool bright = field < FIELDS / 2 ? row == 0 && column == 0 : !inside;
        image[i] = bright ? ldexpf(value, 20) : value;
    }
}

static void far_elements_are_local(void **state) {
    static float image[FIELDS * FIELD], result[FIELDS * FIELD];
    static double rows[FIELD], expected[FIELD];
    fill_fields(image);
    average(*state, fields, WIDE, image, result);
    for (int field = 0; field < FIELDS; field++) {
        average_field(image + (size_t)field * FIELD, rows, expected);
        for (int i = 0; i < FIELD; i++)
            assert_true(fabs((double)result[field * FIELD + i] - expected[i]) <= 1e-5 * expected[i]);
    }
}

/* The outputs of a solver for an image that holds NaN, Inf and -Inf: 4 planes, stride and dilation as in `desc`. */
static void filter_bad(clf_context *context, const char *solver, const clf_convolve_desc *given, const float *image,
                       float *result) {
    const int64_t shape[3] = {PLANES, SIDE, SIDE};
    int64_t out[3] = {PLANES};
    clf_convolve_desc desc = *given;
    clf_error error = {0};
    clf_plan *plan = NULL;
    for (int i = 0; i < 2; i++)
        out[1 + i] = (SIDE + desc.stride[i] - 1) / desc.stride[i];
    desc.src = unit_tensor(context, 3, shape, image);
    desc.dst = unit_tensor(context, 3, out, NULL);
    desc.options.solver = solver;
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    unit_read(context, &desc.dst, result);
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
}

static bool same(float got, float expected) {
    if (isfinite(expected))
        return fabsf(got - expected) <= 1e-5F;
    return isnan(expected) ? isnan(got) : got == expected;
}

enum { MOST_ROWS = 9, MOST_COLUMNS = 10 };

/* Taps above 0, below 0, or of both signs with zeros among them. */
static void fill_taps(int sign, int count, float *taps) {
    for (int i = 0; i < count; i++) {
        taps[i] = (sign == 1 ? -0.2F : 0.2F) * (float)(i + 1) / (float)count;
        if (sign == 2 && i % 7 == 3)
            taps[i] = -taps[i];
        if (sign == 2 && i % 6 == 1)
            taps[i] = 0;
    }
}

/* Every share-th element is bad: of each kind in two planes, none in the third, of one kind in the fourth. */
static void fill_image(int share, int kind, float *image) {
    static const float bad[3] = {NAN, INFINITY, -INFINITY};
    for (int i = 0; i < PLANES * PLANE; i++) {
        image[i] = (float)(i * 7919 % 1000) / 1000;
        if (i / PLANE != 2 && i * 7919 % share == share / 2)
            image[i] = bad[i / PLANE == 3 ? kind : i * 31 % 97 % 3];
    }
}

/* Every sign of taps and border; few bad elements, many, and nothing else, with few taps and many. */
static void bad_pixels_are_local(void **state) {
    static float image[PLANES * PLANE], expected[PLANES * PLANE], result[PLANES * PLANE];
    float taps[MOST_ROWS * MOST_COLUMNS];
    for (int turn = 0; turn < 18; turn++) {
        const int share = turn < 5 ? 500 : turn < 9 ? 7 : 1;
        const int64_t extents[2] = {turn < 12 ? 5 : MOST_ROWS, turn < 12 ? 4 : MOST_COLUMNS};
        fill_taps(turn % 3, (int)(extents[0] * extents[1]), taps);
        fill_image(share, turn / 3 % 3, image);
        const clf_convolve_desc desc = {.kernel = unit_array(2, extents, taps),
                                        .border = {(clf_border)(1 + turn % 5), (clf_border)(1 + (turn + 1) % 5)},
                                        .stride = {1 + turn % 2, 1 + turn / 2 % 2},
                                        .dilation = {1 + turn % 3, 1 + turn / 3 % 2}};
        filter_bad(*state, "conv.general", &desc, image, expected);
        filter_bad(*state, "conv.tile", &desc, image, result);
        const int rows = (SIDE + desc.stride[0] - 1) / desc.stride[0];
        const int columns = (SIDE + desc.stride[1] - 1) / desc.stride[1];
        for (int i = 0; i < PLANES * rows * columns; i++)
            if (!same(result[i], expected[i]))
                fail_msg("turn %d: output %d is %g, expected %g", turn, i, (double)result[i], (double)expected[i]);
    }
}

/* A weight that f32 cannot hold is refused where arithmetic is in f32, and taken where it is in f64. */
static void weights_out_of_range(void **state) {
    double taps[3] = {1e40, 0, -1}, factor[1] = {1};
    clf_error error = {0};
    clf_plan *plan = NULL;
    const clf_view narrow = {.dtype = CLF_F32, .rank = 2, .shape = {4, 5}};
    clf_convolve_desc desc = {.src = narrow, .dst = narrow};
    desc.kernel = (clf_array){.data = taps, .dtype = CLF_F64, .rank = 2, .shape = {1, 3}};
    check_fails(clf_plan_convolve(*state, &desc, &plan, &error), CLF_INVALID_VALUE, "a weight is 1e+40");
    assert_null(plan);
    taps[0] = -1e40;
    check_fails(clf_plan_correlate(*state, &desc, &plan, &error), CLF_INVALID_VALUE, "a weight is -1e+40");
    desc.kernel = (clf_array){.data = NULL};
    desc.factors[0] = (clf_array){.data = factor, .dtype = CLF_F64, .rank = 1, .shape = {1}};
    desc.factors[1] = (clf_array){.data = taps, .dtype = CLF_F64, .rank = 1, .shape = {3}};
    check_fails(clf_plan_convolve(*state, &desc, &plan, &error), CLF_INVALID_VALUE, "a weight is -1e+40");
    taps[0] = INFINITY; /* is what it says */
    check_ok(clf_plan_convolve(*state, &desc, &plan, &error));
    clf_plan_destroy(plan);
    taps[0] = 1e40;
    desc.src.dtype = desc.dst.dtype = CLF_F64;
    if (clf_plan_convolve(*state, &desc, &plan, &error) != CLF_UNSUPPORTED) {
        assert_non_null(plan);
        clf_plan_destroy(plan);
    }
}

/* A border's constant that f32 cannot hold is Inf there, which no transform takes; it is not where it is not read. */
static void constant_out_of_range(void **state) {
    float taps[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    const int64_t extents[2] = {3, 3};
    clf_error error = {0};
    clf_plan *plan = NULL;
    const clf_view view = {.dtype = CLF_F32, .rank = 2, .shape = {9, 20}};
    clf_convolve_desc desc = {.src = view,
                              .dst = view,
                              .kernel = unit_array(2, extents, taps),
                              .border = {CLF_BORDER_CONSTANT},
                              .cval = 1e40,
                              .options = {.solver = "conv.tile"}};
    check_fails(clf_plan_correlate(*state, &desc, &plan, &error), CLF_NO_SOLVER, "conv.tile");
    desc.border[0] = CLF_BORDER_REFLECT;
    check_ok(clf_plan_correlate(*state, &desc, &plan, &error));
    clf_plan_destroy(plan);
}

/* Runs a plan from `image` to `result`, of one plane. */
static void run_plane(clf_context *context, const clf_shift_desc *shift, const clf_box_desc *box, const float *image,
                      float *result) {
    const int64_t shape[2] = {SIDE, SIDE};
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_view src = unit_tensor(context, 2, shape, image), dst = unit_tensor(context, 2, shape, NULL);
    if (shift != NULL) {
        clf_shift_desc desc = *shift;
        desc.src = src;
        desc.dst = dst;
        check_ok(clf_plan_shift(context, &desc, &plan, &error));
    } else {
        clf_box_desc desc = *box;
        desc.src = src;
        desc.dst = dst;
        check_ok(clf_plan_box(context, &desc, &plan, &error));
    }
    check_ok(clf_execute(plan, NULL, NULL, &error));
    unit_read(context, &dst, result);
    clf_plan_destroy(plan);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

static void check_all(const float *result, double expected, const char *what, int turn) {
    for (int i = 0; i < PLANE; i++)
        if (!(fabs((double)result[i] - expected) <= 64 * (double)FLT_EPSILON * fabs(expected)))
            fail_msg("%s %d: output %d is %g, expected %g", what, turn, i, (double)result[i], expected);
}

/* Weights that sum to 1 but for their roundings: a constant that is the greatest number stays finite. */
static void greatest_constant_stays(void **state) {
    static float image[PLANE], result[PLANE];
    for (int turn = 0; turn < 40; turn++) {
        const float value = turn % 2 == 0 ? FLT_MAX : -FLT_MAX;
        for (int i = 0; i < PLANE; i++)
            image[i] = value;
        const clf_border border = turn % 3 == 0   ? CLF_BORDER_REFLECT
                                  : turn % 3 == 1 ? CLF_BORDER_CONSTANT
                                                  : CLF_BORDER_REPLICATE;
        clf_shift_desc shift = {.by = {(turn + 1) / 41.0, (turn + 2) / 47.0},
                                .border = {border, border},
                                .cval = (double)value,
                                .method = CLF_SHIFT_LINEAR};
        run_plane(*state, &shift, NULL, image, result);
        check_all(result, (double)value, "linear shift", turn);
        shift.method = CLF_SHIFT_CUBIC;
        run_plane(*state, &shift, NULL, image, result);
        check_all(result, (double)value, "cubic shift", turn);
        const clf_box_desc box = {
            .size = {1 + turn % 7, 3 + turn % 11}, .border = {border, border}, .cval = (double)value};
        run_plane(*state, NULL, &box, image, result);
        check_all(result, (double)value, "box", turn);
    }
}

/* Along one axis a step, whose spline goes beyond it; along the other signs in turn, whose middles are near 0. */
static void spline_beyond_between_axes(void **state) {
    static float image[PLANE], small[PLANE], result[PLANE], expected[PLANE];
    for (int i = 0; i < PLANE; i++) {
        const int y = i / SIDE, x = i % SIDE;
        image[i] = (y < SIDE / 2 ? 1 : -1) * (x % 2 == 0 ? FLT_MAX : -FLT_MAX);
        small[i] = ldexpf(image[i], -100);
    }
    const clf_shift_desc shift = {.by = {0.5, 0.4}, .method = CLF_SHIFT_CUBIC};
    run_plane(*state, &shift, NULL, image, result);
    run_plane(*state, &shift, NULL, small, expected);
    for (int i = 0; i < PLANE; i++)
        if (!(fabsf(ldexpf(result[i], -100) - expected[i]) <= 64 * FLT_EPSILON * small[0]))
            fail_msg("output %d is %g, expected 2^100 * %g", i, (double)result[i], (double)expected[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bright_beside_dark),         cmocka_unit_test(zeros_stay_zeros),
        cmocka_unit_test(bad_pixels_are_local),       cmocka_unit_test(weights_out_of_range),
        cmocka_unit_test(constant_out_of_range),      cmocka_unit_test(greatest_constant_stays),
        cmocka_unit_test(spline_beyond_between_axes), cmocka_unit_test(far_elements_are_local)};
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
