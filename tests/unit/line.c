/* SPDX-License-Identifier: Apache-2.0 */
/* Problem lines: read, written again, and refused with the word at fault. */
#include "unit.h"

#include <math.h>

/* Every operation at least once, each word of its lines at least once, as the library prints them. */
static const char *const lines[] = {
    "conv f32 9x13 k=3x3 border=reflect",
    "corr u8 2x9x13 k=5 border=periodic mode=full stride=2 dilation=3 dst=f32",
    "conv f32 9x13 k=3x5 taps=rank1 border=reflect,constant cval=0.10000000000000001 origin=1,-2",
    "corr f32 9x13 k=5x5 taps=rank2 border=symmetric src_strides=-13,1 dst_strides=40,3",
    "corr f32 9x13 k=5x5 kernel=view border=replicate",
    "corr f32 2x6x9x13 k=4x3x3x3 groups=2 bias=1 border=constant",
    "corr f32 2x6x13 k=4x6x3 axes=1 border=reflect",
    "conv f32 9x13 k=5x5 taps=special border=reflect",
    "corr f32 9x13 k=3x3 border=periodic dst=f16",
    "conv f64 3x9x13 k=3x3x3 border=reflect mode=valid",
    "conv_adjoint f32 9x13 k=3x3 border=symmetric stride=2,2",
    "corr_weights f32 2x6x9x13 k=4x3x3x3 groups=2 bias=1 border=reflect",
    "normalised f32 20x30 k=5x7 kernel=view border=reflect mode=valid",
    "gradient f32 2x9x13 op=sobel border=reflect,periodic cval=1 scale=0.5 eps=0.25",
    "gradient f16 9x13 op=gaussian:1.5 border=constant out=dx,l1,orientation dst=f16 src_strides=1,9 l1_strides=1,9",
    "gradient f64 5x9x13 op=central axes=3 border=reflect out=dz",
    "gradient_backward f32 9x13 op=sobel border=reflect of=grad_dst,grad_l1 src=u8 grad_l1_strides=1,9",
    "gradient_backward f32 9x13 op=central border=reflect of=grad_dx src=none grad_src_strides=1,9",
    "laplace f32 9x13 op=gaussian:2 border=replicate scale=3",
    "structure f32 9x13 op=sobel border=reflect sigma=2 harris=eps:0.001 dst_strides=1,9",
    "structure f32 9x13 op=sobel border=reflect sigma=1 xy_strides=1,9",
    "canny u8 9x13 sigma=1 low=10 high=20 border=constant cval=3",
    "box u8 9x13 size=3,4 origin=0,1 border=reflect,constant cval=2 dst=f32 src_strides=1,9",
    "box f64 5x9x13 axes=3 size=3,3,3 border=periodic",
    ("smoothness f32 2x3x9x13 norm=mean-abs reduction=per-axis-mean order=2 weight=0.5 image=u8"
     " with=loss,grad_disparity,grad_image image_strides=351,1,39,3 grad_image_strides=351,1,39,3"),
    "smoothness f64 1x3x9x13 norm=l2 reduction=none order=1 weight=0 with=grad_loss,grad_disparity",
    "take i32 2x9x13 axis=1 count=4 mode=strict index=i64 place=host dst_strides=100,13,1",
    "take f32 2x9x13 axis=2 count=40 mode=wrap index=i32 place=device index_strides=-2",
    "put_add f32 2x9x13 axis=0 count=5 mode=clamp index=i32 place=host accumulate=1",
    "pinv f32 10x2x4 rcond=0.0001 src_strides=1,40,10",
    "pinv_backward f64 10x2x4 pinv_strides=1,20,10 grad_strides=1,20,10",
    "inv f32 10x3x3",
    "inv_backward f32 10x3x3 grad_strides=1,30,10",
    "det f32 3x3",
    "solve f32 10x4x4 right=2 right_strides=1,20,10",
    "lstsq f32 10x5x3 right=2 rcond=0.001 dst_strides=1,20,10",
    "shift f32 3x9x13 by=0,-1.5,2 border=replicate,reflect,constant cval=3 method=linear",
};

static void lines_are_written_as_they_are_read(void **state) {
    clf_error error = {0};
    for (size_t i = 0; i < COUNT(lines); i++) {
        clf_plan *plan = NULL;
        check_ok(clf_plan_from_line(*state, lines[i], NULL, &plan, &error));
        assert_string_equal(clf_plan_problem(plan), lines[i]);
        clf_plan_destroy(plan);
    }
}

