/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box.sums: a pass an axis, each at the same cost whatever the window (cl/box/across.cl, cl/box/along.cl). The passes
 * before the last write dense scratch, its axes in the order that they have in src's memory.
 */
#include "base/alloc.h"
#include "ops/box/passes.h"
#include "ops/real.h"
#include "rt/profile.h"

#include "cl/box/geometry.h"

#include <math.h>

enum { VECTORS = 4, ROWS_OF_ITEM = 64, USUAL_COLUMNS = 1024, MOST_LANES = 8, NARROW_LANES = 4 };

/* What the kernels' sums are. */
typedef struct sum_type {
    const char *name; /* in OpenCL C */
    int64_t bytes;
    bool exact;
} sum_type;

static bool has_constant(const clf_window *window) {
    for (int i = 0; i < CLF_WINDOW_AXES; i++)
        if (window->border[i] == CLF_BORDER_CONSTANT)
            return true;
    return false;
}

/* Whole numbers that no sum, nor twice a remainder, exceeds are summed in 32 bits. */
static sum_type find_sum_type(const clf_box_problem *problem) {
    clf_dtype src = problem->window.src.dtype;
    if (!clf_dtype_integer(src))
        return src == CLF_F64 ? (sum_type){"double", 8, false} : (sum_type){"float", 4, false};
    double most = fmax(src == CLF_U8 ? 255 : 65535, has_constant(&problem->window) ? fabs(problem->cval) : 0);
    bool fits = most * (double)clf_window_count(&problem->window) < (1 << 30);
    return fits ? (sum_type){"int", 4, true} : (sum_type){"long", 8, true};
}

/* Lanes of a vector of sums. */
static int lanes_of(const clf_context *context, const sum_type *type) {
    const clf_profile *profile = clf_context_profile(context);
    int lanes = profile->wide_items ? clf_profile_lanes(profile, type->bytes == 8) : NARROW_LANES;
    return lanes < MOST_LANES ? lanes : MOST_LANES;
}

/* Columns of a segment of the last pass, as many as nearby memory and the caches hold; 0: none. */
static int64_t columns_of(const clf_context *context, const clf_box_pass *pass, int64_t vector_bytes) {
    int64_t room = (int64_t)context->info.local_bytes / vector_bytes / pass->inner - 2 * pass->size;
    int64_t wanted = USUAL_COLUMNS / pass->inner > 2 * pass->size ? USUAL_COLUMNS / pass->inner : 2 * pass->size;
    int64_t columns = room < wanted ? room : wanted;
    if (columns > pass->extent)
        columns = pass->extent;
    return 4 * columns < pass->size && columns < pass->extent ? 0 : columns;
}

/* Means of integers are divided with the digits that this leaves (cl/box/mean.h). */
static const double most_constant = 1 << 20;

/* Windows that nearby memory holds, and constants that sums hold exactly. */
static bool applies(const clf_context *context, const void *described) {
    const clf_box_problem *problem = described;
    const double most = INT32_MAX;
    sum_type type = find_sum_type(problem);
    clf_box_passes passes;
    if ((double)clf_window_count(&problem->window) > most)
        return false;
    if (type.exact && has_constant(&problem->window) &&
        (problem->cval != floor(problem->cval) || fabs(problem->cval) > most_constant))
        return false;
    clf_box_find_passes(problem, &passes);
    return columns_of(context, &passes.pass[passes.count - 1], lanes_of(context, &type) * type.bytes) > 0;
}

/* Bytes that a pass moves, and operations of a sum in all, as measured on a CPU. */
static const double share_of_bandwidth = 0.5, sum_flops = 60;

/* A work-item takes elements in order: far too many for one lane among many. */
static const double narrow_item_factor = 30;

static double estimate(const clf_context *context, const void *described) {
    const clf_box_problem *problem = described;
    double outputs = (double)clf_view_count(&problem->window.dst);
    sum_type type = find_sum_type(problem);
    clf_box_passes passes;
    clf_box_find_passes(problem, &passes);
    double between = 2 * (double)(passes.count - 1) * (double)type.bytes;
    double ends = (double)(clf_dtype_bytes(problem->window.src.dtype) + clf_dtype_bytes(problem->window.dst.dtype));
    const clf_profile *profile = clf_context_profile(context);
    double factor = profile->wide_items ? 1 : narrow_item_factor;
    return clf_seconds(profile, factor * outputs * (between + ends) / share_of_bandwidth,
                       factor * outputs * sum_flops * passes.count, passes.count);
}

/* What passes have in common. */
typedef struct sums {
    const clf_box_problem *problem;
    sum_type type;
    int lanes;
    cl_uint scratch[2];
} sums;

