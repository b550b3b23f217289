/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "The book says that convolution and translation commute. I translate my photograph by 100 rows and convolve it, then
 * convolve it and translate that by 100 rows, and get two different pictures."
 *
 * The convolution computes every second pixel, so 100 rows of the photograph are 50 rows of its result.
 * ../equivariance.c shows this with a photograph; this program shows it with numbers, 8 rows against 4.
 */
#include "seed.h"

#include <stdio.h>

enum { HEIGHT = 25, WIDTH = 13, CHANNELS = 3, OUT_HEIGHT = 12, OUT_WIDTH = 6, MOVED = 8, STRIDE = 2 };

/* kernel[row][column][channel], as in the question. */
static float kernel[27] = {0, 1, -1, 1, -1, 0, 0, 0, 0, -1, 0, -1, 1, -1, 0, 1, 0, 0, 1, -1, 0, 1, 0, 1, -1, 0, 1};

/* Sums over 3 x 3 pixels and all channels, at every second row and column. */
static clf_view convolve(clf_context *context, const clf_view *image) {
    static const int planes[3] = {2, 0, 1};
    const int64_t shape[3] = {1, OUT_HEIGHT, OUT_WIDTH};
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_view channels, result = seed_tensor(context, 3, shape, NULL);
    seed_check(clf_view_permute(image, planes, &channels, &error), &error);
    const clf_convolve_desc desc = {
        .src = channels,
        .dst = result,
        .kernel = {.data = kernel, .rank = 4, .shape = {1, 3, 3, 3}, .strides = {27, 1, 9, 3}},
        .mode = CLF_MODE_VALID,
        .stride = {STRIDE, STRIDE}};
    seed_check(clf_plan_correlate(context, &desc, &plan, &error), &error);
    seed_run(context, plan);
    return result;
}

/* Moved up by some rows, with zeros entering from below. */
static clf_view translate(clf_context *context, const clf_view *x, int axis, int rows) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_view result = seed_tensor(context, x->rank, x->shape, NULL);
    clf_shift_desc desc = {.src = *x, .dst = result, .border = {CLF_BORDER_CONSTANT}};
    desc.by[axis] = -rows;
    seed_check(clf_plan_shift(context, &desc, &plan, &error), &error);
    seed_run(context, plan);
    return result;
}

/* Compares the rows that no zeros have entered, then releases both. */
static bool same_above(clf_context *context, clf_view *a, clf_view *b, const char *title) {
    float left[OUT_HEIGHT * OUT_WIDTH], right[OUT_HEIGHT * OUT_WIDTH];
    const int rows = OUT_HEIGHT - MOVED / STRIDE;
    int different = 0;
    seed_read(context, a, left);
    seed_read(context, b, right);
    for (int i = 0; i < rows * OUT_WIDTH; i++)
        different += left[i] != right[i];
    printf("%s: %d of %d differ\n", title, different, rows * OUT_WIDTH);
    clf_tensor_release(a);
    clf_tensor_release(b);
    return different == 0;
}

int main(void) {
    clf_context *context = seed_open();
    const int64_t shape[3] = {HEIGHT, WIDTH, CHANNELS};
    float pixels[HEIGHT * WIDTH * CHANNELS];
    for (int i = 0; i < HEIGHT * WIDTH * CHANNELS; i++)
        pixels[i] = (float)(i * i % 251);
    clf_view image = seed_tensor(context, 3, shape, pixels);
    seed_print_shape("the image", 3, shape);
    seed_print("the kernel's first row of taps, column by column, channel by channel", 3, 3, kernel, 0);

    clf_view moved = translate(context, &image, 0, MOVED), plain = convolve(context, &image);
    clf_view first = convolve(context, &moved), second = translate(context, &plain, 1, MOVED);
    bool mistake =
        same_above(context, &first, &second, "translated by 8 then convolved, convolved then translated by 8");
    first = convolve(context, &moved);
    second = translate(context, &plain, 1, MOVED / STRIDE);
    bool right = same_above(context, &first, &second, "translated by 8 then convolved, convolved then translated by 4");
    printf("with a stride of 2, 8 rows of the image are 4 rows of the result\n");
    clf_tensor_release(&image);
    clf_tensor_release(&moved);
    clf_tensor_release(&plain);
    clf_context_destroy(context);
    return right && !mistake ? 0 : 1;
}
