/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smoothness.fused: the loss and its gradients in one pass, then a sum of the work-items' sums
 * (cl/smoothness/smoothness.cl).
 */
#include "base/alloc.h"
#include "ops/real.h"
#include "ops/smoothness/smoothness.h"
#include "plan/view.h"

#include "cl/smoothness/geometry.h"

#include <math.h>

/* Bound by exponentials and roots: flops of the peak that a pixel costs, in two kernels. */
static const double wide_item_flops = 333, flops = 200;

static double estimate(const clf_context *context, const void *described) {
    const clf_smoothness_problem *problem = described;
    double pixels = (double)clf_view_count(&problem->disparity.view);
    const clf_profile *profile = clf_context_profile(context);
    return clf_seconds(profile, 0, pixels * (profile->wide_items ? wide_item_flops : flops), 2);
}

/* How the work is cut: items of `columns` columns and `rows` rows. */
typedef struct work_cut {
    int64_t columns, rows;
    size_t across, down; /* items, padding included */
    size_t local;
} work_cut;

/* Wide items are whole rows, some 64 of them; others one column of 16 rows. */
static work_cut cut_work(const clf_context *context, const clf_smoothness_problem *problem) {
    const int64_t *shape = problem->image.view.shape;
    int64_t rows = shape[0] * shape[2], units = clf_context_profile(context)->units;
    bool wide = clf_context_profile(context)->wide_items;
    work_cut cut = {.columns = wide ? shape[3] : 1, .rows = wide ? 64 : 16, .local = clf_work_group(context, 0)};
    if (wide && rows / cut.rows < 8 * units)
        cut.rows = rows / (8 * units) > 0 ? rows / (8 * units) : 1;
    cut.across = wide ? 1 : ((size_t)shape[3] + cut.local - 1) / cut.local * cut.local;
    cut.down = (size_t)((rows + cut.rows - 1) / cut.rows);
    return cut;
}

/* Factors of the terms along x and y inside the sum, and of the whole sum. */
typedef struct loss_factors {
    double x, y, sum;
} loss_factors;

static loss_factors find_factors(const clf_smoothness_problem *problem) {
    const int64_t *shape = problem->image.view.shape;
    double n = (double)shape[0], h = (double)shape[2], w = (double)shape[3];
    if (n == 0 && problem->reduction != CLF_SMOOTHNESS_SUM)
        return (loss_factors){0, 0, NAN}; /* a mean of nothing */
    if (problem->reduction == CLF_SMOOTHNESS_MEAN)
        return (loss_factors){1, 1, 1 / (n * h * w)};
    if (problem->reduction != CLF_SMOOTHNESS_PER_AXIS_MEAN)
        return (loss_factors){1, 1, 1};
    double across = h * (w - problem->order), down = (h - problem->order) * w;
    if (across <= 0 && down <= 0)
        return (loss_factors){0, 0, 1};
    if (across <= 0)
        return (loss_factors){0, 1, 1 / (n * down)};
    return (loss_factors){1, down > 0 ? across / down : 0, 1 / (n * across)};
}

/* a is usual where its products with usual numbers (cl/smoothness/smoothness.cl) fit the type, and 0 is. */
static bool weight_usual(const clf_smoothness_problem *problem) {
    int exponent = ilogb(problem->weight), most = problem->wide ? 100 : 20;
    return problem->weight == 0 || (exponent >= -most && exponent < most);
}

