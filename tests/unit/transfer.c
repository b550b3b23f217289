/* SPDX-License-Identifier: Apache-2.0 */
/* Upload and download of every layout of host array to and from every layout of view; gaps and guards untouched. */
#include "check/number.h"
#include "check/tensor.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { RANK = 3, ELEMENTS = 3 * 4 * 5 };

static const clf_dtype dtypes[] = {CLF_U8, CLF_F16, CLF_I16, CLF_U16, CLF_F32, CLF_I32, CLF_F64};

static int open_fixture(void **state) {
    static test_fixture fixture;
    *state = &fixture;
    return fixture_open(&fixture, FIXTURE_GUARD, false) ? 0 : 1;
}

static int close_fixture(void **state) {
    fixture_close(*state);
    return 0;
}

static void make(const test_fixture *fixture, clf_dtype dtype, test_layout layout, test_tensor *tensor) {
    char why[WHY_LENGTH] = "";
    tensor_spec spec = {.dtype = dtype, .rank = RANK, .shape = {3, 4, 5}, .layout = layout};
    if (!tensor_create(fixture, &spec, tensor, why)) {
        fail_msg("%s", why);
    }
}

static void send(const test_fixture *fixture, test_tensor *tensor) {
    char why[WHY_LENGTH] = "";
    if (!tensor_send(fixture, tensor, why)) {
        fail_msg("%s", why);
    }
}

/* Elements 1, 2, 3, ... in C order. */
static void count_up(double values[ELEMENTS]) {
    for (int i = 0; i < ELEMENTS; i++) {
        values[i] = i + 1;
    }
}

/* What was fetched or downloaded holds 1, 2, 3, ... in the view and what was sent outside it. */
static void expect_counted(const test_tensor *tensor, const char *name) {
    char why[WHY_LENGTH] = "";
    for (int64_t i = 0; i < tensor->count; i++) {
        if (tensor_value(tensor, i) != (double)(i + 1)) {
            fail_msg("%s: element %lld is %g", name, (long long)i, tensor_value(tensor, i));
        }
    }
    if (!tensor_outside_unchanged(tensor, name, why)) {
        fail_msg("%s", why);
    }
}

static void upload_one(const test_fixture *fixture, clf_dtype dtype, test_layout from, test_layout to) {
    clf_error error = {0};
    char why[WHY_LENGTH] = "";
    double values[ELEMENTS];
    test_tensor host, device;
    count_up(values);
    make(fixture, dtype, from, &host);
    make(fixture, dtype, to, &device);
    tensor_fill(&host, values);
    send(fixture, &device);
    clf_array array = tensor_array(&host);
    check_ok(clf_upload(fixture->context, &array, &device.view, &error));
    assert_true(tensor_fetch(fixture, &device, why));
    expect_counted(&device, "the uploaded view");
    tensor_destroy(&host);
    tensor_destroy(&device);
}

static void download_one(const test_fixture *fixture, clf_dtype dtype, test_layout from, test_layout to) {
    clf_error error = {0};
    char why[WHY_LENGTH] = "";
    double values[ELEMENTS];
    test_tensor host, device;
    count_up(values);
    make(fixture, dtype, from, &device);
    make(fixture, dtype, to, &host);
    tensor_fill(&device, values);
    send(fixture, &device);
    clf_array array = tensor_array(&host);
    memcpy(host.back, host.sent, host.bytes);
    array.data = host.back + ((unsigned char *)array.data - host.sent);
    check_ok(clf_download(fixture->context, &device.view, &array, &error));
    expect_counted(&host, "the downloaded array");
    assert_true(tensor_fetch(fixture, &device, why));
    if (!tensor_unchanged(&device, "the view that was read", why)) {
        fail_msg("%s", why);
    }
    tensor_destroy(&host);
    tensor_destroy(&device);
}

