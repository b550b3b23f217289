/* SPDX-License-Identifier: Apache-2.0 */
/* Executing: buffers given in place of the plan's, kernels read at every execution, events, queues out of order. */
#include "unit.h"

enum { COUNT_X = 40 };

static const int64_t line_shape[1] = {COUNT_X}, one_tap[1] = {1};

static void ramp(float *values, float step) {
    for (int i = 0; i < COUNT_X; i++) {
        values[i] = step * (float)i;
    }
}

static void expect_ramp(clf_context *context, const clf_view *view, float step) {
    float values[COUNT_X];
    unit_read(context, view, values);
    for (int i = 0; i < COUNT_X; i++) {
        if (values[i] != step * (float)i) {
            fail_msg("[%d] is %g, expected %g", i, (double)values[i], (double)(step * (float)i));
        }
    }
}

static clf_view ramp_tensor(clf_context *context, float step) {
    float values[COUNT_X];
    ramp(values, step);
    return unit_tensor(context, 1, line_shape, values);
}

/* dst = factor * src. */
static clf_plan *scale_plan(clf_context *context, const clf_view *src, const clf_view *dst, float factor) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_convolve_desc desc = {.src = *src, .dst = *dst, .kernel = unit_array(1, one_tap, &factor)};
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    return plan;
}

/* Buffers named at execution take the place of the plan's for that execution only. */
static void other_buffers(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    clf_view src = ramp_tensor(context, 1), dst = ramp_tensor(context, 0), other_src = ramp_tensor(context, 5),
             other_dst = ramp_tensor(context, 0);
    clf_plan *plan = scale_plan(context, &src, &dst, 2);
    const cl_mem both[2] = {other_src.buffer, other_dst.buffer}, second[2] = {NULL, other_dst.buffer};
    check_ok(clf_execute(plan, &(clf_execute_desc){.buffers = both, .buffer_count = 2}, NULL, &error));
    expect_ramp(context, &other_dst, 10);
    expect_ramp(context, &dst, 0);
    check_ok(clf_execute(plan, &(clf_execute_desc){.buffers = second, .buffer_count = 2}, NULL, &error));
    expect_ramp(context, &other_dst, 2);
    check_ok(clf_execute(plan, &(clf_execute_desc){.buffers = both, .buffer_count = 1}, NULL, &error));
    expect_ramp(context, &dst, 10);
    check_ok(clf_execute(plan, NULL, NULL, &error));
    expect_ramp(context, &dst, 2);
    clf_plan_destroy(plan);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
    clf_tensor_release(&other_src);
    clf_tensor_release(&other_dst);
}

