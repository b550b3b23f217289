/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "I sample frames from data of shape (2, 3, 50, 25, 1) with NumPy's fancy indexing, and it says that shape
 * (5, 3, 25, 1) cannot be broadcast into (3, 5, 25, 1)."
 *
 * In data[n, :, frames, :, :] a slice separates two indices, and NumPy then moves the selected axis to the front.
 * A selection along an axis leaves it where it is.
 */
#include "seed.h"

#include <stdio.h>

enum { N = 2, C = 3, T = 50, V = 25, M = 1, COUNT = N * C * T * V * M, FRAMES = 5 };

static float data[COUNT], new_data[COUNT];

int main(void) {
    clf_context *context = seed_open();
    clf_error error = {0};
    clf_plan *plan = NULL;
    const int64_t shape[5] = {N, C, T, V, M}, moved[4] = {FRAMES, C, V, M}, wanted[4] = {C, FRAMES, V, M};
    int32_t valid_frames[FRAMES] = {2, 3, 4, 5, 6};
    for (int i = 0; i < COUNT; i++)
        data[i] =
            (float)(i / (V * M) % T) + (float)(i % (V * M)) / 100; /* the number of the frame, and the position in it */
    clf_view source = seed_tensor(context, 5, shape, data), target = seed_tensor(context, 5, shape, NULL), first;

    seed_print_shape("data", 5, shape);
    seed_print_shape("data[n, :, frames, :, :] is", 4, moved);
    seed_print_shape("new_data[n, :, :5, :, :] is", 4, wanted);

    /* All n at once: the selection is written to a view of the target, its first five frames. */
    seed_check(clf_view_crop(&target, 2, 0, FRAMES, &first, &error), &error);
    const clf_take_desc desc = {.src = source,
                                .dst = first,
                                .indices = {.data = valid_frames, .dtype = CLF_I32, .rank = 1, .shape = {FRAMES}},
                                .axis = 2};
    seed_check(clf_plan_take(context, &desc, &plan, &error), &error);
    seed_run(context, plan);
    seed_read(context, &target, new_data);
    seed_print_shape("taken along axis 2, in place", 5, first.shape);
    float shown[7 * 3];
    for (int t = 0; t < 7; t++)
        for (int v = 0; v < 3; v++)
            shown[t * 3 + v] = new_data[(1 * C + 2) * T * V * M + t * V * M + v];
    seed_print("new_data[1, 2, :7, :3, 0]: frames 2 to 6, then the old contents", 7, 3, shown, 2);

    /* An index out of range is named, and nothing is written. */
    valid_frames[3] = 50;
    clf_status status = clf_plan_take(context, &desc, &plan, &error);
    printf("with frame 50: %s: %s\n", clf_status_name(status), error.message);
    clf_tensor_release(&source);
    clf_tensor_release(&target);
    clf_context_destroy(context);
    return status == CLF_OUT_OF_RANGE ? 0 : 1;
}
