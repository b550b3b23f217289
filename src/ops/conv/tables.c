/* SPDX-License-Identifier: Apache-2.0 */
/* What every convolution solver hands to its kernels: the geometry table and the weights; and the common cost. */
#include "base/alloc.h"
#include "ops/conv/conv.h"
#include "ops/real.h"
#include "plan/rearrange.h"

#include "cl/conv/geometry.h"

#include <stdlib.h>
#include <string.h>

int64_t clf_conv_tap_count(const clf_conv_problem *problem) {
    return problem->taps[0] * problem->taps[1] * problem->taps[2];
}

int64_t clf_conv_output_count(const clf_conv_problem *problem) {
    return problem->groups * problem->outputs;
}

int64_t clf_conv_weight_count(const clf_conv_problem *problem) {
    return clf_conv_output_count(problem) * problem->inputs * clf_conv_tap_count(problem);
}

bool clf_conv_wide(const clf_conv_problem *problem) {
    return clf_dtype_wide(problem->src.dtype);
}

bool clf_conv_converts(const clf_conv_problem *problem) {
    clf_dtype arithmetic = clf_conv_wide(problem) ? CLF_F64 : CLF_F32;
    return problem->src.dtype != arithmetic || problem->dst.dtype != arithmetic;
}

void clf_conv_cost(const void *described, clf_plan_cost *cost) {
    const clf_conv_problem *problem = described;
    double outputs = (double)clf_view_count(&problem->dst),
           taps = (double)(clf_conv_tap_count(problem) * problem->inputs);
    cost->bytes = (double)clf_view_count(&problem->src) * (double)clf_dtype_bytes(problem->src.dtype) +
                  outputs * (double)clf_dtype_bytes(problem->dst.dtype) +
                  (double)clf_conv_weight_count(problem) * (clf_conv_wide(problem) ? 8 : 4);
    cost->flops = 2 * taps * outputs;
}

double clf_conv_scattered(const clf_conv_problem *problem, double near, double far) {
    double src = clf_scattered_flops(clf_view_count(&problem->src), problem->src_stride[2], near, far),
           dst = clf_scattered_flops(clf_view_count(&problem->dst), problem->dst_stride[2], near, far);
    return (problem->extent[2] > 1 ? src : 0) + (problem->out[2] > 1 ? dst : 0);
}

/* Weights in blocks of output channels, without the biases. */
static int64_t blocked_weights(const clf_conv_problem *problem, int64_t block) {
    int64_t blocks = (clf_conv_output_count(problem) + block - 1) / block;
    return blocks * block * problem->inputs * clf_conv_tap_count(problem);
}

