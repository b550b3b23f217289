/* SPDX-License-Identifier: Apache-2.0 */
/* Translations, matrices and selections in slabs: the bytes of the plan that is whole. */
#include "streams.h"

STREAMS_PLANNER(plan_shift, clf_shift_desc, clf_plan_shift)
STREAMS_PLANNER(plan_pinv, clf_pinv_desc, clf_plan_pinv)
STREAMS_PLANNER(plan_pinv_backward, clf_pinv_backward_desc, clf_plan_pinv_backward)
STREAMS_PLANNER(plan_inv, clf_inv_desc, clf_plan_inv)
STREAMS_PLANNER(plan_inv_backward, clf_inv_backward_desc, clf_plan_inv_backward)
STREAMS_PLANNER(plan_det, clf_det_desc, clf_plan_det)
STREAMS_PLANNER(plan_solve, clf_solve_desc, clf_plan_solve)
STREAMS_PLANNER(plan_take, clf_take_desc, clf_plan_take)
STREAMS_PLANNER(plan_put_add, clf_put_add_desc, clf_plan_put_add)

static clf_view dense(clf_dtype dtype, int rank, const int64_t *shape) {
    return clf_view_dense(NULL, dtype, rank, shape);
}

static clf_shift_desc shift_of(clf_dtype dtype, int axis, const int64_t *shape, clf_border border) {
    const clf_view view = streams_outermost(dtype, 3, shape, axis);
    return (clf_shift_desc){.src = view, .dst = view, .border = {border}, .cval = 0.1};
}

/* By whole samples along every axis, forwards and backwards, within the input and beyond it several times. */
static void whole_shifts(void **state) {
    static const int64_t shape[3] = {7, 11, 13};
    static const double by[][3] = {{2, -3, 5}, {-1, 1, 0}, {0, 24, -40}, {7, -11, 13}, {-0x1p40, 0x1p40, 3}};
    streams_seen seen = {0};
    for (int border = CLF_BORDER_REFLECT; border <= CLF_BORDER_CONSTANT; border++)
        for (int axis = 0; axis < 3; axis++)
            for (size_t i = 0; i < COUNT(by); i++) {
                clf_shift_desc desc = shift_of(CLF_F32, axis, shape, (clf_border)border);
                memcpy(desc.by, by[i], sizeof by[i]);
                streams_compare(*state, plan_shift, &desc, &seen);
            }
    assert_int_equal(seen.axes, 7);
    assert_true(seen.uneven > 20);
}

/* A border for each axis, every type, and constants that the type rounds or cuts off. */
static void types_of_shifts(void **state) {
    static const int64_t shape[3] = {5, 6, 17};
    static const double constants[] = {300.7, -0.5, 0.1, 1e300, -1e300};
    streams_seen seen = {0};
    for (int dtype = CLF_F32; dtype <= CLF_I64; dtype++)
        for (size_t i = 0; i < COUNT(constants); i++) {
            if (dtype == CLF_F64 && !clf_context_device(*state)->has_f64)
                continue;
            clf_shift_desc desc = shift_of((clf_dtype)dtype, (int)i % 3, shape, CLF_BORDER_CONSTANT);
            desc.border[2] = CLF_BORDER_PERIODIC;
            desc.cval = constants[i];
            desc.by[0] = 2;
            desc.by[1] = -4;
            desc.by[2] = 30;
            streams_compare(*state, plan_shift, &desc, &seen);
        }
    assert_int_equal(seen.axes, 7);
}

/* Linear along its own axis too; cubic along those that move by whole samples. */
static void shifts_by_fractions(void **state) {
    static const int64_t shape[3] = {6, 19, 23};
    static const struct {
        clf_shift_method method;
        double by[3];
        int refused; /* an axis that is not cut, or -1 */
    } cases[] = {{CLF_SHIFT_LINEAR, {0.3, -3.4, 0}, -1},
                 {CLF_SHIFT_LINEAR, {0, 2, -30.75}, -1},
                 {CLF_SHIFT_LINEAR, {-7.1, 0, 1}, -1},
                 {CLF_SHIFT_CUBIC, {0.3, 0, 4}, 0},
                 {CLF_SHIFT_CUBIC, {-2, 5, 1.0 / 3}, 2}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        streams_seen seen = {0};
        for (int border = CLF_BORDER_REFLECT; border <= CLF_BORDER_CONSTANT; border++)
            for (int axis = 0; axis < 3; axis++) {
                clf_shift_desc desc = shift_of(CLF_F32, axis, shape, (clf_border)border);
                memcpy(desc.by, cases[i].by, sizeof cases[i].by);
                desc.method = cases[i].method;
                desc.options.solver = "shift.lines";
                streams_compare(*state, plan_shift, &desc, &seen);
            }
        assert_int_equal(seen.axes, cases[i].refused < 0 ? 7 : 7 & ~(1U << cases[i].refused));
    }
}

