/* SPDX-License-Identifier: Apache-2.0 */
/* Plans over images with interleaved channels: their operands have the axes of the descriptor, whatever is filtered. */
#include "unit.h"

typedef clf_status (*planner)(clf_context *context, const clf_convolve_desc *desc, clf_plan **plan, clf_error *error);

static const clf_view image = {.rank = 4, .shape = {2, 4, 5, 3}, .strides = {60, 15, 3, 1}},
                      other = {.rank = 4, .shape = {2, 4, 5, 6}, .strides = {120, 30, 6, 1}};

static void expect_view(const clf_plan *plan, size_t index, const char *name, const clf_view *wanted) {
    clf_error error = {0};
    clf_plan_operand_info info;
    check_ok(clf_plan_operand(plan, index, &info, &error));
    assert_string_equal(info.name, name);
    assert_int_equal(info.view.rank, wanted->rank);
    assert_memory_equal(info.view.shape, wanted->shape, sizeof(int64_t) * (size_t)wanted->rank);
    assert_memory_equal(info.view.strides, wanted->strides, sizeof(int64_t) * (size_t)wanted->rank);
}

static void expect_axes(clf_context *context, planner plan_it, bool reads_dst, bool on_device) {
    static float taps[6 * 3 * 3 * 3] = {1};
    clf_convolve_desc desc = {.src = image, .dst = other, .axis_count = 2, .axes = {-3, -2}};
    if (on_device)
        desc.kernel_view = (clf_view){.rank = 4, .shape = {6, 3, 3, 3}};
    else
        desc.kernel = (clf_array){.data = taps, .rank = 4, .shape = {6, 3, 3, 3}};
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_ok(plan_it(context, &desc, &plan, &error));
    expect_view(plan, 0, reads_dst ? "dst" : "src", reads_dst ? &other : &image);
    expect_view(plan, 1, reads_dst ? "src" : "dst", reads_dst ? &image : &other);
    clf_plan_destroy(plan);
}

static void convolutions(void **state) {
    expect_axes(*state, clf_plan_convolve, false, false);
    expect_axes(*state, clf_plan_correlate, false, true);
}

static void adjoints(void **state) {
    expect_axes(*state, clf_plan_convolve_adjoint, true, false);
    expect_axes(*state, clf_plan_correlate_adjoint, true, true);
}

static void weights(void **state) {
    expect_axes(*state, clf_plan_convolve_weights, false, true);
    expect_axes(*state, clf_plan_correlate_weights, false, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(convolutions), cmocka_unit_test(adjoints),
                                       cmocka_unit_test(weights)};
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
