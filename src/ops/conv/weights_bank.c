/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv_weights.bank: the gradient of a bank with respect to its weights and biases as products of matrices, outputs
 * times taps of inputs, summed over the pixels (cl/conv/weights_bank.cl). It is made for wide work-items.
 */
#include "base/alloc.h"
#include "ops/conv/bank.h"
#include "ops/real.h"

enum {
    MOST_PIXELS = 256,       /* of a rectangle: a panel of gradients stays in half of a first-level cache */
    STAGED_BYTES = 96 << 10, /* of the input: part of a second-level cache */
    ITEMS_PER_UNIT = 4,      /* work-items a unit, below which outputs and pixels are shared out too */
    LEAST_RECTANGLES = 2,    /* of a slice of the pixels */
    NARROW_VECTOR = 4        /* of devices that like none */
};

/* The cut: panels stand in the place of blocks, cut->block outputs each. */
typedef struct weights_cut {
    clf_bank_cut cut;
    int64_t chunks, slices, run; /* rows of a run */
} weights_cut;

static int64_t ratio_up(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

static int64_t rectangles_of(const clf_conv_problem *problem, const clf_bank_cut *cut) {
    return ratio_up(problem->out[1], cut->rows) * ratio_up(problem->out[2], cut->columns) * problem->out[0] *
           problem->batch.count;
}

/* A rectangle of about MOST_PIXELS pixels, halved until a channel of its input fits; and as many channels as fit. */
static bool find_rectangle(const clf_conv_problem *problem, int64_t local_elements, clf_bank_cut *cut) {
    int64_t staged = STAGED_BYTES / (clf_conv_wide(problem) ? 8 : 4);
    for (int64_t pixels = MOST_PIXELS; pixels > 0; pixels /= 2) {
        cut->columns = ratio_up(problem->out[2], ratio_up(problem->out[2], pixels));
        int64_t rows = pixels / cut->columns;
        cut->rows = ratio_up(problem->out[1], ratio_up(problem->out[1], rows < 1 ? 1 : rows));
        if (!clf_bank_cut_stage(problem, local_elements, cut))
            continue;
        int64_t room = local_elements - cut->rows * cut->columns * cut->block;
        int64_t most = room < staged ? room : staged, taps = clf_conv_tap_count(problem);
        int64_t chunk = most < cut->channel ? room / cut->channel : most / cut->channel;
        chunk = chunk < CLF_BANK_DISTANCES / taps ? chunk : CLF_BANK_DISTANCES / taps;
        if (chunk < 1)
            continue;
        chunk = chunk < problem->inputs ? chunk : problem->inputs;
        cut->chunk = ratio_up(problem->inputs, ratio_up(problem->inputs, chunk));
        cut->staged = cut->chunk * cut->channel;
        return true;
    }
    return false;
}

/* Shares out pixels where there are many rectangles, then panels, until all units have work. */
static void find_shares(const clf_context *context, const clf_conv_problem *problem, weights_cut *found) {
    clf_bank_cut *cut = &found->cut;
    int64_t units = clf_context_profile(context)->units;
    found->chunks = ratio_up(problem->inputs, cut->chunk);
    int64_t wanted = units == 1 ? 1 : ratio_up(units * ITEMS_PER_UNIT, found->chunks * problem->groups);
    int64_t most = rectangles_of(problem, cut) / LEAST_RECTANGLES;
    found->slices = wanted < most ? wanted : most < 1 ? 1 : most;
    int64_t parts = ratio_up(wanted, found->slices);
    cut->part = ratio_up(cut->blocks, parts < cut->blocks ? parts : cut->blocks);
    cut->parts = ratio_up(cut->blocks, cut->part);
}

static bool find_cut(const clf_context *context, const clf_conv_problem *problem, weights_cut *found) {
    int lanes = clf_profile_lanes(clf_context_profile(context), clf_conv_wide(problem));
    *found = (weights_cut){.cut = {.vector = lanes > 1 ? lanes / 2 : NARROW_VECTOR, .lanes = 1}};
    clf_bank_cut *cut = &found->cut;
    cut->block = problem->outputs <= cut->vector || lanes == 1 ? cut->vector : lanes;
    cut->blocks = ratio_up(problem->outputs, cut->block);
    clf_bank_cut_phases(problem, cut);
    if (!find_rectangle(problem, clf_bank_local_elements(context, problem), cut))
        return false;
    find_shares(context, problem, found);
    /* Summed as they come, n terms lose at most n/2 eps of their sum: this many pixels leave some for the rest. */
    found->run = (2 * problem->out[2] + 4) / problem->out[2];
    return true;
}

static bool applies(const clf_context *context, const void *described) {
    const clf_conv_problem *problem = described;
    weights_cut found;
    return problem->bank && clf_view_count(&problem->src) > 0 && clf_view_count(&problem->dst) > 0 &&
           find_cut(context, problem, &found);
}

/* Cycles of what is done for a rectangle and one chunk of channels. */
static double rectangle_cycles(const clf_conv_problem *problem, const weights_cut *found) {
    const clf_bank_cut *cut = &found->cut;
    double pixels = (double)(cut->rows * cut->columns), columns = (double)(cut->chunk * clf_conv_tap_count(problem));
    double lines = (double)(cut->chunk * cut->channel / cut->pitch);
    bool near = problem->src_stride[2] * problem->step[2] == 1, turned = problem->dst_stride[2] == 1;
    double staging = lines * (40 + (double)cut->pitch * (near ? 2.0 / cut->vector : 1.5));
    double turning = pixels * cut->block * (turned ? 0.5 : 1.5);
    double runs = (double)ratio_up(cut->rows, found->run);
    double products = columns * (pixels * 0.6 + runs * 6);
    return staging * (double)cut->parts + (double)cut->blocks * (turning + products);
}

/* What is left of the peak by work-items that do in order what others share. */
static const double narrow_item_share = 0.004;

static double estimate(const clf_context *context, const void *described) {
    const clf_conv_problem *problem = described;
    const clf_profile *profile = clf_context_profile(context);
    weights_cut found;
    clf_plan_cost cost = {0};
    clf_conv_cost(problem, &cost);
    if (!profile->wide_items || !find_cut(context, problem, &found))
        return clf_seconds(profile, 0, cost.flops / narrow_item_share, 1);
    double repeats = (double)(rectangles_of(problem, &found.cut) * found.chunks * problem->groups);
    double stored = (double)(clf_conv_weight_count(problem) * (found.slices + 2) * 4);
    double cycles = repeats * rectangle_cycles(problem, &found) + stored;
    return clf_seconds(profile, 0, cycles * CLF_CYCLE_FLOPS, found.slices > 1 ? 2 : 1);
}

/* What both kernels are given last: where the weights and the biases belong. */
static void set_target(clf_launch *launch, const clf_conv_problem *problem) {
    clf_conv_set_strides(launch, problem);
    clf_launch_i64(launch, "bias_offset", problem->bias_offset);
    clf_launch_i64(launch, "bias_stride", problem->bias_stride);
}

/* What is made beforehand. */
typedef struct weights_memory {
    cl_mem geometry, cut;
    cl_uint partial;
} weights_memory;

static clf_status add_products(clf_plan *plan, const clf_conv_problem *problem, const weights_cut *found,
                               const clf_text *options, const weights_memory *memory, clf_error *error) {
    const clf_bank_cut *cut = &found->cut;
    size_t size = clf_conv_wide(problem) ? 8 : 4;
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "conv/weights_bank", options, "conv_weights_bank", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_operand(launch, "y", 1);
    clf_launch_scratch(launch, "partial", memory->partial);
    clf_launch_operand(launch, "weights", 2);
    clf_launch_operand(launch, "biases", problem->biased ? 3 : 2);
    clf_launch_buffer(launch, "g", memory->geometry);
    clf_launch_buffer(launch, "cut", memory->cut);
    clf_launch_real(launch, "cval", problem->cval, clf_conv_wide(problem));
    clf_launch_i64(launch, "slices", found->slices);
    clf_launch_i32(launch, "run", (cl_int)found->run);
    clf_launch_i32(launch, "biased", problem->biased);
    set_target(launch, problem);
    clf_launch_local(launch, "lines", (size_t)cut->staged * size);
    clf_launch_local(launch, "panel", (size_t)(cut->rows * cut->columns * cut->block) * size);
    int64_t shares = found->chunks * cut->parts * problem->groups;
    clf_launch_range(launch, (size_t[]){1, (size_t)found->slices, (size_t)shares}, (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status join_slices(clf_plan *plan, const clf_conv_problem *problem, const weights_cut *found,
                              const clf_text *options, const weights_memory *memory, clf_error *error) {
    int64_t columns = problem->inputs * clf_conv_tap_count(problem) + problem->biased;
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "conv/weights_bank", options, "conv_weights_bank_join", &launch, error));
    clf_launch_scratch(launch, "partial", memory->partial);
    clf_launch_operand(launch, "weights", 2);
    clf_launch_operand(launch, "biases", problem->biased ? 3 : 2);
    clf_launch_buffer(launch, "g", memory->geometry);
    clf_launch_buffer(launch, "cut", memory->cut);
    clf_launch_i64(launch, "slices", found->slices);
    set_target(launch, problem);
    clf_launch_range(launch, (size_t[]){(size_t)columns, (size_t)found->cut.blocks, (size_t)problem->groups},
                     (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_conv_problem *problem = described;
    bool wide = clf_conv_wide(problem), half = problem->dst.dtype == CLF_F16;
    weights_cut found;
    if (!find_cut(plan->context, problem, &found))
        return clf_fail(error, CLF_UNSUPPORTED,
                        "conv_weights.bank: its staged data do not fit into the device's local memory");
    const clf_bank_cut *cut = &found.cut;
    int64_t columns = problem->inputs * clf_conv_tap_count(problem) + 1;
    int64_t sums = found.slices * problem->groups * cut->blocks * cut->block * columns;
    weights_memory memory;
    CLF_TRY(clf_conv_table(plan, problem, 1, &memory.geometry, error));
    CLF_TRY(clf_bank_cut_table(plan, problem, cut, &memory.cut, error));
    CLF_TRY(
        clf_plan_scratch(plan, clf_bytes(sums, 2 * (wide ? sizeof(double) : sizeof(float))), &memory.partial, error));
    char data[256];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, problem->src.dtype, wide ? CLF_F64 : CLF_F32, cut->vector);
    clf_text_add(&options, " -DGRAD_T=%s -DGRAD_IS_HALF=%d -DPANEL=%d",
                 wide   ? "double"
                 : half ? "half"
                        : "float",
                 half, cut->block);
    CLF_TRY(add_products(plan, problem, &found, &options, &memory, error));
    clf_text_add(&plan->description, " vector=%d panel=%d rows=%d columns=%d chunk=%d parts=%d slices=%lld",
                 cut->vector, cut->block, (int)cut->rows, (int)cut->columns, (int)cut->chunk, (int)cut->parts,
                 (long long)found.slices);
    return found.slices > 1 ? join_slices(plan, problem, &found, &options, &memory, error) : CLF_OK;
}

const clf_solver clf_conv_weights_bank = {
    "conv_weights.bank", applies, estimate, prepare, 1, "a bank of kernels, and rows that fit into local memory"};
