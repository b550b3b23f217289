/* SPDX-License-Identifier: Apache-2.0 */
/* pinv_backward.products and inv_backward.products (cl/matrix/backward.cl). */
#include "ops/matrix/matrix.h"

static double estimate(const clf_context *context, const void *described) {
    const clf_matrix_problem *problem = described;
    clf_plan_cost cost = {0};
    clf_matrix_cost(problem, &cost);
    return clf_matrix_estimate(context, problem, cost.flops / (double)problem->count / (double)problem->batch.count);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_matrix_problem *problem = described;
    bool inverse = problem->kind == CLF_MATRIX_INV_BACKWARD;
    clf_matrix_split split = clf_matrix_choose(plan->context, problem);
    cl_mem table;
    CLF_TRY(clf_matrix_table(plan, problem, &table, error));
    char data[320];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_matrix_options(&options, problem, &split);
    clf_text_add(&options, " -DINVERSE=%d", inverse);
    clf_launch *launch;
    const char *kernel = inverse ? "inv_backward" : "pinv_backward";
    CLF_TRY(clf_plan_step(plan, "matrix/backward", &options, kernel, &launch, error));
    clf_matrix_set_operands(launch, problem);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "groups_each", split.groups_each);
    clf_launch_range(launch, (size_t[]){split.items, (size_t)problem->batch.count, 1}, (size_t[]){split.local, 1, 1});
    clf_text_add(&plan->description, " vector=%d", split.vector);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_matrix_pinv_backward = {"pinv_backward.products", NULL, estimate, prepare};
const clf_solver clf_matrix_inv_backward = {"inv_backward.products", NULL, estimate, prepare};
