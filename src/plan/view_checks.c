/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between views and memory: inside the buffer, no element twice in an output, outputs off the inputs. */
#include "plan/view.h"
#include "rt/buffer.h"

#include <stdlib.h>

clf_status clf_view_check_device(const clf_context *context, const clf_view *view, const char *name, clf_error *error) {
    if (view->dtype == CLF_F64 && !context->info.has_f64)
        return clf_fail(error, CLF_UNSUPPORTED, "%s is f64, which %s does not support", name, context->info.name);
    return CLF_OK;
}

clf_status clf_view_check_shape(const clf_view *view, const char *name, int rank, const int64_t *shape,
                                clf_error *error) {
    if (view->rank != rank)
        return clf_fail(error, CLF_SHAPE_MISMATCH, "%s: rank %d; expected %d", name, view->rank, rank);
    for (int i = 0; i < rank; i++)
        if (view->shape[i] != shape[i])
            return clf_fail(error, CLF_SHAPE_MISMATCH, "%s: axis %d has extent %lld; expected %lld", name, i,
                            (long long)view->shape[i], (long long)shape[i]);
    return CLF_OK;
}

clf_status clf_view_check_bounds(const clf_context *context, const clf_view *resolved, const char *name,
                                 clf_error *error) {
    if (resolved->buffer == NULL || clf_view_empty(resolved))
        return CLF_OK;
    clf_buffer_place place;
    CLF_TRY(clf_buffer_locate(context, resolved->buffer, &place, error));
    clf_reach reach = clf_view_reach(resolved);
    int64_t holds = (int64_t)(place.bytes / clf_dtype_bytes(resolved->dtype));
    if (reach.first < 0 || reach.last >= holds)
        return clf_fail(error, CLF_OUT_OF_BOUNDS,
                        "%s: the view touches elements %lld to %lld; its buffer holds 0 to %lld", name,
                        (long long)reach.first, (long long)reach.last, (long long)holds - 1);
    return CLF_OK;
}

/* An axis of extent > 1, its stride made positive. */
typedef struct axis {
    int64_t stride, extent;
} axis;

static int by_stride(const void *a, const void *b) {
    int64_t x = ((const axis *)a)->stride, y = ((const axis *)b)->stride;
    return (x > y) - (x < y);
}

static int sorted_axes(const clf_view *view, axis *axes) {
    int count = 0;
    for (int i = 0; i < view->rank; i++)
        if (view->shape[i] > 1)
            axes[count++] = (axis){llabs(view->strides[i]), view->shape[i]};
    qsort(axes, (size_t)count, sizeof *axes, by_stride);
    return count;
}

/* Strides are nested when each steps over all that the smaller ones reach; then no two elements coincide. */
clf_status clf_view_check_distinct(const clf_view *resolved, const char *name, clf_error *error) {
    axis axes[CLF_MAX_RANK];
    int count = clf_view_empty(resolved) ? 0 : sorted_axes(resolved, axes);
    int64_t below = 0;
    for (int i = 0; i < count; i++) {
        if (axes[i].stride <= below)
            return clf_fail(
                error, CLF_OVERLAP,
                "%s: overlaps itself: stride %lld does not step over the %lld elements that smaller strides "
                "span",
                name, (long long)axes[i].stride, (long long)below + 1);
        below += axes[i].stride * (axes[i].extent - 1);
    }
    return CLF_OK;
}

/*
 * True if `distance` is a sum of k*stride with |k| < extent over the axes: two views with these strides, that far
 * apart, then share an element. The axes are sorted by stride; for nested strides at most two k fit at each.
 */
static bool reachable(const axis *axes, int count, int64_t distance) {
    if (count == 0)
        return distance == 0;
    const axis *top = &axes[count - 1];
    int64_t quotient = distance / top->stride;
    for (int64_t k = quotient - 1; k <= quotient + 1; k++)
        if (llabs(k) < top->extent && reachable(axes, count - 1, distance - k * top->stride))
            return true;
    return false;
}

/* True if two views of one buffer with equal strides (in bytes) surely share no element. */
static bool equal_strides_apart(const clf_view *a, const clf_view *b, int64_t distance) {
    if (a->rank != b->rank)
        return false;
    axis axes[CLF_MAX_RANK];
    int count = 0;
    for (int i = 0; i < a->rank; i++) {
        if (a->strides[i] != b->strides[i] && a->shape[i] > 1 && b->shape[i] > 1)
            return false;
        int64_t extent = a->shape[i] > b->shape[i] ? a->shape[i] : b->shape[i];
        int64_t stride = a->shape[i] > 1 ? a->strides[i] : b->strides[i];
        if (extent > 1)
            axes[count++] = (axis){llabs(stride), extent};
    }
    qsort(axes, (size_t)count, sizeof *axes, by_stride);
    int64_t below = 0;
    for (int i = 0; i < count; i++) {
        if (axes[i].stride <= below)
            return false; /* not nested: cannot tell */
        below += axes[i].stride * (axes[i].extent - 1);
    }
    return !reachable(axes, count, distance);
}

bool clf_views_apart(const clf_view *a, int64_t a_origin, const clf_view *b, int64_t b_origin) {
    if (clf_view_empty(a) || clf_view_empty(b))
        return true;
    int64_t a_bytes = (int64_t)clf_dtype_bytes(a->dtype), b_bytes = (int64_t)clf_dtype_bytes(b->dtype);
    clf_reach at_a = clf_view_reach(a), at_b = clf_view_reach(b);
    int64_t a_first = a_origin + at_a.first * a_bytes, a_end = a_origin + (at_a.last + 1) * a_bytes;
    int64_t b_first = b_origin + at_b.first * b_bytes, b_end = b_origin + (at_b.last + 1) * b_bytes;
    if (a_end <= b_first || b_end <= a_first)
        return true;
    int64_t gap = (b_origin - a_origin) / a_bytes + b->offset - a->offset;
    bool aligned = (b_origin - a_origin) % a_bytes == 0;
    return a_bytes == b_bytes && aligned && equal_strides_apart(a, b, gap);
}

clf_status clf_view_check_apart(const clf_context *context, const clf_view *output, const char *output_name,
                                const clf_view *input, const char *input_name, clf_error *error) {
    if (output->buffer == NULL || input->buffer == NULL || clf_view_empty(output) || clf_view_empty(input))
        return CLF_OK;
    clf_buffer_place out, in;
    CLF_TRY(clf_buffer_locate(context, output->buffer, &out, error));
    CLF_TRY(clf_buffer_locate(context, input->buffer, &in, error));
    if (out.root != in.root)
        return CLF_OK;
    if (clf_views_apart(output, (int64_t)out.origin, input, (int64_t)in.origin))
        return CLF_OK;
    return clf_fail(error, CLF_OVERLAP, "%s overlaps %s in memory; expected memory of its own", output_name,
                    input_name);
}
