/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that do not fit: what is decided by one is refused, what only people read ends in "...". */
#include "base/text.h"

#include "choose/planner.h"
#include "choose/wisdom.h"
#include "rt/program.h"
#include "unit.h"

#include <stdio.h>

static void what_does_not_fit_is_remembered(void **state) {
    (void)state;
    clf_error error = {0};
    char data[12];
    memset(data, 'x', sizeof data);
    clf_text text = clf_text_begin(data, sizeof data - 1);
    assert_string_equal(data, "");
    clf_text_add(&text, "%s", "");
    clf_text_add(&text, "%s=%d", "length", 10);
    check_ok(clf_text_check(&text, "test", "text", &error));
    clf_text_add(&text, "%d", 1); /* the tenth */
    assert_string_equal(data, "length=101");
    check_ok(clf_text_check(&text, "test", "text", &error));
    clf_text_close(&text);
    assert_string_equal(data, "length=101");
    clf_text_add(&text, "%s", "");
    check_ok(clf_text_check(&text, "test", "text", &error));
    clf_text_add(&text, "%d", 2);
    assert_string_equal(data, "length=101");
    check_fails(clf_text_check(&text, "test", "text", &error), CLF_OUT_OF_RANGE,
                "test: there is no room for the text in 10 characters");
    clf_text_add(&text, "%s", "");
    check_fails(clf_text_check(&text, "test", "text", &error), CLF_OUT_OF_RANGE, "test");
    clf_text_close(&text);
    assert_string_equal(data, "length=...");
    assert_int_equal(data[11], 'x');
}

static void a_piece_is_left_out_in_part(void **state) {
    (void)state;
    for (size_t size = 1; size < 20; size++) {
        char data[32];
        memset(data, 'x', sizeof data);
        clf_text text = clf_text_begin(data, size);
        clf_text_add_extents(&text, 3, (int64_t[]){11, 222, 33});
        clf_text_add(&text, "%s", " by=");
        clf_text_add_values(&text, 2, (int64_t[]){7, -8});
        assert_int_equal(text.truncated, size < 18);
        assert_int_equal(text.length, size < 18 ? size - 1 : 17);
        assert_int_equal(strlen(data), text.length);
        assert_memory_equal(data, "11x222x33 by=7,-8", text.length);
        assert_int_equal(data[size], 'x');
        clf_text_close(&text);
        assert_int_equal(strlen(data), text.length);
        assert_int_equal(size > 3 && strcmp(data + size - 4, "...") == 0, size > 3 && size < 18);
    }
}

/* An operation whose line and whose build options have as many characters as a test says. */
static struct { int line, options; } lengths;

static void print(const void *problem, clf_text *text) {
    (void)problem;
    clf_text_add(text, "%.*s", lengths.line < 4 ? lengths.line : 4, "test");
    for (int i = 4; i < lengths.line; i++)
        clf_text_add(text, i == 4 ? " " : "1");
}

static void cost(const void *problem, clf_plan_cost *total) {
    (void)problem;
    total->bytes = 1;
}

static double estimate(const clf_context *context, const void *problem) {
    (void)context, (void)problem;
    return 1;
}

static clf_status prepare(clf_plan *plan, const void *problem, clf_error *error) {
    (void)problem;
    char data[64];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_launch *launch;
    clf_text_add(&options, "-DVECTOR=4 -DLOCAL_X=1");
    for (int i = (int)options.length; i < lengths.options; i++)
        clf_text_add(&options, " ");
    return clf_plan_step(plan, "rt/peaks", &options, "peak_copy", &launch, error);
}

static const clf_solver first = {"test.first", NULL, estimate, prepare, 0, NULL},
                        second = {"test.second", NULL, estimate, prepare, 0, NULL};
static const clf_solver *const solvers[] = {&first, &second, NULL};
static const clf_operation operation = {"test", solvers, print, cost, NULL, NULL};

static clf_status plan_lengths(clf_context *context, int line, int options, const char *solver, clf_plan **plan,
                               clf_error *error) {
    const clf_plan_options wishes = {.solver = solver};
    const clf_operand none = {.name = "none"};
    lengths.line = line;
    lengths.options = options;
    return clf_planner_make(context, &operation, NULL, 0, &none, &wishes, plan, error);
}

