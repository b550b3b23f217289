/* SPDX-License-Identifier: Apache-2.0 */
/* A convolution's weights: which kernel a descriptor gives, and its taps read in the order correlations want them. */
#include "base/alloc.h"
#include "base/number.h"
#include "ops/conv/conv.h"
#include "plan/view.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many of the ways to give a kernel a descriptor uses. */
typedef struct kernel_kind {
    bool array, view, factors;
} kernel_kind;

static kernel_kind kind_of(const clf_convolve_desc *desc) {
    return (kernel_kind){desc->kernel.rank != 0 || desc->kernel.data != NULL, desc->kernel_view.rank != 0,
                         desc->factors[0].rank != 0 || desc->factors[0].data != NULL};
}

/* The kernel's shape from its factors: each of rank 1, as many as there are. */
static clf_status shape_of_factors(const char *function, const clf_convolve_desc *desc, clf_conv_kernel *kernel,
                                   clf_error *error) {
    while (kernel->rank < CLF_CONV_AXES && desc->factors[kernel->rank].rank != 0) {
        const clf_array *factor = &desc->factors[kernel->rank];
        if (factor->rank != 1)
            return clf_fail(error, CLF_SHAPE_MISMATCH, "%s: factors[%d] has rank %d; expected 1", function,
                            kernel->rank, factor->rank);
        kernel->shape[kernel->rank++] = factor->shape[0];
    }
    return CLF_OK;
}

clf_status clf_conv_find_kernel(const char *function, const clf_convolve_desc *desc, clf_conv_kernel *kernel,
                                clf_error *error) {
    memset(kernel, 0, sizeof *kernel);
    kernel_kind kind = kind_of(desc);
    int given = kind.array + kind.view + kind.factors;
    if (given == 0)
        return clf_fail(error, CLF_NULL_ARGUMENT,
                        "%s: neither kernel, kernel_view nor factors is given; expected one of them", function);
    if (given > 1)
        return clf_fail(error, CLF_INVALID_VALUE,
                        "%s: more than one of kernel, kernel_view and factors is given; expected one", function);
    if (kind.factors) {
        CLF_TRY(shape_of_factors(function, desc, kernel, error));
    } else {
        kernel->rank = kind.array ? desc->kernel.rank : desc->kernel_view.rank;
        if (kernel->rank < 1 || kernel->rank > 2 + CLF_CONV_AXES)
            return clf_fail(error, CLF_SHAPE_MISMATCH, "%s: the kernel has rank %d; expected 1 to %d", function,
                            kernel->rank, 2 + CLF_CONV_AXES);
        memcpy(kernel->shape, kind.array ? desc->kernel.shape : desc->kernel_view.shape,
               (size_t)kernel->rank * sizeof *kernel->shape);
    }
    if (desc->axis_count < 0 || desc->axis_count > CLF_CONV_AXES)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: axis_count is %d; expected 0 to %d", function, desc->axis_count,
                        CLF_CONV_AXES);
    kernel->axes = desc->axis_count ? desc->axis_count : kernel->rank > CLF_CONV_AXES ? kernel->rank - 2 : kernel->rank;
    kernel->bank = kernel->rank == kernel->axes + 2;
    if (!kernel->bank && kernel->rank != kernel->axes)
        return clf_fail(error, CLF_SHAPE_MISMATCH,
                        "%s: the kernel has rank %d; %d filtered axes take rank %d, or %d for a bank", function,
                        kernel->rank, kernel->axes, kernel->axes, kernel->axes + 2);
    for (int i = 0; i < kernel->rank; i++) {
        int least = kernel->bank && i < 2 ? 0 : 1; /* a bank may have no channels */
        if (kernel->shape[i] < least)
            return clf_fail(error, CLF_INVALID_VIEW, "%s: axis %d of the kernel has extent %lld; expected at least %d",
                            function, i, (long long)kernel->shape[i], least);
    }
    return CLF_OK;
}

