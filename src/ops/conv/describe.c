/* SPDX-License-Identifier: Apache-2.0 */
/* From a convolution's descriptor to its canonical problem: every mistake in a descriptor ends here. */
#include "base/checked.h"
#include "ops/border.h"
#include "ops/conv/conv.h"
#include "ops/keys.h"
#include "ops/real.h"
#include "ops/window.h"
#include "plan/view.h"

#include <string.h>

const char *clf_mode_name(clf_mode mode) {
    static const char *const names[] = {CLF_MODE_TABLE(CLF_NAME_OF)};
    return (unsigned)mode < 3 ? names[mode] : "?";
}

/* One filtered axis, its defaults replaced and its numbers checked. */
typedef struct filtered_axis {
    int64_t extent, taps, stride, dilation, reach; /* reach: d*(K-1) */
} filtered_axis;

static clf_status read_axis(const char *function, const clf_convolve_desc *desc, const clf_conv_kernel *kernel, int i,
                            filtered_axis *axis, clf_error *error) {
    const int64_t limit = INT64_C(1) << 31;
    if (desc->stride[i] < 0 || desc->dilation[i] < 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: %s[%d] is %d; expected at least 1, or 0 for the default",
                        function, desc->stride[i] < 0 ? "stride" : "dilation", i,
                        desc->stride[i] < 0 ? desc->stride[i] : desc->dilation[i]);
    axis->extent = desc->src.shape[desc->src.rank - kernel->axes + i];
    axis->taps = kernel->shape[kernel->rank - kernel->axes + i];
    axis->stride = desc->stride[i] ? desc->stride[i] : 1;
    axis->dilation = desc->dilation[i] ? desc->dilation[i] : 1;
    bool fits = clf_multiply(axis->dilation, axis->taps - 1, &axis->reach) && axis->reach < limit;
    if (fits && axis->extent < limit && axis->taps < limit)
        return CLF_OK;
    return clf_fail(error, CLF_UNSUPPORTED,
                    "%s: filtered axis %d has %lld elements and the kernel spans %lld; expected both below 2^31",
                    function, i, (long long)axis->extent, (long long)(fits ? axis->reach + 1 : INT64_MAX));
}

static clf_status output_extent(const char *function, clf_mode mode, int i, const filtered_axis *axis, int64_t *extent,
                                clf_error *error) {
    switch (mode) {
    case CLF_MODE_SAME: *extent = (axis->extent + axis->stride - 1) / axis->stride; return CLF_OK;
    case CLF_MODE_FULL:
        *extent = axis->extent + axis->reach > 0 ? (axis->extent + axis->reach - 1) / axis->stride + 1 : 0;
        return CLF_OK;
    case CLF_MODE_VALID:
        if (axis->extent - axis->reach < 1)
            return clf_fail(error, CLF_KERNEL_TOO_LARGE,
                            "%s: in valid mode the kernel spans %lld elements of filtered axis %d, which has only %lld",
                            function, (long long)axis->reach + 1, i, (long long)axis->extent);
        *extent = (axis->extent - axis->reach - 1) / axis->stride + 1;
        return CLF_OK;
    }
    return clf_fail(error, CLF_INVALID_VALUE, "%s: mode is %d; expected a clf_mode", function, (int)mode);
}

/* The axes of src and dst in the order the rest of this file wants: filtered ones last. */
static clf_status order_axes(const char *function, const clf_convolve_desc *desc, int axes, int order[CLF_MAX_RANK],
                             clf_error *error) {
    int rank = desc->src.rank, kept = 0;
    bool filtered[CLF_MAX_RANK] = {false}, given = desc->axes[0] != 0;
    for (int i = 0; i < axes; i++) {
        bool wrong = given && (desc->axes[i] >= 0 || desc->axes[i] < -rank);
        int axis = wrong ? 0 : given ? desc->axes[i] + rank : rank - axes + i;
        if (wrong || filtered[axis])
            return clf_fail(error, CLF_INVALID_VALUE,
                            "%s: axes[%d] is %d; expected an axis of src, -%d to -1, not listed before", function, i,
                            desc->axes[i], rank);
        filtered[axis] = true;
        order[rank - axes + i] = axis;
    }
    for (int i = 0; i < rank; i++)
        if (!filtered[i])
            order[kept++] = i;
    return CLF_OK;
}

