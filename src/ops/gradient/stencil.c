/* SPDX-License-Identifier: Apache-2.0 */
/* The operators derivatives are taken with: names, checks, taps. */
#include "ops/gradient/gradient.h"

#include "base/alloc.h"
#include "base/number.h"
#include "ops/border.h"
#include "ops/real.h"
#include "plan/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const operator_names[] = {CLF_GRADIENT_OPERATOR_TABLE(CLF_NAME_OF)};
enum { OPERATOR_COUNT = sizeof operator_names / sizeof *operator_names };

const char *clf_gradient_operator_name(clf_gradient_operator op) {
    return (unsigned)op < OPERATOR_COUNT ? operator_names[op] : "?";
}

clf_status clf_gradient_check_source(const char *function, const clf_view *src, int axes, clf_error *error) {
    if (src->rank < axes)
        return clf_fail(error, CLF_INVALID_VIEW, "%s: src has rank %d; expected at least %d", function, src->rank,
                        axes);
    if (!clf_dtype_filterable(src->dtype))
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: src is %s; expected f32, f64, f16, u8, u16 or i16", function,
                        clf_dtype_name(src->dtype));
    return CLF_OK;
}

clf_status clf_gradient_check_sigma(const char *function, double sigma, double most, clf_error *error) {
    if (isfinite(sigma) && sigma > 0 && sigma <= most)
        return CLF_OK;
    return clf_fail(error, CLF_INVALID_VALUE, "%s: sigma is %s; expected 0 < sigma <= %s", function,
                    clf_number_general(sigma, 6).text, clf_number_general(most, 6).text);
}

clf_status clf_gradient_check_stencil(const char *function, const clf_view *src, const clf_border *border,
                                      clf_gradient_stencil *stencil, clf_error *error) {
    if ((unsigned)stencil->op >= OPERATOR_COUNT)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: op is %d; expected a clf_gradient_operator", function,
                        (int)stencil->op);
    stencil->axes = stencil->axes == 0 ? 2 : stencil->axes;
    if (stencil->axes != 2 && stencil->axes != 3)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: axes is %d; expected 2 or 3", function, stencil->axes);
    CLF_TRY(clf_check_number(function, "cval", stencil->cval, error));
    if (!isfinite(stencil->scale))
        return clf_fail(error, CLF_INVALID_VALUE, "%s: scale is %s; expected a finite number", function,
                        clf_number_general(stencil->scale, 6).text);
    stencil->scale = stencil->scale != 0 ? stencil->scale : 1;
    double radius = stencil->axes == 3 ? CLF_GRADIENT_RADIUS_3D : CLF_GRADIENT_RADIUS;
    if (stencil->op == CLF_GRADIENT_GAUSSIAN)
        CLF_TRY(clf_gradient_check_sigma(function, stencil->sigma, radius / 4, error));
    else if (stencil->sigma != 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: sigma is %s, but the operator is %s; expected 0", function,
                        clf_number_general(stencil->sigma, 6).text, clf_gradient_operator_name(stencil->op));
    CLF_TRY(clf_gradient_check_source(function, src, stencil->axes, error));
    stencil->border[0] = CLF_BORDER_REPLICATE;
    return clf_border_resolve(function, stencil->axes, border, stencil->border + 3 - stencil->axes, error);
}

bool clf_gradient_wanted(const clf_view *view) {
    static const clf_view absent;
    return view->buffer != NULL || view->offset != 0 || view->dtype != absent.dtype || view->rank != 0 ||
           memcmp(view->shape, absent.shape, sizeof view->shape) != 0 ||
           memcmp(view->strides, absent.strides, sizeof view->strides) != 0;
}

clf_status clf_gradient_check_output(const char *function, const clf_view *given, const char *name, const clf_view *src,
                                     clf_view *resolved, clf_error *error) {
    CLF_TRY(clf_view_resolve(given, name, resolved, error));
    clf_dtype wanted = src->dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    if (resolved->dtype != wanted && !(src->dtype == CLF_F16 && resolved->dtype == CLF_F16))
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: %s is %s; expected %s%s", function, name,
                        clf_dtype_name(resolved->dtype), clf_dtype_name(wanted),
                        src->dtype == CLF_F16 ? " or f16" : "");
    return clf_view_check_shape(resolved, name, src->rank, src->shape, error);
}

void clf_gradient_say_stencil(const clf_gradient_stencil *stencil, const clf_view *src, clf_gradient_words *words) {
    clf_words_set_shape(words, src);
    words->line.axes = stencil->axes;
    words->op = (clf_call_word){(int)stencil->op, stencil->sigma};
    words->axes = stencil->axes;
    memcpy(words->border, stencil->border + 3 - stencil->axes, (size_t)stencil->axes * sizeof *words->border);
    words->cval = stencil->cval;
    words->scale = stencil->scale;
}

int clf_gradient_radius(double sigma) {
    return (int)(4 * sigma + 0.5);
}

