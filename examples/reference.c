/* SPDX-License-Identifier: Apache-2.0 */
/* Plain double-precision filters; see reference.h. */
#include "reference.h"

/* Which pixel of a line of `extent` x~[index] is, for the two borders used by the demonstration. */
static int64_t source_index(int64_t index, int64_t extent, clf_border border) {
    const int64_t period = border == CLF_BORDER_PERIODIC ? extent : extent > 1 ? 2 * extent - 2 : 1;
    const int64_t wrapped = (index % period + period) % period;
    return wrapped < extent ? wrapped : period - wrapped;
}

void reference_row(const plane *in, int64_t y, const float *taps, const int64_t shape[2], int sign, clf_border border,
                   double *scratch, double *out) {
    const int64_t rows = shape[0], columns = shape[1];
    /* scratch[n] is x~[n - before], so every window of the row lies inside it. */
    const int64_t before = sign > 0 ? columns / 2 : columns - 1 - columns / 2;
    for (int64_t x = 0; x < in->width; ++x)
        out[x] = 0;
    for (int64_t i = 0; i < rows; ++i) {
        const int64_t row = source_index(y + sign * (i - rows / 2), in->height, border);
        for (int64_t n = 0; n < in->width + columns - 1; ++n)
            scratch[n] = in->pixels[(row * in->width + source_index(n - before, in->width, border)) * in->step];
        for (int64_t j = 0; j < columns; ++j) {
            const double tap = taps[i * columns + j];
            const double *shifted = scratch + before + sign * (j - columns / 2);
            for (int64_t x = 0; x < in->width; ++x)
                out[x] += tap * shifted[x];
        }
    }
}
