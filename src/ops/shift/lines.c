/* SPDX-License-Identifier: Apache-2.0 */
/* shift.lines: one axis after the other, interpolated or moved (cl/shift/lines.cl). */
#include "base/alloc.h"
#include "ops/real.h"
#include "ops/shift/shift.h"

#include "cl/shift/geometry.h"

#include <math.h>
#include <stdlib.h>

/* A work-item takes so many times the usual elements: each of its lines is walked along more than once. */
enum { ITEM_FACTOR = 4 };

static bool applies(const clf_context *context, const void *described) {
    (void)context;
    const clf_shift_problem *problem = described;
    return clf_dtype_filterable(problem->src.dtype) && (problem->whole || problem->method != CLF_SHIFT_FOURIER);
}

/* Flops of the peak that an element costs an axis, bound by latencies: measured; and twice that with the spline. */
static const double wide_item_flops = 166, flops = 20;
/* Likewise, an element of src or dst that lies apart from the next. */
static const double scattered_element = 300;

static double estimate(const clf_context *context, const void *described) {
    const clf_shift_problem *problem = described;
    double axes = 1;
    for (int i = 0; i < problem->src.rank; i++)
        axes += problem->by[i] != 0;
    double elements = (double)clf_view_count(&problem->src) * (problem->method == CLF_SHIFT_CUBIC ? 2 : 1);
    const clf_profile *profile = clf_context_profile(context);
    if (!profile->wide_items)
        return clf_seconds(profile, 0, axes * elements * flops, fmax(axes - 1, 1));
    double all = axes * elements * wide_item_flops + clf_shift_scattered(problem, scattered_element);
    return clf_seconds(profile, 0, all, fmax(axes - 1, 1));
}

/* One axis of the way from src to dst. */
typedef struct shift_stage {
    clf_view from, to; /* strides and offsets; of scratch if they are not src and dst */
    bool from_src, to_dst;
    cl_uint from_scratch, to_scratch, coefficients;
    int axis;
    double gain, from_gain; /* powers of two: what its weights are multiplied by, and what its input was */
} shift_stage;

static clf_view scratch_view(const clf_shift_problem *problem, bool wide) {
    clf_view view = clf_view_dense(NULL, wide ? CLF_F64 : CLF_F32, problem->src.rank, problem->src.shape);
    int64_t step = 1;
    for (int i = view.rank - 1; i >= 0; i--) {
        view.strides[i] = step;
        step *= view.shape[i];
    }
    return view;
}

/* The lines of a stage: every other axis collapsed, the longest for the lanes. */
typedef struct stage_lines {
    int64_t count, lane[2];
    clf_batch batch;
} stage_lines;

static stage_lines find_lines(const shift_stage *stage) {
    stage_lines lines = {.count = 1};
    clf_batch *batch = &lines.batch;
    for (int i = 0; i < stage->from.rank; i++)
        if (i != stage->axis)
            clf_batch_add(batch, stage->from.shape[i], 2, (int64_t[]){stage->from.strides[i], stage->to.strides[i]});
    clf_batch_collapse(batch);
    if (batch->rank == 0)
        return lines;
    int longest = 0;
    for (int i = 1; i < batch->rank; i++)
        longest = batch->shape[i] >= batch->shape[longest] ? i : longest;
    lines.count = batch->shape[longest];
    lines.lane[0] = batch->strides[0][longest];
    lines.lane[1] = batch->strides[1][longest];
    clf_batch_remove(batch, longest);
    return lines;
}

static clf_status make_table(clf_plan *plan, const clf_shift_problem *problem, const shift_stage *stage,
                             const stage_lines *lines, cl_mem *table, clf_error *error) {
    int64_t values[LINES_BATCH + CLF_BATCH_TABLE] = {0};
    values[LINES_EXTENT] = problem->src.shape[stage->axis];
    values[LINES_BORDER] = problem->border[stage->axis];
    values[LINES_OFFSET] = stage->from.offset;
    values[LINES_OFFSET + 1] = stage->to.offset;
    values[LINES_STEP] = stage->from.strides[stage->axis];
    values[LINES_STEP + 1] = stage->to.strides[stage->axis];
    values[LINES_LANE] = lines->lane[0];
    values[LINES_LANE + 1] = lines->lane[1];
    values[LINES_COUNT] = lines->count;
    clf_batch_write(&lines->batch, values + LINES_BATCH);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

/* How many neighbours an output is made of, the first one's distance from it, and their weights. */
typedef struct shift_weights {
    int taps;
    int64_t base;
    double weight[4];
} shift_weights;

static shift_weights find_weights(double by, clf_shift_method method) {
    double below = floor(-by), f = -by - below, g = 1 - f;
    if (f == 0)
        return (shift_weights){1, (int64_t)below, {1}};
    if (method == CLF_SHIFT_LINEAR)
        return (shift_weights){2, (int64_t)below, {g, f}};
    return (shift_weights){
        4,
        (int64_t)below - 1,
        {g * g * g / 6, (4 - 6 * f * f + 3 * f * f * f) / 6, (4 - 6 * g * g + 3 * g * g * g) / 6, f * f * f / 6}};
}

static void set_memory(clf_launch *launch, const shift_stage *stage) {
    if (stage->from_src)
        clf_launch_operand(launch, "x", 0);
    else
        clf_launch_scratch(launch, "x", stage->from_scratch);
    if (stage->to_dst)
        clf_launch_operand(launch, "y", 1);
    else
        clf_launch_scratch(launch, "y", stage->to_scratch);
    clf_launch_scratch(launch, "c", stage->coefficients);
}

static clf_status add_stage(clf_plan *plan, const clf_shift_problem *problem, const shift_stage *stage,
                            clf_error *error) {
    const clf_profile *profile = clf_context_profile(plan->context);
    bool wide = clf_dtype_wide(problem->src.dtype);
    int vector = clf_profile_lanes(profile, wide);
    int64_t extent = problem->src.shape[stage->axis];
    int64_t each = profile->wide_items ? ITEM_FACTOR * profile->item_elements / extent / vector + 1 : 1;
    size_t local = clf_work_group(plan->context, 0);
    stage_lines lines = find_lines(stage);
    shift_weights weights = find_weights(problem->by[stage->axis], problem->method);
    cl_mem table;
    CLF_TRY(make_table(plan, problem, stage, &lines, &table, error));
    char data[256];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, stage->from.dtype, stage->to.dtype, vector);
    clf_text_add(&options, " -DTAPS=%d -DSIDE=%d -DLOCAL_X=%zu", weights.taps, lines.lane[0] == 1 && lines.lane[1] == 1,
                 local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "shift/lines", &options, "shift_lines", &launch, error));
    set_memory(launch, stage);
    clf_launch_buffer(launch, "g", table);
    static const char *const weight_names[] = {"w0", "w1", "w2", "w3"};
    for (int k = 0; k < 4; k++)
        clf_launch_real(launch, weight_names[k], weights.weight[k] * stage->gain, wide);
    clf_launch_real(launch, "cval", problem->cval * stage->from_gain, wide);
    clf_launch_i64(launch, "base", weights.base);
    clf_launch_i64(launch, "groups_each", each);
    int64_t groups = (lines.count + vector - 1) / vector;
    clf_launch_range(launch, (size_t[]){(size_t)((groups + each - 1) / each), (size_t)lines.batch.count, 1},
                     (size_t[]){local, 1, 1});
    clf_text_add(&plan->description, " axis=%d taps=%d", stage->axis, weights.taps);
    return clf_launch_seal(launch, error);
}

