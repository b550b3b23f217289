/* SPDX-License-Identifier: Apache-2.0 */
/* Every mistake that a gradient's descriptor may hold, one row each, as in bad_convolve.c. */
#include "unit.h"

#include <math.h>

enum { HEIGHT = 9, WIDTH = 13, PIXELS = HEIGHT * WIDTH };

typedef struct bad_operands {
    clf_context *context, *other;
    clf_gradient_desc good;
    cl_mem foreign;
} bad_operands;

#define NAN_VALUE ((double)NAN)
#define INFINITE ((double)INFINITY)

/* X(name, status, words of the sentence, what is done to the descriptor `d`; `o` are the operands) */
#define ROWS(X)                                                                                                       \
    X(src_rank_0, CLF_INVALID_VIEW, "src: rank 0", d->src.rank = 0;)                                                  \
    X(src_rank_9, CLF_INVALID_VIEW, "src: rank 9", d->src.rank = 9;)                                                  \
    X(rank_1, CLF_INVALID_VIEW, "src has rank 1; expected at least 2", d->src.rank = d->dst.rank = 1;)                \
    X(dst_rank_0, CLF_INVALID_VIEW, "dst: rank 0", d->dst.rank = 0;)                                                  \
    X(src_extent_negative, CLF_INVALID_VIEW, "src: axis 0 has extent -1; expected at least 0", d->src.shape[0] = -1;) \
    X(dst_extent_0, CLF_SHAPE_MISMATCH, "dst: axis 1 has extent 0; expected 13", d->dst.shape[1] = 0;)                \
    X(dst_extent_negative, CLF_INVALID_VIEW, "dst: axis 1 has extent -1", d->dst.shape[1] = -1;)                      \
    X(src_count, CLF_INVALID_VIEW, "src: the product of its extents", d->src.shape[0] = INT64_MAX;)                   \
    X(src_reach, CLF_INVALID_VIEW, "src: its strides reach", d->src.strides[0] = INT64_MAX / 2;)                      \
    X(src_unknown_dtype, CLF_DTYPE_MISMATCH, "src: dtype is 99", d->src.dtype = (clf_dtype)99;)                       \
    X(src_i64, CLF_DTYPE_MISMATCH, "src is i64; expected f32", d->src.dtype = CLF_I64;)                               \
    X(dst_u8, CLF_DTYPE_MISMATCH, "dst is u8; expected f32", d->src.dtype = d->dst.dtype = CLF_U8;)                   \
    X(dst_f64, CLF_DTYPE_MISMATCH, "dst is f64; expected f32", d->dst.dtype = CLF_F64;)                               \
    X(dst_narrow, CLF_DTYPE_MISMATCH, "dst is f32; expected f64", d->src.dtype = CLF_F64;)                            \
    X(dst_rank, CLF_SHAPE_MISMATCH, "dst: rank 1; expected 2", d->dst.rank = 1;)                                      \
    X(dst_shape, CLF_SHAPE_MISMATCH, "dst: axis 0 has extent 8; expected 9", d->dst.shape[0] = 8;)                    \
    X(src_past_end, CLF_OUT_OF_BOUNDS, "src: the view touches elements 1 to 117", d->src.offset = 1;)                 \
    X(dst_before_start, CLF_OUT_OF_BOUNDS, "dst: the view touches elements -2 to", d->dst.offset = -2;)               \
    X(dst_repeats, CLF_OVERLAP, "dst: overlaps itself", d->dst.strides[0] = 12;)                                      \
    X(dst_is_src, CLF_OVERLAP, "dst overlaps src", d->dst.buffer = d->src.buffer;)                                    \
    X(src_foreign, CLF_INVALID_HANDLE, "another OpenCL context", d->src.buffer = o->foreign;)                         \
    X(dst_foreign, CLF_INVALID_HANDLE, "another OpenCL context", d->dst.buffer = o->foreign;)                         \
    X(sigma_0, CLF_INVALID_VALUE, "sigma is 0", d->op = CLF_GRADIENT_GAUSSIAN;)                                       \
    X(sigma_negative, CLF_INVALID_VALUE, "sigma is -1", d->op = CLF_GRADIENT_GAUSSIAN; d->sigma = -1;)                \
    X(sigma_nan, CLF_INVALID_VALUE, "sigma is nan", d->op = CLF_GRADIENT_GAUSSIAN; d->sigma = fabs(NAN_VALUE);)       \
    X(sigma_infinite, CLF_INVALID_VALUE, "sigma is inf", d->op = CLF_GRADIENT_GAUSSIAN; d->sigma = INFINITE;)         \
    X(sigma_large, CLF_INVALID_VALUE, "sigma is 129", d->op = CLF_GRADIENT_GAUSSIAN; d->sigma = 129;)                 \
    X(op_unknown, CLF_INVALID_VALUE, "op is 99", d->op = (clf_gradient_operator)99;)                                  \
    X(op_negative, CLF_INVALID_VALUE, "op is -1", d->op = (clf_gradient_operator)-1;)                                 \
    X(border_unknown, CLF_INVALID_VALUE, "border[0] is 17", d->border[0] = (clf_border)17;)                           \
    X(border_unknown_x, CLF_INVALID_VALUE, "border[1] is -1", d->border[1] = (clf_border)-1;)                         \
    X(cval_nan, CLF_INVALID_VALUE, "cval is NaN", d->cval = NAN_VALUE;)                                               \
    X(scale_nan, CLF_INVALID_VALUE, "scale is nan", d->scale = fabs(NAN_VALUE);)                                      \
    X(scale_infinite, CLF_INVALID_VALUE, "scale is inf", d->scale = INFINITE;)                                        \
    X(eps_nan, CLF_INVALID_VALUE, "eps is nan", d->eps = fabs(NAN_VALUE);)                                            \
    X(eps_infinite, CLF_INVALID_VALUE, "eps is inf", d->eps = INFINITE;)                                              \
    X(eps_negative, CLF_INVALID_VALUE, "eps is -1e-09", d->eps = -1e-9;)                                              \
    X(solver_unknown, CLF_NO_SOLVER, "called \"gradient.magic\"", d->options.solver = "gradient.magic";)

