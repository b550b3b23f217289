/* SPDX-License-Identifier: Apache-2.0 */
/* gradient.fused: every gradient, in one pass over the input (cl/gradient/gradient.cl). */
#include "ops/border.h"
#include "ops/gradient/gradient.h"

/* Bound by memory. */
static double estimate(const clf_context *context, const void *described) {
    clf_plan_cost cost;
    clf_gradient_cost(described, &cost);
    return cost.bytes / (clf_context_is_cpu(context) ? 1e10 : 2e10) / context->info.compute_units + 2e-5;
}

/* The last three strides or extents; what is before the axes derived belongs to the batch. */
static void write_axes(const clf_gradient_problem *problem, const int64_t *from, int64_t unused, int64_t *to) {
    int rank = problem->src.view.rank;
    to[0] = problem->stencil.axes == 3 ? from[rank - 3] : unused;
    to[1] = from[rank - 2];
    to[2] = from[rank - 1];
}

static clf_status make_table(clf_plan *plan, const clf_gradient_problem *problem, int64_t *rows, cl_mem *table,
                             clf_error *error) {
    int64_t values[GRADIENT_BATCH + CLF_BATCH_TABLE] = {0};
    const clf_view *src = &problem->src.view;
    clf_batch batch = {.rank = 0};
    for (int axis = 0; axis < src->rank - problem->stencil.axes; axis++) {
        int64_t strides[1 + CLF_GRADIENT_OUTPUTS] = {src->strides[axis]};
        for (int i = 0; i < problem->outputs; i++)
            strides[1 + i] = problem->output[i].view.strides[axis];
        clf_batch_add(&batch, src->shape[axis], 1 + problem->outputs, strides);
    }
    clf_batch_collapse(&batch);
    write_axes(problem, src->shape, 1, values + GRADIENT_EXTENT);
    write_axes(problem, src->strides, 0, values + GRADIENT_SRC_STRIDE);
    values[GRADIENT_SRC_OFFSET] = src->offset;
    for (int i = 0; i < 3; i++)
        values[GRADIENT_BORDER + i] = problem->stencil.border[i];
    for (int i = 0; i < problem->outputs; i++) {
        const clf_view *view = &problem->output[i].view;
        values[GRADIENT_DST_OFFSET + i] = view->offset;
        write_axes(problem, view->strides, 0, values + GRADIENT_DST_STRIDE + 3 * i);
    }
    *rows = values[GRADIENT_ROWS] = batch.count * values[GRADIENT_EXTENT] * values[GRADIENT_EXTENT + 1];
    clf_batch_write(&batch, values + GRADIENT_BATCH);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

/* Elements of the planes that a work-item makes, where it makes whole ones. */
enum { PLANES_ELEMENTS = 36864 };

/* Bytes beyond which outputs are stored past the cache: more than the caches near the cores hold. */
static const double stream_bytes = 33554432;

/* True where the outputs are dense, of the arithmetic's type, and too much for the cache. */
static bool streams(const clf_context *context, const clf_gradient_problem *problem) {
    double bytes = 0;
    bool wide = clf_dtype_wide(problem->src.view.dtype);
    for (int i = 0; i < problem->outputs; i++) {
        const clf_view *view = &problem->output[i].view;
        if (!clf_view_is_dense(view) || view->dtype != (wide ? CLF_F64 : CLF_F32))
            return false;
        bytes += (double)clf_view_count(view) * (double)clf_dtype_bytes(view->dtype);
    }
    return clf_context_is_cpu(context) && bytes >= stream_bytes;
}

/* True where the rows of every plane lie one behind the other in every operand, short enough for several at once. */
static bool flat(const clf_gradient_problem *problem) {
    int last = problem->src.view.rank - 1;
    int64_t width = problem->src.view.shape[last];
    if (problem->stencil.op == CLF_GRADIENT_GAUSSIAN || width > 512)
        return false;
    for (int i = -1; i < problem->outputs; i++) {
        const clf_view *view = i < 0 ? &problem->src.view : &problem->output[i].view;
        if (view->strides[last] != 1 || view->strides[last - 1] != width)
            return false;
    }
    return true;
}

/* How work-items make whole planes: `together` at a time, `each` in all; 0 where they make rows instead. */
typedef struct plane_split {
    int together;
    int64_t each;
} plane_split;

/* There must be enough planes, and in a vector one end of a row at most. Many streams of stores hinder each other. */
static plane_split split_planes(const clf_context *context, const clf_gradient_problem *problem) {
    const clf_view *src = &problem->src.view;
    int64_t height = src->shape[src->rank - 2], width = src->shape[src->rank - 1], elements = height * width;
    int64_t vector = clf_real_vector(context, clf_dtype_wide(src->dtype)), planes = clf_view_count(src) / elements;
    int64_t share = planes / (8 * (int64_t)context->info.compute_units), wanted = PLANES_ELEMENTS / elements + 1;
    bool smooths = problem->stencil.op == CLF_GRADIENT_SOBEL || problem->stencil.op == CLF_GRADIENT_SCHARR ||
                   problem->stencil.op == CLF_GRADIENT_PREWITT;
    bool fits = clf_context_is_cpu(context) && flat(problem) && problem->stencil.axes == 2 && !smooths &&
                width >= vector && height >= 3 && share >= 1 && (elements % vector == 0 || !streams(context, problem));
    if (!fits)
        return (plane_split){0, 0};
    plane_split split = {.together = problem->outputs == 1 ? 4 : problem->outputs == 2 ? 2 : 1};
    split.each = (wanted < share ? wanted : share) / split.together * split.together;
    if (split.each == 0)
        split = (plane_split){1, 1};
    return split;
}

/*
 * On a CPU a work-item takes some 8,192 outputs in whole rows, sixteen rows at least so that each begins on a cache
 * line, unless that leaves cores without work; elsewhere one output.
 */
static int64_t choose_rows(const clf_context *context, int64_t rows, int64_t width) {
    if (!clf_context_is_cpu(context))
        return 1;
    int64_t wanted = (8192 / width + 15) / 16 * 16, share = rows / (4 * (int64_t)context->info.compute_units);
    wanted = wanted < 16 ? 16 : wanted;
    return wanted <= share ? wanted : share < 1 ? 1 : share;
}

static void write_options(const clf_context *context, const clf_gradient_problem *problem, size_t local,
                          clf_text *options) {
    static const int derivative[] = {0, 0, 1, 2, 0, 0, 0}; /* cl/gradient/derivative.h */
    static const int taps[][2] = {{0, 1}, {1, 2}, {0, 1}, {0, 1}, {3, 10}, {1, 1}, {0, 1}};
    const clf_gradient_stencil *stencil = &problem->stencil;
    const clf_view *src = &problem->src.view;
    bool cpu = clf_context_is_cpu(context), contiguous = src->strides[src->rank - 1] == 1;
    for (int i = 0; i < problem->outputs; i++)
        contiguous = contiguous && problem->output[i].view.strides[src->rank - 1] == 1;
    clf_real_options(options, src->dtype, problem->output[0].view.dtype,
                     clf_real_vector(context, clf_dtype_wide(src->dtype)));
    clf_text_add(options, " -DDERIVATIVE=%d -DSIDE=%d -DMIDDLE=%d -DGAUSSIAN=%d",
                 stencil->order == 2 ? 3 : derivative[stencil->op], taps[stencil->op][0], taps[stencil->op][1],
                 stencil->op == CLF_GRADIENT_GAUSSIAN);
    clf_text_add(options,
                 " -DAXES=%d -DCONTIGUOUS=%d -DLINES=%d -DSTREAM=%d -DFLAT=%d -DPLANES=%d -DLOCAL_X=%zu -DOUTPUTS=%d",
                 stencil->axes, contiguous, cpu, streams(context, problem), flat(problem),
                 split_planes(context, problem).together, local, problem->outputs);
    for (int i = 0; i < problem->outputs; i++) {
        clf_text_add(options, " -DOUT%d=%d", i, problem->output[i].what);
        if (problem->output[i].what == GRADIENT_ORIENTATION)
            clf_text_add(options, " -DORIENTATION");
    }
}

void clf_gradient_set_place(clf_launch *launch, const char *name, const clf_gradient_place *place) {
    if (place->scratch)
        clf_launch_scratch(launch, name, place->index);
    else
        clf_launch_operand(launch, name, place->index);
}

clf_status clf_gradient_add(clf_plan *plan, const clf_gradient_problem *problem, clf_error *error) {
    const clf_view *src = &problem->src.view;
    bool wide = clf_dtype_wide(src->dtype), cpu = clf_context_is_cpu(plan->context);
    int64_t width = src->shape[src->rank - 1], total, rows;
    size_t local = clf_work_group(plan->context, 0);
    cl_mem table, taps_table;
    CLF_TRY(make_table(plan, problem, &total, &table, error));
    clf_gradient_taps taps;
    clf_gradient_make_taps(&problem->stencil, &taps);
    CLF_TRY(clf_gradient_own_taps(plan, &taps, wide, &taps_table, error));
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    write_options(plan->context, problem, local, &options);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "gradient/gradient", &options, "gradient", &launch, error));
    static const char *const outputs[CLF_GRADIENT_OUTPUTS] = {"y0", "y1", "y2", "y3", "y4", "y5", "y6"};
    clf_gradient_set_place(launch, "x", &problem->src);
    for (int i = 0; i < problem->outputs; i++)
        clf_gradient_set_place(launch, outputs[i], &problem->output[i]);
    clf_launch_buffer(launch, "g", table);
    clf_launch_buffer(launch, "taps", taps_table);
    clf_launch_real(launch, "cval", problem->stencil.cval, wide);
    clf_launch_real(launch, "scale", problem->stencil.scale, wide);
    clf_launch_real(launch, "eps", problem->eps, wide);
    clf_launch_i32(launch, "radius", taps.radius);
    plane_split planes = split_planes(plan->context, problem);
    rows = choose_rows(plan->context, total, width);
    if (planes.together > 0)
        rows = planes.each * src->shape[src->rank - 2];
    clf_launch_i64(launch, "rows", rows);
    size_t items = (size_t)((total + rows - 1) / rows);
    clf_launch_range(launch, (size_t[]){cpu ? items : (size_t)width, cpu ? 1 : items, 1}, (size_t[]){local, 1, 1});
    clf_text_add(&plan->description, " vector=%d rows=%lld%s%s", clf_real_vector(plan->context, wide), (long long)rows,
                 streams(plan->context, problem) ? " stream" : "",
                 planes.together ? " planes"
                 : flat(problem) ? " flat"
                                 : "");
    return clf_launch_seal(launch, error);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    return clf_gradient_add(plan, described, error);
}

const clf_solver clf_gradient_fused = {"gradient.fused", NULL, estimate, prepare};
