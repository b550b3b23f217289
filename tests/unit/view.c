/* SPDX-License-Identifier: Apache-2.0 */
/* View arithmetic: no device is needed. */
#include "unit.h"

static const int64_t nhwc[4] = {2, 5, 7, 3};

static clf_view view_of(int rank, const int64_t *shape) {
    return clf_view_dense(NULL, CLF_U8, rank, shape);
}

static void expect_view(const clf_view *view, int64_t offset, int rank, const int64_t *shape, const int64_t *strides) {
    assert_int_equal(view->offset, offset);
    assert_int_equal(view->rank, rank);
    for (int i = 0; i < rank; i++) {
        assert_int_equal(view->shape[i], shape[i]);
        assert_int_equal(view->strides[i], strides[i]);
    }
    assert_int_equal(view->dtype, CLF_U8);
}

static void dense(void **state) {
    (void)state;
    clf_view view = view_of(4, nhwc);
    assert_int_equal(view.rank, 4);
    assert_int_equal(clf_view_count(&view), 210);
    assert_true(clf_view_is_dense(&view));
    memset(view.strides, 0, sizeof view.strides);
    assert_true(clf_view_is_dense(&view));
    assert_int_equal(clf_view_dense(NULL, CLF_F32, 0, nhwc).rank, 0);
    assert_int_equal(clf_view_dense(NULL, CLF_F32, -1, nhwc).rank, 0);
    assert_int_equal(clf_view_dense(NULL, CLF_F32, 9, nhwc).rank, 0);
    assert_int_equal(clf_view_dense(NULL, CLF_F32, 2, NULL).rank, 0);
}

static void count(void **state) {
    (void)state;
    clf_view view = view_of(4, nhwc);
    assert_int_equal(clf_view_count(NULL), 0);
    view.shape[2] = 0;
    assert_int_equal(clf_view_count(&view), 0);
    view.shape[2] = -7;
    assert_int_equal(clf_view_count(&view), 0);
    view.shape[2] = INT64_MAX / 2;
    assert_int_equal(clf_view_count(&view), 0);
    view.rank = 9;
    assert_int_equal(clf_view_count(&view), 0);
    view.rank = 0;
    assert_int_equal(clf_view_count(&view), 0);
    view = (clf_view){.rank = 2, .shape = {INT64_MAX, 1}};
    assert_true(clf_view_count(&view) == INT64_MAX);
}

static void is_dense(void **state) {
    (void)state;
    clf_error error = {0};
    clf_view view = view_of(4, nhwc), part;
    assert_false(clf_view_is_dense(NULL));
    check_ok(clf_view_crop(&view, 0, 1, 1, &part, &error));
    assert_true(clf_view_is_dense(&part));
    check_ok(clf_view_crop(&view, 1, 1, 2, &part, &error));
    assert_false(clf_view_is_dense(&part));
    check_ok(clf_view_flip(&view, 3, &part, &error));
    assert_false(clf_view_is_dense(&part));
    /* The stride of an axis of one element is never used. */
    view = (clf_view){.rank = 2, .shape = {1, 4}, .strides = {99, 1}};
    assert_true(clf_view_is_dense(&view));
    view = (clf_view){.rank = 2, .shape = {2, 4}, .strides = {0, 1}};
    assert_false(clf_view_is_dense(&view));
}

static void crop(void **state) {
    (void)state;
    clf_error error = {0};
    clf_view view = view_of(4, nhwc), out;
    check_ok(clf_view_crop(&view, 2, 1, 4, &out, &error));
    expect_view(&out, 3, 4, (int64_t[]){2, 5, 4, 3}, (int64_t[]){105, 21, 3, 1});
    check_ok(clf_view_crop(&out, -3, 2, 3, &out, &error));
    expect_view(&out, 45, 4, (int64_t[]){2, 3, 4, 3}, (int64_t[]){105, 21, 3, 1});
    check_fails(clf_view_crop(&view, 4, 0, 1, &out, &error), CLF_OUT_OF_RANGE, "axis 4");
    check_fails(clf_view_crop(&view, -5, 0, 1, &out, &error), CLF_OUT_OF_RANGE, "axis -5");
    check_fails(clf_view_crop(&view, 2, -1, 1, &out, &error), CLF_OUT_OF_RANGE, "from -1");
    check_fails(clf_view_crop(&view, 2, 7, 1, &out, &error), CLF_OUT_OF_RANGE, "from 7");
    check_fails(clf_view_crop(&view, 2, 3, 5, &out, &error), CLF_OUT_OF_RANGE, "5 indices");
    check_fails(clf_view_crop(&view, 2, 3, -1, &out, &error), CLF_OUT_OF_RANGE, "-1 indices");
    check_fails(clf_view_crop(&view, 2, 1, INT64_MAX, &out, &error), CLF_OUT_OF_RANGE, "indices");
    expect_view(&out, 45, 4, (int64_t[]){2, 3, 4, 3}, (int64_t[]){105, 21, 3, 1});
}