static void every_layout(void **state) {
    const test_fixture *fixture = *state;
    for (int from = LAYOUT_DENSE; from < LAYOUT_BROADCAST; from++) {
        for (int to = LAYOUT_DENSE; to < LAYOUT_BROADCAST; to++) {
            upload_one(fixture, CLF_F32, (test_layout)from, (test_layout)to);
            download_one(fixture, CLF_F32, (test_layout)from, (test_layout)to);
        }
    }
}

static void every_dtype(void **state) {
    const test_fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(dtypes); i++) {
        if (dtypes[i] == CLF_F64 && !fixture->has_f64) {
            continue;
        }
        upload_one(fixture, dtypes[i], LAYOUT_DENSE, LAYOUT_DENSE);
        upload_one(fixture, dtypes[i], LAYOUT_GAPS, LAYOUT_MIXED);
        download_one(fixture, dtypes[i], LAYOUT_OFFSET, LAYOUT_DENSE);
        download_one(fixture, dtypes[i], LAYOUT_FLIPPED, LAYOUT_CROP);
    }
}

/* Host arrays that repeat elements may be read, as inputs may; not written. */
static void repeated_elements(void **state) {
    const test_fixture *fixture = *state;
    clf_error error = {0};
    char why[WHY_LENGTH] = "";
    float row[5] = {1, 2, 3, 4, 5}, before[5];
    clf_array array = {.data = row, .rank = 3, .shape = {3, 4, 5}, .strides = {0, 0, 1}};
    test_tensor device;
    make(fixture, CLF_F32, LAYOUT_MIXED, &device);
    check_ok(clf_upload(fixture->context, &array, &device.view, &error));
    assert_true(tensor_fetch(fixture, &device, why));
    for (int64_t i = 0; i < device.count; i++) {
        assert_true(tensor_value(&device, i) == (double)(i % 5 + 1));
    }
    memcpy(before, row, sizeof row);
    check_fails(clf_download(fixture->context, &device.view, &array, &error), CLF_OVERLAP, "array");
    assert_memory_equal(row, before, sizeof row);
    tensor_destroy(&device);
}

typedef struct transfer_operands {
    clf_context *context, *null;
    clf_array array;
    clf_view view;
    clf_context *given;
    const clf_array *given_array;
    const clf_view *given_view;
    cl_mem foreign;
} transfer_operands;

/* What both directions refuse: name, status, words of the sentence, and what is done to good operands. */
#define BAD_ROWS(X)                                                                                          \
    X(context_null, CLF_NULL_ARGUMENT, "context is NULL", t->given = NULL;)                                  \
    X(array_null, CLF_NULL_ARGUMENT, "array is NULL", t->given_array = NULL;)                                \
    X(view_null, CLF_NULL_ARGUMENT, "view is NULL", t->given_view = NULL;)                                   \
    X(data_null, CLF_NULL_ARGUMENT, "array: its data is NULL", t->array.data = NULL;)                        \
    X(buffer_null, CLF_NULL_ARGUMENT, "buffer is NULL", t->view.buffer = NULL;)                              \
    X(view_rank_0, CLF_INVALID_VIEW, "view: rank 0", t->view.rank = 0;)                                      \
    X(view_rank_9, CLF_INVALID_VIEW, "view: rank 9", t->view.rank = 9;)                                      \
    X(array_rank_0, CLF_INVALID_VIEW, "array: rank 0", t->array.rank = 0;)                                   \
    X(array_rank_9, CLF_INVALID_VIEW, "array: rank 9", t->array.rank = 9;)                                   \
    X(view_extent, CLF_INVALID_VIEW, "view: axis 1 has extent -1", t->view.shape[1] = -1;)                   \
    X(array_extent, CLF_INVALID_VIEW, "array: axis 2 has extent -5", t->array.shape[2] = -5;)                \
    X(array_overflow, CLF_INVALID_VIEW, "array: the product of its extents", t->array.shape[2] = INT64_MAX;) \
    X(array_reach, CLF_INVALID_VIEW, "array: its strides", t->array.strides[0] = INT64_MAX;)                 \
    X(view_dtype, CLF_DTYPE_MISMATCH, "view: dtype is 99", t->view.dtype = (clf_dtype)99;)                   \
    X(array_dtype, CLF_DTYPE_MISMATCH, "array: dtype is 99", t->array.dtype = (clf_dtype)99;)                \
    X(other_dtype, CLF_DTYPE_MISMATCH, "the array is i32, the view f32", t->array.dtype = CLF_I32;)          \
    X(other_rank, CLF_SHAPE_MISMATCH, "array: rank 2; expected 3", t->array.rank = 2;)                       \
    X(other_shape, CLF_SHAPE_MISMATCH, "array: axis 1 has extent 3; expected 4", t->array.shape[1] = 3;)     \
    X(past_the_end, CLF_OUT_OF_BOUNDS, "elements 1 to 60; its buffer holds 0 to 59", t->view.offset = 1;)    \
    X(before_the_start, CLF_OUT_OF_BOUNDS, "elements -1 to 58", t->view.offset = -1;)                        \
    X(backwards, CLF_OUT_OF_BOUNDS, "elements -16 to 43", t->view.offset = 24; t->view.strides[0] = -20;     \
      t->view.strides[1] = 5; t->view.strides[2] = 1;)                                                       \
    X(foreign_buffer, CLF_INVALID_HANDLE, "another OpenCL context", t->view.buffer = t->foreign;)

