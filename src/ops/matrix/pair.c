/* SPDX-License-Identifier: Apache-2.0 */
/* pinv.pair: matrices of two rows or two columns, orthogonalised by Gram and Schmidt (cl/matrix/pair.cl). */
#include "ops/matrix/matrix.h"

/* An rcond of 1 or more leaves no singular value: the decomposition's solver has that. */
static bool applies(const clf_context *context, const void *described) {
    (void)context;
    const clf_matrix_problem *problem = described;
    bool pair = problem->rows < problem->columns ? problem->rows == 2 : problem->columns == 2;
    return pair && problem->rcond < 1;
}

/* Some 14 operations an element, and two divisions as long as 16 each. */
static double estimate(const clf_context *context, const void *described) {
    const clf_matrix_problem *problem = described;
    return clf_matrix_estimate(context, problem, 14.0 * problem->rows * problem->columns + 32);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_matrix_problem *problem = described;
    clf_matrix_split split = clf_matrix_choose(plan->context, problem);
    double ratio = problem->rcond / (1 + problem->rcond * problem->rcond);
    cl_mem table;
    CLF_TRY(clf_matrix_table(plan, problem, &table, error));
    char data[320];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_matrix_options(&options, problem, &split);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "matrix/pair", &options, "pinv_pair", &launch, error));
    clf_launch_operand(launch, "x", 0);
    clf_launch_operand(launch, "y", 1);
    clf_launch_buffer(launch, "g", table);
    clf_launch_real(launch, "limit", ratio * ratio, problem->view[0].dtype == CLF_F64);
    clf_launch_i64(launch, "groups_each", split.groups_each);
    clf_launch_i32(launch, "past", clf_matrix_past_cache(plan->context, problem));
    clf_launch_range(launch, (size_t[]){split.items, (size_t)problem->batch.count, 1}, (size_t[]){split.local, 1, 1});
    clf_text_add(&plan->description, " vector=%d", split.vector);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_matrix_pinv_pair = {"pinv.pair", applies, estimate,
                                         prepare,     0,       "matrices whose smaller side is 2, and rcond < 1"};
