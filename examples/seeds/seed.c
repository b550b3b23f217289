/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the programs in this folder; see seed.h. */
#include "seed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void seed_check(clf_status status, const clf_error *error) {
    if (status == CLF_OK)
        return;
    fprintf(stderr, "%s: %s\n", clf_status_name(status), error->message);
    exit(EXIT_FAILURE);
}

clf_context *seed_open(void) {
    clf_context *context = NULL;
    clf_error error = {0};
    seed_check(clf_context_create(NULL, &context, &error), &error);
    return context;
}

static clf_array as_array(const clf_view *view, float *values) {
    clf_array array = {.data = values, .dtype = CLF_F32, .rank = view->rank};
    memcpy(array.shape, view->shape, sizeof array.shape);
    return array;
}

clf_view seed_tensor(clf_context *context, int rank, const int64_t *shape, const float *values) {
    clf_view view = {0};
    clf_error error = {0};
    seed_check(clf_tensor_create(context, CLF_F32, rank, shape, &view, &error), &error);
    size_t count = (size_t)clf_view_count(&view);
    float *copy = calloc(count, sizeof *copy);
    if (copy == NULL)
        exit(EXIT_FAILURE);
    if (values != NULL)
        memcpy(copy, values, count * sizeof *copy);
    const clf_array array = as_array(&view, copy);
    seed_check(clf_upload(context, &array, &view, &error), &error);
    free(copy);
    return view;
}

void seed_run(clf_context *context, clf_plan *plan) {
    clf_error error = {0};
    seed_check(clf_execute(plan, NULL, NULL, &error), &error);
    seed_check(clf_context_finish(context, &error), &error);
    clf_plan_destroy(plan);
}

void seed_read(clf_context *context, const clf_view *view, float *values) {
    clf_error error = {0};
    const clf_array array = as_array(view, values);
    seed_check(clf_download(context, view, &array, &error), &error);
}

void seed_print(const char *title, int rows, int columns, const float *values, int decimals) {
    const double unit = pow(10, decimals);
    printf("%s\n", title);
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
            double value = (double)values[i * columns + j];
            value = fabs(value) * unit < 0.5 ? 0 : value;
            printf("%*.*f", decimals + 4 + (decimals > 0), decimals, value);
        }
        printf("\n");
    }
}

void seed_print_shape(const char *title, int rank, const int64_t *shape) {
    printf("%s (", title);
    for (int i = 0; i < rank; i++)
        printf(i + 1 < rank ? "%lld, " : "%lld)\n", (long long)shape[i]);
}
