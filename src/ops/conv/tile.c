/* SPDX-License-Identifier: Apache-2.0 */
/* conv.tile: Fourier transforms of overlapping tiles that never leave the cache (cl/conv/tile.cl). */
#include "ops/conv/tile.h"
#include "base/alloc.h"
#include "ops/conv/fourier.h"
#include "ops/real.h"

#include <math.h>

/* Outputs of a quarter of the usual size already go past the cache, which the tiles need: measured. */
static const double past_factor = 4;

/*
 * Flops of sums (cl/conv/tile_sum.h) for each of a transform up to which a tile that is out of the ordinary is summed:
 * it then takes up to 2.5 times as long as others, measured; otherwise (cl/conv/tile_rare.h) two to four times.
 */
static const double sum_factor = 6.5;

/* Vectors of outputs, below each other, that are summed together. */
enum { SUM_ROWS = 6 };

/* A work-item owns a tile: far too much for one lane among many. */
static const double narrow_item_factor = 1000;

/* Elements that are loaded or stored one by one, in flops of the peak: measured on a CPU. */
static const double near_element = 230, far_element = 400;

static bool applies(const clf_context *context, const void *described) {
    const clf_conv_problem *problem = clf_conv_turned(described);
    clf_conv_tiling tiling;
    return problem->taps[0] == 1 && !problem->bank && clf_conv_finite(problem) &&
           clf_conv_find_tiling(context, problem, 0, &tiling);
}

static double estimate(const clf_context *context, const void *described) {
    const clf_conv_problem *problem = clf_conv_turned(described);
    clf_conv_tiling tiling;
    (void)clf_conv_find_tiling(context, problem, 0, &tiling);
    const clf_profile *profile = clf_context_profile(context);
    double flops = profile->wide_items ? tiling.flops + clf_conv_scattered(problem, near_element, far_element)
                                       : tiling.flops * narrow_item_factor;
    return clf_seconds(profile, 0, flops * clf_conv_fourier_factor(problem), 1);
}

static void write_options(clf_text *options, const clf_conv_tiling *tiling) {
    clf_text_add(options, " -DTILE=%d -DRADIX1=%d -DRADIX2=%d -DRADIX3=%d -DGROUP=%d -DSUM_ROWS=%d %s", tiling->tile,
                 tiling->radix[0], tiling->radix[1], tiling->radix[2], tiling->group, SUM_ROWS,
                 tiling->local ? "-DTILE_SPACE=local -DTILE_LOCAL" : "-DTILE_SPACE=global");
}

/* What both launches of a plan take. */
typedef struct tile_memory {
    clf_conv_taps taps;
    cl_mem twiddles, geometry;
    cl_mem spectrum; /* NULL: scratch, the kernel being known only when executed */
    cl_uint spectrum_scratch, slots;
} tile_memory;

static clf_status make_memory(clf_plan *plan, const clf_conv_problem *problem, const clf_conv_tiling *tiling,
                              tile_memory *memory, clf_error *error) {
    bool wide = clf_conv_wide(problem);
    memory->spectrum = NULL;
    CLF_TRY(clf_conv_prepare_taps(plan, problem, 1, &memory->taps, error));
    CLF_TRY(clf_conv_table(plan, problem, 1, &memory->geometry, error));
    CLF_TRY(clf_conv_own_turns(plan, 1, &(int64_t){tiling->tile}, wide, &memory->twiddles, error));
    if (problem->values != NULL)
        CLF_TRY(clf_plan_own(plan, tiling->spectrum_bytes, NULL, &memory->spectrum, error));
    else
        CLF_TRY(clf_plan_scratch(plan, tiling->spectrum_bytes, &memory->spectrum_scratch, error));
    return clf_plan_scratch(
        plan, tiling->local ? (int64_t)sizeof(double[16]) : clf_bytes((int64_t)tiling->groups, tiling->tile_bytes),
        &memory->slots, error);
}

/* Outputs go past the cache where they are vectors of the arithmetic's type, and too many to stay. */
static bool past_cache(const clf_context *context, const clf_conv_problem *problem, const clf_conv_tiling *tiling) {
    size_t element = clf_dtype_bytes(problem->dst.dtype);
    bool dense = problem->step[1] == 1 && problem->step[2] == 1 && problem->dst_stride[2] == 1;
    bool plain = problem->dst.dtype == (clf_conv_wide(problem) ? CLF_F64 : CLF_F32);
    return dense && plain && problem->dst_stride[1] % tiling->vector == 0 &&
           clf_past_cache(clf_context_profile(context),
                          past_factor * (double)clf_view_count(&problem->dst) * (double)element);
}

