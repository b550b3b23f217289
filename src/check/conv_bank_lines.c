/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of banks, kernels of low rank and chosen axes. On GPUs conv.bank builds a program for each number of channels,
 * kernel shape and step, conv.separable for each rank, kernel shape and step, so each of these comes from a short list
 * and what costs no build is varied most.
 */
#include "check/conv.h"

#include <string.h>

static const char *const names[] = {"conv", "corr"};
static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};
static const char *const modes[] = {"same", "valid", "full"};
enum { BORDERS = 5, MODES = 3 };

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Input channels, output channels and groups: blocks of outputs that are full and not, and in groups of every kind. */
static const struct {
    int inputs, outputs, groups;
} channels[] = {{1, 1, 1}, {3, 1, 1}, {2, 6, 1},  {3, 7, 1}, {4, 13, 1},
                {9, 2, 1}, {8, 6, 2}, {9, 27, 3}, {6, 6, 6}, {7, 14, 7}};

static void add_channels(line_batch *batch) {
    for (int i = 0; i < COUNT(channels); i++) {
        int inputs = channels[i].inputs, outputs = channels[i].outputs, groups = channels[i].groups;
        for (int turn = 0; turn < 4; turn++) {
            batch_add(batch, "%s f32 %dx%dx%dx20 k=%dx%dx3x3 groups=%d bias=%d border=%s cval=-2 mode=%s data=%s",
                      names[turn % 2], 1 + turn % 3, inputs, 4 + turn, outputs, inputs / groups, groups, turn < 3,
                      borders[(i + turn) % BORDERS], modes[(i + turn) % MODES], turn < 2 ? "integer" : "random");
        }
        batch_add(batch, "conv f32 2x%dx5x19 k=%dx%dx3x3 groups=%d bias=1 kernel=view border=%s", inputs, outputs,
                  inputs / groups, groups, borders[i % BORDERS]);
    }
}

/* Every border, mode, odd and even kernel, and every step. */
static void add_borders(line_batch *batch) {
    static const char *const kernels[] = {"7x3x3x3", "5x3x4x2"};
    static const char *const steps[] = {"stride=2,1",
                                        "stride=1,2",
                                        "stride=3,3",
                                        "dilation=2,1",
                                        "dilation=1,3",
                                        "stride=2,2 dilation=2,3",
                                        "stride=1,3 dilation=1,2"};
    for (int border = 0; border < BORDERS; border++) {
        for (int mode = 0; mode < MODES; mode++) {
            for (int k = 0; k < COUNT(kernels); k++) {
                batch_add(batch, "%s f32 2x3x7x20 k=%s bias=1 border=%s cval=-3 mode=%s data=integer",
                          names[(border + mode) % 2], kernels[k], borders[border], modes[mode]);
                batch_add(batch, "%s f32 3x9x18 k=%s border=%s cval=0.3 mode=%s", names[(border + mode + k) % 2],
                          kernels[k], borders[border], modes[mode]);
            }
            for (int step = 0; step < COUNT(steps); step++) {
                batch_add(batch, "%s f32 2x3x9x22 k=7x3x3x3 %s border=%s cval=1 mode=%s data=%s",
                          names[(step + mode) % 2], steps[step], borders[border], modes[mode],
                          step % 2 == 0 ? "integer" : "random");
            }
        }
        batch_add(batch, "conv f32 3x7x20 k=5x3x4x2 origin=-2,-1 border=%s,%s", borders[border],
                  borders[(border + 1) % BORDERS]);
        batch_add(batch, "corr f32 3x7x20 k=5x3x4x2 origin=1,0 border=%s,%s cval=2 stride=2", borders[border],
                  borders[(border + 2) % BORDERS]);
    }
}

