/* SPDX-License-Identifier: Apache-2.0 */
/* shift.whole: rows copied bit for bit (cl/shift/shift.cl). */
#include "ops/shift/shift.h"

#include "base/half.h"
#include "plan/dense.h"
#include "plan/view.h"

#include "cl/shift/geometry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_BYTES = 1024 };

/* An axis as the kernel walks it. */
typedef struct shift_axis {
    int64_t extent, by, src_stride, dst_stride;
    clf_border border;
} shift_axis;

static bool applies(const clf_context *context, const void *described) {
    (void)context;
    const clf_shift_problem *problem = described;
    return problem->whole;
}

/* Bound by memory, of whose speed rows that are copied one by one reach a third with wide items. */
static const double wide_item_share = 0.3;

/* An element that is copied by itself, in flops of the peak: measured on a CPU. */
static const double scattered_element = 200;

static double estimate(const clf_context *context, const void *described) {
    const clf_shift_problem *problem = described;
    double bytes = 2 * (double)clf_view_count(&problem->src) * (double)clf_dtype_bytes(problem->src.dtype);
    const clf_profile *profile = clf_context_profile(context);
    if (!profile->wide_items)
        return clf_seconds(profile, bytes, 0, 1);
    return clf_seconds(profile, bytes / wide_item_share, clf_shift_scattered(problem, scattered_element), 1);
}

static int by_stride(const void *a, const void *b) {
    int64_t x = llabs(((const shift_axis *)a)->dst_stride), y = llabs(((const shift_axis *)b)->dst_stride);
    return (x < y) - (x > y);
}

/* The axes in the order of memory, those that stay merged where they can be. Gives their number, 1 at least. */
static int find_axes(const clf_shift_problem *problem, shift_axis axes[CLF_MAX_RANK]) {
    int count = 0, kept = 0;
    for (int i = 0; i < problem->src.rank; i++) {
        int64_t extent = problem->src.shape[i], by = (int64_t)problem->by[i];
        if (problem->border[i] == CLF_BORDER_PERIODIC)
            by = (by % extent + extent) % extent;
        if (extent == 1 && problem->border[i] != CLF_BORDER_CONSTANT)
            by = 0;
        if (extent > 1 || by != 0)
            axes[count++] =
                (shift_axis){extent, by, problem->src.strides[i], problem->dst.strides[i], problem->border[i]};
    }
    if (count == 0)
        axes[count++] = (shift_axis){1, 0, 1, 1, CLF_BORDER_REFLECT};
    qsort(axes, (size_t)count, sizeof *axes, by_stride);
    for (int i = 1; i < count; i++) {
        shift_axis *outer = &axes[kept], inner = axes[i];
        bool line = outer->src_stride == inner.extent * inner.src_stride &&
                    outer->dst_stride == inner.extent * inner.dst_stride;
        if (outer->by == 0 && inner.by == 0 && line) {
            inner.extent *= outer->extent;
            *outer = inner;
        } else {
            axes[++kept] = inner;
        }
    }
    return kept + 1;
}

static clf_status make_table(clf_plan *plan, const clf_shift_problem *problem, int rank, const shift_axis *axes,
                             cl_mem *table, clf_error *error) {
    int64_t values[SHIFT_TABLE] = {0};
    values[SHIFT_RANK] = rank;
    values[SHIFT_SRC_OFFSET] = problem->src.offset;
    values[SHIFT_DST_OFFSET] = problem->dst.offset;
    values[SHIFT_ROWS] = 1;
    for (int i = 0; i < rank; i++) {
        values[SHIFT_ROWS] *= i < rank - 1 ? axes[i].extent : 1;
        values[SHIFT_EXTENT + i] = axes[i].extent;
        values[SHIFT_BY + i] = axes[i].by;
        values[SHIFT_BORDER + i] = axes[i].border;
        values[SHIFT_SRC_STRIDE + i] = axes[i].src_stride;
        values[SHIFT_DST_STRIDE + i] = axes[i].dst_stride;
    }
    return clf_plan_own(plan, sizeof values, values, table, error);
}

