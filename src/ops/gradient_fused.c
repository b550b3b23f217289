/* SPDX-License-Identifier: Apache-2.0 */
/* gradient.fused: every gradient, in one pass over the input (cl/gradient.cl). */
#include "ops/border.h"
#include "ops/gradient.h"

#include "../../cl/inc/gradient_geometry.h"

static bool applies(const clf_context *context, const void *described) {
    (void)context;
    (void)described;
    return true;
}

/* Bound by memory. */
static double estimate(const clf_context *context, const void *described) {
    const clf_gradient_problem *problem = described;
    double bytes = (double)clf_view_count(&problem->src) * 8;
    return bytes / (clf_context_is_cpu(context) ? 1e10 : 2e10) / context->info.compute_units + 2e-5;
}

static clf_status make_table(clf_plan *plan, const clf_gradient_problem *problem, cl_mem *table, clf_error *error) {
    int64_t values[GRADIENT_BATCH + CLF_BATCH_TABLE] = {0};
    int rank = problem->src.rank;
    for (int i = 0; i < 2; i++) {
        values[GRADIENT_EXTENT + i] = problem->src.shape[rank - 2 + i];
        values[GRADIENT_SRC_STRIDE + i] = problem->src.strides[rank - 2 + i];
        values[GRADIENT_DST_STRIDE + i] = problem->dst.strides[rank - 2 + i];
        values[GRADIENT_BORDER + i] = problem->border[i];
    }
    values[GRADIENT_SRC_OFFSET] = problem->src.offset;
    values[GRADIENT_DST_OFFSET] = problem->dst.offset;
    clf_batch_write(&problem->batch, values + GRADIENT_BATCH);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

/* On a CPU a work-item takes whole rows, some 4,000 outputs; elsewhere one output. */
static void choose_block(const clf_context *context, const clf_gradient_problem *problem, int64_t *columns,
                         int64_t *rows) {
    const int64_t *shape = problem->src.shape + problem->src.rank - 2;
    bool cpu = clf_context_is_cpu(context);
    *columns = cpu ? shape[1] : 1;
    *rows = cpu ? 4096 / shape[1] : 1;
    if (*rows > shape[0])
        *rows = shape[0];
    if (*rows < 1)
        *rows = 1;
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_gradient_problem *problem = described;
    bool wide = clf_dtype_wide(problem->src.dtype);
    int rank = problem->src.rank, vector = clf_real_vector(plan->context, wide);
    const int64_t *shape = problem->src.shape + rank - 2;
    bool contiguous = problem->src.strides[rank - 1] == 1 && problem->dst.strides[rank - 1] == 1;
    size_t local = clf_context_is_cpu(plan->context) ? 1 : 64;
    int64_t columns, rows;
    choose_block(plan->context, problem, &columns, &rows);
    cl_mem table;
    CLF_TRY(make_table(plan, problem, &table, error));
    char data[256];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, problem->src.dtype, problem->dst.dtype, vector);
    clf_text_add(&options, " -DSOBEL=%d -DCONTIGUOUS=%d -DLOCAL_X=%zu", problem->op == CLF_GRADIENT_SOBEL, contiguous,
                 local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "gradient", data, "gradient", &launch, error));
    clf_launch_operand(launch, 0);
    clf_launch_operand(launch, 1);
    clf_launch_buffer(launch, table);
    clf_launch_real(launch, problem->cval, wide);
    clf_launch_real(launch, problem->scale, wide);
    clf_launch_real(launch, problem->eps, wide);
    clf_launch_i64(launch, columns);
    clf_launch_i64(launch, rows);
    clf_launch_range(launch,
                     (size_t[]){(size_t)((shape[1] + columns - 1) / columns), (size_t)((shape[0] + rows - 1) / rows),
                                (size_t)problem->batch.count},
                     (size_t[]){local, 1, 1});
    clf_text_add(&plan->description, " vector=%d rows=%lld", vector, (long long)rows);
    return clf_launch_seal(launch, error);
}

const clf_solver clf_gradient_fused = {"gradient.fused", applies, estimate, prepare};
