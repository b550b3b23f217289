/* SPDX-License-Identifier: Apache-2.0 */
/* inv.gauss, solve.gauss and det.gauss: elimination with partial pivoting (cl/matrix/gauss.cl). */
#include "ops/matrix/matrix.h"

enum { MOST_RIGHT = 8 }; /* right-hand sides of a work-item */

/* The selections that swap rows count as much as the elimination. */
static double estimate(const clf_context *context, const void *described) {
    const clf_matrix_problem *problem = described;
    clf_plan_cost cost = {0};
    clf_matrix_cost(problem, &cost);
    return clf_matrix_estimate(context, problem,
                               2 * cost.flops / (double)problem->count / (double)problem->batch.count);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_matrix_problem *problem = described;
    bool inverse = problem->kind == CLF_MATRIX_INV, solve = problem->kind == CLF_MATRIX_SOLVE;
    int64_t beside = inverse ? problem->rows : !solve ? 0 : problem->right < MOST_RIGHT ? problem->right : MOST_RIGHT;
    clf_matrix_split split = clf_matrix_choose(plan->context, problem);
    cl_mem table;
    CLF_TRY(clf_matrix_table(plan, problem, &table, error));
    char data[320];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_matrix_options(&options, problem, &split);
    clf_text_add(&options, " -DR=%d -D%s=1", (int)beside, inverse ? "INVERSE" : solve ? "SOLVE" : "DETERMINANT");
    clf_launch *launch;
    const char *kernel = inverse ? "inv" : solve ? "solve" : "det";
    CLF_TRY(clf_plan_step(plan, "matrix/gauss", &options, kernel, &launch, error));
    clf_matrix_set_operands(launch, problem);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "groups_each", split.groups_each);
    if (inverse)
        clf_launch_i32(launch, "past", clf_matrix_past_cache(plan->context, problem));
    int64_t blocks = solve ? (problem->right + beside - 1) / beside : 1;
    clf_launch_range(launch, (size_t[]){split.items, (size_t)problem->batch.count, (size_t)blocks},
                     (size_t[]){split.local, 1, 1});
    clf_text_add(&plan->description, " vector=%d", split.vector);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_matrix_inv = {"inv.gauss", NULL, estimate, prepare};
const clf_solver clf_matrix_solve = {"solve.gauss", NULL, estimate, prepare};
const clf_solver clf_matrix_det = {"det.gauss", NULL, estimate, prepare};
