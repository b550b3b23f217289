/* SPDX-License-Identifier: Apache-2.0 */
/* Translation by whole samples: a copy, on any border. */
#include "groups.h"

const bench_row bench_shift_rows[] = {
    {.name = "shift.whole",
     .line = "shift f32 8x2048x2048 by=0,17,-250 border=periodic",
     .rivals = {{"copy", AT_MOST(1.2), NULL}, {"numpy.roll", 0, NULL}}},
    {.name = NULL},
};
