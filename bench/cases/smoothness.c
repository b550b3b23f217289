/* SPDX-License-Identifier: Apache-2.0 */
/* The edge-aware smoothness loss: forward, and the gradient with respect to the disparity and to the image. */
#include "groups.h"

const bench_row bench_smoothness_rows[] = {
    {.name = "smoothness.loss", .line = "smoothness f32 8x3x1024x1024", .rivals = {{"copy", AT_MOST(2), NULL}}},
    {.name = "smoothness.grad_disparity",
     .line = "smoothness f32 8x3x1024x1024 out=grad_disparity",
     .rivals = {{"copy", 0, NULL}}},
    {.name = "smoothness.grad_image",
     .line = "smoothness f32 8x3x1024x1024 out=grad_image",
     .rivals = {{"copy", 0, NULL}}},
    {.name = NULL},
};
