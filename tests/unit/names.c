/* SPDX-License-Identifier: Apache-2.0 */
/* Names: statuses, element types, borders, modes, operators, the version. */
#include "unit.h"

#include <stdio.h>

static void status_names(void **state) {
    (void)state;
#define CHECK_ROW(name, value, phrase)                 \
    assert_int_equal(name, value);                     \
    assert_string_equal(clf_status_name(name), #name); \
    assert_string_equal(clf_status_phrase(name), phrase);
    CLF_STATUS_TABLE(CHECK_ROW)
#undef CHECK_ROW
    assert_string_equal(clf_status_name((clf_status)-1), "CLF_UNKNOWN_STATUS");
    assert_string_equal(clf_status_name((clf_status)9999), "CLF_UNKNOWN_STATUS");
    assert_string_equal(clf_status_phrase((clf_status)-1), "unknown status");
    assert_string_equal(clf_status_phrase((clf_status)9999), "unknown status");
}

/* The values are part of the ABI. */
static void status_values_stay(void **state) {
    (void)state;
    assert_int_equal(CLF_OK, 0);
    assert_int_equal(CLF_OVERLAP, 8);
    assert_int_equal(CLF_NO_DEVICE, 12);
    assert_int_equal(CLF_DEVICE_ERROR, 17);
    assert_int_equal(CLF_OUT_OF_RANGE, 20);
    assert_int_equal(CLF_BUDGET_TOO_SMALL, 22);
}

static void dtype_names(void **state) {
    (void)state;
#define CHECK_ROW(name, value, text, bytes)          \
    assert_int_equal(name, value);                   \
    assert_string_equal(clf_dtype_name(name), text); \
    assert_int_equal(clf_dtype_bytes(name), bytes);
    CLF_DTYPE_TABLE(CHECK_ROW)
#undef CHECK_ROW
    assert_string_equal(clf_dtype_name((clf_dtype)99), "?");
    assert_string_equal(clf_dtype_name((clf_dtype)-1), "?");
    assert_int_equal(clf_dtype_bytes((clf_dtype)99), 0);
}

static void border_names(void **state) {
    (void)state;
    static const char *const names[] = {"default", "reflect", "periodic", "symmetric", "replicate", "constant"};
    for (int i = 0; i < (int)COUNT(names); i++) {
        clf_border border = (clf_border)77;
        assert_string_equal(clf_border_name((clf_border)i), names[i]);
        assert_true(clf_border_parse(names[i], &border));
        assert_int_equal(border, i);
    }
    assert_string_equal(clf_border_name((clf_border)6), "?");
    assert_string_equal(clf_border_name((clf_border)-1), "?");
}

static void border_parse_refuses(void **state) {
    (void)state;
    static const char *const wrong[] = {"", "Reflect", "reflect ", "mirror", "wrap", "reflec", "?"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        clf_border border = (clf_border)77;
        assert_false(clf_border_parse(wrong[i], &border));
        assert_int_equal(border, 77);
    }
}

static void mode_and_operator_names(void **state) {
    (void)state;
    assert_string_equal(clf_mode_name(CLF_MODE_SAME), "same");
    assert_string_equal(clf_mode_name(CLF_MODE_VALID), "valid");
    assert_string_equal(clf_mode_name(CLF_MODE_FULL), "full");
    assert_string_equal(clf_mode_name((clf_mode)3), "?");
    assert_string_equal(clf_mode_name((clf_mode)-1), "?");
    assert_string_equal(clf_gradient_operator_name(CLF_GRADIENT_CENTRAL), "central");
    assert_string_equal(clf_gradient_operator_name(CLF_GRADIENT_SOBEL), "sobel");
    assert_string_equal(clf_gradient_operator_name((clf_gradient_operator)99), "?");
    assert_string_equal(clf_gradient_operator_name((clf_gradient_operator)-1), "?");
}

static void version(void **state) {
    (void)state;
    char text[32];
    (void)snprintf(text, sizeof text, "%d.%d.%d", CLF_VERSION_MAJOR, CLF_VERSION_MINOR, CLF_VERSION_PATCH);
    assert_string_equal(text, CLF_VERSION_STRING);
    assert_string_equal(clf_version(), CLF_VERSION_STRING);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_names),
        cmocka_unit_test(status_values_stay),
        cmocka_unit_test(dtype_names),
        cmocka_unit_test(border_names),
        cmocka_unit_test(border_parse_refuses),
        cmocka_unit_test(mode_and_operator_names),
        cmocka_unit_test(version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
