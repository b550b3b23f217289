/* SPDX-License-Identifier: Apache-2.0 */
/* How conv.tile cuts a convolution into tiles, between the choice (conv_tile_size.c) and the plan (conv_tile.c). */
#ifndef CLF_OPS_CONV_TILE_H
#define CLF_OPS_CONV_TILE_H

#include "ops/conv/conv.h"

typedef struct clf_conv_tiling {
    int tile;              /* side */
    int radix[3];          /* of the passes before the last, which is 8; 1: no pass */
    int vector;            /* lanes */
    int group;             /* blocks of `vector` columns that are loaded together */
    bool local;            /* the tile fits into local memory */
    size_t groups;         /* work-groups, each with a slot of global memory where the tile is not local */
    size_t turns;          /* work-groups of a compute unit where all have several; else 1 */
    size_t tile_bytes;     /* of a complex tile as kernels keep it */
    size_t spectrum_bytes; /* of the kernel's spectrum */
    int64_t rows, columns; /* outputs of one tile, counted in steps of 1 */
    int64_t down, across;  /* tiles along y and x */
    int64_t lead;          /* elements along x that a tile begins early, so that its vectors are aligned in memory */
    int64_t tiles;         /* of all planes */
    double flops;          /* of the peak, estimated: what all units could do meanwhile */
} clf_conv_tiling;

/* Variant 0 is the fastest tiling by estimate, each other one that of a size of tile. */
enum { CLF_CONV_TILE_SIZES = 14, CLF_CONV_TILE_VARIANTS = 1 + CLF_CONV_TILE_SIZES };

/* Finds a variant's tiling; false if its tile is not large enough for the kernel, or none is. */
bool clf_conv_find_tiling(const clf_context *context, const clf_conv_problem *problem, int variant,
                          clf_conv_tiling *tiling);

#endif
