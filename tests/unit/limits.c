/* SPDX-License-Identifier: Apache-2.0 */
/* Devices that allow less: few work-items a work-group, few work-groups along an axis, a kernel that needs too much. */
#include "unit.h"

#include "../disguise.h"
#include "rt/launch.h"

enum { ACROSS = 4, DOWN = 22, DEEP = 7, ITEMS = ACROSS * DOWN * DEEP };

static const char source[] = "kernel void count(global int *to, int across, int down) {\n"
                             "    int x = get_global_id(0), y = get_global_id(1), z = get_global_id(2);\n"
                             "    atomic_inc(to + (z * down + y) * across + x);\n"
                             "}\n";

static int open_as_gpu(void **state) {
    disguise = (test_disguise){.as_gpu = true};
    return unit_open_context(state);
}

static int close(void **state) {
    disguise = (test_disguise){.as_gpu = false};
    return unit_close_context(state);
}

/* The greatest power of two that the wish, the profile and both limits of the device allow. */
static void test_work_group(void **state) {
    clf_context *context = *state;
    context->info.max_work_group_size = 256;
    context->work_items[0] = 256;
    assert_int_equal(clf_work_group(context, 0), 64);
    assert_int_equal(clf_work_group(context, 128), 128);
    assert_int_equal(clf_work_group(context, 100), 64);
    context->info.max_work_group_size = 48;
    assert_int_equal(clf_work_group(context, 0), 32);
    assert_int_equal(clf_work_group(context, 128), 32);
    context->work_items[0] = 1;
    assert_int_equal(clf_work_group(context, 0), 1);
    context->profiles[0].group = 1;
    context->info.max_work_group_size = context->work_items[0] = 256;
    assert_int_equal(clf_work_group(context, 128), 1);
}

static clf_context *context_on_queue(clf_context *from, cl_command_queue_properties properties) {
    clf_error error = {0};
    clf_context *context = NULL;
    cl_int code;
    cl_command_queue queue =
        clCreateCommandQueue(clf_context_cl_context(from), clf_context_cl_device(from), properties, &code);
    check_cl(code);
    clf_context_desc desc = {.context = clf_context_cl_context(from),
                             .device_id = clf_context_cl_device(from),
                             .queue = queue,
                             .program_cache = CLF_PROGRAM_CACHE_OFF};
    check_ok(clf_context_create(&desc, &context, &error));
    check_cl(clReleaseCommandQueue(queue));
    return context;
}

/* Enqueues `count` over all items after `gate`; the event it gives must mean that all were counted, once each. */
static void check_counts(clf_context *context, cl_program program, size_t groups) {
    clf_error error = {0};
    clf_launch launch;
    int32_t counts[ITEMS] = {0};
    cl_int code;
    cl_event event = NULL, gate = clCreateUserEvent(clf_context_cl_context(context), &code);
    check_cl(code);
    cl_mem buffer = clCreateBuffer(clf_context_cl_context(context), CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR,
                                   sizeof counts, counts, &code);
    check_cl(code);
    disguise.groups = context->profiles[0].most_groups = groups;
    check_ok(clf_launch_create(context, program, "count", &launch, &error));
    clf_launch_operand(&launch, "to", 0);
    clf_launch_i32(&launch, "across", ACROSS);
    clf_launch_i32(&launch, "down", DOWN);
    clf_launch_range(&launch, (size_t[]){ACROSS, DOWN, DEEP}, (size_t[]){ACROSS, 2, 1});
    check_ok(clf_launch_seal(&launch, &error));
    check_ok(clf_launch_enqueue(&launch, &(clf_launch_memory){&buffer, NULL}, 1, &gate, &event, &error));
    assert_non_null(event);
    check_cl(clFlush(context->queue));
    check_cl(clSetUserEventStatus(gate, CL_COMPLETE));
    check_cl(clWaitForEvents(1, &event));
    check_cl(clEnqueueReadBuffer(context->queue, buffer, CL_TRUE, 0, sizeof counts, counts, 0, NULL, NULL));
    for (int i = 0; i < ITEMS; i++) {
        assert_int_equal(counts[i], 1);
    }
    clf_launch_release(&launch);
    check_cl(clReleaseEvent(event));
    check_cl(clReleaseEvent(gate));
    check_cl(clReleaseMemObject(buffer));
}

/* Limits that cut y alone, both, into parts that come out even and that do not; the disguise refuses what exceeds. */
static void test_parts(void **state) {
    static const size_t limits[] = {0, 11, 10, 7, 6, 3, 1};
    static const cl_command_queue_properties queues[] = {0, CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE};
    clf_context *base = *state;
    cl_device_id device = clf_context_cl_device(base);
    cl_int code;
    cl_program program =
        clCreateProgramWithSource(clf_context_cl_context(base), 1, (const char *[]){source}, NULL, &code);
    check_cl(code);
    check_cl(clBuildProgram(program, 1, &device, "-cl-kernel-arg-info", NULL, NULL));
    for (size_t queue = 0; queue < COUNT(queues); queue++) {
        clf_context *context = context_on_queue(base, queues[queue]);
        for (size_t i = 0; i < COUNT(limits); i++) {
            check_counts(context, program, limits[i]);
        }
        clf_context_destroy(context);
    }
    check_cl(clReleaseProgram(program));
}

