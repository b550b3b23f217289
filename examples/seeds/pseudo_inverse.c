/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "N matrices of 2 x 4 are stored in an array of shape (2, 4, N). How do I get their pseudo-inverses, (N, 4, 2),
 * without a loop?"
 *
 * np.transpose of a (2, 4, N) array reverses all three axes, so the product that follows is not defined. Name the axes
 * of the matrices; the array can then be read in place. transpose(J) inv(J transpose(J)) is the pseudo-inverse only if
 * the rows are independent; the decomposition used by clf_plan_pinv does not need that.
 */
#include "seed.h"

#include <stdio.h>

enum { N = 4, ROWS = 2, COLUMNS = 4 };

int main(void) {
    clf_context *context = seed_open();
    clf_error error = {0};
    clf_plan *plan = NULL;
    const int64_t stored[3] = {ROWS, COLUMNS, N}, result[3] = {N, COLUMNS, ROWS}, reversed[3] = {N, COLUMNS, ROWS};
    const int by_matrix[3] = {2, 0, 1};
    float jacobians[ROWS * COLUMNS * N], inverses[N * COLUMNS * ROWS];
    for (int n = 0; n < N; n++)
        for (int i = 0; i < ROWS; i++)
            for (int j = 0; j < COLUMNS;
                 j++) /* 0 to 23 in order; in the last matrix the second row repeats the first */
                jacobians[(i * COLUMNS + j) * N + n] = (float)(n < N - 1 ? (n * ROWS + i) * COLUMNS + j : 1 + j);
    clf_view j = seed_tensor(context, 3, stored, jacobians), p = seed_tensor(context, 3, result, NULL), matrices;

    seed_print_shape("J", 3, stored);
    seed_print_shape("np.transpose(J) is", 3, reversed);
    printf("which J cannot be multiplied with: its last two axes are not those of a matrix\n");
    seed_check(clf_view_permute(&j, by_matrix, &matrices, &error), &error);
    seed_print_shape("viewed as N matrices of 2 x 4, without moving anything:", 3, matrices.shape);
    const clf_pinv_desc desc = {.src = matrices, .dst = p};
    seed_check(clf_plan_pinv(context, &desc, &plan, &error), &error);
    seed_run(context, plan);
    seed_read(context, &p, inverses);
    for (int n = 0; n < N; n++) {
        char title[80];
        snprintf(title, sizeof title,
                 n < N - 1 ? "pseudo-inverse %d" : "pseudo-inverse %d, with equal rows: least norm", n);
        seed_print(title, COLUMNS, ROWS, inverses + n * COLUMNS * ROWS, 3);
    }
    clf_tensor_release(&j);
    clf_tensor_release(&p);
    clf_context_destroy(context);
    return 0;
}
