/* SPDX-License-Identifier: Apache-2.0 */
/* What every solver of small matrices hands to its kernels: constants, the geometry table, the split of the work. */
#include "ops/matrix/matrix.h"
#include "ops/real.h"
#include "plan/view.h"

#include "cl/matrix/geometry.h"

#include <math.h>
#include <string.h>

enum { ITEM_BYTES = 8, /* of the usual elements of a work-item */ MOST_TRANSPOSED = 64 };

clf_matrix_split clf_matrix_choose(const clf_context *context, const clf_matrix_problem *problem) {
    const clf_profile *profile = clf_context_profile(context);
    clf_matrix_split split = {.vector = clf_profile_lanes(profile, problem->view[0].dtype == CLF_F64),
                              .groups_each = 1,
                              .local = clf_work_group(context, 0)};
    int64_t groups = (problem->count + split.vector - 1) / split.vector;
    int64_t bytes = (int64_t)problem->rows * problem->columns * (int64_t)clf_dtype_bytes(problem->view[0].dtype);
    if (profile->wide_items)
        split.groups_each = ITEM_BYTES * profile->item_elements / (bytes * split.vector) + 1;
    split.items = (size_t)((groups + split.groups_each - 1) / split.groups_each);
    return split;
}

clf_status clf_matrix_table(clf_plan *plan, const clf_matrix_problem *problem, cl_mem *table, clf_error *error) {
    int64_t values[MATRIX_BATCH + CLF_BATCH_TABLE] = {0};
    values[MATRIX_COUNT] = problem->count;
    values[MATRIX_RIGHT] = problem->right;
    for (int i = 0; i < problem->operands; i++) {
        values[MATRIX_OFFSET + i] = problem->view[i].offset;
        values[MATRIX_LANE + i] = problem->lane[i];
        values[MATRIX_ROW + i] = problem->row[i];
        values[MATRIX_COLUMN + i] = problem->column[i];
    }
    clf_batch_write(&problem->batch, values + MATRIX_BATCH);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

static bool power_of_two(int64_t value) {
    return value > 0 && (value & (value - 1)) == 0;
}

/* How operand `i` lies, as far as kernels profit from knowing. */
static int layout_of(const clf_matrix_problem *problem, int i) {
    const clf_view *view = &problem->view[i];
    bool solving = problem->kind == CLF_MATRIX_SOLVE || problem->kind == CLF_MATRIX_LSTSQ;
    if (problem->lane[i] == 1)
        return MATRIX_SIDE;
    if (view->rank < 2 || (solving && i >= 1) || (problem->kind == CLF_MATRIX_DET && i == 1))
        return MATRIX_SCATTERED;
    int64_t rows = view->shape[view->rank - 2], columns = view->shape[view->rank - 1], elements = rows * columns;
    if (problem->lane[i] != elements || !power_of_two(elements) || elements > MOST_TRANSPOSED)
        return MATRIX_SCATTERED;
    bool by_rows = (problem->row[i] == columns || rows == 1) && (problem->column[i] == 1 || columns == 1);
    bool by_columns = (problem->row[i] == 1 || rows == 1) && (problem->column[i] == rows || columns == 1);
    return by_rows ? MATRIX_ROWS : by_columns ? MATRIX_COLUMNS : MATRIX_SCATTERED;
}

void clf_matrix_options(clf_text *options, const clf_matrix_problem *problem, const clf_matrix_split *split) {
    clf_dtype dtype = problem->view[0].dtype;
    bool backward = problem->kind == CLF_MATRIX_PINV_BACKWARD, inverse = problem->kind == CLF_MATRIX_INV_BACKWARD;
    clf_real_options(options, dtype, dtype, split->vector);
    clf_text_add(options, " -DM=%d -DN=%d -DLARGEST=%d -DLOCAL_X=%zu", problem->rows, problem->columns,
                 problem->rows * problem->columns, split->local);
    clf_text_add(options, " -DSRC_LAYOUT=%d -DDST_LAYOUT=%d", layout_of(problem, 0), layout_of(problem, 1));
    if (problem->operands >= 3)
        clf_text_add(options, " -D%s_LAYOUT=%d", backward ? "PINV" : inverse ? "GRAD" : "RIGHT", layout_of(problem, 2));
    if (problem->operands == 4)
        clf_text_add(options, " -DGRAD_LAYOUT=%d", layout_of(problem, 3));
}

void clf_matrix_set_operands(clf_launch *launch, const clf_matrix_problem *problem) {
    bool backward = problem->kind == CLF_MATRIX_PINV_BACKWARD, inverse = problem->kind == CLF_MATRIX_INV_BACKWARD;
    const char *const names[CLF_MATRIX_OPERANDS] = {"x", "y",
                                                    backward  ? "inverse"
                                                    : inverse ? "grad"
                                                              : "right",
                                                    "grad"};
    for (int i = 0; i < problem->operands; i++)
        clf_launch_operand(launch, names[i], (cl_uint)i);
}

cl_int clf_matrix_past_cache(const clf_context *context, const clf_matrix_problem *problem) {
    return clf_past_cache(clf_context_profile(context), (double)clf_view_bytes(&problem->view[1]));
}

/* Shares of the peaks. Divisions wait for each other, and the matrices' elements are far apart. */
static const double wide_item_arithmetic = 0.06, wide_item_memory = 0.3, arithmetic_share = 0.25;

double clf_matrix_estimate(const clf_context *context, const clf_matrix_problem *problem, double flops) {
    clf_plan_cost cost = {0};
    clf_matrix_cost(problem, &cost);
    const clf_profile *profile = clf_context_profile(context);
    double matrices = (double)problem->count * (double)problem->batch.count;
    double arithmetic = flops * matrices / (profile->wide_items ? wide_item_arithmetic : arithmetic_share);
    double memory = cost.bytes / (profile->wide_items ? wide_item_memory : 1);
    return fmax(clf_seconds(profile, memory, 0, 1), clf_seconds(profile, 0, arithmetic, 1));
}
