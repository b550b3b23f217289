/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes: bytes that no memory has are refused with a status wherever 64-bit counts become a process's own. */
#include "base/alloc.h"
#include "base/checked.h"
#include "rt/buffer.h"
#include "unit.h"

static void bytes(void **state) {
    (void)state;
    assert_int_equal(clf_bytes(0, 8), 0);
    assert_int_equal(clf_bytes(3, 4), 12);
    assert_int_equal(clf_bytes(INT64_MAX, 1), INT64_MAX);
    assert_int_equal(clf_bytes(INT64_MAX / 8, 8), INT64_MAX - 7);
    assert_int_equal(clf_bytes(INT64_MAX / 8 + 1, 8), INT64_MAX);
    assert_true(clf_addressable(0));
    assert_true(clf_addressable(INT32_MAX));
    assert_false(clf_addressable(-1));
    assert_int_equal(clf_addressable(INT64_MAX), sizeof(size_t) == 8);
}

static void sums_and_products(void **state) {
    (void)state;
    int64_t result = 0;
    assert_true(clf_add(INT64_MAX, INT64_MIN, &result) && result == -1);
    assert_false(clf_add(INT64_MAX, 1, &result));
    assert_false(clf_add(INT64_MIN, -1, &result));
    assert_true(clf_multiply(INT64_MIN, 1, &result) && result == INT64_MIN);
    assert_false(clf_multiply(INT64_MIN, -1, &result));
    assert_false(clf_multiply(INT64_C(1) << 32, INT64_C(1) << 31, &result));
    assert_true(clf_multiply_add(INT64_C(1) << 32, -(INT64_C(1) << 30), 7, &result));
    assert_true(result == 7 - (INT64_C(1) << 62));
    assert_false(clf_multiply_add(INT64_MAX, 1, 1, &result));
    assert_false(clf_multiply_add(INT64_MAX, 2, INT64_MIN, &result));
    assert_true(clf_magnitude(INT64_MIN) == INT64_MAX && clf_magnitude(-3) == 3 && clf_magnitude(3) == 3);
}

static void host_memory(void **state) {
    (void)state;
    void *memory = NULL;
    clf_error error = {0};
    check_fails(clf_allocate(&memory, -1, 1, &error), CLF_OUT_OF_MEMORY, "-1 x 1 bytes");
    if (sizeof(size_t) < sizeof(int64_t)) /* the low half alone would be had */
        check_fails(clf_allocate(&memory, (INT64_C(1) << 32) + 16, 1, &error), CLF_OUT_OF_MEMORY, "4294967312 x 1");
    assert_null(memory);
}

static void device_memory(void **state) {
    clf_error error = {0};
    cl_mem buffer = NULL;
    check_fails(clf_buffer_create(*state, INT64_MAX, NULL, &buffer, &error), CLF_UNSUPPORTED, "is larger than");
    check_fails(clf_buffer_create(*state, -1, NULL, &buffer, &error), CLF_UNSUPPORTED, "is larger than");
    if (sizeof(size_t) < sizeof(int64_t))
        check_fails(clf_buffer_create(*state, (INT64_C(1) << 32) + 16, NULL, &buffer, &error), CLF_UNSUPPORTED,
                    "is larger than");
    assert_null(buffer);
}

/* Arrays whose last element lies before the beginning of all memory. */
static void host_arrays(void **state) {
    clf_error error = {0};
    float value = 0;
    const int64_t shape[] = {3};
    clf_view view = unit_tensor(*state, 1, shape, NULL);
    for (int i = 0; i < 2; i++) {
        const int64_t stride = i == 0 ? INT64_MAX / 2 : INT64_MIN / 2;
        const clf_array array = {.data = &value, .dtype = CLF_F32, .rank = 1, .shape = {3}, .strides = {stride}};
        check_fails(clf_upload(*state, &array, &view, &error), CLF_INVALID_VIEW, "reach further than");
        check_fails(clf_download(*state, &view, &array, &error), CLF_INVALID_VIEW, "reach further than");
    }
    clf_tensor_release(&view);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes),         cmocka_unit_test(sums_and_products), cmocka_unit_test(host_memory),
        cmocka_unit_test(device_memory), cmocka_unit_test(host_arrays),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
