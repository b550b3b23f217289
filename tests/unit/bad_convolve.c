/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every mistake that a convolution's descriptor may hold, one row each: the status, words of the sentence, and that
 * nothing was written. The rows change a good descriptor: a 9 x 13 f32 image, a 3 x 3 kernel.
 */
#include "unit.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

enum { HEIGHT = 9, WIDTH = 13, PIXELS = HEIGHT * WIDTH, SPARE = 300 };

typedef struct bad_operands {
    clf_context *context;
    clf_convolve_desc good;
    clf_view spare;     /* SPARE elements */
    clf_view taps_view; /* 3 x 3 */
    clf_context *other;
    cl_mem foreign;      /* of the other context */
    cl_mem not_a_buffer; /* an image; NULL where the device has none */
    cl_mem whole, part;  /* a buffer, and a sub-buffer of it that begins after an image */
} bad_operands;

static float taps[64];

static clf_array array_of(int rank, int64_t a, int64_t b, int64_t c, int64_t d) {
    const int64_t shape[4] = {a, b, c, d};
    return unit_array(rank, shape, taps);
}

static void use_view(clf_convolve_desc *desc, const bad_operands *operands) {
    desc->kernel = (clf_array){.data = NULL};
    desc->kernel_view = operands->taps_view;
}

/* An image of rank 3, (2 or 4 channels, 9, 6), and a bank over it. */
static void use_bank(clf_convolve_desc *desc, int64_t outputs, int64_t inputs, int64_t src_channels) {
    desc->src.rank = desc->dst.rank = 3;
    desc->src.shape[0] = src_channels;
    desc->dst.shape[0] = outputs;
    desc->src.shape[1] = desc->dst.shape[1] = 3;
    desc->src.shape[2] = desc->dst.shape[2] = 6;
    memset(desc->src.strides, 0, sizeof desc->src.strides);
    memset(desc->dst.strides, 0, sizeof desc->dst.strides);
    desc->kernel = array_of(4, outputs, inputs, 2, 2);
}

#define NAN_VALUE ((double)NAN)