/* Widths round vectors and tiles of several; heights and widths of one; kernels larger than the input. */
static void add_extents(line_batch *batch) {
    static const int widths[] = {1, 2, 15, 16, 17, 31, 33, 48, 63, 64, 65, 129, 200};
    for (int i = 0; i < COUNT(widths); i++) {
        batch_add(batch, "%s f32 3x%dx%d k=7x3x3x3 bias=1 border=%s cval=1", names[i % 2], 1 + i % 4, widths[i],
                  borders[i % BORDERS]);
        batch_add(batch, "%s f32 3x%dx%d k=7x3x3x3 mode=full border=%s", names[i % 2], 1 + i % 3, widths[i],
                  borders[(i + 2) % BORDERS]);
    }
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "conv f32 3x1x1 k=7x3x3x3 border=%s cval=1", borders[border]);
        batch_add(batch, "corr f32 2x3x2x3 k=4x3x9x6 border=%s cval=1 mode=full data=integer", borders[border]);
    }
    /* more inputs than are staged at a time, in blocks full and not, and a last chunk that is short */
    batch_add(batch, "conv f32 300x7x37 k=7x300x5x5 bias=1 data=integer");
    batch_add(batch, "corr f32 300x6x40 k=7x300x5x5 bias=1 border=periodic");
    batch_add(batch, "corr f32 200x4x70 k=14x100x5x5 groups=2 bias=1 border=constant cval=1 data=integer");
}

/* Images cut into several rectangles, the last of them not whole, and outputs shared among work-items. */
static void add_cuts(line_batch *batch) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "conv f32 3x37x70 k=7x3x3x3 bias=1 border=%s cval=1 data=integer", borders[border]);
        batch_add(batch, "corr f32 3x3x1070 k=7x3x3x3 border=%s cval=1 mode=full", borders[border]);
        batch_add(batch, "conv f32 3x35x50 k=7x3x3x3 stride=2,1 dilation=3,2 border=%s cval=1", borders[border]);
        batch_add(batch, "corr f32 4x6x19 k=70x4x3x3 bias=1 border=%s cval=1 data=integer", borders[border]);
    }
    batch_add(batch, "corr f32 2x3x19x40 k=40x3x3x3 bias=1 src_layout=interleaved dst_layout=interleaved data=integer");
    batch_add(batch, "conv f32 64x9x21 k=24x64x1x1 bias=1");
}

/* Banks over one and three axes, and batches of any rank. */
static void add_ranks(line_batch *batch) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "conv f32 2x3x33 k=4x3x5 axes=1 bias=1 border=%s cval=1 data=integer", borders[border]);
        batch_add(batch, "corr f32 4x6x9 k=6x1x5 axes=1 groups=6 mode=full border=%s cval=1", borders[border]);
        batch_add(batch, "conv f32 2x3x4x5x18 k=4x3x2x3x3 bias=1 border=%s cval=1 data=integer", borders[border]);
        batch_add(batch, "corr f32 2x3x6x17 k=2x1x3x3x3 groups=2 mode=valid stride=1,2,1 dilation=1,1,2 border=%s",
                  borders[border]);
    }
    batch_add(batch, "conv f32 6x5x4x18 k=4x3x2x3x3 groups=2 border=symmetric,constant,periodic cval=1");
    batch_add(batch, "corr f32 2x1x2x3x4x17 k=5x3x4x2 border=periodic");
    batch_add(batch, "corr f32 2x2x1x2x3x3x17 k=4x3x5 axes=1 border=periodic");
}

static const char *const types[] = {"f64", "f16",         "f16 dst=f32", "u8",          "u8 dst=f32",
                                    "u16", "u16 dst=f32", "i16",         "i16 dst=f32", "f32 k_dtype=f64"};

/* "u8 dst=f32" as the type and what follows the kernel. */
static void add_typed(line_batch *batch, const char *type, const char *name, const char *rest) {
    size_t length = strcspn(type, " ");
    batch_add(batch, "%s %.*s %s%s", name, (int)length, type, rest, type + length);
}