/* Checks src's rank and gives the descriptor with its views permuted, filtered axes last. */
static clf_status arrange(const char *function, const clf_convolve_desc *desc, const clf_conv_kernel *kernel,
                          int order[CLF_MAX_RANK], clf_convolve_desc *arranged, clf_error *error) {
    int needed = kernel->axes + kernel->bank;
    if (desc->src.rank < needed)
        return clf_fail(error, CLF_SHAPE_MISMATCH, "%s: src has rank %d; %d filtered axes%s need at least %d", function,
                        desc->src.rank, kernel->axes, kernel->bank ? " and channels" : "", needed);
    CLF_TRY(order_axes(function, desc, kernel->axes, order, error));
    *arranged = *desc;
    return clf_view_permute(&desc->src, order, &arranged->src, error);
}

/* Checks that filtered axes without elements, which no border continues, have no outputs either. */
static clf_status check_extents(const char *function, const clf_view *src, int axes, const int64_t *shape,
                                clf_error *error) {
    clf_view output = {.rank = src->rank};
    memcpy(output.shape, shape, sizeof output.shape);
    for (int axis = src->rank - axes; axis < src->rank && !clf_view_empty(&output); axis++)
        if (src->shape[axis] == 0)
            return clf_fail(error, CLF_INVALID_VIEW,
                            "%s: filtered axis %d of src has extent 0; expected at least 1, unless the output is empty",
                            function, axis - src->rank + axes);
    return CLF_OK;
}

/* Reads every filtered axis, checks the channels, and writes the output's shape. */
static clf_status read_axes(const char *function, const clf_convolve_desc *desc, const clf_conv_kernel *kernel,
                            filtered_axis axes[CLF_CONV_AXES], int64_t shape[CLF_MAX_RANK], clf_error *error) {
    const clf_view *src = &desc->src;
    memcpy(shape, src->shape, CLF_MAX_RANK * sizeof *shape);
    for (int i = 0; i < kernel->axes; i++) {
        CLF_TRY(read_axis(function, desc, kernel, i, &axes[i], error));
        CLF_TRY(output_extent(function, desc->mode, i, &axes[i], &shape[src->rank - kernel->axes + i], error));
    }
    int64_t groups = desc->groups ? desc->groups : 1;
    if (groups < 1 || (!kernel->bank && groups != 1))
        return clf_fail(error, CLF_INVALID_VALUE,
                        "%s: groups is %d; expected at least 1, and 1 without a bank of kernels", function,
                        desc->groups);
    if (!kernel->bank)
        return check_extents(function, src, kernel->axes, shape, error);
    int64_t channels = src->shape[src->rank - kernel->axes - 1];
    if (channels % groups != 0 || kernel->shape[0] % groups != 0)
        return clf_fail(error, CLF_INVALID_VALUE,
                        "%s: groups is %d; expected a divisor of both %lld input and %lld output channels", function,
                        (int)groups, (long long)channels, (long long)kernel->shape[0]);
    if (kernel->shape[1] != channels / groups)
        return clf_fail(error, CLF_SHAPE_MISMATCH,
                        "%s: the kernel has %lld channels per group; src has %lld channels in %d groups", function,
                        (long long)kernel->shape[1], (long long)channels, (int)groups);
    shape[src->rank - kernel->axes - 1] = kernel->shape[0];
    return check_extents(function, src, kernel->axes, shape, error);
}

clf_status clf_convolve_shape(const clf_convolve_desc *desc, int64_t shape[CLF_MAX_RANK], clf_error *error) {
    const char *function = "clf_convolve_shape";
    if (desc == NULL || shape == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function, desc == NULL ? "desc" : "shape");
    clf_view src;
    CLF_TRY(clf_view_resolve(&desc->src, "src", &src, error));
    clf_conv_kernel kernel;
    CLF_TRY(clf_conv_find_kernel(function, desc, &kernel, error));
    clf_convolve_desc arranged;
    int order[CLF_MAX_RANK];
    CLF_TRY(arrange(function, desc, &kernel, order, &arranged, error));
    filtered_axis axes[CLF_CONV_AXES];
    int64_t made[CLF_MAX_RANK];
    CLF_TRY(read_axes(function, &arranged, &kernel, axes, made, error));
    for (int i = 0; i < src.rank; i++)
        shape[order[i]] = made[i];
    return CLF_OK;
}