/* The factors of cl/smoothness/geometry.h. */
static void find_table(const clf_smoothness_problem *problem, double *table) {
    loss_factors factors = find_factors(problem);
    int exponent = 0, shift = problem->wide ? SMOOTHNESS_WIDE_SHIFT : SMOOTHNESS_SHIFT;
    double channels = problem->norm == CLF_SMOOTHNESS_MEAN_ABS ? (double)problem->image.view.shape[1] : 1;
    double image = weight_usual(problem) ? problem->weight / channels : 0, undo = 1;
    double mantissa = 2 * frexp(problem->weight, &exponent);
    if (image * factors.sum > 0)
        undo = ldexp(1, ilogb(image * factors.sum) - shift);
    table[SMOOTHNESS_HALF_WEIGHT] = image / 2;
    table[SMOOTHNESS_WEIGHT] = mantissa;
    table[SMOOTHNESS_WEIGHT_EXPONENT] = exponent - 1;
    table[SMOOTHNESS_SUM] = ldexp(factors.x, shift);
    table[SMOOTHNESS_SUM + 1] = ldexp(factors.y, shift);
    table[SMOOTHNESS_GRAD] = factors.x * factors.sum;
    table[SMOOTHNESS_GRAD + 1] = factors.y * factors.sum;
    table[SMOOTHNESS_IMAGE_GRAD] = -image * factors.x * factors.sum / undo;
    table[SMOOTHNESS_IMAGE_GRAD + 1] = -image * factors.y * factors.sum / undo;
    table[SMOOTHNESS_IMAGE_UNDO] = undo;
}

static clf_status make_factors(clf_plan *plan, const clf_smoothness_problem *problem, cl_mem *buffer,
                               clf_error *error) {
    double wide[SMOOTHNESS_FACTORS];
    float narrow[SMOOTHNESS_FACTORS];
    find_table(problem, wide);
    for (int i = 0; i < SMOOTHNESS_FACTORS; i++)
        narrow[i] = (float)wide[i];
    return clf_plan_own(plan, problem->wide ? sizeof wide : sizeof narrow, problem->wide ? (void *)wide : narrow,
                        buffer, error);
}

static void write_tensor(const clf_smoothness_tensor *tensor, int64_t *place) {
    place[0] = tensor->view.offset;
    for (int i = 0; i < 4 && tensor->view.rank == 4; i++)
        place[1 + i] = tensor->view.strides[i];
}

static clf_status make_table(clf_plan *plan, const clf_smoothness_problem *problem, cl_mem *table, clf_error *error) {
    int64_t values[SMOOTHNESS_TABLE] = {0};
    for (int i = 0; i < 4; i++)
        values[SMOOTHNESS_EXTENT + i] = problem->image.view.shape[i];
    write_tensor(&problem->disparity, values + SMOOTHNESS_DISPARITY);
    write_tensor(&problem->image, values + SMOOTHNESS_IMAGE);
    write_tensor(&problem->grad_loss, values + SMOOTHNESS_GRAD_LOSS);
    write_tensor(&problem->loss, values + SMOOTHNESS_LOSS);
    write_tensor(&problem->grad_disparity, values + SMOOTHNESS_GRAD_DISPARITY);
    write_tensor(&problem->grad_image, values + SMOOTHNESS_GRAD_IMAGE);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

static bool contiguous(const clf_smoothness_tensor *tensor) {
    return !tensor->given || tensor->view.rank != 4 || tensor->view.strides[3] == 1;
}

static const char *type_name(clf_dtype dtype) {
    switch (dtype) {
    case CLF_F64: return "double";
    case CLF_F16: return "half";
    case CLF_U8: return "uchar";
    case CLF_U16: return "ushort";
    case CLF_I16: return "short";
    default: return "float";
    }
}

static void write_options(const clf_context *context, const clf_smoothness_problem *problem, const work_cut *cut,
                          clf_text *options) {
    bool rows = contiguous(&problem->disparity) && contiguous(&problem->image) && contiguous(&problem->grad_loss) &&
                contiguous(&problem->loss) && contiguous(&problem->grad_disparity) && contiguous(&problem->grad_image);
    bool map = problem->reduction == CLF_SMOOTHNESS_NONE;
    clf_real_options(options, problem->disparity.view.dtype, problem->wide ? CLF_F64 : CLF_F32,
                     clf_profile_lanes(clf_context_profile(context), problem->wide));
    clf_text_add(options, " -DIMAGE_T=%s -DIMAGE_IS_HALF=%d -DORDER=%d -DMEAN_ABS=%d",
                 type_name(problem->image.view.dtype), problem->image.view.dtype == CLF_F16, problem->order,
                 problem->norm == CLF_SMOOTHNESS_MEAN_ABS);
    clf_text_add(options, " -DLOSS=%d -DGRAD_LOSS=%d -DGRAD_DISPARITY=%d -DGRAD_IMAGE=%d -DCONTIGUOUS=%d",
                 problem->loss.given ? 1 + map : 0, problem->grad_loss.given ? 1 + map : 0,
                 problem->grad_disparity.given, problem->grad_image.given, rows);
    clf_text_add(options, " -DWEIGHT_USUAL=%d -DLOCAL_X=%zu -DSUMMERS=%zu", weight_usual(problem), cut->local,
                 cut->local);
}

/* An operand that is not given, or has no elements, is not looked at; disparity stands in its place. */
static void set_tensor(clf_launch *launch, const char *name, const clf_smoothness_tensor *tensor) {
    clf_launch_operand(launch, name, tensor->given && !clf_view_empty(&tensor->view) ? tensor->operand : 0);
}

static clf_status add_sum(clf_plan *plan, const clf_smoothness_problem *problem, const clf_text *options,
                          cl_uint scratch, cl_mem table, const work_cut *cut, clf_error *error) {
    size_t summers = cut->local;
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "smoothness/smoothness", options, "smoothness_sum", &launch, error));
    clf_launch_scratch(launch, "partial", scratch);
    set_tensor(launch, "loss", &problem->loss);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "count", (cl_long)(cut->across * cut->down));
    clf_launch_real(launch, "scale", find_factors(problem).sum, problem->wide);
    clf_launch_range(launch, (size_t[]){summers, 1, 1}, (size_t[]){summers, 1, 1});
    return clf_launch_seal(launch, error);
}

