/* SPDX-License-Identifier: Apache-2.0 */
/* Launches as a library built for debugging has them: arguments go by the kernel's names, and none is left out. */
#include "unit.h"

#include "rt/launch.h"

static const char source[] = "kernel void fill(global int *to, int first, int by, int count) {\n"
                             "    for (int i = 0; i < count; i++)\n"
                             "        to[i] = first + i * by;\n"
                             "}\n";

static cl_program program;

static int open_program(void **state) {
    if (unit_open_context(state) != 0) {
        return -1;
    }
    cl_device_id device = clf_context_cl_device(*state);
    cl_int code;
    program = clCreateProgramWithSource(clf_context_cl_context(*state), 1, (const char *[]){source}, NULL, &code);
    check_cl(code);
    check_cl(clBuildProgram(program, 1, &device, "-cl-kernel-arg-info", NULL, NULL));
    return 0;
}

static int close_program(void **state) {
    check_cl(clReleaseProgram(program));
    return unit_close_context(state);
}

/* A launch of `fill` whose numbers are given in the order of `names`, as many as there are. */
static clf_status set(clf_context *context, const char *const *names, clf_launch *launch, clf_error *error) {
    CLF_TRY(clf_launch_create(context, program, "fill", launch, error));
    clf_launch_operand(launch, names[0], 0);
    for (int i = 1; names[i] != NULL; i++) {
        clf_launch_i32(launch, names[i], i + 1);
    }
    return clf_launch_seal(launch, error);
}

static void test_named(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    clf_launch launch;
    int32_t values[4] = {0};
    cl_int code;
    cl_mem buffer = clCreateBuffer(clf_context_cl_context(context), CL_MEM_READ_WRITE, sizeof values, NULL, &code);
    check_cl(code);
    check_ok(set(context, (const char *[]){"to", "first", "by", "count", NULL}, &launch, &error));
    clf_launch_range(&launch, (size_t[]){1, 1, 1}, (size_t[]){1, 1, 1});
    const clf_launch_memory memory = {&buffer, NULL};
    check_ok(clf_launch_enqueue(&launch, &memory, 0, NULL, NULL, &error));
    check_cl(
        clEnqueueReadBuffer(clf_context_cl_queue(context), buffer, CL_TRUE, 0, sizeof values, values, 0, NULL, NULL));
    assert_memory_equal(values, ((int32_t[]){2, 5, 8, 11}), sizeof values);
    clf_launch_release(&launch);
    check_cl(clReleaseMemObject(buffer));
}

static void check_refused(clf_context *context, const char *const *names, const char *fragment) {
    clf_error error;
    clf_launch launch;
    check_fails(set(context, names, &launch, &error), CLF_BUILD_FAILED, fragment);
    clf_launch_release(&launch);
}

static void test_misnamed(void **state) {
    check_refused(*state, (const char *[]){"to", "first", "stride", "count", NULL},
                  "kernel fill: parameter 2 is called by; stride was given");
    check_refused(*state, (const char *[]){"from", "first", "by", "count", NULL},
                  "kernel fill: parameter 0 is called to; from was given");
}

static void test_out_of_order(void **state) {
    check_refused(*state, (const char *[]){"to", "by", "first", "count", NULL},
                  "kernel fill: parameter 1 is called first; by was given");
}

static void test_missing(void **state) {
    check_refused(*state, (const char *[]){"to", "first", "count", NULL},
                  "kernel fill: parameter 2 is called by; count was given");
    check_refused(*state, (const char *[]){"to", "first", "by", NULL}, "kernel fill takes 4 arguments; 3 were given");
}

static void test_too_many(void **state) {
    check_refused(*state, (const char *[]){"to", "first", "by", "count", "more", NULL},
                  "kernel fill takes 4 arguments; 5 were given, the last was more");
    const char *names[CLF_MAX_ARGUMENTS + 3] = {"to", "first", "by", "count"};
    for (int i = 4; i < CLF_MAX_ARGUMENTS + 2; i++) {
        names[i] = "more";
    }
    check_refused(*state, names, "kernel fill takes 4 arguments; 24 were given");
}

/* An argument that the driver refuses is named. */
static void test_of_wrong_size(void **state) {
    clf_error error = {0};
    clf_launch launch;
    check_ok(clf_launch_create(*state, program, "fill", &launch, &error));
    clf_launch_operand(&launch, "to", 0);
    clf_launch_i32(&launch, "first", 1);
    clf_launch_i64(&launch, "by", 1);
    clf_launch_i32(&launch, "count", 4);
    check_fails(clf_launch_seal(&launch, &error), CLF_DEVICE_ERROR,
                "setting by of OpenCL kernel fill failed: CL_INVALID");
    clf_launch_release(&launch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_named),   cmocka_unit_test(test_misnamed), cmocka_unit_test(test_out_of_order),
        cmocka_unit_test(test_missing), cmocka_unit_test(test_too_many), cmocka_unit_test(test_of_wrong_size),
    };
    return cmocka_run_group_tests(tests, open_program, close_program);
}