static void permute(void **state) {
    (void)state;
    clf_error error = {0};
    clf_view view = view_of(4, nhwc), out;
    check_ok(clf_view_permute(&view, (int[]){0, 3, 1, 2}, &out, &error));
    expect_view(&out, 0, 4, (int64_t[]){2, 3, 5, 7}, (int64_t[]){105, 1, 21, 3});
    check_ok(clf_view_permute(&view, (int[]){0, -1, -3, -2}, &out, &error));
    expect_view(&out, 0, 4, (int64_t[]){2, 3, 5, 7}, (int64_t[]){105, 1, 21, 3});
    check_fails(clf_view_permute(&view, (int[]){0, 1, 1, 2}, &out, &error), CLF_OUT_OF_RANGE, "axis 1");
    check_fails(clf_view_permute(&view, (int[]){0, 1, -3, 2}, &out, &error), CLF_OUT_OF_RANGE, "axis 1");
    check_fails(clf_view_permute(&view, (int[]){0, 1, 2, 4}, &out, &error), CLF_OUT_OF_RANGE, "axis 4");
    check_fails(clf_view_permute(&view, NULL, &out, &error), CLF_NULL_ARGUMENT, "order");
    expect_view(&out, 0, 4, (int64_t[]){2, 3, 5, 7}, (int64_t[]){105, 1, 21, 3});
}

static void select_one(void **state) {
    (void)state;
    clf_error error = {0};
    clf_view view = view_of(4, nhwc), out;
    check_ok(clf_view_select(&view, 3, 1, &out, &error));
    expect_view(&out, 1, 3, (int64_t[]){2, 5, 7}, (int64_t[]){105, 21, 3});
    check_ok(clf_view_select(&view, 0, -1, &out, &error));
    expect_view(&out, 105, 3, (int64_t[]){5, 7, 3}, (int64_t[]){21, 3, 1});
    check_fails(clf_view_select(&view, 3, 3, &out, &error), CLF_OUT_OF_RANGE, "index 3");
    check_fails(clf_view_select(&view, 3, -4, &out, &error), CLF_OUT_OF_RANGE, "index -4");
    check_fails(clf_view_select(&view, 4, 0, &out, &error), CLF_OUT_OF_RANGE, "axis 4");
    clf_view line = view_of(1, nhwc + 1);
    check_fails(clf_view_select(&line, 0, 0, &out, &error), CLF_INVALID_VIEW, "rank 0");
    expect_view(&out, 105, 3, (int64_t[]){5, 7, 3}, (int64_t[]){21, 3, 1});
}

static void flip(void **state) {
    (void)state;
    clf_error error = {0};
    clf_view view = view_of(4, nhwc), out;
    check_ok(clf_view_flip(&view, 1, &out, &error));
    expect_view(&out, 84, 4, nhwc, (int64_t[]){105, -21, 3, 1});
    check_ok(clf_view_flip(&out, -3, &out, &error));
    expect_view(&out, 0, 4, nhwc, (int64_t[]){105, 21, 3, 1});
    check_fails(clf_view_flip(&view, 4, &out, &error), CLF_OUT_OF_RANGE, "axis 4");
}

