/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pinv.pair, the pseudo-inverse of matrices of two columns or two rows, held against one-sided Jacobi rotations in long
 * double: well and badly conditioned, of rank one and none, parallel but for a rounding, from the smallest scale to the
 * largest, with singular values that rcond cuts off.
 */
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 16, PER_KIND = 40 };

typedef enum pair_kind {
    KIND_RANDOM,
    KIND_CLOSE,     /* the second column is near a multiple of the first, from 1 to 1e-6 of it away */
    KIND_PARALLEL,  /* a multiple, rounded */
    KIND_UNEQUAL,   /* one column is up to 1e15 times the other */
    KIND_ZERO_LEFT, /* a column of zeros */
    KIND_ZERO_RIGHT,
    KIND_ZEROS,
    KIND_HUGE, /* near the largest number */
    KIND_TINY, /* subnormal; most inverses are numbers still */
    KINDS
} pair_kind;

/* Columns of a matrix of `length` x 2. */
typedef struct pair {
    long double column[2][MOST];
    int length;
} pair;

static double uniform(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return (double)(*state >> 8) / 8388608.0 - 1;
}

static double stored(clf_dtype dtype, double value) {
    return dtype == CLF_F64 ? value : (double)(float)value;
}

static void fill(pair *a, pair_kind kind, clf_dtype dtype, int index, uint32_t *state) {
    double multiple = 3 * uniform(state), away = pow(10, -6.0 * index / PER_KIND);
    double huge = dtype == CLF_F64 ? 1e307 : 1e37, tiny = dtype == CLF_F64 ? 4e-308 : 1e-38;
    for (int r = 0; r < a->length; r++) {
        double x = uniform(state), y = uniform(state);
        switch (kind) {
        case KIND_CLOSE: y = multiple * x + away * y; break;
        case KIND_PARALLEL: y = multiple * stored(dtype, x); break;
        case KIND_UNEQUAL: x *= pow(10, 15.0 * index / PER_KIND); break;
        case KIND_ZERO_LEFT: x = 0; break;
        case KIND_ZERO_RIGHT: y = 0; break;
        case KIND_ZEROS: x = y = 0; break;
        case KIND_HUGE: x *= huge, y *= huge; break;
        case KIND_TINY: x *= tiny, y *= tiny; break;
        default: break;
        }
        a->column[0][r] = (long double)stored(dtype, x);
        a->column[1][r] = (long double)stored(dtype, y);
    }
}

static long double product(const pair *a, int i, int j) {
    long double sum = 0;
    for (int r = 0; r < a->length; r++) {
        sum += a->column[i][r] * a->column[j][r];
    }
    return sum;
}

/* The pseudo-inverse as a pair of rows, the singular values (the larger first), in long double. */
static void reference(const pair *a, double rcond, pair *inverse, long double singular[2]) {
    pair w = *a;
    long double v[2][2] = {{1, 0}, {0, 1}}; /* v[j]: column j */
    for (int sweep = 0; sweep < 4; sweep++) {
        long double off = product(&w, 0, 1), zeta = (product(&w, 1, 1) - product(&w, 0, 0)) / (2 * off);
        if (off == 0) {
            break;
        }
        long double t = copysignl(1, zeta) / (fabsl(zeta) + sqrtl(1 + zeta * zeta)), c = 1 / sqrtl(1 + t * t);
        for (int r = 0; r < w.length; r++) {
            long double x = w.column[0][r], y = w.column[1][r];
            w.column[0][r] = c * (x - t * y);
            w.column[1][r] = c * (t * x + y);
        }
        for (int i = 0; i < 2; i++) {
            long double x = v[0][i], y = v[1][i];
            v[0][i] = c * (x - t * y);
            v[1][i] = c * (t * x + y);
        }
    }
    long double squares[2] = {product(&w, 0, 0), product(&w, 1, 1)};
    singular[0] = sqrtl(fmaxl(squares[0], squares[1]));
    singular[1] = sqrtl(fminl(squares[0], squares[1]));
    *inverse = (pair){.length = a->length};
    for (int j = 0; j < 2; j++) {
        for (int r = 0; r < a->length && sqrtl(squares[j]) > (long double)rcond * singular[0]; r++) {
            inverse->column[0][r] += v[j][0] * w.column[j][r] / squares[j];
            inverse->column[1][r] += v[j][1] * w.column[j][r] / squares[j];
        }
    }
}