static void lines_fit_or_are_refused(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    static const char *const wishes[] = {NULL, "test.first"}; /* with a key for wisdom, and without */
    for (size_t i = 0; i < COUNT(wishes); i++) {
        check_ok(plan_lengths(*state, CLF_LINE_SIZE - 1, 0, wishes[i], &plan, &error));
        assert_int_equal(strlen(clf_plan_problem(plan)), CLF_LINE_SIZE - 1);
        clf_plan_destroy(plan);
        plan = NULL;
        check_fails(plan_lengths(*state, CLF_LINE_SIZE, 0, wishes[i], &plan, &error), CLF_OUT_OF_RANGE,
                    "test: there is no room for the problem's line in 2559 characters");
        check_fails(plan_lengths(*state, 3 * CLF_LINE_SIZE, 0, wishes[i], &plan, &error), CLF_OUT_OF_RANGE,
                    "test: there is no room for the problem's line");
        assert_null(plan);
    }
}

static void keys_fit_or_are_refused(void **state) {
    clf_error error = {0};
    char key[CLF_WISDOM_KEY_SIZE];
    const clf_candidates none = {.count = 0};
    lengths.line = CLF_WISDOM_KEY_SIZE - CLF_WISDOM_HASH_SIZE - 1;
    check_ok(clf_wisdom_key(*state, &operation, NULL, &none, key, &error));
    lengths.line++;
    check_fails(clf_wisdom_key(*state, &operation, NULL, &none, key, &error), CLF_OUT_OF_RANGE,
                "test: there is no room for the problem's line");
    static const clf_solver named = {
        "a.solver.whose.name.has.as.many.characters.as.wisdom.has.room.for.....", NULL, estimate, prepare, 0, NULL};
    const clf_choice choice = {&named, 0, 1};
    check_fails(clf_wisdom_add(*state, "key", CLF_MEASURE, &choice, &error), CLF_OUT_OF_RANGE,
                "there is no room for the solver's name in 63 characters");
}

static void build_options_fit_or_are_refused(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_ok(plan_lengths(*state, 20, 63, NULL, &plan, &error));
    clf_plan_destroy(plan);
    plan = NULL;
    size_t before = clf_context_build_statistics(*state).programs;
    check_fails(plan_lengths(*state, 20, 64, NULL, &plan, &error), CLF_OUT_OF_RANGE,
                "rt/peaks: there is no room for the build options in 63 characters");
    assert_null(plan);
    assert_int_equal(clf_context_build_statistics(*state).programs, before);
}

/* People read descriptions: one whose problem leaves no room for more says so, and the plan is good. */
static void descriptions_are_truncated(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_ok(plan_lengths(*state, CLF_LINE_SIZE - 1, 0, NULL, &plan, &error));
    const char *description = clf_plan_describe(plan);
    assert_int_equal(strncmp(description, "(test.first 111", 15), 0);
    assert_non_null(strstr(description, "1 others=test.second:1e+03ms)"));
    char small[32];
    plan->description = clf_text_begin(small, sizeof small);
    clf_text_add(&plan->description, "%s", clf_plan_problem(plan));
    clf_text_close(&plan->description);
    assert_string_equal(small, "test 11111111111111111111111...");
    clf_plan_destroy(plan);
}

/* Every problem of the library has a line that fits, as long as strides can make it. */
static void the_longest_line_fits(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL, *again = NULL;
    clf_view view = {.dtype = CLF_F32, .rank = 8, .shape = {1, 1, 1, 1, 1, 1, 1, 3}};
    for (int i = 0; i < 7; i++)
        view.strides[i] = -1111111111111111; /* one digit more in each would span more than a view may */
    view.strides[7] = 1111111111111111;
    const clf_gradient_backward_desc desc = {.src = view,
                                             .grad_dst = view,
                                             .grad_dx = view,
                                             .grad_dy = view,
                                             .grad_squared = view,
                                             .grad_l1 = view,
                                             .grad_orientation = view,
                                             .grad_src = view,
                                             .op = CLF_GRADIENT_GAUSSIAN,
                                             .sigma = 0.1,
                                             .border = {CLF_BORDER_SYMMETRIC, CLF_BORDER_CONSTANT},
                                             .cval = -0.1,
                                             .scale = -0.1,
                                             .eps = 0.1};
    check_ok(clf_plan_gradient_backward(*state, &desc, &plan, &error));
    assert_true(strlen(clf_plan_problem(plan)) > 1400);
    check_ok(clf_plan_from_line(*state, clf_plan_problem(plan), NULL, &again, &error));
    assert_string_equal(clf_plan_problem(again), clf_plan_problem(plan));
    clf_plan_destroy(plan);
    clf_plan_destroy(again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_fit_is_remembered),
        cmocka_unit_test(a_piece_is_left_out_in_part),
        cmocka_unit_test(lines_fit_or_are_refused),
        cmocka_unit_test(keys_fit_or_are_refused),
        cmocka_unit_test(build_options_fit_or_are_refused),
        cmocka_unit_test(descriptions_are_truncated),
        cmocka_unit_test(the_longest_line_fits),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
