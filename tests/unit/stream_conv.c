/* SPDX-License-Identifier: Apache-2.0 */
/* Convolutions and gradients in slabs: the same bits as whole, on every border, budget and solver. */
#include "streams.h"

#include <float.h>
#include <math.h>

enum { MOST = 20000 };

/* A convolution of f32 tensors; zero in every field but the first ones is the default. */
typedef struct problem {
    const char *solver;
    int rank, taps_rank;
    int64_t shape[4], taps[5];
    clf_border border[3];
    clf_mode mode;
    int origin[3], stride[3], dilation[3], axes[3], groups;
    double cval;
    bool permuted; /* the input lies interleaved: its last axis is the outermost of its view */
} problem;

/* `moved` holds input from its element 1 on: where a CPU takes aligned arrays as they lie, that one is copied. */
static _Alignas(64) float input[MOST], moved[MOST + 1], tiled[MOST + 1];
static float taps_values[1024], whole[MOST];

static void fill_random(void) {
    uint32_t state = 7;
    for (int i = 0; i < MOST; i++)
        moved[1 + i] = input[i] = streams_random(&state);
    for (size_t i = 0; i < COUNT(taps_values); i++)
        taps_values[i] = streams_random(&state);
}

static clf_convolve_desc describe(const problem *p) {
    clf_error error = {0};
    clf_convolve_desc desc = {.src = clf_view_dense(NULL, CLF_F32, p->rank, p->shape),
                              .kernel = unit_array(p->taps_rank, p->taps, taps_values),
                              .mode = p->mode,
                              .cval = p->cval,
                              .groups = p->groups,
                              .options = {.solver = p->solver}};
    if (p->permuted)
        check_ok(clf_view_permute(&desc.src, (int[]){2, 0, 1}, &desc.src, &error));
    for (int i = 0; i < 3; i++) {
        desc.border[i] = p->border[i];
        desc.origin[i] = p->origin[i];
        desc.stride[i] = p->stride[i];
        desc.dilation[i] = p->dilation[i];
        desc.axes[i] = p->axes[i];
    }
    int64_t shape[CLF_MAX_RANK];
    check_ok(clf_convolve_shape(&desc, shape, &error));
    desc.dst = clf_view_dense(NULL, CLF_F32, p->rank, shape);
    return desc;
}

/* Runs a problem whole and in slabs of several budgets, beginning with the least. */
static void compare(clf_context *context, const problem *p) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_convolve_desc desc = describe(p);
    const clf_array arrays[2] = {streams_array(&desc.src, input), streams_array(&desc.dst, whole)};
    check_ok(clf_plan_convolve(context, &desc, &plan, &error));
    assert_int_equal(clf_plan_get_stream(plan).slabs, 0);
    check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 2}, &error));
    clf_plan_destroy(plan);
    desc.options.stream_bytes = 1;
    check_fails(clf_plan_convolve(context, &desc, &plan, &error), CLF_BUDGET_TOO_SMALL, "options.stream_bytes is 1");
    size_t least = streams_least_bytes(&error), bytes = (size_t)clf_view_count(&desc.dst) * sizeof *tiled;
    for (size_t budget = least, round = 0; round < 4; budget += least * (1 + 3 * round), round++) {
        const int apart = round % 2;
        const clf_array into[2] = {streams_array(&desc.src, apart ? moved + 1 : input),
                                   streams_array(&desc.dst, tiled + apart)};
        desc.options.stream_bytes = budget;
        check_ok(clf_plan_convolve(context, &desc, &plan, &error));
        clf_stream_info info = clf_plan_get_stream(plan);
        assert_true(info.bytes <= budget);
        assert_true(info.slabs >= 1 && info.slots >= 1 && info.slots <= 3);
        assert_true(round > 0 || info.slabs > 1 || info.outputs == 1);
        for (int serial = 0; serial < 2; serial++) {
            memset(tiled, 0x55, sizeof tiled);
            check_ok(
                clf_execute_host(plan, &(clf_host_desc){.arrays = into, .array_count = 2, .serial = serial}, &error));
            if (memcmp(whole, tiled + apart, bytes) != 0)
                fail_msg("%s: %s differs, %zu bytes", clf_plan_problem(plan), clf_plan_describe(plan), budget);
        }
        clf_plan_destroy(plan);
    }
}

