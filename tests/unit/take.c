/* SPDX-License-Identifier: Apache-2.0 */
/* What case lines cannot say of a selection and its adjoint: bad input, empty lists, verdicts, accumulation, clones. */
#include <clfilter/clfilter.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 4, COLUMNS = 6, MARK = -77 };

static clf_context *context;

static int open_context(void **state) {
    (void)state;
    return clf_context_create(NULL, &context, NULL) == CLF_OK ? 0 : -1;
}

static int close_context(void **state) {
    (void)state;
    clf_context_destroy(context);
    return 0;
}

/* A tensor made of a dense host array. */
static clf_view tensor(clf_dtype dtype, int rank, const int64_t *shape, void *data) {
    clf_view view;
    clf_array array = {.data = data, .dtype = dtype, .rank = rank};
    memcpy(array.shape, shape, (size_t)rank * sizeof *shape);
    assert_int_equal(clf_tensor_create(context, dtype, rank, shape, &view, NULL), CLF_OK);
    assert_int_equal(clf_upload(context, &array, &view, NULL), CLF_OK);
    return view;
}

static void read_back(const clf_view *view, void *data) {
    clf_array array = {.data = data, .dtype = view->dtype, .rank = view->rank};
    memcpy(array.shape, view->shape, sizeof array.shape);
    assert_int_equal(clf_download(context, view, &array, NULL), CLF_OK);
}

static clf_view grid(float first) {
    float values[ROWS * COLUMNS];
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        values[i] = first + (float)i;
    }
    return tensor(CLF_F32, 2, (int64_t[]){ROWS, COLUMNS}, values);
}

static clf_array host_indices(int64_t *values, int64_t count) {
    return (clf_array){.data = values, .dtype = CLF_I64, .rank = 1, .shape = {count}};
}

