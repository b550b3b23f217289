/* SPDX-License-Identifier: Apache-2.0 */
/* The cut of a bank's work into wide items, chosen by counting cycles, and its table (cl/conv/bank_cut.h). */
#include "base/alloc.h"
#include "ops/conv/bank.h"

#include "cl/conv/bank_cut.h"

#include <math.h>
#include <stdlib.h>

enum {
    MOST_ROWS = 16,
    MOST_COLUMNS = 1024,
    LEAST_COLUMNS = 48,         /* of parts of a row */
    CHUNK_BYTES = 24 << 10,     /* staged for one tile: half of a first-level cache */
    MOST_LOCAL_BYTES = 1 << 20, /* half of a second-level cache */
    ITEMS_PER_UNIT = 4          /* work-items a unit, below which outputs are shared out too */
};

/* Sums that stay in registers, of which there are many or few: outputs x vectors. The builds that there are. */
enum { MANY_VECTORS = 32, MOST_TILES = 7 };
typedef struct bank_tile {
    int block, lanes;
} bank_tile;
static const bank_tile tiles_of_many[MOST_TILES] = {{8, 3}, {6, 4}, {8, 1}, {4, 4}, {3, 4}, {2, 4}, {1, 4}};
static const bank_tile tiles_of_few[MOST_TILES] = {{6, 1}, {4, 1}, {3, 1}, {2, 2}, {1, 4}};

static bool many_vectors(const clf_context *context) {
    return clf_context_profile(context)->vectors >= MANY_VECTORS;
}