/* Bytes interpolated: rounded once, as they are whole. A constant between two of them is none of the input's. */
static void shifts_of_bytes(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    static const int64_t shape[3] = {1, 40, 23}, line[1] = {900};
    streams_seen seen = {0};
    clf_shift_desc desc = shift_of(CLF_U8, 1, shape, CLF_BORDER_CONSTANT);
    desc.by[1] = 3.5;
    desc.by[2] = 0.25;
    desc.method = CLF_SHIFT_LINEAR;
    desc.cval = 200;
    streams_compare(*state, plan_shift, &desc, &seen);
    desc = (clf_shift_desc){.src = dense(CLF_U8, 1, line),
                            .dst = dense(CLF_U8, 1, line),
                            .by = {0.5},
                            .border = {CLF_BORDER_CONSTANT},
                            .cval = 0.5,
                            .method = CLF_SHIFT_LINEAR};
    check_fails(plan_shift(*state, &desc, 1000, &plan, &error), CLF_UNSUPPORTED,
                "cval must be a value of the input's type");
    desc.cval = 7;
    streams_compare(*state, plan_shift, &desc, &seen);
    desc.method = CLF_SHIFT_CUBIC;
    check_fails(plan_shift(*state, &desc, 1000, &plan, &error), CLF_UNSUPPORTED, "no axis of this problem can be cut");
}

/* By transforms, slabs along the axis that moves by whole samples: both within their bound, so within twice that. */
static void shifts_by_transforms(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    static const int64_t shape[2] = {30, 16};
    static float values[30 * 16], whole[30 * 16], tiled[30 * 16];
    const clf_view view = dense(CLF_F32, 2, shape);
    const clf_shift_desc desc = {.src = view, .dst = view, .by = {-7, 0.4}, .method = CLF_SHIFT_FOURIER};
    uint32_t random = 3;
    double difference = 0, size = 0;
    for (size_t i = 0; i < COUNT(values); i++)
        values[i] = streams_random(&random);
    for (int streamed = 0; streamed < 2; streamed++) {
        clf_plan *plan = NULL;
        const clf_array arrays[2] = {streams_array(&view, values), streams_array(&view, streamed ? tiled : whole)};
        if (plan_shift(context, &desc, streamed ? 6000 : 0, &plan, &error) == CLF_NO_SOLVER)
            skip(); /* no library is built in */
        check_ok(plan == NULL ? error.code : CLF_OK);
        assert_true(!streamed || (clf_plan_get_stream(plan).axis == 0 && clf_plan_get_stream(plan).slabs > 1));
        check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 2}, &error));
        clf_plan_destroy(plan);
    }
    for (size_t i = 0; i < COUNT(values); i++) {
        difference += ((double)whole[i] - (double)tiled[i]) * ((double)whole[i] - (double)tiled[i]);
        size += (double)whole[i] * (double)whole[i];
    }
    assert_true(difference <= 4e-12 * size);
}

static const int64_t batch[2] = {5, 37};

/* Views of rows x columns matrices: counted by two axes, the second of them the outermost or the innermost. */
static clf_view matrices(clf_dtype dtype, int64_t rows, int64_t columns, int layout) {
    const int64_t shape[4] = {batch[0], batch[1], rows, columns};
    clf_view view = layout == 0 ? dense(dtype, 4, shape) : streams_outermost(dtype, 4, shape, 1);
    if (layout < 2)
        return view;
    clf_error error = {0}; /* each element of the matrices a tensor of its own */
    const int64_t apart[4] = {rows, columns, batch[0], batch[1]};
    view = dense(dtype, 4, apart);
    check_ok(clf_view_permute(&view, (int[]){2, 3, 0, 1}, &view, &error));
    return view;
}

static void inverses(void **state) {
    streams_seen seen = {0};
    for (int layout = 0; layout < 3; layout++) {
        const clf_pinv_desc pinv = {.src = matrices(CLF_F32, 2, 4, layout),
                                    .dst = matrices(CLF_F32, 4, 2, 0),
                                    .options = {.solver = "pinv.pair"}};
        streams_compare(*state, plan_pinv, &pinv, &seen);
    }
    for (int layout = 1; layout < 3; layout++) {
        const clf_view square = matrices(CLF_F32, 3, 3, layout);
        const clf_inv_desc inv = {.src = square, .dst = square};
        streams_compare(*state, plan_inv, &inv, &seen);
    }
    const clf_view apart = matrices(CLF_F32, 3, 3, 2);
    const clf_pinv_desc rotated = {.src = apart, .dst = apart, .options = {.solver = "pinv.jacobi"}};
    streams_compare(*state, plan_pinv, &rotated, &seen);
    assert_int_equal(seen.axes, 3);
    assert_true(seen.uneven > 5);
    assert_int_equal(seen.least, 1);
}