static double read_element(const clf_array *array, int64_t at) {
    /* A resolved array has data. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    return array->dtype == CLF_F64 ? ((const double *)array->data)[at] : (double)((const float *)array->data)[at];
}

/* Strides of the weights in canonical order: output, input, three axes; flipped axes begin at their end. */
typedef struct weight_order {
    int64_t offset, stride[2 + CLF_CONV_AXES];
} weight_order;

static weight_order order_weights(const clf_conv_problem *problem, int rank, const int64_t *shape,
                                  const int64_t *strides, int64_t offset) {
    weight_order order = {.offset = offset};
    int first = problem->bank ? 2 : 0;
    for (int i = 0; i < first; i++)
        order.stride[i] = strides[i];
    for (int i = first; i < rank; i++) {
        int to = 2 + CLF_CONV_AXES - rank + i;
        order.stride[to] = problem->flipped ? -strides[i] : strides[i];
        order.offset += problem->flipped ? (shape[i] - 1) * strides[i] : 0;
    }
    return order;
}

static void copy_weights(const clf_array *kernel, const clf_conv_problem *problem, const weight_order *order,
                         double *value) {
    const int64_t *s = order->stride;
    for (int64_t o = 0; o < clf_conv_output_count(problem); o++)
        for (int64_t c = 0; c < problem->inputs; c++)
            for (int64_t i = 0; i < problem->taps[0]; i++)
                for (int64_t j = 0; j < problem->taps[1]; j++)
                    for (int64_t k = 0; k < problem->taps[2]; k++)
                        *value++ =
                            read_element(kernel, order->offset + o * s[0] + c * s[1] + i * s[2] + j * s[3] + k * s[4]);
}

/* The outer product of the factors, in the order correlations read it. */
static void multiply_factors(const clf_array *factors, const clf_conv_problem *problem, double *value) {
    int unused = CLF_CONV_AXES - problem->axes;
    for (int64_t at = 0; at < clf_conv_tap_count(problem); at++) {
        int64_t rest = at;
        value[at] = 1;
        for (int i = CLF_CONV_AXES - 1; i >= unused; i--) {
            int64_t k = rest % problem->taps[i];
            rest /= problem->taps[i];
            const clf_array *factor = &factors[i - unused];
            int64_t from = problem->flipped ? problem->taps[i] - 1 - k : k;
            value[at] *= read_element(factor, from * factor->strides[0]);
        }
    }
}

/* Host arrays must hold f32 or f64 and be well formed. */
static clf_status resolve_host(const char *function, const char *name, const clf_array *given, clf_array *resolved,
                               clf_error *error) {
    CLF_TRY(clf_array_resolve(given, name, resolved, error));
    if (resolved->dtype != CLF_F32 && resolved->dtype != CLF_F64)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: %s is %s; expected f32 or f64", function, name,
                        clf_dtype_name(resolved->dtype));
    return CLF_OK;
}

static clf_status check_bias(const char *function, int rank, int64_t extent, const clf_conv_problem *problem,
                             clf_error *error) {
    if (!problem->bank)
        return clf_fail(error, CLF_SHAPE_MISMATCH, "%s: a bias needs a bank of kernels", function);
    if (rank != 1 || extent != clf_conv_output_count(problem))
        return clf_fail(error, CLF_SHAPE_MISMATCH, "%s: the bias has rank %d and extent %lld; expected rank 1 and %lld",
                        function, rank, (long long)extent, (long long)clf_conv_output_count(problem));
    return CLF_OK;
}

/* Finite weights must be finite in the arithmetic's type too. */
static clf_status check_range(const char *function, const clf_conv_problem *problem, const double *values,
                              int64_t count, clf_error *error) {
    for (int64_t i = 0; i < count && !clf_conv_wide(problem); i++)
        if (isfinite(values[i]) && !isfinite((float)values[i]))
            return clf_fail(error, CLF_INVALID_VALUE,
                            "%s: a weight is %s; expected at most %s in magnitude, as arithmetic is in f32", function,
                            clf_number_general(values[i], 9).text, clf_number_general((double)FLT_MAX, 9).text);
    return CLF_OK;
}

