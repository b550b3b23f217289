/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tensors without elements: views, arrays and transfers of them; every operation whose output has none, which is a plan
 * that does nothing, for which no program is built; and what is refused. empty_sums.c has sums of nothing.
 */
#include "unit.h"

#include <math.h>

/* Problems whose outputs have no elements, by a batch, a filtered axis or a channel of extent 0. */
static const char *const idle[] = {
    "conv f32 0x9x13 k=3x3",
    "conv f32 4x0x13 k=3x3",
    "conv f32 4x9x0 k=3x3 stride=2",
    "conv f32 0 k=5",
    "conv f32 0x9 k=5",
    "conv f32 0x7x9 k=5 border=periodic",
    "conv u8 0x9x13 k=3x3 mode=valid",
    "conv f32 0x9x13 k=3x3 mode=full",
    "conv f32 0x0x13 k=3x3 mode=full",
    "conv f32 4x0x13 k=1x1 mode=full stride=2",
    "conv f64 0x5x6x7 k=3x3x3",
    "conv f32 0x9x13 k=3x3 kernel=view",
    "corr f32 0x3x9x13 k=4x3x3x3 bias=1",
    "corr f32 2x3x9x13 k=0x3x3x3 bias=1",
    "corr f32 2x3x9x13 k=0x3x3x3 bias=1 kernel=view",
    "corr f32 0x0x9x13 k=4x0x3x3",
    "corr f32 2x0x9x13 k=0x0x3x3",
    "corr f32 2x3x0x13 k=4x3x3x3",
    "conv_adjoint f32 0x9x13 k=3x3",
    "conv_adjoint f32 4x0x13 k=3x3",
    "corr_adjoint f32 4x9x13x0 k=5 stride=2 border=constant",
    "corr_adjoint f32 2x0x9x13 k=4x0x3x3",
    "conv_weights f32 2x3x9x13 k=0x3x3x3 bias=1",
    "corr_weights f32 2x0x9x13 k=4x0x3x3",
    "normalised f32 0x9x13 k=3x3",
    "normalised f32 2x0x13 k=3x3",
    "phase f32 0x9x13",
    "gradient f32 0x9x13",
    "gradient f32 2x0x13 out=magnitude,dx,dy,squared,l1,orientation",
    "gradient f32 2x9x0 op=gaussian:1.5",
    "gradient f64 0x5x6 axes=3 out=dz",
    "gradient_backward f32 0x9x13",
    "gradient_backward f32 2x0x13 of=grad_dx,grad_dy src=none",
    "laplace f32 2x9x0",
    "laplace f32 0x9x13 op=gaussian:2",
    "structure f32 2x0x13",
    "structure f32 0x9x13 harris=k:0.04",
    "canny u8 2x9x0",
    "canny f32 0x9x13",
    "box f32 0x9x13",
    "box f32 2x0x13",
    "box u8 2x9x0 size=5,1",
    "box f32 0 size=3",
    "smoothness f32 0x3x9x13 reduction=none with=grad_loss,loss,grad_disparity,grad_image",
    "smoothness f32 2x3x0x13 reduction=none",
    "smoothness f32 2x3x9x0 with=grad_disparity,grad_image",
    "smoothness f32 2x0x9x13 with=grad_image",
    "take f32 5x0 count=3",
    "take f32 0x4 count=0",
    "take u8 5x4 count=0",
    "take f32 5x4 count=0 place=device",
    "take f32 5x0x4 axis=2 count=3 mode=wrap place=device",
    "put_add f32 5x0 count=3",
    "put_add f32 0x4 count=0 mode=clamp",
    "put_add f32 0x4 count=0 place=device accumulate=1",
    "pinv f32 0x2x4",
    "pinv f32 3x0x2x4",
    "pinv f32 5x0x3",
    "pinv_backward f64 0x2x4",
    "inv f32 0x3x3",
    "inv_backward f32 2x0x3x3",
    "det f32 0x3x3",
    "solve f32 0x4x4 right=2",
    "solve f32 3x4x4 right=0",
    "lstsq f32 0x5x3 right=2",
    "shift f32 0x9 by=1,2",
    "shift u8 4x0x3 by=0,-1,5 border=constant cval=3",
    "shift f32 4x0 by=0.5,0 method=linear",
    "shift f32 0x9 by=0.5,1.25 method=cubic",
    "shift f32 4x0 by=0.5,1.25 method=fourier",
};

