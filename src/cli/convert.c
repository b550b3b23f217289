/* SPDX-License-Identifier: Apache-2.0 */
/* convert.c: element types on the host. */
#include "convert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double half_to_double(uint16_t half) {
    const int exponent = half >> 10 & 31;
    const int fraction = half & 1023;
    double value;
    if (exponent == 31)
        value = fraction ? NAN : INFINITY;
    else if (exponent == 0)
        value = ldexp(fraction, -24);
    else
        value = ldexp(fraction + 1024, exponent - 25);
    return half & 0x8000 ? -value : value;
}

uint16_t half_from_double(double value) {
    enum { infinity = 0x7c00, not_a_number = 0x7e00, least_exponent = -14 };
    const uint16_t sign = signbit(value) ? 0x8000 : 0;
    const double size = fabs(value);
    if (isnan(value))
        return (uint16_t)(sign | not_a_number);
    if (size >= 65536)
        return (uint16_t)(sign | infinity);
    int exponent = size > 0 ? ilogb(size) : least_exponent;
    if (exponent < least_exponent)
        exponent = least_exponent;
    /* In units of the last place, where rounding to a whole number is rounding the half; a carry moves the exponent. */
    const int units = (int)rint(ldexp(size, 10 - exponent));
    const int bits = ((exponent - least_exponent) << 10) + units;
    return (uint16_t)(sign | (bits < infinity ? bits : infinity));
}

double array_get(const clf_array *array, int64_t index) {
    switch (array->dtype) {
    case CLF_F64: return ((const double *)array->data)[index];
    case CLF_F16: return half_to_double(((const uint16_t *)array->data)[index]);
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
    case CLF_F16: ((uint16_t *)array->data)[index] = half_from_double(value); break;
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