/* X(name, status, words of the sentence, what is done to the descriptor `d`; `o` are the operands) */
#define VIEW_ROWS(X)                                                                                                  \
    X(src_rank_0, CLF_INVALID_VIEW, "src: rank 0; expected 1 to 8", d->src.rank = 0;)                                 \
    X(src_rank_9, CLF_INVALID_VIEW, "src: rank 9", d->src.rank = 9;)                                                  \
    X(src_rank_negative, CLF_INVALID_VIEW, "src: rank -1", d->src.rank = -1;)                                         \
    X(dst_rank_0, CLF_INVALID_VIEW, "dst: rank 0", d->dst.rank = 0;)                                                  \
    X(dst_rank_9, CLF_INVALID_VIEW, "dst: rank 9", d->dst.rank = 9;)                                                  \
    X(src_extent_0, CLF_INVALID_VIEW, "filtered axis 1 of src has extent 0", d->src.shape[1] = 0;                     \
      d->mode = CLF_MODE_FULL;)                                                                                       \
    X(src_extent_negative, CLF_INVALID_VIEW, "src: axis 0 has extent -9", d->src.shape[0] = -9;)                      \
    X(dst_extent_0, CLF_SHAPE_MISMATCH, "dst: axis 0 has extent 0; expected 9", d->dst.shape[0] = 0;)                 \
    X(dst_extent_negative, CLF_INVALID_VIEW, "dst: axis 0 has extent -1; expected at least 0", d->dst.shape[0] = -1;) \
    X(src_count, CLF_INVALID_VIEW, "src: the product of its extents", d->src.shape[0] = INT64_MAX;)                   \
    X(src_bytes, CLF_INVALID_VIEW, "src: the product of its extents", d->src.shape[0] = INT64_MAX / 20;)              \
    X(src_reach, CLF_INVALID_VIEW, "src: its strides reach", d->src.strides[0] = INT64_MAX / 2;)                      \
    X(src_reach_offset, CLF_INVALID_VIEW, "src: its strides reach", d->src.offset = INT64_MAX - 5;)                   \
    X(dst_reach, CLF_INVALID_VIEW, "dst: its strides reach", d->dst.strides[0] = INT64_MIN;)                          \
    X(src_unknown_dtype, CLF_DTYPE_MISMATCH, "src: dtype is 99; expected a clf_dtype", d->src.dtype = (clf_dtype)99;) \
    X(dst_unknown_dtype, CLF_DTYPE_MISMATCH, "dst: dtype is -1; expected", d->dst.dtype = (clf_dtype)-1;)             \
    X(src_i32, CLF_DTYPE_MISMATCH, "src is i32; expected f32, f64, f16", d->src.dtype = CLF_I32;)                     \
    X(src_i64, CLF_DTYPE_MISMATCH, "src is i64", d->src.dtype = CLF_I64;)                                             \
    X(dst_u8, CLF_DTYPE_MISMATCH, "dst is u8; expected f32", d->dst.dtype = CLF_U8;)                                  \
    X(dst_f16, CLF_DTYPE_MISMATCH, "dst is f16; expected f32", d->dst.dtype = CLF_F16;)                               \
    X(dst_other_integer, CLF_DTYPE_MISMATCH, "dst is i16; expected u16 or f32", d->src.dtype = CLF_U16;               \
      d->dst.dtype = CLF_I16;)                                                                                        \
    X(src_past_end, CLF_OUT_OF_BOUNDS, "src: the view touches elements 1 to 117; its buffer holds 0 to 116",          \
      d->src.offset = 1;)                                                                                             \
    X(src_before_start, CLF_OUT_OF_BOUNDS, "src: the view touches elements -1 to", d->src.offset = -1;)               \
    X(src_backwards, CLF_OUT_OF_BOUNDS, "src: the view touches elements -104 to", d->src.strides[0] = -13;)           \
    X(src_larger_elements, CLF_OUT_OF_BOUNDS, "src: the view", d->src.dtype = d->dst.dtype = CLF_F64;)                \
    X(dst_past_end, CLF_OUT_OF_BOUNDS, "dst: the view touches elements 5 to 121; its buffer holds 0 to 116",          \
      d->dst.offset = 5;)                                                                                             \
    X(dst_repeats, CLF_OVERLAP, "dst: overlaps itself", d->dst.strides[0] = 0;)                                       \
    X(dst_windows, CLF_OVERLAP, "dst: overlaps itself", d->dst.strides[0] = 1;)                                       \
    X(dst_windows_back, CLF_OVERLAP, "dst: overlaps itself", d->dst.strides[0] = -12; d->dst.offset = 96;)            \
    X(dst_is_src, CLF_OVERLAP, "dst overlaps src", d->dst.buffer = d->src.buffer;)                                    \
    X(dst_ends_in_src, CLF_OVERLAP, "dst overlaps src", d->src.buffer = d->dst.buffer = o->spare.buffer;              \
      d->src.offset = PIXELS - 1;)                                                                                    \
    X(dst_begins_in_src, CLF_OVERLAP, "dst overlaps src", d->src.buffer = d->dst.buffer = o->spare.buffer;            \
      d->dst.offset = PIXELS - 1;)                                                                                    \
    X(dst_in_sub_buffer, CLF_OVERLAP, "dst overlaps src", d->src.buffer = o->whole; d->src.offset = 600;              \
      d->dst.buffer = o->part;)                                                                                       \
    X(dst_is_kernel, CLF_OVERLAP, "dst overlaps kernel_view", use_view(d, o); d->kernel_view.buffer = d->dst.buffer;) \
    X(src_foreign, CLF_INVALID_HANDLE, "another OpenCL context", d->src.buffer = o->foreign;)                         \
    X(dst_foreign, CLF_INVALID_HANDLE, "another OpenCL context", d->dst.buffer = o->foreign;)                         \
    X(kernel_foreign, CLF_INVALID_HANDLE, "another OpenCL context", use_view(d, o); d->kernel_view.buffer = o->foreign;)