/* Every element of a flipped, permuted crop lies where indices say. */
static void composed(void **state) {
    (void)state;
    clf_error error = {0};
    clf_view view = view_of(4, nhwc), out;
    check_ok(clf_view_crop(&view, 1, 1, 3, &out, &error));
    check_ok(clf_view_permute(&out, (int[]){3, 0, 2, 1}, &out, &error));
    check_ok(clf_view_flip(&out, 3, &out, &error));
    check_ok(clf_view_select(&out, 1, 1, &out, &error));
    assert_int_equal(out.rank, 3);
    for (int64_t c = 0; c < 3; c++) {
        for (int64_t x = 0; x < 7; x++) {
            for (int64_t y = 0; y < 3; y++) {
                int64_t element = out.offset + c * out.strides[0] + x * out.strides[1] + y * out.strides[2];
                assert_int_equal(element, 1 * 105 + (3 - y) * 21 + x * 3 + c);
            }
        }
    }
}

/* What every view function refuses. */
static void bad_views(void **state) {
    (void)state;
    clf_error error = {0};
    clf_view view = view_of(4, nhwc), out = {.offset = 1234};
    const int order[4] = {0, 1, 2, 3};
    check_fails(clf_view_crop(NULL, 0, 0, 1, &out, &error), CLF_NULL_ARGUMENT, "view is NULL");
    check_fails(clf_view_crop(&view, 0, 0, 1, NULL, &error), CLF_NULL_ARGUMENT, "out is NULL");
    check_fails(clf_view_permute(NULL, order, &out, &error), CLF_NULL_ARGUMENT, "view is NULL");
    check_fails(clf_view_permute(&view, order, NULL, &error), CLF_NULL_ARGUMENT, "out is NULL");
    check_fails(clf_view_select(NULL, 0, 0, &out, &error), CLF_NULL_ARGUMENT, "view is NULL");
    check_fails(clf_view_select(&view, 0, 0, NULL, &error), CLF_NULL_ARGUMENT, "out is NULL");
    check_fails(clf_view_flip(NULL, 0, &out, &error), CLF_NULL_ARGUMENT, "view is NULL");
    check_fails(clf_view_flip(&view, 0, NULL, &error), CLF_NULL_ARGUMENT, "out is NULL");
    static const clf_view wrong[] = {
        {.rank = 0},
        {.rank = 9},
        {.rank = 2, .shape = {3, -1}},
        {.rank = 2, .shape = {-3, 3}},
        {.rank = 2, .shape = {INT64_MAX, 3}},
        {.rank = 2, .shape = {3, 3}, .strides = {INT64_MAX, 1}},
        {.rank = 2, .shape = {3, 3}, .strides = {INT64_MIN, 1}},
        {.rank = 2, .shape = {1, 3}, .strides = {INT64_MIN, 1}},
        {.rank = 2, .shape = {3, 3}, .offset = INT64_MIN},
        {.rank = 2, .shape = {3, 3}, .strides = {INT64_C(1) << 55, 1}},
        {.rank = 2, .shape = {INT64_C(1) << 28, INT64_C(1) << 28}},
        {.rank = 1000000, .shape = {3, 3}},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        check_fails(clf_view_crop(&wrong[i], 0, 0, 1, &out, &error), CLF_INVALID_VIEW, "");
        check_fails(clf_view_permute(&wrong[i], order, &out, &error), CLF_INVALID_VIEW, "");
        check_fails(clf_view_select(&wrong[i], 0, 0, &out, &error), CLF_INVALID_VIEW, "");
        check_fails(clf_view_flip(&wrong[i], 0, &out, &error), CLF_INVALID_VIEW, "");
        assert_true(strlen(error.message) > 20);
    }
    assert_int_equal(out.offset, 1234);
    assert_int_equal(clf_view_flip(&wrong[0], 0, &out, NULL), CLF_INVALID_VIEW);
}

/* A clf_error keeps what it held while calls succeed. */
static void success_leaves_the_error(void **state) {
    (void)state;
    clf_view view = view_of(4, nhwc), out;
    clf_error error = {.code = CLF_OVERLAP, .cl_code = 5, .message = "before"};
    assert_int_equal(clf_view_flip(&view, 0, &out, &error), CLF_OK);
    assert_int_equal(error.code, CLF_OVERLAP);
    assert_int_equal(error.cl_code, 5);
    assert_string_equal(error.message, "before");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense),     cmocka_unit_test(count),
        cmocka_unit_test(is_dense),  cmocka_unit_test(crop),
        cmocka_unit_test(permute),   cmocka_unit_test(select_one),
        cmocka_unit_test(flip),      cmocka_unit_test(composed),
        cmocka_unit_test(bad_views), cmocka_unit_test(success_leaves_the_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
