/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What case lines cannot say of small matrices: bad input, the bound on A A+ A up to the worst conditioned, extreme
 * scales, lanes that must not touch one another, and backward passes against central differences.
 */
#include <clfilter/clfilter.h>

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 16 };

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

static clf_view tensor(clf_dtype dtype, int64_t count, int64_t rows, int64_t columns, const double *values) {
    clf_view view;
    int64_t shape[3] = {count, rows, columns}, total = count * rows * columns;
    clf_array array = {.dtype = dtype, .rank = 3, .shape = {count, rows, columns}};
    array.data = calloc((size_t)total, sizeof(double));
    assert_non_null(array.data);
    for (int64_t i = 0; i < total && values != NULL; i++) {
        if (dtype == CLF_F64) {
            ((double *)array.data)[i] = values[i];
        } else {
            ((float *)array.data)[i] = (float)values[i];
        }
    }
    assert_int_equal(clf_tensor_create(context, dtype, 3, shape, &view, NULL), CLF_OK);
    assert_int_equal(clf_upload(context, &array, &view, NULL), CLF_OK);
    free(array.data);
    return view;
}

/* Downloads and releases. */
static void finish(clf_view *view, double *values) {
    int64_t total = clf_view_count(view);
    clf_array array = {.dtype = view->dtype, .rank = view->rank};
    memcpy(array.shape, view->shape, sizeof array.shape);
    array.data = calloc((size_t)total, sizeof(double));
    assert_non_null(array.data);
    assert_int_equal(clf_download(context, view, &array, NULL), CLF_OK);
    for (int64_t i = 0; i < total; i++) {
        values[i] = view->dtype == CLF_F64 ? ((double *)array.data)[i] : (double)((float *)array.data)[i];
    }
    free(array.data);
    clf_tensor_release(view);
}

static void run(clf_status status, clf_plan *plan, const clf_error *error) {
    if (status != CLF_OK) {
        fail_msg("%s", error->message);
    }
    assert_int_equal(clf_execute(plan, NULL, NULL, NULL), CLF_OK);
    clf_plan_destroy(plan);
}

static void pinv(clf_dtype dtype, int64_t count, int64_t rows, int64_t columns, double rcond, const double *a,
                 double *inverse) {
    clf_pinv_desc desc = {.src = tensor(dtype, count, rows, columns, a),
                          .dst = tensor(dtype, count, columns, rows, NULL),
                          .rcond = rcond};
    clf_plan *plan = NULL;
    clf_error error = {0};
    clf_status status = clf_plan_pinv(context, &desc, &plan, &error);
    run(status, plan, &error);
    clf_tensor_release(&desc.src);
    finish(&desc.dst, inverse);
}

static double uniform(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return (double)(*state >> 8) / 8388608.0 - 1;
}