/* One row a mistake: what is wrong, the status, and what the sentence must say. */
static void test_bad_input(void **state) {
    (void)state;
    enum {
        NONE,
        NO_INDICES,
        BOTH,
        BAD_MODE,
        RANK_2,
        FLOAT_INDICES,
        AXIS_HIGH,
        AXIS_LOW,
        HIGH,
        LOW,
        SHAPE,
        DTYPE,
        SELF
    };
    static const struct {
        int mistake;
        clf_status status;
        const char *words;
    } rows[] = {{NO_INDICES, CLF_NULL_ARGUMENT, "neither indices nor indices_view"},
                {BOTH, CLF_INVALID_VALUE, "both indices and indices_view"},
                {BAD_MODE, CLF_INVALID_VALUE, "mode is 9"},
                {RANK_2, CLF_SHAPE_MISMATCH, "the indices have rank 2; expected 1"},
                {FLOAT_INDICES, CLF_DTYPE_MISMATCH, "the indices are f32; expected i32 or i64"},
                {AXIS_HIGH, CLF_OUT_OF_RANGE, "axis 2; src has axes -2 to 1"},
                {AXIS_LOW, CLF_OUT_OF_RANGE, "axis -3"},
                {HIGH, CLF_OUT_OF_RANGE, "indices[2] is 4; axis 0 has 4"},
                {LOW, CLF_OUT_OF_RANGE, "indices[1] is -5; axis 0 has 4"},
                {SHAPE, CLF_SHAPE_MISMATCH, "dst: axis 0 has extent 3; expected 2"},
                {DTYPE, CLF_DTYPE_MISMATCH, "dst is i32, src is f32"},
                {SELF, CLF_OVERLAP, "dst overlaps src"}};
    clf_view src = grid(0), dst = grid(0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int mistake = rows[i].mistake;
        int64_t index[3] = {0, mistake == LOW ? -5 : 1, mistake == HIGH ? 4 : 2};
        clf_take_desc desc = {.src = src, .dst = dst, .indices = host_indices(index, 3)};
        desc.dst.shape[0] = 3;
        desc.mode = mistake == BAD_MODE ? (clf_index_mode)9 : CLF_INDEX_STRICT;
        desc.axis = mistake == AXIS_HIGH ? 2 : mistake == AXIS_LOW ? -3 : 0;
        desc.indices.rank = mistake == RANK_2 ? 2 : 1;
        desc.indices.dtype = mistake == FLOAT_INDICES ? CLF_F32 : CLF_I64;
        desc.dst.dtype = mistake == DTYPE ? CLF_I32 : CLF_F32;
        desc.indices.shape[0] = mistake == SHAPE ? 2 : 3;
        if (mistake == SELF) {
            desc.dst.buffer = src.buffer;
        }
        if (mistake == BOTH) {
            desc.indices_view = src;
        }
        if (mistake == NO_INDICES) {
            desc.indices = (clf_array){.rank = 0};
        }
        clf_error error = {0};
        clf_plan *plan = NULL;
        assert_int_equal(clf_plan_take(context, &desc, &plan, &error), rows[i].status);
        assert_non_null(strstr(error.message, rows[i].words));
        assert_null(plan);
    }
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

static void test_null_and_integers(void **state) {
    (void)state;
    clf_plan *plan = NULL;
    clf_error error = {0};
    assert_int_equal(clf_plan_take(NULL, &(clf_take_desc){.axis = 0}, &plan, &error), CLF_NULL_ARGUMENT);
    assert_int_equal(clf_plan_take(context, NULL, &plan, &error), CLF_NULL_ARGUMENT);
    assert_int_equal(clf_plan_put_add(context, &(clf_put_add_desc){.axis = 0}, NULL, &error), CLF_NULL_ARGUMENT);
    assert_int_equal(clf_plan_put_add(context, &(clf_put_add_desc){.src = {.dtype = CLF_U8}}, &plan, &error),
                     CLF_DTYPE_MISMATCH);
    assert_int_equal(clf_plan_check(NULL, &error), CLF_NULL_ARGUMENT);
    assert_string_equal(clf_index_mode_name(CLF_INDEX_CLAMP), "clamp");
    assert_string_equal(clf_index_mode_name((clf_index_mode)7), "?");
}

/* An index out of range in device memory: nothing is written, and the verdict names the first one. */
static void test_device_verdict(void **state) {
    (void)state;
    int32_t bad[5] = {1, -4, 4, -9, 0}, good[5] = {1, -4, 3, 2, 0};
    float marks[5 * COLUMNS], back[5 * COLUMNS];
    for (int i = 0; i < 5 * COLUMNS; i++) {
        marks[i] = MARK;
    }
    clf_view src = grid(0), dst = tensor(CLF_F32, 2, (int64_t[]){5, COLUMNS}, marks);
    clf_view index = tensor(CLF_I32, 1, (int64_t[]){5}, bad);
    clf_plan *plan = NULL, *clone = NULL;
    clf_error error = {0};
    clf_take_desc desc = {.src = src, .dst = dst, .indices_view = index};
    assert_int_equal(clf_plan_take(context, &desc, &plan, &error), CLF_OK);
    assert_int_equal(clf_plan_check(plan, &error), CLF_OK); /* never executed */
    assert_int_equal(clf_execute(plan, NULL, NULL, &error), CLF_OK);
    assert_int_equal(clf_plan_check(plan, &error), CLF_OUT_OF_RANGE);
    assert_non_null(strstr(error.message, "indices_view[2] is 4; axis 0 has 4"));
    read_back(&dst, back);
    assert_memory_equal(back, marks, sizeof back);
    assert_int_equal(clf_plan_clone(plan, &clone, &error), CLF_OK);
    assert_int_equal(clf_plan_check(clone, &error), CLF_OK); /* the clone has not been executed */
    clf_array values = {.data = good, .dtype = CLF_I32, .rank = 1, .shape = {5}};
    assert_int_equal(clf_upload(context, &values, &index, &error), CLF_OK);
    assert_int_equal(clf_execute(plan, NULL, NULL, &error), CLF_OK);
    assert_int_equal(clf_plan_check(plan, &error), CLF_OK);
    read_back(&dst, back);
    for (int k = 0; k < 5; k++) {
        assert_true(back[k * COLUMNS] == (float)(COLUMNS * (good[k] < 0 ? good[k] + ROWS : good[k])));
    }
    clf_plan_destroy(plan);
    clf_plan_destroy(clone);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
    clf_tensor_release(&index);
}

/* The adjoint's solvers, each without and with adding to what is there. */
static const char *const put_solvers[] = {"put_add.ranges", "put_add.segments"};
enum { PUT_WAYS = 4 };

static bool put_accumulates(int way) {
    return way % 2 == 1;
}

static clf_plan_options put_options(int way) {
    return (clf_plan_options){.solver = put_solvers[way / 2]};
}

/* The same for the adjoint, which may also add to what is there. */
static void test_device_verdict_adjoint(void **state) {
    (void)state;
    int64_t bad[ROWS] = {0, 1, 600, 2};
    float marks[500 * COLUMNS], back[500 * COLUMNS];
    for (int i = 0; i < 500 * COLUMNS; i++) {
        marks[i] = MARK;
    }
    clf_view src = grid(1), dst = tensor(CLF_F32, 2, (int64_t[]){500, COLUMNS}, marks);
    clf_view index = tensor(CLF_I64, 1, (int64_t[]){ROWS}, bad);
    clf_plan *plan = NULL;
    clf_error error = {0};
    for (int way = 0; way < PUT_WAYS; way++) {
        clf_put_add_desc desc = {.src = src,
                                 .dst = dst,
                                 .indices_view = index,
                                 .accumulate = put_accumulates(way),
                                 .options = put_options(way)};
        assert_int_equal(clf_plan_put_add(context, &desc, &plan, &error), CLF_OK);
        assert_int_equal(clf_execute(plan, NULL, NULL, &error), CLF_OK);
        assert_int_equal(clf_plan_check(plan, &error), CLF_OUT_OF_RANGE);
        assert_non_null(strstr(error.message, "indices_view[2] is 600; axis 0 has 500"));
        read_back(&dst, back);
        assert_memory_equal(back, marks, sizeof back);
        clf_plan_destroy(plan);
    }
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
    clf_tensor_release(&index);
}

/* Executed on host memory, each solver along its axis: the call itself says what is wrong, and writes nothing. */
static void test_host_execution_verdict(void **state) {
    (void)state;
    static const char *const solvers[] = {"take.rows", "take.each", "take.each"};
    static const int axes[] = {0, 0, 1};
    int32_t bad[3] = {1, -7, 0};
    float from[ROWS * COLUMNS] = {1}, to[ROWS * COLUMNS], marks[ROWS * COLUMNS];
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        marks[i] = to[i] = MARK;
    }
    clf_view index = tensor(CLF_I32, 1, (int64_t[]){3}, bad);
    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++) {
        clf_take_desc desc = {.src = {.rank = 2, .shape = {ROWS, COLUMNS}},
                              .dst = {.rank = 2, .shape = {ROWS, COLUMNS}},
                              .indices_view = index,
                              .axis = axes[i],
                              .options = {.solver = solvers[i]}};
        desc.dst.shape[axes[i]] = 3;
        clf_array arrays[2] = {{.data = from, .rank = 2, .shape = {ROWS, COLUMNS}}, {.data = to, .rank = 2}};
        memcpy(arrays[1].shape, desc.dst.shape, sizeof arrays[1].shape);
        clf_plan *plan = NULL;
        clf_error error = {0};
        assert_int_equal(clf_plan_take(context, &desc, &plan, &error), CLF_OK);
        clf_host_desc host = {.arrays = arrays, .array_count = 2};
        assert_int_equal(clf_execute_host(plan, &host, &error), CLF_OUT_OF_RANGE);
        assert_non_null(strstr(error.message, "indices_view[1] is -7"));
        assert_memory_equal(to, marks, sizeof to);
        clf_plan_destroy(plan);
    }
    clf_tensor_release(&index);
}

