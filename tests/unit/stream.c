/* SPDX-License-Identifier: Apache-2.0 */
/* Plans executed on host memory: operands behind functions, kernels in device memory, refusals. */
#include "streams.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

enum { MOST = 4000 };

static float input[MOST], taps_values[15], whole[MOST], tiled[MOST];

static void fill_random(void) {
    uint32_t state = 7;
    for (size_t i = 0; i < COUNT(input); i++)
        input[i] = streams_random(&state);
    for (size_t i = 0; i < COUNT(taps_values); i++)
        taps_values[i] = streams_random(&state);
}

/* What the functions of an execution share. */
typedef struct files {
    const float *from;
    float *to;
    int64_t columns, written, done;
    int64_t fail_at; /* a read or write that holds this row fails; -1: none */
    bool on_write;
    int calls;
} files;

static clf_status read_rows(void *user, const clf_part *part, const clf_array *into, clf_error *error) {
    files *f = user;
    (void)error;
    assert_int_equal(part->operand, 0);
    assert_int_equal(part->axis, 0);
    f->calls++;
    if (!f->on_write && part->first <= f->fail_at && f->fail_at < part->first + part->count)
        return CLF_FILE_ERROR;
    for (int64_t row = 0; row < part->count; row++)
        memcpy((float *)into->data + row * into->strides[0], f->from + (part->first + row) * f->columns,
               (size_t)f->columns * sizeof(float));
    return CLF_OK;
}

static clf_status write_rows(void *user, const clf_part *part, const clf_array *from, clf_error *error) {
    files *f = user;
    assert_int_equal(part->first, f->written); /* in order */
    if (f->on_write && part->first <= f->fail_at && f->fail_at < part->first + part->count) {
        error->code = CLF_FILE_ERROR;
        snprintf(error->message, sizeof error->message, "the disk is full");
        return CLF_FILE_ERROR;
    }
    for (int64_t row = 0; row < part->count; row++)
        memcpy(f->to + (part->first + row) * f->columns, (const float *)from->data + row * from->strides[0],
               (size_t)f->columns * sizeof(float));
    f->written += part->count;
    return CLF_OK;
}

static void note_progress(void *user, int64_t done, int64_t total) {
    files *f = user;
    assert_true(done > f->done && done <= total);
    f->done = done;
}

/* Rows come from a function and go to one; a plan's clone does the same. */
static void functions(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    static const int64_t shape[2] = {100, 40}, taps[2] = {5, 3};
    const clf_view view = clf_view_dense(NULL, CLF_F32, 2, shape);
    clf_convolve_desc desc = {.src = view,
                              .dst = view,
                              .kernel = unit_array(2, taps, taps_values),
                              .border = {CLF_BORDER_PERIODIC},
                              .options = {.solver = "conv.general"}};
    const clf_array arrays[2] = {streams_array(&view, input), streams_array(&view, whole)};
    clf_plan *plan = NULL, *clone = NULL;
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 2}, &error));
    files f = {.from = input, .to = tiled, .columns = 40, .fail_at = -1};
    clf_host_desc host = {.read = read_rows, .write = write_rows, .progress = note_progress, .user = &f};
    check_ok(clf_execute_host(plan, &host, &error)); /* whole */
    assert_memory_equal(whole, tiled, 4000 * sizeof(float));
    clf_plan_destroy(plan);
    desc.options.stream_bytes = 12000;
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    assert_int_equal(clf_plan_get_stream(plan).axis, 0);
    assert_true(clf_plan_get_stream(plan).slabs > 3);
    check_ok(clf_plan_clone(plan, &clone, &error));
    for (int i = 0; i < 4; i++) {
        memset(tiled, 0x55, sizeof tiled);
        f = (files){.from = input, .to = tiled, .columns = 40, .fail_at = -1};
        host.serial = i % 2 == 1;
        check_ok(clf_execute_host(i < 2 ? plan : clone, &host, &error));
        assert_memory_equal(whole, tiled, 4000 * sizeof(float));
        assert_int_equal(f.written, 100);
        assert_int_equal(f.done, 100);
    }
    for (int i = 0; i < 4; i++) {
        f = (files){.from = input, .to = tiled, .columns = 40, .fail_at = 50, .on_write = i / 2 == 1};
        host.serial = i % 2 == 1;
        check_fails(clf_execute_host(plan, &host, &error), CLF_FILE_ERROR,
                    f.on_write ? "the disk is full" : "the read function failed without a message");
        assert_true(f.written <= 50);
    }
    f = (files){.from = input, .to = tiled, .columns = 40, .fail_at = -1};
    check_ok(clf_execute_host(plan, &host, &error)); /* a failure leaves the plan as it was */
    assert_memory_equal(whole, tiled, 4000 * sizeof(float));
    clf_plan_destroy(plan);
    clf_plan_destroy(clone);
}