static void test_bad_input(void **state) {
    (void)state;
    clf_view a = tensor(CLF_F32, 5, 2, 4, NULL), b = tensor(CLF_F32, 5, 4, 2, NULL);
    clf_view large = tensor(CLF_F32, 1, 17, 2, NULL), wide = tensor(CLF_F32, 1, 2, 17, NULL), integers = a,
             flat = {.buffer = a.buffer, .rank = 1, .shape = {8}};
    integers.dtype = CLF_I32;
    const struct {
        clf_view src, dst;
        double rcond;
        clf_status status;
        const char *words;
    } rows[] = {{flat, b, 0, CLF_INVALID_VIEW, "src has rank 1; expected at least 2"},
                {large, b, 0, CLF_SHAPE_MISMATCH, "matrices of 17 x 2; expected at most 16 x 16"},
                {wide, b, 0, CLF_SHAPE_MISMATCH, "matrices of 2 x 17; expected at most 16 x 16"},
                {integers, b, 0, CLF_DTYPE_MISMATCH, "src is i32; expected f32 or f64"},
                {a, a, 0, CLF_SHAPE_MISMATCH, "dst: axis 1 has extent 2; expected 4"},
                {a, b, -1, CLF_INVALID_VALUE, "rcond is -1"},
                {a, b, (double)NAN, CLF_INVALID_VALUE, "rcond is"},
                {a, b, (double)INFINITY, CLF_INVALID_VALUE, "rcond is inf"}};
    clf_plan *plan = NULL;
    clf_error error = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        clf_pinv_desc desc = {.src = rows[i].src, .dst = rows[i].dst, .rcond = rows[i].rcond};
        assert_int_equal(clf_plan_pinv(context, &desc, &plan, &error), rows[i].status);
        assert_non_null(strstr(error.message, rows[i].words));
    }
    clf_view overlapping = b;
    overlapping.buffer = a.buffer;
    assert_int_equal(clf_plan_pinv(context, &(clf_pinv_desc){.src = a, .dst = overlapping}, &plan, &error),
                     CLF_OVERLAP);
    assert_int_equal(clf_plan_inv(context, &(clf_inv_desc){.src = a, .dst = a}, &plan, &error), CLF_SHAPE_MISMATCH);
    assert_non_null(strstr(error.message, "expected square ones"));
    clf_solve_desc solve = {.matrix = a, .right = a, .dst = b};
    assert_int_equal(clf_plan_solve(context, &solve, &plan, &error), CLF_SHAPE_MISMATCH);
    solve.rcond = 1e-3;
    assert_int_equal(clf_plan_solve(context, &solve, &plan, &error), CLF_INVALID_VALUE);
    assert_int_equal(clf_plan_det(context, NULL, &plan, &error), CLF_NULL_ARGUMENT);
    assert_null(plan);
    clf_tensor_release(&a);
    clf_tensor_release(&b);
    clf_tensor_release(&large);
}

/* c = a b. */
static void multiply(int rows, int inner, int columns, const double *a, const double *b, double *c) {
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
            c[i * columns + j] = 0;
            for (int k = 0; k < inner; k++) {
                c[i * columns + j] += a[i * inner + k] * b[k * columns + j];
            }
        }
    }
}

static double norm(int count, const double *a) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += a[i] * a[i];
    }
    return sqrt(sum);
}

/* A product of two random rotations round a diagonal whose ratio is `cond`, `rows` x `columns`, rows >= columns. */
static void conditioned(int rows, int columns, double cond, uint32_t *state, double *a) {
    memset(a, 0, (size_t)(rows * columns) * sizeof *a);
    for (int j = 0; j < columns; j++) {
        a[j * columns + j] = columns == 1 ? 1 : pow(cond, -(double)j / (columns - 1));
    }
    for (int turn = 0; turn < 60; turn++) {
        double angle = 3.2 * uniform(state), c = cos(angle), s = sin(angle);
        int p = turn % rows, q = (p + 1 + turn / rows) % rows, u = turn % columns,
            v = (u + 1 + turn / columns) % columns;
        for (int j = 0; j < columns && p != q; j++) {
            double x = a[p * columns + j], y = a[q * columns + j];
            a[p * columns + j] = c * x - s * y;
            a[q * columns + j] = s * x + c * y;
        }
        for (int i = 0; i < rows && u != v; i++) {
            double x = a[i * columns + u], y = a[i * columns + v];
            a[i * columns + u] = c * x - s * y;
            a[i * columns + v] = s * x + c * y;
        }
    }
}

