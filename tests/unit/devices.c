/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contexts over several devices: selectors in a list, and streamed plans that share their slabs. PoCL makes the
 * devices.
 */
#include "unit.h"

#include <stdlib.h>

enum { ROWS = 300, COLUMNS = 64 };

static float input[ROWS * COLUMNS], one[ROWS * COLUMNS], two[ROWS * COLUMNS];
static const int64_t shape[2] = {ROWS, COLUMNS};

static clf_context *open_devices(const char *device) {
    clf_error error = {0};
    clf_context *context = NULL;
    check_ok(clf_context_create(&(clf_context_desc){.device = device, .program_cache = CLF_PROGRAM_CACHE_OFF}, &context,
                                &error));
    return context;
}

static void selectors(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = open_devices("1,0");
    assert_int_equal(clf_context_device_count(context), 2);
    assert_non_null(clf_context_device_at(context, 1));
    assert_null(clf_context_device_at(context, 2));
    assert_null(clf_context_device_at(context, -1));
    assert_ptr_equal(clf_context_device_at(context, 0), clf_context_device(context));
    clf_context_destroy(context);
    context = open_devices("0");
    assert_int_equal(clf_context_device_count(context), 1);
    clf_context_destroy(context);
    context = NULL;
    assert_int_equal(clf_context_device_count(NULL), 0);
    check_fails(clf_context_create(&(clf_context_desc){.device = "0,0"}, &context, &error), CLF_INVALID_VALUE,
                "already in the list");
    check_fails(clf_context_create(&(clf_context_desc){.device = "0,99"}, &context, &error), CLF_NO_DEVICE, "99");
    check_fails(clf_context_create(&(clf_context_desc){.device = "no such,0"}, &context, &error), CLF_NO_DEVICE,
                "no such");
    assert_null(context);
    check_ok(setenv("CLF_DEVICE", "0,1", 1) == 0 ? CLF_OK : CLF_FILE_ERROR);
    context = open_devices(NULL);
    assert_int_equal(clf_context_device_count(context), 2);
    clf_context_destroy(context);
    assert_int_equal(unsetenv("CLF_DEVICE"), 0);
}

static clf_convolve_desc describe(const float *taps, size_t bytes) {
    static const int64_t kernel[2] = {5, 5};
    clf_convolve_desc desc = {.src = clf_view_dense(NULL, CLF_F32, 2, shape),
                              .dst = clf_view_dense(NULL, CLF_F32, 2, shape),
                              .border = {CLF_BORDER_PERIODIC},
                              .options = {.solver = "conv.general", .stream_bytes = bytes}};
    union {
        const float *constant;
        float *plain;
    } values = {.constant = taps}; /* arrays of taps are only read */
    desc.kernel = unit_array(2, kernel, values.plain);
    return desc;
}

static clf_status read_rows(void *user, const clf_part *part, const clf_array *into, clf_error *error) {
    (void)user;
    (void)error;
    memcpy(into->data, input + part->first * COLUMNS, (size_t)part->count * COLUMNS * sizeof(float));
    return CLF_OK;
}

/* *user is the row that is to come next. */
static clf_status write_rows(void *user, const clf_part *part, const clf_array *from, clf_error *error) {
    int64_t *next = user;
    (void)error;
    assert_int_equal(part->first, *next);
    *next += part->count;
    memcpy(two + part->first * COLUMNS, from->data, (size_t)part->count * COLUMNS * sizeof(float));
    return CLF_OK;
}

static void shared_slabs(void **state) {
    (void)state;
    static float taps[25];
    clf_error error = {0};
    clf_context *alone = open_devices("0"), *both = open_devices("0,1");
    clf_plan *whole = NULL, *shared = NULL, *clone = NULL;
    for (int i = 0; i < ROWS * COLUMNS; i++)
        input[i] = (float)(i * 7 % 113) - 50;
    for (int i = 0; i < 25; i++)
        taps[i] = (float)(i * i % 17) - 8;
    clf_convolve_desc desc = describe(taps, 0), streamed = describe(taps, 40000);
    const clf_array from = unit_array(2, shape, input), to_one = unit_array(2, shape, one),
                    to_two = unit_array(2, shape, two);
    check_ok(clf_plan_correlate(alone, &desc, &whole, &error));
    const clf_host_desc first = {.arrays = (clf_array[]){from, to_one}, .array_count = 2};
    check_ok(clf_execute_host(whole, &first, &error));
    check_ok(clf_plan_correlate(both, &streamed, &shared, &error));
    clf_stream_info info = clf_plan_get_stream(shared);
    assert_int_equal(info.devices, 2);
    assert_true(info.slabs > 6);
    assert_true(info.bytes <= 40000);
    check_ok(clf_plan_clone(shared, &clone, &error));
    for (int i = 0; i < 6; i++) {
        memset(two, 0, sizeof two);
        const clf_host_desc second = {.arrays = (clf_array[]){from, to_two}, .array_count = 2, .serial = i >= 4};
        check_ok(clf_execute_host(i % 2 ? clone : shared, &second, &error));
        assert_memory_equal(one, two, sizeof one);
    }
    for (int i = 0; i < 4; i++) {
        int64_t next = 0;
        memset(two, 0, sizeof two);
        check_ok(
            clf_execute_host(shared, &(clf_host_desc){.read = read_rows, .write = write_rows, .user = &next}, &error));
        assert_int_equal(next, ROWS);
        assert_memory_equal(one, two, sizeof one);
    }
    clf_plan_destroy(whole);
    clf_plan_destroy(shared);
    clf_plan_destroy(clone);
    clf_context_destroy(alone);
    clf_context_destroy(both);
}

/* A kernel in the first device's memory keeps the stream there. */
static void operands_in_memory(void **state) {
    (void)state;
    static const int64_t kernel[2] = {3, 3};
    static const float taps[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    clf_error error = {0};
    clf_context *both = open_devices("0,1");
    clf_plan *plan = NULL;
    clf_convolve_desc desc = describe(taps, 40000);
    desc.kernel = (clf_array){.data = NULL};
    desc.kernel_view = unit_tensor(both, 2, kernel, taps);
    check_ok(clf_plan_correlate(both, &desc, &plan, &error));
    assert_int_equal(clf_plan_get_stream(plan).devices, 1);
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.kernel_view);
    clf_context_destroy(both);
}

int main(void) {
    size_t count = 0;
    clf_error error = {0};
    /* Before the first OpenCL call, which reads it; other platforms have the devices that they have. */
    if (setenv("POCL_DEVICES", "basic basic", 1) != 0 || unsetenv("CLF_DEVICE") != 0 ||
        clf_device_list(NULL, 0, &count, &error) != CLF_OK)
        return 1;
    if (count < 2) {
        print_message("one device alone: nothing to share\n");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selectors),
        cmocka_unit_test(shared_slabs),
        cmocka_unit_test(operands_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