/* A plan may be made before there are buffers. */
static void buffers_later(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    clf_view src = ramp_tensor(context, 1), dst = ramp_tensor(context, 0);
    clf_view planned_src = src, planned_dst = dst;
    planned_src.buffer = planned_dst.buffer = NULL;
    clf_plan *plan = scale_plan(context, &planned_src, &planned_dst, 3);
    const cl_mem both[2] = {src.buffer, dst.buffer};
    check_fails(clf_execute(plan, NULL, NULL, &error), CLF_NULL_ARGUMENT, "src");
    check_fails(clf_execute(plan, &(clf_execute_desc){.buffers = both, .buffer_count = 1}, NULL, &error),
                CLF_NULL_ARGUMENT, "dst");
    expect_ramp(context, &dst, 0);
    check_ok(clf_execute(plan, &(clf_execute_desc){.buffers = both, .buffer_count = 2}, NULL, &error));
    expect_ramp(context, &dst, 3);
    clf_plan_destroy(plan);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

/* A kernel in device memory is read anew by every execution. */
static void kernel_view_changes(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    const float three = 3, four = 4;
    clf_view src = ramp_tensor(context, 1), dst = ramp_tensor(context, 0);
    clf_convolve_desc desc = {.src = src, .dst = dst, .kernel_view = unit_tensor(context, 1, one_tap, &three)};
    clf_plan *plan = NULL;
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    expect_ramp(context, &dst, 3);
    check_cl(clEnqueueWriteBuffer(clf_context_cl_queue(context), desc.kernel_view.buffer, CL_TRUE, 0, sizeof four,
                                  &four, 0, NULL, NULL));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    expect_ramp(context, &dst, 4);
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.kernel_view);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

static void refused(void **state) {
    clf_context *context = *state, *other = NULL;
    clf_error error = {0};
    cl_int code = CL_SUCCESS;
    cl_event event = NULL;
    clf_view src = ramp_tensor(context, 1), dst = ramp_tensor(context, 7);
    clf_plan *plan = scale_plan(context, &src, &dst, 2);
    check_ok(clf_context_create(NULL, &other, &error));
    cl_mem foreign = clCreateBuffer(clf_context_cl_context(other), CL_MEM_READ_WRITE, 4 * COUNT_X, NULL, &code);
    check_cl(code);
    cl_mem small = clCreateBuffer(clf_context_cl_context(context), CL_MEM_READ_WRITE, 4 * COUNT_X - 1, NULL, &code);
    check_cl(code);
    const cl_mem foreign_src[1] = {foreign}, small_src[1] = {small}, small_dst[2] = {NULL, small},
                 overlap[2] = {NULL, src.buffer}, many[5] = {NULL};
#define EXECUTE(...) clf_execute(plan, &(clf_execute_desc){__VA_ARGS__}, &event, &error)
    check_fails(clf_execute(NULL, NULL, NULL, &error), CLF_NULL_ARGUMENT, "plan is NULL");
    check_fails(EXECUTE(.buffers = NULL, .buffer_count = 1), CLF_NULL_ARGUMENT, "buffers is NULL");
    check_fails(EXECUTE(.buffers = many, .buffer_count = 5), CLF_INVALID_VALUE, "5 buffers");
    check_fails(EXECUTE(.wait_list = NULL, .wait_count = 1), CLF_NULL_ARGUMENT, "wait_list");
    check_fails(EXECUTE(.buffers = foreign_src, .buffer_count = 1), CLF_INVALID_HANDLE, "another OpenCL context");
    check_fails(EXECUTE(.buffers = small_src, .buffer_count = 1), CLF_OUT_OF_BOUNDS, "src");
    check_fails(EXECUTE(.buffers = small_dst, .buffer_count = 2), CLF_OUT_OF_BOUNDS, "dst");
    check_fails(EXECUTE(.buffers = overlap, .buffer_count = 2), CLF_OVERLAP, "dst");
#undef EXECUTE
    assert_null(event);
    expect_ramp(context, &dst, 7);
    expect_ramp(context, &src, 1);
    check_cl(clReleaseMemObject(foreign));
    check_cl(clReleaseMemObject(small));
    clf_context_destroy(other);
    clf_plan_destroy(plan);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

static cl_int event_status(cl_event event) {
    cl_int status = 0;
    check_cl(clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof status, &status, NULL));
    return status;
}

/* A context round a host's own queue, on the device that the tests run on. */
static clf_context *context_on_queue(clf_context *model, cl_command_queue_properties properties) {
    clf_error error = {0};
    clf_context *context = NULL;
    cl_int code = CL_SUCCESS;
    cl_device_id device = clf_context_cl_device(model);
    cl_context host = clCreateContext(NULL, 1, &device, NULL, NULL, &code);
    check_cl(code);
    cl_command_queue queue = clCreateCommandQueue(host, device, properties, &code);
    check_cl(code);
    check_ok(clf_context_create(&(clf_context_desc){.context = host, .device_id = device, .queue = queue}, &context,
                                &error));
    check_cl(clReleaseCommandQueue(queue));
    check_cl(clReleaseContext(host));
    return context;
}

/*
 * Three plans in a chain of events behind a user event: nothing runs before that one is set, and each sees what the one
 * before it wrote. The last has its kernel in device memory, so that it consists of two steps.
 */
static void run_chain(clf_context *context) {
    clf_error error = {0};
    cl_int code = CL_SUCCESS;
    const float four = 4;
    clf_view view[4], taps = unit_tensor(context, 1, one_tap, &four);
    clf_plan *plan[3];
    cl_event event[3] = {NULL}, gate = clCreateUserEvent(clf_context_cl_context(context), &code);
    check_cl(code);
    for (int i = 0; i < 4; i++) {
        view[i] = ramp_tensor(context, i == 0 ? 1 : 0);
    }
    plan[0] = scale_plan(context, &view[0], &view[1], 2);
    plan[1] = scale_plan(context, &view[1], &view[2], 3);
    clf_convolve_desc desc = {.src = view[2], .dst = view[3], .kernel_view = taps};
    check_ok(clf_plan_correlate(context, &desc, &plan[2], &error));
    for (int i = 0; i < 3; i++) {
        clf_execute_desc wait = {.wait_list = i == 0 ? &gate : &event[i - 1], .wait_count = 1};
        check_ok(clf_execute(plan[i], &wait, &event[i], &error));
        assert_non_null(event[i]);
    }
    check_cl(clFlush(clf_context_cl_queue(context)));
    for (int i = 0; i < 3; i++) {
        assert_true(event_status(event[i]) > CL_COMPLETE);
    }
    check_cl(clSetUserEventStatus(gate, CL_COMPLETE));
    check_cl(clWaitForEvents(1, &event[2]));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(event_status(event[i]), CL_COMPLETE);
        expect_ramp(context, &view[i + 1], i == 0 ? 2.0F : i == 1 ? 6.0F : 24.0F);
        check_cl(clReleaseEvent(event[i]));
        clf_plan_destroy(plan[i]);
    }
    check_cl(clReleaseEvent(gate));
    for (int i = 0; i < 4; i++) {
        clf_tensor_release(&view[i]);
    }
    clf_tensor_release(&taps);
}

