/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv_adjoint.phases: the adjoint of a convolution with steps, as a correlation for each phase of its output: every
 * step-th element reads the same taps, and neighbouring outputs' gradients.
 */
#include "base/alloc.h"
#include "ops/conv/adjoint.h"
#include "ops/real.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PHASES = CLF_MAX_STEPS - 1 }; /* a step each, and one for zeros */

bool clf_conv_finite_weights(const clf_conv_problem *problem) {
    for (int64_t i = 0; i < clf_conv_weight_count(problem); i++)
        if (!isfinite(problem->values[i]))
            return false;
    return true;
}

/* The border under which an axis' adjoint is correlations again; CLF_BORDER_DEFAULT if there is none. */
static clf_border transposed_border(const clf_conv_problem *problem, int axis) {
    int64_t last = problem->step[axis] * (problem->out[axis] - 1) + problem->start[axis] +
                   problem->dilation[axis] * (problem->taps[axis] - 1);
    bool inside = problem->start[axis] >= 0 && last < problem->extent[axis];
    if (inside || problem->border[axis] == CLF_BORDER_CONSTANT)
        return CLF_BORDER_CONSTANT;
    if (problem->border[axis] == CLF_BORDER_PERIODIC &&
        problem->out[axis] * problem->step[axis] == problem->extent[axis])
        return CLF_BORDER_PERIODIC;
    return CLF_BORDER_DEFAULT;
}

bool clf_conv_adjoint_correlates(const clf_conv_problem *problem) {
    for (int i = 0; i < CLF_CONV_AXES; i++)
        if (transposed_border(problem, i) == CLF_BORDER_DEFAULT)
            return false;
    return true;
}

static int64_t common_divisor(int64_t a, int64_t b) {
    return b == 0 ? a : common_divisor(b, a % b);
}

/*
 * One axis of a phase. Element phase + step*q is read by the outputs i = (phase + step*q - start - dilation*k) / step
 * where that is whole: by every so many taps k, each q by another neighbour.
 */
static bool phase_axis(const clf_conv_problem *problem, int axis, int64_t phase, clf_conv_problem *to,
                       clf_adjoint_taps *taps) {
    int64_t step = problem->step[axis], dilation = problem->dilation[axis], from = phase - problem->start[axis];
    int64_t divisor = common_divisor(step, dilation), every = step / divisor, first = 0;
    while (first < every && (from - dilation * first) % step != 0)
        first++;
    if (first == every || first >= problem->taps[axis] || phase >= problem->extent[axis])
        return false;
    taps->first[axis] = first;
    taps->every[axis] = every;
    to->border[axis] = transposed_border(problem, axis);
    to->taps[axis] = (problem->taps[axis] - 1 - first) / every + 1;
    to->step[axis] = 1;
    to->dilation[axis] = dilation / divisor;
    to->start[axis] = (from - dilation * first) / step - to->dilation[axis] * (to->taps[axis] - 1);
    to->extent[axis] = problem->out[axis];
    to->out[axis] = (problem->extent[axis] - phase + step - 1) / step;
    to->src_stride[axis] = problem->dst_stride[axis];
    to->dst_stride[axis] = problem->src_stride[axis] * step;
    to->dst.offset += problem->src_stride[axis] * phase;
    int at = problem->src.rank - CLF_CONV_AXES + axis;
    if (axis >= CLF_CONV_AXES - problem->axes) {
        to->dst.shape[at] = to->out[axis];
        to->dst.strides[at] *= step;
    }
    return true;
}

bool clf_conv_adjoint_phase(const clf_conv_problem *problem, const int64_t phase[CLF_CONV_AXES], clf_conv_problem *to,
                            clf_adjoint_taps *taps) {
    *to = *problem;
    to->role = CLF_CONV_FORWARD;
    to->src = problem->dst;
    to->dst = problem->src;
    to->cval = 0;
    to->biased = false;
    to->values = NULL;
    to->low_rank = 0;
    for (int i = 0; i < CLF_CONV_AXES; i++)
        if (!phase_axis(problem, i, phase[i], to, taps))
            return false;
    memcpy(to->batch.strides[0], problem->batch.strides[1], sizeof to->batch.strides[0]);
    memcpy(to->batch.strides[1], problem->batch.strides[0], sizeof to->batch.strides[1]);
    to->inputs = problem->outputs;
    to->outputs = problem->inputs;
    to->src_channel = problem->dst_channel;
    to->dst_channel = problem->src_channel;
    return true;
}

void clf_conv_adjoint_weights(const clf_conv_problem *problem, const clf_conv_problem *to, const clf_adjoint_taps *taps,
                              double *weights) {
    int64_t place[CLF_CONV_AXES];
    for (int64_t row = 0; row < problem->groups * to->outputs * to->inputs; row++) {
        int64_t group = row / (to->outputs * to->inputs), c = row / to->inputs % to->outputs, o = row % to->inputs;
        const double *from =
            problem->values + ((group * problem->outputs + o) * problem->inputs + c) * clf_conv_tap_count(problem);
        for (int64_t k = clf_conv_tap_count(to); k-- > 0;) {
            int64_t rest = k;
            for (int i = CLF_CONV_AXES - 1; i >= 0; i--) {
                place[i] = taps->first[i] + rest % to->taps[i] * taps->every[i];
                rest /= to->taps[i];
            }
            *weights++ = from[(place[0] * problem->taps[1] + place[1]) * problem->taps[2] + place[2]];
        }
    }
}

/* The phases of all axes together, counted along the last axis first. */
static int64_t phase_count(const clf_conv_problem *problem) {
    return problem->step[0] * problem->step[1] * problem->step[2];
}

