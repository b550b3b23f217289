/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.bank: channels mixed by a bank of kernels, in blocks of outputs: wide work-items from rows staged nearby
 * (cl/conv/bank_staged.cl, cut by bank_cut.c), others a pixel each (cl/conv/bank.cl). As they stage their rows through
 * any stride, wide items also take single kernels where x is not contiguous (interleaved images) or strided.
 */
#include "ops/conv/bank.h"
#include "ops/real.h"

enum { MOST_BLOCK = 8, MOST_TAPS_X = 64 };

/* True if one kernel's rows are better staged than read in place. */
static bool scattered(const clf_context *context, const clf_conv_problem *problem) {
    return clf_context_profile(context)->wide_items &&
           (problem->src_stride[2] != 1 || problem->dst_stride[2] != 1 || problem->step[2] != 1);
}

/* Channels mixed or x scattered, and what is staged fits the local memory. */
static bool applies(const clf_context *context, const void *described) {
    const clf_conv_problem *problem = clf_conv_turned(described);
    if (!problem->bank && !scattered(context, problem))
        return false;
    clf_bank_cut cut;
    return clf_context_profile(context)->wide_items ? clf_bank_cut_find(context, problem, &cut)
                                                    : problem->taps[2] <= MOST_TAPS_X;
}

/* Of a pixel a work-item: the share of the peak that is left by loading a weight for every multiply-add. */
static const double arithmetic_share = 0.5;

/*
 * Launches of wide items, fewer than conv.direct's one: of small problems, whose time is all in the launch, banks and
 * scattered images stay here.
 */
static const double wide_item_launches = 4.0 / 9;

/* Elements that are loaded or stored one by one, in flops of the peak: measured on a CPU. */
static const double near_element = 60, far_element = 450;

static double estimate(const clf_context *context, const void *described) {
    const clf_conv_problem *problem = clf_conv_turned(described);
    clf_bank_cut cut;
    clf_plan_cost cost = {0};
    clf_conv_cost(problem, &cost);
    const clf_profile *profile = clf_context_profile(context);
    if (profile->wide_items && clf_bank_cut_find(context, problem, &cut))
        return clf_seconds(profile, cost.bytes, cut.flops + clf_conv_scattered(problem, near_element, far_element),
                           wide_item_launches);
    return clf_seconds(profile, 0, cost.flops / arithmetic_share * (clf_conv_wide(problem) ? 2 : 1), 1);
}

/* What both forms are given first: operands, weights in blocks, the geometry. */
static clf_status set_operands(clf_plan *plan, const clf_conv_problem *problem, int block, const char *source,
                               const clf_text *options, const char *kernel, clf_launch **launch, clf_error *error) {
    clf_conv_taps taps;
    cl_mem table;
    CLF_TRY(clf_conv_prepare_taps(plan, problem, block, &taps, error));
    CLF_TRY(clf_conv_table(plan, problem, block, &table, error));
    CLF_TRY(clf_plan_step(plan, source, options, kernel, launch, error));
    clf_launch_operand(*launch, "x", 0);
    clf_launch_operand(*launch, "y", 1);
    clf_conv_set_taps(*launch, "w", &taps);
    clf_launch_buffer(*launch, "g", table);
    return CLF_OK;
}

static clf_status prepare_staged(clf_plan *plan, const clf_conv_problem *problem, clf_error *error) {
    bool wide = clf_conv_wide(problem);
    size_t size = wide ? 8 : 4;
    clf_bank_cut cut;
    if (!clf_bank_cut_find(plan->context, problem, &cut))
        return clf_fail(error, CLF_UNSUPPORTED, "conv.bank: its staged data do not fit into the device's local memory");
    cl_mem table;
    CLF_TRY(clf_bank_cut_table(plan, problem, &cut, &table, error));
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, problem->src.dtype, problem->dst.dtype, cut.vector);
    clf_text_add(&options, " -DBLOCK=%d -DLANES=%d", cut.block, cut.lanes);
    clf_launch *launch;
    CLF_TRY(set_operands(plan, problem, cut.block, "conv/bank_staged", &options, "conv_bank_staged", &launch, error));
    clf_launch_buffer(launch, "cut", table);
    clf_launch_real(launch, "cval", problem->cval, wide);
    clf_launch_local(launch, "lines", (size_t)cut.staged * size);
    clf_launch_local(launch, "kept", (size_t)cut.kept * size);
    int64_t planes = problem->out[0] * problem->groups * problem->batch.count * cut.parts;
    clf_launch_range(launch,
                     (size_t[]){(size_t)((problem->out[2] + cut.columns - 1) / cut.columns),
                                (size_t)((problem->out[1] + cut.rows - 1) / cut.rows), (size_t)planes},
                     (size_t[]){1, 1, 1});
    clf_text_add(&plan->description, " vector=%d block=%d vectors=%d rows=%d columns=%d chunk=%d parts=%d", cut.vector,
                 cut.block, cut.lanes, (int)cut.rows, (int)cut.columns, (int)cut.chunk, (int)cut.parts);
    return clf_launch_seal(launch, error);
}

/* The greatest block that does not straddle groups. */
static int choose_block(const clf_conv_problem *problem) {
    int block = (int)(problem->outputs < MOST_BLOCK ? problem->outputs : MOST_BLOCK);
    while (problem->groups > 1 && problem->outputs % block != 0)
        block--;
    return block;
}

static clf_status prepare_plain(clf_plan *plan, const clf_conv_problem *problem, clf_error *error) {
    int block = choose_block(problem);
    size_t local = clf_work_group(plan->context, 0);
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, problem->src.dtype, problem->dst.dtype, 1);
    clf_text_add(&options, " -DKZ=%d -DKY=%d -DKX=%d -DSTEP_X=%d -DDILATION_X=%d", (int)problem->taps[0],
                 (int)problem->taps[1], (int)problem->taps[2], (int)problem->step[2], (int)problem->dilation[2]);
    clf_text_add(&options, " -DINPUTS=%d -DOUTPUTS=%d -DBLOCK=%d -DLOCAL_X=%zu", (int)problem->inputs,
                 (int)problem->outputs, block, local);
    clf_launch *launch;
    CLF_TRY(set_operands(plan, problem, block, "conv/bank", &options, "conv_bank_plain", &launch, error));
    clf_launch_real(launch, "cval", problem->cval, clf_conv_wide(problem));
    int64_t planes =
        problem->out[0] * problem->groups * problem->batch.count * ((problem->outputs + block - 1) / block);
    clf_launch_range(launch, (size_t[]){(size_t)problem->out[2], (size_t)problem->out[1], (size_t)planes},
                     (size_t[]){local, 1, 1});
    clf_text_add(&plan->description, " block=%d", block);
    return clf_launch_seal(launch, error);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_conv_problem *problem = clf_conv_turned(described);
    return clf_context_profile(plan->context)->wide_items ? prepare_staged(plan, problem, error)
                                                          : prepare_plain(plan, problem, error);
}

const clf_solver clf_conv_bank = {
    "conv.bank",
    applies,
    estimate,
    prepare,
    1,
    "a bank of kernels (on CPUs also a single kernel with a stride along x), and rows that fit into local memory"};
