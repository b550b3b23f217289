/* SPDX-License-Identifier: Apache-2.0 */
/* Answers worked out by hand: the step image and its Sobel kernel, a ramp's derivatives, borders as they are drawn. */
#include "unit.h"

#include <math.h>

static void correlate(clf_context *context, clf_convolve_desc *desc, bool flipped, float *result) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_ok(flipped ? clf_plan_convolve(context, desc, &plan, &error)
                     : clf_plan_correlate(context, desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    check_ok(clf_context_finish(context, &error));
    clf_plan_destroy(plan);
    unit_read(context, &desc->dst, result);
}

/*
 * Ones in the left half of a 10 x 10 image, and k = 1 0 -1, 2 0 -2, 1 0 -1, on a periodic border. Rows are alike, so
 * the convolution is 4 (x[j+1] - x[j-1]): the image falls between columns 4 and 5 and rises where it wraps round.
 */
static void step_image(void **state) {
    static const float expected[10] = {4, 0, 0, 0, -4, -4, 0, 0, 0, 4};
    const int64_t image_shape[2] = {10, 10}, kernel_shape[2] = {3, 3};
    float image[100], taps[9] = {1, 0, -1, 2, 0, -2, 1, 0, -1}, convolved[100], correlated[100];
    for (int i = 0; i < 100; i++) {
        image[i] = i % 10 < 5 ? 1 : 0;
    }
    clf_convolve_desc desc = {.src = unit_tensor(*state, 2, image_shape, image),
                              .dst = unit_tensor(*state, 2, image_shape, NULL),
                              .kernel = unit_array(2, kernel_shape, taps),
                              .border = {CLF_BORDER_PERIODIC}};
    correlate(*state, &desc, true, convolved);
    correlate(*state, &desc, false, correlated);
    for (int i = 0; i < 100; i++) {
        assert_true(convolved[i] == expected[i % 10]);
        assert_true(correlated[i] == -expected[i % 10]);
    }
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
}

/* The magnitude of the ramp 3 j + 4 i over a batch of 28 x 28 planes: corner, top edge, left edge and inside. */
static void expect_ramp(clf_context *context, clf_border border, clf_gradient_operator op, const double expected[4]) {
    enum { SIDE = 28, PLANES = 6, ALL = PLANES * SIDE * SIDE };
    const int64_t shape[4] = {2, 3, SIDE, SIDE};
    static float ramp[ALL], result[ALL];
    clf_error error = {0};
    clf_plan *plan = NULL;
    for (int i = 0; i < ALL; i++) {
        ramp[i] = (float)(3 * (i % SIDE) + 4 * (i / SIDE % SIDE));
    }
    clf_gradient_desc desc = {.src = unit_tensor(context, 4, shape, ramp),
                              .dst = unit_tensor(context, 4, shape, NULL),
                              .op = op,
                              .border = {border}};
    check_ok(clf_plan_gradient(context, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    unit_read(context, &desc.dst, result);
    for (int plane = 0; plane < PLANES; plane++) {
        const float *at = result + plane * SIDE * SIDE;
        const double got[4] = {(double)at[0], (double)at[9], (double)at[9 * SIDE], (double)at[9 * SIDE + 9]};
        for (int i = 0; i < 4; i++) {
            if (!(fabs(got[i] - expected[i]) <= 4 * 1.2e-7 * expected[i])) {
                fail_msg("%s, plane %d, place %d: %.9g, expected %.9g", clf_border_name(border), plane, i, got[i],
                         expected[i]);
            }
        }
    }
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
}

static void ramp_derivatives(void **state) {
    /* Across a reflecting border the central difference is 0; a repeated edge halves it; a period of 28 jumps back. */
    expect_ramp(*state, CLF_BORDER_REFLECT, CLF_GRADIENT_CENTRAL, (double[]){0, 6, 8, 10});
    expect_ramp(*state, CLF_BORDER_DEFAULT, CLF_GRADIENT_CENTRAL, (double[]){0, 6, 8, 10});
    expect_ramp(*state, CLF_BORDER_SYMMETRIC, CLF_GRADIENT_CENTRAL, (double[]){5, sqrt(52), sqrt(73), 10});
    expect_ramp(*state, CLF_BORDER_REPLICATE, CLF_GRADIENT_CENTRAL, (double[]){5, sqrt(52), sqrt(73), 10});
    expect_ramp(*state, CLF_BORDER_PERIODIC, CLF_GRADIENT_CENTRAL,
                (double[]){130, sqrt(36 + 104 * 104), sqrt(78 * 78 + 64), 10});
    /*
     * Beyond a constant border of 0 the differences are the neighbours themselves: x[0,1] = 3, x[1,9] = 31, x[9,1] =
     * 39.
     */
    expect_ramp(*state, CLF_BORDER_CONSTANT, CLF_GRADIENT_CENTRAL,
                (double[]){5, sqrt(36 + 31 * 31), sqrt(39 * 39 + 64), 10});
    expect_ramp(*state, CLF_BORDER_REFLECT, CLF_GRADIENT_SOBEL, (double[]){0, 24, 32, 40});
}

/* x~ at -4..-1 and 4..7 of a line 1 2 3 4, read through a kernel whose one tap stands at its end. */
static void borders_as_drawn(void **state) {
    static const struct {
        clf_border border;
        float before[4], after[4];
    } rows[] = {
        {CLF_BORDER_REFLECT, {3, 4, 3, 2}, {3, 2, 1, 2}},   {CLF_BORDER_PERIODIC, {1, 2, 3, 4}, {1, 2, 3, 4}},
        {CLF_BORDER_SYMMETRIC, {4, 3, 2, 1}, {4, 3, 2, 1}}, {CLF_BORDER_REPLICATE, {1, 1, 1, 1}, {4, 4, 4, 4}},
        {CLF_BORDER_CONSTANT, {9, 9, 9, 9}, {9, 9, 9, 9}},
    };
    float line[4] = {1, 2, 3, 4}, taps[9] = {0}, result[4];
    const int64_t line_shape[1] = {4}, kernel_shape[1] = {9};
    clf_convolve_desc desc = {.src = unit_tensor(*state, 1, line_shape, line),
                              .dst = unit_tensor(*state, 1, line_shape, NULL),
                              .kernel = unit_array(1, kernel_shape, taps),
                              .cval = 9};
    for (size_t i = 0; i < COUNT(rows); i++) {
        desc.border[0] = rows[i].border;
        taps[0] = 1;
        taps[8] = 0;
        correlate(*state, &desc, false, result);
        assert_memory_equal(result, rows[i].before, sizeof result);
        taps[0] = 0;
        taps[8] = 1;
        correlate(*state, &desc, false, result);
        assert_memory_equal(result, rows[i].after, sizeof result);
    }
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
}

/* A line 1 2 3 4 5 under the taps 1 10 100, or 1 10, in one row of expected numbers each. */
typedef struct line_row {
    const char *name;
    bool flipped;
    int64_t taps;
    clf_mode mode;
    int origin, stride, dilation;
    clf_border border;
    int64_t count;
    float expected[7];
} line_row;

static const line_row line_rows[] = {
    {"corr", false, 3, CLF_MODE_SAME, 0, 1, 1, CLF_BORDER_CONSTANT, 5, {210, 321, 432, 543, 54}},
    {"conv", true, 3, CLF_MODE_SAME, 0, 1, 1, CLF_BORDER_CONSTANT, 5, {12, 123, 234, 345, 450}},
    {"corr reflect", false, 3, CLF_MODE_SAME, 0, 1, 1, CLF_BORDER_REFLECT, 5, {212, 321, 432, 543, 454}},
    {"corr, centre on the first tap",
     false,
     3,
     CLF_MODE_SAME,
     -1,
     1,
     1,
     CLF_BORDER_CONSTANT,
     5,
     {321, 432, 543, 54, 5}},
    {"conv, centre on the last tap",
     true,
     3,
     CLF_MODE_SAME,
     1,
     1,
     1,
     CLF_BORDER_CONSTANT,
     5,
     {123, 234, 345, 450, 500}},
    {"even corr", false, 2, CLF_MODE_SAME, 0, 1, 1, CLF_BORDER_CONSTANT, 5, {10, 21, 32, 43, 54}},
    {"even conv", true, 2, CLF_MODE_SAME, 0, 1, 1, CLF_BORDER_CONSTANT, 5, {12, 23, 34, 45, 50}},
    {"even corr, origin -1", false, 2, CLF_MODE_SAME, -1, 1, 1, CLF_BORDER_CONSTANT, 5, {21, 32, 43, 54, 5}},
    {"corr valid", false, 3, CLF_MODE_VALID, 0, 1, 1, CLF_BORDER_CONSTANT, 3, {321, 432, 543}},
    {"conv valid", true, 3, CLF_MODE_VALID, 0, 1, 1, CLF_BORDER_CONSTANT, 3, {123, 234, 345}},
    {"corr full", false, 3, CLF_MODE_FULL, 0, 1, 1, CLF_BORDER_CONSTANT, 7, {100, 210, 321, 432, 543, 54, 5}},
    {"conv full", true, 3, CLF_MODE_FULL, 0, 1, 1, CLF_BORDER_CONSTANT, 7, {1, 12, 123, 234, 345, 450, 500}},
    {"corr by two", false, 3, CLF_MODE_SAME, 0, 2, 1, CLF_BORDER_CONSTANT, 3, {210, 432, 54}},
    {"corr dilated", false, 3, CLF_MODE_SAME, 0, 1, 2, CLF_BORDER_CONSTANT, 5, {310, 420, 531, 42, 53}},
    {"conv dilated, valid", true, 3, CLF_MODE_VALID, 0, 1, 2, CLF_BORDER_CONSTANT, 1, {135}},
    {"corr dilated by two", false, 3, CLF_MODE_SAME, 0, 2, 2, CLF_BORDER_CONSTANT, 3, {310, 531, 53}},
};

static void lines_by_hand(void **state) {
    float line[5] = {1, 2, 3, 4, 5}, taps[3] = {1, 10, 100};
    for (size_t i = 0; i < COUNT(line_rows); i++) {
        const line_row *row = &line_rows[i];
        clf_error error = {0};
        float result[7];
        int64_t shape[CLF_MAX_RANK] = {0};
        clf_convolve_desc desc = {.src = unit_tensor(*state, 1, (int64_t[]){5}, line),
                                  .kernel = unit_array(1, &row->taps, taps),
                                  .border = {row->border},
                                  .mode = row->mode,
                                  .origin = {row->origin},
                                  .stride = {row->stride},
                                  .dilation = {row->dilation}};
        check_ok(clf_convolve_shape(&desc, shape, &error));
        assert_int_equal(shape[0], row->count);
        desc.dst = unit_tensor(*state, 1, shape, NULL);
        correlate(*state, &desc, row->flipped, result);
        for (int64_t at = 0; at < row->count; at++) {
            if (result[at] != row->expected[at]) {
                fail_msg("%s: [%lld] is %g, expected %g", row->name, (long long)at, (double)result[at],
                         (double)row->expected[at]);
            }
        }
        clf_tensor_release(&desc.src);
        clf_tensor_release(&desc.dst);
    }
}

/* Integer outputs: to nearest, ties to even, saturated. */
static void expect_rounded(clf_context *context, clf_dtype dtype, float tap, const void *values, const void *expected) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    const int64_t shape[1] = {6}, kernel_shape[1] = {1};
    size_t bytes = 6 * clf_dtype_bytes(dtype);
    unsigned char result[12];
    clf_convolve_desc desc = {.kernel = unit_array(1, kernel_shape, &tap)};
    check_ok(clf_tensor_create(context, dtype, 1, shape, &desc.src, &error));
    check_ok(clf_tensor_create(context, dtype, 1, shape, &desc.dst, &error));
    cl_command_queue queue = clf_context_cl_queue(context);
    check_cl(clEnqueueWriteBuffer(queue, desc.src.buffer, CL_TRUE, 0, bytes, values, 0, NULL, NULL));
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    check_cl(clEnqueueReadBuffer(queue, desc.dst.buffer, CL_TRUE, 0, bytes, result, 0, NULL, NULL));
    assert_memory_equal(result, expected, bytes);
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
}

static void integers_round_and_saturate(void **state) {
    expect_rounded(*state, CLF_U8, 0.5F, (uint8_t[]){1, 3, 5, 7, 254, 255}, (uint8_t[]){0, 2, 2, 4, 127, 128});
    expect_rounded(*state, CLF_U8, 2, (uint8_t[]){0, 127, 128, 200, 255, 1}, (uint8_t[]){0, 254, 255, 255, 255, 2});
    expect_rounded(*state, CLF_U8, -1, (uint8_t[]){0, 1, 128, 200, 255, 1}, (uint8_t[6]){0});
    expect_rounded(*state, CLF_U16, 1.5F, (uint16_t[]){1, 3, 43690, 43691, 65535, 0},
                   (uint16_t[]){2, 4, 65535, 65535, 65535, 0});
    expect_rounded(*state, CLF_I16, 0.5F, (int16_t[]){-1, -3, -5, 1, 3, -32768}, (int16_t[]){0, -2, -2, 0, 2, -16384});
    expect_rounded(*state, CLF_I16, -2, (int16_t[]){-32768, 32767, 16384, 16385, -16384, 0},
                   (int16_t[]){32767, -32768, -32768, -32768, 32767, 0});
}

/* Squares beyond the type's range are infinity where they are asked for; the magnitude is not. */
static void gradient_overflows(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    float values[9] = {0, 0, 1e20F, 0, 0, 0, 0, 0, 0}, result[9], squared[9];
    const int64_t shape[2] = {3, 3};
    clf_gradient_desc desc = {.src = unit_tensor(*state, 2, shape, values),
                              .dst = unit_tensor(*state, 2, shape, NULL),
                              .squared = unit_tensor(*state, 2, shape, NULL)};
    check_ok(clf_plan_gradient(*state, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    unit_read(*state, &desc.dst, result);
    unit_read(*state, &desc.squared, squared);
    assert_true(result[1] == 1e20F && result[5] == 1e20F);
    assert_true(isinf(squared[1]) && squared[1] > 0 && isinf(squared[5]) && squared[5] > 0);
    assert_true(result[0] == 0 && result[2] == 0 && result[4] == 0);
    assert_true(squared[0] == 0 && squared[2] == 0 && squared[4] == 0);
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
    clf_tensor_release(&desc.squared);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(step_image),
        cmocka_unit_test(ramp_derivatives),
        cmocka_unit_test(borders_as_drawn),
        cmocka_unit_test(lines_by_hand),
        cmocka_unit_test(integers_round_and_saturate),
        cmocka_unit_test(gradient_overflows),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