/* Operands of other extents and, of determinants, of another rank. */
static void solutions(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    streams_seen seen = {0};
    for (int layout = 0; layout < 3; layout += 2) {
        const clf_view square = matrices(CLF_F32, 3, 3, layout);
        const clf_det_desc det = {.src = square, .dst = dense(CLF_F32, 2, batch)};
        streams_compare(*state, plan_det, &det, &seen);
        const clf_solve_desc solve = {
            .matrix = square, .right = matrices(CLF_F32, 3, 9, layout), .dst = matrices(CLF_F32, 3, 9, 0)};
        streams_compare(*state, plan_solve, &solve, &seen);
    }
    assert_int_equal(seen.axes, 3);
    const clf_solve_desc least = {.matrix = matrices(CLF_F32, 4, 2, 2),
                                  .right = matrices(CLF_F32, 4, 2, 0),
                                  .dst = matrices(CLF_F32, 2, 2, 2),
                                  .least_squares = true};
    streams_compare(*state, plan_solve, &least, &seen);
    const int64_t one[2] = {3, 3}, value[1] = {1};
    const clf_det_desc det = {.src = dense(CLF_F32, 2, one), .dst = dense(CLF_F32, 1, value)};
    check_fails(plan_det(*state, &det, 1000, &plan, &error), CLF_UNSUPPORTED, "no axis of this problem can be cut");
}

static void gradients_of_matrices(void **state) {
    streams_seen seen = {0};
    const clf_view square = matrices(CLF_F32, 3, 3, 2), wide = matrices(CLF_F32, 2, 3, 2);
    const clf_inv_backward_desc inv = {.inverse = square, .grad = square, .dst = square};
    streams_compare(*state, plan_inv_backward, &inv, &seen);
    const clf_pinv_backward_desc pinv = {.src = wide,
                                         .pinv = matrices(CLF_F32, 3, 2, 2),
                                         .grad = matrices(CLF_F32, 3, 2, 0),
                                         .dst = matrices(CLF_F32, 2, 3, 0)};
    streams_compare(*state, plan_pinv_backward, &pinv, &seen);
    assert_int_equal(seen.axes, 3);
}

static const int64_t indices[] = {3, -1, 3, 0, 4, -5, 2, 2};
enum { INDICES = sizeof indices / sizeof *indices };

/* Selects along `axis`, which has five entries; the memory's outermost axis is `outer`. */
static clf_take_desc take_of(clf_dtype dtype, int axis, int outer) {
    int64_t shape[3] = {6, 9, 14}, selected[3];
    shape[axis] = 5;
    memcpy(selected, shape, sizeof selected);
    selected[axis] = INDICES;
    union {
        const int64_t *constant;
        void *plain;
    } list = {.constant = indices}; /* arrays of indices are only read */
    return (clf_take_desc){.src = streams_outermost(dtype, 3, shape, outer),
                           .dst = dense(dtype, 3, selected),
                           .indices = {.data = list.plain, .dtype = CLF_I64, .rank = 1, .shape = {INDICES}},
                           .axis = axis};
}

static clf_put_add_desc put_add_of(const clf_take_desc *take) {
    return (clf_put_add_desc){.src = take->dst,
                              .dst = take->src,
                              .indices = take->indices,
                              .indices_view = take->indices_view,
                              .axis = take->axis};
}

/* Along every axis but the one selected along, which tells that axis from the others. */
static void selections(void **state) {
    for (int axis = 0; axis < 3; axis++) {
        streams_seen seen = {0};
        for (int outer = 0; outer < 3; outer++)
            for (int solver = 0; solver < 2; solver++) {
                clf_take_desc desc = take_of(CLF_F32, axis, outer);
                desc.options.solver = solver == 1 ? "take.each" : NULL;
                streams_compare(*state, plan_take, &desc, &seen);
                desc.src.dtype = desc.dst.dtype = CLF_U8;
                if (solver == 0 && outer == 0)
                    streams_compare(*state, plan_take, &desc, &seen);
            }
        assert_int_equal(seen.axes, 7 & ~(1U << axis));
        seen.axes = 0;
        for (int outer = 0; outer < 3; outer++) {
            const clf_take_desc take = take_of(CLF_F32, axis, outer);
            const clf_put_add_desc desc = put_add_of(&take);
            streams_compare(*state, plan_put_add, &desc, &seen);
        }
        assert_int_equal(seen.axes, 7 & ~(1U << axis));
    }
}

