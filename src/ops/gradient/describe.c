/* SPDX-License-Identifier: Apache-2.0 */
/* Derivatives and what is made of them: the public call, from descriptor to plan. */
#include "ops/gradient/gradient.h"

#include "base/number.h"
#include "ops/gradient/words.h"
#include "plan/view.h"

#include <math.h>
#include <string.h>

/* Every output: its field, its name in sentences and in a problem's line. */
typedef struct output_field {
    int what;
    size_t offset;
    const char *name, *word;
} output_field;

#define FIELD(what, name, word) \
    { what, offsetof(clf_gradient_desc, name), #name, word }
static const output_field fields[CLF_GRADIENT_OUTPUTS] = {
    FIELD(GRADIENT_MAGNITUDE, dst, "magnitude"),
    FIELD(GRADIENT_DX, dx, "dx"),
    FIELD(GRADIENT_DY, dy, "dy"),
    FIELD(GRADIENT_DZ, dz, "dz"),
    FIELD(GRADIENT_SQUARED, squared, "squared"),
    FIELD(GRADIENT_L1, l1, "l1"),
    FIELD(GRADIENT_ORIENTATION, orientation, "orientation"),
};

static const output_field *field_of(int what) {
    const output_field *field = fields;
    while (field->what != what)
        field++;
    return field;
}

static void print(const void *described, clf_text *text) {
    const clf_gradient_problem *problem = described;
    clf_gradient_words words = {.eps = problem->eps, .dst = problem->output[0].view.dtype};
    clf_gradient_say_stencil(&problem->stencil, &problem->src.view, &words);
    words.dst = words.dst == CLF_F64 ? CLF_F32 : words.dst; /* the arithmetic's: not said */
    clf_words_set_strides(&words, 0, &problem->src.view);
    for (int i = 0; i < problem->outputs; i++) {
        int place = (int)(field_of(problem->output[i].what) - fields);
        words.out |= 1U << place;
        clf_words_set_strides(&words, i == 0 ? 1 : 1 + place, &problem->output[i].view);
    }
    clf_words_print(&clf_gradient_line, &words, text);
}

static const clf_operation operation = {"gradient", clf_gradient_solvers, print, clf_gradient_cost,
                                        &clf_gradient_slicing};

static clf_status read_outputs(const char *function, const clf_gradient_desc *desc, clf_gradient_problem *problem,
                               clf_error *error) {
    for (int i = 0; i < CLF_GRADIENT_OUTPUTS; i++) {
        const clf_view *given = (const clf_view *)((const char *)desc + fields[i].offset);
        if (!clf_gradient_wanted(given))
            continue;
        int what = fields[i].what, absent = problem->stencil.axes == 2 ? GRADIENT_DZ : GRADIENT_ORIENTATION;
        if (what == absent)
            return clf_fail(error, CLF_INVALID_VALUE, "%s: %s is requested, but does not exist with %d axes", function,
                            fields[i].name, problem->stencil.axes);
        clf_gradient_place *output = &problem->output[problem->outputs];
        *output = (clf_gradient_place){.what = what, .index = (cl_uint)++problem->outputs};
        CLF_TRY(clf_gradient_check_output(function, given, fields[i].name, &problem->src.view, &output->view, error));
        if (output->view.dtype != problem->output[0].view.dtype)
            return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: %s is %s; expected %s, like the outputs before it",
                            function, fields[i].name, clf_dtype_name(output->view.dtype),
                            clf_dtype_name(problem->output[0].view.dtype));
    }
    if (problem->outputs == 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: no output is requested; expected dst or another", function);
    return CLF_OK;
}

static clf_status describe(const char *function, const clf_gradient_desc *desc, clf_gradient_problem *problem,
                           clf_error *error) {
    memset(problem, 0, sizeof *problem);
    CLF_TRY(clf_view_resolve(&desc->src, "src", &problem->src.view, error));
    problem->stencil = (clf_gradient_stencil){
        .op = desc->op, .sigma = desc->sigma, .order = 1, .axes = desc->axes, .cval = desc->cval, .scale = desc->scale};
    CLF_TRY(clf_gradient_check_stencil(function, &problem->src.view, desc->border, &problem->stencil, error));
    if (!isfinite(desc->eps) || desc->eps < 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: eps is %s; expected a finite number, 0 or more", function,
                        clf_number_general(desc->eps, 6).text);
    problem->eps = desc->eps;
    return read_outputs(function, desc, problem, error);
}

clf_status clf_plan_gradient(clf_context *context, const clf_gradient_desc *desc, clf_plan **plan, clf_error *error) {
    const char *function = "clf_plan_gradient";
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    clf_gradient_problem problem;
    CLF_TRY(describe(function, desc, &problem, error));
    clf_operand operands[1 + CLF_GRADIENT_OUTPUTS] = {{"src", problem.src.view, false}};
    for (int i = 0; i < problem.outputs; i++)
        operands[1 + i] = (clf_operand){field_of(problem.output[i].what)->name, problem.output[i].view, true};
    return clf_operation_plan(context, &operation, &problem, 1 + problem.outputs, operands, &desc->options, plan,
                              error);
}