void clf_gradient_gaussian(double sigma, clf_gradient_taps *taps) {
    int radius = taps->radius = clf_gradient_radius(sigma);
    double sum = 0;
    for (int k = -radius; k <= radius; k++)
        sum += taps->smooth[k + radius] = exp(-0.5 * k * k / (sigma * sigma));
    for (int k = 0; k <= 2 * radius; k++)
        taps->smooth[k] /= sum;
}

/* The derivatives of the truncated, normalised Gaussian as scipy.ndimage takes them: a polynomial times its taps. */
static void make_gaussian(double sigma, int order, clf_gradient_taps *taps) {
    double square = sigma * sigma;
    clf_gradient_gaussian(sigma, taps);
    for (int k = -taps->radius; k <= taps->radius; k++)
        taps->derivative[k + taps->radius] =
            taps->smooth[k + taps->radius] * (order == 1 ? k / square : k * k / (square * square) - 1 / square);
}

/*
 * If W is the sum of a derivative's weights (of the smoothing's it is 1) and X the greatest element, neither X nor
 * scale * W * X overflows, and so neither must first * X, the smoothing's sums, nor first * W * X. It is no smaller
 * than that, so that little is lost of small elements.
 */
static double first_of(const clf_gradient_taps *taps, double scale) {
    double weight = 0;
    for (int k = 0; k <= 2 * taps->radius; k++)
        weight += fabs(taps->derivative[k]);
    if (weight == 0)
        return 1; /* every derivative is 0 */
    double most = fmin(fmax(fabs(scale), 1 / weight), fmax(1, fabs(scale) * weight));
    return ldexp(1, (int)fmax(-100, fmin(ilogb(most) - 1, 100)));
}

void clf_gradient_make_taps(const clf_gradient_stencil *stencil, clf_gradient_taps *taps) {
    static const double smooth[OPERATOR_COUNT][3] = {{0, 1, 0},  {1, 2, 1}, {0, 1, 0}, {0, 1, 0},
                                                     {3, 10, 3}, {1, 1, 1}, {0, 1, 0}};
    static const double forward[3] = {0, -1, 1}, backward[3] = {-1, 1, 0}, central[3] = {-1, 0, 1},
                        second[3] = {1, -2, 1};
    memset(taps, 0, sizeof *taps);
    taps->first = 1;
    if (stencil->op == CLF_GRADIENT_GAUSSIAN) {
        make_gaussian(stencil->sigma, stencil->order, taps);
        taps->first = first_of(taps, stencil->scale);
        return;
    }
    const double *derivative = stencil->order == 2                    ? second
                               : stencil->op == CLF_GRADIENT_FORWARD  ? forward
                               : stencil->op == CLF_GRADIENT_BACKWARD ? backward
                                                                      : central;
    taps->radius = 1;
    memcpy(taps->smooth, smooth[stencil->op], sizeof smooth[0]);
    memcpy(taps->derivative, derivative, sizeof central);
}

clf_status clf_gradient_own_taps(clf_plan *plan, const clf_gradient_taps *taps, bool wide, cl_mem *table,
                                 clf_error *error) {
    size_t count = (size_t)(2 * taps->radius + 1);
    double *values;
    CLF_TRY(clf_allocate(&values, 4 * count, sizeof *values, error));
    memcpy(values, taps->smooth, count * sizeof *values);
    memcpy(values + count, taps->derivative, count * sizeof *values);
    for (size_t i = 0; i < 2 * count; i++)
        values[2 * count + i] = taps->first * values[i];
    if (!wide) /* in place: a float never lies behind the double it is made of */
        for (size_t i = 0; i < 4 * count; i++) {
            float narrow = (float)values[i];
            memcpy((char *)values + i * sizeof narrow, &narrow, sizeof narrow);
        }
    clf_status status = clf_plan_own(plan, 4 * count * (wide ? sizeof(double) : sizeof(float)), values, table, error);
    free(values);
    return status;
}

void clf_gradient_cost(const void *described, clf_plan_cost *cost) {
    const clf_gradient_problem *problem = described;
    double count = (double)clf_view_count(&problem->src.view);
    cost->bytes = count * (double)clf_dtype_bytes(problem->src.view.dtype);
    for (int i = 0; i < problem->outputs; i++)
        cost->bytes += count * (double)clf_dtype_bytes(problem->output[i].view.dtype);
    const clf_gradient_stencil *stencil = &problem->stencil;
    bool smoothed =
        stencil->op == CLF_GRADIENT_SOBEL || stencil->op == CLF_GRADIENT_SCHARR || stencil->op == CLF_GRADIENT_PREWITT;
    double span = 2 * clf_gradient_radius(stencil->sigma) + 1;
    double derive = stencil->op == CLF_GRADIENT_GAUSSIAN ? 8 * span : smoothed ? 16 : 4;
    cost->flops = count * (stencil->axes == 3 ? 2 : 1) * (derive + 5);
}
