/* SPDX-License-Identifier: Apache-2.0 */
/* Whole uses of the library, stopped at the first failure and cleaned up as a careful caller would. */
#include "scenario.h"

#include <string.h>

#define TRY(call)                    \
    do {                             \
        clf_status status_ = (call); \
        if (status_ != CLF_OK) {     \
            return status_;          \
        }                            \
    } while (0)

enum { VIEWS = 6, PLANS = 5, SCENARIO_STREAM_BYTES = 2500 };

/* Everything that is made on the way. */
typedef struct scenario_objects {
    clf_context *context;
    clf_view src, convolved, by_view, gradient, selected, taps;
    clf_plan *convolve, *correlate, *clone, *derivative, *take;
    cl_event events[2];
} scenario_objects;

static float kernel_taps[9] = {1, 2, 1, 0, 3, 0, -1, -2, 4};

bool scenario_host_open(scenario_host *host) {
    clf_error error = {0};
    clf_context *context = NULL;
    cl_int code = CL_SUCCESS;
    if (clf_context_create(NULL, &context, &error) != CLF_OK) {
        return false;
    }
    *host = (scenario_host){.device = clf_context_cl_device(context)};
    clf_context_destroy(context);
    host->context = clCreateContext(NULL, 1, &host->device, NULL, NULL, &code);
    if (code != CL_SUCCESS) {
        return false;
    }
    cl_command_queue_properties properties = CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE | CL_QUEUE_PROFILING_ENABLE;
    host->queue = clCreateCommandQueue(host->context, host->device, properties, &code);
    if (code != CL_SUCCESS) {
        return false;
    }
    host->plain_queue = clCreateCommandQueue(host->context, host->device, 0, &code);
    return code == CL_SUCCESS;
}

void scenario_host_close(scenario_host *host) {
    (void)clReleaseCommandQueue(host->plain_queue);
    (void)clReleaseCommandQueue(host->queue);
    (void)clReleaseContext(host->context);
}

static void ignore_message(void *user, clf_log_level level, const char *message) {
    (void)user, (void)level, (void)message;
}

static clf_array image_array(float *values) {
    return (clf_array){.data = values, .rank = 2, .shape = {SCENARIO_ROWS, SCENARIO_COLUMNS}};
}

/* Without a host, on the default device; round a host's objects otherwise. */
static clf_status open_context(const scenario_host *host, clf_program_cache cache, scenario_objects *objects,
                               clf_error *error) {
    clf_context_desc desc = {.log = ignore_message, .program_cache = cache};
    if (host != NULL) {
        desc.context = host->context;
        desc.device_id = host->device;
        desc.queue = host->queue;
    }
    return clf_context_create(&desc, &objects->context, error);
}

static clf_status make_image(scenario_objects *objects, clf_view *view, clf_error *error) {
    const int64_t image[2] = {SCENARIO_ROWS, SCENARIO_COLUMNS};
    return clf_tensor_create(objects->context, CLF_F32, 2, image, view, error);
}

/* The source image, uploaded. */
static clf_status make_source(scenario_objects *objects, clf_error *error) {
    float values[SCENARIO_ELEMENTS];
    for (int i = 0; i < SCENARIO_ELEMENTS; i++) {
        values[i] = (float)(i * i % 31);
    }
    clf_array array = image_array(values);
    TRY(make_image(objects, &objects->src, error));
    return clf_upload(objects->context, &array, &objects->src, error);
}

static clf_status make_taps(scenario_objects *objects, clf_error *error) {
    const int64_t kernel[2] = {3, 3};
    clf_array taps = {.data = kernel_taps, .rank = 2, .shape = {3, 3}};
    TRY(clf_tensor_create(objects->context, CLF_F32, 2, kernel, &objects->taps, error));
    return clf_upload(objects->context, &taps, &objects->taps, error);
}

/* The same general solver twice, once with taps in device memory. */
static clf_status plan_convolutions(scenario_objects *objects, clf_error *error) {
    clf_convolve_desc convolve = {.src = objects->src,
                                  .dst = objects->convolved,
                                  .kernel = {.data = kernel_taps, .rank = 2, .shape = {3, 3}},
                                  .border = {CLF_BORDER_PERIODIC},
                                  .options = {.solver = "conv.general"}};
    clf_convolve_desc by_view = convolve;
    by_view.kernel = (clf_array){.data = NULL};
    by_view.kernel_view = objects->taps;
    by_view.dst = objects->by_view;
    TRY(clf_plan_convolve(objects->context, &convolve, &objects->convolve, error));
    TRY(clf_plan_convolve(objects->context, &by_view, &objects->correlate, error));
    return clf_plan_clone(objects->correlate, &objects->clone, error);
}

