/* SPDX-License-Identifier: Apache-2.0 */
/* Pseudo-inverses of many small matrices. */
#include "groups.h"

const bench_row bench_pinv_rows[] = {
    {.name = "pinv.2x4",
     .line = "pinv f32 1000000x2x4",
     .rivals = {{"copy", AT_MOST(2), NULL}, {"PyTorch", 50, NULL}, {"numpy, batched", 30, NULL}}},
    {.name = "pinv.8x8", .line = "pinv f32 100000x8x8", .rivals = {{"PyTorch", 5, NULL}}},
    {.name = NULL},
};
