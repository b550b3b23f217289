/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The convolution problem, between its descriptor (conv.c, conv_problem.c) and its solvers (conv_direct.c, ...).
 *
 * Modes, origins and convolution against correlation all become one canonical form along each of three axes:
 *   y[i] = sum_k w[k] * x~[step*i + start + dilation*k]
 * with the taps flipped beforehand where a convolution was asked for.
 */
#ifndef CLF_OPS_CONV_H
#define CLF_OPS_CONV_H

#include "plan/layout.h"
#include "plan/planner.h"

#include <clfilter/ops.h>

enum { CLF_CONV_AXES = CLF_MAX_FILTER_AXES };

typedef struct clf_conv_problem {
    /* as described, for the problem's line */
    bool flipped; /* a convolution */
    clf_mode mode;
    int axes; /* filtered, the last of src */
    clf_view src, dst;
    int64_t origin[CLF_CONV_AXES]; /* of the filtered axes */
    /* canonical: the filtered axes, unused ones first with extent 1 */
    int64_t extent[CLF_CONV_AXES], out[CLF_CONV_AXES];
    int64_t src_stride[CLF_CONV_AXES], dst_stride[CLF_CONV_AXES];
    int64_t taps[CLF_CONV_AXES], start[CLF_CONV_AXES], step[CLF_CONV_AXES], dilation[CLF_CONV_AXES];
    clf_border border[CLF_CONV_AXES];
    double cval;
    clf_batch batch;
    /* the taps in the order correlations read them: values, or NULL and where they lie in operand 2 */
    const double *values;
    int64_t tap_offset, tap_stride[CLF_CONV_AXES];
} clf_conv_problem;

/* Number of taps of all axes together. */
int64_t clf_conv_tap_count(const clf_conv_problem *problem);

/* Checks a descriptor and writes the problem, its values not yet read. The views come out resolved. */
clf_status clf_conv_describe(const char *function, const clf_convolve_desc *desc, bool flipped,
                             clf_conv_problem *problem, clf_error *error);

/* The problem's line, and what any solver must move and compute. */
void clf_conv_print(const void *problem, clf_text *text);
void clf_conv_cost(const void *problem, clf_plan_cost *cost);

/* Makes the plan's geometry table (cl/inc/conv_geometry.h). */
clf_status clf_conv_table(clf_plan *plan, const clf_conv_problem *problem, cl_mem *table, clf_error *error);

/* Where a solver's kernel finds the dense taps: a table of the plan, or scratch that an earlier step fills. */
typedef struct clf_conv_taps {
    cl_mem table; /* NULL: scratch */
    cl_uint scratch;
} clf_conv_taps;

clf_status clf_conv_prepare_taps(clf_plan *plan, const clf_conv_problem *problem, clf_conv_taps *taps,
                                 clf_error *error);
void clf_conv_set_taps(clf_launch *launch, const clf_conv_taps *taps);

/* True where arithmetic is f64. */
bool clf_conv_wide(const clf_conv_problem *problem);

extern const clf_solver clf_conv_direct, clf_conv_general;
extern const clf_solver clf_conv_tile;

#endif
