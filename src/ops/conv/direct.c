/* SPDX-License-Identifier: Apache-2.0 */
/* conv.direct: blocks of rows and vectors, one build per kernel shape (cl/conv/direct.cl). */
#include "ops/conv/conv.h"
#include "ops/real.h"

enum {
    MOST_TAPS = 4096,
    MOST_ROWS_IN = 128,
    MOST_GATHERED = 16384,
    MOST_ROWS = 8,
    MOST_LANES = 2, /* of several rows */
    ROW_LANES = 4,  /* of one row alone */
    LONG_TAPS = 25, /* with which long rows by themselves took 0.7 to 0.8 of the time of four at once */
    LONG_ROW = 512,
    LEAST_TILES = 8,
    GPU_LOCAL_X = 32,
    GPU_LOCAL_Y = 4
};

/*
 * Rows and vectors of a block by variant, for wide items with many registers, for wide items with few, and for others.
 * The first is the estimate's where nothing speaks for more rows. A vector that registers do not hold costs a store and
 * a load at each tap: with 16 registers of 8 f32, 4 x 2 takes 1.4 to 1.8 times as long as 4 x 1.
 */
typedef struct block {
    int rows, lanes;
} block;
enum { MANY_REGISTERS, FEW_REGISTERS, OTHER_ITEMS, ITEM_KINDS };
static const block blocks[][ITEM_KINDS] = {
    {{4, 2}, {4, 1}, {4, 1}}, {{6, 2}, {6, 1}, {1, 1}}, {{MOST_ROWS, 2}, {MOST_ROWS, 1}, {2, 1}},
    {{4, 1}, {2, 2}, {6, 1}}, {{2, 1}, {2, 1}, {3, 1}}, {{MOST_ROWS, 1}, {4, 2}, {MOST_ROWS, 1}}};
enum { VARIANTS = sizeof blocks / sizeof *blocks };
/* The last variant, from the first on, whose rows are ever worth taking unmeasured. */
static const int tallest[ITEM_KINDS] = {[MANY_REGISTERS] = 2, [FEW_REGISTERS] = 1};
/* Vectors for 4 x 2 sums, what is loaded, and a tap. */
enum { LEAST_VECTORS = 12 };

static int item_kind(const clf_profile *profile) {
    if (!profile->wide_items)
        return OTHER_ITEMS;
    return profile->vectors < LEAST_VECTORS ? FEW_REGISTERS : MANY_REGISTERS;
}

/* What wide items take without measuring: more rows for higher kernels, while few are lost and all units have some. */
static block preferred_block(const clf_context *context, const clf_conv_problem *problem) {
    const clf_profile *profile = clf_context_profile(context);
    int kind = item_kind(profile);
    block cut = blocks[0][kind];
    bool apart = problem->taps[1] == 1; /* no row of the input meets two of the output */
    if (apart && (problem->out[1] == 1 || (problem->taps[2] >= LONG_TAPS && problem->out[2] >= LONG_ROW)))
        return (block){.rows = 1, .lanes = ROW_LANES}; /* so many sums at once as an addition takes cycles */
    int64_t planes = problem->out[0] * problem->groups * problem->batch.count;
    for (int i = 1; i <= tallest[kind]; i++) {
        int rows = blocks[i][kind].rows;
        int64_t across = (problem->out[1] + rows - 1) / rows;
        bool looped = problem->step[1] == 1 && problem->dilation[1] == 1;
        if (looped && problem->taps[1] > rows && across * rows * 16 <= problem->out[1] * 17 &&
            across * planes >= 4 * (int64_t)profile->units)
            cut = blocks[i][kind];
    }
    return cut;
}

/* The block of a variant: the first is the one preferred, whose place in the list blocks[0] takes. */
static block choose_block(const clf_context *context, const clf_conv_problem *problem, int variant) {
    int kind = item_kind(clf_context_profile(context));
    if (kind == OTHER_ITEMS)
        return blocks[variant][kind];
    block preferred = preferred_block(context, problem), cut = blocks[variant][kind];
    bool first = cut.rows == preferred.rows && cut.lanes == preferred.lanes;
    return variant == 0 ? preferred : first ? blocks[0][kind] : cut;
}

static int64_t rows_in(const clf_conv_problem *problem, int64_t rows) {
    return (rows - 1) * problem->step[1] + (problem->taps[1] - 1) * problem->dilation[1] + 1;
}

/* Contiguous along x with step 1, no channels mixed, and taps few enough for constant memory and a bounded build. */
static bool applies(const clf_context *context, const void *described) {
    clf_conv_problem rows;
    const clf_conv_problem *problem = clf_conv_as_rows(described, &rows);
    bool contiguous = (problem->src_stride[2] == 1 || problem->extent[2] == 1) &&
                      (problem->dst_stride[2] == 1 || problem->out[2] == 1) && problem->step[2] == 1;
    bool planes = problem->inputs == 1 && problem->outputs == 1; /* no bank, or a depthwise one */
    int64_t line = MOST_LANES * clf_profile_lanes(clf_context_profile(context), clf_conv_wide(problem)) +
                   (problem->taps[2] - 1) * problem->dilation[2];
    return contiguous && planes && clf_conv_weight_count(problem) + problem->groups <= MOST_TAPS &&
           rows_in(problem, MOST_ROWS) * problem->taps[0] <= MOST_ROWS_IN &&
           rows_in(problem, MOST_ROWS) * problem->taps[0] * line <= MOST_GATHERED;
}