#define SHAPE_ROWS(X)                                                                                             \
    X(dst_rank, CLF_SHAPE_MISMATCH, "dst: rank 1; expected 2", d->dst.rank = 1;)                                  \
    X(dst_shape, CLF_SHAPE_MISMATCH, "dst: axis 1 has extent 12; expected 13", d->dst.shape[1] = 12;)             \
    X(dst_valid_shape, CLF_SHAPE_MISMATCH, "dst: axis 0 has extent 9; expected 7", d->mode = CLF_MODE_VALID;)     \
    X(dst_full_shape, CLF_SHAPE_MISMATCH, "dst: axis 0 has extent 9; expected 11", d->mode = CLF_MODE_FULL;)      \
    X(dst_stride_shape, CLF_SHAPE_MISMATCH, "dst: axis 1 has extent 13; expected 7", d->stride[1] = 2;)           \
    X(dst_dilated_shape, CLF_SHAPE_MISMATCH, "dst: axis 1 has extent 13; expected 9", d->mode = CLF_MODE_VALID;   \
      d->dst.shape[0] = 7; d->dilation[1] = 2;)                                                                   \
    X(extent_limit, CLF_UNSUPPORTED, "below 2^31", d->src.shape[1] = d->dst.shape[1] = INT64_C(1) << 31;          \
      d->src.strides[0] = 1; d->src.strides[1] = 0;)                                                              \
    X(volume, CLF_UNSUPPORTED, "more than the 2^48 elements allowed", d->dilation[0] = d->dilation[1] = 1 << 29;) \
    X(too_large_in_y, CLF_KERNEL_TOO_LARGE, "10 elements of filtered axis 0, which has only 9",                   \
      d->mode = CLF_MODE_VALID;                                                                                   \
      d->kernel = array_of(2, 10, 3, 0, 0);)                                                                      \
    X(too_large_dilated, CLF_KERNEL_TOO_LARGE, "15 elements of filtered axis 1, which has only 13",               \
      d->mode = CLF_MODE_VALID;                                                                                   \
      d->dilation[1] = 7;)

#define KERNEL_ROWS(X)                                                                                                \
    X(no_kernel, CLF_NULL_ARGUMENT, "neither kernel", d->kernel = (clf_array){.data = NULL};)                         \
    X(two_kernels, CLF_INVALID_VALUE, "more than one of kernel, kernel_view", d->kernel_view = o->taps_view;)         \
    X(kernel_no_data, CLF_NULL_ARGUMENT, "kernel: its data is NULL", d->kernel.data = NULL;)                          \
    X(kernel_rank_6, CLF_SHAPE_MISMATCH, "the kernel has rank 6", d->kernel.rank = 6;)                                \
    X(kernel_extent_0, CLF_INVALID_VIEW, "axis 1 of the kernel has extent 0", d->kernel.shape[1] = 0;)                \
    X(kernel_extent_negative, CLF_INVALID_VIEW, "axis 0 of the kernel has extent -3", d->kernel.shape[0] = -3;)       \
    X(kernel_reach, CLF_INVALID_VIEW, "kernel: its strides", d->kernel.strides[0] = INT64_MAX / 2;)                   \
    X(kernel_over_rank, CLF_SHAPE_MISMATCH, "src has rank 2; 3 filtered axes", d->kernel = array_of(3, 1, 3, 3, 0);)  \
    X(kernel_u8, CLF_DTYPE_MISMATCH, "kernel is u8; expected f32 or f64", d->kernel.dtype = CLF_U8;)                  \
    X(kernel_f16, CLF_DTYPE_MISMATCH, "kernel is f16; expected f32 or f64", d->kernel.dtype = CLF_F16;)               \
    X(kernel_unknown, CLF_DTYPE_MISMATCH, "kernel: dtype is 50; expected", d->kernel.dtype = (clf_dtype)50;)          \
    X(view_f64, CLF_DTYPE_MISMATCH, "kernel_view is f64; expected f32", use_view(d, o);                               \
      d->kernel_view.dtype = CLF_F64;)                                                                                \
    X(view_u8, CLF_DTYPE_MISMATCH, "kernel_view is u8; expected f32", use_view(d, o); d->kernel_view.dtype = CLF_U8;) \
    X(view_rank_9, CLF_SHAPE_MISMATCH, "the kernel has rank 9", use_view(d, o); d->kernel_view.rank = 9;)             \
    X(view_past_end, CLF_OUT_OF_BOUNDS, "kernel_view: the view touches elements 1 to 9", use_view(d, o);              \
      d->kernel_view.offset = 1;)                                                                                     \
    X(factor_rank, CLF_SHAPE_MISMATCH, "factors[1] has rank 2; expected 1", d->kernel = (clf_array){.data = NULL};    \
      d->factors[0] = array_of(1, 3, 0, 0, 0); d->factors[1] = array_of(2, 3, 1, 0, 0);)                              \
    X(factor_beside_kernel, CLF_INVALID_VALUE, "more than one of", d->factors[0] = array_of(1, 3, 0, 0, 0);)          \
    X(factor_no_data, CLF_NULL_ARGUMENT, "factors: its data is NULL", d->kernel = (clf_array){.data = NULL};          \
      d->factors[0] = array_of(1, 3, 0, 0, 0); d->factors[0].data = NULL;)