/* ||A A+ A - A|| <= 32 eps ||A|| cond(A), from well to worst conditioned. */
static void bound_of(clf_dtype dtype, int rows, int columns) {
    enum { COUNT = 60 };
    double epsilon = dtype == CLF_F64 ? DBL_EPSILON : (double)FLT_EPSILON, worst = 0;
    double a[COUNT * MOST * MOST], inverse[COUNT * MOST * MOST], first[MOST * MOST], second[MOST * MOST];
    double conds[COUNT];
    uint32_t state = 7;
    int size = rows * columns;
    for (int i = 0; i < COUNT; i++) {
        conds[i] = pow(0.09 / epsilon, (double)i / (COUNT - 1));
        conditioned(rows, columns, conds[i], &state, a + i * size);
        for (int e = 0; e < size && dtype == CLF_F32; e++) {
            a[i * size + e] = (double)(float)a[i * size + e];
        }
    }
    pinv(dtype, COUNT, rows, columns, 0, a, inverse);
    for (int i = 0; i < COUNT; i++) {
        multiply(rows, columns, rows, a + i * size, inverse + i * size, first);
        multiply(rows, rows, columns, first, a + i * size, second);
        for (int e = 0; e < size; e++) {
            second[e] -= a[i * size + e];
        }
        double error = norm(size, second) / (epsilon * norm(size, a + i * size) * conds[i]);
        worst = fmax(worst, error);
    }
    printf("%s %dx%d: at worst %.2f eps |A| cond(A)\n", dtype == CLF_F64 ? "f64" : "f32", rows, columns, worst);
    assert_true(worst <= 32);
}

static void test_bound(void **state) {
    (void)state;
    bound_of(CLF_F32, 4, 2);
    bound_of(CLF_F64, 4, 2);
    bound_of(CLF_F32, 3, 3);
    bound_of(CLF_F32, 8, 8);
    bound_of(CLF_F64, 8, 8);
}

/* Each matrix as if it were alone: the same bits whatever stands in the other lanes. */
static void test_lanes_apart(void **state) {
    (void)state;
    enum { COUNT = 64, SIZE = 8 };
    double a[COUNT * SIZE], spoiled[COUNT * SIZE], clean[COUNT * SIZE], other[COUNT * SIZE];
    uint32_t random = 3;
    for (int i = 0; i < COUNT * SIZE; i++) {
        a[i] = spoiled[i] = (double)(float)uniform(&random);
    }
    for (int i = 0; i < COUNT; i += 3) {
        spoiled[i * SIZE + i % SIZE] = i % 2 == 0 ? (double)NAN : (double)INFINITY;
    }
    for (int e = 0; e < SIZE; e++) {
        spoiled[SIZE + e] = 0; /* zeros give zeros */
    }
    pinv(CLF_F32, COUNT, 2, 4, 0, a, clean);
    pinv(CLF_F32, COUNT, 2, 4, 0, spoiled, other);
    for (int i = 0; i < COUNT; i++) {
        for (int e = 0; e < SIZE; e++) {
            double got = other[i * SIZE + e];
            if (i % 3 == 0) {
                assert_true(isnan(got));
            } else {
                assert_true(got == (i == 1 ? 0 : clean[i * SIZE + e]));
            }
        }
    }
}

/* Scales that overflow or vanish when squared; singular matrices; a determinant beyond its pivots' range. */
static void test_extremes(void **state) {
    (void)state;
    double scales[5] = {1e30, 1e-30, 1, 3e38, 1e-38}, a[5 * 4], inverse[5 * 4];
    for (int i = 0; i < 5; i++) {
        a[4 * i] = 0.5 * scales[i];
        a[4 * i + 1] = 0.25 * scales[i];
        a[4 * i + 2] = -0.5 * scales[i];
        a[4 * i + 3] = 0.75 * scales[i];
    }
    pinv(CLF_F32, 5, 2, 2, 0, a, inverse);
    for (int i = 0; i < 5; i++) { /* inverse of [2 1; -2 3]/4 is [1.5 -0.5; 1 1] */
        assert_true(fabs(inverse[4 * i] * scales[i] - 1.5) < 1e-5);
        assert_true(fabs(inverse[4 * i + 1] * scales[i] + 0.5) < 1e-5);
    }
    double special[3 * 4] = {1, 2, 2, 4, 2, 0, 0, 4, 0, 0, 0, 0};
    clf_view src = tensor(CLF_F32, 3, 2, 2, special), dst = tensor(CLF_F32, 3, 2, 2, NULL);
    clf_plan *plan = NULL;
    clf_error error = {0};
    clf_status status = clf_plan_inv(context, &(clf_inv_desc){.src = src, .dst = dst}, &plan, &error);
    run(status, plan, &error);
    clf_tensor_release(&src);
    finish(&dst, inverse);
    for (int e = 0; e < 4; e++) {
        assert_true(isnan(inverse[e]) && isnan(inverse[8 + e]));
    }
    assert_true(inverse[4] == 0.5 && inverse[5] == 0 && inverse[7] == 0.25);
    double diagonal[16] = {1e30, 0, 0, 0, 0, 1e30, 0, 0, 0, 0, 1e-30, 0, 0, 0, 0, -2e-30}, value[1];
    src = tensor(CLF_F32, 1, 4, 4, diagonal);
    dst = tensor(CLF_F32, 1, 1, 1, NULL);
    clf_view line = dst;
    line.rank = 1;
    line.strides[0] = 1;
    status = clf_plan_det(context, &(clf_det_desc){.src = src, .dst = line}, &plan, &error);
    run(status, plan, &error);
    clf_tensor_release(&src);
    finish(&dst, value);
    assert_true(fabs(value[0] + 2) < 1e-5);
}

