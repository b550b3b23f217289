/* SPDX-License-Identifier: Apache-2.0 */
/* Structure tensors and Harris's response: products of derivatives, smoothed axis by axis. */
#include "base/number.h"
#include "ops/gradient/gradient.h"
#include "ops/gradient/words.h"
#include "ops/real.h"
#include "plan/view.h"

#include <math.h>
#include <string.h>

typedef struct structure_problem {
    clf_gradient_problem products; /* src, and the three products into scratch */
    double sigma, parameter;
    int finish;
    int outputs;
    clf_gradient_place output[3];
} structure_problem;

static void print(const void *described, clf_text *text) {
    const structure_problem *problem = described;
    const clf_view *src = &problem->products.src.view;
    clf_gradient_words words = {.sigma = problem->sigma, .harris = {.name = -1}};
    clf_gradient_say_stencil(&problem->products.stencil, src, &words);
    words.op.name = 0; /* Sobel, the only one */
    if (problem->finish != CLF_FINISH_EACH)
        words.harris = (clf_call_word){problem->finish == CLF_FINISH_HARRIS ? 0 : 1, problem->parameter};
    clf_words_set_strides(&words, 0, src);
    for (int i = 0; i < problem->outputs; i++)
        clf_words_set_strides(&words, 1 + i, &problem->output[i].view);
    clf_words_print(&clf_structure_line, &words, text);
}

static void cost(const void *described, clf_plan_cost *cost) {
    const structure_problem *problem = described;
    const clf_view *src = &problem->products.src.view;
    double count = (double)clf_view_count(src);
    cost->bytes = count * (double)(clf_dtype_bytes(src->dtype) +
                                   (size_t)problem->outputs * clf_dtype_bytes(problem->output[0].view.dtype));
    cost->flops = count * (19 + 12 * (2 * clf_gradient_radius(problem->sigma) + 1));
}

static double estimate(const clf_context *context, const void *described) {
    clf_plan_cost needed;
    cost(described, &needed);
    return clf_seconds(clf_context_profile(context), 4 * needed.bytes, 0, 3);
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    static const int products[] = {GRADIENT_XX, GRADIENT_XY, GRADIENT_YY};
    const structure_problem *problem = described;
    const clf_view *src = &problem->products.src.view;
    bool wide = clf_dtype_wide(src->dtype);
    clf_view shape = *src;
    shape.dtype = wide ? CLF_F64 : CLF_F32;
    cl_uint scratch[2];
    for (int i = 0; i < 2; i++)
        CLF_TRY(clf_plan_scratch(plan, clf_gradient_fields_bytes(&shape, 3), &scratch[i], error));
    clf_gradient_problem first = problem->products;
    first.outputs = 3;
    for (int i = 0; i < 3; i++)
        first.output[i] = clf_gradient_field(src, products[i], i, scratch[0]);
    CLF_TRY(clf_gradient_add(plan, &first, error));
    clf_gradient_filter filter = {.shape = &shape,
                                  .axes = 2,
                                  .fields = 3,
                                  .smooth_only = true,
                                  .cval = problem->products.stencil.cval,
                                  .finish = problem->finish,
                                  .parameter = problem->parameter,
                                  .scratch = {scratch[0], scratch[1]},
                                  .outputs = problem->outputs};
    memcpy(filter.border, problem->products.stencil.border, sizeof filter.border);
    memcpy(filter.output, problem->output, sizeof filter.output);
    clf_gradient_taps taps;
    memset(&taps, 0, sizeof taps);
    clf_gradient_gaussian(problem->sigma, &taps);
    return clf_gradient_add_filter(plan, &filter, &taps, wide, error);
}

static const clf_solver passes = {"structure.passes", NULL, estimate, prepare, 0};
static const clf_solver *const solvers[] = {&passes, NULL};

static bool cut(const void *described, int axis, clf_cut *cut) {
    const structure_problem *problem = described;
    const clf_gradient_problem *products = &problem->products;
    int64_t radius = 1 + clf_gradient_radius(problem->sigma); /* of the derivatives, then of the smoothing */
    clf_gradient_cut(&products->stencil, &products->src.view, axis, radius, cut);
    return true;
}