#define OPTION_ROWS(X)                                                                                                 \
    X(cval_nan, CLF_INVALID_VALUE, "cval is NaN", d->cval = NAN_VALUE;)                                                \
    X(cval_nan_unused, CLF_INVALID_VALUE, "cval is NaN", d->cval = -NAN_VALUE; d->border[0] = CLF_BORDER_PERIODIC;)    \
    X(border_unknown, CLF_INVALID_VALUE, "border[0] is 6", d->border[0] = (clf_border)6;)                              \
    X(border_unknown_x, CLF_INVALID_VALUE, "border[1] is -1", d->border[1] = (clf_border)-1;)                          \
    X(mode_unknown, CLF_INVALID_VALUE, "mode is 3", d->mode = (clf_mode)3;)                                            \
    X(mode_negative, CLF_INVALID_VALUE, "mode is -1", d->mode = (clf_mode)-1;)                                         \
    X(stride_negative, CLF_INVALID_VALUE, "stride[1] is -1", d->stride[1] = -1;)                                       \
    X(dilation_negative, CLF_INVALID_VALUE, "dilation[0] is -2", d->dilation[0] = -2;)                                 \
    X(origin_high, CLF_INVALID_ORIGIN, "origin[1] is 2; expected -1 to 1 for 3 taps", d->origin[1] = 2;)               \
    X(origin_low, CLF_INVALID_ORIGIN, "origin[0] is -2; expected -1 to 1 for 3 taps", d->origin[0] = -2;)              \
    X(origin_even, CLF_INVALID_ORIGIN, "origin[0] is 1; expected -1 to 0 for 2 taps", d->origin[0] = 1;                \
      d->kernel = array_of(2, 2, 2, 0, 0);)                                                                            \
    X(origin_far, CLF_INVALID_ORIGIN, "origin[0] is 2147483647", d->origin[0] = 2147483647;)                           \
    X(origin_valid, CLF_INVALID_ORIGIN, "in valid mode it has no meaning", d->origin[0] = 1; d->mode = CLF_MODE_VALID; \
      d->dst.shape[0] = 7; d->dst.shape[1] = 11;)                                                                      \
    X(origin_full, CLF_INVALID_ORIGIN, "in full mode it has no meaning", d->origin[1] = 1; d->mode = CLF_MODE_FULL;    \
      d->dst.buffer = o->spare.buffer; d->dst.shape[0] = 11; d->dst.shape[1] = 15;)                                    \
    X(axis_count, CLF_INVALID_VALUE, "axis_count is 4", d->axis_count = 4;)                                            \
    X(axis_count_negative, CLF_INVALID_VALUE, "axis_count is -1", d->axis_count = -1;)                                 \
    X(axis_count_rank, CLF_SHAPE_MISMATCH, "1 filtered axes take rank 1, or 3", d->axis_count = 1;)                    \
    X(axes_positive, CLF_INVALID_VALUE, "axes[0] is 1", d->axes[0] = 1; d->axes[1] = -1;)                              \
    X(axes_twice, CLF_INVALID_VALUE, "axes[1] is -1", d->axes[0] = d->axes[1] = -1;)                                   \
    X(axes_beyond, CLF_INVALID_VALUE, "axes[0] is -3", d->axes[0] = -3; d->axes[1] = -1;)                              \
    X(axes_int_max, CLF_INVALID_VALUE, "axes[0] is 2147483647", d->axes[0] = INT_MAX;)                                 \
    X(axes_int_min, CLF_INVALID_VALUE, "axes[0] is -2147483648", d->axes[0] = INT_MIN;)                                \
    X(solver_unknown, CLF_NO_SOLVER, "called \"conv.magic\"", d->options.solver = "conv.magic";)                       \
    X(solver_other, CLF_NO_SOLVER, "called \"gradient\"", d->options.solver = "gradient";)                             \
    X(solver_unfit, CLF_NO_SOLVER, "conv.direct cannot solve corr", d->options.solver = "conv.direct";                 \
      d->stride[1] = 2; d->dst.shape[1] = 7;)

