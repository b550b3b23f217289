/* SPDX-License-Identifier: Apache-2.0 */
/* Selection along an axis and its adjoint: the public calls, from descriptor to plan. */
#include "ops/take/take.h"

#include "ops/take/words.h"
#include "plan/view.h"

#include <stdlib.h>

static void print(const clf_line_table *row, const clf_take_problem *problem, const clf_view *src, const clf_view *dst,
                  clf_text *text) {
    clf_take_words words = {.axis = problem->axis,
                            .count = problem->count,
                            .mode = (int)problem->mode,
                            .index = problem->index_dtype,
                            .place = problem->indices.rank == 0 ? CLF_TAKE_HOST : CLF_TAKE_DEVICE,
                            .accumulate = problem->accumulate};
    clf_words_set_shape(&words, &problem->whole);
    clf_words_set_strides(&words, 0, src);
    clf_words_set_strides(&words, 1, dst);
    if (problem->indices.rank != 0)
        clf_words_set_strides(&words, 2, &problem->indices);
    clf_words_print(row, &words, text);
}

static void print_take(const void *described, clf_text *text) {
    const clf_take_problem *problem = described;
    print(&clf_take_line, problem, &problem->whole, &problem->selected, text);
}

static void print_put_add(const void *described, clf_text *text) {
    const clf_take_problem *problem = described;
    print(&clf_put_add_line, problem, &problem->selected, &problem->whole, text);
}

static double index_bytes(const clf_take_problem *problem) {
    size_t each = problem->rows ? clf_take_row_bytes(problem) : clf_dtype_bytes(problem->index_dtype);
    return (double)problem->count * (double)each;
}

static void cost_take(const void *described, clf_plan_cost *cost) {
    const clf_take_problem *problem = described;
    double moved = (double)problem->batch.count * (double)problem->run * (double)problem->count;
    cost->bytes = 2 * moved * (double)clf_take_bytes(problem) + index_bytes(problem);
}

static void cost_put_add(const void *described, clf_plan_cost *cost) {
    const clf_take_problem *problem = described;
    double lines = (double)problem->batch.count * (double)problem->run, added = lines * (double)problem->count;
    double written = lines * (double)problem->extent * (problem->accumulate ? 2 : 1);
    cost->bytes = (added + written) * (double)clf_take_bytes(problem) + index_bytes(problem);
    cost->flops = added;
}

static const clf_solver *const take_solvers[] = {&clf_take_rows, &clf_take_each, NULL};
static const clf_operation take_operation = {"take",    take_solvers,      print_take,
                                             cost_take, &clf_take_slicing, "indices reach anywhere along theirs"};
static const clf_solver *const put_add_solvers[] = {&clf_put_add_ranges, &clf_put_add_segments, NULL};
static const clf_operation put_add_operation = {"put_add",
                                                put_add_solvers,
                                                print_put_add,
                                                cost_put_add,
                                                &clf_put_add_slicing,
                                                "indices reach anywhere along theirs",
                                                &clf_put_add_segments};

static clf_status check_arguments(const char *function, const clf_context *context, const void *desc, clf_plan **plan,
                                  clf_error *error) {
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    return CLF_OK;
}

/* Plans with the operands src, dst and, where they are a view, the indices. */
static clf_status plan(clf_context *context, const clf_operation *operation, const clf_take_problem *problem,
                       const clf_view *src, const clf_view *dst, const clf_plan_options *options, clf_plan **out,
                       clf_error *error) {
    clf_operand operands[3] = {
        {"src", *src, false}, {"dst", *dst, true}, {"indices_view", problem->indices, false, true}};
    operands[1].updated = problem->accumulate;
    int count = problem->indices.rank == 0 ? 2 : 3;
    return clf_operation_plan(context, operation, problem, count, operands, options, out, error);
}

clf_status clf_plan_take(clf_context *context, const clf_take_desc *desc, clf_plan **out, clf_error *error) {
    const char *function = "clf_plan_take";
    CLF_TRY(check_arguments(function, context, desc, out, error));
    clf_take_wishes wishes = {function,       &desc->src,          &desc->dst, "src",     "dst",
                              &desc->indices, &desc->indices_view, desc->axis, desc->mode};
    clf_take_problem problem;
    int64_t *rows = NULL;
    CLF_TRY(clf_take_describe(&wishes, &problem, &rows, error));
    clf_status status =
        plan(context, &take_operation, &problem, &problem.whole, &problem.selected, &desc->options, out, error);
    free(rows);
    return status;
}

clf_status clf_plan_put_add(clf_context *context, const clf_put_add_desc *desc, clf_plan **out, clf_error *error) {
    const char *function = "clf_plan_put_add";
    CLF_TRY(check_arguments(function, context, desc, out, error));
    clf_dtype dtype = desc->src.dtype;
    if (dtype != CLF_F32 && dtype != CLF_F64 && dtype != CLF_F16)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: src is %s; expected f32, f64 or f16", function,
                        clf_dtype_name(dtype));
    if (desc->accumulate && desc->options.stream_bytes > 0)
        return clf_fail(
            error, CLF_UNSUPPORTED,
            "%s: accumulate is true, but a streamed plan does not read its output; expected options.stream_bytes 0",
            function);
    clf_take_wishes wishes = {function,       &desc->dst,          &desc->src, "dst",     "src",
                              &desc->indices, &desc->indices_view, desc->axis, desc->mode};
    clf_take_problem problem;
    int64_t *rows = NULL;
    CLF_TRY(clf_take_describe(&wishes, &problem, &rows, error));
    problem.accumulate = desc->accumulate;
    clf_status status =
        plan(context, &put_add_operation, &problem, &problem.selected, &problem.whole, &desc->options, out, error);
    free(rows);
    return status;
}