/* GPUs have the limit of NVIDIA's driver, CPUs none. */
static void test_limit_by_class(void **state) {
    clf_context *context = *state;
    assert_int_equal(clf_context_profile(context)->most_groups, 65535);
    clf_device_info info = context->info;
    info.type = CL_DEVICE_TYPE_CPU;
    assert_int_equal(clf_profile_of(&info).most_groups, 0);
}

/* A correlation for which the device has several solvers. */
static clf_convolve_desc make_desc(clf_context *context, float *taps) {
    static const int64_t image[2] = {9, 13}, kernel[2] = {3, 3};
    return (clf_convolve_desc){.src = unit_tensor(context, 2, image, NULL),
                               .dst = unit_tensor(context, 2, image, NULL),
                               .kernel = unit_array(2, kernel, taps)};
}

/* A kernel that cannot have the work-groups it was built for, as those of many registers cannot. */
static void test_planned_around(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    clf_plan *plan = NULL;
    float taps[9] = {1, 2, 3, 4, 5, 6, 7, 8, 10};
    clf_convolve_desc desc = make_desc(context, taps);
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    assert_non_null(strstr(clf_plan_describe(plan), "(conv.direct "));
    clf_plan_destroy(plan);

    disguise.kernel = "conv_direct";
    disguise.kernel_group = 16;
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    assert_int_equal(error.code, CLF_OK);
    assert_null(strstr(clf_plan_describe(plan), "conv.direct"));
    assert_non_null(strstr(clf_plan_describe(plan), "(conv."));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    clf_plan_destroy(plan);

    desc.options.solver = "conv.direct";
    check_fails(clf_plan_correlate(context, &desc, &plan, &error), CLF_UNSUPPORTED,
                "kernel conv_direct needs work-groups of 32 x 4 x 1; at most 16 work-items");
    desc.options.solver = NULL;
    disguise.kernel = "";
    check_fails(clf_plan_correlate(context, &desc, &plan, &error), CLF_UNSUPPORTED, "at most 16 work-items");
    disguise.kernel = NULL;
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
}

enum { BATCHES = 5, MATRICES = 70, MATRIX = 9, VALUES = BATCHES * MATRICES * MATRIX };

/* A backward pass over batches that do not merge: after each the gradient has a matrix that is not in it. */
static void backward_pass(clf_context *context, bool inverse, float *gradient) {
    static const int64_t whole[4] = {BATCHES, MATRICES, 3, 3}, gapped[4] = {BATCHES, MATRICES + 1, 3, 3};
    static float values[VALUES], read[BATCHES * (MATRICES + 1) * MATRIX];
    for (int i = 0; i < VALUES; i++) {
        values[i] = (float)(i * i % 31) / 31 + (i % 4 == 0 ? 2 : 0);
    }
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_view src = unit_tensor(context, 4, whole, values), all = unit_tensor(context, 4, gapped, NULL), dst;
    check_ok(clf_view_crop(&all, 1, 0, MATRICES, &dst, &error));
    const clf_inv_backward_desc inv = {.inverse = src, .grad = src, .dst = dst};
    const clf_pinv_backward_desc pinv = {.src = src, .pinv = src, .grad = src, .dst = dst};
    check_ok(inverse ? clf_plan_inv_backward(context, &inv, &plan, &error)
                     : clf_plan_pinv_backward(context, &pinv, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    unit_read(context, &all, read);
    for (int i = 0; i < BATCHES; i++) {
        memcpy(gradient + i * MATRICES * MATRIX, read + i * (MATRICES + 1) * MATRIX, sizeof(float[MATRICES * MATRIX]));
    }
    clf_plan_destroy(plan);
    clf_tensor_release(&src);
    clf_tensor_release(&all);
}

/* The kernels of matrices' backward passes, which no line of clf_check launches, where a device allows little. */
static void test_backward_of_matrices(void **state) {
    static float few[VALUES], many[VALUES];
    for (int inverse = 0; inverse < 2; inverse++) {
        backward_pass(*state, inverse, many);
        disguise.work_group = 32;
        disguise.groups = 3;
        void *other = NULL;
        assert_int_equal(unit_open_context(&other), 0);
        ((clf_context *)other)->profiles[0].most_groups = 3;
        backward_pass(other, inverse, few);
        assert_memory_equal(few, many, sizeof few);
        (void)unit_close_context(&other);
        disguise.work_group = disguise.groups = 0;
    }
}

#define AS_GPU(test) cmocka_unit_test_setup_teardown(test, open_as_gpu, close)

int main(void) {
    const struct CMUnitTest tests[] = {AS_GPU(test_work_group), AS_GPU(test_parts), AS_GPU(test_limit_by_class),
                                       AS_GPU(test_planned_around), AS_GPU(test_backward_of_matrices)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
