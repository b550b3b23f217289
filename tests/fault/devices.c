/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Machines that lack something: platforms, devices, double precision, a compiler, room; and programs that do not build.
 */
#include "faults.h"
#include "scenario.h"
#include "unit.h"

#include <stdio.h>

static int end_pretence(void **state) {
    (void)state;
    fault_end();
    return 0;
}

static void pretend(const fault_pretence *pretence) {
    fault_begin(NULL, pretence);
}

static void expect_balance(void) {
    for (int kind = 0; kind < FAULT_KIND_COUNT; kind++) {
        if (fault_balance((fault_kind)kind) != 0) {
            fail_msg("%ld more %s made than released", fault_balance((fault_kind)kind), fault_kind_names[kind]);
        }
    }
}

static void no_platform(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    size_t count = 77;
    pretend(&(fault_pretence){.no_platform = true});
    check_fails(clf_device_list(NULL, 0, &count, &error), CLF_NO_PLATFORM, "no OpenCL platform");
    assert_int_equal(count, 77);
    check_fails(clf_context_create(NULL, &context, &error), CLF_NO_PLATFORM, "no OpenCL platform");
    check_fails(clf_context_create(&(clf_context_desc){.device = "0"}, &context, &error), CLF_NO_PLATFORM,
                "no OpenCL platform");
    assert_null(context);
    expect_balance();
}

/* Platforms without devices: a list of none, and nothing to open. */
static void no_devices(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    size_t count = 77;
    pretend(&(fault_pretence){.no_devices = true});
    check_ok(clf_device_list(NULL, 0, &count, &error));
    assert_int_equal(count, 0);
    check_fails(clf_context_create(NULL, &context, &error), CLF_NO_DEVICE, "no device");
    check_fails(clf_context_create(&(clf_context_desc){.device = "gpu"}, &context, &error), CLF_NO_DEVICE, "no device");
    assert_null(context);
    expect_balance();
}

static void no_compiler(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    pretend(&(fault_pretence){.no_compiler = true});
    check_fails(clf_context_create(NULL, &context, &error), CLF_UNSUPPORTED, "compiler");
    assert_null(context);
    expect_balance();
}

static void no_f64(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    clf_plan *plan = NULL;
    const int64_t shape[2] = {4, 4};
    float tap = 1;
    pretend(&(fault_pretence){.no_f64 = true});
    check_fails(clf_context_create(&(clf_context_desc){.require_f64 = true}, &context, &error), CLF_UNSUPPORTED,
                "double precision");
    assert_null(context);
    check_ok(clf_context_create(NULL, &context, &error));
    assert_false(clf_context_device(context)->has_f64);
    clf_view view = {.rank = 0};
    check_fails(clf_tensor_create(context, CLF_F64, 2, shape, &view, &error), CLF_UNSUPPORTED, "f64");
    assert_int_equal(view.rank, 0);
    clf_view src = clf_view_dense(NULL, CLF_F64, 2, shape), dst = src;
    clf_convolve_desc convolve = {.src = src, .dst = dst, .kernel = {.data = &tap, .rank = 2, .shape = {1, 1}}};
    clf_gradient_desc gradient = {.src = src, .dst = dst};
    check_fails(clf_plan_convolve(context, &convolve, &plan, &error), CLF_UNSUPPORTED, "f64");
    check_fails(clf_plan_gradient(context, &gradient, &plan, &error), CLF_UNSUPPORTED, "f64");
    assert_null(plan);
    clf_context_destroy(context);
    expect_balance();
}

static void small_device(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    clf_view view = {.rank = 0};
    pretend(&(fault_pretence){.max_alloc = 4096});
    check_ok(clf_context_create(NULL, &context, &error));
    check_fails(clf_tensor_create(context, CLF_F32, 1, (int64_t[]){1025}, &view, &error), CLF_UNSUPPORTED, "4100");
    assert_int_equal(view.rank, 0);
    check_ok(clf_tensor_create(context, CLF_F32, 1, (int64_t[]){1024}, &view, &error));
    clf_tensor_release(&view);
    clf_context_destroy(context);
    expect_balance();
}

