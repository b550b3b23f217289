/* SPDX-License-Identifier: Apache-2.0 */
/* The backward of derivatives: the public call, from descriptor to plan, and gradient_backward.passes. */
#include "base/number.h"
#include "ops/gradient/gradient.h"
#include "ops/gradient/words.h"
#include "ops/real.h"
#include "plan/view.h"

#include <math.h>
#include <string.h>

typedef struct backward_problem {
    clf_gradient_stencil stencil;
    double eps;
    bool has_src;
    clf_view src; /* where has_src */
    clf_view dst; /* grad_src */
    cl_uint dst_operand;
    int handed;
    clf_gradient_place grad[CLF_GRADIENT_OUTPUTS];
} backward_problem;

typedef struct backward_field {
    int what;
    size_t offset;
    const char *name;
} backward_field;

#define FIELD(what, name) \
    { what, offsetof(clf_gradient_backward_desc, name), #name }
static const backward_field fields[CLF_GRADIENT_OUTPUTS] = {
    FIELD(GRADIENT_MAGNITUDE, grad_dst),
    FIELD(GRADIENT_DX, grad_dx),
    FIELD(GRADIENT_DY, grad_dy),
    FIELD(GRADIENT_DZ, grad_dz),
    FIELD(GRADIENT_SQUARED, grad_squared),
    FIELD(GRADIENT_L1, grad_l1),
    FIELD(GRADIENT_ORIENTATION, grad_orientation),
};

static const backward_field *field_of(int what) {
    const backward_field *field = fields;
    while (field->what != what)
        field++;
    return field;
}

/* True where the derivatives matter: something handed in belongs to what is not linear. */
static bool needs_derivatives(const backward_problem *problem) {
    for (int i = 0; i < problem->handed; i++)
        if (problem->grad[i].what != GRADIENT_DX && problem->grad[i].what != GRADIENT_DY &&
            problem->grad[i].what != GRADIENT_DZ)
            return true;
    return false;
}

static void print(const void *described, clf_text *text) {
    const backward_problem *problem = described;
    clf_gradient_words words = {.eps = problem->eps, .src = CLF_GRADIENT_SRC_NONE};
    clf_gradient_say_stencil(&problem->stencil, &problem->dst, &words);
    if (problem->has_src) {
        bool alike = problem->src.dtype == problem->dst.dtype;
        words.src = alike ? CLF_GRADIENT_SRC_LIKE : CLF_GRADIENT_SRC_DTYPE + (int)problem->src.dtype;
        clf_words_set_strides(&words, 0, &problem->src);
    }
    for (int i = 0; i < problem->handed; i++) {
        int place = (int)(field_of(problem->grad[i].what) - fields);
        words.out |= 1U << place;
        clf_words_set_strides(&words, 1 + place, &problem->grad[i].view);
    }
    clf_words_set_strides(&words, 1 + CLF_GRADIENT_OUTPUTS, &problem->dst);
    clf_words_print(&clf_gradient_backward_line, &words, text);
}

static void cost(const void *described, clf_plan_cost *cost) {
    const backward_problem *problem = described;
    double count = (double)clf_view_count(&problem->dst), element = (double)clf_dtype_bytes(problem->dst.dtype);
    cost->bytes = count * element * (1 + problem->handed);
    if (problem->has_src)
        cost->bytes += count * (double)clf_dtype_bytes(problem->src.dtype);
    double span =
        2 * (problem->stencil.op == CLF_GRADIENT_GAUSSIAN ? clf_gradient_radius(problem->stencil.sigma) : 1) + 1;
    cost->flops = count * (2 * span * problem->stencil.axes * problem->stencil.axes + 12);
}

static double estimate(const clf_context *context, const void *described) {
    clf_plan_cost needed;
    cost(described, &needed);
    return clf_seconds(clf_context_profile(context), 4 * needed.bytes, 0, 3);
}

/* The problem whose derivatives matter, into scratch. Not scaled: what is scaled might vanish. */
static clf_gradient_problem derive(const backward_problem *problem, cl_uint scratch) {
    static const int derivatives[] = {GRADIENT_DX, GRADIENT_DY, GRADIENT_DZ};
    clf_gradient_problem forward = {.stencil = problem->stencil, .outputs = problem->stencil.axes};
    forward.stencil.scale = 1;
    forward.src = (clf_gradient_place){.view = problem->src, .index = 0};
    for (int i = 0; i < forward.outputs; i++) /* 2 or 3: NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) */
        forward.output[i] = clf_gradient_field(&problem->src, derivatives[i], i, scratch);
    return forward;
}

static clf_status make_table(clf_plan *plan, const backward_problem *problem, cl_mem *table, clf_error *error) {
    int64_t values[16 + CLF_BATCH_TABLE] = {0};
    int last = problem->dst.rank - 1;
    values[0] = problem->dst.shape[last];
    values[1] = clf_view_count(&problem->dst);
    clf_batch batch = {.rank = 0};
    for (int axis = 0; axis < last; axis++) {
        int64_t strides[CLF_GRADIENT_OUTPUTS] = {0};
        for (int i = 0; i < problem->handed; i++)
            strides[problem->grad[i].what] = problem->grad[i].view.strides[axis];
        clf_batch_add(&batch, problem->dst.shape[axis], CLF_GRADIENT_OUTPUTS, strides);
    }
    clf_batch_collapse(&batch);
    for (int i = 0; i < problem->handed; i++) {
        values[2 + problem->grad[i].what] = problem->grad[i].view.offset;
        values[9 + problem->grad[i].what] = problem->grad[i].view.strides[last];
    }
    clf_batch_write(&batch, values + 16);
    return clf_plan_own(plan, sizeof values, values, table, error);
}

/* The constants of cl/gradient/back.cl; `forward` is NULL where no derivatives matter. */
static void write_options(const clf_plan *plan, const backward_problem *problem, const clf_gradient_problem *forward,
                          clf_text *options) {
    clf_dtype real = problem->dst.dtype;
    clf_real_options(options, forward != NULL ? problem->src.dtype : real, real, 1);
    clf_gradient_three_taps(&problem->stencil, options);
    clf_text_add(options, " -DAXES=%d -DNEEDED=%d -DSUMS=%d -DLOCAL_X=%zu", problem->stencil.axes, forward != NULL,
                 forward != NULL && clf_gradient_overflows(forward), clf_work_group(plan->context, 0));
}

/* `share`: a power of two that the derivative's taps were divided by, and the fields are multiplied by. */
static clf_status add_fields(clf_plan *plan, const backward_problem *problem, const clf_gradient_problem *forward,
                             double share, const cl_uint scratch[2], clf_error *error) {
    bool wide = problem->dst.dtype == CLF_F64;
    cl_mem table, source;
    CLF_TRY(make_table(plan, problem, &table, error));
    source = table;
    if (forward != NULL)
        CLF_TRY(clf_gradient_own_table(plan, forward, &source, error));
    const clf_gradient_place *grads[CLF_GRADIENT_OUTPUTS] = {NULL};
    for (int i = 0; i < problem->handed; i++)
        grads[problem->grad[i].what] = &problem->grad[i];
    char data[512];
    clf_text options = clf_text_begin(data, sizeof data);
    write_options(plan, problem, forward, &options);
    for (int i = 0; i < CLF_GRADIENT_OUTPUTS; i++)
        clf_text_add(&options, " -DG%d=%d", i, grads[i] != NULL);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "gradient/back", &options, "gradient_back", &launch, error));
    clf_launch_scratch(launch, "derivative", scratch[1]);
    clf_gradient_set_place(launch, "x", forward != NULL ? &forward->src : &problem->grad[0]);
    clf_launch_buffer(launch, "forward", source);
    static const char *const gradients[CLF_GRADIENT_OUTPUTS] = {"g0", "g1", "g2", "g3", "g4", "g5", "g6"};
    for (int i = 0; i < CLF_GRADIENT_OUTPUTS; i++)
        clf_gradient_set_place(launch, gradients[i], grads[i] ? grads[i] : &problem->grad[0]);
    clf_launch_scratch(launch, "field", scratch[0]);
    clf_launch_buffer(launch, "g", table);
    clf_launch_real(launch, "cval", problem->stencil.cval, wide);
    clf_launch_real(launch, "scale", problem->stencil.scale, wide);
    clf_launch_real(launch, "root", sqrt(problem->eps) / fabs(problem->stencil.scale), wide);
    clf_launch_real(launch, "share", share, wide);
    int64_t width = problem->dst.shape[problem->dst.rank - 1];
    clf_launch_i64(launch, "columns", clf_row_share(plan->context, width));
    clf_launch_rows(launch, width, clf_view_count(&problem->dst) / width, 1);
    return clf_launch_seal(launch, error);
}

