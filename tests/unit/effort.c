/* SPDX-License-Identifier: Apache-2.0 */
/* Measured plans: they compute the same, are remembered, touch nothing of the caller's, and leave out what is wrong. */
#include "choose/planner.h"
#include "folder.h"
#include "ops/conv/conv.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 21, COLUMNS = 70, ELEMENTS = ROWS * COLUMNS };

static const int64_t shape[2] = {ROWS, COLUMNS};
static float taps[9] = {1, 2, 1, 0, 3, 0, -1, -2, 4};

static clf_context *context;
static folder_log messages;
static clf_convolve_desc desc;
static float values[ELEMENTS], expected[ELEMENTS];

/* Correlation with reflected ends, as the definition says it. */
static void compute_expected(void) {
    for (int y = 0; y < ROWS; y++) {
        for (int x = 0; x < COLUMNS; x++) {
            float sum = 0;
            for (int k = 0; k < 9; k++) {
                int row = abs(y + k / 3 - 1), column = abs(x + k % 3 - 1);
                row = row >= ROWS ? 2 * ROWS - 2 - row : row;
                column = column >= COLUMNS ? 2 * COLUMNS - 2 - column : column;
                sum += taps[k] * values[row * COLUMNS + column];
            }
            expected[y * COLUMNS + x] = sum;
        }
    }
}

static int begin(void **state) {
    (void)state;
    context = folder_context(CLF_PROGRAM_CACHE_OFF, &messages);
    for (int i = 0; i < ELEMENTS; i++) {
        values[i] = (float)(i * i % 31);
    }
    compute_expected();
    desc = (clf_convolve_desc){.src = unit_tensor(context, 2, shape, values),
                               .dst = unit_tensor(context, 2, shape, values),
                               .kernel = {.data = taps, .rank = 2, .shape = {3, 3}},
                               .border = {CLF_BORDER_REFLECT}};
    return 0;
}

static int end(void **state) {
    (void)state;
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
    clf_context_destroy(context);
    return 0;
}

static int forget(void **state) {
    (void)state;
    clf_wisdom_forget(context);
    messages = (folder_log){.warnings = 0};
    return 0;
}

static clf_plan *plan_with(clf_effort effort) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    desc.options = (clf_plan_options){.effort = effort};
    messages.measured = 0;
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    return plan;
}

static bool solved_by(clf_effort effort, const char *beginning) {
    clf_plan *plan = plan_with(effort);
    bool same = strncmp(clf_plan_describe(plan), beginning, strlen(beginning)) == 0;
    clf_plan_destroy(plan);
    return same;
}

/* Whole numbers throughout: every solver's answer is exact. */
static void same_answer(void **state) {
    (void)state;
    clf_error error = {0};
    static float result[ELEMENTS];
    for (int effort = CLF_ESTIMATE; effort <= CLF_EXHAUSTIVE; effort++) {
        clf_plan *plan = plan_with((clf_effort)effort);
        assert_true((messages.measured > 0) == (effort != CLF_ESTIMATE));
        check_ok(clf_execute(plan, NULL, NULL, &error));
        check_ok(clf_context_finish(context, &error));
        clf_plan_destroy(plan);
        unit_read(context, &desc.dst, result);
        assert_memory_equal(result, expected, sizeof result);
        memset(result, 0, sizeof result);
        check_ok(
            clf_upload(context, &(clf_array){.data = result, .rank = 2, .shape = {ROWS, COLUMNS}}, &desc.dst, &error));
    }
    assert_int_equal(messages.warnings, 0);
}

static void operands_untouched(void **state) {
    (void)state;
    clf_error error = {0};
    static float result[ELEMENTS];
    check_ok(clf_upload(context, &(clf_array){.data = taps, .rank = 1, .shape = {9}},
                        &(clf_view){.buffer = desc.dst.buffer, .rank = 1, .shape = {9}}, &error));
    unit_read(context, &desc.dst, expected);
    clf_plan_destroy(plan_with(CLF_EXHAUSTIVE));
    unit_read(context, &desc.dst, result);
    assert_memory_equal(result, expected, sizeof result);
    unit_read(context, &desc.src, result);
    assert_memory_equal(result, values, sizeof result);
    compute_expected();
}

