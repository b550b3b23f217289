/* SPDX-License-Identifier: Apache-2.0 */
/* Selection along an axis: whole rows, where it is a copy, and single elements by random indices. */
#include "groups.h"

const bench_row bench_take_rows[] = {
    {.name = "take.rows",
     .line = "take f32 100000x1024 axis=0 count=100000",
     .rivals = {{"copy", AT_MOST(1.2), NULL}, {"numpy.take", 0, NULL}}},
    {.name = "take.last", .line = "take f32 4096x16384 axis=1 count=16384", .rivals = {{"numpy.take", 5, NULL}}},
    {.name = NULL},
};
