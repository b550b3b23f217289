/* SPDX-License-Identifier: Apache-2.0 */
/* Measuring candidates on tensors of their own. */
#include "choose/measure.h"

#include "base/alloc.h"
#include "base/number.h"
#include "choose/compare.h"
#include "choose/prepare.h"
#include "plan/view.h"
#include "rt/buffer.h"
#include "rt/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_RUNS = 9, FEWEST_RUNS = 3, FINAL_RUNS = 5 };
static const double ENOUGH_SECONDS = 0.05; /* of runs of one candidate */
static const double LONG_SECONDS = 0.5;    /* one run of this length says enough */

/* What is measured, for the functions below. */
typedef struct subject {
    clf_context *context;
    const clf_operation *operation;
    const void *problem;
} subject;

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

/* The bytes that an operand needs, up to `most`; a view without a buffer was not held against one. */
static clf_status count_bytes(const clf_operand *operand, int64_t most, int64_t *bytes, clf_error *error) {
    clf_reach reach = clf_view_reach(&operand->view);
    if (reach.first < 0)
        return clf_fail(error, CLF_OUT_OF_BOUNDS, "%s reaches before the beginning of its buffer", operand->name);
    *bytes = (reach.last + 1) * (int64_t)clf_dtype_bytes(operand->view.dtype);
    if (*bytes > most)
        return clf_fail(error, CLF_OUT_OF_DEVICE_MEMORY,
                        "the operands take more than a quarter of the device's memory");
    if (!clf_addressable(*bytes))
        return clf_fail(error, CLF_OUT_OF_MEMORY, "%s is larger than a 32-bit process can hold", operand->name);
    return CLF_OK;
}

