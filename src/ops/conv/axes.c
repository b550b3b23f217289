/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.axes: kernels of three axes that are products of three lines, such as Gaussians of volumes: the first axis by
 * itself, then the other two, KZ + KY + KX taps an output where conv.separable takes KZ*KY + KX. Between lies a tensor
 * of the arithmetic's type.
 *
 * Floor: the bytes of src and dst once, and those between twice.
 */
#include "base/alloc.h"
#include "choose/planner.h"
#include "ops/conv/conv.h"
#include "plan/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Two convolutions, one after the other. */
enum { FIRST = 0, OTHERS = 1, PARTS = 2 };

static clf_dtype between(const clf_conv_problem *problem) {
    return clf_conv_wide(problem) ? CLF_F64 : CLF_F32;
}

/* Axis 0 of the problem becomes the last, the only one that is filtered. */
static void make_first(const clf_conv_problem *problem, const clf_view *middle, clf_conv_problem *first) {
    int rank = problem->src.rank, filtered = rank - CLF_CONV_AXES, order[CLF_MAX_RANK];
    *first = *problem;
    first->dst = *middle;
    for (int i = 0; i < rank; i++)
        order[i] = i < filtered ? i : i + 1 < rank ? i + 1 : filtered;
    for (int i = 0; i < rank; i++) {
        first->src.shape[i] = problem->src.shape[order[i]];
        first->src.strides[i] = problem->src.strides[order[i]];
        first->dst.shape[i] = middle->shape[order[i]];
        first->dst.strides[i] = middle->strides[order[i]];
        first->order[i] = order[i];
    }
    first->axes = 1;
    first->biased = false;
    const int last = CLF_CONV_AXES - 1;
    first->start[last] = problem->start[0];
    first->step[last] = problem->step[0];
    first->dilation[last] = problem->dilation[0];
    first->taps[last] = problem->taps[0];
    first->border[last] = problem->border[0];
    for (int i = 0; i < last; i++) {
        first->start[i] = 0;
        first->step[i] = first->dilation[i] = first->taps[i] = 1;
        first->border[i] = CLF_BORDER_REPLICATE;
    }
    first->low_rank = 0;
}

/* The other two axes; axis 0 is one of the batch. */
static void make_others(const clf_conv_problem *problem, const clf_view *middle, clf_conv_problem *others) {
    *others = *problem;
    others->src = *middle;
    others->axes = CLF_CONV_AXES - 1;
    others->start[0] = 0;
    others->step[0] = others->dilation[0] = others->taps[0] = 1;
    others->border[0] = CLF_BORDER_REPLICATE;
    others->columns = problem->lines;
    others->planes = others->lines = NULL;
    for (int i = 0; i < others->src.rank; i++) /* the middle's axes are in this order already */
        others->order[i] = i;
}

/* Beyond the ends of the other axes all is the constant, of which the first part would have made this. */
static double constant_between(const clf_conv_problem *problem) {
    double sum = 0;
    for (int64_t i = 0; i < problem->taps[0]; i++)
        sum += problem->planes[i];
    return sum * problem->cval;
}

static void split(const clf_conv_problem *problem, clf_conv_problem part[PARTS]) {
    int64_t shape[CLF_MAX_RANK];
    memcpy(shape, problem->src.shape, sizeof shape);
    int filtered = problem->src.rank - CLF_CONV_AXES;
    shape[filtered] = problem->out[0];
    clf_view middle = clf_view_dense(NULL, between(problem), problem->src.rank, shape);
    make_first(problem, &middle, &part[FIRST]);
    make_others(problem, &middle, &part[OTHERS]);
    part[OTHERS].cval = constant_between(problem);
    for (int i = 0; i < PARTS; i++) {
        part[i].turned = NULL;
        clf_conv_set_memory(&part[i]);
    }
}

/* Constants as large as that could become infinite between the parts. */
static bool applies(const clf_context *context, const void *described, const void *inner) {
    const clf_conv_problem *problem = described;
    (void)context, (void)inner;
    if (problem->low_rank != 1 || problem->planes == NULL || clf_view_empty(&problem->src) ||
        clf_view_empty(&problem->dst))
        return false;
    double constant = constant_between(problem);
    return isfinite(clf_conv_wide(problem) ? constant : (double)(float)constant);
}

static double estimate(const clf_context *context, const void *described, const void *parameter) {
    const clf_operation *inner = parameter;
    clf_conv_problem part[PARTS];
    double seconds = 0;
    split(described, part);
    for (int i = 0; i < PARTS; i++) {
        const clf_solver *best = clf_planner_estimate(context, inner->solvers, &part[i]);
        seconds += clf_solver_estimate(best, context, &part[i]);
    }
    return seconds;
}

/* The weights of both parts, each with its bias; released with free(). */
static clf_status find_values(const clf_conv_problem *problem, clf_conv_problem part[PARTS], double **values,
                              clf_error *error) {
    int64_t first = problem->taps[0] + 1, rows = problem->taps[1], columns = problem->taps[2];
    CLF_TRY(clf_allocate(values, first + rows * columns + 1, sizeof **values, error));
    double *others = *values + first;
    memcpy(*values, problem->planes, (size_t)problem->taps[0] * sizeof **values);
    for (int64_t i = 0; i < rows * columns; i++)
        others[i] = problem->lines[i / columns] * problem->rows[i % columns];
    (*values)[first - 1] = 0;
    others[rows * columns] = problem->values[clf_conv_tap_count(problem)];
    part[FIRST].values = *values;
    part[OTHERS].values = others;
    return CLF_OK;
}

/* Adds one part, between the operands or scratch that are named. */
static clf_status add_part(clf_plan *plan, const clf_operation *inner, const clf_conv_problem *part,
                           const struct clf_child_operand from[PARTS], clf_error *error) {
    clf_child child = {.count = PARTS, .from = {from[0], from[1]}};
    clf_operand operands[PARTS] = {{.name = part->src_name}, {.name = "dst", .output = true}};
    const clf_solver *best = clf_planner_estimate(plan->context, inner->solvers, part);
    clf_plan_options options = {.solver = best->name};
    CLF_TRY(clf_conv_plan_over(plan->context, inner, part, PARTS, operands, &options, &child.plan, error));
    clf_text_add(&plan->description, " %s", clf_plan_describe(child.plan));
    return clf_plan_child(plan, &child, error);
}

static clf_status prepare(clf_plan *plan, const void *described, const void *inner, clf_error *error) {
    const clf_conv_problem *problem = described;
    const struct clf_child_operand src = {.index = 0}, dst = {.index = 1};
    struct clf_child_operand middle = {.scratch = true};
    clf_conv_problem part[PARTS];
    double *values;
    split(problem, part);
    part[FIRST].src.buffer = part[OTHERS].dst.buffer = NULL;
    CLF_TRY(clf_plan_scratch(plan, clf_view_bytes(&part[OTHERS].src), &middle.index, error));
    CLF_TRY(find_values(problem, part, &values, error));
    clf_status status = add_part(plan, inner, &part[FIRST], (struct clf_child_operand[PARTS]){src, middle}, error);
    if (status == CLF_OK)
        status = add_part(plan, inner, &part[OTHERS], (struct clf_child_operand[PARTS]){middle, dst}, error);
    free(values);
    plan->cost.flops = 2.0 * ((double)clf_view_count(&part[FIRST].dst) * (double)problem->taps[0] +
                              (double)clf_view_count(&problem->dst) * (double)(problem->taps[1] + problem->taps[2]));
    return status;
}

const clf_solver_family clf_conv_axes_family = {applies, estimate, prepare};