static void add_types(line_batch *batch) {
    for (int i = 0; i < COUNT(types); i++) {
        add_typed(batch, types[i], "conv", "2x2x6x21 k=3x2x3x3 bias=1 border=symmetric");
        add_typed(batch, types[i], "corr", "2x2x6x21 k=3x2x3x3 bias=1 border=constant cval=7 data=integer");
        add_typed(batch, types[i], "corr", "2x2x6x21 k=3x2x3x3 mode=full border=periodic data=special");
        add_typed(batch, types[i], "conv", "3x9x40 k=3x3 taps=rank1 border=periodic solver=conv.separable");
        add_typed(batch, types[i], "corr", "9x40 k=3x3 factors=1 data=integer solver=conv.separable");
        add_typed(batch, types[i], "corr", "9x40 k=3x3 factors=1 data=special border=constant solver=conv.separable");
    }
    batch_add(batch, "conv f64 2x6x21 k=3x2x3x3 kernel=view bias=1 border=periodic");
    batch_add(batch, "corr u8 2x6x21 k=3x2x3x3 kernel=view bias=1 border=periodic");
}

/* Planar, interleaved and other layouts; weights and biases in every layout, on host and device. */
static void add_layouts(line_batch *batch) {
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
        for (int dst = LAYOUT_DENSE; dst < LAYOUT_BROADCAST; dst++) {
            batch_add(batch, "%s f32 2x3x5x19 k=4x3x3x3 src_layout=%s dst_layout=%s border=%s cval=1 data=integer",
                      names[(src + dst) % 2], layout_names[src], layout_names[dst], borders[(src + dst) % BORDERS]);
        }
        batch_add(batch, "conv f32 2x6x5x19 k=6x1x3x3 groups=6 src_layout=%s dst_layout=%s border=%s",
                  layout_names[src], layout_names[src % LAYOUT_BROADCAST], borders[src % BORDERS]);
        batch_add(batch, "conv f32 2x4x5x19 k=6x2x3x3 groups=2 bias=1 k_layout=%s", layout_names[src]);
        batch_add(batch, "corr f32 2x4x5x19 k=6x2x3x3 groups=2 bias=1 kernel=view k_layout=%s mode=full",
                  layout_names[src]);
        batch_add(batch, "conv f32 9x23 k=3x3 factors=1 k_layout=%s border=periodic", layout_names[src]);
        batch_add(batch, "corr f32 2x5x23 k=3x3 taps=rank1 src_layout=%s dst_layout=%s", layout_names[src],
                  layout_names[(src + 2) % LAYOUT_BROADCAST]);
    }
    batch_add(batch, "corr f32 2x3x5x19 k=4x3x3x3 src_layout=interleaved dst_layout=interleaved bias=1 stride=2,2");
    batch_add(batch, "conv u8 2x3x5x19 k=3x3x3x3 src_layout=interleaved dst_layout=interleaved border=replicate");
}

/* Kernels of low rank over two and three axes: every border and mode, steps, and tiles of more than one. */
static void add_low_ranks(line_batch *batch) {
    static const char *const steps[] = {"stride=2,1", "stride=3,1 dilation=2,1", "dilation=1,3", "dilation=2,2"};
    static const int widths[] = {1, 2, 15, 16, 17, 63, 64, 65, 129, 511, 513, 530, 1030};
    for (int border = 0; border < BORDERS; border++) {
        for (int mode = 0; mode < MODES; mode++) {
            batch_add(batch,
                      "%s f32 2x9x37 k=5x5 taps=rank1 border=%s cval=-3 mode=%s data=integer needs=conv.separable",
                      names[mode % 2], borders[border], modes[mode]);
            batch_add(batch, "%s f32 11x35 k=4x6 factors=1 border=%s cval=0.3 mode=%s solver=conv.separable",
                      names[border % 2], borders[border], modes[mode]);
            batch_add(batch, "%s f32 11x35 k=5x5 taps=rank2 border=%s cval=0.7 mode=%s needs=conv.separable",
                      names[border % 2], borders[border], modes[mode]);
        }
        for (int step = 0; step < COUNT(steps); step++) {
            batch_add(batch, "%s f32 13x40 k=5x5 taps=rank1 border=%s cval=1 %s data=%s solver=conv.separable",
                      names[step % 2], borders[border], steps[step], step % 2 == 0 ? "integer" : "random");
        }
        batch_add(batch, "conv f32 5x6x33 k=3x2x5 taps=rank1 border=%s cval=2 data=integer solver=conv.separable",
                  borders[border]);
        batch_add(batch,
                  "corr f32 5x6x33 k=3x2x5 factors=1 border=%s,%s,default cval=2 mode=full solver=conv.separable",
                  borders[border], borders[(border + 2) % BORDERS]);
        batch_add(batch, "conv f32 2x3 k=9x6 factors=1 border=%s cval=1 solver=conv.separable", borders[border]);
        batch_add(batch, "conv f32 20x70 k=31x31 factors=1 border=%s solver=conv.separable", borders[border]);
        batch_add(batch, "conv f32 3x40 k=5 factors=1 border=%s", borders[border]);
    }
    for (int i = 0; i < COUNT(widths); i++) {
        batch_add(batch, "%s f32 %dx%d k=5x5 taps=rank1 border=%s needs=conv.separable", names[i % 2], 1 + i % 6,
                  widths[i], borders[i % BORDERS]);
    }
    batch_add(batch, "conv f32 9x37 k=5x5 taps=rank3 needs=conv.separable");
    batch_add(batch, "conv f32 9x37 k=5x5 taps=rank4 needs=conv.separable");
    batch_add(batch, "corr f64 9x37 k=5x5 taps=rank2 needs=conv.separable");
    batch_add(batch, "corr f32 6x7x33 k=3x3x5 taps=rank2 border=periodic solver=conv.separable");
}