/*
 * Makes the weights of a Gaussian's derivative sum to 1 or more, so that fields, divided by as much, do not overflow
 * where the result does not. Gives back 1 over the power of two they were multiplied by.
 */
static double raise_taps(const clf_gradient_stencil *stencil, clf_gradient_taps *taps) {
    double weight = 0, share = 1;
    for (int k = 0; k <= 2 * taps->radius; k++)
        weight += fabs(taps->derivative[k]);
    if (stencil->op != CLF_GRADIENT_GAUSSIAN || weight == 0)
        return 1;
    for (; share * 2 > weight; share /= 2)
        continue;
    for (int k = 0; k <= 2 * taps->radius; k++)
        taps->derivative[k] /= share;
    return share;
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const backward_problem *problem = described;
    bool wide = problem->dst.dtype == CLF_F64, needed = needs_derivatives(problem);
    int axes = problem->stencil.axes;
    cl_uint scratch[2];
    for (int i = 0; i < 2; i++)
        CLF_TRY(clf_plan_scratch(plan, clf_gradient_fields_bytes(&problem->dst, axes), &scratch[i], error));
    clf_gradient_problem forward = {.outputs = 0};
    if (needed) {
        forward = derive(problem, scratch[1]);
        CLF_TRY(clf_gradient_add(plan, &forward, error));
    }
    clf_gradient_taps taps;
    clf_gradient_make_taps(&problem->stencil, &taps);
    double share = raise_taps(&problem->stencil, &taps);
    CLF_TRY(add_fields(plan, problem, needed ? &forward : NULL, share, scratch, error));
    clf_gradient_filter filter = {.shape = &problem->dst,
                                  .axes = axes,
                                  .fields = axes,
                                  .adjoint = true,
                                  .finish = CLF_FINISH_SUM,
                                  .scratch = {scratch[0], scratch[1]},
                                  .outputs = 1};
    memcpy(filter.border, problem->stencil.border, sizeof filter.border);
    filter.output[0] = (clf_gradient_place){.view = problem->dst, .index = problem->dst_operand};
    return clf_gradient_add_filter(plan, &filter, &taps, wide, error);
}