/* Operations that no budget of memory divides. */
static bool divides(const char *line) {
    static const char *const whole[] = {"conv_adjoint", "corr_adjoint", "conv_weights", "corr_weights",
                                        "normalised",   "phase",        "canny"};
    for (size_t i = 0; i < COUNT(whole); i++)
        if (strncmp(line, whole[i], strlen(whole[i])) == 0)
            return false;
    return true;
}

/* Buffers for the operands that have elements. */
typedef struct given {
    clf_view made[8];
    cl_mem buffers[8];
    clf_array arrays[8];
    size_t count;
} given;

static void give(clf_context *context, const clf_plan *plan, given *to) {
    static float zeros[4096];
    clf_error error = {0};
    *to = (given){.count = clf_plan_operand_count(plan)};
    for (size_t i = 0; i < to->count; i++) {
        clf_plan_operand_info info;
        check_ok(clf_plan_operand(plan, i, &info, &error));
        if (info.output)
            assert_int_equal(clf_view_count(&info.view), 0);
        to->arrays[i] = (clf_array){.dtype = info.view.dtype, .rank = info.view.rank};
        memcpy(to->arrays[i].shape, info.view.shape, sizeof info.view.shape);
        if (clf_view_count(&info.view) == 0)
            continue;
        to->arrays[i].data = zeros;
        check_ok(clf_tensor_create(context, info.view.dtype, info.view.rank, info.view.shape, &to->made[i], &error));
        to->buffers[i] = to->made[i].buffer;
    }
}

static void take_back(given *from) {
    for (size_t i = 0; i < from->count; i++)
        clf_tensor_release(&from->made[i]);
}

/* The event of an execution that does nothing waits for what it was to wait for. */
static void execute(clf_context *context, clf_plan *plan) {
    clf_error error = {0};
    cl_int code, state = CL_QUEUED;
    given operands;
    cl_event event = NULL, first = clCreateUserEvent(clf_context_cl_context(context), &code);
    check_cl(code);
    give(context, plan, &operands);
    const clf_execute_desc desc = {operands.buffers, operands.count, &first, 1};
    check_ok(clf_execute(plan, &desc, &event, &error));
    check_cl(clFlush(clf_context_cl_queue(context)));
    check_cl(clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof state, &state, NULL));
    assert_int_not_equal(state, CL_COMPLETE);
    check_cl(clSetUserEventStatus(first, CL_COMPLETE));
    check_cl(clWaitForEvents(1, &event));
    check_cl(clReleaseEvent(event));
    check_cl(clReleaseEvent(first));
    check_ok(clf_plan_check(plan, &error));
    take_back(&operands);
}

static void on_progress(void *user, int64_t done, int64_t total) {
    assert_int_equal(done, total);
    ++*(int *)user;
}

static void execute_host(clf_context *context, clf_plan *plan) {
    clf_error error = {0};
    int told = 0;
    given operands;
    give(context, plan, &operands);
    const clf_host_desc desc = {
        .arrays = operands.arrays, .array_count = operands.count, .progress = on_progress, .user = &told};
    check_ok(clf_execute_host(plan, &desc, &error));
    assert_int_equal(told, 1);
    take_back(&operands);
}

static void idle_plans(void **state) {
    for (size_t i = 0; i < COUNT(idle); i++) {
        clf_error error = {0};
        clf_plan *plan = NULL, *clone = NULL, *again = NULL;
        const clf_plan_options options = {.effort = i % 2 == 0 ? CLF_ESTIMATE : CLF_EXHAUSTIVE};
        print_message("%s\n", idle[i]);
        check_ok(clf_plan_from_line(*state, idle[i], &options, &plan, &error));
        assert_non_null(strstr(clf_plan_describe(plan), "(nothing "));
        assert_null(clf_plan_solver(plan, 0));
        assert_true(clf_plan_get_cost(plan).bytes == 0);
        execute(*state, plan);
        check_ok(clf_plan_clone(plan, &clone, &error));
        execute(*state, clone);
        check_ok(clf_plan_from_line(*state, clf_plan_problem(plan), NULL, &again, &error));
        assert_string_equal(clf_plan_problem(again), clf_plan_problem(plan));
        clf_plan_destroy(again);
        clf_plan_destroy(clone);
        clf_plan_destroy(plan);
    }
}

