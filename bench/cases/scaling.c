/* SPDX-License-Identifier: Apache-2.0 */
/* How time grows: with the pixels, where it should stay flat an output, and with the taps. */
#include "groups.h"

#define PIXELS(size)                                                                           \
    .name = "scaling.pixels." size, .line = "corr f32 " size "x" size " k=5x5 border=reflect", \
    .series = "5x5 over the size of the image"

#define TAPS(size)                                                                        \
    .name = "scaling.taps." size, .line = "corr f32 2048x2048 k=" size " border=reflect", \
    .series = "2048x2048 over the size of the kernel"

const bench_row bench_scaling_rows[] = {
    {PIXELS("512")},   {PIXELS("1024")}, {PIXELS("2048")}, {PIXELS("4096")}, {PIXELS("8192")},
    {PIXELS("16384")}, {TAPS("3x3")},    {TAPS("5x5")},    {TAPS("7x7")},    {TAPS("11x11")},
    {TAPS("15x15")},   {TAPS("21x21")},  {TAPS("31x31")},  {.name = NULL},
};
