/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The convolution problem, between its descriptor (conv.c, conv_problem.c) and its solvers (conv_direct.c, ...).
 *
 * Modes, origins and convolution against correlation all become one canonical form along each of three axes:
 *   y[o][i] = bias[o] + sum_c sum_k w[o][c][k] * x~[c][step*i + start + dilation*k]
 * with the taps flipped beforehand where a convolution was asked for.
 */
#ifndef CLF_OPS_CONV_CONV_H
#define CLF_OPS_CONV_CONV_H

#include "fft/providers.h"
#include "ops/keys.h"
#include "ops/operation.h"
#include "plan/batch.h"

#include <clfilter/ops.h>

enum { CLF_CONV_AXES = CLF_MAX_FILTER_AXES };

/* What of a convolution is computed: its output, or from its output's gradient that of the input or the weights. */
typedef enum clf_conv_role { CLF_CONV_FORWARD = 0, CLF_CONV_ADJOINT, CLF_CONV_WEIGHTS } clf_conv_role;

typedef struct clf_conv_problem {
    /* as described, for the problem's line */
    const char *src_name, *kernel_name; /* of the operands, for sentences */
    clf_conv_role role;
    bool flipped; /* a convolution */
    clf_mode mode;
    int axes; /* filtered, the last of src */
    clf_view src, dst;
    int order[CLF_MAX_RANK];       /* axis i of src is axis order[i] of src as described */
    bool slab;                     /* one of many: of one axis no window reaches beyond the ends */
    int64_t origin[CLF_CONV_AXES]; /* of the filtered axes */
    /* canonical: the filtered axes, unused ones first with extent 1 */
    int64_t extent[CLF_CONV_AXES], out[CLF_CONV_AXES];
    int64_t src_stride[CLF_CONV_AXES], dst_stride[CLF_CONV_AXES];
    int64_t taps[CLF_CONV_AXES], start[CLF_CONV_AXES], step[CLF_CONV_AXES], dilation[CLF_CONV_AXES];
    clf_border border[CLF_CONV_AXES];
    double cval;
    int64_t pixel; /* channels side by side along the last axis, each filtered apart (clf_conv_as_rows); else 1 */
    clf_batch batch;
    /* channels: without a bank all three are 1 and the strides 0 */
    bool bank, biased;
    int64_t groups, inputs, outputs; /* inputs and outputs of one group */
    int64_t src_channel, dst_channel;
    /* the weights in the order correlations read them, [output][input][taps]: values, then a bias for each output */
    const double *values; /* NULL: in device memory, as the next say */
    int64_t tap_offset, tap_stride[CLF_CONV_AXES], output_stride, input_stride;
    int64_t bias_offset, bias_stride;
    /* the kernel as a sum of `low_rank` columns (taps[0]*taps[1] each) times rows (taps[2]); 0: it is none such */
    int low_rank;
    const double *columns, *rows;
    /* where that is one term and its column itself a product: taps[0] numbers times taps[1]; else NULL */
    const double *planes, *lines;
    const struct clf_conv_problem *turned; /* the same with its contiguous axis last (turn.c); NULL: itself */
} clf_conv_problem;

/* Number of taps of all axes together, of output channels, of all weights without the biases. */
int64_t clf_conv_tap_count(const clf_conv_problem *problem);
int64_t clf_conv_output_count(const clf_conv_problem *problem);
int64_t clf_conv_weight_count(const clf_conv_problem *problem);

/*
 * Checks a descriptor and writes the problem, its weights not yet read (clf_conv_read_weights). The views come out
 * resolved, the filtered axes last.
 */
clf_status clf_conv_describe(const char *function, const clf_convolve_desc *desc, bool flipped,
                             clf_conv_problem *problem, clf_error *error);

/* The kernel as described: its rank and extents, and how many axes it filters. */
typedef struct clf_conv_kernel {
    int rank, axes;
    bool bank;
    int64_t shape[2 + CLF_CONV_AXES];
} clf_conv_kernel;

clf_status clf_conv_find_kernel(const char *function, const clf_convolve_desc *desc, clf_conv_kernel *kernel,
                                clf_error *error);

/* Reads weights in host memory, or says where those in device memory lie. Release *values with free(). */
clf_status clf_conv_read_weights(const char *function, const clf_convolve_desc *desc, clf_conv_problem *problem,
                                 double **values, clf_error *error);

/*
 * Looks for a kernel's low rank, within the error bound of the arithmetic: fills problem->low_rank, and the factors in
 * `factors`, which holds clf_conv_factor_count() elements and must outlive the problem.
 */