static void events_in_order(void **state) {
    clf_context *context = context_on_queue(*state, 0);
    run_chain(context);
    clf_context_destroy(context);
}

static void events_out_of_order(void **state) {
    clf_context *context = context_on_queue(*state, CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE);
    run_chain(context);
    clf_context_destroy(context);
}

/* Transfers wait for what was enqueued before, whatever the order of the queue. */
static void transfers_wait(void **state) {
    clf_context *context = context_on_queue(*state, CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE);
    clf_error error = {0};
    float values[COUNT_X];
    clf_view src = ramp_tensor(context, 1), dst = ramp_tensor(context, 0);
    clf_plan *plan = scale_plan(context, &src, &dst, 2);
    for (int i = 0; i < 20; i++) {
        float step = (float)(i + 1);
        clf_array array = unit_array(1, line_shape, values);
        ramp(values, step);
        check_ok(clf_upload(context, &array, &src, &error));
        check_ok(clf_execute(plan, NULL, NULL, &error));
        check_ok(clf_download(context, &dst, &array, &error));
        for (int at = 0; at < COUNT_X; at++) {
            assert_true(values[at] == 2 * step * (float)at);
        }
    }
    clf_plan_destroy(plan);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
    clf_context_destroy(context);
}

/* A destroyed plan's executions run to their end. */
static void destroyed_while_queued(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    cl_int code = CL_SUCCESS;
    cl_event gate = clCreateUserEvent(clf_context_cl_context(context), &code);
    check_cl(code);
    clf_view src = ramp_tensor(context, 1), dst = ramp_tensor(context, 0);
    clf_plan *plan = scale_plan(context, &src, &dst, 2);
    check_ok(clf_execute(plan, &(clf_execute_desc){.wait_list = &gate, .wait_count = 1}, NULL, &error));
    clf_plan_destroy(plan);
    check_cl(clSetUserEventStatus(gate, CL_COMPLETE));
    check_ok(clf_context_finish(context, &error));
    expect_ramp(context, &dst, 2);
    check_cl(clReleaseEvent(gate));
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_buffers),       cmocka_unit_test(buffers_later),
        cmocka_unit_test(kernel_view_changes), cmocka_unit_test(refused),
        cmocka_unit_test(events_in_order),     cmocka_unit_test(events_out_of_order),
        cmocka_unit_test(transfers_wait),      cmocka_unit_test(destroyed_while_queued),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
