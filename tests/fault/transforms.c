/* SPDX-License-Identifier: Apache-2.0 */
/* Uses of the solvers by Fourier transforms: tiles, each library's transforms, normalised matching over tiles. */
#include "scenario.h"

#include <string.h>

#define TRY(call)                    \
    do {                             \
        clf_status status_ = (call); \
        if (status_ != CLF_OK) {     \
            return status_;          \
        }                            \
    } while (0)

/* One use: a solver, or NULL for matching, on so many rows; libraries on one, whose transforms are made soonest. */
typedef struct transform_use {
    const char *solver;
    int64_t rows;
} transform_use;

/* Everything that is made on the way. */
typedef struct transform_objects {
    clf_context *context;
    clf_view image, pattern, result;
    clf_plan *plan;
} transform_objects;

static float taps[9] = {1, 2, 1, 0, 3, 0, -1, -2, 4};

static clf_status open_objects(const scenario_host *host, int64_t rows, transform_objects *objects, clf_error *error) {
    const int64_t image[2] = {rows, SCENARIO_COLUMNS};
    float values[SCENARIO_ELEMENTS];
    for (int i = 0; i < SCENARIO_ELEMENTS; i++) {
        values[i] = (float)(i * i % 31);
    }
    const clf_array array = {.data = values, .rank = 2, .shape = {rows, SCENARIO_COLUMNS}};
    const clf_context_desc desc = {.context = host->context,
                                   .device_id = host->device,
                                   .queue = host->plain_queue,
                                   .program_cache = CLF_PROGRAM_CACHE_OFF};
    TRY(clf_context_create(&desc, &objects->context, error));
    TRY(clf_tensor_create(objects->context, CLF_F32, 2, image, &objects->image, error));
    TRY(clf_tensor_create(objects->context, CLF_F32, 2, image, &objects->result, error));
    return clf_upload(objects->context, &array, &objects->image, error);
}

static clf_status plan_convolution(transform_objects *objects, const transform_use *use, clf_error *error) {
    clf_convolve_desc desc = {.src = objects->image,
                              .dst = objects->result,
                              .kernel = {.data = taps, .rank = 2, .shape = {3, 3}},
                              .options = {.solver = use->solver}};
    if (use->rows == 1) {
        desc.kernel = (clf_array){.data = taps, .rank = 1, .shape = {5}};
    }
    return clf_plan_convolve(objects->context, &desc, &objects->plan, error);
}

static clf_status plan_match(transform_objects *objects, clf_error *error) {
    const clf_array array = {.data = taps, .rank = 2, .shape = {3, 3}};
    TRY(clf_tensor_create(objects->context, CLF_F32, 2, array.shape, &objects->pattern, error));
    TRY(clf_upload(objects->context, &array, &objects->pattern, error));
    const clf_match_desc desc = {.image = objects->image,
                                 .pattern = objects->pattern,
                                 .dst = objects->result,
                                 .score = CLF_MATCH_NORMALISED,
                                 .options = {.solver = "conv.tile"}};
    return clf_plan_match(objects->context, &desc, &objects->plan, error);
}

static clf_status go(const scenario_host *host, const transform_use *use, transform_objects *objects,
                     scenario_result *result, clf_error *error) {
    const clf_array array = {.data = result->transformed, .rank = 2, .shape = {use->rows, SCENARIO_COLUMNS}};
    TRY(open_objects(host, use->rows, objects, error));
    TRY(use->solver != NULL ? plan_convolution(objects, use, error) : plan_match(objects, error));
    TRY(clf_execute(objects->plan, NULL, NULL, error));
    return clf_download(objects->context, &objects->result, &array, error);
}

static clf_status run(const scenario_host *host, const transform_use *use, scenario_result *result, clf_error *error) {
    transform_objects objects = {.context = NULL};
    memset(result, 0, sizeof *result);
    clf_status status = go(host, use, &objects, result, error);
    clf_plan_destroy(objects.plan);
    clf_tensor_release(&objects.image);
    clf_tensor_release(&objects.pattern);
    clf_tensor_release(&objects.result);
    clf_context_destroy(objects.context);
    return status;
}

clf_status scenario_run_tiled(const scenario_host *host, scenario_result *result, clf_error *error) {
    return run(host, &(transform_use){"conv.tile", SCENARIO_ROWS}, result, error);
}

clf_status scenario_run_vkfft(const scenario_host *host, scenario_result *result, clf_error *error) {
    return run(host, &(transform_use){"conv.fft.vkfft", 1}, result, error);
}

clf_status scenario_run_clfft(const scenario_host *host, scenario_result *result, clf_error *error) {
    return run(host, &(transform_use){"conv.fft.clfft", 1}, result, error);
}

clf_status scenario_run_matched(const scenario_host *host, scenario_result *result, clf_error *error) {
    return run(host, &(transform_use){NULL, SCENARIO_ROWS}, result, error);
}
