/* SPDX-License-Identifier: Apache-2.0 */
/* Plans of any operation, executed whole and in slabs. */
#include "streams.h"

#include <stdlib.h>

enum { MOST_OPERANDS = 8, BUDGETS = 4 };

float streams_random(uint32_t *state) {
    *state = *state * 1664525U + 1013904223U;
    return (float)(int32_t)(*state >> 8) / 8388608.0F - 1.0F;
}

size_t streams_least_bytes(const clf_error *error) {
    static const char before[] = "expected at least ";
    const char *at = strstr(error->message, before);
    assert_non_null(at);
    return (size_t)strtoull(at + strlen(before), NULL, 10);
}

clf_array streams_array(const clf_view *view, void *values) {
    clf_array array = {.data = values, .dtype = view->dtype, .rank = view->rank};
    memcpy(array.shape, view->shape, sizeof array.shape);
    memcpy(array.strides, view->strides, sizeof array.strides);
    return array;
}

/* Finite numbers of any type; halves are taken from their bits. */
static void fill_random(clf_dtype dtype, size_t count, void *values, uint32_t *state) {
    for (size_t i = 0; i < count; i++) {
        float number = streams_random(state);
        uint16_t half = (uint16_t)((*state >> 8) & 0x3bff);
        switch (dtype) {
        case CLF_F64: ((double *)values)[i] = number; break;
        case CLF_F16: ((uint16_t *)values)[i] = half; break;
        case CLF_U8: ((uint8_t *)values)[i] = (uint8_t)(*state >> 8); break;
        case CLF_U16:
        case CLF_I16: ((uint16_t *)values)[i] = (uint16_t)(*state >> 8); break;
        case CLF_I32: ((uint32_t *)values)[i] = *state; break;
        case CLF_I64: ((uint64_t *)values)[i] = (uint64_t)*state << 13 | half; break;
        default: ((float *)values)[i] = number;
        }
    }
}

/* The operands of a plan in host memory, in C order: inputs, outputs made whole and outputs made of slabs. */
typedef struct operands {
    int count;
    size_t bytes[MOST_OPERANDS];
    bool output[MOST_OPERANDS];
    clf_array arrays[MOST_OPERANDS];
    void *whole[MOST_OPERANDS], *tiled[MOST_OPERANDS];
} operands;

static void make_operands(const clf_plan *plan, operands *made) {
    clf_error error = {0};
    uint32_t random = 11;
    memset(made, 0, sizeof *made);
    made->count = (int)clf_plan_operand_count(plan);
    assert_in_range(made->count, 1, MOST_OPERANDS);
    for (int i = 0; i < made->count; i++) {
        clf_plan_operand_info info;
        check_ok(clf_plan_operand(plan, (size_t)i, &info, &error));
        if (info.view.buffer != NULL || info.view.rank == 0)
            continue;
        size_t elements = (size_t)clf_view_count(&info.view);
        made->output[i] = info.output;
        made->bytes[i] = elements * clf_dtype_bytes(info.view.dtype);
        made->whole[i] = malloc(made->bytes[i]);
        made->tiled[i] = malloc(made->bytes[i]);
        assert_true(made->whole[i] != NULL && made->tiled[i] != NULL);
        memset(made->whole[i], 0xaa, made->bytes[i]);
        if (!info.output)
            fill_random(info.view.dtype, elements, made->whole[i], &random);
        made->arrays[i] = (clf_array){.data = made->whole[i], .dtype = info.view.dtype, .rank = info.view.rank};
        memcpy(made->arrays[i].shape, info.view.shape, sizeof info.view.shape);
    }
}

static void free_operands(operands *made) {
    for (int i = 0; i < made->count; i++) {
        free(made->whole[i]);
        free(made->tiled[i]);
    }
}

static void run_slabs(clf_plan *plan, operands *made, bool serial) {
    clf_error error = {0};
    clf_array arrays[MOST_OPERANDS];
    memcpy(arrays, made->arrays, sizeof arrays);
    for (int i = 0; i < made->count; i++)
        if (made->output[i]) {
            memset(made->tiled[i], 0x55, made->bytes[i]);
            arrays[i].data = made->tiled[i];
        }
    const clf_host_desc desc = {.arrays = arrays, .array_count = (size_t)made->count, .serial = serial};
    check_ok(clf_execute_host(plan, &desc, &error));
    for (int i = 0; i < made->count; i++)
        if (made->output[i] && memcmp(made->whole[i], made->tiled[i], made->bytes[i]) != 0)
            fail_msg("%s: operand %d differs: %s", clf_plan_problem(plan), i, clf_plan_describe(plan));
}

static void note_slabs(const clf_plan *plan, size_t budget, bool least, streams_seen *seen) {
    clf_stream_info info = clf_plan_get_stream(plan);
    assert_true(info.bytes <= budget && info.slabs >= 1 && info.slots >= 1 && info.slots <= 3);
    assert_true(info.slots <= info.slabs);
    assert_true(!least || info.slabs > 1 || info.outputs == 1);
    seen->axes |= info.slabs > 1 ? 1U << info.axis : 0;
    seen->uneven += info.outputs % info.slab != 0;
    if (least)
        seen->least = (int)info.slab;
}

void streams_compare(clf_context *context, streams_planner planner, const void *about, streams_seen *seen) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    operands made;
    check_ok(planner(context, about, 0, &plan, &error));
    make_operands(plan, &made);
    const clf_host_desc desc = {.arrays = made.arrays, .array_count = (size_t)made.count};
    check_ok(clf_execute_host(plan, &desc, &error));
    clf_plan_destroy(plan);
    check_fails(planner(context, about, 1, &plan, &error), CLF_BUDGET_TOO_SMALL, "options.stream_bytes is 1");
    size_t least = streams_least_bytes(&error), total = 0;
    for (int i = 0; i < made.count; i++)
        total += made.bytes[i];
    for (size_t round = 0; round < BUDGETS; round++) {
        size_t budget = round == 0 ? least : least + total * round / 3;
        check_ok(planner(context, about, budget, &plan, &error));
        note_slabs(plan, budget, round == 0, seen);
        run_slabs(plan, &made, false);
        run_slabs(plan, &made, true);
        clf_plan_destroy(plan);
    }
    free_operands(&made);
}

clf_view streams_outermost(clf_dtype dtype, int rank, const int64_t *shape, int axis) {
    clf_view view = clf_view_dense(NULL, dtype, rank, shape);
    int64_t step = 1;
    for (int i = rank - 1; i >= 0; i--) {
        view.strides[i] = step;
        step *= i == axis ? 1 : shape[i];
    }
    view.strides[axis] = step;
    return view;
}
