/* SPDX-License-Identifier: Apache-2.0 */
/* Canny's edges: smoothing, derivatives, thinning, hysteresis by connected components (cl/gradient/canny.cl). */
#include "base/number.h"
#include "ops/border.h"
#include "ops/gradient/gradient.h"
#include "ops/gradient/words.h"
#include "ops/real.h"
#include "plan/view.h"

#include "cl/gradient/pass.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct canny_problem {
    clf_view src, dst;
    double sigma, low, high, cval;
    clf_border border[3];
    bool wide;
} canny_problem;

static void print(const void *described, clf_text *text) {
    const canny_problem *problem = described;
    clf_gradient_words words = {
        .sigma = problem->sigma, .low = problem->low, .high = problem->high, .cval = problem->cval};
    clf_words_set_shape(&words, &problem->src);
    words.line.axes = 2;
    memcpy(words.border, problem->border + 1, 2 * sizeof *words.border);
    clf_words_set_strides(&words, 0, &problem->src);
    clf_words_set_strides(&words, 1, &problem->dst);
    clf_words_print(&clf_canny_line, &words, text);
}

static void cost(const void *described, clf_plan_cost *cost) {
    const canny_problem *problem = described;
    double count = (double)clf_view_count(&problem->src);
    cost->bytes = count * (double)(clf_dtype_bytes(problem->src.dtype) + 1);
    cost->flops = count * (60 + 4 * (2 * clf_gradient_radius(problem->sigma) + 1));
}

static double estimate(const clf_context *context, const void *described) {
    clf_plan_cost needed;
    cost(described, &needed);
    return clf_seconds(clf_context_profile(context), 10 * needed.bytes, 0, 5);
}

/* Scratch: the image as it is and smoothed; dx, dy and the magnitude; parents and marks. */
typedef struct canny_scratch {
    cl_uint fields[2], parent, strong;
} canny_scratch;

/* One of the kernels of cl/gradient/canny.cl; its own arguments are set by the caller, then `columns`. */
static clf_status begin_step(clf_plan *plan, const canny_problem *problem, clf_dtype src, const char *kernel,
                             clf_launch **launch, clf_error *error) {
    char data[256];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_dtype real = problem->wide ? CLF_F64 : CLF_F32;
    clf_real_options(&options, src, real, 1);
    clf_text_add(&options, " -DLOCAL_X=%zu", clf_work_group(plan->context, 0));
    return clf_plan_step(plan, "gradient/canny", &options, kernel, launch, error);
}

static clf_status end_step(const clf_plan *plan, const canny_problem *problem, clf_launch *launch, clf_error *error) {
    int64_t width = problem->src.shape[problem->src.rank - 1], rows = clf_view_count(&problem->src) / width;
    clf_launch_i64(launch, "columns", clf_row_share(plan->context, width));
    clf_launch_rows(launch, width, rows, 1);
    return clf_launch_seal(launch, error);
}

/* The table of a view's rows: its offset, its stride along the last axis, the batch table of the other axes. */
static clf_status make_rows(clf_plan *plan, const clf_view *view, cl_mem *table, clf_error *error) {
    int last = view->rank - 1;
    int64_t values[2 + CLF_BATCH_TABLE] = {view->offset, view->strides[last]};
    clf_batch batch = {.rank = 0};
    for (int axis = 0; axis < last; axis++)
        clf_batch_add(&batch, view->shape[axis], 1, &view->strides[axis]);
    clf_batch_collapse(&batch);
    clf_batch_write(&batch, values + 2);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

static clf_status add_copy(clf_plan *plan, const canny_problem *problem, const canny_scratch *scratch,
                           clf_error *error) {
    cl_mem table;
    CLF_TRY(make_rows(plan, &problem->src, &table, error));
    clf_launch *launch;
    CLF_TRY(begin_step(plan, problem, problem->src.dtype, "canny_take", &launch, error));
    clf_launch_operand(launch, "src", 0);
    clf_launch_scratch(launch, "field", scratch->fields[0]);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "width", problem->src.shape[problem->src.rank - 1]);
    return end_step(plan, problem, launch, error);
}