static void slice(const void *described, int axis, const clf_view *slab, void *written) {
    structure_problem *sub = written;
    *sub = *(const structure_problem *)described;
    sub->products.src.view = slab[0];
    for (int i = 0; i < sub->outputs; i++)
        sub->output[i].view = slab[1 + i];
    clf_gradient_slice_border(&sub->products.stencil, &slab[0], axis);
}

static const clf_slicing slicing = {sizeof(structure_problem), cut, slice};
static const clf_operation operation = {"structure", solvers, print, cost, &slicing};

static clf_status take_outputs(const char *function, const clf_structure_desc *desc, structure_problem *problem,
                               clf_error *error) {
    static const char *const names[] = {"xx", "xy", "yy", "response"};
    const clf_view *given[] = {&desc->xx, &desc->xy, &desc->yy, &desc->response};
    bool response = clf_gradient_wanted(given[3]);
    for (int i = 0; i < 3; i++)
        if (clf_gradient_wanted(given[i]) == response)
            return clf_fail(error, CLF_INVALID_VALUE, "%s: %s is %s; expected xx, xy and yy, or response alone",
                            function, names[i], response ? "given together with response" : "not given");
    for (int i = response ? 3 : 0; i < (response ? 4 : 3); i++) {
        clf_gradient_place *output = &problem->output[problem->outputs];
        output->index = (cl_uint)++problem->outputs;
        CLF_TRY(
            clf_gradient_check_output(function, given[i], names[i], &problem->products.src.view, &output->view, error));
        if (output->view.dtype == CLF_F16)
            return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: %s is f16; expected f32", function, names[i]);
    }
    if (!response)
        problem->finish = CLF_FINISH_EACH;
    return CLF_OK;
}

static clf_status describe(const char *function, const clf_structure_desc *desc, structure_problem *problem,
                           clf_error *error) {
    memset(problem, 0, sizeof *problem);
    clf_view *src = &problem->products.src.view;
    CLF_TRY(clf_view_resolve(&desc->src, "src", src, error));
    problem->products.stencil =
        (clf_gradient_stencil){.op = CLF_GRADIENT_SOBEL, .order = 1, .axes = 2, .cval = desc->cval, .scale = 1};
    CLF_TRY(clf_gradient_check_stencil(function, src, desc->border, &problem->products.stencil, error));
    problem->sigma = desc->sigma != 0 ? desc->sigma : 1;
    CLF_TRY(clf_gradient_check_sigma(function, problem->sigma, (double)CLF_GRADIENT_RADIUS / 4, error));
    if ((unsigned)desc->method > CLF_HARRIS_EPS)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: method is %d; expected a clf_harris_method", function,
                        (int)desc->method);
    if (!isfinite(desc->k))
        return clf_fail(error, CLF_INVALID_VALUE, "%s: k is %s; expected a finite number", function,
                        clf_number_general(desc->k, 6).text);
    problem->finish = desc->method == CLF_HARRIS_K ? CLF_FINISH_HARRIS : CLF_FINISH_HARRIS_EPS;
    problem->parameter = desc->k != 0 ? desc->k : desc->method == CLF_HARRIS_K ? 0.05 : 1e-6;
    return take_outputs(function, desc, problem, error);
}

clf_status clf_plan_structure(clf_context *context, const clf_structure_desc *desc, clf_plan **plan, clf_error *error) {
    const char *function = "clf_plan_structure";
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    structure_problem problem;
    CLF_TRY(describe(function, desc, &problem, error));
    clf_operand operands[4] = {{"src", problem.products.src.view, false}};
    static const char *const names[] = {"xx", "xy", "yy"};
    for (int i = 0; i < problem.outputs; i++)
        operands[1 + i] = (clf_operand){problem.outputs == 1 ? "response" : names[i], problem.output[i].view, true};
    return clf_operation_plan(context, &operation, &problem, 1 + problem.outputs, operands, &desc->options, plan,
                              error);
}
