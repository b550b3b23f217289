/* SPDX-License-Identifier: Apache-2.0 */
/* The sizes of conv.tile's tiles, what each costs, and the choice among them. */
#include "ops/conv/tile.h"

#include <math.h>

/*
 * A size that tiles may have, and what an element of it costs one core in cycles: forward and along x, and back along y
 * of the columns that hold outputs. Fitted to 2048 x 2048 images, f32, on two cores with AVX-512.
 */
typedef struct tile_size {
    int tile, radix[3];
    double forward, back;
} tile_size;

static const tile_size sizes[CLF_CONV_TILE_SIZES] = {
    {32, {4, 1, 1}, 2.99, 0.26},    {64, {8, 1, 1}, 1.43, 2.99},   {96, {4, 3, 1}, 2.08, 3.64},
    {128, {4, 4, 1}, 1.82, 3.9},    {192, {3, 8, 1}, 2.47, 3.77},  {256, {4, 8, 1}, 2.86, 3.77},
    {384, {4, 3, 4}, 5.2, 2.73},    {512, {8, 8, 1}, 4.29, 4.29},  {768, {4, 8, 3}, 5.46, 5.46},
    {1024, {4, 8, 4}, 10.14, 2.34}, {160, {5, 4, 1}, 2.86, 3.12},  {320, {5, 8, 1}, 3.64, 3.64},
    {640, {8, 5, 2}, 5.59, 4.29},   {1280, {4, 8, 5}, 11.18, 1.3},
};

enum { SLOTS_PER_UNIT = 4 };

/* What tiles side by side cost that do not give whole vectors of outputs, which are then stored in pieces: measured. */
static const double pieces_factor = 1.7;

static int64_t divide_up(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

/* Outputs counted in steps of 1, along an axis. */
static int64_t positions(const clf_conv_problem *problem, int axis) {
    return (problem->out[axis] - 1) * problem->step[axis] + 1;
}

/* Outputs that one tile gives along an axis, a multiple of its step; 0 if it gives none. */
static int64_t outputs(const clf_conv_problem *problem, int axis, int tile) {
    int64_t most = tile - (problem->taps[axis] - 1) * problem->dilation[axis], all = positions(problem, axis);
    if (most < 1)
        return 0;
    return most >= all ? all : most / problem->step[axis] * problem->step[axis];
}

/* Elements along x that tiles must begin early for their vectors not to lie across two lines of memory. */
static int64_t find_lead(const clf_conv_problem *problem, int vector) {
    if (problem->src_stride[2] != 1 || problem->src_stride[1] % vector != 0)
        return 0;
    int64_t past = ((int64_t)problem->src.offset + problem->start[2]) % vector;
    return past < 0 ? past + vector : past;
}

/*
 * Fills in how many column blocks go together and what a tile and a spectrum take, as cl/conv/tile_fft.h lays them out.
 * Large tiles load and store more columns at once: their rows are a page apart each. Returns the bytes of local memory
 * beside the tile.
 */
static size_t measure(const clf_context *context, clf_conv_tiling *t, size_t element) {
    size_t side = (size_t)t->tile, part = side / (size_t)t->radix[0], gap = part % (size_t)t->vector == 0;
    size_t blocks = (size_t)(t->tile / t->vector), vectors = 2 * (size_t)t->radix[0] * (part + gap);
    size_t block = vectors * (size_t)t->vector * element, offsets = 4 * (size_t)t->tile * sizeof(int64_t);
    t->spectrum_bytes = blocks * block;
    t->tile_bytes = blocks * (vectors + 2) * (size_t)t->vector * element;
    t->tile_bytes += 4 * side * ((side + 63) / 64) * sizeof(int64_t) + 2 * side * element; /* maps behind it */
    t->group = t->tile <= 64 ? 1 : t->tile <= 256 ? 2 : 4;
    while (t->group > 1 && (size_t)t->group * block + offsets > context->info.local_bytes)
        t->group /= 2;
    return (size_t)t->group * block + offsets;
}

static bool cut(const clf_context *context, const clf_conv_problem *problem, const tile_size *size, bool whole,
                clf_conv_tiling *t) {
    bool wide = clf_conv_wide(problem);
    t->tile = size->tile;
    for (int i = 0; i < 3; i++)
        t->radix[i] = size->radix[i];
    t->vector = wide ? 8 : 16;
    t->rows = outputs(problem, 1, t->tile);
    t->columns = outputs(problem, 2, t->tile);
    if (whole && t->columns < positions(problem, 2)) { /* whole vectors of outputs */
        int64_t unit = t->vector * problem->step[2];
        t->columns = t->columns / unit * unit;
    }
    if (t->rows < 1 || t->columns < 1)
        return false;
    int64_t lead = find_lead(problem, t->vector);
    t->lead = lead + t->columns + (problem->taps[2] - 1) * problem->dilation[2] <= t->tile ? lead : 0;
    t->down = divide_up(positions(problem, 1), t->rows);
    t->across = divide_up(positions(problem, 2), t->columns);
    t->tiles = t->down * t->across * problem->out[0] * problem->batch.count;
    size_t others = measure(context, t, wide ? sizeof(double) : sizeof(float));
    t->local = t->tile_bytes + others <= context->info.local_bytes;
    int64_t pairs = divide_up(t->tiles, 2), units = clf_context_profile(context)->units;
    t->groups = (size_t)(t->local || pairs < units * SLOTS_PER_UNIT ? pairs : units * SLOTS_PER_UNIT);
    t->turns = t->groups < (size_t)pairs ? SLOTS_PER_UNIT : 1;
    double back = size->back * (double)divide_up(t->columns, t->vector) * t->vector / t->tile;
    double cycles = (size->forward + back) * (wide ? 2 : 1) * t->tile * t->tile;
    t->flops = CLF_CYCLE_FLOPS * cycles * (double)(divide_up(pairs, units) * units);
    if (t->across > 1 && t->columns % (t->vector * problem->step[2]) != 0)
        t->flops *= pieces_factor;
    return (cl_ulong)t->tile_bytes * t->groups <= context->info.max_alloc_bytes && others <= context->info.local_bytes;
}

bool clf_conv_find_tiling(const clf_context *context, const clf_conv_problem *problem, int variant,
                          clf_conv_tiling *tiling) {
    bool found = false;
    for (int i = 0; i < CLF_CONV_TILE_SIZES; i++)
        for (int whole = 0; whole < 2; whole++) {
            clf_conv_tiling next;
            if ((variant > 0 && i != variant - 1) || !cut(context, problem, &sizes[i], whole != 0, &next))
                continue;
            if (!found || next.flops < tiling->flops)
                *tiling = next;
            found = true;
        }
    return found;
}
