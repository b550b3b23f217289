/* SPDX-License-Identifier: Apache-2.0 */
/* conv.separable: kernels of low rank, both passes in one kernel (cl/conv/separable.cl). */
#include "base/alloc.h"
#include "ops/conv/conv.h"
#include "ops/real.h"

#include <math.h>
#include <stdlib.h>

enum { WIDE_ROWS = 4, WIDE_TILE = 512, ROWS = 8, TILE = 64, MOST_ROWS_IN = 512, MOST_REACH = 1024 };

typedef struct shape {
    int vector, rows, tile, local;
} shape;

static shape choose_shape(const clf_context *context, const clf_conv_problem *problem) {
    const clf_profile *profile = clf_context_profile(context);
    shape cut = {.vector = clf_profile_lanes(profile, clf_conv_wide(problem))};
    cut.rows = profile->wide_items ? WIDE_ROWS : ROWS;
    cut.tile = profile->wide_items ? WIDE_TILE : TILE;
    cut.local = (int)clf_work_group(context, 0);
    return cut;
}

static int64_t line_bytes(const clf_conv_problem *problem, const shape *cut) {
    int64_t line = cut->tile + (problem->taps[2] - 1) * problem->dilation[2] + cut->vector;
    return problem->low_rank * cut->rows * line * (clf_conv_wide(problem) ? 8 : 4);
}

/*
 * A kernel of low rank, contiguous along x with step 1, its lines in local memory. An infinite constant would cancel
 * among several terms.
 */
static bool applies(const clf_context *context, const void *described) {
    clf_conv_problem rows;
    const clf_conv_problem *problem = clf_conv_as_rows(described, &rows);
    if (problem->low_rank == 0 || (problem->low_rank > 1 && isinf(problem->cval)))
        return false;
    shape cut = choose_shape(context, problem);
    bool contiguous = (problem->src_stride[2] == 1 || problem->extent[2] == 1) &&
                      (problem->dst_stride[2] == 1 || problem->out[2] == 1) && problem->step[2] == 1;
    int64_t rows_in = (cut.rows - 1) * problem->step[1] + (problem->taps[1] - 1) * problem->dilation[1] + 1;
    return contiguous && rows_in * problem->taps[0] <= MOST_ROWS_IN &&
           (problem->taps[2] - 1) * problem->dilation[2] <= MOST_REACH &&
           line_bytes(problem, &cut) <= (int64_t)context->info.local_bytes;
}

/*
 * As conv.direct's, measured on the same CPU; the lines in local memory make a tap along x cost half as much again, and
 * a launch a third more.
 */
static const double wide_item_memory = 0.909, wide_item_arithmetic = 0.649;
static const double wide_item_launches = 4.0 / 3, memory_share = 2.0 / 3;

static double estimate(const clf_context *context, const void *described) {
    clf_conv_problem rows;
    const clf_conv_problem *problem = clf_conv_as_rows(described, &rows);
    clf_plan_cost cost = {0};
    clf_conv_cost(problem, &cost);
    const clf_profile *profile = clf_context_profile(context);
    double outputs = (double)clf_view_count(&problem->dst);
    double taps = (double)(problem->taps[0] * problem->taps[1]) + 1.5 * (double)problem->taps[2];
    double flops = 2 * outputs * problem->low_rank * taps * (clf_conv_wide(problem) ? 2 : 1);
    if (!profile->wide_items)
        return clf_seconds(profile, cost.bytes / memory_share, flops, 1);
    double conversions = clf_conv_converts(problem) ? CLF_CONVERSION_FLOPS * outputs : 0;
    return clf_seconds(profile, cost.bytes / wide_item_memory, flops / wide_item_arithmetic + conversions,
                       wide_item_launches);
}

/* Every term's column, then every term's row, in the arithmetic's type. */
static clf_status own_factors(clf_plan *plan, const clf_conv_problem *problem, cl_mem *table, clf_error *error) {
    int64_t columns = problem->low_rank * problem->taps[0] * problem->taps[1];
    int64_t count = columns + problem->low_rank * problem->taps[2];
    bool wide = clf_conv_wide(problem);
    union {
        void *raw;
        double *wide;
        float *narrow;
    } values;
    CLF_TRY(clf_allocate(&values.raw, count, wide ? 8 : 4, error));
    for (int64_t i = 0; i < count; i++) {
        double value = i < columns ? problem->columns[i] : problem->rows[i - columns];
        if (wide)
            values.wide[i] = value;
        else
            values.narrow[i] = (float)value;
    }
    clf_status status = clf_plan_own(plan, clf_bytes(count, wide ? 8 : 4), values.raw, table, error);
    free(values.raw);
    return status;
}

static void write_options(clf_text *options, const clf_conv_problem *problem, const shape *cut) {
    clf_real_options(options, problem->src.dtype, problem->dst.dtype, cut->vector);
    clf_text_add(options, " -DRANK=%d -DKZ=%d -DKY=%d -DKX=%d", problem->low_rank, (int)problem->taps[0],
                 (int)problem->taps[1], (int)problem->taps[2]);
    clf_text_add(options, " -DSTEP_Y=%d -DDILATION_Y=%d -DDILATION_X=%d", (int)problem->step[1],
                 (int)problem->dilation[1], (int)problem->dilation[2]);
    clf_text_add(options, " -DPIXEL=%d -DROWS=%d -DTILE=%d -DLOCAL_X=%d", (int)problem->pixel, cut->rows, cut->tile,
                 cut->local);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    clf_conv_problem rows;
    const clf_conv_problem *problem = clf_conv_as_rows(described, &rows);
    shape cut = choose_shape(plan->context, problem);
    cl_mem factors, table;
    CLF_TRY(own_factors(plan, problem, &factors, error));
    CLF_TRY(clf_conv_table(plan, problem, 1, &table, error));
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    write_options(&options, problem, &cut);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "conv/separable", &options, "conv_separable", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_operand(launch, "y", 1);
    clf_launch_buffer(launch, "w", factors);
    clf_launch_buffer(launch, "g", table);
    clf_launch_real(launch, "cval", problem->cval, clf_conv_wide(problem));
    clf_launch_local(launch, "lines", (size_t)line_bytes(problem, &cut));
    int64_t tiles = (problem->out[2] + cut.tile - 1) / cut.tile;
    clf_launch_range(launch,
                     (size_t[]){(size_t)(tiles * cut.local), (size_t)((problem->out[1] + cut.rows - 1) / cut.rows),
                                (size_t)(problem->out[0] * problem->batch.count)},
                     (size_t[]){(size_t)cut.local, 1, 1});
    plan->cost.flops = 2.0 * (double)clf_view_count(&problem->dst) * problem->low_rank *
                       (double)(problem->taps[0] * problem->taps[1] + problem->taps[2]);
    clf_text_add(&plan->description, " rank=%d vector=%d rows=%d tile=%d", problem->low_rank, cut.vector, cut.rows,
                 cut.tile);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_conv_separable = {
    "conv.separable",
    applies,
    estimate,
    prepare,
    1,
    "a kernel that is, within the error bound, a sum of at most 4 outer products, and contiguous rows with stride 1"};
