/* SPDX-License-Identifier: Apache-2.0 */
/* Translation by whole samples: a copy, on any border. */
#include "groups.h"

const bench_row bench_shift_rows[] = {
    {.name = "shift.whole",
     .line = "shift f32 8x2048x2048 by=0,17,-250 border=periodic",
     .rivals = {{"copy", AT_MOST(1.2), NULL}, {"numpy.roll", 0, NULL}}},
    {.name = "shift.planes",
     .line = "shift f32 32000x28x28 by=0,3,-2 border=periodic",
     .rivals = {{"copy", AT_MOST(1.2), NULL}, {"numpy.roll", 0, NULL}}},
    {.name = "shift.u8",
     .line = "shift u8 8x4096x4096 by=0,17,-250 border=reflect",
     .rivals = {{"copy", AT_MOST(1.2), NULL}}},
    {.name = NULL},
};
