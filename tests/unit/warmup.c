/* SPDX-License-Identifier: Apache-2.0 */
/* Warming up: what it builds, what it says of lines that fail, and what becomes of it when the context goes. */
#include "unit.h"

#include <pthread.h>

static const char *const lines[] = {"corr f32 20x31 k=3x3 border=periodic", "gradient f32 20x31 op=sobel",
                                    "take f32 20x31 axis=1 count=4 place=device"};

static void plans_find_everything_built(void **state) {
    clf_error error = {0};
    check_ok(clf_context_warmup(*state, lines, COUNT(lines), &error));
    check_ok(clf_context_warmup_wait(*state, &error));
    clf_build_statistics before = clf_context_build_statistics(*state);
    assert_true(before.programs + before.disk_hits >= 3);
    for (size_t i = 0; i < COUNT(lines); i++) {
        clf_plan *plan = NULL;
        check_ok(clf_plan_from_line(*state, lines[i], NULL, &plan, &error));
        clf_plan_destroy(plan);
    }
    clf_build_statistics after = clf_context_build_statistics(*state);
    assert_int_equal(after.programs + after.disk_hits, before.programs + before.disk_hits);
    assert_true(after.hits > before.hits);
}

static void a_line_that_fails_is_told_and_passed_over(void **state) {
    static const char *const mixed[] = {"corr f32 20x31 k=3x3 colour=red", "shift f32 20x31 by=1,1", "blur f32 3"};
    clf_error error = {0};
    check_ok(clf_context_warmup(*state, mixed, COUNT(mixed), &error));
    check_fails(clf_context_warmup_wait(*state, &error), CLF_PARSE_ERROR, "colour=red");
    clf_build_statistics before = clf_context_build_statistics(*state);
    clf_plan *plan = NULL;
    check_ok(clf_plan_from_line(*state, mixed[1], NULL, &plan, &error));
    clf_plan_destroy(plan);
    assert_int_equal(clf_context_build_statistics(*state).programs, before.programs);
    check_ok(clf_context_warmup_wait(*state, &error)); /* told once */
    check_fails(clf_context_warmup(*state, (const char *const[]){lines[0], NULL}, 2, &error), CLF_NULL_ARGUMENT,
                "lines[1]");
    check_fails(clf_context_warmup(*state, NULL, 1, &error), CLF_NULL_ARGUMENT, "lines");
    check_fails(clf_context_warmup(NULL, lines, 1, &error), CLF_NULL_ARGUMENT, "context");
    check_fails(clf_context_warmup_wait(NULL, &error), CLF_NULL_ARGUMENT, "context");
    check_ok(clf_context_warmup(*state, NULL, 0, &error));
}

/* 2^40 elements: planned, not executed. */
static void what_is_too_large_is_planned_only(void **state) {
    clf_error error = {0};
    check_ok(clf_context_warmup(*state, (const char *const[]){"gradient f32 1048576x1048576"}, 1, &error));
    check_ok(clf_context_warmup_wait(*state, &error));
}

static void a_context_may_go_while_it_is_at_work(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    static const char *const many[] = {"corr f32 20x31 k=1x3", "corr f32 20x31 k=3x1", "corr f32 20x31 k=2x2",
                                       "corr f32 20x31 k=2x3"};
    check_ok(clf_context_create(NULL, &context, &error));
    check_ok(clf_context_warmup(context, many, COUNT(many), &error));
    clf_context_destroy(context);
}

static void *warm_and_plan(void *context) {
    clf_error error = {0};
    bool good = clf_context_warmup(context, lines, COUNT(lines), &error) == CLF_OK;
    for (size_t i = 0; i < COUNT(lines) && good; i++) {
        clf_plan *plan = NULL;
        good = clf_plan_from_line(context, lines[COUNT(lines) - 1 - i], NULL, &plan, &error) == CLF_OK;
        clf_plan_destroy(plan);
    }
    good = clf_context_warmup_wait(context, &error) == CLF_OK && good;
    return good ? context : NULL;
}

/* How many programs the lines need, planned one after another. */
static size_t count_programs(void) {
    clf_error error = {0};
    clf_context *context = NULL;
    check_ok(clf_context_create(NULL, &context, &error));
    for (size_t i = 0; i < COUNT(lines); i++) {
        clf_plan *plan = NULL;
        check_ok(clf_plan_from_line(context, lines[i], NULL, &plan, &error));
        clf_plan_destroy(plan);
    }
    clf_build_statistics built = clf_context_build_statistics(context);
    clf_context_destroy(context);
    return built.programs + built.disk_hits;
}

/* Each program is built once, whoever comes first, and nobody gets one that is not ready. */
static void threads_warm_up_and_plan_at_once(void **state) {
    enum { THREADS = 6 };
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    pthread_t threads[THREADS];
    check_ok(clf_context_create(NULL, &context, &error));
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, warm_and_plan, context), 0);
    for (int i = 0; i < THREADS; i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_non_null(result);
    }
    clf_build_statistics built = clf_context_build_statistics(context);
    assert_int_equal(built.programs + built.disk_hits, count_programs());
    clf_context_destroy(context);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_find_everything_built),
        cmocka_unit_test(a_line_that_fails_is_told_and_passed_over),
        cmocka_unit_test(what_is_too_large_is_planned_only),
        cmocka_unit_test(a_context_may_go_while_it_is_at_work),
        cmocka_unit_test(threads_warm_up_and_plan_at_once),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
