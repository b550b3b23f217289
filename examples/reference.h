/* SPDX-License-Identifier: Apache-2.0 */
/* The filters of the demonstration in plain C and double precision, to compare the device's results with. */
#ifndef EXAMPLES_REFERENCE_H
#define EXAMPLES_REFERENCE_H

#include <clfilter/ops.h>

/* One channel of an interleaved image. */
typedef struct plane {
    const float *pixels; /* element (y, x) is pixels[(y * width + x) * step] */
    int64_t height, width, step;
} plane;

/*
 * One row of a filtered plane, by the formulas of clfilter/ops.h with origin 0:
 *   out[x] = sum over (i, j) of taps[i][j] * x~[y + sign*(i - rows/2)][x + sign*(j - columns/2)]
 * sign is 1 for a correlation and -1 for a convolution. `scratch` holds width + columns doubles.
 */
void reference_row(const plane *in, int64_t y, const float *taps, const int64_t shape[2], int sign, clf_border border,
                   double *scratch, double *out);

#endif