#define BAD_FUNCTION(name, status, fragment, ...)  \
    static void bad_##name(transfer_operands *t) { \
        __VA_ARGS__                                \
    }
BAD_ROWS(BAD_FUNCTION)
#undef BAD_FUNCTION

typedef struct bad_row {
    const char *name, *fragment;
    clf_status status;
    void (*change)(transfer_operands *operands);
} bad_row;

static const bad_row bad_rows[] = {
#define BAD_ROW(name, status, fragment, ...) {#name, fragment, status, bad_##name},
    BAD_ROWS(BAD_ROW)
#undef BAD_ROW
};

static void run_bad_row(clf_context *context, cl_mem foreign, const clf_view *good, const bad_row *row) {
    clf_error error = {0};
    float values[ELEMENTS], before[ELEMENTS], held[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
        values[i] = before[i] = (float)(-1 - i);
    }
    transfer_operands t = {.context = context, .view = *good, .given = context, .foreign = foreign};
    t.array = unit_array(RANK, good->shape, values);
    t.given_array = &t.array;
    t.given_view = &t.view;
    row->change(&t);
    check_fails(clf_upload(t.given, t.given_array, t.given_view, &error), row->status, row->fragment);
    assert_int_equal(clf_upload(t.given, t.given_array, t.given_view, NULL), row->status);
    check_fails(clf_download(t.given, t.given_view, t.given_array, &error), row->status, row->fragment);
    assert_int_equal(clf_download(t.given, t.given_view, t.given_array, NULL), row->status);
    assert_memory_equal(values, before, sizeof values);
    unit_read(context, good, held);
    for (int i = 0; i < ELEMENTS; i++) {
        assert_true(held[i] == (float)i);
    }
}

static void bad_transfers(void **state) {
    const test_fixture *fixture = *state;
    clf_error error = {0};
    cl_int code = CL_SUCCESS;
    clf_context *other = NULL;
    float values[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
        values[i] = (float)i;
    }
    check_ok(clf_context_create(NULL, &other, &error));
    cl_mem foreign = clCreateBuffer(clf_context_cl_context(other), CL_MEM_READ_WRITE, sizeof values, NULL, &code);
    check_cl(code);
    clf_view view = unit_tensor(fixture->context, RANK, (int64_t[]){3, 4, 5}, values);
    for (size_t i = 0; i < COUNT(bad_rows); i++) {
        run_bad_row(fixture->context, foreign, &view, &bad_rows[i]);
    }
    check_cl(clReleaseMemObject(foreign));
    clf_tensor_release(&view);
    clf_context_destroy(other);
}