static void remembered(void **state) {
    (void)state;
    static const struct {
        clf_effort effort;
        bool measures;
    } steps[] = {{CLF_ESTIMATE, false},  {CLF_MEASURE, true},     {CLF_MEASURE, false}, {CLF_ESTIMATE, false},
                 {CLF_EXHAUSTIVE, true}, {CLF_EXHAUSTIVE, false}, {CLF_MEASURE, false}, {CLF_ESTIMATE, false}};
    clf_error error = {0};
    for (size_t i = 0; i < COUNT(steps); i++) {
        size_t before = clf_context_build_statistics(context).programs, length = 0;
        clf_plan_destroy(plan_with(steps[i].effort));
        assert_true((messages.measured > 0) == steps[i].measures);
        assert_true(steps[i].measures || i == 0 || clf_context_build_statistics(context).programs == before);
        char text[2048];
        check_ok(clf_wisdom_export(context, text, sizeof text, &length, &error));
        assert_true((strchr(text, '\n') + 1 == text + length) == (i == 0)); /* a heading alone before the first */
        assert_true(i == 0 || strchr(strchr(text, '\n') + 1, '\n') + 1 == text + length); /* and one line after */
    }
}

/* The key of desc's problem, as a measured plan has left it; forgets everything. */
static void read_key(char key[512]) {
    clf_error error = {0};
    char text[2048];
    size_t length = 0;
    clf_plan_destroy(plan_with(CLF_MEASURE));
    check_ok(clf_wisdom_export(context, text, sizeof text, &length, &error));
    const char *at = strchr(text, '\n');
    for (int space = 0; space < 4; space++) {
        at = strchr(at + 1, ' ');
    }
    (void)snprintf(key, 512, "%s", at + 1);
    (void)forget(NULL);
}

static void tell(const char *solver, int variant, int effort, const char *key) {
    clf_error error = {0};
    char text[1024];
    size_t taken = 0;
    clf_wisdom_forget(context);
    (void)snprintf(text, sizeof text, "clfilter-wisdom 1\n%s %d %d 1000 %s", solver, variant, effort, key);
    check_ok(clf_wisdom_import(context, text, &taken, &error));
    assert_int_equal(taken, 1);
}

/* What wisdom says is done where it can be, by an estimating plan too; nothing else changes the choice. */
static void wisdom_is_used(void **state) {
    (void)state;
    char key[512];
    read_key(key);
    assert_true(solved_by(CLF_ESTIMATE, "(conv.direct "));
    tell("conv.general", 0, CLF_MEASURE, key);
    assert_true(solved_by(CLF_ESTIMATE, "(conv.general "));
    assert_true(solved_by(CLF_MEASURE, "(conv.general "));
    assert_int_equal(messages.measured, 0);
    clf_plan_destroy(plan_with(CLF_EXHAUSTIVE)); /* this asks for more */
    assert_true(messages.measured > 0);
    tell("conv.direct", 4, CLF_EXHAUSTIVE, key);
    clf_plan *plan = plan_with(CLF_ESTIMATE);
    if (strstr(clf_plan_describe(plan), " rows=2 vectors=1") == NULL)
        fail_msg("%s", clf_plan_describe(plan));
    clf_plan_destroy(plan);
    static const struct {
        const char *solver;
        int variant;
    } unusable[] = {
        {"conv.direct", 6}, {"conv.direct", 2147483647}, {"conv.general", 1}, {"conv.fast", 0}, {"conv.bank", 0}};
    for (size_t i = 0; i < COUNT(unusable); i++) {
        tell(unusable[i].solver, unusable[i].variant, CLF_EXHAUSTIVE, key);
        assert_true(solved_by(CLF_ESTIMATE, "(conv.direct "));
        assert_int_equal(messages.measured, 0);
    }
    key[3] = key[3] == '0' ? '1' : '0'; /* another device's */
    tell("conv.general", 0, CLF_EXHAUSTIVE, key);
    assert_true(solved_by(CLF_ESTIMATE, "(conv.direct "));
}

static void wrong_effort(void **state) {
    (void)state;
    clf_error error = {0};
    clf_plan *plan = NULL;
    desc.options = (clf_plan_options){.effort = (clf_effort)3};
    check_fails(clf_plan_correlate(context, &desc, &plan, &error), CLF_INVALID_VALUE, "options.effort is 3");
    desc.options.effort = (clf_effort)-1;
    check_fails(clf_plan_correlate(context, &desc, &plan, &error), CLF_INVALID_VALUE, "options.effort");
    assert_null(plan);
}