/* No indices: nothing is written, and the adjoint writes zeros. */
static void empty_selections(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_take_desc desc = take_of(CLF_F32, 1, 0);
    desc.indices.shape[0] = desc.dst.shape[1] = 0;
    static float values[6 * 5 * 14], zeros[6 * 5 * 14];
    for (size_t i = 0; i < COUNT(values); i++)
        values[i] = 1;
    const clf_array arrays[2] = {streams_array(&desc.src, values), {.data = NULL}};
    check_ok(plan_take(*state, &desc, 2000, &plan, &error));
    assert_int_equal(clf_plan_get_stream(plan).slabs, 0); /* there is nothing to cut */
    check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 2}, &error));
    clf_plan_destroy(plan);
    const clf_put_add_desc back = put_add_of(&desc);
    const clf_array backwards[2] = {arrays[1], arrays[0]};
    check_ok(plan_put_add(*state, &back, 2000, &plan, &error));
    assert_true(clf_plan_get_stream(plan).slabs > 1);
    check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = backwards, .array_count = 2}, &error));
    assert_memory_equal(values, zeros, sizeof values);
    clf_plan_destroy(plan);
}

static clf_view device_indices(clf_context *context, const int64_t *values) {
    clf_error error = {0};
    clf_view view;
    const int64_t shape[1] = {INDICES};
    union {
        const int64_t *constant;
        void *plain;
    } list = {.constant = values};
    const clf_array array = {.data = list.plain, .dtype = CLF_I64, .rank = 1, .shape = {INDICES}};
    check_ok(clf_tensor_create(context, CLF_I64, 1, shape, &view, &error));
    check_ok(clf_upload(context, &array, &view, &error));
    return view;
}

/* Indices in device memory stay there; the device finds a wrong one before anything is written. */
static void indices_in_device_memory(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    streams_seen seen = {0};
    clf_plan *plan = NULL;
    clf_take_desc desc = take_of(CLF_F32, 1, 0);
    desc.indices = (clf_array){.rank = 0};
    desc.indices_view = device_indices(context, indices);
    streams_compare(context, plan_take, &desc, &seen);
    clf_put_add_desc back = put_add_of(&desc);
    streams_compare(context, plan_put_add, &back, &seen);
    back.accumulate = true;
    check_fails(plan_put_add(context, &back, 4000, &plan, &error), CLF_UNSUPPORTED, "accumulate");

    int64_t wrong[INDICES];
    memcpy(wrong, indices, sizeof wrong);
    wrong[6] = 5;
    clf_tensor_release(&desc.indices_view);
    desc.indices_view = device_indices(context, wrong);
    static float from[6 * 5 * 14], sums[6 * 5 * 14], to[6 * INDICES * 14], untouched[6 * INDICES * 14];
    const clf_array arrays[2] = {streams_array(&desc.src, from), streams_array(&desc.dst, to)};
    check_ok(plan_take(context, &desc, 4000, &plan, &error));
    assert_true(clf_plan_get_stream(plan).slabs > 1);
    memset(to, 0x55, sizeof to);
    memset(untouched, 0x55, sizeof untouched);
    for (int serial = 0; serial < 2; serial++) {
        const clf_host_desc host = {.arrays = arrays, .array_count = 2, .serial = serial};
        check_fails(clf_execute_host(plan, &host, &error), CLF_OUT_OF_RANGE, "indices_view[6] is 5; axis 1 has 5");
        assert_memory_equal(to, untouched, sizeof to);
    }
    clf_plan_destroy(plan);
    back = put_add_of(&desc);
    const clf_array backwards[2] = {arrays[1], streams_array(&desc.src, sums)};
    check_ok(plan_put_add(context, &back, 6000, &plan, &error));
    assert_true(clf_plan_get_stream(plan).slabs > 1);
    memset(sums, 0x55, sizeof sums);
    const clf_host_desc host = {.arrays = backwards, .array_count = 2};
    check_fails(clf_execute_host(plan, &host, &error), CLF_OUT_OF_RANGE, "indices_view[6] is 5; axis 1 has 5");
    assert_memory_equal(sums, untouched, sizeof sums);
    clf_plan_destroy(plan);
    desc.mode = CLF_INDEX_CLAMP;
    streams_compare(context, plan_take, &desc, &seen);
    clf_tensor_release(&desc.indices_view);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_shifts),
        cmocka_unit_test(types_of_shifts),
        cmocka_unit_test(shifts_by_fractions),
        cmocka_unit_test(shifts_of_bytes),
        cmocka_unit_test(shifts_by_transforms),
        cmocka_unit_test(inverses),
        cmocka_unit_test(solutions),
        cmocka_unit_test(gradients_of_matrices),
        cmocka_unit_test(selections),
        cmocka_unit_test(empty_selections),
        cmocka_unit_test(indices_in_device_memory),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