/* A kernel in device memory stays there, and is read anew. */
static void kernel_view(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    static const int64_t shape[2] = {60, 40}, taps[2] = {3, 3};
    const clf_view view = clf_view_dense(NULL, CLF_F32, 2, shape);
    clf_convolve_desc desc = {.src = view, .dst = view, .options = {.solver = "conv.general"}};
    desc.kernel_view = unit_tensor(context, 2, taps, taps_values);
    clf_array arrays[3] = {streams_array(&view, input), streams_array(&view, whole)};
    clf_plan *plan = NULL;
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 2}, &error));
    clf_plan_destroy(plan);
    desc.options.stream_bytes = 9000;
    arrays[1].data = tiled;
    check_ok(clf_plan_correlate(context, &desc, &plan, &error));
    check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 2}, &error));
    assert_memory_equal(whole, tiled, 2400 * sizeof(float));
    arrays[2] = streams_array(&desc.kernel_view, taps_values);
    check_fails(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 3}, &error), CLF_INVALID_VALUE,
                "kernel_view is in device memory");
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.kernel_view);
    desc.kernel_view = clf_view_dense(NULL, CLF_F32, 2, taps);
    check_fails(clf_plan_correlate(context, &desc, &plan, &error), CLF_INVALID_VALUE, "kernel_view");
}

/* What is added to is read first: from an array, or by a function. */
static void accumulated(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    static const int64_t rows[2] = {3, 40}, all[2] = {100, 40};
    int64_t indices[3] = {7, 99, 7};
    clf_put_add_desc desc = {
        .src = clf_view_dense(NULL, CLF_F32, 2, rows),
        .dst = clf_view_dense(NULL, CLF_F32, 2, all),
        .indices = {.data = indices, .dtype = CLF_I64, .rank = 1, .shape = {3}},
        .accumulate = true,
    };
    clf_plan *plan = NULL;
    check_ok(clf_plan_put_add(context, &desc, &plan, &error));
    memcpy(tiled, input, sizeof tiled);
    clf_array arrays[2] = {streams_array(&desc.src, input), streams_array(&desc.dst, tiled)};
    check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 2}, &error));
    memcpy(whole, input, sizeof whole);
    for (int k = 0; k < 40; k++) {
        whole[7 * 40 + k] = whole[7 * 40 + k] + input[k] + input[80 + k];
        whole[99 * 40 + k] += input[40 + k];
    }
    for (size_t i = 0; i < COUNT(whole); i++)
        assert_true(fabsf(tiled[i] - whole[i]) <= 4 * FLT_EPSILON);
    const clf_host_desc half = {.arrays = arrays, .array_count = 1, .write = write_rows};
    check_fails(clf_execute_host(plan, &half, &error), CLF_NULL_ARGUMENT, "no function to read and write it");
    clf_plan_destroy(plan);
}