/* No indices: an empty result whose buffer may even be missing, and an adjoint that writes zeros or leaves what is. */
static void test_empty(void **state) {
    (void)state;
    clf_view whole = grid(5), none = {.dtype = CLF_F32, .rank = 2, .shape = {0, COLUMNS}};
    clf_array index = {.dtype = CLF_I32, .rank = 1, .shape = {0}};
    clf_plan *plan = NULL;
    clf_error error = {0};
    cl_event event = NULL;
    float back[ROWS * COLUMNS];
    assert_int_equal(
        clf_plan_take(context, &(clf_take_desc){.src = whole, .dst = none, .indices = index}, &plan, &error), CLF_OK);
    assert_int_equal(clf_execute(plan, NULL, &event, &error), CLF_OK);
    assert_non_null(event);
    assert_int_equal(clWaitForEvents(1, &event), CL_SUCCESS);
    clReleaseEvent(event);
    clf_plan_destroy(plan);
    for (int accumulate = 1; accumulate >= 0; accumulate--) {
        clf_put_add_desc desc = {.src = none, .dst = whole, .indices = index, .accumulate = accumulate};
        assert_int_equal(clf_plan_put_add(context, &desc, &plan, &error), CLF_OK);
        assert_int_equal(clf_execute(plan, NULL, NULL, &error), CLF_OK);
        clf_plan_destroy(plan);
        read_back(&whole, back);
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            assert_true(back[i] == (accumulate ? 5 + (float)i : 0));
        }
    }
    clf_tensor_release(&whole);
}