clf_status clf_conv_table(clf_plan *plan, const clf_conv_problem *problem, int block, cl_mem *table, clf_error *error) {
    int64_t values[CONV_BATCH + CLF_BATCH_TABLE] = {0};
    for (int i = 0; i < CLF_CONV_AXES; i++) {
        values[CONV_EXTENT + i] = problem->extent[i];
        values[CONV_OUT + i] = problem->out[i];
        values[CONV_SRC_STRIDE + i] = problem->src_stride[i];
        values[CONV_DST_STRIDE + i] = problem->dst_stride[i];
        values[CONV_TAPS + i] = problem->taps[i];
        values[CONV_START + i] = problem->start[i];
        values[CONV_STEP + i] = problem->step[i];
        values[CONV_DILATION + i] = problem->dilation[i];
        values[CONV_BORDER + i] = problem->border[i];
    }
    values[CONV_SRC_OFFSET] = problem->src.offset;
    values[CONV_DST_OFFSET] = problem->dst.offset;
    values[CONV_ITEMS] = problem->batch.count;
    values[CONV_GROUPS] = problem->groups;
    values[CONV_INPUTS] = problem->inputs;
    values[CONV_OUTPUTS] = problem->outputs;
    values[CONV_SRC_CHANNEL] = problem->src_channel;
    values[CONV_DST_CHANNEL] = problem->dst_channel;
    values[CONV_BIAS] = blocked_weights(problem, block);
    clf_batch_write(&problem->batch, values + CONV_BATCH);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

/* Elements of the weights in blocks of output channels, biases included. */
static int64_t blocked_count(const clf_conv_problem *problem, int block) {
    int64_t blocks = (clf_conv_output_count(problem) + block - 1) / block;
    int64_t count = blocked_weights(problem, block) + blocks * block;
    return count > 0 ? count : 1; /* of no outputs: a buffer has an element at least */
}

/* The weight or bias that stands at `at` of the blocked order; 0 if the last block is not full. */
static double blocked_value(const clf_conv_problem *problem, int64_t block, int64_t at) {
    if (block == 1)
        return problem->values[at]; /* the plain order */
    int64_t outputs = clf_conv_output_count(problem), blocks = (outputs + block - 1) / block;
    int64_t count = problem->inputs * clf_conv_tap_count(problem), lane = at % block, rest = at / block;
    if (rest >= blocks * count) {
        int64_t output = (rest - blocks * count) * block + lane;
        return output < outputs ? problem->values[outputs * count + output] : 0;
    }
    int64_t output = rest / count * block + lane;
    return output < outputs ? problem->values[output * count + rest % count] : 0;
}

/* Weights known now: ordered and converted to the arithmetic's type once. */
static clf_status own_taps(clf_plan *plan, const clf_conv_problem *problem, int block, cl_mem *table,
                           clf_error *error) {
    int64_t count = blocked_count(problem, block);
    bool wide = clf_conv_wide(problem);
    size_t size = wide ? sizeof(double) : sizeof(float);
    union {
        void *raw;
        double *wide;
        float *narrow;
    } values;
    CLF_TRY(clf_allocate(&values.raw, count, size, error));
    for (int64_t i = 0; i < count; i++) {
        double value = blocked_value(problem, block, i);
        if (wide)
            values.wide[i] = value;
        else
            values.narrow[i] = (float)value;
    }
    clf_status status = clf_plan_own(plan, clf_bytes(count, size), values.raw, table, error);
    free(values.raw);
    return status;
}

void clf_conv_set_strides(clf_launch *launch, const clf_conv_problem *problem) {
    static const char *const strides[CLF_CONV_AXES] = {"stride0", "stride1", "stride2"};
    clf_launch_i64(launch, "offset", problem->tap_offset);
    clf_launch_i64(launch, "output_stride", problem->output_stride);
    clf_launch_i64(launch, "input_stride", problem->input_stride);
    for (int i = 0; i < CLF_CONV_AXES; i++)
        clf_launch_i64(launch, strides[i], problem->tap_stride[i]);
}

/* Weights read at every execution: a step gathers them into scratch. */
static clf_status gather_taps(clf_plan *plan, const clf_conv_problem *problem, int block, cl_uint *scratch,
                              clf_error *error) {
    bool wide = clf_conv_wide(problem);
    int64_t count = blocked_count(problem, block);
    CLF_TRY(clf_plan_scratch(plan, clf_bytes(count, wide ? sizeof(double) : sizeof(float)), scratch, error));
    char data[128];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_text_add(&options, "%s -DHAS_BIAS=%d", wide ? "-DREAL=double -DREAL_IS_DOUBLE" : "-DREAL=float",
                 problem->biased);
    static const char *const tap_names[CLF_CONV_AXES] = {"taps0", "taps1", "taps2"};
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "conv/taps", &options, "conv_taps", &launch, error));
    clf_launch_operand(launch, "weights", 2);
    clf_launch_operand(launch, "bias", problem->biased ? 3 : 2);
    clf_launch_scratch(launch, "taps", *scratch);
    clf_conv_set_strides(launch, problem);
    clf_launch_i64(launch, "outputs", clf_conv_output_count(problem));
    clf_launch_i64(launch, "inputs", problem->inputs);
    for (int i = 0; i < CLF_CONV_AXES; i++)
        clf_launch_i64(launch, tap_names[i], problem->taps[i]);
    clf_launch_i64(launch, "block", block);
    clf_launch_i64(launch, "bias_offset", problem->bias_offset);
    clf_launch_i64(launch, "bias_stride", problem->bias_stride);
    size_t items = count < 1024 ? 1 : 256;
    clf_launch_range(launch, (size_t[]){items, 1, 1}, (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

clf_status clf_conv_prepare_taps(clf_plan *plan, const clf_conv_problem *problem, int block, clf_conv_taps *taps,
                                 clf_error *error) {
    *taps = (clf_conv_taps){0};
    if (problem->values != NULL)
        return own_taps(plan, problem, block, &taps->table, error);
    return gather_taps(plan, problem, block, &taps->scratch, error);
}

void clf_conv_set_taps(clf_launch *launch, const char *name, const clf_conv_taps *taps) {
    if (taps->table != NULL)
        clf_launch_buffer(launch, name, taps->table);
    else
        clf_launch_scratch(launch, name, taps->scratch);
}
