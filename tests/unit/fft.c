/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Libraries of transforms, made safe: a host's OpenCL context is given back whole, a host's own clFFT plans outlive
 * ours, eight threads plan and execute the same and different sizes through every library, and none is asked for more
 * than it can.
 */
#include "unit.h"

#include "fft/fft.h"

#include <clFFT.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 8, ROUNDS = 100, CONTEXTS = 2, SIZES = 3, SIDE = 21 };

static const char *const libraries[] = {"conv.fft.clfft",
#ifdef CLF_HAS_VKFFT
                                        "conv.fft.vkfft",
#endif
                                        "conv.tile"};
static const int64_t shapes[SIZES][2] = {{12, 14}, {16, 18}, {9, 21}};
static const float taps[9] = {1, -2, 3, 0, 5, 1, -1, 2, 4};

static float input_at(int64_t index) {
    return (float)(index * 7 % 11) - 5;
}

/* A periodic correlation of 3 x 3, by the formula. */
static double expected_at(const int64_t shape[2], int64_t y, int64_t x) {
    double sum = 0;
    for (int64_t b = 0; b < 3; b++) {
        for (int64_t a = 0; a < 3; a++) {
            int64_t from_y = (y + b - 1 + shape[0]) % shape[0], from_x = (x + a - 1 + shape[1]) % shape[1];
            sum += (double)taps[b * 3 + a] * (double)input_at(from_y * shape[1] + from_x);
        }
    }
    return sum;
}

/* What a filter run may say went wrong; empty where nothing did. */
typedef struct filter_run {
    clf_view src, dst;
    clf_plan *plan;
    clf_error error;
} filter_run;

static clf_status filter(clf_context *context, const char *solver, const int64_t shape[2], filter_run *run,
                         float *result) {
    float values[SIDE * SIDE], kernel[9];
    for (int64_t i = 0; i < shape[0] * shape[1]; i++) {
        values[i] = input_at(i);
    }
    memcpy(kernel, taps, sizeof kernel);
    const int64_t sides[2] = {3, 3};
    clf_array array = unit_array(2, shape, values), back = unit_array(2, shape, result);
    clf_status status = clf_tensor_create(context, CLF_F32, 2, shape, &run->src, &run->error);
    status = status != CLF_OK ? status : clf_tensor_create(context, CLF_F32, 2, shape, &run->dst, &run->error);
    status = status != CLF_OK ? status : clf_upload(context, &array, &run->src, &run->error);
    const clf_convolve_desc desc = {.src = run->src,
                                    .dst = run->dst,
                                    .kernel = unit_array(2, sides, kernel),
                                    .border = {CLF_BORDER_PERIODIC},
                                    .options = {.solver = solver}};
    status = status != CLF_OK ? status : clf_plan_correlate(context, &desc, &run->plan, &run->error);
    status = status != CLF_OK ? status : clf_execute(run->plan, NULL, NULL, &run->error);
    return status != CLF_OK ? status : clf_download(context, &run->dst, &back, &run->error);
}

/* Plans, executes, compares and releases. */
static bool filter_right(clf_context *context, const char *solver, const int64_t shape[2], char *why, size_t room) {
    filter_run run = {.plan = NULL};
    float result[SIDE * SIDE];
    clf_status status = filter(context, solver, shape, &run, result);
    (void)snprintf(why, room, "%s: %s", solver, run.error.message);
    bool right = status == CLF_OK;
    for (int64_t i = 0; i < shape[0] * shape[1] && right; i++) {
        right = fabs((double)result[i] - expected_at(shape, i / shape[1], i % shape[1])) <= 1e-4;
        if (!right) {
            (void)snprintf(why, room, "%s: element %lld is %g", solver, (long long)i, (double)result[i]);
        }
    }
    clf_plan_destroy(run.plan);
    clf_tensor_release(&run.src);
    clf_tensor_release(&run.dst);
    return right;
}

static void run_all(clf_context *context) {
    char why[768];
    for (size_t i = 0; i < COUNT(libraries); i++) {
        for (int size = 0; size < SIZES; size++) {
            if (!filter_right(context, libraries[i], shapes[size], why, sizeof why)) {
                fail_msg("%s", why);
            }
        }
    }
}

/* A host's OpenCL objects on the device that the library would choose. */
typedef struct host_objects {
    cl_context context;
    cl_command_queue queue;
} host_objects;

static void host_open(clf_context *model, host_objects *host) {
    cl_int code = CL_SUCCESS;
    cl_device_id device = clf_context_cl_device(model);
    host->context = clCreateContext(NULL, 1, &device, NULL, NULL, &code);
    check_cl(code);
    host->queue = clCreateCommandQueue(host->context, device, 0, &code);
    check_cl(code);
}

static void host_close(host_objects *host) {
    check_cl(clReleaseCommandQueue(host->queue));
    check_cl(clReleaseContext(host->context));
}

static void filter_for(const host_objects *host) {
    clf_error error = {0};
    clf_context *context = NULL;
    check_ok(clf_context_create(&(clf_context_desc){.context = host->context, .queue = host->queue}, &context, &error));
    run_all(context);
    clf_context_destroy(context);
}

/* Twice, so that clFFT is set up again after it was torn down. */
static void references_return(void **state) {
    host_objects host;
    host_open(*state, &host);
    cl_uint before = unit_context_references(host.context);
    filter_for(&host);
    check_context_references(host.context, before);
    filter_for(&host);
    check_context_references(host.context, before);
    host_close(&host);
}

