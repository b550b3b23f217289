/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real numbers as text: what is written, what is read, and that the locale does not matter. ctest runs this, and the
 * tests of names, lines, kernels and wisdom, in a locale with a decimal comma too (tests/locale.c).
 */
#include "base/number.h"

#include "base/locale.h"
#include "unit.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void numbers_are_written_with_a_point(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *exact, *general, *fixed;
    } rows[] = {
        {0, "0", "0", "0.00"},
        {-0.0, "-0", "-0", "-0.00"},
        {1.5, "1.5", "1.5", "1.50"},
        {-0.25, "-0.25", "-0.25", "-0.25"},
        {0.1, "0.10000000000000001", "0.1", "0.10"},
        {1e6, "1000000", "1e+06", "1000000.00"},
        {123456789.125, "123456789.125", "1.23e+08", "123456789.12"},
        {1e-7, "9.9999999999999995e-08", "1e-07", "0.00"},
        {-DBL_MAX, "-1.7976931348623157e+308", "-1.8e+308", "-1.80e+308"}, /* 312 characters otherwise */
        {-DBL_MIN, "-2.2250738585072014e-308", "-2.23e-308", "-0.00"},
        {5e-324, "4.9406564584124654e-324", "4.94e-324", "0.00"},
        {INFINITY, "inf", "inf", "inf"},
        {-INFINITY, "-inf", "-inf", "-inf"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(clf_number_exact(rows[i].value).text, rows[i].exact);
        assert_string_equal(clf_number_general(rows[i].value, 3).text, rows[i].general);
        assert_string_equal(clf_number_fixed(rows[i].value, 2).text, rows[i].fixed);
    }
    assert_non_null(strstr(clf_number_exact(NAN).text, "nan"));
    assert_string_equal(clf_number_fixed(2.5, 0).text, "2");
    assert_string_equal(clf_number_general(0.1, 1000).text, "0.10000000000000001");
    assert_string_equal(clf_number_fixed(0.1, 1000).text, "0.10000000000000001");
}

/* A linear congruence: bits of doubles from all over their range. */
static void exact_numbers_are_read_back(void **state) {
    (void)state;
    uint64_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        double value, read = 0;
        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&value, &bits, sizeof value);
        if (isnan(value))
            continue;
        assert_true(clf_number_parse(clf_number_exact(value).text, &read));
        assert_memory_equal(&read, &value, sizeof value);
    }
}

static void whole_texts_are_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } rows[] = {
        {"1.5", 1.5},      {"-0.25", -0.25},         {"+3", 3},           {".5", 0.5},   {"5.", 5},
        {"1e3", 1000},     {"1E-3", 1e-3},           {"0x1.8p1", 3},      {" 7", 7},     {"\t\n7", 7},
        {"inf", INFINITY}, {"-Infinity", -INFINITY}, {"1e999", INFINITY}, {"1e-999", 0},
    };
    static const char *const bad[] = {"",   " ",    ".",   "-",   "e5",  "1,5", "1,5e3", "1.5 ",     "1.5x",     "1.5,",
                                      "0x", "1..5", "--1", "1 5", "one", "1_5", "1'000", "\xd9\xa1", "1\xc2\xa0"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        double value = -1;
        assert_true(clf_number_parse(rows[i].text, &value));
        assert_true(value == rows[i].value);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        double value = -1;
        if (clf_number_parse(bad[i], &value))
            fail_msg("'%s' is taken for a number", bad[i]);
        assert_true(value == -1);
    }
    double value = 0;
    assert_true(clf_number_parse("nan", &value) && isnan(value));
    assert_true(clf_number_parse("-nan(12)", &value) && isnan(value));
}

static void beginnings_are_read(void **state) {
    (void)state;
    double value = -1;
    assert_string_equal(clf_number_read("0.5,-0.25", &value), ",-0.25");
    assert_true(value == 0.5);
    assert_string_equal(clf_number_read("1,5", &value), ",5");
    assert_true(value == 1);
    assert_string_equal(clf_number_read("2.5;x", &value), ";x");
    assert_true(value == 2.5);
    assert_null(clf_number_read(",5", &value));
    assert_null(clf_number_read("", &value));
    assert_true(value == 2.5);
    errno = 0;
    assert_string_equal(clf_number_read("1e999", &value), "");
    assert_int_equal(errno, ERANGE);
    errno = 0;
    assert_string_equal(clf_number_read("inf", &value), "");
    assert_int_equal(errno, 0);
}

/* After each call the thread is in the locale that it was in, the thread's own where it has one. */
static void the_locale_comes_back(void **state) {
    (void)state;
    double value;
    char before[16], after[16];
    (void)snprintf(before, sizeof before, "%.1f", 1.5);
    (void)clf_number_exact(1.5);
    (void)clf_number_parse("1.5", &value);
    assert_string_equal(clf_locale_reason(ENOENT), "No such file or directory");
    (void)snprintf(after, sizeof after, "%.1f", 1.5);
    assert_string_equal(before, after);
    assert_true(uselocale((locale_t)0) == LC_GLOBAL_LOCALE);
    locale_t own = newlocale(LC_ALL_MASK, "C", (locale_t)0), global = uselocale(own);
    (void)clf_number_exact(1.5);
    (void)clf_number_parse("1.5", &value);
    assert_true(uselocale(global) == own);
    freelocale(own);
    const char *name = getenv("CLF_TEST_LOCALE");
    assert_string_equal(before, name != NULL ? "1,5" : "1.5");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written_with_a_point),
        cmocka_unit_test(exact_numbers_are_read_back),
        cmocka_unit_test(whole_texts_are_read),
        cmocka_unit_test(beginnings_are_read),
        cmocka_unit_test(the_locale_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