static clf_status execute_convolutions(scenario_objects *objects, scenario_result *result, clf_error *error) {
    clf_array convolved = image_array(result->convolved), by_view = image_array(result->by_view);
    const cl_mem given[2] = {objects->src.buffer, objects->convolved.buffer};
    clf_execute_desc first = {.buffers = given, .buffer_count = 2};
    TRY(clf_execute(objects->convolve, &first, &objects->events[0], error));
    clf_execute_desc next = {.wait_list = objects->events, .wait_count = 1};
    TRY(clf_execute(objects->clone, &next, &objects->events[1], error));
    TRY(clf_context_finish(objects->context, error));
    TRY(clf_download(objects->context, &objects->convolved, &convolved, error));
    return clf_download(objects->context, &objects->by_view, &by_view, error);
}

static clf_status convolve(const scenario_host *host, scenario_objects *objects, scenario_result *result,
                           clf_error *error) {
    size_t count = 0;
    clf_device_info info;
    TRY(clf_device_list(&info, 1, &count, error));
    TRY(open_context(host, CLF_PROGRAM_CACHE_OFF, objects, error));
    TRY(make_source(objects, error));
    TRY(make_taps(objects, error));
    TRY(make_image(objects, &objects->convolved, error));
    TRY(make_image(objects, &objects->by_view, error));
    TRY(plan_convolutions(objects, error));
    return execute_convolutions(objects, result, error);
}

static clf_status differentiate(const scenario_host *host, clf_program_cache cache, scenario_objects *objects,
                                scenario_result *result, clf_error *error) {
    clf_array gradient = image_array(result->gradient);
    TRY(open_context(host, cache, objects, error));
    TRY(make_source(objects, error));
    TRY(make_image(objects, &objects->gradient, error));
    clf_gradient_desc desc = {.src = objects->src, .dst = objects->gradient};
    TRY(clf_plan_gradient(objects->context, &desc, &objects->derivative, error));
    TRY(clf_execute(objects->derivative, NULL, &objects->events[0], error));
    return clf_download(objects->context, &objects->gradient, &gradient, error);
}

/* Rows selected in reverse order: two solvers take that, both bit for bit, so that either may win. */
static clf_status measure(const scenario_host *host, scenario_objects *objects, scenario_result *result,
                          clf_error *error) {
    int32_t rows[SCENARIO_ROWS];
    for (int i = 0; i < SCENARIO_ROWS; i++) {
        rows[i] = SCENARIO_ROWS - 1 - i;
    }
    clf_array selected = image_array(result->selected);
    TRY(open_context(host, CLF_PROGRAM_CACHE_OFF, objects, error));
    TRY(make_source(objects, error));
    TRY(make_image(objects, &objects->selected, error));
    clf_take_desc desc = {.src = objects->src,
                          .dst = objects->selected,
                          .indices = {.data = rows, .dtype = CLF_I32, .rank = 1, .shape = {SCENARIO_ROWS}},
                          .options = {.effort = CLF_MEASURE}};
    TRY(clf_plan_take(objects->context, &desc, &objects->take, error));
    TRY(clf_execute(objects->take, NULL, NULL, error));
    return clf_download(objects->context, &objects->selected, &selected, error);
}

/* In slabs: one row and its neighbours at a time. */
static clf_status stream(const scenario_host *host, scenario_objects *objects, scenario_result *result,
                         clf_error *error) {
    const int64_t image[2] = {SCENARIO_ROWS, SCENARIO_COLUMNS};
    const clf_view view = clf_view_dense(NULL, CLF_F32, 2, image);
    float values[SCENARIO_ELEMENTS];
    for (int i = 0; i < SCENARIO_ELEMENTS; i++) {
        values[i] = (float)(i * i % 31);
    }
    const clf_array arrays[2] = {image_array(values), image_array(result->streamed)};
    TRY(open_context(host, CLF_PROGRAM_CACHE_OFF, objects, error));
    clf_gradient_desc desc = {.src = view, .dst = view, .options = {.stream_bytes = SCENARIO_STREAM_BYTES}};
    TRY(clf_plan_gradient(objects->context, &desc, &objects->derivative, error));
    TRY(clf_plan_clone(objects->derivative, &objects->clone, error));
    const clf_host_desc operands = {.arrays = arrays, .array_count = 2, .serial = true};
    return clf_execute_host(objects->clone, &operands, error);
}