static void every_border(void **state) {
    for (int border = CLF_BORDER_REFLECT; border <= CLF_BORDER_CONSTANT; border++)
        for (int mode = CLF_MODE_SAME; mode <= CLF_MODE_FULL; mode++)
            for (int stride = 1; stride <= 3; stride++) {
                problem p = {.solver = "conv.general", .rank = 2, .shape = {31, 17}, .taps_rank = 2, .taps = {5, 4}};
                p.border[0] = (clf_border)border;
                p.mode = (clf_mode)mode;
                p.cval = -2.5;
                p.stride[0] = stride;
                p.dilation[0] = 4 - stride;
                p.origin[0] = mode == CLF_MODE_SAME ? stride - 2 : 0;
                compare(*state, &p);
            }
}

/* Kernels that reach over the input several times. */
static void short_inputs(void **state) {
    for (int border = CLF_BORDER_REFLECT; border <= CLF_BORDER_CONSTANT; border++)
        for (int rows = 1; rows <= 4; rows++) {
            problem p = {.solver = "conv.general", .rank = 2, .shape = {rows, 5}, .taps_rank = 2, .taps = {13, 3}};
            p.border[0] = (clf_border)border;
            compare(*state, &p);
            p.mode = CLF_MODE_FULL;
            compare(*state, &p);
        }
}

static void every_solver(void **state) {
    static const problem problems[] = {
        {.solver = "conv.direct", .rank = 2, .shape = {61, 83}, .taps_rank = 2, .taps = {7, 5}},
        {.solver = "conv.direct", .rank = 3, .shape = {5, 19, 40}, .taps_rank = 2, .taps = {3, 3}, .border = {2, 4}},
        {.solver = "conv.direct", .rank = 2, .shape = {50, 40}, .taps_rank = 2, .taps = {3, 3}, .stride = {2, 1}},
        {.solver = "conv.direct", .rank = 3, .shape = {9, 20, 30}, .taps_rank = 3, .taps = {3, 3, 3}, .border = {3}},
        {.solver = "conv.direct", .rank = 2, .shape = {30, 200}, .taps_rank = 1, .taps = {9}, .border = {5}},
        {.solver = "conv.bank", .rank = 2, .shape = {40, 50}, .taps_rank = 1, .taps = {9}, .axes = {-2}},
        {.solver = "conv.bank", .rank = 3, .shape = {6, 24, 33}, .taps_rank = 4, .taps = {4, 3, 3, 3}, .groups = 2},
        {.solver = "conv.bank", .rank = 3, .shape = {25, 34, 3}, .taps_rank = 2, .taps = {3, 3}, .permuted = true},
        {.solver = "conv.general", .rank = 4, .shape = {3, 4, 9, 10}, .taps_rank = 4, .taps = {2, 4, 3, 3}},
    };
    for (size_t i = 0; i < COUNT(problems); i++)
        compare(*state, &problems[i]);
}

/* A kernel of rank one, so that the separable solver takes it. */
static void separable(void **state) {
    for (int i = 0; i < 49; i++)
        taps_values[i] = (float)((1 + i / 7) * (3 - i % 7));
    const problem p = {.solver = "conv.separable", .rank = 2, .shape = {70, 90}, .taps_rank = 2, .taps = {7, 7}};
    compare(*state, &p);
    fill_random();
}

/* Transforms of slabs that begin elsewhere: each within its bound, so both within twice that. */
static void fourier(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    const problem p = {
        .solver = "conv.tile", .rank = 2, .shape = {150, 100}, .taps_rank = 2, .taps = {15, 15}, .border = {2, 1}};
    clf_convolve_desc desc = describe(&p);
    double difference = 0, size = 0;
    for (int streamed = 0; streamed < 2; streamed++) {
        clf_plan *plan = NULL;
        const clf_array arrays[2] = {streams_array(&desc.src, input),
                                     streams_array(&desc.dst, streamed ? tiled : whole)};
        desc.options.stream_bytes = streamed ? 200000 : 0;
        check_ok(clf_plan_convolve(context, &desc, &plan, &error));
        assert_true(!streamed || clf_plan_get_stream(plan).slabs > 2);
        check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 2}, &error));
        clf_plan_destroy(plan);
    }
    for (int i = 0; i < 150 * 100; i++) {
        difference += ((double)whole[i] - (double)tiled[i]) * ((double)whole[i] - (double)tiled[i]);
        size += (double)whole[i] * (double)whole[i];
    }
    assert_true(sqrt(difference) <= 2e-6 * sqrt(size));
}

/* Square roots are at most one ulp off, which way depends on their neighbours. */
static void check_root(float a, float b) {
    if (fabsf(a - b) > 2 * FLT_EPSILON * fabsf(a))
        fail_msg("%g became %g", (double)a, (double)b);
}