/* Kernels that are products over three axes: every border, mode and step, whatever lies between the parts. */
static void add_products(line_batch *batch) {
    static const char *const rests[] = {"mode=full",
                                        "mode=valid data=integer",
                                        "stride=2,1,1 origin=1,0,-1",
                                        "stride=1,3,2 dilation=2,1,1",
                                        "src_layout=mixed dst_layout=mixed",
                                        "src_layout=flipped",
                                        "data=special",
                                        "origin=1,-1,2 data=integer",
                                        "magnitude=126",
                                        "magnitude=-140"};
    static const char *const dtypes[] = {"f64", "f16", "u8", "u16", "i16"};
    for (int border = 0; border < BORDERS; border++) {
        for (int i = 0; i < COUNT(rests); i++) {
            batch_add(batch, "%s f32 2x5x6x33 k=3x2x5 factors=1 border=%s,default,%s cval=2 %s needs=conv.axes",
                      names[i % 2], borders[border], borders[(border + i) % BORDERS], rests[i]);
        }
        batch_add(batch, "conv %s 5x6x33 k=3x2x5 factors=1 border=%s cval=2 solver=conv.axes", dtypes[border],
                  borders[border]);
        batch_add(batch, "corr f32 5x6x33 k=3x1x5 factors=1 border=%s refuses=conv.axes", borders[border]);
    }
    batch_add(batch, "corr f32 9x12x40x3 k=3x2x5 chosen=-4,-3,-2 factors=1 needs=conv.axes");
    batch_add(batch, "conv f32 6x7x33 k=3x2x5 chosen=-1,-3,-2 factors=1 border=symmetric needs=conv.axes");
    batch_add(batch, "corr u8 5x6x33 k=3x2x5 taps=rank1 border=periodic needs=conv.axes");
    batch_add(batch, "corr f32 5x6x33 k=3x2x5 taps=rank2 refuses=conv.axes");
    batch_add(batch, "corr f32 5x6x33 k=3x2x5 factors=1 border=constant cval=inf refuses=conv.axes");
    batch_add(batch, "corr f32 1x1x1 k=3x2x5 factors=1 border=periodic needs=conv.axes");
}

/* What conv.separable must leave to others: full rank, whole numbers that are no one product, steps along x, banks. */
static void add_refusals(line_batch *batch) {
    static const char *const rests[] = {"9x37 k=5x5",
                                        "9x37 k=4x2",
                                        "9x37 k=5x5 taps=rank2 data=integer",
                                        "9x37 k=5x5 taps=rank1 stride=1,2",
                                        "3x9x20 k=2x3x3x3",
                                        "9x37 k=5x5 taps=rank1 kernel=view",
                                        "9x37 k=5x5 taps=special seed=3",
                                        "9x37 k=5x5 taps=rank2 border=constant cval=inf"};
    for (int i = 0; i < COUNT(rests); i++) {
        batch_add(batch, "%s f32 %s refuses=conv.separable", names[i % 2], rests[i]);
    }
    /* taps rounded to single precision are of full rank in double */
    batch_add(batch, "conv f64 9x37 k=5x5 taps=rank2 k_dtype=f32 refuses=conv.separable");
    batch_add(batch, "conv f32 9x37 k=3x3 refuses=conv.bank");
    batch_add(batch, "conv f32 2x9x37 k=4x2x3x3 refuses=conv.direct");
}