/* On host memory, whole and by a budget, which wants kernels and indices in device memory: those are left out. */
static void idle_on_the_host(void **state) {
    const clf_plan_options budget = {.stream_bytes = 1 << 20};
    for (size_t i = 0; i < COUNT(idle); i++) {
        clf_error error = {0};
        clf_plan *plan = NULL;
        print_message("%s\n", idle[i]);
        check_ok(clf_plan_from_line(*state, idle[i], NULL, &plan, &error));
        execute_host(*state, plan);
        clf_plan_destroy(plan);
        plan = NULL;
        if (strstr(idle[i], "accumulate") != NULL || !divides(idle[i])) {
            check_fails(clf_plan_from_line(*state, idle[i], &budget, &plan, &error), CLF_UNSUPPORTED, "stream");
            assert_null(plan);
            continue;
        }
        if (strstr(idle[i], "=view") != NULL || strstr(idle[i], "=device") != NULL)
            continue;
        check_ok(clf_plan_from_line(*state, idle[i], &budget, &plan, &error));
        assert_int_equal(clf_plan_get_stream(plan).slabs, 0);
        execute_host(*state, plan);
        clf_plan_destroy(plan);
    }
}

/* What no plan is made of. */
static void refused(void **state) {
    static const struct {
        const char *line;
        clf_status status;
        const char *words;
    } rows[] = {
        {"conv f32 0x13 k=3x3 mode=full", CLF_INVALID_VIEW, "filtered axis 0 of src has extent 0"},
        {"corr f32 2x4x0 k=3 mode=full", CLF_INVALID_VIEW, "filtered axis 0 of src has extent 0"},
        {"conv f32 0x13 k=3x3 mode=valid", CLF_KERNEL_TOO_LARGE, "which has only 0"},
        {"corr f32 2x3x9x13 k=4x3x0x3", CLF_PARSE_ERROR, "an extent below 1"},
        {"corr f32 9x13 k=0x3", CLF_PARSE_ERROR, "an extent below 1"},
        {"corr f32 5x9x13 k=0x3x3", CLF_INVALID_VIEW, "axis 0 of the kernel has extent 0"},
        {"corr f32 2x3x9x13 k=4x0x3x3", CLF_SHAPE_MISMATCH, "the kernel has 0 channels per group"},
        {"corr_weights f32 0x13 k=3x3", CLF_INVALID_VIEW, "filtered axis 0 of src has extent 0"},
        {"corr_weights f32 0x3x9x0 k=4x3x3x3 bias=1", CLF_INVALID_VIEW, "filtered axis 1 of src has extent 0"},
        {"phase f32 0x13", CLF_INVALID_VIEW, "pattern is 0 x 13"},
        {"box f32 -1x5", CLF_PARSE_ERROR, "below 0"},
        {"box f32 0x-5", CLF_PARSE_ERROR, "below 0"},
        {"take f32 0x4 count=3", CLF_OUT_OF_RANGE, "axis 0 of src has no elements"},
        {"take f32 0x0 count=3 mode=wrap", CLF_OUT_OF_RANGE, "axis 0 of src has no elements"},
        {"take f32 0x4 count=3 mode=clamp place=device", CLF_OUT_OF_RANGE, "axis 0 of src has no elements"},
        {"put_add f32 0x4 count=3 mode=wrap", CLF_OUT_OF_RANGE, "axis 0 of dst has no elements"},
        {"smoothness f32 2x3x0x13", CLF_INVALID_VIEW, "axis 2 of image has extent 0"},
        {"smoothness f32 0x3x9x0 reduction=sum", CLF_INVALID_VIEW, "axis 3 of image has extent 0"},
        {"det f32 3x0x0", CLF_INVALID_VIEW, "src has no elements"},
        {"lstsq f32 3x0x2 right=2", CLF_INVALID_VIEW, "matrix has no elements"},
        {"gradient f32 0", CLF_INVALID_VIEW, "src has rank 1"},
        {"shift f32 0x9 by=0.5", CLF_INVALID_VALUE, "by[0] is 0.5"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        clf_error error = {0};
        clf_plan *plan = NULL;
        print_message("%s\n", rows[i].line);
        check_fails(clf_plan_from_line(*state, rows[i].line, NULL, &plan, &error), rows[i].status, rows[i].words);
        assert_null(plan);
    }
}

/* A wish is looked at as always. */
static void wishes(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    const clf_plan_options direct = {.solver = "conv.direct"}, magic = {.solver = "conv.magic"};
    check_ok(clf_plan_from_line(*state, "conv f32 0x9x13 k=3x3", &direct, &plan, &error));
    clf_plan_destroy(plan);
    plan = NULL;
    check_fails(clf_plan_from_line(*state, "conv f32 0x9x13 k=3x3", &magic, &plan, &error), CLF_NO_SOLVER,
                "called \"conv.magic\"");
    check_ok(clf_plan_from_line(*state, "normalised f32 0x9x13 k=3x3", &direct, &plan, &error));
    clf_plan_destroy(plan);
    plan = NULL;
    check_fails(clf_plan_from_line(*state, "normalised f32 0x9x13 k=3x3", &magic, &plan, &error), CLF_NO_SOLVER,
                "called \"conv.magic\"");
    const clf_plan_options effort = {.effort = (clf_effort)17};
    check_fails(clf_plan_from_line(*state, "box f32 0x9", &effort, &plan, &error), CLF_INVALID_VALUE, "effort");
    assert_null(plan);
}

static void views(void **state) {
    clf_error error = {0};
    const int64_t shape[3] = {4, 0, 5};
    clf_view view = clf_view_dense(NULL, CLF_F32, 3, shape), out, made;
    assert_int_equal(clf_view_count(&view), 0);
    assert_true(clf_view_is_dense(&view));
    assert_int_equal(view.strides[2], 1); /* not all 0, which would stand for a default */
    check_ok(clf_view_flip(&view, 1, &out, &error));
    assert_int_equal(out.offset, 0);
    check_ok(clf_view_permute(&view, (const int[]){1, 2, 0}, &out, &error));
    assert_int_equal(out.shape[0], 0);
    check_fails(clf_view_select(&view, 1, 0, &out, &error), CLF_OUT_OF_RANGE, "axis 1 has 0");
    check_ok(clf_view_select(&view, 0, -1, &out, &error));
    assert_int_equal(out.shape[0], 0);
    check_ok(clf_view_crop(&view, 1, 0, 0, &out, &error));
    check_ok(clf_view_crop(&view, 0, 4, 0, &out, &error)); /* from its end, as numpy's x[4:4] */
    check_fails(clf_view_crop(&view, 0, 5, 0, &out, &error), CLF_OUT_OF_RANGE, "from 5");
    check_fails(clf_view_crop(&view, 0, 0, -1, &out, &error), CLF_OUT_OF_RANGE, "-1 indices");
    check_ok(clf_tensor_create(*state, CLF_F32, 3, shape, &made, &error));
    assert_null(made.buffer);
    assert_int_equal(made.shape[1], 0);
    clf_tensor_release(&made);
    static const int64_t negative[2] = {0, -1}, huge[3] = {INT64_MAX, 0, INT64_MAX};
    check_fails(clf_tensor_create(*state, CLF_F32, 2, negative, &made, &error), CLF_INVALID_VIEW, "extent -1");
    check_fails(clf_tensor_create(*state, CLF_F32, 3, huge, &made, &error), CLF_INVALID_VIEW, "the product");
    view.strides[1] = INT64_MAX;
    check_fails(clf_view_flip(&view, 1, &out, &error), CLF_INVALID_VIEW, "its strides reach further");
}

/* Nothing is moved, from nowhere to nowhere, and shapes are still compared. */
static void transfers(void **state) {
    clf_error error = {0};
    float untouched = 7;
    const clf_view view = {.rank = 2, .shape = {0, 3}};
    clf_array array = {.rank = 2, .shape = {0, 3}}, other = {.data = &untouched, .rank = 2, .shape = {0, 3}};
    check_ok(clf_upload(*state, &array, &view, &error));
    check_ok(clf_download(*state, &view, &array, &error));
    check_ok(clf_download(*state, &view, &other, &error));
    check_ok(clf_array_copy(&array, &other, &error));
    check_ok(clf_array_copy(&other, &other, &error));
    assert_true(untouched == 7);
    other.shape[1] = 4;
    check_fails(clf_upload(*state, &other, &view, &error), CLF_SHAPE_MISMATCH, "axis 1 has extent 4");
    array.shape[0] = 1;
    check_fails(clf_upload(*state, &array, &view, &error), CLF_NULL_ARGUMENT, "array: its data is NULL");
}

/* Where an output has no elements, nothing of its memory or its inputs' matters: one buffer may serve for all. */
static void shared_buffer(void **state) {
    static const int64_t one[1] = {1};
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_view buffer = unit_tensor(*state, 1, one, NULL);
    clf_box_desc desc = {.src = {.buffer = buffer.buffer, .offset = 5, .rank = 2, .shape = {0, 3}, .strides = {0, 1}},
                         .size = {3}};
    desc.dst = desc.src;
    check_ok(clf_plan_box(*state, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    clf_plan_destroy(plan);
    clf_tensor_release(&buffer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_plans),    cmocka_unit_test(idle_on_the_host),
        cmocka_unit_test(refused),       cmocka_unit_test(wishes),
        cmocka_unit_test(views),         cmocka_unit_test(transfers),
        cmocka_unit_test(shared_buffer),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