/* Smoothed: across from the first piece into the second, along and back into the first. */
static clf_status add_smoothing(clf_plan *plan, const canny_problem *problem, const canny_scratch *scratch,
                                clf_error *error) {
    clf_view shape = problem->src;
    shape.dtype = problem->wide ? CLF_F64 : CLF_F32;
    clf_gradient_filter filter = {.shape = &shape,
                                  .axes = 2,
                                  .fields = 1,
                                  .smooth_only = true,
                                  .cval = problem->cval / CANNY_LESS,
                                  .finish = CLF_FINISH_INSIDE,
                                  .parameter = DBL_EPSILON,
                                  .scratch = {scratch->fields[0], scratch->fields[1]},
                                  .outputs = 1};
    memcpy(filter.border, problem->border, sizeof filter.border);
    filter.output[0] = clf_gradient_field(&problem->src, 0, 0, scratch->fields[0]);
    clf_gradient_taps taps;
    memset(&taps, 0, sizeof taps);
    clf_gradient_gaussian(problem->sigma, &taps);
    return clf_gradient_add_filter(plan, &filter, &taps, problem->wide, error);
}

static clf_status add_derivatives(clf_plan *plan, const canny_problem *problem, const canny_scratch *scratch,
                                  clf_error *error) {
    static const int wanted[] = {GRADIENT_DX, GRADIENT_DY, GRADIENT_MAGNITUDE};
    clf_gradient_problem sobel = {.outputs = 3, .usual = clf_gradient_usual(problem->src.dtype, problem->cval)};
    sobel.stencil = (clf_gradient_stencil){.op = CLF_GRADIENT_SOBEL, .order = 1, .axes = 2, .scale = 1};
    sobel.stencil.border[0] = CLF_BORDER_REPLICATE;
    sobel.stencil.border[1] = sobel.stencil.border[2] = CLF_BORDER_SYMMETRIC;
    sobel.src = clf_gradient_field(&problem->src, 0, 0, scratch->fields[0]);
    for (int i = 0; i < 3; i++)
        sobel.output[i] = clf_gradient_field(&problem->src, wanted[i], i, scratch->fields[1]);
    return clf_gradient_add(plan, &sobel, error);
}

static clf_status add_hysteresis(clf_plan *plan, const canny_problem *problem, const canny_scratch *scratch,
                                 clf_error *error) {
    int rank = problem->src.rank;
    int64_t width = problem->src.shape[rank - 1], height = problem->src.shape[rank - 2];
    int64_t count = clf_view_count(&problem->src);
    clf_dtype real = problem->wide ? CLF_F64 : CLF_F32;
    clf_launch *launch;
    CLF_TRY(begin_step(plan, problem, real, "canny_thin", &launch, error));
    clf_launch_scratch(launch, "derivatives", scratch->fields[1]);
    clf_launch_scratch(launch, "parent", scratch->parent);
    clf_launch_scratch(launch, "strong", scratch->strong);
    clf_launch_i64(launch, "width", width);
    clf_launch_i64(launch, "height", height);
    clf_launch_i64(launch, "count", count);
    clf_launch_real(launch, "low", problem->low / CANNY_LESS, problem->wide);
    CLF_TRY(end_step(plan, problem, launch, error));
    CLF_TRY(begin_step(plan, problem, real, "canny_join", &launch, error));
    clf_launch_scratch(launch, "parent", scratch->parent);
    clf_launch_i64(launch, "width", width);
    clf_launch_i64(launch, "height", height);
    CLF_TRY(end_step(plan, problem, launch, error));
    CLF_TRY(begin_step(plan, problem, real, "canny_mark", &launch, error));
    clf_launch_scratch(launch, "magnitude", scratch->fields[1]);
    clf_launch_scratch(launch, "parent", scratch->parent);
    clf_launch_scratch(launch, "strong", scratch->strong);
    clf_launch_i64(launch, "width", width);
    clf_launch_i64(launch, "count", count);
    clf_launch_real(launch, "high", problem->high / CANNY_LESS, problem->wide);
    return end_step(plan, problem, launch, error);
}

