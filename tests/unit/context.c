/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts: listed devices, selectors, CLF_DEVICE, a host's own OpenCL objects. */
#include "unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static size_t device_count(void) {
    clf_error error = {0};
    size_t count = 0;
    check_ok(clf_device_list(NULL, 0, &count, &error));
    return count;
}

static void list(void **state) {
    (void)state;
    clf_error error = {0};
    size_t count = device_count(), again = 0;
    assert_true(count > 0);
    clf_device_info *infos = calloc(count + 1, sizeof *infos);
    assert_non_null(infos);
    memset(&infos[count], 0x5a, sizeof infos[count]);
    check_ok(clf_device_list(infos, count + 1, &again, &error));
    assert_int_equal(again, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(infos[i].name[0] != '\0' && infos[i].platform[0] != '\0');
        assert_true(strncmp(infos[i].version, "OpenCL ", 7) == 0);
        assert_true(infos[i].compute_units > 0 && infos[i].max_work_group_size > 0);
        assert_true(infos[i].max_alloc_bytes > 0 && infos[i].max_alloc_bytes <= infos[i].global_bytes);
        assert_true(infos[i].compiler_available);
    }
    const unsigned char *beyond = (const unsigned char *)&infos[count];
    for (size_t i = 0; i < sizeof infos[count]; i++) {
        assert_int_equal(beyond[i], 0x5a);
    }
    free(infos);
}

static void list_refuses(void **state) {
    (void)state;
    clf_error error = {0};
    clf_device_info info;
    size_t count = 77;
    check_fails(clf_device_list(&info, 1, NULL, &error), CLF_NULL_ARGUMENT, "count is NULL");
    check_fails(clf_device_list(NULL, 1, &count, &error), CLF_NULL_ARGUMENT, "infos is NULL");
    assert_int_equal(count, 77);
}

/* Opens what a descriptor's selector names and copies the device's name. */
static void open_name(const char *selector, char name[128]) {
    clf_error error = {0};
    clf_context *context = NULL;
    check_ok(clf_context_create(&(clf_context_desc){.device = selector}, &context, &error));
    (void)snprintf(name, 128, "%s", clf_context_device(context)->name);
    clf_context_destroy(context);
}

static void upper_case(const char *from, char *to, size_t size) {
    size_t i = 0;
    for (; from[i] != '\0' && i + 1 < size; i++) {
        to[i] = (char)toupper((unsigned char)from[i]);
    }
    to[i] = '\0';
}

/* Every device by its index and by a part of its platform's name, whatever its case. */
static void selectors(void **state) {
    (void)state;
    clf_error error = {0};
    size_t count = device_count();
    clf_device_info *infos = calloc(count, sizeof *infos);
    assert_non_null(infos);
    check_ok(clf_device_list(infos, count, &count, &error));
    for (size_t i = 0; i < count; i++) {
        char selector[128], name[128];
        (void)snprintf(selector, sizeof selector, "%zu", i);
        open_name(selector, name);
        assert_string_equal(name, infos[i].name);
        upper_case(infos[i].platform, selector, sizeof selector);
        size_t first = 0;
        while (strcmp(infos[first].platform, infos[i].platform) != 0) {
            first++;
        }
        open_name(selector, name);
        assert_string_equal(name, infos[first].name);
    }
    free(infos);
}

static void type_selectors(void **state) {
    (void)state;
    static const struct {
        const char *selector;
        cl_device_type type;
    } rows[] = {{"cpu", CL_DEVICE_TYPE_CPU}, {"gpu", CL_DEVICE_TYPE_GPU}, {"accelerator", CL_DEVICE_TYPE_ACCELERATOR}};
    size_t count = device_count();
    clf_error error = {0};
    clf_device_info *infos = calloc(count, sizeof *infos);
    assert_non_null(infos);
    check_ok(clf_device_list(infos, count, &count, &error));
    for (size_t row = 0; row < COUNT(rows); row++) {
        size_t first = 0;
        while (first < count && (infos[first].type & rows[row].type) == 0) {
            first++;
        }
        clf_context *context = NULL;
        clf_status status = clf_context_create(&(clf_context_desc){.device = rows[row].selector}, &context, &error);
        assert_int_equal(status, first < count ? CLF_OK : CLF_NO_DEVICE);
        if (first < count) {
            assert_string_equal(clf_context_device(context)->name, infos[first].name);
        }
        clf_context_destroy(context);
    }
    free(infos);
}

