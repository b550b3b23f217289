/* SPDX-License-Identifier: Apache-2.0 */
/* pinv.jacobi and lstsq.jacobi: one-sided Jacobi rotations (cl/matrix/svd.cl). */
#include "ops/matrix/matrix.h"

#include <float.h>

/* Four sweeps or so. */
static double estimate(const clf_context *context, const void *described) {
    const clf_matrix_problem *problem = described;
    clf_plan_cost cost = {0};
    clf_matrix_cost(problem, &cost);
    return clf_matrix_estimate(context, problem, cost.flops / (double)problem->count / (double)problem->batch.count);
}

/* Square of the cosine up to which two columns count as orthogonal: what rounding leaves of their product, twice. */
static double tolerance_of(const clf_matrix_problem *problem) {
    double epsilon = problem->view[0].dtype == CLF_F64 ? DBL_EPSILON : (double)FLT_EPSILON;
    double length = problem->rows > problem->columns ? problem->rows : problem->columns;
    return 4 * length * epsilon * epsilon;
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_matrix_problem *problem = described;
    bool least = problem->kind == CLF_MATRIX_LSTSQ, wide = problem->view[0].dtype == CLF_F64;
    clf_matrix_split split = clf_matrix_choose(plan->context, problem);
    cl_mem table;
    CLF_TRY(clf_matrix_table(plan, problem, &table, error));
    char data[320];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_matrix_options(&options, problem, &split);
    clf_text_add(&options, " -DLEAST_SQUARES=%d", least);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "matrix/svd", &options, least ? "lstsq" : "pinv", &launch, error));
    clf_matrix_set_operands(launch, problem);
    clf_launch_buffer(launch, "g", table);
    clf_launch_real(launch, "tolerance", tolerance_of(problem), wide);
    clf_launch_real(launch, "cutoff", problem->rcond, wide);
    clf_launch_i64(launch, "groups_each", split.groups_each);
    if (!least)
        clf_launch_i32(launch, "past", clf_matrix_past_cache(plan->context, problem));
    clf_launch_range(launch, (size_t[]){split.items, (size_t)problem->batch.count, 1}, (size_t[]){split.local, 1, 1});
    clf_text_add(&plan->description, " vector=%d", split.vector);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_matrix_pinv = {"pinv.jacobi", NULL, estimate, prepare};
const clf_solver clf_matrix_lstsq = {"lstsq.jacobi", NULL, estimate, prepare};