/* Runs pinv.pair on `count` matrices, tall or as their transposes. */
static void run(clf_context *context, clf_dtype dtype, const pair *a, int count, bool tall, double rcond,
                pair *inverse) {
    int length = a->length;
    int64_t shape[3] = {count, tall ? length : 2, tall ? 2 : length};
    int64_t turned[3] = {count, shape[2], shape[1]};
    clf_view src, dst;
    clf_plan *plan = NULL;
    clf_error error = {0};
    double *wide = calloc((size_t)(count * length * 2), sizeof *wide);
    float *narrow = calloc((size_t)(count * length * 2), sizeof *narrow);
    if (wide == NULL || narrow == NULL) {
        free(wide);
        free(narrow);
        fail_msg("no memory for %d matrices", count);
        return;
    }
    void *data = dtype == CLF_F64 ? (void *)wide : (void *)narrow;
    for (int e = 0; e < count * length * 2; e++) {
        int m = e / (2 * length), rest = e % (2 * length), column = tall ? rest % 2 : rest / length;
        wide[e] = (double)a[m].column[column][tall ? rest / 2 : rest % length];
        narrow[e] = (float)wide[e];
    }
    clf_array from = {.dtype = dtype, .rank = 3, .shape = {shape[0], shape[1], shape[2]}, .data = data};
    clf_array to = {.dtype = dtype, .rank = 3, .shape = {turned[0], turned[1], turned[2]}, .data = data};
    check_ok(clf_tensor_create(context, dtype, 3, shape, &src, &error));
    check_ok(clf_tensor_create(context, dtype, 3, turned, &dst, &error));
    check_ok(clf_upload(context, &from, &src, &error));
    clf_pinv_desc desc = {.src = src, .dst = dst, .rcond = rcond, .options = {.solver = "pinv.pair"}};
    check_ok(clf_plan_pinv(context, &desc, &plan, &error));
    assert_int_equal(clf_execute(plan, NULL, NULL, &error), CLF_OK);
    check_ok(clf_download(context, &dst, &to, &error));
    for (int e = 0; e < count * length * 2; e++) {
        int m = e / (2 * length), rest = e % (2 * length), row = tall ? rest / length : rest % 2;
        inverse[m].column[row][tall ? rest % length : rest / 2] =
            (long double)(dtype == CLF_F64 ? wide[e] : (double)narrow[e]);
    }
    clf_plan_destroy(plan);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
    free(wide);
    free(narrow);
}

/* The greatest error of one inverse in eps |A+| times what cutting off or keeping the lesser value amplifies it by. */
static double error_of(clf_dtype dtype, const pair *a, const pair *got, double rcond) {
    double epsilon = dtype == CLF_F64 ? DBL_EPSILON : (double)FLT_EPSILON;
    double largest = dtype == CLF_F64 ? DBL_MAX : (double)FLT_MAX;
    pair wanted;
    long double singular[2], size = 0, error = 0;
    reference(a, rcond, &wanted, singular);
    for (int e = 0; e < 2 * a->length; e++) {
        long double value = wanted.column[e % 2][e / 2];
        size = fmaxl(size, fabsl(value));
        error = fmaxl(error, fabsl(value - got->column[e % 2][e / 2]));
    }
    if (singular[0] == 0) {
        return error == 0 ? 0 : HUGE_VAL;
    }
    if (size > (long double)largest / 2) {
        return 0; /* an inverse beyond the type's numbers */
    }
    long double ratio = singular[1] / singular[0], limit = (long double)rcond;
    if (fabsl(ratio / limit - 1) < 0.01L) {
        return 0; /* on the edge: either answer is right */
    }
    long double amplified = ratio > limit ? 1 / ratio : 1 / (1 - ratio);
    return (double)(error / (size * amplified * (long double)epsilon));
}

static void hold(clf_context *context, clf_dtype dtype, int length, bool tall, double rcond, double bound) {
    double epsilon = dtype == CLF_F64 ? DBL_EPSILON : (double)FLT_EPSILON, worst = 0;
    double limit = rcond != 0 ? rcond : length * epsilon;
    static pair a[KINDS * PER_KIND], inverse[KINDS * PER_KIND];
    uint32_t state = 17;
    for (int i = 0; i < KINDS * PER_KIND; i++) {
        a[i].length = length;
        fill(&a[i], (pair_kind)(i / PER_KIND), dtype, i % PER_KIND, &state);
    }
    run(context, dtype, a, KINDS * PER_KIND, tall, rcond, inverse);
    for (int i = 0; i < KINDS * PER_KIND; i++) {
        double error = error_of(dtype, &a[i], &inverse[i], limit);
        if (!(error <= bound)) {
            fail_msg("%s, length %d, rcond %g, kind %d, matrix %d: off by %g", clf_dtype_name(dtype), length, rcond,
                     i / PER_KIND, i % PER_KIND, error);
        }
        worst = fmax(worst, error);
    }
    printf("%s, length %d, rcond %g: at worst %.2f eps |A+| cond(A)\n", clf_dtype_name(dtype), length, rcond, worst);
}

static void test_against_rotations(void **state) {
    static const double rconds[] = {0, 1e-3, 0.4};
    for (size_t i = 0; i < COUNT(rconds); i++) {
        hold(*state, CLF_F32, 4, false, rconds[i], 8);
        hold(*state, CLF_F32, 2, true, rconds[i], 8);
    }
    hold(*state, CLF_F64, 7, true, 1e-8, 8);
}

/* Where rcond is 1 or more nothing is kept, and the other solver is taken. */
static void test_large_rcond(void **state) {
    clf_context *context = *state;
    const float values[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    const int64_t shape[3] = {1, 2, 4}, turned[3] = {1, 4, 2};
    float got[8];
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_pinv_desc desc = {
        .src = unit_tensor(context, 3, shape, values), .dst = unit_tensor(context, 3, turned, NULL), .rcond = 1};
    check_ok(clf_plan_pinv(context, &desc, &plan, &error));
    assert_int_equal(clf_execute(plan, NULL, NULL, &error), CLF_OK);
    unit_read(context, &desc.dst, got);
    for (int e = 0; e < 8; e++) {
        assert_true(got[e] == 0);
    }
    clf_plan_destroy(plan);
    plan = NULL;
    desc.options.solver = "pinv.pair";
    check_fails(clf_plan_pinv(context, &desc, &plan, &error), CLF_NO_SOLVER, "rcond < 1");
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_rotations), cmocka_unit_test(test_large_rcond)};
    return cmocka_run_group_tests_name("pairs", tests, unit_open_context, unit_close_context);
}