#define BANK_ROWS(X)                                                                                                   \
    X(groups_no_bank, CLF_INVALID_VALUE, "groups is 2", d->groups = 2;)                                                \
    X(groups_negative, CLF_INVALID_VALUE, "groups is -1", use_bank(d, 2, 2, 2); d->groups = -1;)                       \
    X(groups_src, CLF_INVALID_VALUE, "groups is 3; expected a divisor", use_bank(d, 3, 1, 2); d->groups = 3;)          \
    X(groups_dst, CLF_INVALID_VALUE, "groups is 2; expected a divisor", use_bank(d, 3, 1, 2); d->groups = 2;)          \
    X(bank_inputs, CLF_SHAPE_MISMATCH, "has 1 channels per group; src has 2 channels in 1", use_bank(d, 2, 1, 2);)     \
    X(bank_outputs, CLF_SHAPE_MISMATCH, "dst: axis 0 has extent 2; expected 3", use_bank(d, 3, 2, 2);                  \
      d->dst.shape[0] = 2;)                                                                                            \
    X(bank_rank, CLF_SHAPE_MISMATCH, "and channels need at least 3", d->kernel = array_of(4, 1, 1, 3, 3);)             \
    X(bias_no_bank, CLF_SHAPE_MISMATCH, "a bias needs a bank", d->bias = array_of(1, 1, 0, 0, 0);)                     \
    X(bias_extent, CLF_SHAPE_MISMATCH, "expected rank 1 and 2", use_bank(d, 2, 2, 2);                                  \
      d->bias = array_of(1, 3, 0, 0, 0);)                                                                              \
    X(bias_rank, CLF_SHAPE_MISMATCH, "the bias has rank 2", use_bank(d, 2, 2, 2); d->bias = array_of(2, 2, 1, 0, 0);)  \
    X(bias_dtype, CLF_DTYPE_MISMATCH, "bias is i32", use_bank(d, 2, 2, 2); d->bias = array_of(1, 2, 0, 0, 0);          \
      d->bias.dtype = CLF_I32;)                                                                                        \
    X(bias_data, CLF_NULL_ARGUMENT, "bias: its data is NULL", use_bank(d, 2, 2, 2); d->bias = array_of(1, 2, 0, 0, 0); \
      d->bias.data = NULL;)                                                                                            \
    X(bias_view_beside_array, CLF_INVALID_VALUE, "bias_view is given without kernel_view", use_bank(d, 2, 2, 2);       \
      d->bias_view = o->taps_view;)                                                                                    \
    X(bias_beside_view, CLF_INVALID_VALUE, "bias is given with kernel_view", use_view(d, o);                           \
      d->bias = array_of(1, 1, 0, 0, 0);)

#define ROWS(X) VIEW_ROWS(X) SHAPE_ROWS(X) KERNEL_ROWS(X) OPTION_ROWS(X) BANK_ROWS(X)

#define ROW_FUNCTION(name, status, fragment, ...)                            \
    static void change_##name(clf_convolve_desc *d, const bad_operands *o) { \
        (void)d, (void)o;                                                    \
        __VA_ARGS__                                                          \
    }
ROWS(ROW_FUNCTION)
#undef ROW_FUNCTION

typedef struct bad_row {
    const char *name, *fragment;
    clf_status status;
    void (*change)(clf_convolve_desc *desc, const bad_operands *operands);
} bad_row;

static const bad_row rows[] = {
#define ROW(name, status, fragment, ...) {#name, fragment, status, change_##name},
    ROWS(ROW)
#undef ROW
};