#define ROW_FUNCTION(name, status, fragment, ...)                            \
    static void change_##name(clf_gradient_desc *d, const bad_operands *o) { \
        (void)d, (void)o;                                                    \
        __VA_ARGS__                                                          \
    }
ROWS(ROW_FUNCTION)
#undef ROW_FUNCTION

typedef struct bad_row {
    const char *fragment;
    clf_status status;
    void (*change)(clf_gradient_desc *desc, const bad_operands *operands);
} bad_row;

static const bad_row rows[] = {
#define ROW(name, status, fragment, ...) {fragment, status, change_##name},
    ROWS(ROW)
#undef ROW
};

static int open_operands(void **state) {
    static bad_operands operands;
    bad_operands *o = *state = &operands;
    clf_error error = {0};
    cl_int code = CL_SUCCESS;
    const int64_t shape[2] = {HEIGHT, WIDTH};
    float values[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
        values[i] = (float)i;
    }
    if (unit_open_context((void **)&o->context) != 0) {
        return 1;
    }
    check_ok(clf_context_create(NULL, &o->other, &error));
    o->good = (clf_gradient_desc){.src = unit_tensor(o->context, 2, shape, values),
                                  .dst = unit_tensor(o->context, 2, shape, values)};
    o->foreign = clCreateBuffer(clf_context_cl_context(o->other), CL_MEM_READ_WRITE, 4 * PIXELS, NULL, &code);
    check_cl(code);
    return 0;
}

static int close_operands(void **state) {
    bad_operands *o = *state;
    check_cl(clReleaseMemObject(o->foreign));
    clf_tensor_release(&o->good.src);
    clf_tensor_release(&o->good.dst);
    clf_context_destroy(o->other);
    clf_context_destroy(o->context);
    return 0;
}

static void good_one(void **state) {
    const bad_operands *operands = *state;
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_ok(clf_plan_gradient(operands->context, &operands->good, &plan, &error));
    clf_plan_destroy(plan);
}

static void every_row(void **state) {
    const bad_operands *operands = *state;
    clf_plan *const untouched = (clf_plan *)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        clf_error error = {0};
        clf_plan *plan = untouched;
        clf_gradient_desc desc = operands->good;
        rows[i].change(&desc, operands);
        check_fails(clf_plan_gradient(operands->context, &desc, &plan, &error), rows[i].status, rows[i].fragment);
        assert_int_equal(clf_plan_gradient(operands->context, &desc, &plan, NULL), rows[i].status);
        assert_ptr_equal(plan, untouched);
    }
    const clf_view *views[2] = {&operands->good.src, &operands->good.dst};
    for (int v = 0; v < 2; v++) {
        float held[PIXELS];
        unit_read(operands->context, views[v], held);
        for (int i = 0; i < PIXELS; i++) {
            assert_true(held[i] == (float)i);
        }
    }
}

static void null_arguments(void **state) {
    const bad_operands *operands = *state;
    clf_error error = {0};
    clf_plan *plan = NULL;
    const clf_gradient_desc *desc = &operands->good;
    check_fails(clf_plan_gradient(NULL, desc, &plan, &error), CLF_NULL_ARGUMENT, "clf_plan_gradient: context is NULL");
    check_fails(clf_plan_gradient(operands->context, NULL, &plan, &error), CLF_NULL_ARGUMENT, "desc is NULL");
    check_fails(clf_plan_gradient(operands->context, desc, NULL, &error), CLF_NULL_ARGUMENT, "plan is NULL");
    assert_null(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(good_one), cmocka_unit_test(every_row),
                                       cmocka_unit_test(null_arguments)};
    return cmocka_run_group_tests(tests, open_operands, close_operands);
}
