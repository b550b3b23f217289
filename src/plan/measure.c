/* SPDX-License-Identifier: Apache-2.0 */
/* Measuring candidates on tensors of their own. */
#include "plan/measure.h"

#include "base/alloc.h"
#include "plan/compare.h"
#include "plan/view.h"
#include "rt/buffer.h"
#include "rt/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_RUNS = 9, FEWEST_RUNS = 3 };
static const double ENOUGH_SECONDS = 0.05; /* of runs of one candidate */

/* Operands of the problem's sizes that belong to the measurement. */
typedef struct measurement {
    int count;
    clf_operand operands[CLF_MAX_OPERANDS];
    size_t bytes[CLF_MAX_OPERANDS];
    void *expected[CLF_MAX_OPERANDS]; /* of outputs: what the safe solver wrote */
    void *got;                        /* room for the largest output */
} measurement;

static clf_status make_operand(clf_context *context, measurement *own, int i, clf_error *error) {
    clf_operand *operand = &own->operands[i];
    void *data;
    CLF_TRY(clf_allocate(&data, own->bytes[i], 1, error));
    if (!operand->output)
        clf_compare_fill(operand->view.dtype, data, own->bytes[i], (unsigned)i + 1);
    clf_status status = clf_buffer_create(context, own->bytes[i], data, &operand->view.buffer, error);
    if (operand->output && status == CLF_OK)
        own->expected[i] = data;
    else
        free(data);
    return status;
}

static clf_status begin(clf_context *context, int count, const clf_operand *operands, measurement *own,
                        clf_error *error) {
    memset(own, 0, sizeof *own);
    own->count = count;
    memcpy(own->operands, operands, (size_t)count * sizeof *operands);
    size_t largest = 1, total = 0;
    for (int i = 0; i < count; i++) {
        clf_view *view = &own->operands[i].view;
        view->buffer = NULL; /* the host's own buffers are not ours to release */
        own->bytes[i] = (size_t)(clf_view_reach(view).last + 1) * clf_dtype_bytes(view->dtype);
        total += own->bytes[i];
        if (own->operands[i].output && own->bytes[i] > largest)
            largest = own->bytes[i];
    }
    if (total > context->info.global_bytes / 4)
        return clf_fail(error, CLF_OUT_OF_DEVICE_MEMORY, "the operands take more than a quarter of the memory");
    for (int i = 0; i < count; i++)
        CLF_TRY(make_operand(context, own, i, error));
    return clf_allocate(&own->got, largest, 1, error);
}

static void end(measurement *own) {
    for (int i = 0; i < own->count; i++) {
        clf_buffer_release(own->operands[i].view.buffer);
        free(own->expected[i]);
    }
    free(own->got);
}

/* Reads the outputs back: into `expected`, or compared with it. */
static clf_status read_outputs(clf_context *context, measurement *own, bool keep, bool *equal, clf_error *error) {
    *equal = true;
    for (int i = 0; i < own->count; i++) {
        if (!own->operands[i].output)
            continue;
        cl_mem buffer = own->operands[i].view.buffer;
        void *memory;
        CLF_TRY(clf_buffer_map(context, buffer, CL_MAP_READ, 0, own->bytes[i], &memory, error));
        memcpy(keep ? own->expected[i] : own->got, memory, own->bytes[i]);
        CLF_TRY(clf_buffer_unmap(context, buffer, memory, error));
        if (!keep && !clf_compare_close(own->operands[i].view.dtype, own->expected[i], own->got, own->bytes[i]))
            *equal = false;
    }
    return CLF_OK;
}

/* Runs a plan until it is known how long it takes: the least of several. */
static clf_status time_plan(clf_context *context, clf_plan *plan, double *seconds, clf_error *error) {
    double total = 0;
    *seconds = INFINITY;
    for (int run = 0; run < MOST_RUNS && (run < FEWEST_RUNS || total < ENOUGH_SECONDS); run++) {
        double took;
        clf_clock clock;
        CLF_TRY(clf_clock_begin(context, &clock, error));
        cl_event event = NULL;
        clf_status status = clf_execute(plan, NULL, &event, error);
        CLF_TRY(clf_clock_end(&clock, event, status, &took, error));
        total += took;
        if (took < *seconds)
            *seconds = took;
    }
    return CLF_OK;
}

/* Prepares one choice, runs it once, checks it (or, the first time, keeps what it says), and times it. */
static clf_status try_choice(clf_context *context, const clf_operation *operation, const void *problem, measurement *own,
                             bool safe, clf_choice *choice, bool *right, clf_error *error) {
    clf_plan *plan;
    CLF_TRY(clf_planner_prepare(context, operation, problem, own->count, own->operands, choice, &plan, error));
    clf_status status = clf_execute(plan, NULL, NULL, error);
    if (status == CLF_OK)
        status = read_outputs(context, own, safe, right, error);
    if (status == CLF_OK && *right)
        status = time_plan(context, plan, &choice->seconds, error);
    if (status == CLF_OK)
        clf_log(context, CLF_LOG_DEBUG, "measured %s: %.3f ms%s", clf_plan_describe(plan), 1e3 * choice->seconds,
                *right ? "" : ", but it is wrong");
    clf_plan_destroy(plan);
    return status;
}

/* Tries the safe solver, then the others; keeps the fastest that is right. */
static clf_status race(clf_context *context, const clf_operation *operation, const void *problem, measurement *own,
                       clf_effort effort, const clf_candidates *candidates, clf_choice *best, clf_error *error) {
    best->seconds = INFINITY;
    for (int i = candidates->count - 1; i >= 0; i--) {
        const clf_solver *solver = candidates->choices[i].solver;
        int variants = effort == CLF_EXHAUSTIVE && solver->variants > 1 ? solver->variants : 1;
        for (int variant = 0; variant < variants; variant++) {
            bool safe = i == candidates->count - 1 && variant == 0, right = true;
            clf_choice choice = {solver, variant, INFINITY};
            clf_status status = try_choice(context, operation, problem, own, safe, &choice, &right, error);
            if (status != CLF_OK && safe)
                return status;
            if (status != CLF_OK || !right)
                clf_log(context, CLF_LOG_WARNING, "%s variant %d is left out: %s", solver->name, variant,
                        status != CLF_OK ? clf_status_phrase(status) : "it differs from the safe solver");
            else if (choice.seconds < best->seconds)
                *best = choice;
        }
    }
    return CLF_OK;
}

clf_status clf_measure(clf_context *context, const clf_operation *operation, const void *problem, int operand_count,
                       const clf_operand *operands, clf_effort effort, const clf_candidates *candidates,
                       clf_choice *choice, bool *measured, clf_error *error) {
    measurement tensors;
    clf_error failure = {0};
    clf_choice best = {0};
    clf_status status = begin(context, operand_count, operands, &tensors, &failure);
    if (status == CLF_OK)
        status = race(context, operation, problem, &tensors, effort, candidates, &best, &failure);
    end(&tensors);
    *measured = status == CLF_OK;
    if (status == CLF_OK) {
        *choice = best;
        return CLF_OK;
    }
    if (status == CLF_OUT_OF_MEMORY || status == CLF_OUT_OF_DEVICE_MEMORY || status == CLF_UNSUPPORTED) {
        clf_log(context, CLF_LOG_WARNING, "not measured, the estimate stands: %s", failure.message);
        return CLF_OK;
    }
    if (error != NULL)
        *error = failure;
    return status;
}