/* Room for the coefficients of a stage: its lines, in whole vectors. 0 if it has none. */
static int64_t coefficient_count(const clf_plan *plan, const clf_shift_problem *problem, const shift_stage *stage) {
    if (find_weights(problem->by[stage->axis], problem->method).taps != 4)
        return 0;
    int64_t vector = clf_profile_lanes(clf_context_profile(plan->context), clf_dtype_wide(problem->src.dtype));
    stage_lines lines = find_lines(stage);
    int64_t padded = (lines.count + vector - 1) / vector * vector;
    return padded * lines.batch.count * problem->src.shape[stage->axis];
}

/*
 * A spline's values are up to 1.55 times its samples. What one axis takes beyond the greatest number another may bring
 * back: between the first axis that is interpolated so and the last, values are as much smaller as they may grow.
 */
static void find_gains(const clf_shift_problem *problem, shift_stage *stages, int count) {
    int first = count, last = -1, cubic = 0;
    for (int i = 0; i < count; i++) {
        double by = problem->by[stages[i].axis];
        if (problem->method == CLF_SHIFT_CUBIC && by != floor(by)) {
            first = cubic == 0 ? i : first;
            last = i;
            cubic++;
        }
    }
    double smaller = cubic > 1 ? exp2(-ceil((cubic - 1) * 0.64)) : 1; /* 2^0.64 > 1.55 */
    for (int i = 0; i < count; i++) {
        stages[i].from_gain = i > first && i <= last ? smaller : 1;
        stages[i].gain = first == last ? 1 : i == first ? smaller : i == last ? 1 / smaller : 1;
    }
}

/* The stages, one for each axis that moves, or a copy where none does. Gives their number. */
static int find_stages(const clf_shift_problem *problem, shift_stage stages[CLF_MAX_RANK]) {
    bool wide = clf_dtype_wide(problem->src.dtype);
    int count = 0;
    for (int i = 0; i < problem->src.rank; i++)
        if (problem->by[i] != 0)
            stages[count++] = (shift_stage){.axis = i};
    if (count == 0)
        stages[count++] = (shift_stage){.axis = problem->src.rank - 1};
    for (int i = 0; i < count; i++) {
        stages[i].from_src = i == 0;
        stages[i].to_dst = i == count - 1;
        stages[i].from = i == 0 ? problem->src : scratch_view(problem, wide);
        stages[i].to = i == count - 1 ? problem->dst : scratch_view(problem, wide);
    }
    find_gains(problem, stages, count);
    return count;
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_shift_problem *problem = described;
    size_t real_bytes = clf_dtype_wide(problem->src.dtype) ? sizeof(double) : sizeof(float);
    int64_t most = 1;
    shift_stage stages[CLF_MAX_RANK];
    int count = find_stages(problem, stages);
    for (int i = 0; i < count; i++) {
        int64_t needed = coefficient_count(plan, problem, &stages[i]);
        most = needed > most ? needed : most;
    }
    cl_uint values[2] = {0}, coefficients;
    CLF_TRY(clf_plan_scratch(plan, clf_bytes(most, real_bytes), &coefficients, error));
    for (int i = 0; i < 2 && i < count - 1; i++)
        CLF_TRY(clf_plan_scratch(plan, clf_bytes(clf_view_count(&problem->src), real_bytes), &values[i], error));
    for (int i = 0; i < count; i++) {
        stages[i].from_scratch = values[(i + 1) % 2];
        stages[i].to_scratch = values[i % 2];
        stages[i].coefficients = coefficients;
        CLF_TRY(add_stage(plan, problem, &stages[i], error));
    }
    return CLF_OK;
}

const clf_solver clf_shift_lines = {"shift.lines", applies, estimate, prepare};