static clf_status check_dtypes(const char *function, const clf_convolve_desc *desc, clf_error *error) {
    clf_dtype src = desc->src.dtype, dst = desc->dst.dtype;
    if (!clf_dtype_filterable(src))
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: src is %s; expected f32, f64, f16, u8, u16 or i16", function,
                        clf_dtype_name(src));
    if (dst != src && (dst != CLF_F32 || src == CLF_F64))
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: dst is %s; expected %s%s", function, clf_dtype_name(dst),
                        clf_dtype_name(src), src == CLF_F64 || src == CLF_F32 ? "" : " or f32");
    return CLF_OK;
}

/* Checks one origin and turns mode, origin and flip into the canonical start. */
static clf_status find_start(const char *function, const clf_convolve_desc *desc, bool flipped, int i,
                             const filtered_axis *axis, int64_t *start, clf_error *error) {
    int64_t origin = desc->origin[i], centre = axis->taps / 2 + origin;
    if (desc->mode != CLF_MODE_SAME && origin != 0)
        return clf_fail(error, CLF_INVALID_ORIGIN, "%s: origin[%d] is %lld; in %s mode it has no meaning and must be 0",
                        function, i, (long long)origin, clf_mode_name(desc->mode));
    if (centre < 0 || centre >= axis->taps)
        return clf_fail(error, CLF_INVALID_ORIGIN, "%s: origin[%d] is %lld; expected %lld to %lld for %lld taps",
                        function, i, (long long)origin, -(long long)(axis->taps / 2), (long long)((axis->taps - 1) / 2),
                        (long long)axis->taps);
    if (desc->mode == CLF_MODE_VALID)
        *start = 0;
    else if (desc->mode == CLF_MODE_FULL)
        *start = -axis->reach;
    else /* a flipped kernel has its centre at K-1-c */
        *start = -axis->dilation * (flipped ? axis->taps - 1 - centre : centre);
    return CLF_OK;
}

/* Writes canonical axis `to` from filtered axis i. */
static clf_status set_axis(const char *function, const clf_convolve_desc *desc, int i, int to,
                           const filtered_axis *axis, clf_conv_problem *problem, clf_error *error) {
    int at = problem->src.rank - problem->axes + i;
    problem->extent[to] = axis->extent;
    problem->out[to] = problem->dst.shape[at];
    problem->src_stride[to] = problem->src.strides[at];
    problem->dst_stride[to] = problem->dst.strides[at];
    problem->taps[to] = axis->taps;
    problem->step[to] = axis->stride;
    problem->dilation[to] = axis->dilation;
    problem->origin[i] = desc->origin[i];
    return find_start(function, desc, problem->flipped, i, axis, &problem->start[to], error);
}

void clf_conv_take_rows(clf_conv_problem *problem) {
    clf_batch *batch = &problem->batch;
    if (problem->axes != 1 || problem->bank || batch->rank == 0 || batch->count == 0)
        return;
    int last = --batch->rank;
    problem->extent[1] = problem->out[1] = batch->shape[last];
    problem->src_stride[1] = batch->strides[0][last];
    problem->dst_stride[1] = batch->strides[1][last];
    batch->count /= batch->shape[last];
}

void clf_conv_set_batch(clf_conv_problem *problem) {
    problem->batch = (clf_batch){.rank = 0};
    for (int i = 0; i < problem->src.rank - problem->axes - problem->bank; i++)
        clf_batch_add(&problem->batch, problem->src.shape[i], 2,
                      (int64_t[]){problem->src.strides[i], problem->dst.strides[i]});
    clf_batch_collapse(&problem->batch);
    clf_conv_take_rows(problem);
}