/* L = sum of weights * pinv(A) at A + step * one element. */
static double loss(int rows, int columns, const double *a, const double *weights, bool inverse) {
    double p[MOST * MOST];
    if (!inverse) {
        pinv(CLF_F64, 1, rows, columns, 0, a, p);
    } else {
        clf_view src = tensor(CLF_F64, 1, rows, rows, a), dst = tensor(CLF_F64, 1, rows, rows, NULL);
        clf_plan *plan = NULL;
        clf_error error = {0};
        clf_status status = clf_plan_inv(context, &(clf_inv_desc){.src = src, .dst = dst}, &plan, &error);
        run(status, plan, &error);
        clf_tensor_release(&src);
        finish(&dst, p);
    }
    double sum = 0;
    for (int e = 0; e < rows * columns; e++) {
        sum += weights[e] * p[e];
    }
    return sum;
}

static void backward(clf_dtype dtype, int rows, int columns, const double *a, const double *weights, bool inverse,
                     double *gradient) {
    double p[MOST * MOST];
    pinv(CLF_F64, 1, rows, columns, 0, a, p);
    clf_view src = tensor(dtype, 1, rows, columns, a), product = tensor(dtype, 1, columns, rows, p);
    clf_view grad = tensor(dtype, 1, columns, rows, weights), dst = tensor(dtype, 1, rows, columns, NULL);
    clf_plan *plan = NULL;
    clf_error error = {0};
    clf_pinv_backward_desc of_pinv = {.src = src, .pinv = product, .grad = grad, .dst = dst};
    clf_inv_backward_desc of_inv = {.inverse = product, .grad = grad, .dst = dst};
    clf_status status = inverse ? clf_plan_inv_backward(context, &of_inv, &plan, &error)
                                : clf_plan_pinv_backward(context, &of_pinv, &plan, &error);
    run(status, plan, &error);
    clf_tensor_release(&src);
    clf_tensor_release(&product);
    clf_tensor_release(&grad);
    finish(&dst, gradient);
}

static void gradient_of(int rows, int columns, bool inverse) {
    double a[MOST * MOST] = {0}, weights[MOST * MOST] = {0}, wide[MOST * MOST], narrow[MOST * MOST];
    uint32_t random = 11;
    for (int e = 0; e < rows * columns; e++) {
        a[e] = uniform(&random) + (e / columns == e % columns ? 2 : 0);
        weights[e] = uniform(&random);
    }
    backward(CLF_F64, rows, columns, a, weights, inverse, wide);
    backward(CLF_F32, rows, columns, a, weights, inverse, narrow);
    const double step = 1e-6;
    for (int e = 0; e < rows * columns; e++) {
        double kept = a[e];
        a[e] = kept + step;
        double above = loss(rows, columns, a, weights, inverse);
        a[e] = kept - step;
        double below = loss(rows, columns, a, weights, inverse);
        a[e] = kept;
        assert_true(fabs((above - below) / (2 * step) - wide[e]) < 1e-7);
        assert_true(fabs(narrow[e] - wide[e]) < 1e-5);
    }
}

