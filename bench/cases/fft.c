/* SPDX-License-Identifier: Apache-2.0 */
/* Large kernels, where transforms pay: the planner's own choice against the fastest that others have. */
#include "groups.h"

#define LINE(size) "corr f32 2048x2048 k=" size " border=reflect"
#define LARGE(size) .name = "fft." size, .line = LINE(size)
#define FILTER2D \
    { "cv::filter2D", 0, NULL }
#define TRANSFORMS                               \
    {"FFTW", 0, NULL}, {"scipy.fft", 0, NULL}, { \
        "scipy.signal.oaconvolve", 0, NULL       \
    }

const bench_row bench_fft_rows[] = {
    {LARGE("15x15"), .fastest_goal = 4, .rivals = {FILTER2D, TRANSFORMS}},
    {LARGE("31x31"), .fastest_goal = 3, .rivals = {FILTER2D, TRANSFORMS}},
    {LARGE("63x63"), .fastest_goal = 2, .rivals = {FILTER2D, TRANSFORMS}},
    {LARGE("127x127"), .fastest_goal = 1.1, .rivals = {FILTER2D, TRANSFORMS}},
    {LARGE("255x255"), .fastest_goal = 1.1, .rivals = {FILTER2D, TRANSFORMS, {"clfilter", AT_MOST(2), LINE("63x63")}}},
    {.name = NULL},
};