/* Plans over tensors that nobody has: too large, or reaching before their beginning. The estimate stands. */
static void not_measurable(void **state) {
    (void)state;
    clf_error error = {0};
    const clf_convolve_desc kept = desc;
    const int64_t large[2] = {1 << 20, 1 << 20};
    desc.src = clf_view_dense(NULL, CLF_F32, 2, large);
    desc.dst = desc.src;
    assert_true(solved_by(CLF_MEASURE, "(conv.direct "));
    assert_int_equal(messages.warnings, 1);
    assert_non_null(strstr(messages.last, "not measured, using the estimate: the operands take more"));
    desc.src = desc.dst = clf_view_dense(NULL, CLF_F32, 2, shape);
    check_ok(clf_view_flip(&desc.src, 0, &desc.src, &error));
    desc.src.offset = 0;
    assert_true(solved_by(CLF_MEASURE, "(conv.direct "));
    assert_int_equal(messages.warnings, 2);
    assert_non_null(strstr(messages.last, "src reaches before"));
    size_t length = 0;
    check_ok(clf_wisdom_export(context, NULL, 0, &length, &error));
    assert_int_equal(length, strlen("clfilter-wisdom 1\n"));
    desc = kept;
}

/* Solvers that no table should hold: all quicker than light. */
static double no_time(const clf_context *where, const void *problem) {
    (void)where, (void)problem;
    return 1e-12;
}

static bool always(const clf_context *where, const void *problem) {
    (void)where, (void)problem;
    return true;
}

static clf_status prepare_nothing(clf_plan *plan, const void *problem, clf_error *error) {
    (void)plan, (void)problem, (void)error;
    return CLF_OK;
}

static clf_status prepare_failure(clf_plan *plan, const void *problem, clf_error *error) {
    (void)plan, (void)problem;
    (void)error;
    return CLF_BUILD_FAILED;
}

/* Right everywhere but beyond the border. */
static clf_status prepare_wrong(clf_plan *plan, const void *problem, clf_error *error) {
    clf_conv_problem changed = *(const clf_conv_problem *)problem;
    changed.border[1] = CLF_BORDER_REPLICATE;
    return clf_conv_general.prepare(plan, &changed, error);
}

static const clf_solver idle = {"conv.idle", always, no_time, prepare_nothing, 1, NULL};
static const clf_solver failing = {"conv.failing", always, no_time, prepare_failure, 1, NULL};
static const clf_solver wrong = {"conv.wrong", always, no_time, prepare_wrong, 1, NULL};

/* The plan's solver where `bad` competes with the safe solver. */
static bool chosen(const clf_solver *bad, clf_effort effort, const char *beginning) {
    const clf_solver *const solvers[] = {bad, &clf_conv_general, NULL};
    const clf_operation operation = {"conv", solvers, clf_conv_print, clf_conv_cost};
    const clf_plan_options options = {.effort = effort};
    clf_error error = {0};
    clf_conv_problem problem;
    clf_plan *plan = NULL;
    double *weights = NULL;
    (void)forget(NULL);
    check_ok(clf_conv_describe("test", &desc, false, &problem, &error));
    check_ok(clf_conv_read_weights("test", &desc, &problem, &weights, &error));
    const clf_operand operands[2] = {{"src", problem.src, false}, {"dst", problem.dst, true}};
    clf_status status = clf_planner_make(context, &operation, &problem, 2, operands, &options, &plan, &error);
    bool same = status == CLF_OK && strncmp(clf_plan_describe(plan), beginning, strlen(beginning)) == 0;
    clf_plan_destroy(plan);
    free(weights);
    return same;
}

static void wrong_is_left_out(void **state) {
    (void)state;
    assert_true(chosen(&idle, CLF_ESTIMATE, "(conv.idle "));
    assert_true(chosen(&wrong, CLF_ESTIMATE, "(conv.wrong "));
    assert_true(chosen(&idle, CLF_MEASURE, "(conv.general "));
    assert_non_null(strstr(messages.last, "conv.idle variant 0 is skipped: its result differs"));
    assert_true(chosen(&wrong, CLF_MEASURE, "(conv.general "));
    assert_non_null(strstr(messages.last, "conv.wrong variant 0 is skipped: its result differs"));
    assert_true(chosen(&failing, CLF_EXHAUSTIVE, "(conv.general "));
    assert_non_null(strstr(messages.last, "conv.failing variant 0 is skipped: the device's compiler"));
    assert_int_equal(messages.warnings, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(same_answer, forget),       cmocka_unit_test_setup(operands_untouched, forget),
        cmocka_unit_test_setup(remembered, forget),        cmocka_unit_test_setup(wisdom_is_used, forget),
        cmocka_unit_test_setup(wrong_effort, forget),      cmocka_unit_test_setup(not_measurable, forget),
        cmocka_unit_test_setup(wrong_is_left_out, forget),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
