/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A strict selection, or its adjoint, with an index out of range: an error that names the first such index, not a byte
 * written, whichever solver runs and wherever the indices are; and the same plan is right again once they are.
 */
#include "check/properties.h"
#include "check/take.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPOILED = 6 };

/* Values out of range: next to the last index at either end, far away, and such as are in range in 32 bits. */
static double bad_value(const take_spec *spec, clf_dtype dtype, int which) {
    double extent = (double)spec->extent;
    const double values[SPOILED] = {extent,          -extent - 1,     INT32_MAX,
                                    INT32_MIN + 1.0, 0x1p32 - extent, -0x1p32 * 3 + extent - 1};
    return dtype == CLF_I64 || which < 4 ? values[which] : values[which - 4];
}

/* Puts a value out of range at one of the positions, another right behind it if there is room. Returns the first. */
static int64_t spoil(const test_case *test, int which, double *indices) {
    const take_spec *spec = test->spec;
    int64_t first = which * (spec->count - 1) / (SPOILED - 1);
    memcpy(indices, test->values[1], (size_t)spec->count * sizeof *indices);
    indices[first] = bad_value(spec, test->input[1].dtype, which);
    if (first + 1 < spec->count) {
        indices[first + 1] = bad_value(spec, test->input[1].dtype, (which + 1) % SPOILED);
    }
    return first;
}

static bool send_indices(const test_fixture *fixture, test_tensor *tensor, const double *indices, char *why) {
    tensor_fill(tensor, indices);
    return tensor_send(fixture, tensor, why);
}

/* The status, and a sentence that names the position, the value and the extent of the axis. */
static bool refused(const test_case *test, clf_status status, const clf_error *error, const char *name, int64_t first,
                    double value, char *why) {
    const take_spec *spec = test->spec;
    char words[96], extent[32];
    (void)snprintf(words, sizeof words, "%s[%lld] is %lld;", name, (long long)first, (long long)value);
    (void)snprintf(extent, sizeof extent, " %lld", (long long)spec->extent);
    if (status == CLF_OUT_OF_RANGE && strstr(error->message, words) != NULL && strstr(error->message, extent) != NULL) {
        return true;
    }
    (void)snprintf(why, WHY_LENGTH, "of '%s' and an axis of%s is said %s: %.200s", words, extent,
                   clf_status_name(status), status == CLF_OK ? "" : error->message);
    return false;
}

/* Indices in device memory: an execution says nothing, the check afterwards does. */
static bool refused_by_device(const test_fixture *fixture, const test_case *test, case_operands *operands,
                              clf_plan *plan, const double *indices, int64_t first, char *why) {
    clf_error error = {0};
    if (!send_indices(fixture, &operands->input[1], indices, why) || !tensor_send(fixture, &operands->output, why)) {
        return false;
    }
    clf_status status = clf_execute(plan, NULL, NULL, &error);
    if (status != CLF_OK) {
        (void)snprintf(why, WHY_LENGTH, "executing: %s: %s", clf_status_name(status), error.message);
        return false;
    }
    status = clf_plan_check(plan, &error);
    return refused(test, status, &error, "indices_view", first, indices[first], why) &&
           tensor_fetch(fixture, &operands->output, why) && tensor_unchanged(&operands->output, "dst", why);
}

/* Indices in host memory: planning fails, and hands out no plan. */
static bool refused_by_planning(const test_fixture *fixture, const test_case *test, case_operands *operands,
                                const char *solver, const double *indices, int64_t first, char *why) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    tensor_fill(&operands->input[1], indices);
    clf_status status = test->operation->plan(fixture, test, operands->input, &operands->output, solver, &plan, &error);
    bool good = refused(test, status, &error, "indices", first, indices[first], why);
    if (plan != NULL) {
        (void)snprintf(why, WHY_LENGTH, "planning fails and hands out a plan");
        clf_plan_destroy(plan);
        good = false;
    }
    return good && tensor_fetch(fixture, &operands->output, why) && tensor_unchanged(&operands->output, "dst", why);
}

static bool refuse_all(const test_fixture *fixture, const test_case *test, case_operands *operands, const char *solver,
                       clf_plan *plan, char *why) {
    const take_spec *spec = test->spec;
    double *indices = calloc((size_t)spec->count, sizeof *indices);
    bool good = indices != NULL;
    for (int which = 0; which < SPOILED && good; which++) {
        int64_t first = spoil(test, which, indices);
        good = spec->on_device ? refused_by_device(fixture, test, operands, plan, indices, first, why)
                               : refused_by_planning(fixture, test, operands, solver, indices, first, why);
    }
    free(indices);
    return good;
}

outcome run_strict(const test_fixture *fixture, const test_case *test, const char *solver, char *why) {
    const take_spec *spec = test->spec;
    if ((test->operation != &take_operation && test->operation != &put_add_operation) ||
        spec->mode != CLF_INDEX_STRICT) {
        (void)snprintf(why, WHY_LENGTH, "strict wants take or put_add, mode=strict");
        return OUTCOME_FAILED;
    }
    case_operands operands;
    clf_plan *plan = NULL;
    clf_error error = {0};
    outcome result = operands_create(fixture, test, &operands, why)
                         ? case_plan(fixture, test, &operands, solver, &plan, why)
                         : OUTCOME_FAILED;
    if (result == OUTCOME_PASSED) {
        bool good = refuse_all(fixture, test, &operands, solver, plan, why) &&
                    send_indices(fixture, &operands.input[1], test->values[1], why) &&
                    case_execute(fixture, test, plan, &operands, why) && case_compare(test, &operands.output, why);
        if (good && clf_plan_check(plan, &error) != CLF_OK) {
            (void)snprintf(why, WHY_LENGTH, "right indices are refused after wrong ones: %s", error.message);
            good = false;
        }
        result = good ? OUTCOME_PASSED : OUTCOME_FAILED;
    }
    clf_plan_destroy(plan);
    operands_destroy(&operands);
    return result;
}

/*
 * Every axis of a tensor, so that each solver has it with runs and without, elements of every size, tensors of many
 * work-items and of so many elements that they are stored past the cache, layouts without neighbours.
 */
static void add_lines(line_batch *batch, const char *name, const char *place, const char *const *types, int count) {
    for (int axis = 0; axis < 3; axis++) {
        for (int type = 0; type < count; type++) {
            batch_add(batch, "strict %s %s 5x9x21 axis=%d count=%d place=%s index=%s", name, types[type], axis,
                      7 + axis, place, type % 2 == 0 ? "i64" : "i32");
        }
        batch_add(batch, "strict %s f32 5x9x21 axis=%d count=40 place=%s index_layout=flipped dst_layout=mixed", name,
                  axis, place);
    }
    batch_add(batch, "strict %s f32 9x4 axis=0 count=1 place=%s", name, place);
    batch_add(batch, "strict %s f32 4x70000 axis=1 count=90000 place=%s", name, place);
    batch_add(batch, "strict %s f32 300x1024 axis=0 count=2501 place=%s", name, place);
}

void strict_lines(line_batch *batch) {
    static const char *const types[] = {"f32", "u8", "i16", "f64"}, *const real[] = {"f32", "f64", "f16"};
    static const char *const places[] = {"device", "host"};
    for (int place = 0; place < 2; place++) {
        add_lines(batch, "take", places[place], types, 4);
        add_lines(batch, "put_add", places[place], real, 3);
    }
    batch_add(batch, "strict take f32 500x1031 axis=1 count=5003 place=device class=cpu");
}
