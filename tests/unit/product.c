/* SPDX-License-Identifier: Apache-2.0 */
/* Which kernels of three axes conv.axes takes: products of three lines, to the last bit where they are whole. */
#include "unit.h"

enum { PLANES = 2, LINES = 2, COLUMNS = 3, TAPS = PLANES * LINES * COLUMNS };

/* Plans a kernel that is a matrix, of planes and lines, times one row. */
static clf_status plan(void **state, const float matrix[PLANES][LINES], const float row[COLUMNS], clf_error *error) {
    float taps[TAPS];
    for (int i = 0; i < TAPS; i++)
        taps[i] = matrix[i / COLUMNS / LINES][i / COLUMNS % LINES] * row[i % COLUMNS];
    const int64_t shape[3] = {4, 5, 20}, kernel[3] = {PLANES, LINES, COLUMNS};
    clf_convolve_desc desc = {.kernel = unit_array(3, kernel, taps), .options.solver = "conv.axes"};
    desc.src = unit_tensor(*state, 3, shape, NULL);
    desc.dst = unit_tensor(*state, 3, shape, NULL);
    clf_plan *made = NULL;
    clf_status status = clf_plan_correlate(*state, &desc, &made, error);
    clf_plan_destroy(made);
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
    return status;
}

static const float whole_row[COLUMNS] = {1, -2, 3}, row[COLUMNS] = {0.1F, 0.7F, 0.2F};

static void products_are_taken(void **state) {
    clf_error error = {0};
    check_ok(plan(state, (const float[PLANES][LINES]){{2, 4}, {3, 6}}, whole_row, &error));
    check_ok(plan(state, (const float[PLANES][LINES]){{0, 0}, {3, -6}}, whole_row, &error));
    check_ok(plan(state, (const float[PLANES][LINES]){{0.3F, 0.6F}, {0.1F, 0.2F}}, row, &error));
}

static void others_are_not(void **state) {
    clf_error error = {0};
    check_fails(plan(state, (const float[PLANES][LINES]){{2, 4}, {3, 7}}, whole_row, &error), CLF_NO_SOLVER, "product");
    check_fails(plan(state, (const float[PLANES][LINES]){{2, 4}, {4, 2}}, whole_row, &error), CLF_NO_SOLVER, "product");
    check_fails(plan(state, (const float[PLANES][LINES]){{0.3F, 0.6F}, {0.1F, 0.2001F}}, row, &error), CLF_NO_SOLVER,
                "product");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(products_are_taken), cmocka_unit_test(others_are_not)};
    return cmocka_run_group_tests_name("product", tests, unit_open_context, unit_close_context);
}
