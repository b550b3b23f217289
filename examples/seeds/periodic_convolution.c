/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "I compute a periodic convolution in three ways, with SciPy, with PyTorch and with Fourier transforms, and get three
 * different answers."
 *
 * The image is 10 x 10, with ones in its left half; the kernel is a Sobel kernel. All three results are right, for
 * three different questions.
 */
#include "seed.h"

#include <stdio.h>

enum { SIDE = 10 };

static float image[SIDE * SIDE], kernel[9] = {1, 0, -1, 2, 0, -2, 1, 0, -1};

typedef clf_status (*filter_function)(clf_context *, const clf_convolve_desc *, clf_plan **, clf_error *);

/* The first row of a result; all rows are the same, so a shift by rows does not show. */
static void answer(clf_context *context, filter_function filter, int origin, int shift, const char *title) {
    const int64_t shape[2] = {SIDE, SIDE};
    float result[SIDE * SIDE];
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_view x = seed_tensor(context, 2, shape, image), y = seed_tensor(context, 2, shape, NULL), moved = y;
    const clf_convolve_desc desc = {.src = x,
                                    .dst = y,
                                    .kernel = {.data = kernel, .rank = 2, .shape = {3, 3}},
                                    .border = {CLF_BORDER_PERIODIC},
                                    .origin = {origin, origin}};
    seed_check(filter(context, &desc, &plan, &error), &error);
    seed_run(context, plan);
    if (shift != 0) {
        moved = seed_tensor(context, 2, shape, NULL);
        const clf_shift_desc roll = {.src = y, .dst = moved, .by = {shift, shift}, .border = {CLF_BORDER_PERIODIC}};
        seed_check(clf_plan_shift(context, &roll, &plan, &error), &error);
        seed_run(context, plan);
        clf_tensor_release(&y);
    }
    seed_read(context, &moved, result);
    seed_print(title, 1, SIDE, result, 0);
    clf_tensor_release(&x);
    clf_tensor_release(&moved);
}

int main(void) {
    clf_context *context = seed_open();
    for (int i = 0; i < SIDE * SIDE; i++)
        image[i] = i % SIDE < SIDE / 2 ? 1 : 0;
    seed_print("a row of the image", 1, SIDE, image, 0);
    seed_print("the kernel", 3, 3, kernel, 0);

    printf("\nSciPy convolves: the kernel is flipped, its centre is the middle tap.\n");
    answer(context, clf_plan_convolve, 0, 0, "convolve, periodic");
    printf("(Taken from the middle of a doubled image, as in the question, the same numbers begin at column 5.)\n");
    printf("\nPyTorch's conv2d correlates: the kernel is not flipped, which changes the sign of this one.\n");
    answer(context, clf_plan_correlate, 0, 0, "correlate, periodic");
    printf(
        "\nThe transforms convolve, but the kernel was padded after its last column: its corner was at index 0, where\n"
        "its centre belongs, so the result is one row and one column late.\n");
    answer(context, clf_plan_convolve, -1, 0, "convolve, centred on tap 0");
    printf("\nRolled back by one, or with the kernel's centre at index 0 and the rest wrapped around, it equals "
           "SciPy's.\n");
    answer(context, clf_plan_convolve, -1, -1, "convolve, centred on tap 0, then shifted by -1, -1");
    printf("\nA product of transforms is a convolution; if the transform of the kernel is conjugated, it is a "
           "correlation.\n");
    clf_context_destroy(context);
    return 0;
}
