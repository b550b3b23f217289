/* SPDX-License-Identifier: Apache-2.0 */
/* Plans: how they describe themselves, what they cost, what they build, what a clone shares. */
#include "check/case.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>

static const int64_t image_shape[2] = {9, 13}, kernel_shape[2] = {3, 3};
static float taps[9] = {1, 2, 3, 4, 5, 6, 7, 8, 10};

/* A good convolution, its operands made on the context. */
static clf_convolve_desc make_desc(clf_context *context) {
    return (clf_convolve_desc){.src = unit_tensor(context, 2, image_shape, NULL),
                               .dst = unit_tensor(context, 2, image_shape, NULL),
                               .kernel = unit_array(2, kernel_shape, taps)};
}

static void release_desc(clf_convolve_desc *desc) {
    clf_tensor_release(&desc->src);
    clf_tensor_release(&desc->dst);
}

/* A problem's line, given to the tests' own parser, is a line again, and the problem planned from it is the same. */
static void expect_line(clf_context *context, const clf_plan *plan, const char *expected) {
    char why[WHY_LENGTH] = "";
    test_case test;
    assert_string_equal(clf_plan_problem(plan), expected);
    if (!case_parse(expected, &test, why) || !case_fill(&test, why)) {
        fail_msg("%s: %s", expected, why);
    }
    test_fixture fixture = {.context = context};
    case_operands operands;
    clf_plan *again = NULL;
    if (!operands_create(&fixture, &test, &operands, why) ||
        case_plan(&fixture, &test, &operands, NULL, &again, why) != OUTCOME_PASSED) {
        fail_msg("%s: %s", expected, why);
    }
    assert_string_equal(clf_plan_problem(again), expected);
    clf_plan_destroy(again);
    operands_destroy(&operands);
    case_close(&test);
}

static void problem_lines(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_convolve_desc desc = make_desc(*state);
    check_ok(clf_plan_convolve(*state, &desc, &plan, &error));
    expect_line(*state, plan, "conv f32 9x13 k=3x3 border=reflect");
    clf_plan_destroy(plan);

    desc.border[0] = CLF_BORDER_CONSTANT;
    desc.border[1] = CLF_BORDER_PERIODIC;
    desc.cval = 0.25;
    desc.origin[1] = -1;
    desc.dilation[0] = 2;
    check_ok(clf_plan_correlate(*state, &desc, &plan, &error));
    expect_line(*state, plan, "corr f32 9x13 k=3x3 border=constant,periodic cval=0.25 origin=0,-1 dilation=2,1");
    clf_plan_destroy(plan);

    clf_convolve_desc strided = {.src = desc.src, .kernel = desc.kernel, .mode = CLF_MODE_FULL, .stride = {2, 3}};
    clf_tensor_release(&desc.dst);
    strided.dst = unit_tensor(*state, 2, (int64_t[]){6, 5}, NULL);
    check_ok(clf_view_flip(&strided.src, 0, &strided.src, &error));
    check_ok(clf_plan_convolve(*state, &strided, &plan, &error));
    expect_line(*state, plan, "conv f32 9x13 k=3x3 border=reflect mode=full stride=2,3 src_strides=-13,1");
    clf_plan_destroy(plan);
    release_desc(&strided);
}

static void gradient_line(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_gradient_desc desc = {.src = unit_tensor(*state, 2, image_shape, NULL),
                              .dst = unit_tensor(*state, 2, image_shape, NULL)};
    check_ok(clf_plan_gradient(*state, &desc, &plan, &error));
    expect_line(*state, plan, "gradient f32 9x13 op=central border=reflect");
    clf_plan_destroy(plan);
    desc.op = CLF_GRADIENT_SOBEL;
    desc.border[0] = CLF_BORDER_SYMMETRIC;
    desc.scale = 0.5;
    desc.eps = 0.125;
    check_ok(clf_plan_gradient(*state, &desc, &plan, &error));
    expect_line(*state, plan, "gradient f32 9x13 op=sobel border=symmetric scale=0.5 eps=0.125");
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
}

/* "(SOLVER ...)" names the solver that was wished for; an operation's name is a wish for any of its solvers. */
static void descriptions(void **state) {
    static const char *const wishes[] = {NULL, "conv", "conv.general", "conv.direct"};
    clf_error error = {0};
    clf_convolve_desc desc = make_desc(*state);
    for (size_t i = 0; i < COUNT(wishes); i++) {
        clf_plan *plan = NULL;
        desc.options.solver = wishes[i];
        check_ok(clf_plan_convolve(*state, &desc, &plan, &error));
        const char *line = clf_plan_describe(plan);
        const char *solver = wishes[i] == NULL ? "conv." : wishes[i];
        assert_true(line[0] == '(' && line[strlen(line) - 1] == ')');
        assert_memory_equal(line + 1, solver, strlen(solver));
        clf_plan_destroy(plan);
    }
    release_desc(&desc);
}

