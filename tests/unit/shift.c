/* SPDX-License-Identifier: Apache-2.0 */
/* What case lines cannot say of a shift: bad input, and a plan on other buffers than its own. */
#include "unit.h"

#include <math.h>

enum { ROWS = 3, COLUMNS = 5 };

static const int64_t shape[2] = {ROWS, COLUMNS};

static void test_bad_input(void **state) {
    clf_context *context = *state;
    clf_view src = unit_tensor(context, 2, shape, NULL), dst = unit_tensor(context, 2, shape, NULL);
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_shift_desc desc = {.src = src, .dst = dst};
    check_fails(clf_plan_shift(NULL, &desc, &plan, &error), CLF_NULL_ARGUMENT, "context is NULL");
    check_fails(clf_plan_shift(context, NULL, &plan, &error), CLF_NULL_ARGUMENT, "desc is NULL");
    desc.by[1] = 0.5;
    check_fails(clf_plan_shift(context, &desc, &plan, &error), CLF_INVALID_VALUE,
                "by[1] is 0.5; expected a whole number");
    desc.by[1] = (double)NAN;
    check_fails(clf_plan_shift(context, &desc, &plan, &error), CLF_INVALID_VALUE, "by[1] is");
    desc.by[1] = (double)INFINITY;
    check_fails(clf_plan_shift(context, &desc, &plan, &error), CLF_INVALID_VALUE, "by[1] is inf");
    desc.by[1] = 0;
    desc.cval = (double)NAN;
    check_fails(clf_plan_shift(context, &desc, &plan, &error), CLF_INVALID_VALUE, "cval is NaN");
    desc.cval = 0;
    desc.method = (clf_shift_method)9;
    check_fails(clf_plan_shift(context, &desc, &plan, &error), CLF_INVALID_VALUE, "method is 9");
    desc.method = CLF_SHIFT_CUBIC;
    desc.src.dtype = desc.dst.dtype = CLF_I32;
    check_fails(clf_plan_shift(context, &desc, &plan, &error), CLF_DTYPE_MISMATCH, "src is i32");
    desc.src.dtype = CLF_F32;
    check_fails(clf_plan_shift(context, &desc, &plan, &error), CLF_DTYPE_MISMATCH, "dst is i32; expected f32");
    desc.dst.dtype = CLF_F32;
    desc.dst.shape[0] = 2;
    check_fails(clf_plan_shift(context, &desc, &plan, &error), CLF_SHAPE_MISMATCH,
                "dst: axis 0 has extent 2; expected 3");
    desc.dst = src;
    check_fails(clf_plan_shift(context, &desc, &plan, &error), CLF_OVERLAP, "dst overlaps src");
    desc.dst = dst;
    desc.border[0] = (clf_border)77;
    check_fails(clf_plan_shift(context, &desc, &plan, &error), CLF_INVALID_VALUE, "border[0] is 77");
    desc.border[0] = CLF_BORDER_DEFAULT;
    desc.by[0] = 0.5;
    desc.options.solver = "shift.whole";
    check_fails(clf_plan_shift(context, &desc, &plan, &error), CLF_NO_SOLVER, "shift.whole cannot solve shift f32 3x5");
    assert_null(plan);
    assert_string_equal(clf_shift_method_name(CLF_SHIFT_LINEAR), "linear");
    assert_string_equal(clf_shift_method_name((clf_shift_method)5), "?");
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

/* The plan describes itself, and works on other buffers. */
static void test_other_buffers(void **state) {
    clf_context *context = *state;
    float values[ROWS * COLUMNS], back[ROWS * COLUMNS];
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        values[i] = (float)i;
    }
    clf_view none = clf_view_dense(NULL, CLF_F32, 2, shape);
    clf_view src = unit_tensor(context, 2, shape, values), dst = unit_tensor(context, 2, shape, NULL);
    clf_error error = {0};
    clf_plan *plan = NULL;
    const clf_shift_desc desc = {.src = none, .dst = none, .by = {1, -2}, .border = {CLF_BORDER_PERIODIC}};
    check_ok(clf_plan_shift(context, &desc, &plan, &error));
    assert_string_equal(clf_plan_problem(plan), "shift f32 3x5 by=1,-2 border=periodic method=whole");
    check_fails(clf_execute(plan, NULL, NULL, &error), CLF_NULL_ARGUMENT, "src has no buffer");
    const clf_execute_desc buffers = {.buffers = (cl_mem[]){src.buffer, dst.buffer}, .buffer_count = 2};
    check_ok(clf_execute(plan, &buffers, NULL, &error));
    check_ok(clf_plan_check(plan, &error));
    unit_read(context, &dst, back);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        int row = (i / COLUMNS + ROWS - 1) % ROWS, column = (i % COLUMNS + 2) % COLUMNS;
        assert_true(back[i] == (float)(row * COLUMNS + column));
    }
    clf_plan_destroy(plan);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bad_input), cmocka_unit_test(test_other_buffers)};
    return cmocka_run_group_tests_name("shift", tests, unit_open_context, unit_close_context);
}