static const clf_solver passes = {"gradient_backward.passes", NULL, estimate, prepare, 0};
static const clf_solver *const solvers[] = {&passes, NULL};

/* Not along a derived axis of periodic border, whose ends receive in an order that no slab has. */
static bool cut(const void *described, int axis, clf_cut *cut) {
    const backward_problem *problem = described;
    const clf_gradient_stencil *stencil = &problem->stencil;
    int64_t radius = stencil->op == CLF_GRADIENT_GAUSSIAN ? clf_gradient_radius(stencil->sigma) : 1;
    bool derived = clf_gradient_cut(stencil, &problem->dst, axis, 2 * radius, cut); /* there and back */
    return !derived || cut->inside;
}

static void slice(const void *described, int axis, const clf_view *slab, void *written) {
    backward_problem *sub = written;
    (void)axis;
    *sub = *(const backward_problem *)described;
    if (sub->has_src)
        sub->src = slab[0];
    for (int i = 0; i < sub->handed; i++)
        sub->grad[i].view = slab[sub->grad[i].index];
    sub->dst = slab[sub->dst_operand];
}

static const clf_slicing slicing = {sizeof(backward_problem), cut, slice};
static const clf_operation operation = {
    "gradient_backward", solvers, print, cost, &slicing, "periodic ends have an order of summation of their own"};