static int open_operands(void **state) {
    static bad_operands operands;
    bad_operands *o = *state = &operands;
    clf_error error = {0};
    cl_int code = CL_SUCCESS;
    const int64_t shape[2] = {HEIGHT, WIDTH}, spare[1] = {SPARE}, kernel[2] = {3, 3};
    float values[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
        values[i] = (float)i;
    }
    if (unit_open_context((void **)&o->context) != 0) {
        return 1;
    }
    check_ok(clf_context_create(NULL, &o->other, &error));
    o->good = (clf_convolve_desc){.src = unit_tensor(o->context, 2, shape, values),
                                  .dst = unit_tensor(o->context, 2, shape, values),
                                  .kernel = unit_array(2, kernel, taps)};
    o->spare = unit_tensor(o->context, 1, spare, NULL);
    o->taps_view = unit_tensor(o->context, 2, kernel, taps);
    o->foreign = clCreateBuffer(clf_context_cl_context(o->other), CL_MEM_READ_WRITE, 4 * SPARE, NULL, &code);
    check_cl(code);
    size_t align = clf_context_device(o->context)->base_align_bytes;
    size_t start = (2048 + align - 1) / align * align; /* element 512 or a little more, before element 600 */
    o->whole = clCreateBuffer(clf_context_cl_context(o->context), CL_MEM_READ_WRITE, 8192, NULL, &code);
    check_cl(code);
    cl_buffer_region region = {start, 8192 - start};
    o->part = clCreateSubBuffer(o->whole, CL_MEM_READ_WRITE, CL_BUFFER_CREATE_TYPE_REGION, &region, &code);
    check_cl(code);
    return 0;
}

static int close_operands(void **state) {
    bad_operands *o = *state;
    check_cl(clReleaseMemObject(o->part));
    check_cl(clReleaseMemObject(o->whole));
    check_cl(clReleaseMemObject(o->foreign));
    clf_tensor_release(&o->taps_view);
    clf_tensor_release(&o->spare);
    clf_tensor_release(&o->good.src);
    clf_tensor_release(&o->good.dst);
    clf_context_destroy(o->other);
    clf_context_destroy(o->context);
    return 0;
}

static void expect_untouched(const bad_operands *operands) {
    const clf_view *views[2] = {&operands->good.src, &operands->good.dst};
    for (int v = 0; v < 2; v++) {
        float held[PIXELS];
        unit_read(operands->context, views[v], held);
        for (int i = 0; i < PIXELS; i++) {
            assert_true(held[i] == (float)i);
        }
    }
}

/* The descriptor that rows change is good itself. */
static void good_one(void **state) {
    const bad_operands *operands = *state;
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_ok(clf_plan_correlate(operands->context, &operands->good, &plan, &error));
    clf_plan_destroy(plan);
    clf_convolve_desc bank = operands->good;
    use_bank(&bank, 4, 1, 2);
    bank.groups = 2;
    check_ok(clf_plan_correlate(operands->context, &bank, &plan, &error));
    clf_plan_destroy(plan);
}

static void every_row(void **state) {
    const bad_operands *operands = *state;
    clf_plan *const untouched = (clf_plan *)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        clf_error error = {0};
        clf_plan *plan = untouched;
        clf_convolve_desc desc = operands->good;
        rows[i].change(&desc, operands);
        check_fails(clf_plan_correlate(operands->context, &desc, &plan, &error), rows[i].status, rows[i].fragment);
        assert_ptr_equal(plan, untouched);
        assert_int_equal(clf_plan_convolve(operands->context, &desc, &plan, NULL), rows[i].status);
        assert_ptr_equal(plan, untouched);
    }
    expect_untouched(operands);
}

/* What the shape alone tells, clf_convolve_shape finds too. */
static void shapes(void **state) {
    const bad_operands *operands = *state;
    static const char *const names[] = {
        "src_rank_0",      "src_rank_9",        "src_extent_0",    "src_count",         "no_kernel",
        "two_kernels",     "kernel_rank_6",     "kernel_extent_0", "kernel_over_rank",  "mode_unknown",
        "stride_negative", "dilation_negative", "too_large_in_y",  "too_large_dilated", "groups_no_bank",
        "groups_src",      "bank_inputs",       "axes_twice",
    };
    int found = 0;
    for (size_t n = 0; n < COUNT(names); n++) {
        for (size_t i = 0; i < COUNT(rows); i++) {
            if (strcmp(rows[i].name, names[n]) != 0) {
                continue;
            }
            clf_error error = {0};
            int64_t shape[CLF_MAX_RANK] = {-7, -7};
            clf_convolve_desc desc = operands->good;
            rows[i].change(&desc, operands);
            check_fails(clf_convolve_shape(&desc, shape, &error), rows[i].status, rows[i].fragment);
            assert_true(shape[0] == -7 && shape[1] == -7);
            found++;
        }
    }
    assert_int_equal(found, COUNT(names));
}