static clf_status begin(clf_context *context, int count, const clf_operand *operands, measurement *own,
                        clf_error *error) {
    memset(own, 0, sizeof *own);
    own->count = count;
    memcpy(own->operands, operands, (size_t)count * sizeof *operands);
    for (int i = 0; i < count; i++)
        own->operands[i].view.buffer = NULL; /* the host's own buffers are not ours to release */
    int64_t largest = 1, most = (int64_t)(context->info.global_bytes / 4), bytes;
    for (int i = 0; i < count; i++) {
        if (clf_view_empty(&own->operands[i].view))
            continue;
        CLF_TRY(count_bytes(&own->operands[i], most, &bytes, error));
        own->bytes[i] = (size_t)bytes;
        most -= bytes;
        if (own->operands[i].output && bytes > largest)
            largest = bytes;
    }
    for (int i = 0; i < count; i++)
        if (own->bytes[i] > 0)
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

/* Wipes the outputs: a candidate that writes nothing must not be judged by what another has left. */
static clf_status wipe_outputs(clf_context *context, measurement *own, clf_error *error) {
    for (int i = 0; i < own->count; i++) {
        if (own->expected[i] == NULL)
            continue;
        cl_mem buffer = own->operands[i].view.buffer;
        void *memory;
        CLF_TRY(clf_buffer_map(context, buffer, CL_MAP_WRITE, 0, own->bytes[i], &memory, error));
        clf_compare_wipe(own->operands[i].view.dtype, memory, own->bytes[i]);
        CLF_TRY(clf_buffer_unmap(context, buffer, memory, error));
    }
    return CLF_OK;
}

/* Reads the outputs back: into `expected`, or compared with it. */
static clf_status read_outputs(clf_context *context, measurement *own, bool keep, bool *equal, clf_error *error) {
    *equal = true;
    for (int i = 0; i < own->count; i++) {
        if (own->expected[i] == NULL)
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

/* Runs a plan once; *least is lowered to the time it took. */
static clf_status time_once(clf_plan *plan, double *least, double *total, clf_error *error) {
    double took;
    clf_clock clock;
    CLF_TRY(clf_clock_begin(plan->context, &clock, error));
    cl_event event = NULL;
    clf_status status = clf_execute(plan, NULL, &event, error);
    CLF_TRY(clf_clock_end(&clock, event, status, &took, error));
    *total += took;
    *least = took < *least ? took : *least;
    return CLF_OK;
}

/* Runs a plan until it is known how long it takes: the least of several. */
static clf_status time_plan(clf_plan *plan, double *seconds, clf_error *error) {
    double total = 0;
    *seconds = INFINITY;
    for (int run = 0; run < MOST_RUNS; run++) {
        if ((run >= FEWEST_RUNS && total >= ENOUGH_SECONDS) || total >= LONG_SECONDS)
            break;
        CLF_TRY(time_once(plan, seconds, &total, error));
    }
    return CLF_OK;
}

static clf_status prepare(const subject *about, const measurement *own, const clf_choice *choice, clf_plan **plan,
                          clf_error *error) {
    return clf_planner_prepare(about->context, about->operation, about->problem, own->count, own->operands, choice,
                               plan, error);
}

/* Prepares one choice, runs it once, checks it (or, the first time, keeps what it says), and times it. */
static clf_status try_choice(const subject *about, measurement *own, bool safe, clf_choice *choice, bool *right,
                             clf_error *error) {
    clf_plan *plan;
    CLF_TRY(wipe_outputs(about->context, own, error));
    CLF_TRY(prepare(about, own, choice, &plan, error));
    clf_status status = clf_execute(plan, NULL, NULL, error);
    if (status == CLF_OK)
        status = read_outputs(about->context, own, safe, right, error);
    if (status == CLF_OK && *right)
        status = time_plan(plan, &choice->seconds, error);
    if (status == CLF_OK && *right)
        clf_log(about->context, CLF_LOG_DEBUG, "measured %s: %s ms", clf_plan_describe(plan),
                clf_number_fixed(1e3 * choice->seconds, 3).text);
    clf_plan_destroy(plan);
    return status;
}

static bool same(const clf_choice *a, const clf_choice *b) {
    return a->solver == b->solver && a->variant == b->variant;
}

/* Tries the safe solver, then the others; keeps the fastest that is right, and how long the estimate's choice took. */
static clf_status race(const subject *about, measurement *own, clf_effort effort, const clf_candidates *candidates,
                       clf_choice *estimated, clf_choice *best, clf_error *error) {
    bool named = isinf(estimated->seconds); /* all are for those who name them */
    estimated->seconds = best->seconds = INFINITY;
    for (int i = candidates->count - 1; i >= 0; i--) {
        const clf_solver *solver = candidates->choices[i].solver;
        if (i < candidates->count - 1 && isinf(candidates->choices[i].seconds) && !named)
            continue; /* for those who name it */
        int variants = effort == CLF_EXHAUSTIVE && solver->variants > 1 ? solver->variants : 1;
        for (int variant = 0; variant < variants; variant++) {
            bool safe = i == candidates->count - 1 && variant == 0, right = true;
            clf_choice choice = {solver, variant, INFINITY};
            clf_status status = try_choice(about, own, safe, &choice, &right, error);
            if (status != CLF_OK && safe)
                return status;
            if (status != CLF_OK || !right) {
                clf_log(about->context, CLF_LOG_WARNING, "%s variant %d is skipped: %s", solver->name, variant,
                        status != CLF_OK ? clf_status_phrase(status) : "its result differs from the safe solver's");
                continue;
            }
            if (same(&choice, estimated))
                *estimated = choice;
            if (choice.seconds < best->seconds)
                *best = choice;
        }
    }
    return CLF_OK;
}

/* Times two plans in turn. */
static clf_status run_final(clf_plan *const plans[2], clf_choice pair[2], clf_error *error) {
    double total = 0;
    for (int run = 0; run < FINAL_RUNS && total < 4 * LONG_SECONDS; run++)
        for (int i = 0; i < 2; i++)
            CLF_TRY(time_once(plans[i], &pair[i].seconds, &total, error));
    return CLF_OK;
}

/*
 * The winner once more against the estimate's choice, in turn: what has disturbed one of them in the race must not make
 * a measured plan slower than an estimated one.
 */
static clf_status settle(const subject *about, const measurement *own, const clf_choice *estimated, clf_choice *best,
                         clf_error *error) {
    if (same(estimated, best) || !isfinite(estimated->seconds))
        return CLF_OK;
    clf_choice pair[2] = {*estimated, *best};
    clf_plan *plans[2] = {NULL, NULL};
    pair[0].seconds = pair[1].seconds = INFINITY;
    clf_status status = prepare(about, own, &pair[0], &plans[0], error);
    if (status == CLF_OK)
        status = prepare(about, own, &pair[1], &plans[1], error);
    if (status == CLF_OK)
        status = run_final(plans, pair, error);
    clf_plan_destroy(plans[0]);
    clf_plan_destroy(plans[1]);
    if (status == CLF_OK)
        *best = pair[1].seconds < pair[0].seconds ? pair[1] : pair[0];
    return status;
}

bool clf_measure(clf_context *context, const clf_operation *operation, const void *problem, int operand_count,
                 const clf_operand *operands, clf_effort effort, const clf_candidates *candidates, clf_choice *choice) {
    const subject about = {context, operation, problem};
    measurement tensors;
    clf_error error = {0};
    clf_choice estimated = *choice, best = *choice;
    clf_status status = begin(context, operand_count, operands, &tensors, &error);
    if (status == CLF_OK)
        status = race(&about, &tensors, effort, candidates, &estimated, &best, &error);
    if (status == CLF_OK)
        status = settle(&about, &tensors, &estimated, &best, &error);
    end(&tensors);
    if (status == CLF_OK)
        *choice = best;
    else
        clf_log(context, CLF_LOG_WARNING, "not measured, using the estimate: %s", error.message);
    return status == CLF_OK;
}