static void defaults_may_be_left_out(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_ok(clf_plan_from_line(*state, "  gradient\tf32 9x13  ", NULL, &plan, &error));
    assert_string_equal(clf_plan_problem(plan), "gradient f32 9x13 op=central border=reflect");
    clf_plan_destroy(plan);
    check_ok(clf_plan_from_line(*state, "take f32 9x13", NULL, &plan, &error));
    assert_string_equal(clf_plan_problem(plan), "take f32 9x13 axis=0 count=1 mode=strict index=i64 place=host");
    clf_plan_destroy(plan);
}

static void operands_are_told(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_ok(clf_plan_from_line(*state, "corr f32 9x13 k=5x3 kernel=view mode=valid src_strides=-13,1", NULL, &plan,
                                &error));
    assert_int_equal(clf_plan_operand_count(plan), 3);
    static const int64_t shapes[3][2] = {{9, 13}, {5, 11}, {5, 3}};
    static const char *const names[] = {"src", "dst", "kernel_view"};
    for (size_t i = 0; i < 3; i++) {
        clf_plan_operand_info info;
        check_ok(clf_plan_operand(plan, i, &info, &error));
        assert_string_equal(info.name, names[i]);
        assert_int_equal(info.output, i == 1);
        assert_int_equal(info.view.rank, 2);
        assert_memory_equal(info.view.shape, shapes[i], sizeof shapes[i]);
        assert_int_equal(info.view.offset, i == 0 ? 8 * 13 : 0);
        assert_int_equal(info.view.strides[0], i == 0 ? -13 : shapes[i][1]);
    }
    clf_plan_operand_info info;
    check_fails(clf_plan_operand(plan, 3, &info, &error), CLF_OUT_OF_RANGE, "operand 3; the plan has 3");
    check_fails(clf_plan_operand(plan, 0, NULL, &error), CLF_NULL_ARGUMENT, "info");
    check_fails(clf_plan_operand(NULL, 0, &info, &error), CLF_NULL_ARGUMENT, "plan");
    clf_plan_destroy(plan);
    assert_int_equal(clf_plan_operand_count(NULL), 0);
}

static void solvers_are_told(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_ok(clf_plan_from_line(*state, "corr f32 9x13 k=5x5", NULL, &plan, &error));
    size_t count = 0;
    while (clf_plan_solver(plan, count) != NULL)
        count++;
    assert_true(count >= 2);
    assert_string_equal(clf_plan_solver(plan, count - 1), "conv.general");
    assert_null(clf_plan_solver(plan, count + 100));
    clf_plan_destroy(plan);
    const clf_plan_options options = {.solver = "conv.general"};
    check_ok(clf_plan_from_line(*state, "corr f32 9x13 k=5x5", &options, &plan, &error));
    assert_string_equal(clf_plan_solver(plan, 0), "conv.general");
    assert_null(clf_plan_solver(plan, 1));
    clf_plan_destroy(plan);
    assert_null(clf_plan_solver(NULL, 0));
}

/* Executes a plan made from a line on an image that counts upwards. */
static void run_line(clf_context *context, const char *line, float *result) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    float ramp[20];
    for (int i = 0; i < 20; i++)
        ramp[i] = (float)(i * i % 7);
    clf_view src = unit_tensor(context, 2, (int64_t[]){4, 5}, ramp);
    clf_view dst = unit_tensor(context, 2, (int64_t[]){4, 5}, NULL);
    check_ok(clf_plan_from_line(context, line, NULL, &plan, &error));
    check_fails(clf_execute(plan, NULL, NULL, &error), CLF_NULL_ARGUMENT, "src has no buffer");
    const clf_execute_desc desc = {.buffers = (const cl_mem[]){src.buffer, dst.buffer}, .buffer_count = 2};
    check_ok(clf_execute(plan, &desc, NULL, &error));
    unit_read(context, &dst, result);
    clf_plan_destroy(plan);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

/* The taps of a line are those that the header states. */
static void taps_are_the_stated_ones(void **state) {
    float full[20], rank[20];
    run_line(*state, "corr f32 4x5 k=3x3 border=constant", full);
    run_line(*state, "corr f32 4x5 k=3x3 taps=rank1 border=constant", rank);
    for (int y = 0; y < 4; y++)
        for (int x = 0; x < 5; x++) {
            double of_full = 0, of_rank = 0;
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++) {
                    int row = y + i - 1, column = x + j - 1, tap = 3 * i + j, at = 5 * row + column;
                    double sample = row < 0 || row > 3 || column < 0 || column > 4 ? 0 : at * at % 7;
                    of_full += sin(1.0 + tap * tap) * sample;
                    of_rank += sin(1.0 + i * i) * sin(2.0 + j * j) * sample;
                }
            assert_true(fabs(full[5 * y + x] - of_full) < 1e-5);
            assert_true(fabs(rank[5 * y + x] - of_rank) < 1e-5);
        }
}