/* Room for one transform of 90 x 90 reals is not there: named, none is planned; unnamed, another way is found. */
static void small_device_transforms(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    static float taps[33 * 33] = {1};
    const int64_t shape[2] = {90, 90};
    pretend(&(fault_pretence){.max_alloc = 32768});
    check_ok(clf_context_create(NULL, &context, &error));
    clf_convolve_desc desc = {.src = clf_view_dense(NULL, CLF_F32, 2, shape),
                              .dst = clf_view_dense(NULL, CLF_F32, 2, shape),
                              .kernel = {.data = taps, .rank = 2, .shape = {33, 33}}};
    static const char *const named[] = {"conv.fft", "conv.fft.vkfft", "conv.fft.clfft"};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        clf_plan *plan = NULL;
        desc.options.solver = named[i];
        check_fails(clf_plan_convolve(context, &desc, &plan, &error), CLF_NO_SOLVER, "conv.fft");
        assert_null(plan);
    }
    clf_plan *plan = NULL;
    desc.options.solver = NULL;
    check_ok(clf_plan_convolve(context, &desc, &plan, &error));
    assert_null(strstr(clf_plan_describe(plan), "conv.fft"));
    clf_plan_destroy(plan);
    clf_context_destroy(context);
    expect_balance();
}

/* What the log hook was given. */
typedef struct message_log {
    char text[4096];
    clf_log_level level;
} message_log;

static void keep_message(void *user, clf_log_level level, const char *message) {
    message_log *log = user;
    if (level >= log->level) {
        log->level = level;
        (void)snprintf(log->text, sizeof log->text, "%s", message);
    }
}

static clf_status plan_once(clf_context *context, clf_error *error) {
    const int64_t shape[2] = {4, 4};
    clf_plan *plan = NULL;
    clf_gradient_desc desc = {.src = clf_view_dense(NULL, CLF_F32, 2, shape),
                              .dst = clf_view_dense(NULL, CLF_F32, 2, shape)};
    clf_status status = clf_plan_gradient(context, &desc, &plan, error);
    assert_true((plan != NULL) == (status == CLF_OK));
    clf_plan_destroy(plan);
    return status;
}

/* A program that does not build: the compiler's words go to the hook, and nothing broken is remembered. */
static void build_failure(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    message_log log = {.level = CLF_LOG_DEBUG};
    clf_context_desc logged = {.log = keep_message, .log_user = &log, .program_cache = CLF_PROGRAM_CACHE_OFF};
    pretend(&(fault_pretence){.broken_source = true});
    check_ok(clf_context_create(&logged, &context, &error));
    check_fails(plan_once(context, &error), CLF_BUILD_FAILED, "gradient");
    assert_true(error.cl_code != CL_SUCCESS);
    assert_int_equal(log.level, CLF_LOG_ERROR);
    assert_non_null(strstr(log.text, "no_such_name"));
    assert_int_equal(clf_context_build_statistics(context).programs, 0);
    check_fails(plan_once(context, &error), CLF_BUILD_FAILED, "gradient");
    clf_context_destroy(context);
    expect_balance();
}

/* The same without a hook, and with a log that cannot be read. */
static void build_failure_without_log(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    message_log log = {.level = CLF_LOG_DEBUG};
    clf_context_desc silent = {.program_cache = CLF_PROGRAM_CACHE_OFF}, logged = silent;
    logged.log = keep_message;
    logged.log_user = &log;
    pretend(&(fault_pretence){.broken_source = true});
    check_ok(clf_context_create(&silent, &context, &error));
    check_fails(plan_once(context, &error), CLF_BUILD_FAILED, "gradient");
    size_t calls = fault_calls();
    clf_context_destroy(context);
    for (size_t first = 1; first <= calls; first++) {
        fault_plan plan = {.first = first, .code = CL_OUT_OF_RESOURCES};
        fault_begin(&plan, &(fault_pretence){.broken_source = true});
        context = NULL;
        if (clf_context_create(&logged, &context, &error) == CLF_OK) {
            assert_int_not_equal(plan_once(context, &error), CLF_OK);
        }
        clf_context_destroy(context);
        expect_balance();
    }
}

/* After all of that the library works. */
static void works_afterwards(void **state) {
    (void)state;
    clf_error error = {0};
    scenario_result result;
    fault_begin(NULL, NULL);
    check_ok(scenario_run_convolve(NULL, &result, &error));
    expect_balance();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(no_platform, end_pretence),
        cmocka_unit_test_teardown(no_devices, end_pretence),
        cmocka_unit_test_teardown(no_compiler, end_pretence),
        cmocka_unit_test_teardown(no_f64, end_pretence),
        cmocka_unit_test_teardown(small_device, end_pretence),
        cmocka_unit_test_teardown(small_device_transforms, end_pretence),
        cmocka_unit_test_teardown(build_failure, end_pretence),
        cmocka_unit_test_teardown(build_failure_without_log, end_pretence),
        cmocka_unit_test_teardown(works_afterwards, end_pretence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
