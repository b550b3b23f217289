/* SPDX-License-Identifier: Apache-2.0 */
/* The edge-aware smoothness loss and its gradients; the copy's bytes are those of one reading of both inputs. */
#include "groups.h"

#define LARGE "smoothness f32 8x3x1024x1024"

const bench_row bench_smoothness_rows[] = {
    {.name = "smoothness.loss", .line = LARGE, .rivals = {{"copy", AT_MOST(2), NULL}, {"PyTorch", 20, NULL}}},
    {.name = "smoothness.disparity", .line = LARGE " with=grad_disparity", .rivals = {{"PyTorch", 20, NULL}}},
    {.name = "smoothness.image", .line = LARGE " with=grad_image", .rivals = {{"PyTorch", 20, NULL}}},
    {.name = "smoothness.all", .line = LARGE " with=loss,grad_disparity,grad_image", .rivals = {{"PyTorch", 20, NULL}}},
    {.name = NULL},
};