static void bad_lines_are_refused_by_their_word(void **state) {
    static const struct {
        const char *line, *said;
    } bad[] = {
        {"", "'' is not an operation"},
        {"blur f32 9x13", "'blur' is not an operation"},
        {"conv", "ends before"},
        {"conv f31 9x13 k=3x3", "'f31' is not valid as element type"},
        {"conv f32 9y13 k=3x3", "'9y13' has 'y'"},
        {"conv f32 9x-1 k=3x3", "an extent of the shape '9x-1' is below 0"},
        {"conv f32 9x99999999999999999999 k=3x3", "'9x99999999999999999999'"},
        {"conv f32 9x13", "k=, the kernel's extents, is missing"},
        {"conv f32 9x13 k=3x0", "k= has an extent below 1"},
        {"conv f32 9x13 k=99999x99999", "k= has an extent"},
        {"conv f32 9x13 k=3x3 colour=red", "'colour=red' is not known here"},
        {"conv f32 9x13 k=3x3 k=5x5", "'k=5x5' is not known here"},
        {"conv f32 9x13 k=3x3 border=mirror", "border=mirror"},
        {"conv f32 9x13 k=3x3 border=reflect,reflect,reflect", "2 axes"},
        {"conv f32 9x13 k=3x3 border=", "border="},
        {"conv f32 9x13 k=3x3 cval=one", "cval=one is not a number"},
        {"conv f32 9x13 k=3x3 stride=99999999999", "stride=99999999999 is too large"},
        {"conv f32 9x13 k=3x3 taps=rank9", "'rank9' is not valid as taps"},
        {"conv f32 9x13 k=3x3 src_strides=1", "src_strides= lists 1 strides"},
        {"conv f32 9x13 k=3x3 src_strides=-9223372036854775807,1", "src_strides= reaches"},
        {"gradient f32 9x13 op=robert", "op=robert"},
        {"gradient f32 9x13 op=sobel:2", "op=sobel:2"},
        {"gradient f32 9x13 op=gaussian:x", "op=gaussian:x"},
        {"gradient f32 9x13 out=dx,dw", "'dw' is not valid as out"},
        {"laplace f32 9x13 op=sobel", "op= is neither"},
        {"structure f32 9x13 harris=0.05", "harris=0.05"},
        {"smoothness f32 9x13", "'9x13' has 2 axes"},
        {"take f32 9x13 axis=2", "axis=2"},
        {"take f32 9x13 count=-1", "count=-1"},
        {"take f32 9x13 index=f32", "index=f32"},
        {"pinv f32 9", "'9' has no two axes"},
        {"shift f32 9x13 by=1,2,3", "by= lists 3 values"},
    };
    clf_error error = {0};
    clf_plan *plan = NULL;
    for (size_t i = 0; i < COUNT(bad); i++)
        check_fails(clf_plan_from_line(*state, bad[i].line, NULL, &plan, &error), CLF_PARSE_ERROR, bad[i].said);
    assert_null(plan);
    /* What is a line, but no problem, is refused by the operation. */
    check_fails(clf_plan_from_line(*state, "conv f32 3x3 k=5x5 mode=valid", NULL, &plan, &error), CLF_KERNEL_TOO_LARGE,
                "");
    check_fails(clf_plan_from_line(*state, "inv f32 3x4", NULL, &plan, &error), CLF_SHAPE_MISMATCH, "square");
    check_fails(clf_plan_from_line(*state, "canny f32 9x13 sigma=-1", NULL, &plan, &error), CLF_INVALID_VALUE, "sigma");
    check_fails(clf_plan_from_line(NULL, lines[0], NULL, &plan, &error), CLF_NULL_ARGUMENT, "context");
    check_fails(clf_plan_from_line(*state, NULL, NULL, &plan, &error), CLF_NULL_ARGUMENT, "line");
    check_fails(clf_plan_from_line(*state, lines[0], NULL, NULL, &error), CLF_NULL_ARGUMENT, "plan");
}

static void a_line_too_long_is_refused(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    char text[3000];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    check_fails(clf_plan_from_line(*state, text, NULL, &plan, &error), CLF_PARSE_ERROR, "longer than");
    for (size_t i = 1; i < sizeof text - 1; i += 2)
        text[i] = ' ';
    text[1001] = '\0';
    check_fails(clf_plan_from_line(*state, text, NULL, &plan, &error), CLF_PARSE_ERROR, "more than");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_written_as_they_are_read),
        cmocka_unit_test(defaults_may_be_left_out),
        cmocka_unit_test(operands_are_told),
        cmocka_unit_test(solvers_are_told),
        cmocka_unit_test(taps_are_the_stated_ones),
        cmocka_unit_test(bad_lines_are_refused_by_their_word),
        cmocka_unit_test(a_line_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
