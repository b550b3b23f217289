/* SPDX-License-Identifier: Apache-2.0 */
/* The comparison that keeps wrong solvers out of a measurement, and the data it is made on. */
#include "choose/compare.h"
#include "unit.h"

#include <math.h>

static bool close_f32(const float *a, const float *b, size_t count) {
    return clf_compare_close(CLF_F32, a, b, count * sizeof *a);
}

static void single(void **state) {
    (void)state;
    const float a[4] = {1, -2, 1000, 0}, near[4] = {1.5F, -2, 1000.5F, -0.9F}, far[4] = {1, -2, 1000, 1.1F};
    const float zeros[4] = {0}, tiny[4] = {0, 0, 0, 1e-30F};
    assert_true(close_f32(a, a, 4));
    assert_true(close_f32(a, near, 4)); /* to a thousandth of the greatest */
    assert_false(close_f32(a, far, 4));
    assert_true(close_f32(a, far, 3));
    assert_true(close_f32(zeros, zeros, 4));
    assert_false(close_f32(zeros, tiny, 4));
    assert_true(close_f32(zeros, tiny, 0));
}

static void not_numbers(void **state) {
    (void)state;
    const float plain[2] = {1, 1}, nan_one[2] = {NAN, 1}, infinite[2] = {INFINITY, 1}, negative[2] = {-INFINITY, 1};
    const float other_nan[2] = {-NAN, 1}, nan_far[2] = {NAN, 2};
    assert_true(close_f32(nan_one, other_nan, 2));
    assert_true(close_f32(infinite, infinite, 2));
    assert_false(close_f32(nan_one, plain, 2));
    assert_false(close_f32(plain, nan_one, 2));
    assert_false(close_f32(infinite, plain, 2));
    assert_false(close_f32(plain, infinite, 2));
    assert_false(close_f32(infinite, negative, 2));
    assert_false(close_f32(infinite, nan_one, 2));
    assert_false(close_f32(nan_one, nan_far, 2));
}

static void other_types(void **state) {
    (void)state;
    const double a[2] = {1, 1000}, near[2] = {1, 1000 + 9e-7}, far[2] = {1, 1000 + 2e-6};
    assert_true(clf_compare_close(CLF_F64, a, near, sizeof a));
    assert_false(clf_compare_close(CLF_F64, a, far, sizeof a));
    const uint16_t one[3] = {0x3c00, 0x0001, 0x7c00}, about[3] = {0x3c08, 0x8001, 0x7c00};
    const uint16_t half[3] = {0x3800, 0x0001, 0x7c00}, nan_half[3] = {0x3c00, 0x0001, 0x7c01};
    assert_true(clf_compare_close(CLF_F16, one, about, sizeof one));
    assert_false(clf_compare_close(CLF_F16, one, half, sizeof one));
    assert_false(clf_compare_close(CLF_F16, one, nan_half, sizeof one));
    const uint8_t bytes[3] = {0, 255, 7}, bytes_near[3] = {1, 254, 7}, bytes_far[3] = {2, 255, 7};
    assert_true(clf_compare_close(CLF_U8, bytes, bytes_near, 3));
    assert_false(clf_compare_close(CLF_U8, bytes, bytes_far, 3));
    const int16_t shorts[1] = {-32768}, shorts_far[1] = {32767};
    assert_false(clf_compare_close(CLF_I16, shorts, shorts_far, sizeof shorts));
    const uint16_t words[1] = {65535}, words_near[1] = {65534};
    assert_true(clf_compare_close(CLF_U16, words, words_near, sizeof words));
    const int32_t ints[1] = {-5}, ints_far[1] = {-7};
    assert_false(clf_compare_close(CLF_I32, ints, ints_far, sizeof ints));
    const int64_t longs[1] = {INT64_MIN}, longs_far[1] = {INT64_MAX};
    assert_false(clf_compare_close(CLF_I64, longs, longs_far, sizeof longs));
    assert_true(clf_compare_close(CLF_I64, longs, longs, sizeof longs));
}

/* Data between -1 and 1 that repeats for a seed; wiped outputs are far from data and finite. */
static void data(void **state) {
    (void)state;
    float first[256], again[256], other[256], wiped[256];
    clf_compare_fill(CLF_F32, first, sizeof first, 1);
    clf_compare_fill(CLF_F32, again, sizeof again, 1);
    clf_compare_fill(CLF_F32, other, sizeof other, 2);
    clf_compare_wipe(CLF_F32, wiped, sizeof wiped);
    assert_memory_equal(first, again, sizeof first);
    assert_false(close_f32(first, other, 256));
    assert_false(close_f32(first, wiped, 256));
    for (int i = 0; i < 256; i++) {
        assert_true(fabsf(first[i]) <= 1 && fabsf(wiped[i]) <= 1);
    }
    int32_t indices[8], wiped_indices[8];
    clf_compare_fill(CLF_I32, indices, sizeof indices, 3);
    clf_compare_wipe(CLF_I32, wiped_indices, sizeof wiped_indices);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(indices[i], 0);
        assert_int_not_equal(wiped_indices[i], 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single),
        cmocka_unit_test(not_numbers),
        cmocka_unit_test(other_types),
        cmocka_unit_test(data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