/* Rows selected in slabs of columns, by indices in device memory, which only the device can judge. */
static clf_status stream_selection(const scenario_host *host, scenario_objects *objects, scenario_result *result,
                                   clf_error *error) {
    const int64_t image[2] = {SCENARIO_ROWS, SCENARIO_COLUMNS}, count[1] = {SCENARIO_ROWS};
    const clf_view view = clf_view_dense(NULL, CLF_F32, 2, image);
    int32_t rows[SCENARIO_ROWS];
    float values[SCENARIO_ELEMENTS];
    for (int i = 0; i < SCENARIO_ROWS; i++) {
        rows[i] = SCENARIO_ROWS - 1 - i;
    }
    for (int i = 0; i < SCENARIO_ELEMENTS; i++) {
        values[i] = (float)(i * i % 31);
    }
    const clf_array list = {.data = rows, .dtype = CLF_I32, .rank = 1, .shape = {SCENARIO_ROWS}};
    const clf_array arrays[2] = {image_array(values), image_array(result->streamed)};
    TRY(open_context(host, CLF_PROGRAM_CACHE_OFF, objects, error));
    TRY(clf_tensor_create(objects->context, CLF_I32, 1, count, &objects->taps, error));
    TRY(clf_upload(objects->context, &list, &objects->taps, error));
    const clf_take_desc desc = {.src = view,
                                .dst = view,
                                .indices_view = objects->taps,
                                .options = {.solver = "take.each", .stream_bytes = 2 * SCENARIO_STREAM_BYTES}};
    TRY(clf_plan_take(objects->context, &desc, &objects->take, error));
    const clf_host_desc operands = {.arrays = arrays, .array_count = 2, .serial = true};
    return clf_execute_host(objects->take, &operands, error);
}

static void release(scenario_objects *objects) {
    clf_plan *const plans[PLANS] = {objects->convolve, objects->correlate, objects->clone, objects->derivative,
                                    objects->take};
    clf_view *const views[VIEWS] = {&objects->src,      &objects->convolved, &objects->by_view,
                                    &objects->gradient, &objects->selected,  &objects->taps};
    for (size_t i = 0; i < sizeof objects->events / sizeof objects->events[0]; i++) {
        if (objects->events[i] != NULL) {
            (void)clReleaseEvent(objects->events[i]);
        }
    }
    for (int i = 0; i < PLANS; i++) {
        clf_plan_destroy(plans[i]);
    }
    for (int i = 0; i < VIEWS; i++) {
        clf_tensor_release(views[i]);
    }
    clf_context_destroy(objects->context);
}

static clf_status differentiate_uncached(const scenario_host *host, scenario_objects *objects, scenario_result *result,
                                         clf_error *error) {
    return differentiate(host, CLF_PROGRAM_CACHE_OFF, objects, result, error);
}

static clf_status differentiate_cached(const scenario_host *host, scenario_objects *objects, scenario_result *result,
                                       clf_error *error) {
    return differentiate(host, CLF_PROGRAM_CACHE_ON, objects, result, error);
}

typedef clf_status (*scenario_steps)(const scenario_host *host, scenario_objects *objects, scenario_result *result,
                                     clf_error *error);

static clf_status run(scenario_steps steps, const scenario_host *host, scenario_result *result, clf_error *error) {
    scenario_objects objects = {.context = NULL};
    memset(result, 0, sizeof *result);
    clf_status status = steps(host, &objects, result, error);
    release(&objects);
    return status;
}

clf_status scenario_run_convolve(const scenario_host *host, scenario_result *result, clf_error *error) {
    return run(convolve, host, result, error);
}

clf_status scenario_run_gradient(const scenario_host *host, scenario_result *result, clf_error *error) {
    return run(differentiate_uncached, host, result, error);
}

clf_status scenario_run_streamed(const scenario_host *host, scenario_result *result, clf_error *error) {
    return run(stream, host, result, error);
}

clf_status scenario_run_streamed_selection(const scenario_host *host, scenario_result *result, clf_error *error) {
    return run(stream_selection, host, result, error);
}

clf_status scenario_run_measured(const scenario_host *host, scenario_result *result, clf_error *error) {
    return run(measure, host, result, error);
}

clf_status scenario_run_cached(const scenario_host *host, scenario_result *result, clf_error *error) {
    clf_status status = clf_program_cache_clear(error);
    for (int i = 0; i < 2 && status == CLF_OK; i++) {
        status = run(differentiate_cached, host, result, error);
    }
    return status;
}