/* Flops of a pair of tiles: the transforms, both ways, and the product. */
static double pair_flops(const clf_conv_tiling *tiling) {
    return (double)tiling->tile * tiling->tile * (2 * 4.2 * 2 * log2(tiling->tile) + 6);
}

static int64_t round_up(int64_t count, int64_t unit) {
    return (count + unit - 1) / unit * unit;
}

/* True if tiles that are out of the ordinary are summed; rows of outputs that share rows of taps are together. */
static bool sums_rare(const clf_conv_problem *problem, const clf_conv_tiling *tiling) {
    int64_t apart = problem->dilation[1] < tiling->rows ? problem->dilation[1] : tiling->rows;
    int64_t rows = apart * round_up((tiling->rows + apart - 1) / apart, SUM_ROWS);
    double outputs = 2 * (double)(rows * round_up(tiling->columns, tiling->vector));
    return problem->taps[1] >= SUM_ROWS - 1 &&
           2 * (double)clf_conv_tap_count(problem) * outputs <= sum_factor * pair_flops(tiling);
}

/* Adds a launch over `tiles` tiles; 0: of the spectrum, whose operands are never looked at. */
static clf_status add_launch(clf_plan *plan, const clf_conv_problem *problem, const clf_conv_tiling *tiling,
                             const tile_memory *memory, int64_t tiles, clf_error *error) {
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, problem->src.dtype, problem->dst.dtype, tiling->vector);
    write_options(&options, tiling);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "conv/tile", &options, "conv_tile", &launch, error));
    static const char *const operands[] = {"x", "y"};
    for (cl_uint i = 0; i < 2; i++)
        if (tiles > 0)
            clf_launch_operand(launch, operands[i], i);
        else
            clf_conv_set_taps(launch, operands[i], &memory->taps);
    clf_conv_set_taps(launch, "w", &memory->taps);
    clf_conv_set_spectrum(launch, "spectrum", memory->spectrum, memory->spectrum_scratch);
    clf_launch_buffer(launch, "twiddle", memory->twiddles);
    clf_launch_buffer(launch, "g", memory->geometry);
    clf_launch_real(launch, "cval", problem->cval, clf_conv_wide(problem));
    clf_launch_i32(launch, "cut_rows", (cl_int)tiling->rows);
    clf_launch_i32(launch, "cut_columns", (cl_int)tiling->columns);
    clf_launch_i32(launch, "down", (cl_int)tiling->down);
    clf_launch_i32(launch, "across", (cl_int)tiling->across);
    clf_launch_i32(launch, "lead", (cl_int)tiling->lead);
    clf_launch_i64(launch, "tiles", tiles);
    clf_launch_i32(launch, "turns", tiles > 0 ? (cl_int)tiling->turns : 1);
    clf_launch_i32(launch, "past", past_cache(plan->context, problem, tiling));
    clf_launch_i32(launch, "summed", sums_rare(problem, tiling));
    clf_launch_scratch(launch, "slots", memory->slots);
    clf_launch_range(launch, (size_t[]){tiles > 0 ? tiling->groups : 1, 1, 1}, (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_conv_problem *problem = clf_conv_turned(described);
    clf_conv_tiling tiling;
    tile_memory memory;
    if (!clf_conv_find_tiling(plan->context, problem, plan->variant, &tiling))
        return clf_fail(error, CLF_NO_SOLVER, "the kernel does not fit into the tiles of variant %d", plan->variant);
    CLF_TRY(make_memory(plan, problem, &tiling, &memory, error));
    CLF_TRY(add_launch(plan, problem, &tiling, &memory, 0, error));
    if (problem->values != NULL) /* the spectrum is made now, else at every execution */
        CLF_TRY(clf_plan_settle(plan, error));
    CLF_TRY(add_launch(plan, problem, &tiling, &memory, tiling.tiles, error));
    plan->cost.flops = (double)((tiling.tiles + 1) / 2) * pair_flops(&tiling);
    clf_text_add(&plan->description, " tile=%d outputs=%lldx%lld tiles=%lld", tiling.tile, (long long)tiling.rows,
                 (long long)tiling.columns, (long long)tiling.tiles);
    return CLF_OK;
}

const clf_solver clf_conv_tile = {
    "conv.tile",
    applies,
    estimate,
    prepare,
    CLF_CONV_TILE_VARIANTS,
    "a kernel that is no bank and spans fewer than 1280 elements, and finite taps along at most two axes"};
