/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formulas of the public headers in plain C and double, term by term and as slowly as they read. Nothing here is
 * shared with the library.
 */
#ifndef CLF_CHECK_REFERENCE_H
#define CLF_CHECK_REFERENCE_H

#include <clfilter/clfilter.h>

/* The index inside 0..extent-1 that `index` continues to; -1 if the value is the border's constant. */
int64_t reference_extend(int64_t index, int64_t extent, clf_border border);

/* Borders with defaults resolved: one takes that of the axis before it, the first is reflect. */
void reference_borders(const clf_border *given, int axes, clf_border *resolved);

/* The last `axes` axes of a tensor filtered, as three, the outer ones of extent 1 if there are fewer. */
typedef struct reference_window {
    int64_t planes; /* product of the other axes */
    int64_t extent[3];
    clf_border border[3]; /* resolved */
    double cval;
} reference_window;

/* x~ of a plane at any index. */
double reference_sample(const reference_window *window, const double *plane, const int64_t index[3]);

/* Extent of a convolution's output along an axis; less than 1 if there is none. */
int64_t reference_extent(int64_t extent, int64_t taps, int64_t stride, int64_t dilation, clf_mode mode);

typedef struct reference_axis {
    int64_t taps, origin, stride, dilation;
    clf_mode mode;
    bool flipped; /* a convolution, not a correlation */
} reference_axis;

/* Where tap `tap` of output `output` reads. */
int64_t reference_tap_index(const reference_axis *axis, int64_t output, int64_t tap);

/* y = w * x over every plane. */
void reference_convolve(const reference_window *window, const reference_axis axis[3], const double *x,
                        const double *taps, double *y);

typedef struct reference_gradient_desc {
    bool sobel;
    double scale, eps;
} reference_gradient_desc;

/* sqrt(dx^2 + dy^2 + eps) over every plane; axes 1 and 2 of the window are y and x. */
void reference_gradient(const reference_window *window, const reference_gradient_desc *desc, const double *x,
                        double *y);

/* Greatest finite absolute value. */
double reference_greatest(const double *values, int64_t count);

/* Sum of finite absolute values. */
double reference_sum(const double *values, int64_t count);

#endif
