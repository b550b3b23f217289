/* SPDX-License-Identifier: Apache-2.0 */
/* An operation all of whose operands stay on the device has nothing to cut into slabs, and says so. */
#include "unit.h"

#include "stream/slice.h"
#include "stream/stream.h"

static void print(const void *problem, clf_text *text) {
    (void)problem;
    clf_text_add(text, "uncut");
}

static void cost(const void *problem, clf_plan_cost *cost) {
    (void)problem;
    *cost = (clf_plan_cost){.bytes = 4};
}

static bool cut(const void *problem, int axis, clf_cut *cut) {
    (void)problem, (void)axis;
    *cut = (clf_cut){.outputs = 1, .inputs = 1, .step = 1};
    return true;
}

static void slice(const void *problem, int axis, const clf_view *slab, void *sub) {
    (void)problem, (void)axis, (void)slab, (void)sub;
}

static void nothing_to_cut(void **state) {
    static const clf_solver *const solvers[] = {NULL};
    static const clf_slicing slicing = {sizeof(int), cut, slice};
    static const clf_operation operation = {
        .name = "uncut", .solvers = solvers, .print = print, .cost = cost, .slicing = &slicing};
    const int64_t shape[1] = {5};
    const float values[5] = {0};
    const int problem = 0;
    const clf_plan_options options = {.stream_bytes = 1 << 20};
    const clf_operand operands[1] = {
        {.name = "dst", .view = unit_tensor(*state, 1, shape, values), .output = true, .whole = true}};
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_fails(clf_stream_make(*state, &operation, &problem, 1, operands, &options, &plan, &error), CLF_UNSUPPORTED,
                "uncut cannot be streamed: all that it reads and writes is on the device");
    assert_null(plan);
    clf_view view = operands[0].view;
    clf_tensor_release(&view);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_to_cut)};
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
