/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of nothing: outputs that have elements where an input has none. */
#include "unit.h"

#include <math.h>

/* What is read back after a plan is executed whose output holds sevens before. */
static void expect_sums(clf_context *context, clf_plan *plan, const clf_view *output, const float *expected) {
    enum { MOST = 128 };
    clf_error error = {0};
    float found[MOST];
    const int64_t count = clf_view_count(output);
    assert_in_range(count, 1, MOST);
    check_ok(clf_execute(plan, NULL, NULL, &error));
    unit_read(context, output, found);
    for (int64_t i = 0; i < count; i++)
        if (isnan(expected[i]))
            assert_true(isnan(found[i]));
        else
            assert_true(found[i] == expected[i]);
}

static clf_view sevens(clf_context *context, int rank, const int64_t *shape) {
    float values[128];
    for (size_t i = 0; i < COUNT(values); i++)
        values[i] = 7;
    return unit_tensor(context, rank, shape, values);
}

/* A bank without input channels gives its biases, from the host's memory and the device's, whole and in slabs. */
static void biases(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    float added[3] = {1, -2, 3}, expected[36], none[36] = {0}, back[36];
    const int64_t shape[4] = {1, 3, 3, 4}, three[1] = {3};
    for (int i = 0; i < 36; i++)
        expected[i] = added[i / 12];
    clf_view dst = sevens(*state, 4, shape), bias = unit_tensor(*state, 1, three, added);
    clf_convolve_desc desc = {.src = {.rank = 4, .shape = {1, 0, 3, 4}}, .dst = dst};
    desc.kernel = (clf_array){.rank = 4, .shape = {3, 0, 2, 2}};
    check_ok(clf_plan_convolve(*state, &desc, &plan, &error));
    assert_string_equal(clf_plan_solver(plan, 0), "conv.general");
    assert_null(clf_plan_solver(plan, 1));
    expect_sums(*state, plan, &dst, none);
    clf_plan_destroy(plan);
    desc.bias = unit_array(1, three, added);
    check_ok(clf_plan_correlate(*state, &desc, &plan, &error));
    expect_sums(*state, plan, &dst, expected);
    clf_plan_destroy(plan);
    plan = NULL;
    desc.options.solver = "conv.direct";
    check_fails(clf_plan_correlate(*state, &desc, &plan, &error), CLF_NO_SOLVER, "needs elements in every input");
    desc.options = (clf_plan_options){.stream_bytes = 950};
    desc.dst.buffer = NULL;
    check_ok(clf_plan_correlate(*state, &desc, &plan, &error));
    assert_true(clf_plan_get_stream(plan).slabs > 1);
    const clf_array arrays[2] = {{.rank = 4, .shape = {1, 0, 3, 4}}, unit_array(4, shape, back)};
    check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 2}, &error));
    assert_memory_equal(back, expected, sizeof back);
    clf_plan_destroy(plan);
    const clf_convolve_desc on_device = {.src = desc.src,
                                         .dst = dst,
                                         .kernel_view = {.rank = 4, .shape = {3, 0, 2, 2}},
                                         .bias_view = bias,
                                         .border = {CLF_BORDER_CONSTANT}};
    check_ok(clf_plan_convolve(*state, &on_device, &plan, &error));
    expect_sums(*state, plan, &dst, expected);
    clf_plan_destroy(plan);
    clf_tensor_release(&bias);
    clf_tensor_release(&dst);
}

/* Nothing comes back from a bank without outputs. */
static void adjoints(void **state) {
    static const char *const solvers[] = {NULL, "conv_adjoint.general"};
    clf_error error = {0};
    const int64_t shape[4] = {2, 2, 3, 4};
    const float none[48] = {0};
    for (int i = 0; i < 3; i++) {
        clf_plan *plan = NULL;
        clf_convolve_desc desc = {.src = sevens(*state, 4, shape),
                                  .dst = {.rank = 4, .shape = {2, 0, 3, 4}},
                                  .border = {CLF_BORDER_CONSTANT, CLF_BORDER_CONSTANT},
                                  .options = {.solver = solvers[i % 2]}};
        if (i < 2)
            desc.kernel = (clf_array){.rank = 4, .shape = {0, 2, 3, 3}};
        else
            desc.kernel_view = (clf_view){.rank = 4, .shape = {0, 2, 3, 3}};
        check_ok(clf_plan_convolve_adjoint(*state, &desc, &plan, &error));
        expect_sums(*state, plan, &desc.src, none);
        clf_plan_destroy(plan);
        clf_tensor_release(&desc.src);
    }
}

/* A batch of nothing moves no weight; without input channels there are biases alone. */
static void weights(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    const int64_t bank[4] = {3, 2, 2, 2}, three[1] = {3}, ones[4] = {2, 3, 1, 2};
    const float none[24] = {0}, values[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, sums[3] = {18, 26, 34};
    clf_convolve_desc desc = {.src = {.rank = 4, .shape = {0, 2, 5, 4}},
                              .dst = {.rank = 4, .shape = {0, 3, 5, 4}},
                              .kernel_view = sevens(*state, 4, bank),
                              .bias_view = sevens(*state, 1, three)};
    check_ok(clf_plan_correlate_weights(*state, &desc, &plan, &error));
    expect_sums(*state, plan, &desc.kernel_view, none);
    expect_sums(*state, plan, &desc.bias_view, none);
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.kernel_view);
    desc.kernel_view = (clf_view){.rank = 4, .shape = {3, 0, 2, 2}};
    desc.src = (clf_view){.rank = 4, .shape = {2, 0, 1, 2}};
    desc.dst = unit_tensor(*state, 4, ones, values);
    check_ok(clf_plan_convolve_weights(*state, &desc, &plan, &error));
    expect_sums(*state, plan, &desc.bias_view, sums);
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.dst);
    clf_tensor_release(&desc.bias_view);
}

