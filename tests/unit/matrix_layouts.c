/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Backward passes of small matrices, many at once: however each operand's matrices lie in memory, the gradients are
 * those of one matrix at a time.
 */
#include "unit.h"

#include <math.h>

enum { MATRICES = 37, MOST = 8, WAYS = 4, GAP = 2 };

/* How matrices lie: rows first, columns first, element by element beside their neighbours', with gaps. */
static void strides_of(int way, int64_t rows, int64_t columns, int64_t strides[3]) {
    const int64_t all[WAYS][3] = {{rows * columns, columns, 1},
                                  {rows * columns, 1, rows},
                                  {1, columns * MATRICES, MATRICES},
                                  {GAP * rows * columns, GAP * columns, GAP}};
    memcpy(strides, all[way], sizeof all[way]);
}

/* `values` holds `count` matrices, row after row. */
static clf_view laid_out(clf_context *context, int64_t count, int64_t rows, int64_t columns, int way, double *values) {
    const int64_t room[1] = {GAP * count * rows * columns};
    clf_error error = {0};
    clf_view view;
    check_ok(clf_tensor_create(context, CLF_F64, 1, room, &view, &error));
    view.rank = 3;
    memcpy(view.shape, (int64_t[3]){count, rows, columns}, 3 * sizeof *view.shape);
    strides_of(way, rows, columns, view.strides);
    const clf_array array = {.data = values, .dtype = CLF_F64, .rank = 3, .shape = {count, rows, columns}};
    check_ok(clf_upload(context, &array, &view, &error));
    return view;
}

/* A backward pass: `inverse` of the inverse of square matrices, of the pseudo-inverse otherwise. */
typedef struct pass {
    bool inverse;
    int64_t rows, columns;
    double a[MATRICES * MOST], product[MATRICES * MOST], weights[MATRICES * MOST];
} pass;

/* The gradients of `count` matrices from the given one on, operands lying each in a way of its own. */
static void run_pass(clf_context *context, pass *p, int64_t first, int64_t count, const int ways[4], double *result) {
    int64_t at = first * p->rows * p->columns;
    clf_view views[4] = {laid_out(context, count, p->rows, p->columns, ways[0], p->a + at),
                         laid_out(context, count, p->columns, p->rows, ways[1], p->product + at),
                         laid_out(context, count, p->columns, p->rows, ways[2], p->weights + at),
                         laid_out(context, count, p->rows, p->columns, ways[3], result)};
    const clf_pinv_backward_desc of_pinv = {.src = views[0], .pinv = views[1], .grad = views[2], .dst = views[3]};
    const clf_inv_backward_desc of_inv = {.inverse = views[1], .grad = views[2], .dst = views[3]};
    clf_error error = {0};
    clf_plan *plan = NULL;
    check_ok(p->inverse ? clf_plan_inv_backward(context, &of_inv, &plan, &error)
                        : clf_plan_pinv_backward(context, &of_pinv, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    const clf_array array = {.data = result, .dtype = CLF_F64, .rank = 3, .shape = {count, p->rows, p->columns}};
    check_ok(clf_download(context, &views[3], &array, &error));
    clf_plan_destroy(plan);
    for (int i = 0; i < 4; i++)
        clf_tensor_release(&views[i]);
}

static void draw(double *values, uint32_t seed) {
    for (int i = 0; i < MATRICES * MOST; i++) {
        seed = seed * 1664525U + 1013904223U;
        values[i] = (double)(seed >> 8) / 8388608.0 - 1;
    }
}

/* The passes are products of what they are given, whether or not that is an inverse. */
static void every_way(clf_context *context, bool inverse, int64_t rows, int64_t columns) {
    static pass p;
    static double expected[MATRICES * MOST], result[MATRICES * MOST];
    p.inverse = inverse, p.rows = rows, p.columns = columns;
    draw(p.a, 1), draw(p.product, 2), draw(p.weights, 3);
    for (int64_t i = 0; i < MATRICES; i++)
        run_pass(context, &p, i, 1, (int[4]){0}, expected + i * rows * columns);
    for (int turn = 0; turn < WAYS; turn++) { /* every operand every way, and no two the same */
        const int ways[4] = {turn, (turn + 1) % WAYS, (turn + 2) % WAYS, (turn + 3) % WAYS};
        memset(result, 0, sizeof result);
        run_pass(context, &p, 0, MATRICES, ways, result);
        for (int64_t e = 0; e < MATRICES * rows * columns; e++)
            if (!(fabs(result[e] - expected[e]) <= 1e-12))
                fail_msg("%s of %d x %d, turn %d: element %lld is %g, expected %g", inverse ? "inv" : "pinv", (int)rows,
                         (int)columns, turn, (long long)e, result[e], expected[e]);
    }
}

static void layouts(void **state) {
    if (!clf_context_device(*state)->has_f64)
        skip();
    every_way(*state, false, 2, 4);
    every_way(*state, false, 4, 2);
    every_way(*state, true, 2, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(layouts)};
    return cmocka_run_group_tests_name("matrix_layouts", tests, unit_open_context, unit_close_context);
}
