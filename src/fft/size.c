/* SPDX-License-Identifier: Apache-2.0 */
/* The sizes of transforms, and the extents that libraries take. */
#include "fft/size.h"

#include "base/alloc.h"

int64_t clf_fft_row(const clf_fft_desc *desc) {
    return 2 * (desc->extent[2] / 2 + 1);
}

int64_t clf_fft_bytes(const clf_fft_desc *desc) {
    int64_t rows = desc->batch * desc->extent[0] * desc->extent[1];
    return clf_bytes(rows * clf_fft_row(desc), desc->wide ? sizeof(double) : sizeof(float));
}

static bool smooth(int64_t extent) {
    for (int prime = 2; prime <= 7; prime++)
        while (extent % prime == 0)
            extent /= prime;
    return extent == 1;
}

int64_t clf_fft_extent(int64_t least, bool last) {
    int64_t extent = last ? (least + 1) / 2 * 2 : least;
    while (!smooth(extent))
        extent += last ? 2 : 1;
    return extent;
}