/* The sum over no images is 0, their mean not a number. */
static void losses(void **state) {
    clf_error error = {0};
    const int64_t one[1] = {1};
    for (int reduction = CLF_SMOOTHNESS_MEAN; reduction <= CLF_SMOOTHNESS_PER_AXIS_MEAN; reduction++) {
        clf_plan *plan = NULL;
        const clf_smoothness_desc desc = {.disparity = {.rank = 4, .shape = {0, 1, 3, 4}},
                                          .image = {.rank = 4, .shape = {0, 2, 3, 4}},
                                          .loss = sevens(*state, 1, one),
                                          .grad_disparity = {.rank = 4, .shape = {0, 1, 3, 4}},
                                          .reduction = (clf_smoothness_reduction)reduction};
        if (reduction != CLF_SMOOTHNESS_NONE) {
            const float expected = reduction == CLF_SMOOTHNESS_SUM ? 0 : NAN;
            check_ok(clf_plan_smoothness(*state, &desc, &plan, &error));
            expect_sums(*state, plan, &desc.loss, &expected);
        }
        clf_plan_destroy(plan);
        clf_view loss = desc.loss;
        clf_tensor_release(&loss);
    }
}

/* A plan for the disparity {1, 4, 9, 16, ...} of two maps, and its outputs: the loss, then the gradient. */
static void run_loss(clf_context *context, clf_smoothness_desc *desc, int64_t channels, float *loss, float *gradient) {
    enum { MAPS = 2, ROWS = 3, COLUMNS = 4, COUNT = MAPS * ROWS * COLUMNS };
    const int64_t shape[4] = {MAPS, 1, ROWS, COLUMNS}, image[4] = {MAPS, channels, ROWS, COLUMNS}, one[1] = {1};
    const bool map = desc->reduction == CLF_SMOOTHNESS_NONE;
    float values[COUNT];
    clf_error error = {0};
    clf_plan *plan = NULL;
    for (int i = 0; i < COUNT; i++)
        values[i] = (float)((i + 1) * (i + 1) % 17);
    desc->disparity = unit_tensor(context, 4, shape, values);
    desc->image = clf_view_dense(NULL, CLF_F32, 4, image);
    if (channels > 0)
        desc->image = unit_tensor(context, 4, image, values);
    desc->grad_disparity = sevens(context, 4, shape);
    desc->loss = map ? sevens(context, 4, shape) : sevens(context, 1, one);
    check_ok(clf_plan_smoothness(context, desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    unit_read(context, &desc->loss, loss);
    unit_read(context, &desc->grad_disparity, gradient);
    clf_plan_destroy(plan);
    clf_tensor_release(&desc->disparity);
    clf_tensor_release(&desc->image);
    clf_tensor_release(&desc->grad_disparity);
    clf_tensor_release(&desc->loss);
}

/* Images without channels have no edges by the l2 norm; the mean over their channels is not a number. */
static void channels(void **state) {
    for (int reduction = CLF_SMOOTHNESS_MEAN; reduction <= CLF_SMOOTHNESS_PER_AXIS_MEAN; reduction++)
        for (int order = 1; order <= 2; order++) {
            float loss[2][24] = {{0}}, gradient[2][24] = {{0}};
            clf_smoothness_desc none = {.reduction = (clf_smoothness_reduction)reduction, .order = order};
            clf_smoothness_desc ignored = none, mean = none;
            ignored.ignore_image = true;
            mean.norm = CLF_SMOOTHNESS_MEAN_ABS;
            run_loss(*state, &none, 0, loss[0], gradient[0]);
            run_loss(*state, &ignored, 1, loss[1], gradient[1]);
            assert_memory_equal(loss[0], loss[1], sizeof loss[0]);
            assert_memory_equal(gradient[0], gradient[1], sizeof gradient[0]);
            assert_true(loss[0][0] > 0);
            run_loss(*state, &mean, 0, loss[0], gradient[0]);
            assert_true(isnan(loss[0][0]) && isnan(gradient[0][0]));
        }
}

/* Indices in device memory, of which there are none, add nothing; dst is wiped, or left as it is. */
static void additions(void **state) {
    clf_error error = {0};
    const int64_t shape[2] = {3, 4};
    float expected[12] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
    for (int accumulate = 1; accumulate >= 0; accumulate--) {
        clf_plan *plan = NULL;
        clf_put_add_desc desc = {.src = {.rank = 2, .shape = {0, 4}},
                                 .dst = sevens(*state, 2, shape),
                                 .indices_view = {.dtype = CLF_I64, .rank = 1, .shape = {0}},
                                 .accumulate = accumulate};
        check_ok(clf_plan_put_add(*state, &desc, &plan, &error));
        assert_int_equal(clf_plan_operand_count(plan), 3);
        expect_sums(*state, plan, &desc.dst, expected);
        memset(expected, 0, sizeof expected);
        clf_plan_destroy(plan);
        clf_tensor_release(&desc.dst);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(biases),   cmocka_unit_test(adjoints),
                                       cmocka_unit_test(weights),  cmocka_unit_test(losses),
                                       cmocka_unit_test(channels), cmocka_unit_test(additions)};
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
