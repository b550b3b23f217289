/* SPDX-License-Identifier: Apache-2.0 */
/* Half precision on the host: all 65,536 halves, the ties between them, and every rounding mode of the host. */
#include "base/half.h"

#include "unit.h"

#include <fenv.h>
#include <math.h>

/* What a half stands for, from its definition. */
static double defined(uint16_t half) {
    int exponent = half >> 10 & 31, fraction = half & 1023;
    double size = exponent == 31 ? (double)INFINITY
                  : exponent > 0 ? (1 + fraction / 1024.0) * exp2(exponent - 15)
                                 : fraction / 1024.0 * 0x1p-14;
    return half & 0x8000 ? -size : size;
}

static bool is_nan(uint16_t half) {
    return (half & 0x7c00) == 0x7c00 && (half & 1023) != 0;
}

static void every_half_survives(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 65536; i++) {
        uint16_t half = (uint16_t)i;
        double value = clf_half_to_double(half);
        if (is_nan(half)) {
            assert_true(isnan(value));
            assert_true(is_nan(clf_half_from_double(value)));
            continue;
        }
        assert_true(value == defined(half));
        assert_int_equal(signbit(value) != 0, half >> 15);
        assert_int_equal(clf_half_from_double(value), half);
    }
}

/* The middle between two neighbours goes to the even one, anything beside it to the nearer one; both signs. */
static void check_ties(void) {
    for (uint32_t half = 0; half < 0x7bff; half++) {
        double low = clf_half_to_double((uint16_t)half), high = clf_half_to_double((uint16_t)(half + 1));
        double middle = (low + high) / 2; /* exact */
        assert_int_equal(clf_half_from_double(middle), half + (half & 1));
        assert_int_equal(clf_half_from_double(-middle), 0x8000 + half + (half & 1));
        assert_int_equal(clf_half_from_double(nextafter(middle, 0)), half);
        assert_int_equal(clf_half_from_double(-nextafter(middle, 0)), 0x8000 + half);
        assert_int_equal(clf_half_from_double(nextafter(middle, high)), half + 1);
        assert_int_equal(clf_half_from_double(-nextafter(middle, high)), 0x8000 + half + 1);
    }
}

static void ties_go_to_the_even_half(void **state) {
    (void)state;
    check_ties();
}

/* A host may have set another rounding mode for its own arithmetic. */
static void the_rounding_mode_does_not_matter(void **state) {
    (void)state;
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    for (size_t i = 0; i < COUNT(modes); i++) {
        assert_int_equal(fesetround(modes[i]), 0);
        check_ties();
        assert_int_equal(fesetround(FE_TONEAREST), 0);
    }
}

static void the_ends_of_the_range(void **state) {
    (void)state;
    static const struct {
        double value;
        uint16_t half;
    } rows[] = {
        {0.0, 0},           {-0.0, 0x8000},      {0x1p-24, 1},    {0x1p-25, 0},       {0x1.8p-25, 1},
        {0x1p-26, 0},       {-0x1p-26, 0x8000},  {5e-324, 0},     {-2e-308, 0x8000},  {0x1p-14, 0x0400},
        {1, 0x3c00},        {-2, 0xc000},        {65504, 0x7bff}, {65519.99, 0x7bff}, {65520, 0x7c00},
        {-65520, 0xfc00},   {65536, 0x7c00},     {1e300, 0x7c00}, {-1e300, 0xfc00},   {0x1.fffffffffffffp1023, 0x7c00},
        {INFINITY, 0x7c00}, {-INFINITY, 0xfc00},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(clf_half_from_double(rows[i].value), rows[i].half);
    assert_true(is_nan(clf_half_from_double(NAN)));
    assert_true(is_nan(clf_half_from_double(-NAN)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_half_survives),
        cmocka_unit_test(ties_go_to_the_even_half),
        cmocka_unit_test(the_rounding_mode_does_not_matter),
        cmocka_unit_test(the_ends_of_the_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