static void null_arguments(void **state) {
    const bad_operands *operands = *state;
    clf_error error = {0};
    clf_plan *plan = NULL;
    int64_t shape[CLF_MAX_RANK];
    const clf_convolve_desc *desc = &operands->good;
    check_fails(clf_plan_convolve(NULL, desc, &plan, &error), CLF_NULL_ARGUMENT, "clf_plan_convolve: context is NULL");
    check_fails(clf_plan_correlate(NULL, desc, &plan, &error), CLF_NULL_ARGUMENT,
                "clf_plan_correlate: context is NULL");
    check_fails(clf_plan_convolve(operands->context, NULL, &plan, &error), CLF_NULL_ARGUMENT, "desc is NULL");
    check_fails(clf_plan_convolve(operands->context, desc, NULL, &error), CLF_NULL_ARGUMENT, "plan is NULL");
    check_fails(clf_convolve_shape(NULL, shape, &error), CLF_NULL_ARGUMENT, "desc is NULL");
    check_fails(clf_convolve_shape(desc, NULL, &error), CLF_NULL_ARGUMENT, "shape is NULL");
    assert_null(plan);
}

/* An image is no buffer. */
static void image_for_buffer(void **state) {
    const bad_operands *operands = *state;
    clf_error error = {0};
    clf_plan *plan = NULL;
    cl_int code = CL_SUCCESS;
    cl_bool images = CL_FALSE;
    cl_device_id device = clf_context_cl_device(operands->context);
    check_cl(clGetDeviceInfo(device, CL_DEVICE_IMAGE_SUPPORT, sizeof images, &images, NULL));
    if (images != CL_TRUE) {
        skip();
    }
    const cl_image_format format = {CL_RGBA, CL_UNORM_INT8};
    const cl_image_desc image = {.image_type = CL_MEM_OBJECT_IMAGE2D, .image_width = 64, .image_height = 64};
    cl_context context = clf_context_cl_context(operands->context);
    cl_mem memory = clCreateImage(context, CL_MEM_READ_WRITE, &format, &image, NULL, &code);
    check_cl(code);
    clf_convolve_desc desc = operands->good;
    desc.src.buffer = memory;
    check_fails(clf_plan_convolve(operands->context, &desc, &plan, &error), CLF_INVALID_HANDLE, "not a buffer");
    check_cl(clReleaseMemObject(memory));
    assert_null(plan);
}

/* Views of one buffer that share no element are two tensors: halves, interleaved channels, sub-buffers. */
static void neighbours_are_allowed(void **state) {
    const bad_operands *operands = *state;
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_convolve_desc desc = operands->good;
    desc.src.buffer = desc.dst.buffer = operands->spare.buffer;
    desc.dst.offset = PIXELS;
    check_ok(clf_plan_convolve(operands->context, &desc, &plan, &error));
    clf_plan_destroy(plan);
    desc.src.strides[0] = desc.dst.strides[0] = 2 * WIDTH;
    desc.src.strides[1] = desc.dst.strides[1] = 2;
    desc.dst.offset = 1;
    check_ok(clf_plan_convolve(operands->context, &desc, &plan, &error));
    clf_plan_destroy(plan);
    desc = operands->good;
    desc.src.buffer = operands->whole;
    desc.dst.buffer = operands->part;
    check_ok(clf_plan_convolve(operands->context, &desc, &plan, &error));
    clf_plan_destroy(plan);
}

int main(void) {
    for (size_t i = 0; i < COUNT(taps); i++) {
        taps[i] = (float)i;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_one),       cmocka_unit_test(every_row),        cmocka_unit_test(shapes),
        cmocka_unit_test(null_arguments), cmocka_unit_test(image_for_buffer), cmocka_unit_test(neighbours_are_allowed),
    };
    return cmocka_run_group_tests(tests, open_operands, close_operands);
}