/* Gradients, slabs along each axis. */
static void gradients(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    static const struct {
        clf_gradient_operator op;
        clf_border border;
        int axes;
        double sigma;
        int64_t shape[3];
    } cases[] = {{CLF_GRADIENT_CENTRAL, CLF_BORDER_REFLECT, 2, 0, {7, 30, 21}},
                 {CLF_GRADIENT_SOBEL, CLF_BORDER_PERIODIC, 2, 0, {1, 60, 83}},
                 {CLF_GRADIENT_FORWARD, CLF_BORDER_CONSTANT, 2, 0, {2, 9, 600}},
                 {CLF_GRADIENT_GAUSSIAN, CLF_BORDER_SYMMETRIC, 2, 1.5, {2, 44, 33}},
                 {CLF_GRADIENT_SCHARR, CLF_BORDER_REPLICATE, 3, 0, {9, 20, 30}}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const clf_view view = clf_view_dense(NULL, CLF_F32, 3, cases[i].shape);
        static float expected[3][MOST], got[3][MOST];
        clf_gradient_desc desc = {.src = view,
                                  .dst = view,
                                  .dx = view,
                                  .squared = view,
                                  .op = cases[i].op,
                                  .sigma = cases[i].sigma,
                                  .axes = cases[i].axes,
                                  .border = {cases[i].border},
                                  .cval = 0.75};
        size_t bytes = (size_t)clf_view_count(&view) * sizeof(float);
        for (size_t budget = 0, round = 0; round < 4; round++) {
            clf_plan *plan = NULL;
            float(*into)[MOST] = round == 0 ? expected : got;
            const clf_array arrays[4] = {streams_array(&view, input), streams_array(&view, into[0]),
                                         streams_array(&view, into[1]), streams_array(&view, into[2])};
            if (round == 1) {
                desc.options.stream_bytes = 1;
                check_fails(clf_plan_gradient(context, &desc, &plan, &error), CLF_BUDGET_TOO_SMALL,
                            "options.stream_bytes");
                budget = streams_least_bytes(&error);
            }
            desc.options.stream_bytes = budget * round;
            check_ok(clf_plan_gradient(context, &desc, &plan, &error));
            memset(into, 0x55, sizeof expected);
            check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 4}, &error));
            for (int k = 0; k < clf_view_count(&view) && round > 0; k++)
                check_root(expected[0][k], got[0][k]);
            for (int output = 1; output < 3 && round > 0; output++)
                if (memcmp(expected[output], got[output], bytes) != 0)
                    fail_msg("%s: output %d differs", clf_plan_describe(plan), output);
            clf_plan_destroy(plan);
        }
    }
}

STREAMS_PLANNER(plan_convolve, clf_convolve_desc, clf_plan_convolve)

/* A constant that integers hold is gathered; one that they do not is left to the kernel, where slabs can lie inside. */
static void integers(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    static const int64_t shape[2] = {20, 30}, taps[2] = {4, 3};
    static const double constants[] = {200, 0.4, -7};
    streams_seen seen = {0};
    const clf_view view = clf_view_dense(NULL, CLF_U8, 2, shape);
    clf_convolve_desc desc = {.src = view,
                              .dst = view,
                              .kernel = unit_array(2, taps, taps_values),
                              .border = {CLF_BORDER_CONSTANT},
                              .dilation = {2, 1},
                              .options = {.solver = "conv.general"}};
    for (size_t i = 0; i < COUNT(constants); i++)
        for (int origin = -1; origin < 2; origin++)
            for (int axis = 0; axis < 2; axis++) {
                desc.src = axis == 0 ? view : clf_view_dense(NULL, CLF_U8, 2, shape);
                if (axis == 1) {
                    desc.src.strides[0] = 1;
                    desc.src.strides[1] = 20;
                }
                desc.cval = constants[i];
                desc.origin[0] = origin;
                streams_compare(*state, plan_convolve, &desc, &seen);
            }
    assert_int_equal(seen.axes, 3);
    desc.origin[0] = 0;
    desc.mode = CLF_MODE_FULL;
    desc.dst = clf_view_dense(NULL, CLF_U8, 2, (int64_t[]){26, 32});
    check_fails(plan_convolve(*state, &desc, 1500, &plan, &error), CLF_UNSUPPORTED,
                "cval must be a value of the input's type");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_border), cmocka_unit_test(short_inputs), cmocka_unit_test(every_solver),
        cmocka_unit_test(separable),    cmocka_unit_test(fourier),      cmocka_unit_test(gradients),
        cmocka_unit_test(integers),
    };
    fill_random();
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