static void cost(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_convolve_desc desc = make_desc(*state);
    desc.options.solver = "conv.direct";
    check_ok(clf_plan_convolve(*state, &desc, &plan, &error));
    clf_plan_cost price = clf_plan_get_cost(plan);
    assert_true(price.bytes == 2 * 117 * 4 + 9 * 4);
    assert_true(price.flops == 2 * 9 * 117);
    clf_plan_destroy(plan);
    release_desc(&desc);
}

static void null_plan(void **state) {
    (void)state;
    clf_error error = {0};
    clf_plan *clone = NULL;
    assert_null(clf_plan_describe(NULL));
    assert_null(clf_plan_problem(NULL));
    clf_plan_cost price = clf_plan_get_cost(NULL);
    assert_true(price.bytes == 0 && price.flops == 0 && price.scratch_bytes == 0);
    clf_plan_destroy(NULL);
    check_fails(clf_plan_clone(NULL, &clone, &error), CLF_NULL_ARGUMENT, "plan is NULL");
    assert_null(clone);
    clf_convolve_desc desc = make_desc(*state);
    clf_plan *plan = NULL;
    check_ok(clf_plan_convolve(*state, &desc, &plan, &error));
    check_fails(clf_plan_clone(plan, NULL, &error), CLF_NULL_ARGUMENT, "clone is NULL");
    clf_plan_destroy(plan);
    release_desc(&desc);
}

/* A second plan of the same kind builds nothing, whatever its taps, border and views are; nor does a clone. */
static void build_cache(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    clf_plan *first = NULL, *second = NULL, *clone = NULL;
    check_ok(clf_context_create(NULL, &context, &error));
    clf_convolve_desc desc = make_desc(context);
    desc.options.solver = "conv.general";
    assert_int_equal(clf_context_build_statistics(context).programs, 0);
    check_ok(clf_plan_convolve(context, &desc, &first, &error));
    clf_build_statistics before = clf_context_build_statistics(context);
    assert_true(before.programs > 0 && before.build_seconds > 0);
    desc.border[0] = CLF_BORDER_PERIODIC;
    check_ok(clf_plan_correlate(context, &desc, &second, &error));
    check_ok(clf_plan_clone(first, &clone, &error));
    clf_build_statistics after = clf_context_build_statistics(context);
    assert_int_equal(after.programs, before.programs);
    assert_true(after.hits > before.hits);
    assert_true(after.build_seconds == before.build_seconds);
    clf_plan_destroy(first);
    clf_plan_destroy(second);
    clf_plan_destroy(clone);
    release_desc(&desc);
    clf_context_destroy(context);
}

/* What the plan says of itself, a clone says too, and after the plan is gone. */
static void clone_describes_itself(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL, *clone = NULL;
    char description[256], problem[256];
    clf_convolve_desc desc = make_desc(*state);
    check_ok(clf_plan_convolve(*state, &desc, &plan, &error));
    (void)snprintf(description, sizeof description, "%s", clf_plan_describe(plan));
    (void)snprintf(problem, sizeof problem, "%s", clf_plan_problem(plan));
    clf_plan_cost price = clf_plan_get_cost(plan);
    check_ok(clf_plan_clone(plan, &clone, &error));
    clf_plan_destroy(plan);
    assert_string_equal(clf_plan_describe(clone), description);
    assert_string_equal(clf_plan_problem(clone), problem);
    assert_true(clf_plan_get_cost(clone).bytes == price.bytes);
    assert_true(clf_plan_get_cost(clone).flops == price.flops);
    clf_plan_destroy(clone);
    release_desc(&desc);
}

/* A failing call leaves its outputs, a succeeding one its clf_error. */
static void outputs_and_errors(void **state) {
    clf_convolve_desc desc = make_desc(*state);
    clf_plan *plan = (clf_plan *)&desc;
    clf_error error = {.code = CLF_OVERLAP, .cl_code = 3, .message = "before"};
    desc.cval = (double)NAN;
    assert_int_equal(clf_plan_convolve(*state, &desc, &plan, NULL), CLF_INVALID_VALUE);
    assert_ptr_equal(plan, &desc);
    desc.cval = 0;
    assert_int_equal(clf_plan_convolve(*state, &desc, &plan, &error), CLF_OK);
    assert_int_equal(clf_execute(plan, NULL, NULL, &error), CLF_OK);
    assert_int_equal(error.code, CLF_OVERLAP);
    assert_int_equal(error.cl_code, 3);
    assert_string_equal(error.message, "before");
    clf_plan_destroy(plan);
    release_desc(&desc);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(problem_lines),
        cmocka_unit_test(gradient_line),
        cmocka_unit_test(descriptions),
        cmocka_unit_test(cost),
        cmocka_unit_test(null_plan),
        cmocka_unit_test(build_cache),
        cmocka_unit_test(clone_describes_itself),
        cmocka_unit_test(outputs_and_errors),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