static clf_status read_handed(const char *function, const clf_gradient_backward_desc *desc, backward_problem *problem,
                              clf_error *error) {
    for (int i = 0; i < CLF_GRADIENT_OUTPUTS; i++) {
        const clf_view *given = (const clf_view *)((const char *)desc + fields[i].offset);
        if (!clf_gradient_wanted(given))
            continue;
        int absent = problem->stencil.axes == 2 ? GRADIENT_DZ : GRADIENT_ORIENTATION;
        if (fields[i].what == absent)
            return clf_fail(error, CLF_INVALID_VALUE, "%s: %s is given, but does not exist with %d axes", function,
                            fields[i].name, problem->stencil.axes);
        clf_gradient_place *grad = &problem->grad[problem->handed];
        *grad = (clf_gradient_place){.what = fields[i].what, .index = (cl_uint)(problem->has_src + problem->handed)};
        problem->handed++;
        CLF_TRY(clf_view_resolve(given, fields[i].name, &grad->view, error));
        if (grad->view.dtype != problem->dst.dtype)
            return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: %s is %s; expected %s, like grad_src", function,
                            fields[i].name, clf_dtype_name(grad->view.dtype), clf_dtype_name(problem->dst.dtype));
        CLF_TRY(clf_view_check_shape(&grad->view, fields[i].name, problem->dst.rank, problem->dst.shape, error));
    }
    if (problem->handed == 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: no gradient is given; expected grad_dst or another", function);
    if (needs_derivatives(problem) && !problem->has_src)
        return clf_fail(error, CLF_INVALID_VALUE,
                        "%s: src is not given; only grad_dx, grad_dy and grad_dz can do without it", function);
    return CLF_OK;
}

static clf_status describe(const char *function, const clf_gradient_backward_desc *desc, backward_problem *problem,
                           clf_error *error) {
    memset(problem, 0, sizeof *problem);
    CLF_TRY(clf_view_resolve(&desc->grad_src, "grad_src", &problem->dst, error));
    problem->has_src = clf_gradient_wanted(&desc->src);
    problem->stencil = (clf_gradient_stencil){
        .op = desc->op, .sigma = desc->sigma, .order = 1, .axes = desc->axes, .cval = desc->cval, .scale = desc->scale};
    CLF_TRY(clf_gradient_check_stencil(function, &problem->dst, desc->border, &problem->stencil, error));
    if (problem->dst.dtype != CLF_F32 && problem->dst.dtype != CLF_F64)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: grad_src is %s; expected f32 or f64", function,
                        clf_dtype_name(problem->dst.dtype));
    if (!isfinite(desc->eps) || desc->eps < 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: eps is %s; expected a finite number, 0 or more", function,
                        clf_number_general(desc->eps, 6).text);
    problem->eps = desc->eps;
    if (problem->has_src) {
        CLF_TRY(clf_view_resolve(&desc->src, "src", &problem->src, error));
        CLF_TRY(clf_gradient_check_source(function, &problem->src, problem->stencil.axes, error));
        if (clf_dtype_wide(problem->src.dtype) != (problem->dst.dtype == CLF_F64))
            return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: grad_src is %s and src %s; expected %s", function,
                            clf_dtype_name(problem->dst.dtype), clf_dtype_name(problem->src.dtype),
                            clf_dtype_wide(problem->src.dtype) ? "f64" : "f32");
        CLF_TRY(clf_view_check_shape(&problem->src, "src", problem->dst.rank, problem->dst.shape, error));
    }
    return read_handed(function, desc, problem, error);
}

clf_status clf_plan_gradient_backward(clf_context *context, const clf_gradient_backward_desc *desc, clf_plan **plan,
                                      clf_error *error) {
    const char *function = "clf_plan_gradient_backward";
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    backward_problem problem;
    CLF_TRY(describe(function, desc, &problem, error));
    clf_operand operands[CLF_GRADIENT_OUTPUTS + 2];
    int count = 0;
    if (problem.has_src)
        operands[count++] = (clf_operand){"src", problem.src, false};
    for (int i = 0; i < problem.handed; i++)
        operands[count++] = (clf_operand){field_of(problem.grad[i].what)->name, problem.grad[i].view, false};
    problem.dst_operand = (cl_uint)count;
    operands[count++] = (clf_operand){"grad_src", problem.dst, true};
    return clf_operation_plan(context, &operation, &problem, count, operands, &desc->options, plan, error);
}