static clf_status make_table(clf_plan *plan, const clf_box_pass *pass, cl_mem *table, clf_error *error) {
    int64_t values[BOX_BATCH + CLF_BATCH_TABLE] = {0};
    values[BOX_EXTENT] = pass->extent;
    values[BOX_SIZE] = pass->size;
    values[BOX_START] = pass->start;
    values[BOX_BORDER] = pass->border;
    values[BOX_SRC_STRIDE] = pass->stride[0];
    values[BOX_DST_STRIDE] = pass->stride[1];
    values[BOX_SRC_OFFSET] = pass->offset[0];
    values[BOX_DST_OFFSET] = pass->offset[1];
    values[BOX_INNER] = pass->inner;
    clf_batch_write(&pass->batch, values + BOX_BATCH);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

/* What pass number i is built with. */
static void write_options(clf_text *options, const sums *s, const clf_box_passes *passes, int i) {
    const clf_window *window = &s->problem->window;
    bool first = i == 0, last = i == passes->count - 1;
    clf_text_add(options, "-DVECTOR=%d -DREAL=%s", s->lanes, s->type.name);
    if (window->src.dtype == CLF_F64)
        clf_text_add(options, " -DREAL_IS_DOUBLE");
    if (first)
        clf_real_side(options, "SRC", window->src.dtype);
    else
        clf_text_add(options, " -DSRC_T=%s", s->type.name);
    if (last)
        clf_real_side(options, "DST", window->dst.dtype);
    else
        clf_text_add(options, " -DDST_T=%s", s->type.name);
    clf_text_add(options, " -DWEIGHTED=%d", first && !s->type.exact);
    if (last)
        clf_text_add(options, " -DEXACT=%d -DPIXEL=%d", s->type.exact, (int)passes->pass[i].inner);
    else
        clf_text_add(options, " -DVECTORS=%d", VECTORS);
}

/* An argument of the sums' type. */
static void set_real(clf_launch *launch, const char *name, const sum_type *type, double value) {
    if (!type->exact)
        clf_launch_real(launch, name, value, type->bytes == 8);
    else if (type->bytes == 8)
        clf_launch_i64(launch, name, (cl_long)value);
    else
        clf_launch_i32(launch, name, (cl_int)value);
}

/* The operands, or the scratch between: passes write the one and the other in turn. */
static void set_memory(clf_launch *launch, const sums *s, const clf_box_passes *passes, int i) {
    if (i == 0)
        clf_launch_operand(launch, "x", 0);
    else
        clf_launch_scratch(launch, "x", s->scratch[(i - 1) % 2]);
    if (i == passes->count - 1)
        clf_launch_operand(launch, "y", 1);
    else
        clf_launch_scratch(launch, "y", s->scratch[i % 2]);
}

static clf_status add_across(clf_launch *launch, const sums *s, const clf_box_pass *pass, clf_error *error) {
    int64_t columns = (int64_t)s->lanes * VECTORS, blocks = (pass->extent + pass->size - 1) / pass->size;
    int64_t together = ROWS_OF_ITEM / pass->size > 0 ? ROWS_OF_ITEM / pass->size : 1;
    clf_launch_i64(launch, "blocks", together);
    clf_launch_range(launch,
                     (size_t[]){(size_t)((pass->inner + columns - 1) / columns),
                                (size_t)((blocks + together - 1) / together), (size_t)pass->batch.count},
                     (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status add_along(const clf_context *context, clf_launch *launch, const sums *s, const clf_box_pass *pass,
                            clf_error *error) {
    int64_t vector = s->lanes * s->type.bytes, columns = columns_of(context, pass, vector);
    if (columns == 0)
        return clf_fail(error, CLF_NO_SOLVER, "nearby memory holds no window of %lld elements", (long long)pass->size);
    int64_t lines = (pass->extent + columns - 1) / columns * pass->batch.count;
    clf_launch_i32(launch, "count", (cl_int)clf_window_count(&s->problem->window));
    clf_launch_i64(launch, "rows", pass->batch.count);
    clf_launch_i64(launch, "lines", lines);
    clf_launch_i32(launch, "columns", (cl_int)columns);
    clf_launch_local(launch, "room", (size_t)((columns + 2 * pass->size) * pass->inner * vector));
    clf_launch_range(launch, (size_t[]){(size_t)((lines + s->lanes - 1) / s->lanes), 1, 1}, (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

/* `outside`: what a sum of the passes before is where all it sees is the border's constant. */
static clf_status add_pass(clf_plan *plan, const sums *s, const clf_box_passes *passes, int i, double outside,
                           clf_error *error) {
    const clf_box_pass *pass = &passes->pass[i];
    bool last = i == passes->count - 1;
    cl_mem table;
    CLF_TRY(make_table(plan, pass, &table, error));
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    write_options(&options, s, passes, i);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, last ? "box/along" : "box/across", &options, last ? "box_along" : "box_across", &launch,
                          error));
    set_memory(launch, s, passes, i);
    clf_launch_buffer(launch, "g", table);
    set_real(launch, "weight", &s->type, s->type.exact ? 1 : 0.5 / (double)clf_window_count(&s->problem->window));
    set_real(launch, "outside", &s->type, outside);
    return last ? add_along(plan->context, launch, s, pass, error) : add_across(launch, s, pass, error);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_box_problem *problem = described;
    sums s = {.problem = problem, .type = find_sum_type(problem)};
    clf_box_passes passes;
    clf_box_find_passes(problem, &passes);
    s.lanes = lanes_of(plan->context, &s.type);
    for (int i = 0; i < passes.count - 1 && i < 2; i++)
        CLF_TRY(clf_plan_scratch(plan, clf_bytes(clf_view_count(&problem->window.dst), (size_t)s.type.bytes),
                                 &s.scratch[i], error));
    double cval = has_constant(&problem->window) ? problem->cval : 0;
    double outside = s.type.exact ? cval : 0.5 * cval / (double)clf_window_count(&problem->window);
    for (int i = 0; i < passes.count; i++) {
        CLF_TRY(add_pass(plan, &s, &passes, i, outside, error));
        outside *= (double)passes.pass[i].size;
    }
    clf_text_add(&plan->description, " passes=%d vector=%d sums=%s", passes.count, s.lanes, s.type.name);
    return CLF_OK;
}

const clf_solver clf_box_sums = {
    "box.sums",
    applies,
    estimate,
    prepare,
    1,
    "windows that the device's nearby memory holds along the last axis, and of integers a whole "
    "number of at most 2^20 as cval"};