/* Filters along any axes: 1-D along each, two and three in any order, and banks whose channels stand last. */
static void add_chosen(line_batch *batch) {
    for (int axis = 1; axis <= 4; axis++) {
        for (int border = 0; border < BORDERS; border++) {
            batch_add(batch, "%s f32 3x5x4x18 k=5 chosen=-%d border=%s cval=1 mode=%s data=integer", names[axis % 2],
                      axis, borders[border], modes[border % 2 == 0 ? 0 : 2]);
        }
        batch_add(batch, "corr f32 7x6x9x18 k=5 chosen=-%d stride=2 mode=valid src_layout=mixed", axis);
    }
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "conv f32 5x9x17x3 k=3x3 chosen=-3,-2 border=%s cval=2", borders[border]);
        batch_add(batch, "corr f32 5x9x17 k=4x2 chosen=-1,-3 border=%s,%s cval=2 origin=1,-1", borders[border],
                  borders[(border + 1) % BORDERS]);
        batch_add(batch, "conv f32 4x6x5x17 k=2x3x4 chosen=-1,-4,-3 border=%s cval=2 mode=full", borders[border]);
        batch_add(batch, "corr f32 2x7x20x3 k=7x3x3x3 chosen=-3,-2 bias=1 border=%s cval=2 data=integer",
                  borders[border]);
        batch_add(batch, "conv f32 2x7x20x6 k=6x1x3x3 groups=6 chosen=-3,-2 border=%s stride=2", borders[border]);
    }
    batch_add(batch, "conv f32 20x2x3 k=4x3x5 axes=1 chosen=-3 bias=1 border=periodic");
    batch_add(batch, "corr f32 9x20x5 k=5x5 chosen=-3,-2 taps=rank1 border=symmetric");
    batch_add(batch, "conv f32 5x9x20 k=5x5 chosen=-2,-1 factors=1 border=symmetric needs=conv.separable");
}

/* Non-finite values in data, weights, bias and constant. */
static void add_special(line_batch *batch) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "conv f32 2x3x6x40 k=4x3x3x3 bias=1 border=%s data=special", borders[border]);
        batch_add(batch, "corr f32 2x3x8x70 k=4x3x3x3 mode=valid stride=2,2 border=%s data=special", borders[border]);
        batch_add(batch, "corr f32 3x6x40 k=4x3x3x3 border=%s taps=special seed=3", borders[border]);
        batch_add(batch, "conv f32 2x20x60 k=5x5 taps=rank1 border=%s data=special needs=conv.separable",
                  borders[border]);
        batch_add(batch, "conv f32 2x20x60 k=5x5 taps=rank2 border=%s data=special needs=conv.separable",
                  borders[border]);
        batch_add(batch, "corr f32 20x1030 k=5x5 factors=1 border=%s data=special needs=conv.separable",
                  borders[border]);
    }
    batch_add(batch, "conv f32 9x40 k=5x5 taps=rank1 border=constant cval=inf needs=conv.separable");
    batch_add(batch, "conv f32 3x9x20 k=4x3x3x3 border=periodic,constant cval=-inf");
    batch_add(batch, "conv f16 2x6x21 k=3x2x3x3 data=special bias=1");
    batch_add(batch, "conv f64 2x6x21 k=3x2x3x3 data=special bias=1");
}

void bank_systematic_lines(line_batch *batch) {
    add_channels(batch);
    add_borders(batch);
    add_extents(batch);
    add_cuts(batch);
    add_ranks(batch);
    add_types(batch);
    add_layouts(batch);
    add_low_ranks(batch);
    add_products(batch);
    add_refusals(batch);
    add_chosen(batch);
    add_special(batch);
}

