/* SPDX-License-Identifier: Apache-2.0 */
/** @file convert.h Elements on the host: from one type to another, and alpha from one image to another. */
#ifndef CLFILTER_CLI_CONVERT_H
#define CLFILTER_CLI_CONVERT_H

#include "image.h"

/** The element `index` behind the first of an array, as a double; and its setting, rounded to the array's type. */
double array_get(const clf_array *array, int64_t index);
void array_set(clf_array *array, int64_t index, double value);

/**
 * Turns a dense f32 image into one of `dtype`: f32, f16, or u8, u16, i16 rounded to nearest even and saturated as the
 * library does it, NaN becoming 0.
 */
bool image_convert(cli_image *image, clf_dtype dtype, cli_error *error);

/** Which index of the input belongs to index i of the output: first + step * i. */
typedef struct image_step {
    int64_t first, step;
} image_step;

/**
 * Fills the alpha channel of `out` from that of `in`, at the rows and columns that `from` tells, or the nearest that
 * there are. Nothing happens to images without alpha.
 */
void image_pass_alpha(const cli_image *in, const image_step from[2], cli_image *out);

#endif
