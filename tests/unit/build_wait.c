/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two threads of one context ask for the same program at once: the second waits for the first, and where the first
 * could not build it, builds it itself.
 */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

static atomic_int builds; /* begun since `slow_failure` was set */
static atomic_bool slow_failure;

static void pause_for(long milliseconds) {
    const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

cl_int __real_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *devices, const char *options,
                             void(CL_CALLBACK *notify)(cl_program, void *), void *user);
cl_int __wrap_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *devices, const char *options,
                             void(CL_CALLBACK *notify)(cl_program, void *), void *user);

/* The first build fails, long after it began. */
cl_int __wrap_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *devices, const char *options,
                             void(CL_CALLBACK *notify)(cl_program, void *), void *user) {
    if (atomic_fetch_add(&builds, 1) == 0 && atomic_load(&slow_failure)) {
        pause_for(500);
        return CL_OUT_OF_HOST_MEMORY;
    }
    return __real_clBuildProgram(program, count, devices, options, notify, user);
}

typedef struct planner {
    clf_context *context;
    clf_status status;
} planner;

/* Every thread plans the same gradient, by one solver: one program. */
static void *plan_gradient(void *of) {
    planner *p = of;
    const int64_t shape[2] = {9, 13};
    const clf_view view = clf_view_dense(NULL, CLF_F32, 2, shape);
    const clf_gradient_desc desc = {.src = view, .dst = view, .options = {.solver = "gradient.each"}};
    clf_plan *plan = NULL;
    p->status = clf_plan_gradient(p->context, &desc, &plan, NULL);
    clf_plan_destroy(plan);
    return NULL;
}

static void plan_twice(bool failing, clf_status first_status) {
    clf_error error = {0};
    clf_context *context = NULL;
    check_ok(clf_context_create(&(clf_context_desc){.program_cache = CLF_PROGRAM_CACHE_OFF}, &context, &error));
    planner first = {context, CLF_OK}, second = {context, CLF_OK};
    pthread_t thread;
    atomic_store(&slow_failure, failing);
    atomic_store(&builds, 0);
    assert_int_equal(pthread_create(&thread, NULL, plan_gradient, &first), 0);
    while (atomic_load(&builds) == 0)
        pause_for(1);
    (void)plan_gradient(&second); /* waits: the first is building */
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(first.status, first_status);
    assert_int_equal(second.status, CLF_OK);
    assert_int_equal(atomic_load(&builds), failing ? 2 : 1);
    clf_context_destroy(context);
}

static void waits_for_a_build(void **state) {
    (void)state;
    plan_twice(false, CLF_OK);
}

static void builds_after_a_failure(void **state) {
    (void)state;
    plan_twice(true, CLF_OUT_OF_MEMORY);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(waits_for_a_build), cmocka_unit_test(builds_after_a_failure)};
    return cmocka_run_group_tests_name("build_wait", tests, NULL, NULL);
}
