/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels by name: Sobel, Laplacian, box, Gaussian. */
#include "base/number.h"
#include "base/status.h"

#include <clfilter/ops.h>
#include <math.h>
#include <string.h>

enum { BOX_LARGEST = 4096, SIGMA_LARGEST = 512 };

typedef struct named_kernel {
    const char *name;
    float taps[9];
} named_kernel;

static const named_kernel fixed_kernels[] = {
    {"sobel-x", {-1, 0, 1, -2, 0, 2, -1, 0, 1}},
    {"sobel-y", {-1, -2, -1, 0, 0, 0, 1, 2, 1}},
    {"laplacian", {0, 1, 0, 1, -4, 1, 0, 1, 0}},
};

/* Parses the number after "prefix:"; false if the name does not start with it. */
static bool parameter(const char *name, const char *prefix, double *value, bool *valid) {
    size_t length = strlen(prefix);
    if (strncmp(name, prefix, length) != 0 || name[length] != ':')
        return false;
    *valid = clf_number_parse(name + length + 1, value) && isfinite(*value);
    return true;
}

static clf_status check_capacity(const char *name, int64_t side, size_t capacity, clf_error *error) {
    if (capacity >= (uint64_t)(side * side))
        return CLF_OK;
    return clf_fail(error, CLF_OUT_OF_BOUNDS, "clf_kernel_by_name: %s has %lld taps; there is room for %zu", name,
                    (long long)(side * side), capacity);
}

static void fill_box(float *taps, int64_t side) {
    for (int64_t i = 0; i < side * side; i++)
        taps[i] = (float)(1.0 / (double)(side * side));
}

/* The outer product of a 1-D Gaussian with itself, each summing to 1. */
static void fill_gaussian(float *taps, int64_t side, double sigma) {
    int64_t radius = side / 2;
    double sum = 0;
    for (int64_t x = -radius; x <= radius; x++)
        sum += exp(-0.5 * (double)(x * x) / (sigma * sigma));
    for (int64_t y = -radius; y <= radius; y++)
        for (int64_t x = -radius; x <= radius; x++)
            *taps++ = (float)(exp(-0.5 * (double)(x * x + y * y) / (sigma * sigma)) / (sum * sum));
}

clf_status clf_kernel_by_name(const char *name, float *taps, size_t capacity, int64_t shape[2], clf_error *error) {
    if (name == NULL || shape == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_kernel_by_name: %s is NULL", name == NULL ? "name" : "shape");
    const float *fixed = NULL;
    for (size_t i = 0; i < sizeof fixed_kernels / sizeof *fixed_kernels; i++)
        if (strcmp(name, fixed_kernels[i].name) == 0)
            fixed = fixed_kernels[i].taps;
    double value = 0;
    bool valid = false, box = parameter(name, "box", &value, &valid);
    if (fixed == NULL && !box && !parameter(name, "gaussian", &value, &valid))
        return clf_fail(
            error, CLF_PARSE_ERROR,
            "\"%s\" is not the name of a kernel; expected sobel-x, sobel-y, laplacian, box:N or gaussian:SIGMA", name);
    if (box && (!valid || value < 1 || value > BOX_LARGEST || value != floor(value)))
        return clf_fail(error, CLF_INVALID_VALUE, "%s: expected box:N with a whole N from 1 to %d", name, BOX_LARGEST);
    if (fixed == NULL && !box && (!valid || value <= 0 || value > SIGMA_LARGEST))
        return clf_fail(error, CLF_INVALID_VALUE, "%s: expected gaussian:SIGMA with 0 < SIGMA <= %d", name,
                        SIGMA_LARGEST);
    int64_t side = fixed ? 3 : box ? (int64_t)value : 2 * (int64_t)(4 * value + 0.5) + 1;
    if (taps != NULL) {
        CLF_TRY(check_capacity(name, side, capacity, error));
        if (fixed)
            memcpy(taps, fixed, sizeof fixed_kernels[0].taps);
        else if (box)
            fill_box(taps, side);
        else
            fill_gaussian(taps, side, value);
    }
    shape[0] = shape[1] = side;
    return CLF_OK;
}