/* The share of the peak in multiply-adds, as measured for wide items on CPUs with AVX-512 and with AVX2. */
static const double wide_item_arithmetic = 0.817;

static double estimate(const clf_context *context, const void *described) {
    clf_conv_problem rows;
    const clf_conv_problem *problem = clf_conv_as_rows(described, &rows);
    clf_plan_cost cost = {0};
    clf_conv_cost(problem, &cost);
    const clf_profile *profile = clf_context_profile(context);
    double flops = cost.flops * (clf_conv_wide(problem) ? 2 : 1);
    if (!profile->wide_items)
        return clf_seconds(profile, cost.bytes, flops, 1);
    double converted = clf_conv_converts(problem) ? (double)clf_view_count(&problem->dst) : 0;
    return clf_seconds(profile, cost.bytes, flops / wide_item_arithmetic + CLF_CONVERSION_FLOPS * converted, 1);
}

/* Outputs are stored past the cache from four times the usual size on: below, plain stores were as fast or faster. */
static const double past_factor = 0.25;

/* True if outputs are of the arithmetic's type and too much for the cache. */
static bool past_cache(const clf_context *context, const clf_conv_problem *problem) {
    double bytes = (double)clf_view_count(&problem->dst) * (double)clf_dtype_bytes(problem->dst.dtype);
    return problem->dst.dtype == (clf_conv_wide(problem) ? CLF_F64 : CLF_F32) &&
           clf_past_cache(clf_context_profile(context), past_factor * bytes);
}

static void write_options(clf_text *options, const clf_conv_problem *problem, int vector, block cut,
                          const size_t local[3]) {
    clf_real_options(options, problem->src.dtype, problem->dst.dtype, vector);
    clf_text_add(options, " -DKZ=%d -DKY=%d -DKX=%d", (int)problem->taps[0], (int)problem->taps[1],
                 (int)problem->taps[2]);
    clf_text_add(options, " -DSTEP_Y=%d -DDILATION_Y=%d -DDILATION_X=%d -DROWS=%d -DLANES=%d", (int)problem->step[1],
                 (int)problem->dilation[1], (int)problem->dilation[2], cut.rows, cut.lanes);
    clf_text_add(options, " -DPIXEL=%d -DLOCAL_X=%d -DLOCAL_Y=%d", (int)problem->pixel, (int)local[0], (int)local[1]);
}

/* Columns that a wide work-item sweeps: whole rows, or parts of them where rows are too few for all units. */
static int64_t columns_of_item(const clf_context *context, const clf_conv_problem *problem, int vector, block cut) {
    int64_t least = (int64_t)LEAST_TILES * cut.lanes * vector, columns = problem->out[2];
    int64_t items =
        (problem->out[1] + cut.rows - 1) / cut.rows * problem->out[0] * problem->groups * problem->batch.count;
    int64_t wanted = 4 * (int64_t)clf_context_profile(context)->units;
    if (items > 0 && items < wanted)
        columns = (columns * items + wanted - 1) / wanted;
    return (columns + least - 1) / least * least;
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    clf_conv_problem rows;
    const clf_conv_problem *problem = clf_conv_as_rows(described, &rows);
    bool wide_items = clf_context_profile(plan->context)->wide_items, wide = clf_conv_wide(problem);
    int vector = clf_profile_lanes(clf_context_profile(plan->context), wide);
    const block cut = choose_block(plan->context, problem, plan->variant);
    size_t across = clf_work_group(plan->context, GPU_LOCAL_X);
    const size_t local[3] = {across, clf_work_group(plan->context, GPU_LOCAL_X * GPU_LOCAL_Y) / across, 1};
    clf_conv_taps taps;
    cl_mem table;
    CLF_TRY(clf_conv_prepare_taps(plan, problem, 1, &taps, error));
    CLF_TRY(clf_conv_table(plan, problem, 1, &table, error));
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    write_options(&options, problem, vector, cut, local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "conv/direct", &options, "conv_direct", &launch, error));
    int64_t columns = wide_items ? columns_of_item(plan->context, problem, vector, cut) : 1;
    clf_launch_operand(launch, "x", 0);
    clf_launch_operand(launch, "y", 1);
    clf_conv_set_taps(launch, "w", &taps);
    clf_launch_buffer(launch, "g", table);
    clf_launch_real(launch, "cval", problem->cval, wide);
    clf_launch_i64(launch, "columns", columns);
    clf_launch_i32(launch, "past", past_cache(plan->context, problem));
    clf_launch_i64(launch, "ahead",
                   wide_items && problem->taps[0] > 1 ? cut.rows * problem->step[1] * problem->src_stride[1] : 0);
    clf_launch_range(launch,
                     (size_t[]){(size_t)((problem->out[2] + columns - 1) / columns),
                                (size_t)((problem->out[1] + cut.rows - 1) / cut.rows),
                                (size_t)(problem->out[0] * problem->groups * problem->batch.count)},
                     local);
    clf_text_add(&plan->description, " vector=%d rows=%d vectors=%d", vector, cut.rows, cut.lanes);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_conv_direct = {
    "conv.direct", applies,
    estimate,      prepare,
    VARIANTS,      "contiguous rows, stride 1 along them, a kernel that mixes no channels, and at most 4096 taps"};