/* CLF_DEVICE selects where the descriptor does not; the descriptor's word goes first. */
static void environment(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    const char *set = getenv("CLF_DEVICE");
    char *before = set == NULL ? NULL : strdup(set);
    assert_int_equal(setenv("CLF_DEVICE", "no such device", 1), 0);
    check_fails(clf_context_create(NULL, &context, &error), CLF_NO_DEVICE, "\"no such device\" in CLF_DEVICE;");
    check_fails(clf_context_create(&(clf_context_desc){.require_f64 = false}, &context, &error), CLF_NO_DEVICE,
                "\"no such device\" in CLF_DEVICE;");
    check_fails(clf_context_create(&(clf_context_desc){.device = "no such device"}, &context, &error), CLF_NO_DEVICE,
                "\"no such device\"; expected");
    assert_int_equal(setenv("CLF_DEVICE", "0,no such device", 1), 0);
    check_fails(clf_context_create(NULL, &context, &error), CLF_NO_DEVICE, "\"no such device\" in CLF_DEVICE;");
    assert_null(context);
    check_ok(clf_context_create(&(clf_context_desc){.device = "0"}, &context, &error));
    clf_context_destroy(context);
    context = NULL;
    assert_int_equal(setenv("CLF_DEVICE", "0", 1), 0);
    check_ok(clf_context_create(NULL, &context, &error));
    clf_context_destroy(context);
    assert_int_equal(before == NULL ? unsetenv("CLF_DEVICE") : setenv("CLF_DEVICE", before, 1), 0);
    free(before);
}

static void wrong_selectors(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = (clf_context *)state;
    static const char *const wrong[] = {"99999", "18446744073709551616", "no such device", "-1"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        check_fails(clf_context_create(&(clf_context_desc){.device = wrong[i]}, &context, &error), CLF_NO_DEVICE,
                    wrong[i]);
        assert_ptr_equal(context, state);
    }
    check_fails(clf_context_create(NULL, NULL, &error), CLF_NULL_ARGUMENT, "context is NULL");
    assert_int_equal(clf_context_create(NULL, NULL, NULL), CLF_NULL_ARGUMENT);
}

static void null_context(void **state) {
    (void)state;
    clf_error error = {0};
    assert_null(clf_context_device(NULL));
    assert_null(clf_context_cl_context(NULL));
    assert_null(clf_context_cl_device(NULL));
    assert_null(clf_context_cl_queue(NULL));
    clf_build_statistics built = clf_context_build_statistics(NULL);
    assert_true(built.programs == 0 && built.hits == 0 && built.build_seconds == 0);
    check_fails(clf_context_finish(NULL, &error), CLF_NULL_ARGUMENT, "context is NULL");
    clf_context_destroy(NULL);
}

/* A host's own objects, on the device that the tests run on. */
typedef struct test_host {
    cl_device_id device;
    cl_context context;
    cl_command_queue queue;
} test_host;

static test_host host_open(cl_command_queue_properties properties) {
    clf_error error = {0};
    clf_context *context = NULL;
    cl_int code = CL_SUCCESS;
    check_ok(clf_context_create(NULL, &context, &error));
    test_host host = {.device = clf_context_cl_device(context)};
    clf_context_destroy(context);
    host.context = clCreateContext(NULL, 1, &host.device, NULL, NULL, &code);
    check_cl(code);
    host.queue = clCreateCommandQueue(host.context, host.device, properties, &code);
    check_cl(code);
    return host;
}

static void host_close(test_host *host) {
    check_cl(clReleaseCommandQueue(host->queue));
    check_cl(clReleaseContext(host->context));
}

