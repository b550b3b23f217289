/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "What is the fastest way to take x and y derivatives of a big (b, c, h, w) tensor, and their magnitude
 * sqrt(dx^2 + dy^2)? I convolve twice, with [1 0 -1] as a row and as a column."
 *
 * One pass does all of it. The answer given there, padding by reflection and subtracting slices, is the right idea with
 * two typing errors.
 */
#include "seed.h"

#include <math.h>
#include <stdio.h>

enum { BATCH = 2, CHANNELS = 3, SIDE = 28, COUNT = BATCH * CHANNELS * SIDE * SIDE, SHOWN = 6 };

static float tensor[COUNT], dx[COUNT], dy[COUNT], magnitude[COUNT];
static const int64_t shape[4] = {BATCH, CHANNELS, SIDE, SIDE};

static void convolve(clf_context *context, const clf_view *x, int64_t rows, int64_t columns, float *result) {
    float taps[3] = {1, 0, -1};
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_view y = seed_tensor(context, 4, shape, NULL);
    const clf_convolve_desc desc = {.src = *x, .dst = y, .kernel = {.data = taps, .rank = 2, .shape = {rows, columns}}};
    seed_check(clf_plan_convolve(context, &desc, &plan, &error), &error);
    seed_run(context, plan);
    seed_read(context, &y, result);
    clf_tensor_release(&y);
}

int main(void) {
    clf_context *context = seed_open();
    clf_error error = {0};
    clf_plan *plan = NULL;
    for (int i = 0; i < COUNT; i++)
        tensor[i] = (float)(i / SIDE % SIDE * (i / SIDE % SIDE) % 17 + 3 * (i % SIDE * (i % SIDE)) % 23 + i / 784);
    clf_view x = seed_tensor(context, 4, shape, tensor), y = seed_tensor(context, 4, shape, NULL);

    seed_print_shape("the tensor", 4, shape);
    printf("padded by reflection it is 30 x 30; x[1:-2, :-2] - x[1:-2, 2:] is 27 x 28, x[:-2, 1:-2] - x[2:, 1:-2] is\n"
           "28 x 27, and the two cannot be added: the slices must be 1:-1, which leaves 28 x 28.\n\n");
    convolve(context, &x, 1, 3, dx);
    convolve(context, &x, 3, 1, dy);
    const clf_gradient_desc desc = {.src = x, .dst = y};
    seed_check(clf_plan_gradient(context, &desc, &plan, &error), &error);
    seed_run(context, plan);
    seed_read(context, &y, magnitude);
    seed_print("dx of the first row, by convolution: 0 at the end, because of the reflection", 1, SHOWN, dx, 0);
    seed_print("dy of the first row: 0 throughout", 1, SHOWN, dy, 0);
    seed_print("dx of the fifth row", 1, SHOWN, dx + 4 * SIDE, 0);
    seed_print("dy of the fifth row", 1, SHOWN, dy + 4 * SIDE, 0);
    seed_print("the magnitude there, in one pass", 1, SHOWN, magnitude + 4 * SIDE, 3);
    double worst = 0;
    for (int i = 0; i < COUNT; i++)
        worst = fmax(worst, fabs((double)magnitude[i] - hypot((double)dx[i], (double)dy[i])));
    printf("largest difference from sqrt(dx^2 + dy^2) of the two convolutions: %s\n",
           worst < 1e-4 ? "below 0.0001" : "wrong");
    clf_tensor_release(&x);
    clf_tensor_release(&y);
    clf_context_destroy(context);
    return worst < 1e-4 ? 0 : 1;
}