/* The step that makes the losses and the gradients, and each work-item's sum. */
static clf_status add_pass(clf_plan *plan, const clf_smoothness_problem *problem, const clf_text *options,
                           cl_uint scratch, cl_mem table, const work_cut *cut, clf_error *error) {
    cl_mem factors;
    clf_launch *launch;
    CLF_TRY(make_factors(plan, problem, &factors, error));
    CLF_TRY(clf_plan_step(plan, "smoothness/smoothness", options, "smoothness", &launch, error));
    set_tensor(launch, "d", &problem->disparity);
    set_tensor(launch, "image", &problem->image);
    set_tensor(launch, "grad_loss", &problem->grad_loss);
    set_tensor(launch, "loss", &problem->loss);
    set_tensor(launch, "grad_disparity", &problem->grad_disparity);
    set_tensor(launch, "grad_image", &problem->grad_image);
    clf_launch_scratch(launch, "partial", scratch);
    clf_launch_buffer(launch, "g", table);
    clf_launch_buffer(launch, "factors", factors);
    clf_launch_i64(launch, "columns", cut->columns);
    clf_launch_i64(launch, "count_rows", cut->rows);
    clf_launch_range(launch, (size_t[]){cut->across, cut->down, 1}, (size_t[]){cut->local, 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_smoothness_problem *problem = described;
    work_cut cut = cut_work(plan->context, problem);
    bool summed = problem->loss.given && problem->reduction != CLF_SMOOTHNESS_NONE;
    cl_mem table;
    cl_uint scratch;
    CLF_TRY(make_table(plan, problem, &table, error));
    int64_t partials = summed && cut.down > 0 ? 3 * (int64_t)cut.across * (int64_t)cut.down : 1;
    CLF_TRY(
        clf_plan_scratch(plan, clf_bytes(partials, problem->wide ? sizeof(double) : sizeof(float)), &scratch, error));
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    write_options(plan->context, problem, &cut, &options);
    if (cut.down > 0) /* else there are no images, and no sums to add up */
        CLF_TRY(add_pass(plan, problem, &options, scratch, table, &cut, error));
    clf_text_add(&plan->description, " vector=%d rows=%lld",
                 clf_profile_lanes(clf_context_profile(plan->context), problem->wide), (long long)cut.rows);
    return summed ? add_sum(plan, problem, &options, scratch, table, &cut, error) : CLF_OK;
}

const clf_solver clf_smoothness_fused = {"smoothness.fused", NULL, estimate, prepare, 0};