static double saturated(double value, double low, double high) {
    return nearbyint(fmin(fmax(value, low), high));
}

double clf_shift_scattered(const clf_shift_problem *problem, double flops) {
    double elements = (double)clf_view_count(&problem->src);
    return elements * flops * (clf_view_scattered(&problem->src) + clf_view_scattered(&problem->dst));
}

uint64_t clf_shift_fill(clf_dtype dtype, double value) {
    uint64_t bits = 0;
    float narrow = (float)value;
    switch (dtype) {
    case CLF_F32: memcpy(&bits, &narrow, sizeof narrow); return bits;
    case CLF_F64: memcpy(&bits, &value, sizeof value); return bits;
    case CLF_F16: return clf_half_from_double(value);
    case CLF_U8: return (uint64_t)saturated(value, 0, UINT8_MAX);
    case CLF_U16: return (uint64_t)saturated(value, 0, UINT16_MAX);
    case CLF_I16: return (uint64_t)(int64_t)saturated(value, INT16_MIN, INT16_MAX);
    case CLF_I32: return (uint64_t)(int64_t)saturated(value, INT32_MIN, INT32_MAX);
    default:
        return value >= 0x1p63    ? (uint64_t)INT64_MAX
               : value <= -0x1p63 ? (uint64_t)INT64_MIN
                                  : (uint64_t)(int64_t)nearbyint(value);
    }
}

/* True if the rows of dst lie one behind the other, too short to be stored past the cache each by itself. */
static bool short_rows(int rank, const shift_axis *axes, size_t bytes) {
    int64_t dense = 1;
    for (int i = rank - 1; i >= 0; i--) {
        if (axes[i].dst_stride != dense)
            return false;
        dense *= axes[i].extent;
    }
    return axes[rank - 1].src_stride == 1 && axes[rank - 1].extent * (int64_t)bytes <= SHORT_BYTES;
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_shift_problem *problem = described;
    const clf_profile *profile = clf_context_profile(plan->context);
    size_t bytes = clf_dtype_bytes(problem->src.dtype), local = clf_work_group(plan->context, 0);
    shift_axis axes[CLF_MAX_RANK];
    int rank = find_axes(problem, axes);
    const shift_axis *inner = &axes[rank - 1];
    int64_t rows = clf_view_count(&problem->src) / inner->extent, columns = profile->wide_items ? inner->extent : 1;
    int64_t rows_each = profile->wide_items ? profile->item_elements / inner->extent + 1 : 1;
    bool past = clf_past_cache(profile, plan->cost.bytes / 2), brief = past && short_rows(rank, axes, bytes);
    cl_mem table;
    CLF_TRY(make_table(plan, problem, rank, axes, &table, error));
    char data[128];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_text_add(&options, "-DELEMENT=%s -DLANES=%d -DCONTIGUOUS=%d -DSHORT=%d -DLOCAL_X=%zu", clf_element_type(bytes),
                 clf_profile_lanes(profile, bytes == 8), inner->src_stride == 1 && inner->dst_stride == 1, brief,
                 local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "shift/shift", &options, "shift_whole", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_operand(launch, "y", 1);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "fill_bits", (cl_long)clf_shift_fill(problem->src.dtype, problem->cval));
    clf_launch_i64(launch, "columns", columns);
    clf_launch_i64(launch, "rows_each", rows_each);
    clf_launch_i32(launch, "past", past);
    clf_launch_range(
        launch,
        (size_t[]){(size_t)((inner->extent + columns - 1) / columns), (size_t)((rows + rows_each - 1) / rows_each), 1},
        (size_t[]){local, 1, 1});
    clf_text_add(&plan->description, " rows=%lld%s", (long long)rows_each, brief ? " staged" : "");
    return clf_launch_seal(launch, error);
}

const clf_solver clf_shift_whole = {"shift.whole", applies, estimate, prepare};
