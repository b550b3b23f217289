/* SPDX-License-Identifier: Apache-2.0 */
/* Convolution: an image of four megapixels at every odd size, 8-bit, separable, volumes, a bank, one small call. */
#include "groups.h"

#define REFLECT_LINE(size) "corr f32 2048x2048 k=" size " border=reflect"

#define REFLECT(size) .name = "conv.reflect." size, .line = REFLECT_LINE(size)
#define BYTES(size) .name = "conv.u8." size, .line = "corr u8 2048x2048 k=" size " border=reflect"
#define GAUSSIAN(size) .name = "conv.gaussian." size, .line = REFLECT_LINE(size), .taps = "gaussian"

/* A periodic border may cost a tenth more than a reflect one. */
#define PERIODIC(size) .name = "conv.periodic." size, .line = "corr f32 2048x2048 k=" size " border=periodic"
#define THAN_REFLECT(size) \
    { "clfilter", AT_MOST(1.1), REFLECT_LINE(size) }

const bench_row bench_conv_rows[] = {
    {REFLECT("3x3"), .rivals = {{"cv::filter2D", 1.8, NULL}, {"copy", AT_MOST(1.5), NULL}}},
    {REFLECT("5x5"), .rivals = {{"cv::filter2D", 2.5, NULL}}},
    {REFLECT("7x7"), .rivals = {{"cv::filter2D", 2.5, NULL}}},
    {REFLECT("9x9"), .rivals = {{"cv::filter2D", 4, NULL}}},
    {REFLECT("11x11"), .rivals = {{"cv::filter2D", 4, NULL}}},
    {REFLECT("13x13"), .rivals = {{"cv::filter2D", 4, NULL}}},
    {REFLECT("15x15"), .rivals = {{"cv::filter2D", 4, NULL}}},
    {PERIODIC("3x3"), .rivals = {THAN_REFLECT("3x3")}},
    {PERIODIC("7x7"), .rivals = {THAN_REFLECT("7x7")}},
    {PERIODIC("15x15"), .rivals = {THAN_REFLECT("15x15")}},
    {BYTES("3x3"), .rivals = {{"cv::filter2D", 1.0, NULL}}},
    {BYTES("5x5"), .rivals = {{"cv::filter2D", 1.0, NULL}}},
    {GAUSSIAN("7x7"), .rivals = {{"cv::sepFilter2D", 1.5, NULL}}},
    {GAUSSIAN("15x15"), .rivals = {{"cv::sepFilter2D", 1.5, NULL}}},
    {GAUSSIAN("31x31"), .rivals = {{"cv::sepFilter2D", 1.5, NULL}}},
    {.name = "conv.volume.3x3x3",
     .line = "corr f32 256x256x256 k=3x3x3 border=reflect",
     .rivals = {{"scipy.ndimage", 20, NULL}}},
    {.name = "conv.bank.3x3",
     .line = "corr f32 8x64x56x56 k=64x64x3x3 border=constant",
     .rivals = {{"oneDNN", 0.7, NULL}, {"PyTorch", 0, NULL}}},
    {.name = "conv.small.3x3",
     .line = "corr f32 256x256 k=3x3 border=reflect",
     .rivals = {{"empty launch + memcpy", AT_MOST(3), NULL}}},
    {.name = NULL},
};