static void test_gradients(void **state) {
    (void)state;
    gradient_of(2, 4, false);
    gradient_of(4, 2, false);
    gradient_of(3, 3, false);
    gradient_of(3, 3, true);
}

/*
 * Matrix and gradient 2^exponent times as large: the result is 2^-exponent times that. Products of three inverses would
 * be beyond the type.
 */
static void gradient_at(clf_dtype dtype, int rows, int columns, bool inverse, int exponent) {
    double a[MOST * MOST] = {0}, weights[MOST * MOST] = {0}, expected[MOST * MOST], found[MOST * MOST], greatest = 0;
    uint32_t random = 23;
    for (int e = 0; e < rows * columns; e++) {
        a[e] = (float)(uniform(&random) + (e / columns == e % columns ? 2 : 0));
        weights[e] = (float)uniform(&random);
    }
    backward(CLF_F64, rows, columns, a, weights, inverse, expected);
    for (int e = 0; e < rows * columns; e++) {
        a[e] = ldexp(a[e], exponent);
        weights[e] = ldexp(weights[e], exponent);
        expected[e] = ldexp(expected[e], -exponent);
        greatest = fmax(greatest, fabs(expected[e]));
    }
    backward(dtype, rows, columns, a, weights, inverse, found);
    double bound = greatest * (dtype == CLF_F64 ? 1e-12 : 1e-5) + (dtype == CLF_F64 ? 0x1p-1070 : 0x1p-145);
    for (int e = 0; e < rows * columns; e++) {
        if (!(fabs(found[e] - expected[e]) <= bound)) {
            fail_msg("%dx%d at 2^%d: gradient %d is %g, expected %g", rows, columns, exponent, e, found[e],
                     expected[e]);
        }
    }
}

static void test_gradient_magnitudes(void **state) {
    (void)state;
    static const int narrow[] = {-125, -100, 100, 125}, wide[] = {-1021, -800, 800, 1021};
    for (int i = 0; i < 4; i++) {
        gradient_at(CLF_F32, 2, 4, false, narrow[i]);
        gradient_at(CLF_F32, 4, 2, false, narrow[i]);
        gradient_at(CLF_F32, 3, 3, true, narrow[i]);
        gradient_at(CLF_F64, 2, 4, false, wide[i]);
        gradient_at(CLF_F64, 4, 2, false, wide[i]);
        gradient_at(CLF_F64, 3, 3, true, wide[i]);
    }
}

/* The backward of a matrix of rank 1 keeps the rank: A = x y', moved along x alone. */
static void test_gradient_of_rank_1(void **state) {
    (void)state;
    const double x[3] = {1, -2, 0.5}, y[2] = {0.75, 1.5}, turn[3] = {0.3, 0.1, -0.7}, step = 1e-6;
    double a[6], moved[6], direction[6], weights[6] = {0.2, -0.4, 1, 0.5, -0.3, 0.9}, gradient[6], along = 0,
                                         loss_at[2];
    for (int e = 0; e < 6; e++) {
        a[e] = x[e / 2] * y[e % 2];
        direction[e] = turn[e / 2] * y[e % 2];
    }
    backward(CLF_F64, 3, 2, a, weights, false, gradient);
    for (int side = 0; side < 2; side++) {
        for (int e = 0; e < 6; e++) {
            moved[e] = (x[e / 2] + (side == 0 ? step : -step) * turn[e / 2]) * y[e % 2];
        }
        loss_at[side] = loss(3, 2, moved, weights, false);
    }
    for (int e = 0; e < 6; e++) {
        along += gradient[e] * direction[e];
    }
    assert_true(fabs((loss_at[0] - loss_at[1]) / (2 * step) - along) < 1e-7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_input),         cmocka_unit_test(test_bound),
        cmocka_unit_test(test_lanes_apart),       cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_gradients),         cmocka_unit_test(test_gradient_magnitudes),
        cmocka_unit_test(test_gradient_of_rank_1)};
    return cmocka_run_group_tests_name("matrix", tests, open_context, close_context);
}