/* <take(x), y> = <x, put_add(y)> exactly on whole numbers, and accumulating adds to what is there. */
static void test_adjoint(void **state) {
    (void)state;
    int64_t index[9] = {3, 0, 0, -1, 2, 3, 3, 1, 0};
    float y[9 * COLUMNS], taken[9 * COLUMNS], x[ROWS * COLUMNS], added[ROWS * COLUMNS], twice[ROWS * COLUMNS];
    for (int i = 0; i < 9 * COLUMNS; i++) {
        y[i] = (float)(i * 7 % 13 - 6);
    }
    clf_view a = grid(-9), b = tensor(CLF_F32, 2, (int64_t[]){9, COLUMNS}, y), c = tensor(CLF_F32, 2, b.shape, y);
    clf_view d = grid(0);
    clf_plan *plan = NULL;
    read_back(&a, x);
    assert_int_equal(
        clf_plan_take(context, &(clf_take_desc){.src = a, .dst = c, .indices = host_indices(index, 9)}, &plan, NULL),
        CLF_OK);
    assert_int_equal(clf_execute(plan, NULL, NULL, NULL), CLF_OK);
    clf_plan_destroy(plan);
    read_back(&c, taken);
    for (int way = 0; way < PUT_WAYS; way++) {
        clf_put_add_desc desc = {.src = b,
                                 .dst = d,
                                 .indices = host_indices(index, 9),
                                 .accumulate = put_accumulates(way),
                                 .options = put_options(way)};
        assert_int_equal(clf_plan_put_add(context, &desc, &plan, NULL), CLF_OK);
        assert_int_equal(clf_execute(plan, NULL, NULL, NULL), CLF_OK);
        clf_plan_destroy(plan);
        read_back(&d, put_accumulates(way) ? twice : added);
        if (!put_accumulates(way))
            continue;
        double left = 0, right = 0;
        for (int i = 0; i < 9 * COLUMNS; i++) {
            left += (double)taken[i] * (double)y[i];
        }
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            right += (double)x[i] * (double)added[i];
            assert_true(twice[i] == 2 * added[i]);
        }
        assert_true(left == right && left != 0);
    }
    clf_tensor_release(&a);
    clf_tensor_release(&b);
    clf_tensor_release(&c);
    clf_tensor_release(&d);
}

/* The first entries of a larger tensor receive the selection; the rest stays. */
static void test_part_of_a_larger(void **state) {
    (void)state;
    float marks[ROWS * COLUMNS], back[ROWS * COLUMNS];
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        marks[i] = MARK;
    }
    int64_t index[2] = {5, 2};
    clf_view src = grid(0), dst = tensor(CLF_F32, 2, src.shape, marks), part;
    clf_plan *plan = NULL;
    assert_int_equal(clf_view_crop(&dst, 1, 0, 2, &part, NULL), CLF_OK);
    assert_int_equal(
        clf_plan_take(context, &(clf_take_desc){.src = src, .dst = part, .axis = 1, .indices = host_indices(index, 2)},
                      &plan, NULL),
        CLF_OK);
    assert_int_equal(clf_execute(plan, NULL, NULL, NULL), CLF_OK);
    clf_plan_destroy(plan);
    read_back(&dst, back);
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            float expected = column < 2 ? (float)(row * COLUMNS + index[column]) : MARK;
            assert_true(back[row * COLUMNS + column] == expected);
        }
    }
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bad_input),
                                       cmocka_unit_test(test_null_and_integers),
                                       cmocka_unit_test(test_device_verdict),
                                       cmocka_unit_test(test_device_verdict_adjoint),
                                       cmocka_unit_test(test_host_execution_verdict),
                                       cmocka_unit_test(test_empty),
                                       cmocka_unit_test(test_adjoint),
                                       cmocka_unit_test(test_part_of_a_larger)};
    return cmocka_run_group_tests_name("take", tests, open_context, close_context);
}