static clf_status add_output(clf_plan *plan, const canny_problem *problem, const canny_scratch *scratch,
                             clf_error *error) {
    cl_mem table;
    CLF_TRY(make_rows(plan, &problem->dst, &table, error));
    clf_dtype real = problem->wide ? CLF_F64 : CLF_F32;
    clf_launch *launch;
    CLF_TRY(begin_step(plan, problem, real, "canny_keep", &launch, error));
    clf_launch_scratch(launch, "parent", scratch->parent);
    clf_launch_scratch(launch, "strong", scratch->strong);
    clf_launch_operand(launch, "dst", 1);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "width", problem->src.shape[problem->src.rank - 1]);
    return end_step(plan, problem, launch, error);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const canny_problem *problem = described;
    clf_view shape = problem->src;
    shape.dtype = problem->wide ? CLF_F64 : CLF_F32;
    int64_t labels = clf_bytes(clf_view_count(&shape), sizeof(cl_int));
    canny_scratch scratch;
    CLF_TRY(clf_plan_scratch(plan, clf_gradient_fields_bytes(&shape, 1), &scratch.fields[0], error));
    CLF_TRY(clf_plan_scratch(plan, clf_gradient_fields_bytes(&shape, 3), &scratch.fields[1], error));
    CLF_TRY(clf_plan_scratch(plan, labels, &scratch.parent, error));
    CLF_TRY(clf_plan_scratch(plan, labels, &scratch.strong, error));
    CLF_TRY(add_copy(plan, problem, &scratch, error));
    CLF_TRY(add_smoothing(plan, problem, &scratch, error));
    CLF_TRY(add_derivatives(plan, problem, &scratch, error));
    CLF_TRY(add_hysteresis(plan, problem, &scratch, error));
    return add_output(plan, problem, &scratch, error);
}

static const clf_solver components = {"canny.components", NULL, estimate, prepare, 0};
static const clf_solver *const solvers[] = {&components, NULL};
static const clf_operation operation = {"canny", solvers, print,
                                        cost,    NULL,    "edges are connected across the whole plane"};

/* The greatest value of an integer type; 1 for the others. */
static double range_of(clf_dtype dtype) {
    switch (dtype) {
    case CLF_U8: return 255;
    case CLF_U16: return 65535;
    case CLF_I16: return 32767;
    default: return 1;
    }
}

static clf_status describe(const char *function, const clf_canny_desc *desc, canny_problem *problem, clf_error *error) {
    memset(problem, 0, sizeof *problem);
    CLF_TRY(clf_view_resolve(&desc->src, "src", &problem->src, error));
    CLF_TRY(clf_view_resolve(&desc->dst, "dst", &problem->dst, error));
    CLF_TRY(clf_gradient_check_source(function, &problem->src, 2, error));
    if (problem->dst.dtype != CLF_U8)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: dst is %s; expected u8", function,
                        clf_dtype_name(problem->dst.dtype));
    CLF_TRY(clf_view_check_shape(&problem->dst, "dst", problem->src.rank, problem->src.shape, error));
    if (clf_view_count(&problem->src) > INT32_MAX)
        return clf_fail(error, CLF_UNSUPPORTED, "%s: src has %lld elements; expected at most %d", function,
                        (long long)clf_view_count(&problem->src), INT32_MAX);
    problem->sigma = desc->sigma != 0 ? desc->sigma : 1;
    CLF_TRY(clf_gradient_check_sigma(function, problem->sigma, (double)CLF_GRADIENT_RADIUS / 4, error));
    if (!isfinite(desc->low) || !isfinite(desc->high) || desc->low < 0 || desc->high < desc->low)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: low is %s, high is %s; expected 0 <= low <= high, finite",
                        function, clf_number_general(desc->low, 6).text, clf_number_general(desc->high, 6).text);
    bool defaults = desc->low == 0 && desc->high == 0;
    problem->low = defaults ? 0.1 * range_of(problem->src.dtype) : desc->low;
    problem->high = defaults ? 0.2 * range_of(problem->src.dtype) : desc->high;
    CLF_TRY(clf_check_number(function, "cval", desc->cval, error));
    problem->cval = desc->cval;
    problem->wide = clf_dtype_wide(problem->src.dtype);
    problem->border[0] = CLF_BORDER_REPLICATE;
    return clf_border_resolve(function, 2, desc->border, problem->border + 1, error);
}

clf_status clf_plan_canny(clf_context *context, const clf_canny_desc *desc, clf_plan **plan, clf_error *error) {
    const char *function = "clf_plan_canny";
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    canny_problem problem;
    CLF_TRY(describe(function, desc, &problem, error));
    clf_operand operands[2] = {{"src", problem.src, false}, {"dst", problem.dst, true}};
    return clf_operation_plan(context, &operation, &problem, 2, operands, &desc->options, plan, error);
}