static void refused(void **state) {
    clf_context *context = *state;
    clf_error error = {0};
    static const int64_t shape[2] = {30, 40}, turned[2] = {40, 30}, taps[2] = {3, 3};
    const clf_view view = clf_view_dense(NULL, CLF_F32, 2, shape), other = clf_view_dense(NULL, CLF_F32, 2, turned);
    clf_view wide = view, again = view;
    wide.dtype = CLF_F64;
    again.strides[0] = 20;
    clf_convolve_desc desc = {.src = view,
                              .dst = view,
                              .kernel = unit_array(2, taps, taps_values),
                              .options = {.solver = "conv.general", .stream_bytes = 8000}};
    clf_plan *plan = NULL;
    check_ok(clf_plan_convolve(context, &desc, &plan, &error));
    memset(tiled, 0, sizeof tiled);
#define RUN(first, second) \
    clf_execute_host(plan, &(clf_host_desc){.arrays = (clf_array[]){first, second}, .array_count = 2}, &error)
    const clf_array src = streams_array(&view, input), dst = streams_array(&view, tiled), none = {.data = NULL};
    check_fails(clf_execute_host(NULL, &(clf_host_desc){.array_count = 0}, &error), CLF_NULL_ARGUMENT, "plan is NULL");
    check_fails(clf_execute_host(plan, NULL, &error), CLF_NULL_ARGUMENT, "desc is NULL");
    check_fails(clf_execute_host(plan, &(clf_host_desc){.array_count = 1}, &error), CLF_NULL_ARGUMENT, "arrays");
    check_fails(clf_execute_host(plan, &(clf_host_desc){.arrays = &src, .array_count = 3}, &error), CLF_INVALID_VALUE,
                "3 arrays for a plan of 2");
    check_fails(RUN(src, none), CLF_NULL_ARGUMENT, "dst is not given");
    check_fails(RUN(none, dst), CLF_NULL_ARGUMENT, "src is not given");
    check_fails(RUN(streams_array(&other, input), dst), CLF_SHAPE_MISMATCH, "src");
    check_fails(RUN(streams_array(&wide, input), dst), CLF_DTYPE_MISMATCH, "src");
    check_fails(RUN(src, streams_array(&view, input + 8)), CLF_OVERLAP, "dst overlaps src");
    check_fails(RUN(src, streams_array(&again, tiled)), CLF_OVERLAP, "dst: overlaps itself");
#undef RUN
    for (size_t i = 0; i < COUNT(tiled); i++)
        assert_true(tiled[i] == 0);
    const cl_mem buffers[2] = {NULL};
    check_fails(clf_execute(plan, &(clf_execute_desc){.buffers = buffers, .buffer_count = 2}, NULL, &error),
                CLF_UNSUPPORTED, "clf_execute_host");
    clf_plan_destroy(plan);
    clf_view held = unit_tensor(context, 2, shape, NULL);
    desc.src = held;
    check_fails(clf_plan_convolve(context, &desc, &plan, &error), CLF_INVALID_VALUE, "src: a streamed plan");
    clf_tensor_release(&held);
    clf_view edges = view;
    edges.dtype = CLF_U8;
    clf_canny_desc canny = {.src = view, .dst = edges, .options = {.stream_bytes = 8000}};
    check_fails(clf_plan_canny(context, &canny, &plan, &error), CLF_UNSUPPORTED,
                "canny cannot be streamed: edges are connected across the whole plane");
    clf_stream_info info = clf_plan_get_stream(NULL);
    assert_int_equal(info.slabs, 0);
}

/*
 * Arrays used where they lie: at any address, which the view's offset may make a multiple of 16 or not, in a frame, and
 * turned round; what lies between and around their elements stays.
 */
static void in_place(void **state) {
    enum { ROWS = 20, COLUMNS = 25, STEP = 40 };
    clf_error error = {0};
    for (int first = 0; first < 5; first++)
        for (int offset = 0; offset < 5; offset++) {
            const clf_view view = {.rank = 2, .shape = {ROWS, COLUMNS}, .strides = {STEP, 1}, .offset = offset};
            clf_view turned = view;
            turned.offset += (int64_t)(ROWS - 1) * STEP;
            turned.strides[0] = -STEP;
            const clf_shift_desc desc = {.src = view, .dst = turned};
            clf_plan *plan = NULL;
            check_ok(clf_plan_shift(*state, &desc, &plan, &error));
            memset(tiled, 0, sizeof tiled);
            clf_array arrays[2] = {{.data = input + first, .rank = 2, .shape = {ROWS, COLUMNS}, .strides = {STEP, 1}}};
            arrays[1] = arrays[0];
            arrays[1].data = tiled + first + (ROWS - 1) * STEP;
            arrays[1].strides[0] = -STEP;
            check_ok(clf_execute_host(plan, &(clf_host_desc){.arrays = arrays, .array_count = 2}, &error));
            for (int at = 0; at < MOST; at++) {
                const int row = (at - first) / STEP, column = (at - first) % STEP;
                const bool inside = at >= first && row < ROWS && column < COLUMNS;
                assert_true(tiled[at] == (inside ? input[first + (ROWS - 1 - row) * STEP + column] : 0));
            }
            clf_plan_destroy(plan);
        }
}

/* Where there is room for all, one slab, and so one at once. */
static void room_for_all(void **state) {
    const int64_t shape[2] = {64, 33};
    const clf_view view = clf_view_dense(NULL, CLF_F32, 2, shape);
    const clf_gradient_desc desc = {.src = view, .dst = view, .options = {.stream_bytes = 1 << 20}};
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_ok(clf_plan_gradient(*state, &desc, &plan, &error));
    clf_stream_info info = clf_plan_get_stream(plan);
    assert_int_equal(info.slabs, 1);
    assert_int_equal(info.slots, 1);
    clf_plan_destroy(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions), cmocka_unit_test(kernel_view), cmocka_unit_test(accumulated),
        cmocka_unit_test(in_place),  cmocka_unit_test(refused),     cmocka_unit_test(room_for_all),
    };
    fill_random();
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
