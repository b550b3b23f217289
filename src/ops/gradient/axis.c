/* SPDX-License-Identifier: Apache-2.0 */
/* Filters along one axis after the other, over dense fields in scratch (cl/gradient/axis.cl). */
#include "base/alloc.h"
#include "ops/gradient/gradient.h"
#include "ops/real.h"

#include "cl/gradient/pass.h"

enum { ROOM = 16 }; /* elements behind the fields, for the lanes of a last vector */

int64_t clf_gradient_fields_bytes(const clf_view *shape, int fields) {
    size_t element = shape->dtype == CLF_F64 ? sizeof(double) : sizeof(float);
    return clf_bytes(fields * clf_view_count(shape) + ROOM, element);
}

clf_gradient_place clf_gradient_field(const clf_view *shape, int what, int field, cl_uint scratch) {
    clf_gradient_place place = {.what = what, .view = *shape, .scratch = true, .index = scratch};
    int64_t step = 1;
    for (int axis = shape->rank - 1; axis >= 0; axis--) {
        place.view.strides[axis] = step;
        step *= shape->shape[axis];
    }
    place.view.offset = field * step;
    place.view.buffer = NULL;
    place.view.dtype = clf_dtype_wide(shape->dtype) ? CLF_F64 : CLF_F32;
    return place;
}

static void write_options(const clf_plan *plan, const clf_gradient_filter *filter, clf_dtype result, bool wide,
                          clf_text *options) {
    clf_real_options(options, wide ? CLF_F64 : CLF_F32, result,
                     clf_profile_lanes(clf_context_profile(plan->context), wide));
    clf_text_add(options, " -DFIELDS=%d -DADJOINT=%d -DFINISH=%d -DLOCAL_X=%zu", filter->fields, filter->adjoint,
                 filter->finish, clf_work_group(plan->context, 0));
}

/* The pass along axis `axis` (0: z, 1: y of the three last), from one piece of scratch to the other. */
static clf_status add_across(clf_plan *plan, const clf_gradient_filter *filter, int axis, cl_uint from, cl_uint to,
                             cl_mem taps, int radius, bool wide, clf_error *error) {
    int64_t values[PASS_BATCH + CLF_BATCH_TABLE] = {0};
    int rank = filter->shape->rank, place = rank - 3 + axis;
    int64_t inner = 1, count = clf_view_count(filter->shape);
    for (int i = place + 1; i < rank; i++)
        inner *= filter->shape->shape[i];
    values[PASS_EXTENT] = filter->shape->shape[place];
    values[PASS_INNER] = inner;
    values[PASS_ROWS] = count / inner;
    values[PASS_COUNT] = count;
    values[PASS_BORDER] = filter->border[axis];
    cl_mem table;
    CLF_TRY(clf_plan_own(plan, sizeof values, values, &table, error));
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    write_options(plan, filter, wide ? CLF_F64 : CLF_F32, wide, &options);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "gradient/axis", &options, "gradient_across", &launch, error));
    clf_launch_scratch(launch, "x", from);
    clf_launch_scratch(launch, "y", to);
    clf_launch_buffer(launch, "g", table);
    clf_launch_buffer(launch, "taps", taps);
    clf_launch_real(launch, "cval", filter->cval, wide);
    clf_launch_i32(launch, "radius", radius);
    clf_launch_i32(launch, "derived", filter->smooth_only ? -1 : 2 - axis);
    clf_launch_i64(launch, "columns", clf_row_share(plan->context, inner));
    clf_launch_rows(launch, inner, count / inner, 1);
    return clf_launch_seal(launch, error);
}

/* The outputs' table: rows are all axes but the last. */
static clf_status make_rows(clf_plan *plan, const clf_gradient_filter *filter, cl_mem *table, clf_error *error) {
    int64_t values[PASS_BATCH + CLF_BATCH_TABLE] = {0};
    int last = filter->shape->rank - 1;
    clf_batch batch = {.rank = 0};
    for (int axis = 0; axis < last; axis++) {
        int64_t strides[3] = {0};
        for (int i = 0; i < filter->outputs; i++)
            strides[i] = filter->output[i].view.strides[axis];
        clf_batch_add(&batch, filter->shape->shape[axis], filter->outputs, strides);
    }
    clf_batch_collapse(&batch);
    values[PASS_EXTENT] = filter->shape->shape[last];
    values[PASS_INNER] = 1;
    values[PASS_ROWS] = batch.count;
    values[PASS_COUNT] = clf_view_count(filter->shape);
    values[PASS_BORDER] = filter->border[2];
    for (int i = 0; i < filter->outputs; i++) {
        values[PASS_DST_OFFSET + i] = filter->output[i].view.offset;
        values[PASS_DST_STRIDE + i] = filter->output[i].view.strides[last];
    }
    clf_batch_write(&batch, values + PASS_BATCH);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

static clf_status add_along(clf_plan *plan, const clf_gradient_filter *filter, cl_uint from, cl_mem taps, int radius,
                            bool wide, clf_error *error) {
    int rank = filter->shape->rank;
    int64_t width = filter->shape->shape[rank - 1], height = filter->shape->shape[rank - 2];
    cl_mem table;
    CLF_TRY(make_rows(plan, filter, &table, error));
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    write_options(plan, filter, filter->output[0].view.dtype, wide, &options);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "gradient/axis", &options, "gradient_along", &launch, error));
    clf_launch_scratch(launch, "x", from);
    static const char *const outputs[] = {"y0", "y1", "y2"};
    for (int i = 0; i < 3; i++)
        clf_gradient_set_place(launch, outputs[i], &filter->output[i < filter->outputs ? i : 0]);
    clf_launch_buffer(launch, "g", table);
    clf_launch_buffer(launch, "taps", taps);
    clf_launch_real(launch, "cval", filter->cval, wide);
    clf_launch_real(launch, "k", filter->parameter, wide);
    clf_launch_i32(launch, "radius", radius);
    clf_launch_i32(launch, "derived", filter->smooth_only ? -1 : 0);
    clf_launch_i64(launch, "columns", clf_row_share(plan->context, width));
    clf_launch_i64(launch, "height", height);
    clf_launch_i32(launch, "border_y", (cl_int)filter->border[1]);
    clf_launch_rows(launch, width, clf_view_count(filter->shape) / width, 1);
    return clf_launch_seal(launch, error);
}

clf_status clf_gradient_add_filter(clf_plan *plan, const clf_gradient_filter *filter, const clf_gradient_taps *taps,
                                   bool wide, clf_error *error) {
    cl_mem table;
    CLF_TRY(clf_gradient_own_taps(plan, taps, wide, &table, error));
    cl_uint from = filter->scratch[0], to = filter->scratch[1];
    for (int axis = 3 - filter->axes; axis < 2; axis++) {
        CLF_TRY(add_across(plan, filter, axis, from, to, table, taps->radius, wide, error));
        cl_uint swap = from;
        from = to;
        to = swap;
    }
    return add_along(plan, filter, from, table, taps->radius, wide, error);
}