static bool find_phase(const clf_conv_problem *problem, int64_t number, clf_conv_problem *to, clf_adjoint_taps *taps) {
    int64_t phase[CLF_CONV_AXES];
    for (int i = CLF_CONV_AXES - 1; i >= 0; i--) {
        phase[i] = number % problem->step[i];
        number /= problem->step[i];
    }
    return clf_conv_adjoint_phase(problem, phase, to, taps);
}

/* What builds one program for phases of every shape. */
static const clf_solver *solver_of(const clf_context *context, const clf_conv_problem *phase) {
    bool staged = clf_context_profile(context)->wide_items && clf_solver_applies(&clf_conv_bank, context, phase);
    return staged ? &clf_conv_bank : &clf_conv_general;
}

/* The phases that there are; more than MOST_PHASES as soon as they are that many or the steps that large. */
static int live_phases(const clf_conv_problem *problem) {
    clf_conv_problem phase;
    clf_adjoint_taps taps;
    int live = 0;
    const int64_t most = 1 << 10;
    if (problem->step[0] > most || problem->step[1] > most || problem->step[2] > most || phase_count(problem) > most)
        return MOST_PHASES + 1;
    for (int64_t n = 0; n < phase_count(problem) && live <= MOST_PHASES; n++)
        live += find_phase(problem, n, &phase, &taps);
    return live;
}

static bool has_step(const clf_conv_problem *problem) {
    return problem->step[0] > 1 || problem->step[1] > 1 || problem->step[2] > 1;
}

/* Phases are counted only where the steps are so small that their number fits (live_phases). */
static bool applies(const clf_context *context, const void *described) {
    (void)context;
    const clf_conv_problem *problem = described;
    return problem->values != NULL && has_step(problem) && clf_view_count(&problem->src) > 0 &&
           clf_view_count(&problem->dst) > 0 && clf_conv_adjoint_correlates(problem) &&
           live_phases(problem) <= MOST_PHASES && clf_conv_finite_weights(problem);
}

static double estimate(const clf_context *context, const void *described) {
    const clf_conv_problem *problem = described;
    clf_conv_problem phase;
    clf_adjoint_taps taps;
    double seconds = 0;
    for (int64_t n = 0; n < phase_count(problem); n++)
        if (find_phase(problem, n, &phase, &taps))
            seconds += clf_solver_estimate(solver_of(context, &phase), context, &phase);
    return seconds;
}

/* Elements that no output reads get their zero first, with all the others. */
static clf_status add_zeros(clf_plan *plan, const clf_conv_problem *problem, clf_error *error) {
    cl_mem table;
    CLF_TRY(clf_conv_table(plan, problem, 1, &table, error));
    char data[256];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_real_options(&options, problem->dst.dtype, problem->src.dtype, 1);
    size_t local = clf_work_group(plan->context, 0);
    clf_text_add(&options, " -DLOCAL_X=%zu", local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "conv/zeros", &options, "conv_zeros", &launch, error));
    int64_t columns = clf_context_profile(plan->context)->wide_items ? problem->extent[2] : 1; /* of one work-item */
    clf_launch_operand(launch, "x", 1);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "columns", columns);
    int64_t planes = problem->extent[0] * problem->groups * problem->inputs * problem->batch.count;
    clf_launch_range(launch,
                     (size_t[]){(size_t)(problem->extent[2] / columns), (size_t)problem->extent[1], (size_t)planes},
                     (size_t[]){local, 1, 1});
    return clf_launch_seal(launch, error);
}

/* One phase, as a plan of its own: it has tables and scratch of its own. */
static clf_status add_phase(clf_plan *plan, const clf_conv_problem *problem, clf_conv_problem *phase,
                            const clf_adjoint_taps *taps, clf_error *error) {
    double *values;
    CLF_TRY(clf_allocate(&values, clf_conv_weight_count(phase) + clf_conv_output_count(phase), sizeof *values, error));
    clf_conv_adjoint_weights(problem, phase, taps, values);
    phase->values = values;
    clf_child child = {.count = 2, .from = {{.scratch = false, .index = 0}, {.scratch = false, .index = 1}}};
    clf_status status = clf_plan_begin(plan->context, 2, plan->operands, &child.plan, error);
    if (status == CLF_OK) {
        const clf_solver *solver = solver_of(plan->context, phase);
        status = clf_solver_prepare(solver, child.plan, phase, error);
        clf_text_add(&plan->description, " (%s%s)", solver->name, clf_plan_describe(child.plan));
        if (status != CLF_OK)
            clf_plan_destroy(child.plan);
    }
    free(values);
    return status == CLF_OK ? clf_plan_child(plan, &child, error) : status;
}

static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_conv_problem *problem = described;
    clf_conv_problem phase;
    clf_adjoint_taps taps;
    int64_t covered = 0;
    for (int64_t n = 0; n < phase_count(problem); n++)
        covered += find_phase(problem, n, &phase, &taps) ? clf_view_count(&phase.dst) : 0;
    if (covered < clf_view_count(&problem->src))
        CLF_TRY(add_zeros(plan, problem, error));
    for (int64_t n = 0; n < phase_count(problem); n++)
        if (find_phase(problem, n, &phase, &taps))
            CLF_TRY(add_phase(plan, problem, &phase, &taps, error));
    return CLF_OK;
}

const clf_solver clf_conv_adjoint_phases = {
    "conv_adjoint.phases",
    applies,
    estimate,
    prepare,
    1,
    "a stride, finite weights in host memory, borders that are constant or not met (or periodic and a multiple of the "
    "stride long), and at most 19 phases"};
