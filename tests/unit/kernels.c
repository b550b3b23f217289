/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels by name: their taps, and the names that are none. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

static void expect_fixed(const char *name, const float expected[9]) {
    clf_error error = {0};
    float taps[9];
    int64_t shape[2] = {0, 0};
    check_ok(clf_kernel_by_name(name, taps, 9, shape, &error));
    assert_int_equal(shape[0], 3);
    assert_int_equal(shape[1], 3);
    for (int i = 0; i < 9; i++) {
        assert_true(taps[i] == expected[i]);
    }
}

static void fixed(void **state) {
    (void)state;
    expect_fixed("sobel-x", (float[]){-1, 0, 1, -2, 0, 2, -1, 0, 1});
    expect_fixed("sobel-y", (float[]){-1, -2, -1, 0, 0, 0, 1, 2, 1});
    expect_fixed("laplacian", (float[]){0, 1, 0, 1, -4, 1, 0, 1, 0});
}

static void box(void **state) {
    (void)state;
    clf_error error = {0};
    float taps[26];
    int64_t shape[2] = {0, 0};
    taps[25] = 77;
    check_ok(clf_kernel_by_name("box:5", taps, 26, shape, &error));
    assert_int_equal(shape[0], 5);
    assert_int_equal(shape[1], 5);
    for (int i = 0; i < 25; i++) {
        assert_true(taps[i] == 0.04F);
    }
    assert_true(taps[25] == 77);
    check_ok(clf_kernel_by_name("box:1", taps, 1, shape, &error));
    assert_true(taps[0] == 1);
    check_ok(clf_kernel_by_name("box:4096", NULL, 0, shape, &error));
    assert_int_equal(shape[1], 4096);
}

/* Against the formula of the header, in double. */
static void gaussian(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double sigma;
        int64_t radius;
    } rows[] = {{"gaussian:1", 1, 4},     {"gaussian:0.5", 0.5, 2}, {"gaussian:2.3", 2.3, 9},
                {"gaussian:0.1", 0.1, 0}, {"gaussian:1e1", 10, 40}, {"gaussian:0.125", 0.125, 1}};
    for (size_t row = 0; row < COUNT(rows); row++) {
        clf_error error = {0};
        int64_t shape[2] = {0, 0}, radius = rows[row].radius, side = 2 * radius + 1;
        check_ok(clf_kernel_by_name(rows[row].name, NULL, 0, shape, &error));
        assert_int_equal(shape[0], side);
        assert_int_equal(shape[1], side);
        float *taps = calloc((size_t)(side * side), sizeof *taps);
        assert_non_null(taps);
        check_ok(clf_kernel_by_name(rows[row].name, taps, (size_t)(side * side), shape, &error));
        double sum = 0, variance = 2 * rows[row].sigma * rows[row].sigma;
        for (int64_t i = 0; i < side * side; i++) {
            double y = (double)(i / side - radius), x = (double)(i % side - radius);
            sum += exp(-(x * x + y * y) / variance);
        }
        for (int64_t i = 0; i < side * side; i++) {
            double y = (double)(i / side - radius), x = (double)(i % side - radius);
            double expected = exp(-(x * x + y * y) / variance) / sum;
            assert_true(fabs((double)taps[i] - expected) <= 1.2e-7 * expected + 1e-45);
        }
        free(taps);
    }
}

static void refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        clf_status status;
    } rows[] = {
        {"", CLF_PARSE_ERROR},
        {"sobel", CLF_PARSE_ERROR},
        {"sobel-z", CLF_PARSE_ERROR},
        {"Sobel-x", CLF_PARSE_ERROR},
        {"sobel-x ", CLF_PARSE_ERROR},
        {"box", CLF_PARSE_ERROR},
        {"boxes:3", CLF_PARSE_ERROR},
        {"gaussian", CLF_PARSE_ERROR},
        {"1,2,3", CLF_PARSE_ERROR},
        {"box:0", CLF_INVALID_VALUE},
        {"box:-3", CLF_INVALID_VALUE},
        {"box:2.5", CLF_INVALID_VALUE},
        {"box:4097", CLF_INVALID_VALUE},
        {"box:1e30", CLF_INVALID_VALUE},
        {"box:nan", CLF_INVALID_VALUE},
        {"box:", CLF_INVALID_VALUE},
        {"box:3x", CLF_INVALID_VALUE},
        {"gaussian:0", CLF_INVALID_VALUE},
        {"gaussian:-1", CLF_INVALID_VALUE},
        {"gaussian:nan", CLF_INVALID_VALUE},
        {"gaussian:inf", CLF_INVALID_VALUE},
        {"gaussian:512.5", CLF_INVALID_VALUE},
        {"gaussian:", CLF_INVALID_VALUE},
        {"gaussian:1,2", CLF_INVALID_VALUE},
    };
    for (size_t row = 0; row < COUNT(rows); row++) {
        clf_error error = {0};
        float taps[9] = {77};
        int64_t shape[2] = {-5, -6};
        check_fails(clf_kernel_by_name(rows[row].name, taps, 9, shape, &error), rows[row].status, rows[row].name);
        assert_true(strlen(error.message) > 20);
        assert_true(taps[0] == 77);
        assert_int_equal(shape[0], -5);
        assert_int_equal(shape[1], -6);
    }
}

static void no_room(void **state) {
    (void)state;
    clf_error error = {0};
    float taps[25] = {77};
    int64_t shape[2] = {-5, -6};
    check_fails(clf_kernel_by_name("box:5", taps, 24, shape, &error), CLF_OUT_OF_BOUNDS, "25");
    check_fails(clf_kernel_by_name("sobel-x", taps, 8, shape, &error), CLF_OUT_OF_BOUNDS, "9");
    check_fails(clf_kernel_by_name("gaussian:1", taps, 25, shape, &error), CLF_OUT_OF_BOUNDS, "81");
    check_fails(clf_kernel_by_name(NULL, taps, 25, shape, &error), CLF_NULL_ARGUMENT, "name");
    check_fails(clf_kernel_by_name("box:5", taps, 25, NULL, &error), CLF_NULL_ARGUMENT, "shape");
    assert_true(taps[0] == 77);
    assert_int_equal(shape[0], -5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed),   cmocka_unit_test(box),     cmocka_unit_test(gaussian),
        cmocka_unit_test(refused), cmocka_unit_test(no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
