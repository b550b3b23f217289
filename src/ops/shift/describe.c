/* SPDX-License-Identifier: Apache-2.0 */
/* Translation: the public call, from descriptor to plan. */
#include "ops/shift/shift.h"

#include "base/number.h"
#include "ops/border.h"
#include "ops/real.h"
#include "ops/shift/words.h"
#include "plan/view.h"

#include <math.h>
#include <string.h>

static const char *const method_names[] = {CLF_SHIFT_METHOD_TABLE(CLF_NAME_OF)};
enum { METHOD_COUNT = sizeof method_names / sizeof *method_names };

const char *clf_shift_method_name(clf_shift_method method) {
    return (unsigned)method < METHOD_COUNT ? method_names[method] : "?";
}

static void print(const void *described, clf_text *text) {
    const clf_shift_problem *problem = described;
    clf_shift_words words = {.cval = problem->cval, .method = (int)problem->method};
    clf_words_set_shape(&words, &problem->src);
    memcpy(words.by, problem->by, sizeof words.by);
    memcpy(words.border, problem->border, sizeof words.border);
    clf_words_set_strides(&words, 0, &problem->src);
    clf_words_set_strides(&words, 1, &problem->dst);
    clf_words_print(&clf_shift_line, &words, text);
}

static void cost(const void *described, clf_plan_cost *cost) {
    const clf_shift_problem *problem = described;
    double count = (double)clf_view_count(&problem->src);
    cost->bytes = 2 * count * (double)clf_dtype_bytes(problem->src.dtype);
    for (int i = 0; i < problem->src.rank && !problem->whole; i++)
        if (problem->by[i] != floor(problem->by[i]))
            cost->flops += count * (problem->method == CLF_SHIFT_CUBIC ? 12 : 4);
}

/* What dense memory is for. */
static const clf_solver *const inner_solvers[] = {&clf_shift_whole, &clf_shift_lines, NULL};
static const clf_operation inner = {"shift", inner_solvers, print, cost, NULL, NULL};
static const clf_solver dense = {
    "shift.dense", .family = &clf_shift_dense_family, .parameter = &inner,
    .needs = "src or dst without contiguous rows, no element of src in several places, and no transform"};

#define SOLVER(library) &clf_shift_##library,
static const clf_solver *const solvers[] = {&dense, &clf_shift_whole, &clf_shift_lines, CLF_FFT_PROVIDERS(SOLVER) NULL};
static const clf_operation operation = {
    "shift", solvers, print, cost, &clf_shift_slicing, "splines and transforms need whole lines"};

static clf_status check_shifts(const char *function, clf_shift_problem *problem, clf_error *error) {
    problem->whole = true;
    for (int i = 0; i < problem->src.rank; i++) {
        double by = problem->by[i];
        if (!(fabs(by) < 0x1p50))
            return clf_fail(error, CLF_INVALID_VALUE, "%s: by[%d] is %s; expected a number between -2^50 and 2^50",
                            function, i, clf_number_general(by, 6).text);
        if (by != floor(by) && problem->method == CLF_SHIFT_WHOLE)
            return clf_fail(error, CLF_INVALID_VALUE,
                            "%s: by[%d] is %s; expected a whole number, or method linear, cubic or fourier", function,
                            i, clf_number_exact(by).text);
        problem->whole = problem->whole && by == floor(by);
    }
    return CLF_OK;
}

/* By Fourier the border is periodic, said or not. */
static clf_status check_fourier(const char *function, const clf_border *given, clf_shift_problem *problem,
                                clf_error *error) {
    int moved = 0;
    for (int i = 0; i < problem->src.rank; i++) {
        moved += problem->by[i] != 0;
        if (given[i] != CLF_BORDER_DEFAULT && given[i] != CLF_BORDER_PERIODIC)
            return clf_fail(error, CLF_INVALID_VALUE, "%s: border[%d] is %s; expected periodic with method fourier",
                            function, i, clf_border_name(given[i]));
        problem->border[i] = CLF_BORDER_PERIODIC;
    }
    if (moved > CLF_MAX_FILTER_AXES)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: %d axes move; expected at most %d with method fourier", function,
                        moved, CLF_MAX_FILTER_AXES);
    return CLF_OK;
}

static clf_status describe(const char *function, const clf_shift_desc *desc, clf_shift_problem *problem,
                           clf_error *error) {
    memset(problem, 0, sizeof *problem);
    CLF_TRY(clf_view_resolve(&desc->src, "src", &problem->src, error));
    CLF_TRY(clf_view_resolve(&desc->dst, "dst", &problem->dst, error));
    if ((unsigned)desc->method >= METHOD_COUNT)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: method is %d; expected a clf_shift_method", function,
                        (int)desc->method);
    CLF_TRY(clf_check_number(function, "cval", desc->cval, error));
    CLF_TRY(clf_border_resolve(function, problem->src.rank, desc->border, problem->border, error));
    if (problem->dst.dtype != problem->src.dtype)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: dst is %s; expected %s", function,
                        clf_dtype_name(problem->dst.dtype), clf_dtype_name(problem->src.dtype));
    if (desc->method != CLF_SHIFT_WHOLE && !clf_dtype_filterable(problem->src.dtype))
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: src is %s; expected f32, f64, f16, u8, u16 or i16", function,
                        clf_dtype_name(problem->src.dtype));
    CLF_TRY(clf_view_check_shape(&problem->dst, "dst", problem->src.rank, problem->src.shape, error));
    memcpy(problem->by, desc->by, sizeof problem->by);
    problem->cval = desc->cval;
    problem->method = desc->method;
    CLF_TRY(check_shifts(function, problem, error));
    return problem->method == CLF_SHIFT_FOURIER ? check_fourier(function, desc->border, problem, error) : CLF_OK;
}

clf_status clf_plan_shift(clf_context *context, const clf_shift_desc *desc, clf_plan **plan, clf_error *error) {
    const char *function = "clf_plan_shift";
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    clf_shift_problem problem;
    CLF_TRY(describe(function, desc, &problem, error));
    clf_operand operands[2] = {{"src", problem.src, false}, {"dst", problem.dst, true}};
    return clf_operation_plan(context, &operation, &problem, 2, operands, &desc->options, plan, error);
}