static int64_t ratio_up(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

/* Distinct phases of `taps` taps, in order of their first tap; `list` may be NULL. */
static int64_t find_phases(int64_t taps, int64_t dilation, int64_t step, int32_t *list) {
    int64_t count = 0;
    do {
        if (list)
            list[count] = (int32_t)(count * dilation % step);
        count++;
    } while (count < taps && count * dilation % step != 0);
    return count;
}

void clf_bank_cut_phases(const clf_conv_problem *problem, clf_bank_cut *cut) {
    for (int axis = 1; axis <= 2; axis++)
        cut->phases[axis - 1] = find_phases(problem->taps[axis], problem->dilation[axis], problem->step[axis], NULL);
}

int64_t clf_bank_local_elements(const clf_context *context, const clf_conv_problem *problem) {
    cl_ulong bytes = context->info.local_bytes < MOST_LOCAL_BYTES ? context->info.local_bytes : MOST_LOCAL_BYTES;
    return (int64_t)bytes / (clf_conv_wide(problem) ? 8 : 4);
}

bool clf_bank_cut_stage(const clf_conv_problem *problem, int64_t local_elements, clf_bank_cut *cut) {
    cut->halo = (problem->taps[1] - 1) * problem->dilation[1] / problem->step[1];
    cut->pitch = cut->columns + (problem->taps[2] - 1) * problem->dilation[2] / problem->step[2];
    if (clf_conv_tap_count(problem) > CLF_BANK_DISTANCES || cut->halo > local_elements || cut->pitch > local_elements)
        return false;
    cut->plane = (cut->rows + cut->halo) * cut->pitch;
    cut->channel = problem->taps[0] * cut->phases[0] * cut->phases[1] * cut->plane;
    return true;
}

/* Sizes that follow from the tile, the rectangle and the part; false if they do not fit. */
static bool complete(const clf_conv_problem *problem, int64_t local_elements, clf_bank_cut *cut) {
    int64_t tile = (int64_t)cut->lanes * cut->vector, taps = clf_conv_tap_count(problem);
    if (!clf_bank_cut_stage(problem, local_elements, cut))
        return false;
    cut->flat = ratio_up((cut->rows - 1) * cut->pitch + cut->columns, tile) * tile;
    cut->kept = cut->part * cut->block * cut->flat;
    /* What one tile reads of a channel: a piece for every row of taps and phase. */
    int64_t piece = problem->taps[0] * problem->taps[1] * cut->phases[1] * (tile + cut->pitch - cut->columns);
    int64_t chunk = piece < 1 ? 1 : CHUNK_BYTES / (clf_conv_wide(problem) ? 8 : 4) / piece;
    int64_t room = (local_elements - tile - cut->kept) / cut->channel;
    chunk = chunk < 1 ? 1 : chunk;
    chunk = chunk < room ? chunk : room;
    chunk = chunk < CLF_BANK_DISTANCES / taps ? chunk : CLF_BANK_DISTANCES / taps;
    cut->chunk = chunk < problem->inputs ? chunk : problem->inputs;
    cut->staged = cut->chunk * cut->channel + tile;
    return cut->chunk >= 1;
}

/* Cycles of `count` elements moved: by vectors where they are neighbours. */
static double moved(int64_t count, int vector, bool neighbours) {
    return 20 + (double)count * (neighbours ? 2.0 / vector : 1.5);
}

/*
 * Cycles of a tile for one tap: two multiply-adds or two loads each, and no fewer than a multiply-add takes to be done.
 * Where registers hold half a vector, these cycles are two of the device's, and some of those pass between the taps.
 */
static double tap_cycles(const clf_context *context, const clf_bank_cut *cut) {
    double sums = cut->block * cut->lanes, loads = 2 * cut->lanes + cut->block;
    if (many_vectors(context))
        return fmax(fmax(sums, loads) / 2, 4);
    return fmax(fmax(sums, loads / 2) / 2, 2) + 0.5;
}

/* Flops of the peak that a cut costs. */
static double flops_of(const clf_context *context, const clf_conv_problem *problem, const clf_bank_cut *cut) {
    double sums = cut->block * cut->lanes;
    double tile_count = (double)(cut->flat / ((int64_t)cut->lanes * cut->vector) * cut->part);
    double arithmetic = tile_count * (double)(problem->inputs * clf_conv_tap_count(problem)) * tap_cycles(context, cut);
    double kept = tile_count * (double)ratio_up(problem->inputs, cut->chunk) * (2 * sums + 20);
    double lines = (double)(problem->inputs * cut->channel / cut->pitch);
    double staging = lines * moved(cut->pitch, cut->vector, problem->src_stride[2] * problem->step[2] == 1);
    double storing =
        (double)(cut->part * cut->block * cut->rows) * moved(cut->columns, cut->vector, problem->dst_stride[2] == 1);
    int64_t items = ratio_up(problem->out[1], cut->rows) * ratio_up(problem->out[2], cut->columns) * problem->out[0] *
                    problem->groups * problem->batch.count * cut->parts;
    int64_t units = clf_context_profile(context)->units, turns = ratio_up(items, units);
    return (double)(turns * units) * (arithmetic + kept + staging + storing + 500) * CLF_CYCLE_FLOPS;
}

/* Tries a rectangle with the outputs shared out more and more, until all units have work or all blocks are apart. */
static void try_parts(const clf_context *context, const clf_conv_problem *problem, int64_t local_elements,
                      clf_bank_cut *trial, clf_bank_cut *best) {
    int64_t items = ratio_up(problem->out[1], trial->rows) * ratio_up(problem->out[2], trial->columns) *
                    problem->out[0] * problem->groups * problem->batch.count;
    for (int64_t parts = 1; parts <= trial->blocks; parts *= 2) {
        trial->part = ratio_up(trial->blocks, parts);
        trial->parts = ratio_up(trial->blocks, trial->part);
        if (!complete(problem, local_elements, trial))
            continue;
        trial->flops = flops_of(context, problem, trial);
        if (best->block == 0 || trial->flops < best->flops)
            *best = *trial;
        if (items * parts >= (int64_t)ITEMS_PER_UNIT * clf_context_profile(context)->units)
            return;
    }
}

/* Tries every rectangle for one tile. */
static void try_rectangles(const clf_context *context, const clf_conv_problem *problem, int64_t local_elements,
                           clf_bank_cut *trial, clf_bank_cut *best) {
    int64_t width = problem->out[2], across = ratio_up(width, MOST_COLUMNS), columns;
    do {
        columns = trial->columns = ratio_up(width, across);
        for (int64_t rows = 1; rows <= MOST_ROWS && rows <= problem->out[1]; rows++) {
            trial->rows = ratio_up(problem->out[1], ratio_up(problem->out[1], rows));
            if (trial->rows == rows)
                try_parts(context, problem, local_elements, trial, best);
        }
        across += (across + 1) / 2;
    } while (columns > LEAST_COLUMNS);
}

bool clf_bank_cut_find(const clf_context *context, const clf_conv_problem *problem, clf_bank_cut *cut) {
    clf_bank_cut trial = {.vector = clf_profile_lanes(clf_context_profile(context), clf_conv_wide(problem))};
    *cut = (clf_bank_cut){0};
    int64_t local_elements = clf_bank_local_elements(context, problem);
    clf_bank_cut_phases(problem, &trial);
    const bank_tile *tiles = many_vectors(context) ? tiles_of_many : tiles_of_few;
    for (int i = 0; i < MOST_TILES && tiles[i].block > 0; i++) {
        trial.block = tiles[i].block;
        trial.lanes = tiles[i].lanes;
        trial.blocks = ratio_up(problem->outputs, trial.block);
        if (problem->groups == 1 || problem->outputs % trial.block == 0)
            try_rectangles(context, problem, local_elements, &trial, cut);
    }
    return cut->block > 0;
}

/* How far from its output's place in what is staged each tap reads, by channel, z, y and x. */
static void write_distances(const clf_conv_problem *problem, const clf_bank_cut *cut, int32_t *distance) {
    int64_t count[] = {cut->chunk, problem->taps[0], problem->taps[1], problem->taps[2]};
    for (int64_t c = 0; c < count[0]; c++) {
        for (int64_t z = 0; z < count[1]; z++) {
            for (int64_t y = 0; y < count[2]; y++) {
                for (int64_t x = 0; x < count[3]; x++) {
                    int64_t plane = (z * cut->phases[0] + y % cut->phases[0]) * cut->phases[1] + x % cut->phases[1];
                    *distance++ = (int32_t)(c * cut->channel + plane * cut->plane +
                                            y * problem->dilation[1] / problem->step[1] * cut->pitch +
                                            x * problem->dilation[2] / problem->step[2]);
                }
            }
        }
    }
}

clf_status clf_bank_cut_table(clf_plan *plan, const clf_conv_problem *problem, const clf_bank_cut *cut, cl_mem *table,
                              clf_error *error) {
    int64_t phase_y = BANK_LISTS, phase_x = phase_y + cut->phases[0], distances = phase_x + cut->phases[1];
    int64_t count = distances + cut->chunk * clf_conv_tap_count(problem);
    void *memory;
    CLF_TRY(clf_allocate(&memory, count, sizeof(int32_t), error));
    int32_t *values = memory;
    const int64_t head[BANK_LISTS] = {[BANK_ROWS] = cut->rows,
                                      [BANK_COLUMNS] = cut->columns,
                                      [BANK_PITCH] = cut->pitch,
                                      [BANK_HALO] = cut->halo,
                                      [BANK_PLANE] = cut->plane,
                                      [BANK_CHANNEL] = cut->channel,
                                      [BANK_CHUNK] = cut->chunk,
                                      [BANK_STAGED] = cut->staged,
                                      [BANK_FLAT] = cut->flat,
                                      [BANK_BLOCKS] = cut->blocks,
                                      [BANK_PART] = cut->part,
                                      [BANK_PARTS] = cut->parts,
                                      [BANK_TAPS] = clf_conv_tap_count(problem),
                                      [BANK_PHASES_Y] = cut->phases[0],
                                      [BANK_PHASES_X] = cut->phases[1],
                                      [BANK_PHASE_Y] = phase_y,
                                      [BANK_PHASE_X] = phase_x,
                                      [BANK_DISTANCES] = distances};
    for (int i = 0; i < BANK_LISTS; i++)
        values[i] = (int32_t)head[i];
    find_phases(problem->taps[1], problem->dilation[1], problem->step[1], values + phase_y);
    find_phases(problem->taps[2], problem->dilation[2], problem->step[2], values + phase_x);
    write_distances(problem, cut, values + distances);
    clf_status status = clf_plan_own(plan, clf_bytes(count, sizeof *values), values, table, error);
    free(memory);
    return status;
}
