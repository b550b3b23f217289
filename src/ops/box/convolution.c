/* SPDX-License-Identifier: Apache-2.0 */
/* box.convolution: a small box as a convolution with equal taps, which beats sums that are stored in between. */
#include "ops/box/box.h"
#include "ops/real.h"
#include "plan/view.h"
#include "rt/profile.h"

#include <float.h>
#include <math.h>

enum { MOST_TAPS = 27, MOST_SIZE = 5, MOST_PIXEL = 16 };

/* Rows that convolutions take as they lie: contiguous, or of interleaved pixels. */
static bool has_rows(const clf_view *src, const clf_view *dst) {
    int last = src->rank - 1;
    int64_t pixel = src->strides[last];
    if (pixel != dst->strides[last] || pixel < 1 || pixel > MOST_PIXEL)
        return false;
    for (int i = 0; i < last && pixel > 1; i++)
        if (src->strides[i] == 1 && dst->strides[i] == 1 && src->shape[i] == pixel)
            return true;
    return pixel == 1;
}

/*
 * Of integers the mean must be rounded as the exact one is. With an odd number of taps it is never half-way, and for u8
 * nearer to the exact one than that is to half-way; taps that are powers of two are exact.
 */
static bool rounds_right(const clf_window *window) {
    int64_t count = clf_window_count(window);
    return !clf_dtype_integer(window->dst.dtype) || (window->src.dtype == CLF_U8 && count % 2 == 1) ||
           (count & (count - 1)) == 0;
}

/*
 * True if no roundings take a mean of numbers of that magnitude beyond it: as the mean of the greatest alone shows,
 * rounding being monotonous.
 */
static bool stays_within(double greatest, int64_t count, bool wide) {
    double fused = 0, apart = 0, weight = wide ? 1 / (double)count : (double)(float)(1 / (double)count);
    for (int64_t i = 0; i < count; i++) {
        fused = wide ? fma(greatest, weight, fused) : (double)fmaf((float)greatest, (float)weight, (float)fused);
        apart = wide ? apart + greatest * weight : (double)((float)apart + (float)greatest * (float)weight);
    }
    return isfinite(fused) && isfinite(apart);
}

/* Of tensors of the arithmetic's type the mean of the greatest numbers must not overflow. */
static bool stays_finite(const clf_window *window) {
    bool wide = window->src.dtype == CLF_F64;
    return (window->src.dtype != CLF_F32 && !wide) ||
           stays_within(wide ? DBL_MAX : (double)FLT_MAX, clf_window_count(window), wide);
}

static bool applies(const clf_context *context, const void *described) {
    const clf_window *window = &((const clf_box_problem *)described)->window;
    (void)context;
    for (int i = 0; i < CLF_WINDOW_AXES; i++)
        if (window->size[i] > MOST_SIZE)
            return false;
    return clf_window_count(window) <= MOST_TAPS && has_rows(&window->src, &window->dst) && rounds_right(window) &&
           stays_finite(window);
}

/* The share of the peak, as conv.direct has it. */
static const double wide_item_arithmetic = 0.8;

static double estimate(const clf_context *context, const void *described) {
    const clf_window *window = &((const clf_box_problem *)described)->window;
    const clf_profile *profile = clf_context_profile(context);
    double outputs = (double)clf_view_count(&window->dst);
    double bytes = outputs * (double)(clf_dtype_bytes(window->src.dtype) + clf_dtype_bytes(window->dst.dtype));
    double flops = 2 * outputs * (double)clf_window_count(window) * (clf_dtype_wide(window->src.dtype) ? 2 : 1);
    bool converts = window->src.dtype != window->dst.dtype || clf_dtype_bytes(window->src.dtype) < sizeof(float);
    if (profile->wide_items)
        flops = flops / wide_item_arithmetic + (converts ? CLF_CONVERSION_FLOPS * outputs : 0);
    return clf_seconds(profile, bytes, flops, 1);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_box_problem *problem = described;
    const clf_window *window = &problem->window;
    double taps[MOST_TAPS];
    int64_t count = clf_window_count(window);
    for (int64_t i = 0; i < count; i++)
        taps[i] = 1 / (double)count;
    clf_convolve_desc desc = {.src = window->src,
                              .dst = window->dst,
                              .kernel = {.data = taps, .dtype = CLF_F64, .rank = window->axes},
                              .cval = problem->cval,
                              .options = {.solver = "conv.direct"}};
    desc.src.buffer = desc.dst.buffer = NULL; /* known when executed */
    for (int i = 0; i < window->axes; i++) {
        int at = CLF_WINDOW_AXES - window->axes + i;
        desc.kernel.shape[i] = window->size[at];
        desc.origin[i] = (int)window->origin[at];
        desc.border[i] = window->border[at];
    }
    clf_child child = {.count = 2, .from = {{.scratch = false, .index = 0}, {.scratch = false, .index = 1}}};
    CLF_TRY(clf_plan_correlate(plan->context, &desc, &child.plan, error));
    clf_text_add(&plan->description, " %s", clf_plan_describe(child.plan));
    return clf_plan_child(plan, &child, error);
}

const clf_solver clf_box_convolution = {
    "box.convolution",
    applies,
    estimate,
    prepare,
    1,
    "at most 27 elements in a window and 5 along each axis, contiguous rows, and a mean "
    "that floating point rounds right and keeps finite"};
