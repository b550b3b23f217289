/* SPDX-License-Identifier: Apache-2.0 */
/* How time grows: with the pixels, where it should stay flat an output, and with the taps. */
#include "groups.h"

#define PIXELS(title, short_name, words, size)                                                                    \
    .name = "scaling.pixels." short_name "." size, .line = "corr f32 " size "x" size " " words " border=reflect", \
    .series = title " over the size of the image"

#define FULL(size) PIXELS("3x3", "3x3", "k=3x3", size)
#define FIVE(size) PIXELS("5x5", "5x5", "k=5x5", size)
#define SEPARABLE(size) PIXELS("Separable 15x15", "separable", "k=15x15 taps=rank1", size)

#define TAPS(size)                                                                        \
    .name = "scaling.taps." size, .line = "corr f32 2048x2048 k=" size " border=reflect", \
    .series = "2048x2048 over the size of the kernel"

#define SEPARABLE_TAPS(size)                                                                                   \
    .name = "scaling.taps.separable." size, .line = "corr f32 2048x2048 k=" size " taps=rank1 border=reflect", \
    .series = "2048x2048 over the size of a separable kernel"

const bench_row bench_scaling_rows[] = {
    {FULL("256")},
    {FULL("512")},
    {FULL("1024")},
    {FULL("2048")},
    {FULL("4096")},
    {FULL("8192")},
    {FULL("16384")},
    {FIVE("256")},
    {FIVE("512")},
    {FIVE("1024")},
    {FIVE("2048")},
    {FIVE("4096")},
    {FIVE("8192")},
    {FIVE("16384")},
    {SEPARABLE("256")},
    {SEPARABLE("512")},
    {SEPARABLE("1024")},
    {SEPARABLE("2048")},
    {SEPARABLE("4096")},
    {SEPARABLE("8192")},
    {SEPARABLE("16384")},
    {TAPS("3x3")},
    {TAPS("5x5")},
    {TAPS("7x7")},
    {TAPS("11x11")},
    {TAPS("15x15")},
    {TAPS("21x21")},
    {TAPS("31x31")},
    {TAPS("63x63")},
    {TAPS("127x127")},
    {TAPS("255x255")},
    {SEPARABLE_TAPS("3x3")},
    {SEPARABLE_TAPS("7x7")},
    {SEPARABLE_TAPS("15x15")},
    {SEPARABLE_TAPS("31x31")},
    {SEPARABLE_TAPS("63x63")},
    {SEPARABLE_TAPS("127x127")},
    {SEPARABLE_TAPS("255x255")},
    {.name = NULL},
};
