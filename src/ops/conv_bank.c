/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.bank: channels mixed by a bank of kernels, in blocks of outputs (cl/conv_bank.cl). As it stages its rows through
 * any stride, CPUs also take single kernels with it where x is not contiguous (interleaved images) or strided.
 */
#include "ops/border.h"
#include "ops/conv.h"

enum { CPU_BLOCK = 6, GPU_BLOCK = 8, GPU_LOCAL = 64, MOST_LANES = 4, STAGED_BYTES = 128 << 10, MOST_TAPS_X = 64 };

/* How the work is cut: outputs of a block, vectors of a tile, inputs staged at a time; memory in elements. */
typedef struct shape {
    int vector, block, lanes, chunk;
    int64_t tile, line, staged, partial;
} shape;

/* The greatest block up to `most` that does not straddle groups. */
static int choose_block(const clf_conv_problem *problem, int most) {
    int64_t outputs = problem->outputs;
    int block = (int)(outputs < most ? outputs : most);
    while (problem->groups > 1 && outputs % block != 0)
        block--;
    return block;
}

static shape choose_shape(const clf_context *context, const clf_conv_problem *problem) {
    shape cut = {.vector = clf_real_vector(context, clf_conv_wide(problem)), .lanes = 1, .chunk = 1};
    cut.block = choose_block(problem, clf_context_is_cpu(context) ? CPU_BLOCK : GPU_BLOCK);
    if (!clf_context_is_cpu(context))
        return cut;
    while (cut.lanes < MOST_LANES && cut.lanes * cut.vector < problem->out[2])
        cut.lanes++;
    cut.tile = cut.lanes * cut.vector;
    cut.line = problem->step[2] * (cut.tile + (problem->taps[2] - 1) * problem->dilation[2] / problem->step[2]);
    int64_t rows = problem->taps[0] * problem->taps[1], size = clf_conv_wide(problem) ? 8 : 4;
    int64_t half = (int64_t)context->info.local_bytes / 2; /* the other is for sums between chunks */
    int64_t chunk = (half < STAGED_BYTES ? half : STAGED_BYTES) / (rows * cut.line * size);
    cut.chunk = (int)(chunk < 1 ? 1 : chunk < problem->inputs ? chunk : problem->inputs);
    cut.staged = cut.chunk * rows * cut.line;
    int64_t blocks = (problem->outputs + cut.block - 1) / cut.block;
    cut.partial = cut.chunk < problem->inputs ? blocks * cut.block * cut.tile : 1;
    return cut;
}

/* True where one kernel's rows are better staged than read in place. */
static bool scattered(const clf_context *context, const clf_conv_problem *problem) {
    return clf_context_is_cpu(context) &&
           (problem->src_stride[2] != 1 || problem->dst_stride[2] != 1 || problem->step[2] != 1);
}

/* Channels mixed or x scattered, and what is staged fits the local memory. */
static bool applies(const clf_context *context, const void *described) {
    const clf_conv_problem *problem = described;
    if ((!problem->bank && !scattered(context, problem)) || problem->taps[2] > MOST_TAPS_X)
        return false;
    shape cut = choose_shape(context, problem);
    int64_t bytes = (cut.staged + cut.partial) * (clf_conv_wide(problem) ? 8 : 4);
    return !clf_context_is_cpu(context) || (cut.line < 65536 && bytes <= (int64_t)context->info.local_bytes);
}

static double estimate(const clf_context *context, const void *described) {
    const clf_conv_problem *problem = described;
    clf_plan_cost cost = {0};
    clf_conv_cost(problem, &cost);
    bool cpu = clf_context_is_cpu(context);
    double arithmetic = cost.flops / 2 / (cpu ? 5e10 : 5e10) * (clf_conv_wide(problem) ? 2 : 1);
    double staging = (double)clf_view_count(&problem->src) * (double)(problem->taps[0] * problem->taps[1]) * 5e-10;
    return (arithmetic + (cpu ? staging : 0)) / context->info.compute_units + 2e-5;
}

static void write_options(clf_text *options, const clf_conv_problem *problem, const shape *cut, size_t local) {
    clf_real_options(options, problem->src.dtype, problem->dst.dtype, cut->vector);
    clf_text_add(options, " -DKZ=%d -DKY=%d -DKX=%d -DSTEP_X=%d -DDILATION_X=%d", (int)problem->taps[0],
                 (int)problem->taps[1], (int)problem->taps[2], (int)problem->step[2], (int)problem->dilation[2]);
    clf_text_add(options, " -DINPUTS=%d -DCHUNK=%d -DOUTPUTS=%d -DBLOCK=%d -DLANES=%d", (int)problem->inputs,
                 cut->chunk, (int)problem->outputs, cut->block, cut->lanes);
    clf_text_add(options, " -DCONTIGUOUS=%d -DLOCAL_X=%zu", problem->src_stride[2] == 1 && problem->dst_stride[2] == 1,
                 local);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_conv_problem *problem = described;
    bool cpu = clf_context_is_cpu(plan->context), wide = clf_conv_wide(problem);
    shape cut = choose_shape(plan->context, problem);
    size_t local = cpu ? 1 : GPU_LOCAL, size = wide ? 8 : 4;
    clf_conv_taps taps;
    cl_mem table;
    CLF_TRY(clf_conv_prepare_taps(plan, problem, cut.block, &taps, error));
    CLF_TRY(clf_conv_table(plan, problem, cut.block, &table, error));
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    write_options(&options, problem, &cut, local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "conv_bank", data, cpu ? "conv_bank_staged" : "conv_bank_plain", &launch, error));
    clf_launch_operand(launch, 0);
    clf_launch_operand(launch, 1);
    clf_conv_set_taps(launch, &taps);
    clf_launch_buffer(launch, table);
    clf_launch_real(launch, problem->cval, wide);
    int64_t planes = problem->out[0] * problem->groups * problem->batch.count, columns = problem->out[2];
    if (cpu) {
        clf_launch_local(launch, (size_t)cut.staged * size);
        clf_launch_local(launch, (size_t)cut.partial * size);
        columns = (columns + cut.tile - 1) / cut.tile;
    } else {
        planes *= (problem->outputs + cut.block - 1) / cut.block;
    }
    clf_launch_range(launch, (size_t[]){(size_t)columns, (size_t)problem->out[1], (size_t)planes},
                     (size_t[]){local, 1, 1});
    clf_text_add(&plan->description, " vector=%d block=%d lanes=%d chunk=%d", cut.vector, cut.block, cut.lanes,
                 cut.chunk);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_conv_bank = {
    "conv.bank", applies, estimate,
    prepare,     1,       "a bank of kernels (on CPUs also a single one where x is strided), at most 64 taps wide"};
