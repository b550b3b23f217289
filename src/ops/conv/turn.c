/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Convolutions of which some other filtered axis than the last is contiguous, as in images that are stored by columns:
 * seen with the two exchanged, in the data and in the kernel. Nothing is copied but the weights.
 */
#include "ops/conv/conv.h"

#include "base/alloc.h"

#include <stdlib.h>

enum { LAST = CLF_CONV_AXES - 1 };

/* The filtered axis whose elements lie side by side in src and dst, or -1 if there is none before the last. */
static int contiguous_axis(const clf_conv_problem *problem) {
    for (int axis = CLF_CONV_AXES - problem->axes; axis < LAST; axis++)
        if (problem->src_stride[axis] == 1 && problem->dst_stride[axis] == 1 && problem->extent[axis] > 1)
            return axis;
    return -1;
}

static void exchange(int64_t values[CLF_CONV_AXES], int axis) {
    int64_t last = values[LAST];
    values[LAST] = values[axis];
    values[axis] = last;
}

static void exchange_axes(clf_conv_problem *problem, int axis) {
    clf_border last = problem->border[LAST];
    problem->border[LAST] = problem->border[axis];
    problem->border[axis] = last;
    int64_t *const numbers[] = {problem->extent, problem->out,  problem->src_stride, problem->dst_stride, problem->taps,
                                problem->start,  problem->step, problem->dilation,   problem->tap_stride};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        exchange(numbers[i], axis);
}

/* Weights known now, in the turned order; the biases behind them as they are. */
static void copy_values(const clf_conv_problem *problem, const clf_conv_problem *turned, int axis, double *to) {
    int64_t stride[CLF_CONV_AXES] = {problem->taps[1] * problem->taps[2], problem->taps[2], 1};
    exchange(stride, axis);
    int64_t taps = clf_conv_tap_count(problem), kernels = clf_conv_output_count(problem) * problem->inputs;
    for (int64_t kernel = 0; kernel < kernels; kernel++)
        for (int64_t i = 0; i < turned->taps[0]; i++)
            for (int64_t j = 0; j < turned->taps[1]; j++)
                for (int64_t k = 0; k < turned->taps[2]; k++)
                    *to++ = problem->values[kernel * taps + i * stride[0] + j * stride[1] + k * stride[2]];
    for (int64_t o = 0; o < clf_conv_output_count(problem); o++)
        *to++ = problem->values[kernels * taps + o];
}

/*
 * Where there is such an axis: writes the problem turned, which must live as long, and has problem->turned point to
 * it. Its weights are released with free(*values).
 */
static clf_status turn(clf_conv_problem *problem, clf_conv_problem *turned, double **values, clf_error *error) {
    int axis = contiguous_axis(problem);
    *values = NULL;
    if (axis < 0)
        return CLF_OK;
    *turned = *problem;
    exchange_axes(turned, axis);
    if (problem->values != NULL) {
        int64_t count = clf_conv_weight_count(problem) + clf_conv_output_count(problem);
        CLF_TRY(clf_allocate(values, count + clf_conv_factor_count(turned), sizeof **values, error));
        copy_values(problem, turned, axis, *values);
        turned->values = *values;
        clf_conv_find_low_rank(turned, *values + count);
    }
    problem->turned = turned;
    return CLF_OK;
}

const clf_conv_problem *clf_conv_turned(const clf_conv_problem *problem) {
    return problem->turned != NULL ? problem->turned : problem;
}

clf_view clf_conv_as_described(const clf_conv_problem *problem, const clf_view *arranged) {
    clf_view view = *arranged;
    for (int i = 0; i < view.rank; i++) {
        view.shape[problem->order[i]] = arranged->shape[i];
        view.strides[problem->order[i]] = arranged->strides[i];
    }
    return view;
}

clf_status clf_conv_plan_over(clf_context *context, const clf_operation *operation, const clf_conv_problem *problem,
                              int count, clf_operand *operands, const clf_plan_options *options, clf_plan **plan,
                              clf_error *error) {
    clf_conv_problem seen = *problem, turned;
    double *values;
    operands[0].view = clf_conv_as_described(problem, &problem->src);
    operands[1].view = clf_conv_as_described(problem, &problem->dst);
    CLF_TRY(turn(&seen, &turned, &values, error));
    clf_status status = clf_operation_plan(context, operation, &seen, count, operands, options, plan, error);
    free(values);
    return status;
}
