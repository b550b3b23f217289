/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c: `compare A B TOLERANCE [DTYPE]`: 0 where two files hold the same numbers, and A elements of DTYPE. */
#include "image.h"

#include "base/half.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double value(const clf_array *array, int64_t i) {
    switch (array->dtype) {
    case CLF_F64: return ((const double *)array->data)[i];
    case CLF_F32: return (double)((const float *)array->data)[i];
    case CLF_F16: return clf_half_to_double(((const uint16_t *)array->data)[i]);
    case CLF_U8: return ((const uint8_t *)array->data)[i];
    case CLF_U16: return ((const uint16_t *)array->data)[i];
    default: return ((const int16_t *)array->data)[i];
    }
}

/* A grey image, rows x columns x 1, is what an array of rows x columns is. */
static int rank_of(const cli_image *image) {
    const int rank = image->array.rank;
    return image->interleaved && image->array.shape[rank - 1] == 1 ? rank - 1 : rank;
}

static bool same_shape(const cli_image *a, const cli_image *b) {
    bool same = rank_of(a) == rank_of(b);
    for (int i = 0; same && i < rank_of(a); i++)
        same = a->array.shape[i] == b->array.shape[i];
    return same;
}

/* The greatest difference; infinite where one is NaN and the other is not. */
static double difference(const cli_image *a, const cli_image *b, int64_t *where) {
    double worst = 0;
    int64_t count = 1;
    for (int i = 0; i < a->array.rank; i++)
        count *= a->array.shape[i];
    for (int64_t i = 0; i < count; i++) {
        const double x = value(&a->array, i);
        const double y = value(&b->array, i);
        double error = x == y || (isnan(x) && isnan(y)) ? 0 : fabs(x - y);
        if (isnan(error))
            error = HUGE_VAL;
        if (error > worst) {
            worst = error;
            *where = i;
        }
    }
    return worst;
}

static int judge(const char *const *names, const cli_image *a, const cli_image *b, double tolerance) {
    int64_t where = 0;
    if (!same_shape(a, b)) {
        fprintf(stderr, "%s and %s differ in shape\n", names[0], names[1]);
        return EXIT_FAILURE;
    }
    const double worst = difference(a, b, &where);
    if (worst <= tolerance)
        return EXIT_SUCCESS;
    fprintf(stderr, "%s and %s differ by %g at element %lld: %.9g and %.9g; %g is allowed\n", names[0], names[1], worst,
            (long long)where, value(&a->array, where), value(&b->array, where), tolerance);
    return EXIT_FAILURE;
}

int main(int argc, char **argv) {
    cli_image images[2] = {0};
    cli_error error = {0};
    if (argc < 4 || argc > 5) {
        fprintf(stderr, "usage: %s A B TOLERANCE [DTYPE]\n", argv[0]);
        return EXIT_FAILURE;
    }
    for (int i = 0; i < 2; i++)
        if (!image_read(argv[1 + i], &images[i], &error)) {
            cli_error_print(&error);
            return EXIT_FAILURE;
        }
    const char *const names[] = {argv[1], argv[2]};
    int status = judge(names, &images[0], &images[1], atof(argv[3]));
    const char *dtype = clf_dtype_name(images[0].array.dtype);
    if (status == EXIT_SUCCESS && argc == 5 && strcmp(dtype, argv[4]) != 0) {
        fprintf(stderr, "%s holds %s; %s is expected\n", argv[1], dtype, argv[4]);
        status = EXIT_FAILURE;
    }
    image_free(&images[0]);
    image_free(&images[1]);
    return status;
}