int64_t clf_conv_factor_count(const clf_conv_problem *problem);
void clf_conv_find_low_rank(clf_conv_problem *problem, double *factors);

/* Finds the batch axes, and what of the canonical axes depends on them, from the views. */
void clf_conv_set_batch(clf_conv_problem *problem);

/* What of the canonical axes, channels and batch depends on how src and dst lie, from the views. */
void clf_conv_set_memory(clf_conv_problem *problem);

/* Lets a 1-D filter over many rows have the last batch axis as its y axis, so that solvers work on blocks of rows. */
void clf_conv_take_rows(clf_conv_problem *problem);

/* The problem as solvers that want contiguous rows had better see it: turned, or itself. */
const clf_conv_problem *clf_conv_turned(const clf_conv_problem *problem);

/* An arranged view, such as a problem's src, with its axes where the descriptor has them: as an operand shows it. */
clf_view clf_conv_as_described(const clf_conv_problem *problem, const clf_view *arranged);

/*
 * The problem for solvers that want contiguous rows: itself, or where some other axis is the contiguous one, the same
 * written to `rows` with that one last: rows of interleaved pixels, or of what is not filtered.
 */
const clf_conv_problem *clf_conv_as_rows(const clf_conv_problem *problem, clf_conv_problem *rows);

/* Checks that a solver of convolutions is called so; NULL wishes for none. */
clf_status clf_conv_check_wish(const char *solver, clf_error *error);

/* Plans a described problem whose weights are read. */
clf_status clf_conv_plan(clf_context *context, const clf_convolve_desc *desc, const clf_conv_problem *problem,
                         clf_plan **plan, clf_error *error);

/* A plan by one of an operation's solvers; src and dst, the first two operands, take their views from the problem. */
clf_status clf_conv_plan_over(clf_context *context, const clf_operation *operation, const clf_conv_problem *problem,
                              int count, clf_operand *operands, const clf_plan_options *options, clf_plan **plan,
                              clf_error *error);

/* Gradients are of floating point tensors. */
clf_status clf_conv_check_floating(const char *function, const clf_convolve_desc *desc, clf_error *error);

/* The problem's line, and what any solver must move and compute. */
void clf_conv_print(const void *problem, clf_text *text);
void clf_conv_print_as(const clf_line_table *row, const clf_conv_problem *problem, clf_text *text);
void clf_conv_cost(const void *problem, clf_plan_cost *cost);

/* What wide items lose that load and store elements one by one (clf_scattered_flops). */
double clf_conv_scattered(const clf_conv_problem *problem, double near, double far);

/* Makes the plan's geometry table (cl/conv/geometry.h) for weights in blocks of `block` outputs. */
clf_status clf_conv_table(clf_plan *plan, const clf_conv_problem *problem, int block, cl_mem *table, clf_error *error);

/* Where a solver's kernel finds the weights: a table of the plan, or scratch that an earlier step fills. */
typedef struct clf_conv_taps {
    cl_mem table; /* NULL: scratch */
    cl_uint scratch;
} clf_conv_taps;

/*
 * `block` output channels are interleaved: [outputs / block][inputs][taps][block], then the biases, zeros where the
 * last block is not full. With block 1 that is the plain order.
 */
clf_status clf_conv_prepare_taps(clf_plan *plan, const clf_conv_problem *problem, int block, clf_conv_taps *taps,
                                 clf_error *error);
void clf_conv_set_taps(clf_launch *launch, const char *name, const clf_conv_taps *taps);

/* Where weights lie that are read at every execution: `offset` and the strides, as kernels name them. */
void clf_conv_set_strides(clf_launch *launch, const clf_conv_problem *problem);

/* True if arithmetic is f64. */
bool clf_conv_wide(const clf_conv_problem *problem);

/* True if elements are not of the arithmetic's type, so that loads and stores convert. */
bool clf_conv_converts(const clf_conv_problem *problem);

extern const clf_solver clf_conv_direct, clf_conv_separable, clf_conv_bank, clf_conv_general;
extern const clf_solver clf_conv_tile, clf_conv_weights_bank;
extern const clf_solver_family clf_conv_dense_family; /* its parameter: the operation for dense memory */
extern const clf_solver_family clf_conv_axes_family;  /* its parameter: the operation for each part */
extern const clf_slicing clf_conv_slicing;
#define CLF_CONV_DECLARE(library) extern const clf_solver clf_conv_##library, clf_phase_##library;
CLF_FFT_PROVIDERS(CLF_CONV_DECLARE)

#endif
