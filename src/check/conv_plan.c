/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of convolution planned and run: host arrays that are gone once planning returns, and problems that read back.
 */
#include "check/conv.h"

#include "check/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Host arrays are "borrowed until planning returns": they are given in memory that is overwritten right after. */
typedef struct borrowed_arrays {
    unsigned char *copy[CASE_INPUTS];
    size_t bytes[CASE_INPUTS];
    int count;
    bool failed;
} borrowed_arrays;

static clf_array borrow(borrowed_arrays *arrays, const test_tensor *tensor) {
    clf_array array = tensor_array(tensor);
    unsigned char *copy = malloc(tensor->bytes);
    if (copy == NULL) {
        arrays->failed = true;
        return array;
    }
    memcpy(copy, tensor->sent, tensor->bytes);
    array.data = copy + ((unsigned char *)array.data - tensor->sent);
    arrays->copy[arrays->count] = copy;
    arrays->bytes[arrays->count++] = tensor->bytes;
    return array;
}

static void give_back(borrowed_arrays *arrays) {
    for (int i = 0; i < arrays->count; i++) {
        memset(arrays->copy[i], 0xff, arrays->bytes[i]);
        free(arrays->copy[i]);
    }
}

/* The kernel's and the bias' views in the one line of numbers that a weights' case writes. */
static void split_output(const conv_spec *spec, const test_tensor *output, clf_convolve_desc *desc) {
    const tensor_spec *kernel = &spec->kernel;
    int64_t step = output->strides[0], extent = 1;
    desc->kernel_view = output->view;
    desc->kernel_view.rank = kernel->rank;
    for (int axis = kernel->rank - 1; axis >= 0; axis--) {
        extent *= kernel->shape[axis];
        desc->kernel_view.shape[axis] = kernel->shape[axis];
        /* the second element along the axis, or any stride if there is none */
        int64_t second = kernel->shape[axis] > 1 ? extent / kernel->shape[axis] : 0;
        desc->kernel_view.strides[axis] = step * conv_weight_position(spec, spec->kernel.layout, second);
    }
    if (spec->biased) {
        desc->bias_view = output->view;
        desc->bias_view.offset += step * extent;
        desc->bias_view.shape[0] = kernel->shape[0];
        desc->bias_view.strides[0] = step;
    }
}

static void describe(const test_case *test, const test_tensor *inputs, const test_tensor *output,
                     borrowed_arrays *arrays, clf_convolve_desc *desc) {
    const conv_spec *spec = test->spec;
    desc->src = spec->role == CONV_ADJOINT ? output->view : inputs[0].view;
    desc->dst = spec->role == CONV_FORWARD ? output->view : inputs[spec->role == CONV_WEIGHTS].view;
    desc->groups = spec->groups;
    desc->axis_count = spec->axis_count;
    desc->cval = spec->cval;
    desc->mode = spec->mode;
    memcpy(desc->axes, spec->chosen, sizeof desc->axes);
    memcpy(desc->border, spec->border, sizeof desc->border);
    memcpy(desc->origin, spec->origin, sizeof desc->origin);
    memcpy(desc->stride, spec->stride, sizeof desc->stride);
    memcpy(desc->dilation, spec->dilation, sizeof desc->dilation);
    bool bias = spec->biased && spec->role == CONV_FORWARD;
    if (spec->role == CONV_WEIGHTS) {
        split_output(spec, output, desc);
    } else if (spec->kernel_view) {
        desc->kernel_view = inputs[1].view;
        desc->bias_view = bias ? inputs[2].view : desc->bias_view;
    } else if (spec->by_factors) {
        for (int i = 0; i < spec->axes; i++) {
            desc->factors[i] = borrow(arrays, &inputs[2 + i]);
        }
    } else {
        desc->kernel = borrow(arrays, &inputs[1]);
        desc->bias = bias ? borrow(arrays, &inputs[2]) : desc->bias;
    }
}

clf_status conv_plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                          const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    static clf_status (*const calls[3][2])(clf_context *, const clf_convolve_desc *, clf_plan **, clf_error *) = {
        {clf_plan_correlate, clf_plan_convolve},
        {clf_plan_correlate_adjoint, clf_plan_convolve_adjoint},
        {clf_plan_correlate_weights, clf_plan_convolve_weights},
    };
    const conv_spec *spec = test->spec;
    borrowed_arrays arrays = {.count = 0};
    clf_convolve_desc desc = {.options = {.solver = solver}};
    describe(test, inputs, output, &arrays, &desc);
    clf_status status = CLF_OUT_OF_MEMORY;
    if (!arrays.failed) {
        status = calls[spec->role][spec->flipped](fixture->context, &desc, plan, error);
    }
    give_back(&arrays);
    return status;
}

/* Kernels that are not one product of 1-D kernels are filtered as a sum of them, in which infinities can cancel. */
static bool may_cancel(const test_case *test, const char *solver) {
    const conv_spec *spec = test->spec;
    return strcmp(solver, "conv.separable") == 0 && spec->taps != TAPS_RANK && spec->taps != TAPS_SOBEL &&
           !spec->by_factors;
}

outcome conv_run(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    const conv_spec *spec = test->spec;
    test_case judged = *test;
    judged.infinity_or_nan = may_cancel(test, solver);
    outcome result = case_judge(fixture, &judged, solver, why);
    if (result == OUTCOME_NOT_APPLICABLE && strcmp(solver, spec->needs) == 0) {
        (void)snprintf(why, WHY_LENGTH, "the solver must take this line, and does not");
        return OUTCOME_FAILED;
    }
    if (result != OUTCOME_NOT_APPLICABLE && strcmp(solver, spec->refuses) == 0) {
        (void)snprintf(why, WHY_LENGTH, "the solver must refuse this line with CLF_NO_SOLVER, and does not");
        return OUTCOME_FAILED;
    }
    return result;
}

double conv_bytes(const test_case *test) {
    double sum = (double)spec_count(&test->output) * (double)clf_dtype_bytes(test->output.dtype);
    for (int i = 0; i < test->inputs; i++) {
        sum += (double)spec_count(&test->input[i]) * (double)clf_dtype_bytes(test->input[i].dtype);
    }
    return sum;
}

/* Every role multiplies and adds once for each tap of each output. */
double conv_flops(const test_case *test) {
    const conv_spec *spec = test->spec;
    int64_t outputs = spec->bank ? spec->kernel.shape[0] : 1;
    return 2 * (double)spec_count(&spec->dst) * (double)(spec_count(&spec->kernel) / outputs);
}
