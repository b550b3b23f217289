/* SPDX-License-Identifier: Apache-2.0 */
/* What every convolution solver hands to its kernels: the geometry table and the dense taps; and the common cost. */
#include "base/alloc.h"
#include "ops/border.h"
#include "ops/conv.h"

#include "../../cl/inc/conv_geometry.h"

#include <stdlib.h>
#include <string.h>

int64_t clf_conv_tap_count(const clf_conv_problem *problem) {
    return problem->taps[0] * problem->taps[1] * problem->taps[2];
}

bool clf_conv_wide(const clf_conv_problem *problem) {
    return clf_dtype_wide(problem->src.dtype);
}

void clf_conv_cost(const void *described, clf_plan_cost *cost) {
    const clf_conv_problem *problem = described;
    double outputs = (double)clf_view_count(&problem->dst), taps = (double)clf_conv_tap_count(problem);
    cost->bytes = (double)clf_view_count(&problem->src) * (double)clf_dtype_bytes(problem->src.dtype) +
                  outputs * (double)clf_dtype_bytes(problem->dst.dtype) + taps * (clf_conv_wide(problem) ? 8 : 4);
    cost->flops = 2 * taps * outputs;
}

clf_status clf_conv_table(clf_plan *plan, const clf_conv_problem *problem, cl_mem *table, clf_error *error) {
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
    clf_batch_write(&problem->batch, values + CONV_BATCH);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

/* Taps known now: converted to the arithmetic's type once. */
static clf_status own_taps(clf_plan *plan, const clf_conv_problem *problem, cl_mem *table, clf_error *error) {
    size_t count = (size_t)clf_conv_tap_count(problem);
    if (clf_conv_wide(problem))
        return clf_plan_own(plan, count * sizeof(double), problem->values, table, error);
    float *narrow;
    CLF_TRY(clf_allocate(&narrow, count, sizeof *narrow, error));
    for (size_t i = 0; i < count; i++)
        narrow[i] = (float)problem->values[i];
    clf_status status = clf_plan_own(plan, count * sizeof *narrow, narrow, table, error);
    free(narrow);
    return status;
}

/* Taps read at every execution: a step gathers them into scratch. */
static clf_status gather_taps(clf_plan *plan, const clf_conv_problem *problem, cl_uint *scratch, clf_error *error) {
    bool wide = clf_conv_wide(problem);
    size_t bytes = (size_t)clf_conv_tap_count(problem) * (wide ? sizeof(double) : sizeof(float));
    CLF_TRY(clf_plan_scratch(plan, bytes, scratch, error));
    clf_launch *launch;
    const char *options = wide ? "-DREAL=double -DREAL_IS_DOUBLE" : "-DREAL=float";
    CLF_TRY(clf_plan_step(plan, "conv_taps", options, "conv_taps", &launch, error));
    clf_launch_operand(launch, 2);
    clf_launch_scratch(launch, *scratch);
    clf_launch_i64(launch, problem->tap_offset);
    for (int i = 0; i < CLF_CONV_AXES; i++)
        clf_launch_i64(launch, problem->tap_stride[i]);
    clf_launch_range(launch, (size_t[]){(size_t)problem->taps[2], (size_t)problem->taps[1], (size_t)problem->taps[0]},
                     (size_t[]){1, 1, 1});
    return clf_launch_seal(launch, error);
}

clf_status clf_conv_prepare_taps(clf_plan *plan, const clf_conv_problem *problem, clf_conv_taps *taps,
                                 clf_error *error) {
    *taps = (clf_conv_taps){0};
    if (problem->values != NULL)
        return own_taps(plan, problem, &taps->table, error);
    return gather_taps(plan, problem, &taps->scratch, error);
}

void clf_conv_set_taps(clf_launch *launch, const clf_conv_taps *taps) {
    if (taps->table != NULL)
        clf_launch_buffer(launch, taps->table);
    else
        clf_launch_scratch(launch, taps->scratch);
}