enum { HOST_LENGTH = 16 };

static clfftPlanHandle host_plan(const host_objects *host) {
    const clfftSetupData setup = {clfftVersionMajor, clfftVersionMinor, clfftVersionPatch, 0};
    clfftPlanHandle plan = 0;
    const size_t length = HOST_LENGTH;
    cl_command_queue queue = host->queue;
    assert_int_equal(clfftSetup(&setup), CLFFT_SUCCESS);
    assert_int_equal(clfftCreateDefaultPlan(&plan, host->context, CLFFT_1D, &length), CLFFT_SUCCESS);
    assert_int_equal(clfftSetPlanPrecision(plan, CLFFT_SINGLE), CLFFT_SUCCESS);
    assert_int_equal(clfftSetLayout(plan, CLFFT_COMPLEX_INTERLEAVED, CLFFT_COMPLEX_INTERLEAVED), CLFFT_SUCCESS);
    assert_int_equal(clfftSetResultLocation(plan, CLFFT_INPLACE), CLFFT_SUCCESS);
    assert_int_equal(clfftBakePlan(plan, 1, &queue, NULL, NULL), CLFFT_SUCCESS);
    return plan;
}

/* The transform of ones is their number, and zeros. */
static void host_transform(const host_objects *host, clfftPlanHandle plan) {
    float values[2 * HOST_LENGTH] = {0};
    for (int i = 0; i < HOST_LENGTH; i++) {
        values[2 * i] = 1;
    }
    cl_int code = CL_SUCCESS;
    cl_command_queue queue = host->queue;
    cl_mem buffer =
        clCreateBuffer(host->context, CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR, sizeof values, values, &code);
    check_cl(code);
    assert_int_equal(clfftEnqueueTransform(plan, CLFFT_FORWARD, 1, &queue, 0, NULL, NULL, &buffer, NULL, NULL),
                     CLFFT_SUCCESS);
    check_cl(clEnqueueReadBuffer(queue, buffer, CL_TRUE, 0, sizeof values, values, 0, NULL, NULL));
    check_cl(clReleaseMemObject(buffer));
    for (int i = 0; i < 2 * HOST_LENGTH; i++) {
        assert_true(fabsf(values[i] - (i == 0 ? HOST_LENGTH : 0)) <= 1e-5F);
    }
}

/* A host's plan made before ours, and one made while ours are alive. */
static void host_plans_live_on(void **state) {
    host_objects host;
    host_open(*state, &host);
    clfftPlanHandle before = host_plan(&host);
    filter_for(&host);
    host_transform(&host, before);
    assert_int_equal(clfftDestroyPlan(&before), CLFFT_SUCCESS);
    assert_int_equal(clfftTeardown(), CLFFT_SUCCESS);

    clf_error error = {0};
    clf_context *context = NULL;
    check_ok(clf_context_create(NULL, &context, &error));
    run_all(context);
    clfftPlanHandle between = host_plan(&host);
    clf_context_destroy(context);
    host_transform(&host, between);
    assert_int_equal(clfftDestroyPlan(&between), CLFFT_SUCCESS);
    assert_int_equal(clfftTeardown(), CLFFT_SUCCESS);
    host_close(&host);
}

typedef struct fft_worker {
    pthread_t thread;
    clf_context *context;
    int number;
    bool good;
    char why[768];
} fft_worker;

static void *work(void *argument) {
    fft_worker *worker = argument;
    worker->good = true;
    for (int round = 0; round < ROUNDS && worker->good; round++) {
        const char *solver = libraries[(size_t)(worker->number + round) % COUNT(libraries)];
        const int64_t *shape = shapes[(worker->number / CONTEXTS + round / 3) % SIZES];
        worker->good = filter_right(worker->context, solver, shape, worker->why, sizeof worker->why);
    }
    return NULL;
}

static void eight_threads(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *contexts[CONTEXTS] = {NULL};
    fft_worker workers[THREADS];
    for (int i = 0; i < CONTEXTS; i++) {
        check_ok(clf_context_create(NULL, &contexts[i], &error));
    }
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (fft_worker){.context = contexts[i % CONTEXTS], .number = i};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        if (!workers[i].good) {
            fail_msg("thread %d: %s", i, workers[i].why);
        }
    }
    for (int i = 0; i < CONTEXTS; i++) {
        clf_context_destroy(contexts[i]);
    }
}

/* What a library cannot do on a device is not asked of it: clFFT would abort the process, VkFFT's launch would fail. */
static void takes_what_it_can(void **state) {
    clf_context *context = *state;
    clf_fft_desc desc = {.extent = {1, 12, 14}, .batch = 5};
    context->info.max_work_group_size = 256;
    assert_true(clf_fft_clfft.takes(context, &desc));
    context->info.max_work_group_size = 255;
    assert_false(clf_fft_clfft.takes(context, &desc));
#ifdef CLF_HAS_VKFFT
    context->profiles[0].most_groups = 5;
    assert_true(clf_fft_vkfft.takes(context, &desc));
    context->profiles[0].most_groups = 4;
    assert_false(clf_fft_vkfft.takes(context, &desc));
    desc = (clf_fft_desc){.extent = {3, 12, 14}, .batch = 2};
    assert_false(clf_fft_vkfft.takes(context, &desc));
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_return),
        cmocka_unit_test_setup_teardown(takes_what_it_can, unit_open_context, unit_close_context),
        cmocka_unit_test(host_plans_live_on),
        cmocka_unit_test(eight_threads),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
