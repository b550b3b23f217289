/* SPDX-License-Identifier: Apache-2.0 */
/* Convolution: an image of four megapixels at every odd size, 8-bit images, volumes, separable taps, one small call. */
#include "groups.h"

/* An image of f32 with a reflect border against OpenCV. */
#define REFLECT(size, goal)                                                                                            \
    {.name = "conv.reflect." size,                                                                                     \
     .line = "corr f32 2048x2048 k=" size " border=reflect",                                                           \
     .rivals = {{"cv::filter2D", goal, NULL}}}

/* The same with a periodic border, which may cost a tenth more than the reflect one. */
#define PERIODIC(size)                                                                                                 \
    {.name = "conv.periodic." size,                                                                                    \
     .line = "corr f32 2048x2048 k=" size " border=periodic",                                                          \
     .rivals = {{"clfilter", AT_MOST(1.1), "corr f32 2048x2048 k=" size " border=reflect"}}}

#define BYTES(size)                                                                                                    \
    {.name = "conv.u8." size,                                                                                          \
     .line = "corr u8 2048x2048 k=" size " border=reflect",                                                            \
     .rivals = {{"cv::filter2D", 1.0, NULL}}}

#define GAUSSIAN(size)                                                                                                 \
    {.name = "conv.gaussian." size,                                                                                    \
     .line = "corr f32 2048x2048 k=" size " border=reflect",                                                           \
     .taps = "gaussian",                                                                                               \
     .rivals = {{"cv::sepFilter2D", 1.5, NULL}}}

const bench_row bench_conv_rows[] = {
    {.name = "conv.reflect.3x3",
     .line = "corr f32 2048x2048 k=3x3 border=reflect",
     .rivals = {{"cv::filter2D", 1.8, NULL}, {"copy", AT_MOST(1.5), NULL}}},
    REFLECT("5x5", 2.5),
    REFLECT("7x7", 2.5),
    REFLECT("9x9", 4),
    REFLECT("11x11", 4),
    REFLECT("13x13", 4),
    REFLECT("15x15", 4),
    PERIODIC("3x3"),
    PERIODIC("7x7"),
    PERIODIC("15x15"),
    BYTES("3x3"),
    BYTES("5x5"),
    GAUSSIAN("7x7"),
    GAUSSIAN("15x15"),
    GAUSSIAN("31x31"),
    {.name = "conv.volume.3x3x3",
     .line = "corr f32 256x256x256 k=3x3x3 border=reflect",
     .rivals = {{"scipy.ndimage", 20, NULL}}},
    {.name = "conv.small.3x3",
     .line = "corr f32 256x256 k=3x3 border=reflect",
     .rivals = {{"empty launch + memcpy", AT_MOST(3), NULL}}},
    {.name = NULL}};
