/* SPDX-License-Identifier: Apache-2.0 */
/* convert.c: element types on the host. */
#include "convert.h"

#include "base/half.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double array_get(const clf_array *array, int64_t index) {
    switch (array->dtype) {
    case CLF_F64: return ((const double *)array->data)[index];
    case CLF_F16: return clf_half_to_double(((const uint16_t *)array->data)[index]);
    case CLF_U8: return ((const uint8_t *)array->data)[index];
    case CLF_U16: return ((const uint16_t *)array->data)[index];
    case CLF_I16: return ((const int16_t *)array->data)[index];
    default: return (double)((const float *)array->data)[index];
    }
}

static double saturate(double value, double least, double greatest) {
    if (isnan(value))
        return 0;
    const double whole = rint(value);
    return whole < least ? least : whole > greatest ? greatest : whole;
}

void array_set(clf_array *array, int64_t index, double value) {
    switch (array->dtype) {
    case CLF_F64: ((double *)array->data)[index] = value; break;
    case CLF_F16: ((uint16_t *)array->data)[index] = clf_half_from_double(value); break;
    case CLF_U8: ((uint8_t *)array->data)[index] = (uint8_t)saturate(value, 0, UINT8_MAX); break;
    case CLF_U16: ((uint16_t *)array->data)[index] = (uint16_t)saturate(value, 0, UINT16_MAX); break;
    case CLF_I16: ((int16_t *)array->data)[index] = (int16_t)saturate(value, INT16_MIN, INT16_MAX); break;
    default: ((float *)array->data)[index] = (float)value; break;
    }
}

bool image_convert(cli_image *image, clf_dtype dtype, cli_error *error) {
    cli_image made;
    if (image->array.dtype == dtype)
        return true;
    if (!image_create(&made, dtype, image->array.rank, image->array.shape, error))
        return false;
    made.interleaved = image->interleaved;
    made.alpha = image->alpha;
    int64_t count = 1;
    for (int i = 0; i < made.array.rank; i++)
        count *= made.array.shape[i];
    for (int64_t i = 0; i < count; i++)
        array_set(&made.array, i, array_get(&image->array, i));
    image_free(image);
    *image = made;
    return true;
}

static int64_t clamp(int64_t index, int64_t extent) {
    return index < 0 ? 0 : index < extent ? index : extent - 1;
}

void image_pass_alpha(const cli_image *in, const image_step from[2], cli_image *out) {
    if (in->alpha == IMAGE_ALPHA_NONE)
        return;
    const int64_t *given = in->array.shape;
    const int64_t *to = out->array.shape;
    for (int64_t y = 0; y < to[0]; y++) {
        const int64_t row = clamp(from[0].first + y * from[0].step, given[0]) * given[1];
        for (int64_t x = 0; x < to[1]; x++) {
            const int64_t pixel = row + clamp(from[1].first + x * from[1].step, given[1]);
            array_set(&out->array, (y * to[1] + x) * to[2] + to[2] - 1,
                      array_get(&in->array, pixel * given[2] + given[2] - 1));
        }
    }
}