void clf_conv_set_memory(clf_conv_problem *problem) {
    int unused = CLF_CONV_AXES - problem->axes, first = problem->src.rank - problem->axes;
    for (int i = 0; i < unused; i++) { /* rows may have been taken for one of them */
        problem->extent[i] = problem->out[i] = 1;
        problem->src_stride[i] = problem->dst_stride[i] = 0;
    }
    for (int i = 0; i < problem->axes; i++) {
        problem->extent[unused + i] = problem->src.shape[first + i];
        problem->out[unused + i] = problem->dst.shape[first + i];
        problem->src_stride[unused + i] = problem->src.strides[first + i];
        problem->dst_stride[unused + i] = problem->dst.strides[first + i];
    }
    if (problem->bank) {
        problem->src_channel = problem->src.strides[first - 1];
        problem->dst_channel = problem->dst.strides[first - 1];
    }
    clf_conv_set_batch(problem);
}

static void set_channels(const clf_convolve_desc *desc, const clf_conv_kernel *kernel, clf_conv_problem *problem) {
    problem->bank = kernel->bank;
    problem->groups = problem->inputs = problem->outputs = 1;
    if (!kernel->bank)
        return;
    int channel = problem->src.rank - kernel->axes - 1;
    problem->groups = desc->groups ? desc->groups : 1;
    problem->inputs = kernel->shape[1];
    problem->outputs = kernel->shape[0] / problem->groups;
    problem->src_channel = problem->src.strides[channel];
    problem->dst_channel = problem->dst.strides[channel];
}

/* The views, checked and arranged: problem->src and ->dst have the filtered axes last. */
static clf_status set_views(const char *function, const clf_convolve_desc *desc, const clf_conv_kernel *kernel,
                            clf_conv_problem *problem, filtered_axis axes[CLF_CONV_AXES], clf_error *error) {
    clf_view src, dst;
    CLF_TRY(clf_view_resolve(&desc->src, "src", &src, error));
    CLF_TRY(clf_view_resolve(&desc->dst, "dst", &dst, error));
    CLF_TRY(check_dtypes(function, desc, error));
    int order[CLF_MAX_RANK] = {0};
    int64_t shape[CLF_MAX_RANK], wanted[CLF_MAX_RANK];
    clf_convolve_desc arranged;
    CLF_TRY(arrange(function, desc, kernel, order, &arranged, error));
    CLF_TRY(read_axes(function, &arranged, kernel, axes, shape, error));
    for (int i = 0; i < src.rank; i++)
        wanted[order[i]] = shape[i];
    CLF_TRY(clf_view_check_shape(&dst, "dst", src.rank, wanted, error));
    problem->src = arranged.src;
    memcpy(problem->order, order, sizeof order);
    return clf_view_permute(&dst, order, &problem->dst, error);
}

clf_status clf_conv_describe(const char *function, const clf_convolve_desc *desc, bool flipped,
                             clf_conv_problem *problem, clf_error *error) {
    memset(problem, 0, sizeof *problem);
    problem->src_name = "src";
    problem->kernel_name = "kernel_view";
    problem->flipped = flipped;
    problem->mode = desc->mode;
    problem->cval = desc->cval;
    problem->pixel = 1;
    CLF_TRY(clf_check_number(function, "cval", desc->cval, error));
    clf_conv_kernel kernel;
    CLF_TRY(clf_conv_find_kernel(function, desc, &kernel, error));
    problem->axes = kernel.axes;
    filtered_axis axes[CLF_CONV_AXES];
    CLF_TRY(set_views(function, desc, &kernel, problem, axes, error));
    set_channels(desc, &kernel, problem);
    int unused = CLF_CONV_AXES - kernel.axes;
    for (int i = 0; i < unused; i++) {
        problem->extent[i] = problem->out[i] = problem->taps[i] = problem->step[i] = problem->dilation[i] = 1;
        problem->border[i] = CLF_BORDER_REPLICATE;
    }
    CLF_TRY(clf_border_resolve(function, kernel.axes, desc->border, problem->border + unused, error));
    for (int i = 0; i < kernel.axes; i++)
        CLF_TRY(set_axis(function, desc, i, unused + i, &axes[i], problem, error));
    clf_conv_set_batch(problem);
    int64_t reach[CLF_CONV_AXES];
    for (int i = 0; i < CLF_CONV_AXES; i++)
        reach[i] = problem->dilation[i] * (problem->taps[i] - 1);
    return clf_window_check_volume(function, problem->batch.count, problem->extent, reach, error);
}
