/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the solvers of gradients share: the table of strides, the kernel's constants and first arguments, and the ranges
 * of those that make rows.
 */
#include "ops/gradient/gradient.h"
#include "ops/real.h"

#include <math.h>

/* The last three strides or extents; what is before the axes derived belongs to the batch. */
static void write_axes(const clf_gradient_problem *problem, const int64_t *from, int64_t unused, int64_t *to) {
    int rank = problem->src.view.rank;
    to[0] = problem->stencil.axes == 3 ? from[rank - 3] : unused;
    to[1] = from[rank - 2];
    to[2] = from[rank - 1];
}

clf_status clf_gradient_own_table(clf_plan *plan, const clf_gradient_problem *problem, cl_mem *table,
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
    values[GRADIENT_ROWS] = batch.count * values[GRADIENT_EXTENT] * values[GRADIENT_EXTENT + 1];
    clf_batch_write(&batch, values + GRADIENT_BATCH);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

bool clf_gradient_past_cache(const clf_context *context, const clf_gradient_problem *problem) {
    double bytes = 0;
    bool wide = clf_dtype_wide(problem->src.view.dtype);
    for (int i = 0; i < problem->outputs; i++) {
        const clf_view *view = &problem->output[i].view;
        if (!clf_view_is_dense(view) || view->dtype != (wide ? CLF_F64 : CLF_F32))
            return false;
        bytes += (double)clf_view_count(view) * (double)clf_dtype_bytes(view->dtype);
    }
    return clf_past_cache(clf_context_profile(context), bytes);
}

bool clf_gradient_is_flat(const clf_gradient_problem *problem) {
    int last = problem->src.view.rank - 1;
    int64_t width = problem->src.view.shape[last];
    if (width > CLF_GRADIENT_FLAT_WIDTH)
        return false;
    for (int i = -1; i < problem->outputs; i++) {
        const clf_view *view = i < 0 ? &problem->src.view : &problem->output[i].view;
        if (view->strides[last] != 1 || view->strides[last - 1] != width)
            return false;
    }
    return true;
}

bool clf_gradient_smooths(const clf_gradient_stencil *stencil) {
    return stencil->op == CLF_GRADIENT_SOBEL || stencil->op == CLF_GRADIENT_SCHARR ||
           stencil->op == CLF_GRADIENT_PREWITT;
}

/* Bound by memory. */
double clf_gradient_seconds(const clf_context *context, const clf_gradient_problem *problem, double slowdown) {
    clf_plan_cost cost;
    clf_gradient_cost(problem, &cost);
    return clf_seconds(clf_context_profile(context), slowdown * cost.bytes, 0, 1);
}

double clf_gradient_seconds_in_order(const clf_context *context, const clf_gradient_problem *problem, double slowdown) {
    bool wide_items = clf_context_profile(context)->wide_items;
    return wide_items ? clf_gradient_seconds(context, problem, slowdown) : (double)INFINITY;
}

static bool is_usual(double number) {
    return number == 0 || (fabs(number) >= 0x1p-20 && fabs(number) <= 0x1p20);
}

bool clf_gradient_usual(clf_dtype dtype, double cval) {
    return dtype != CLF_F32 && dtype != CLF_F64 && is_usual(cval);
}

/* True where squares of derivatives may vanish or overflow. */
static bool has_extremes(const clf_gradient_problem *problem) {
    const clf_gradient_stencil *stencil = &problem->stencil;
    bool usual = problem->usual || clf_gradient_usual(problem->src.view.dtype, stencil->cval);
    return !usual || !is_usual(stencil->scale) ||
           (problem->eps != 0 && (problem->eps < 0x1p-100 || problem->eps > 0x1p100));
}

/* True where sums on the way to a derivative of three taps may overflow though it does not. */
static bool has_sums(const clf_gradient_stencil *stencil) {
    return stencil->op != CLF_GRADIENT_GAUSSIAN &&
           (clf_gradient_smooths(stencil) || stencil->order == 2 || fabs(stencil->scale) < 1);
}

bool clf_gradient_overflows(const clf_gradient_problem *problem) {
    return problem->stencil.op != CLF_GRADIENT_GAUSSIAN && has_extremes(problem);
}

void clf_gradient_three_taps(const clf_gradient_stencil *stencil, clf_text *options) {
    static const int derivative[] = {0, 0, 1, 2, 0, 0, 0};
    static const int taps[][2] = {{0, 1}, {1, 2}, {0, 1}, {0, 1}, {3, 10}, {1, 1}, {0, 1}};
    clf_text_add(options, " -DDERIVATIVE=%d -DSIDE=%d -DMIDDLE=%d", stencil->order == 2 ? 3 : derivative[stencil->op],
                 taps[stencil->op][0], taps[stencil->op][1]);
}

static void write_options(const clf_gradient_problem *problem, const clf_gradient_kernel *kernel, clf_text *options) {
    const clf_gradient_stencil *stencil = &problem->stencil;
    clf_real_options(options, problem->src.view.dtype, problem->output[0].view.dtype, kernel->vector);
    clf_gradient_three_taps(stencil, options);
    clf_text_add(options, " -DGAUSSIAN=%d", stencil->op == CLF_GRADIENT_GAUSSIAN);
    clf_text_add(options, " -DAXES=%d -DCONTIGUOUS=%d -DPAST=%d -DLOCAL_X=%zu -DOUTPUTS=%d", stencil->axes,
                 kernel->contiguous, kernel->past, kernel->local, problem->outputs);
    bool extremes = has_extremes(problem), magnitude = false;
    for (int i = 0; i < problem->outputs; i++)
        magnitude = magnitude || problem->output[i].what == GRADIENT_MAGNITUDE;
    clf_text_add(options, " -DEXTREMES=%d -DMENDS=%d", extremes && magnitude, extremes && has_sums(stencil));
    if (kernel->planes > 0)
        clf_text_add(options, " -DPLANES=%d", kernel->planes);
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

clf_status clf_gradient_begin(clf_plan *plan, const clf_gradient_problem *problem, const clf_gradient_kernel *kernel,
                              clf_launch **launch, clf_error *error) {
    static const char *const outputs[CLF_GRADIENT_OUTPUTS] = {"y0", "y1", "y2", "y3", "y4", "y5", "y6"};
    bool wide = clf_dtype_wide(problem->src.view.dtype);
    cl_mem table;
    CLF_TRY(clf_gradient_own_table(plan, problem, &table, error));
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    write_options(problem, kernel, &options);
    CLF_TRY(clf_plan_step(plan, kernel->source, &options, kernel->name, launch, error));
    clf_gradient_set_place(*launch, "x", &problem->src);
    for (int i = 0; i < problem->outputs; i++)
        clf_gradient_set_place(*launch, outputs[i], &problem->output[i]);
    clf_launch_buffer(*launch, "g", table);
    clf_launch_real(*launch, "cval", problem->stencil.cval, wide);
    clf_gradient_taps taps;
    clf_gradient_make_taps(&problem->stencil, &taps);
    clf_launch_real(*launch, "scale", problem->stencil.scale / taps.first, wide);
    clf_launch_real(*launch, "eps", problem->eps, wide);
    clf_launch_real(*launch, "root_eps", sqrt(problem->eps), wide);
    return CLF_OK;
}

clf_status clf_gradient_set_taps(clf_plan *plan, const clf_gradient_problem *problem, clf_launch *launch,
                                 clf_error *error) {
    cl_mem table;
    clf_gradient_taps taps;
    clf_gradient_make_taps(&problem->stencil, &taps);
    CLF_TRY(clf_gradient_own_taps(plan, &taps, clf_dtype_wide(problem->src.view.dtype), &table, error));
    clf_launch_buffer(launch, "taps", table);
    clf_launch_i32(launch, "radius", taps.radius);
    return CLF_OK;
}

/*
 * A work-item takes some 8,192 outputs in whole rows, sixteen rows at least so that each begins on a cache line, unless
 * that leaves cores without work.
 */
int64_t clf_gradient_choose_rows(const clf_context *context, const clf_gradient_problem *problem) {
    int64_t width = problem->src.view.shape[problem->src.view.rank - 1];
    int64_t rows = clf_view_count(&problem->src.view) / width;
    int64_t wanted = (8192 / width + 15) / 16 * 16, share = rows / (4 * (int64_t)clf_context_profile(context)->units);
    wanted = wanted < 16 ? 16 : wanted;
    return wanted <= share ? wanted : share < 1 ? 1 : share;
}

clf_status clf_gradient_end_rows(clf_plan *plan, const clf_gradient_problem *problem, const clf_gradient_kernel *kernel,
                                 int64_t rows, clf_launch *launch, clf_error *error) {
    const clf_view *src = &problem->src.view;
    int64_t total = clf_view_count(src) / src->shape[src->rank - 1];
    clf_launch_i64(launch, "rows", rows);
    clf_launch_range(launch, (size_t[]){(size_t)((total + rows - 1) / rows), 1, 1}, (size_t[]){kernel->local, 1, 1});
    clf_text_add(&plan->description, " vector=%d rows=%lld%s", kernel->vector, (long long)rows,
                 kernel->past ? " past-cache" : "");
    return clf_launch_seal(launch, error);
}
