/* SPDX-License-Identifier: Apache-2.0 */
/* Derivatives: the edge magnitude of a large batch of small planes, and Sobel's of one image. */
#include "groups.h"

const bench_row bench_gradient_rows[] = {
    {.name = "gradient.batch",
     .line = "gradient f32 1000x128x28x28 op=central border=reflect",
     .rivals = {{"copy", AT_MOST(1.3), NULL}, {"PyTorch", 25, NULL}}},
    {.name = "gradient.sobel",
     .line = "gradient f32 2048x2048 op=sobel border=reflect",
     .rivals = {{"cv::Sobel, magnitude", 3, NULL}}},
    {.name = NULL},
};
