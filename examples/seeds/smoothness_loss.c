/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Is this PyTorch implementation of the edge-aware disparity smoothness loss correct? I get poor results."
 *
 * Its formula is correct: with replicate padding the last differences are 0, and the mean is over all N*H*W pixels. Two
 * other things are not. The methods x_grad(image) and y_grad(image) lack self, so self.x_grad(disparity_map) fails. And
 * this mean counts the zeros of the last row and column; implementations that average the H*(W-1) and the (H-1)*W
 * differences separately give a different number for the same disparity.
 */
#include "seed.h"

#include <math.h>
#include <stdio.h>

enum { CHANNELS = 3, HEIGHT = 3, WIDTH = 4, PIXELS = HEIGHT * WIDTH };

static float disparity[PIXELS], image[CHANNELS * PIXELS];

/* |d' - d| exp(-|I' - I|) for pixel p and its neighbour q, which is p itself in the last row or column. */
static double term(int p, int q) {
    double squares = 0;
    for (int c = 0; c < CHANNELS; c++)
        squares += pow((double)image[c * PIXELS + q] - (double)image[c * PIXELS + p], 2);
    return fabs((double)disparity[q] - (double)disparity[p]) * exp(-sqrt(squares));
}

static float loss_of(clf_context *context, const clf_view *d, const clf_view *i, clf_smoothness_reduction reduction,
                     float *gradient) {
    float loss = 0;
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_view result = seed_tensor(context, 1, (int64_t[]){1}, NULL), slope = seed_tensor(context, 4, d->shape, NULL);
    const clf_smoothness_desc desc = {
        .disparity = *d, .image = *i, .loss = result, .grad_disparity = slope, .reduction = reduction};
    seed_check(clf_plan_smoothness(context, &desc, &plan, &error), &error);
    seed_run(context, plan);
    seed_read(context, &result, &loss);
    seed_read(context, &slope, gradient);
    clf_tensor_release(&result);
    clf_tensor_release(&slope);
    return loss;
}

int main(void) {
    clf_context *context = seed_open();
    float gradient[PIXELS];
    double along_x = 0, along_y = 0;
    for (int p = 0; p < PIXELS; p++) {
        disparity[p] = (float)(p * p % 7);
        for (int c = 0; c < CHANNELS; c++)
            image[c * PIXELS + p] = (float)((p * 5 + c * 3) % 8) / 8;
    }
    for (int p = 0; p < PIXELS; p++) {
        along_x += term(p, p % WIDTH < WIDTH - 1 ? p + 1 : p);
        along_y += term(p, p / WIDTH < HEIGHT - 1 ? p + WIDTH : p);
    }
    clf_view d = seed_tensor(context, 4, (int64_t[]){1, 1, HEIGHT, WIDTH}, disparity);
    clf_view i = seed_tensor(context, 4, (int64_t[]){1, CHANNELS, HEIGHT, WIDTH}, image);
    seed_print("the disparity", HEIGHT, WIDTH, disparity, 0);
    printf("the formula by hand: %.4f\n", (along_x + along_y) / PIXELS);
    const float mean = loss_of(context, &d, &i, CLF_SMOOTHNESS_MEAN, gradient);
    printf("the loss: %.4f\n", (double)mean);
    seed_print("its gradient with respect to the disparity", HEIGHT, WIDTH, gradient, 4);
    const float apart = loss_of(context, &d, &i, CLF_SMOOTHNESS_PER_AXIS_MEAN, gradient);
    printf("averaged over the differences of each axis separately: %.4f\n", (double)apart);
    clf_tensor_release(&d);
    clf_tensor_release(&i);
    clf_context_destroy(context);
    return fabs((double)mean - (along_x + along_y) / PIXELS) < 1e-5 ? 0 : 1;
}