/* Filters something, so that programs, kernels and buffers are made and released too. */
static void filter_once(clf_context *context) {
    clf_error error = {0};
    float values[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, taps[1] = {2}, result[12];
    const int64_t shape[2] = {3, 4}, kernel_shape[2] = {1, 1};
    clf_plan *plan = NULL;
    clf_convolve_desc desc = {.src = unit_tensor(context, 2, shape, values),
                              .dst = unit_tensor(context, 2, shape, NULL),
                              .kernel = unit_array(2, kernel_shape, taps)};
    check_ok(clf_plan_convolve(context, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    check_ok(clf_context_finish(context, &error));
    unit_read(context, &desc.dst, result);
    for (int i = 0; i < 12; i++) {
        assert_true(result[i] == 2 * values[i]);
    }
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
}

/* Round the host's context, device and queue: used as they are, retained once, released once. */
static void host_objects(void **state) {
    (void)state;
    clf_error error = {0};
    test_host host = host_open(0);
    cl_uint contexts = unit_context_references(host.context), queues = unit_queue_references(host.queue);
    clf_context *context = NULL;
    clf_context_desc desc = {.context = host.context, .device_id = host.device, .queue = host.queue};
    check_ok(clf_context_create(&desc, &context, &error));
    assert_ptr_equal(clf_context_cl_context(context), host.context);
    assert_ptr_equal(clf_context_cl_device(context), host.device);
    assert_ptr_equal(clf_context_cl_queue(context), host.queue);
    filter_once(context);
    clf_context_destroy(context);
    check_context_references(host.context, contexts);
    check_queue_references(host.queue, queues);
    host_close(&host);
}

/* A context alone: its first device, and a queue of the library's own. */
static void host_context_alone(void **state) {
    (void)state;
    clf_error error = {0};
    test_host host = host_open(0);
    cl_uint contexts = unit_context_references(host.context);
    clf_context *context = NULL;
    check_ok(clf_context_create(&(clf_context_desc){.context = host.context}, &context, &error));
    assert_ptr_equal(clf_context_cl_context(context), host.context);
    assert_ptr_equal(clf_context_cl_device(context), host.device);
    assert_non_null(clf_context_cl_queue(context));
    assert_ptr_not_equal(clf_context_cl_queue(context), host.queue);
    filter_once(context);
    clf_context_destroy(context);
    check_context_references(host.context, contexts);
    host_close(&host);
}

/* Handles that do not belong together; references stay as they were. */
static void mixed_hosts(void **state) {
    (void)state;
    clf_error error = {0};
    test_host one = host_open(0), two = host_open(0);
    cl_uint contexts = unit_context_references(one.context), queues = unit_queue_references(two.queue);
    clf_context *context = NULL;
    clf_context_desc foreign_queue = {.context = one.context, .device_id = one.device, .queue = two.queue};
    check_fails(clf_context_create(&foreign_queue, &context, &error), CLF_INVALID_HANDLE, "queue");
    check_fails(clf_context_create(&(clf_context_desc){.queue = one.queue}, &context, &error), CLF_INVALID_HANDLE,
                "context");
    check_fails(clf_context_create(&(clf_context_desc){.device_id = one.device}, &context, &error), CLF_INVALID_HANDLE,
                "context");
    clf_context_desc wrong_device = {.context = one.context, .device_id = (cl_device_id)(void *)&one};
    check_fails(clf_context_create(&wrong_device, &context, &error), CLF_INVALID_HANDLE, "device_id");
    assert_null(context);
    check_context_references(one.context, contexts);
    check_queue_references(two.queue, queues);
    host_close(&one);
    host_close(&two);
}

/* Messages go to the hook and nowhere else. */
static void count_message(void *user, clf_log_level level, const char *message) {
    assert_true(level >= CLF_LOG_DEBUG && level <= CLF_LOG_ERROR);
    assert_true(message != NULL && message[0] != '\0');
    ++*(int *)user;
}

static void log_hook(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    int messages = 0;
    check_ok(clf_context_create(&(clf_context_desc){.log = count_message, .log_user = &messages}, &context, &error));
    filter_once(context);
    assert_true(messages > 0);
    clf_context_destroy(context);
}

/* Of any device that runs these tests: more than a megabyte and a megaflop a second, less than 10^18. */
static void peaks_are_measured(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    check_ok(clf_context_create(NULL, &context, &error));
    clf_device_peaks peaks = {0};
    check_ok(clf_context_measure_peaks(context, &peaks, &error));
    assert_true(peaks.copy_bytes > 1e6 && peaks.copy_bytes < 1e18);
    assert_true(peaks.flops > 1e6 && peaks.flops < 1e18);
    check_fails(clf_context_measure_peaks(NULL, &peaks, &error), CLF_NULL_ARGUMENT, "context");
    check_fails(clf_context_measure_peaks(context, NULL, &error), CLF_NULL_ARGUMENT, "peaks");
    clf_context_destroy(context);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list),           cmocka_unit_test(list_refuses), cmocka_unit_test(selectors),
        cmocka_unit_test(type_selectors), cmocka_unit_test(environment),  cmocka_unit_test(wrong_selectors),
        cmocka_unit_test(null_context),   cmocka_unit_test(host_objects), cmocka_unit_test(host_context_alone),
        cmocka_unit_test(mixed_hosts),    cmocka_unit_test(log_hook),     cmocka_unit_test(peaks_are_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