/* Staged and not, in chunks, with and without full blocks; low ranks of two and three axes. */
void bank_small_lines(line_batch *batch) {
    static const char *const rests[] = {"2x2x3x18 k=3x2x3x3 bias=1",
                                        "2x3x18 k=3x2x3x3 stride=1,2 mode=full",
                                        "4x3x9 k=4x2x3x3 groups=2 kernel=view bias=1",
                                        "3x2x9 k=3x1x3x3 groups=3 bias=1",
                                        "2x3x4x9 k=3x3x3x3 src_layout=interleaved dst_layout=interleaved",
                                        "5x18 k=3x3 taps=rank1 data=integer",
                                        "5x18 k=3x3 factors=1 stride=2",
                                        "2x3x9 k=2x3x4 factors=1",
                                        "3x9x3 k=3x3 chosen=-3,-2",
                                        "2x2x9 k=3x2x4 axes=1"};
    for (int i = 0; i < COUNT(rests); i++) {
        batch_add(batch, "%s f32 %s border=%s cval=1", names[i % 2], rests[i], borders[i % BORDERS]);
        batch_add(batch, "%s f32 %s border=%s cval=1", names[(i + 1) % 2], rests[i], borders[(i + 3) % BORDERS]);
    }
    batch_add(batch, "conv f32 30x1x1 k=2x30x9x3 border=symmetric"); /* inputs in chunks, where local memory is small */
    batch_add(batch, "conv f64 2x3x9 k=3x2x3x3 bias=1 border=periodic");
    batch_add(batch, "conv u8 2x3x9 k=3x2x3x3 bias=1 border=periodic");
}

static int random_extent(random_state *random, int most) {
    return (int)random_integer(random, 1, most);
}

/* Channels and kernels of lists that systematic lines have built for already, everything else drawn. */
void bank_random_line(line_batch *batch, const char *name, random_state *random) {
    static const char *const banks[] = {"3 k=7x3x3x3", "8 k=6x4x3x3 groups=2", "6 k=6x1x3x3 groups=6", "4 k=13x4x3x3"};
    static const char *const kernels[] = {"k=5x5 taps=rank1", "k=5x5 taps=rank2", "k=5x5 factors=1"};
    static const char *const data[] = {"random", "integer", "special"};
    line_draft draft = {.length = 0};
    bool bank = random_integer(random, 0, 2) > 0;
    const char *text = bank ? banks[random_integer(random, 0, COUNT(banks) - 1)]
                            : kernels[random_integer(random, 0, COUNT(kernels) - 1)];
    int mode = (int)random_integer(random, 0, MODES - 1), more = mode == CLF_MODE_VALID ? 6 : 0;
    draft_add(&draft, "%s f32 %d", name, random_extent(random, 3));
    if (bank) {
        draft_add(&draft, "x%.1s", text); /* its channels */
    }
    draft_add(&draft, "x%d", more + random_extent(random, 20));
    draft_add(&draft, "x%d ", more + (bank ? (int)random_integer(random, 19, 26) : random_extent(random, 60)));
    draft_add(&draft, "%s mode=%s", text + (bank ? 2 : 0), modes[mode]);
    draft_add(&draft, " border=%s", borders[random_integer(random, 0, BORDERS - 1)]);
    draft_add(&draft, ",%s", borders[random_integer(random, 0, BORDERS - 1)]);
    draft_add(&draft, " cval=%d", (int)random_integer(random, -3, 3));
    draft_add(&draft, " src_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST)]);
    draft_add(&draft, " dst_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST - 1)]);
    if (bank) {
        draft_add(&draft, " bias=%d", (int)random_integer(random, 0, 1));
        draft_add(&draft, " kernel=%s", random_integer(random, 0, 2) == 0 ? "view" : "host");
    }
    draft_add(&draft, " k_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST - 1)]);
    draft_add(&draft, " data=%s", data[random_integer(random, 0, COUNT(data) - 1)]);
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}