/* A view that overlaps itself may be read, not written. */
static void overlapping_view(void **state) {
    const test_fixture *fixture = *state;
    clf_error error = {0};
    float values[6] = {1, 2, 3, 4, 5, 6}, windows[8] = {0}, held[6];
    clf_view line = unit_tensor(fixture->context, 1, (int64_t[]){6}, values);
    clf_view view = line;
    view.rank = 2;
    view.shape[0] = 2;
    view.shape[1] = 4;
    view.strides[0] = 2;
    view.strides[1] = 1;
    clf_array array = unit_array(2, view.shape, windows);
    check_ok(clf_download(fixture->context, &view, &array, &error));
    for (int i = 0; i < 8; i++) {
        assert_true(windows[i] == (float)(i / 4 * 2 + i % 4 + 1));
    }
    check_fails(clf_upload(fixture->context, &array, &view, &error), CLF_OVERLAP, "view");
    unit_read(fixture->context, &line, held);
    assert_memory_equal(held, values, sizeof values);
    clf_tensor_release(&line);
}

static void tensor_life(void **state) {
    const test_fixture *fixture = *state;
    clf_error error = {0};
    clf_view view = {.offset = 99};
    size_t bytes = 0;
    check_ok(clf_tensor_create(fixture->context, CLF_F16, 2, (int64_t[]){5, 7}, &view, &error));
    assert_int_equal(view.offset, 0);
    assert_int_equal(view.dtype, CLF_F16);
    assert_true(clf_view_is_dense(&view));
    assert_int_equal(clf_view_count(&view), 35);
    check_cl(clGetMemObjectInfo(view.buffer, CL_MEM_SIZE, sizeof bytes, &bytes, NULL));
    assert_int_equal(bytes, 70);
    clf_tensor_release(&view);
    assert_null(view.buffer);
    clf_tensor_release(&view);
    clf_tensor_release(NULL);
}

static void tensor_refused(void **state) {
    const test_fixture *fixture = *state;
    clf_context *context = fixture->context;
    clf_error error = {0};
    clf_view view = {.offset = 99};
    const int64_t shape[9] = {2, 2, 2, 2, 2, 2, 2, 2, 2}, huge[3] = {INT64_C(1) << 40, INT64_C(1) << 40, 2};
    int64_t largest[1] = {(int64_t)clf_context_device(context)->max_alloc_bytes / 4 + 1};
    check_fails(clf_tensor_create(NULL, CLF_F32, 2, shape, &view, &error), CLF_NULL_ARGUMENT, "context is NULL");
    check_fails(clf_tensor_create(context, CLF_F32, 2, NULL, &view, &error), CLF_NULL_ARGUMENT, "shape is NULL");
    check_fails(clf_tensor_create(context, CLF_F32, 2, shape, NULL, &error), CLF_NULL_ARGUMENT, "view is NULL");
    check_fails(clf_tensor_create(context, CLF_F32, 0, shape, &view, &error), CLF_INVALID_VIEW, "rank 0");
    check_fails(clf_tensor_create(context, CLF_F32, -2, shape, &view, &error), CLF_INVALID_VIEW, "rank -2");
    check_fails(clf_tensor_create(context, CLF_F32, 9, shape, &view, &error), CLF_INVALID_VIEW, "rank 9");
    check_fails(clf_tensor_create(context, CLF_F32, 2, (int64_t[]){2, -1}, &view, &error), CLF_INVALID_VIEW, "axis 1");
    check_fails(clf_tensor_create(context, CLF_F32, 3, huge, &view, &error), CLF_INVALID_VIEW, "2^56 bytes");
    check_fails(clf_tensor_create(context, CLF_F32, 2, (int64_t[]){INT64_C(1) << 31, INT64_C(1) << 31}, &view, &error),
                CLF_INVALID_VIEW, "2^56 bytes");
    check_fails(clf_tensor_create(context, CLF_F32, 1, largest, &view, &error), CLF_UNSUPPORTED, "larger");
    assert_int_equal(view.offset, 99);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layout),   cmocka_unit_test(every_dtype),      cmocka_unit_test(repeated_elements),
        cmocka_unit_test(bad_transfers),  cmocka_unit_test(overlapping_view), cmocka_unit_test(tensor_life),
        cmocka_unit_test(tensor_refused),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