static clf_status read_host(const char *function, const clf_convolve_desc *desc, clf_conv_problem *problem,
                            double **values, clf_error *error) {
    clf_array kernel = {0}, bias = {0}, factors[CLF_CONV_AXES] = {{0}};
    bool by_factors = kind_of(desc).factors;
    if (desc->bias_view.rank != 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: bias_view is given without kernel_view; expected bias",
                        function);
    for (int i = 0; by_factors && i < problem->axes; i++)
        CLF_TRY(resolve_host(function, "factors", &desc->factors[i], &factors[i], error));
    if (!by_factors)
        CLF_TRY(resolve_host(function, "kernel", &desc->kernel, &kernel, error));
    problem->biased = desc->bias.rank != 0 || desc->bias.data != NULL;
    if (problem->biased) {
        CLF_TRY(resolve_host(function, "bias", &desc->bias, &bias, error));
        CLF_TRY(check_bias(function, bias.rank, bias.shape[0], problem, error));
    }
    int64_t weights = clf_conv_weight_count(problem), outputs = clf_conv_output_count(problem);
    int64_t count = weights + outputs;
    CLF_TRY(clf_allocate(values, count + clf_conv_factor_count(problem), sizeof **values, error));
    if (by_factors) {
        multiply_factors(factors, problem, *values);
    } else {
        weight_order order = order_weights(problem, kernel.rank, kernel.shape, kernel.strides, 0);
        copy_weights(&kernel, problem, &order, *values);
    }
    for (int64_t o = 0; problem->biased && o < outputs; o++)
        (*values)[weights + o] = read_element(&bias, o * bias.strides[0]);
    problem->values = *values;
    clf_status status = check_range(function, problem, *values, count, error);
    if (status != CLF_OK) {
        free(*values);
        problem->values = *values = NULL;
        return status;
    }
    clf_conv_find_low_rank(problem, *values + count);
    return CLF_OK;
}

/* Device memory: its place in canonical order goes into the problem. */
static clf_status place_device(const char *function, const clf_convolve_desc *desc, clf_conv_problem *problem,
                               clf_error *error) {
    clf_dtype wanted = clf_conv_wide(problem) ? CLF_F64 : CLF_F32;
    clf_view kernel, bias;
    CLF_TRY(clf_view_resolve(&desc->kernel_view, "kernel_view", &kernel, error));
    if (desc->bias.rank != 0 || desc->bias.data != NULL)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: bias is given with kernel_view; expected bias_view", function);
    if (kernel.dtype != wanted)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: kernel_view is %s; expected %s", function,
                        clf_dtype_name(kernel.dtype), clf_dtype_name(wanted));
    weight_order order = order_weights(problem, kernel.rank, kernel.shape, kernel.strides, kernel.offset);
    problem->tap_offset = order.offset;
    problem->output_stride = order.stride[0];
    problem->input_stride = order.stride[1];
    memcpy(problem->tap_stride, order.stride + 2, sizeof problem->tap_stride);
    problem->biased = desc->bias_view.rank != 0;
    if (!problem->biased)
        return CLF_OK;
    CLF_TRY(clf_view_resolve(&desc->bias_view, "bias_view", &bias, error));
    if (bias.dtype != wanted)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: bias_view is %s; expected %s", function,
                        clf_dtype_name(bias.dtype), clf_dtype_name(wanted));
    problem->bias_offset = bias.offset;
    problem->bias_stride = bias.strides[0];
    return check_bias(function, bias.rank, bias.shape[0], problem, error);
}

clf_status clf_conv_read_weights(const char *function, const clf_convolve_desc *desc, clf_conv_problem *problem,
                                 double **values, clf_error *error) {
    *values = NULL;
    if (kind_of(desc).view)
        return place_device(function, desc, problem, error);
    return read_host(function, desc, problem, values, error);
}
