/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of adjoints and weights' gradients. Their own solvers build a program for each pair of types and no more, so
 * everything else is varied freely; the adjoints that are correlations meet few kernel shapes.
 */
#include "check/conv.h"

#include <string.h>

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};
static const char *const modes[] = {"same", "valid", "full"};
enum { BORDERS = 5, MODES = 3 };

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const char *const steps[] = {"",
                                    "stride=2,1",
                                    "stride=1,2",
                                    "stride=3,2 dilation=2,1",
                                    "dilation=2,3",
                                    "stride=2,2 dilation=1,3",
                                    "stride=20,30"};

/* Odd, even and unequal kernels, banks and groups, with the input that each takes. */
static const char *const kernels[] = {"2x9x19 k=3x3",
                                      "7x18 k=4x2",
                                      "9x20 k=1x5",
                                      "2x3x7x19 k=4x3x3x3",
                                      "6x5x9 k=4x3x4x2 groups=2",
                                      "2x4x6x17 k=4x1x3x3 groups=4"};

/* Every border, mode, step and kernel: what both gradients share. */
static void add_combinations(line_batch *batch, const char *name, const char *rest) {
    for (int border = 0; border < BORDERS; border++) {
        for (int mode = 0; mode < MODES; mode++) {
            for (int step = 0; step < COUNT(steps); step++) {
                for (int k = 0; k < COUNT(kernels); k++) {
                    bool narrow = mode == CLF_MODE_VALID && strstr(kernels[k], "k=4x3x4x2") != NULL;
                    batch_add(batch, "%s f32 %s border=%s mode=%s %s cval=3 data=%s%s", name, kernels[k],
                              borders[border], modes[mode], narrow ? "" : steps[step],
                              (step + k) % 2 == 0 ? "integer" : "random", rest);
                }
            }
        }
    }
}

/* Borders that differ by axis, one and three axes, origins, inputs of one element and kernels larger than it. */
static void add_shapes(line_batch *batch, const char *name) {
    for (int y = 0; y < BORDERS; y++) {
        for (int x = 0; x < BORDERS; x++) {
            batch_add(batch, "%s f32 7x19 k=5x5 border=%s,%s data=integer", name, borders[y], borders[x]);
            batch_add(batch, "%s f32 3x4 k=4x2 border=%s,%s mode=full", name, borders[y], borders[x]);
            batch_add(batch, "%s f32 5x4x11 k=3x3x3 border=%s,%s,%s stride=%d", name, borders[y], borders[x],
                      borders[(x + y) % BORDERS], 1 + (x + y) % 2);
        }
        for (int origin = -2; origin <= 1; origin++) {
            batch_add(batch, "%s f32 9x18 k=4x2 origin=%d,%d border=%s", name, origin, -(origin & 1), borders[y]);
            batch_add(batch, "%s f32 6x14 k=5x5 origin=%d,%d border=%s stride=1,2", name, origin, -origin, borders[y]);
        }
        batch_add(batch, "%s f32 1x1 k=9x6 border=%s", name, borders[y]);
        batch_add(batch, "%s f32 2x1x2 k=9x6 border=%s mode=full data=integer", name, borders[y]);
        batch_add(batch, "%s f32 2x3 k=15x15 border=%s dilation=1,2 data=integer", name, borders[y]);
        batch_add(batch, "%s f32 3x33 k=7 border=%s", name, borders[y]);
        batch_add(batch, "%s f32 2x3x33 k=4x3x5 axes=1 border=%s stride=2", name, borders[y]);
        batch_add(batch, "%s f32 3x3x4x17 k=4x3x2x3x3 border=%s stride=1,2,1 dilation=2,1,1", name, borders[y]);
        batch_add(batch, "%s f32 2x5x9x3 k=4x3x3x3 chosen=-3,-2 border=%s", name, borders[y]);
        batch_add(batch, "%s f32 9x5x4 k=5 chosen=-3 border=%s", name, borders[y]);
        batch_add(batch, "%s f32 40x130 k=5x5 border=%s", name, borders[y]);
    }
    batch_add(batch, "%s f32 2x9x20 k=3x3 dst_strides=0,20,1", name); /* one gradient for all planes */
    batch_add(batch, "%s f32 2x3x9x20 k=4x3x3x3 border=periodic stride=2 dst_strides=0,0,20,1", name);
}

static void add_types(line_batch *batch, const char *name) {
    static const char *const types[] = {"f64", "f16", "f16"}, *const rests[] = {"", "", " dst=f32"};
    for (int type = 0; type < COUNT(types); type++) {
        for (int border = 0; border < BORDERS; border++) {
            batch_add(batch, "%s %s 2x9x18 k=3x3%s border=%s", name, types[type], rests[type], borders[border]);
            batch_add(batch, "%s %s 2x3x6x18 k=4x3x3x3%s border=%s stride=2,2 data=integer", name, types[type],
                      rests[type], borders[border]);
        }
        batch_add(batch, "%s %s 9x18 k=4x2%s border=constant mode=full dst_layout=gaps", name, types[type],
                  rests[type]);
    }
}

/* Steps, as correlations of phases: some without taps, some without elements, as many as may be and more. */
static void add_phases(line_batch *batch, const char *name) {
    static const char *const strides[] = {"2", "3", "4", "2,9", "5", "1,19", "1,20"};
    for (int i = 0; i < COUNT(strides); i++) {
        batch_add(batch, "%s f32 2x3x7x19 k=4x3x1x1 border=constant stride=%s", name, strides[i]);
        batch_add(batch, "%s f32 2x3x11x40 k=4x3x5x5 border=constant stride=%s data=special", name, strides[i]);
        batch_add(batch, "%s f64 2x4x9x18 k=6x2x3x3 groups=2 mode=valid border=reflect stride=%s src_layout=permuted",
                  name, strides[i]);
        batch_add(batch, "%s f16 2x3x2x18 k=4x3x3x3 border=constant stride=%s dilation=2,3 mode=full", name,
                  strides[i]);
        batch_add(batch, "%s f32 12x60 k=3x5 border=periodic stride=%s data=integer", name, strides[i]);
    }
    batch_add(batch, "%s f32 2x3x6x9x8 k=4x3x3x3x3 border=constant stride=2", name);
    batch_add(batch, "%s f32 12x60 k=3x5 border=constant stride=2 needs=conv_adjoint.phases", name);
    batch_add(batch, "%s f32 12x60 k=3x5 border=periodic stride=2,3 needs=conv_adjoint.phases", name);
    batch_add(batch, "%s f32 2x3x7x19 k=4x3x1x1 border=reflect stride=30 needs=conv_adjoint.phases", name);
    batch_add(batch, "%s f32 12x60 k=3x5 border=periodic stride=2,7 refuses=conv_adjoint.phases", name);
    batch_add(batch, "%s f32 12x60 k=3x5 border=replicate stride=2 refuses=conv_adjoint.phases", name);
    batch_add(batch, "%s f32 12x60 k=3x5 border=constant stride=2 taps=special seed=3 refuses=conv_adjoint.phases",
              name);
    batch_add(batch, "%s f32 12x60 k=3x5 border=constant stride=2 kernel=view refuses=conv_adjoint.phases", name);
    batch_add(batch, "%s f32 40x60 k=9x9 border=constant stride=5 refuses=conv_adjoint.phases", name);
}

void conv_adjoint_systematic_lines(line_batch *batch, const char *name) {
    add_combinations(batch, name, "");
    add_shapes(batch, name);
    add_types(batch, name);
    add_phases(batch, name);
    for (int src = LAYOUT_DENSE; src < LAYOUT_BROADCAST; src++) {
        for (int dst = LAYOUT_DENSE; dst < LAYOUT_BROADCAST; dst++) {
            batch_add(batch, "%s f32 2x3x5x17 k=4x3x3x3 src_layout=%s dst_layout=%s border=%s data=integer", name,
                      layout_names[src], layout_names[dst], borders[(src + dst) % BORDERS]);
        }
        batch_add(batch, "%s f32 9x18 k=3x3 src_layout=%s border=constant", name, layout_names[src]);
        batch_add(batch, "%s f32 9x18 k=4x2 kernel=view k_layout=%s border=%s", name, layout_names[src],
                  borders[src % BORDERS]);
        batch_add(batch, "%s f32 4x9x18 k=6x2x3x3 groups=2 kernel=view k_layout=%s border=%s", name, layout_names[src],
                  borders[src % BORDERS]);
    }
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "%s f32 2x12x40 k=3x3 border=%s data=special", name, borders[border]);
        batch_add(batch, "%s f32 3x9x40 k=4x3x3x3 border=%s stride=2,2 data=special", name, borders[border]);
        batch_add(batch, "%s f32 12x40 k=3x3 border=%s mode=full taps=special seed=3", name, borders[border]);
        batch_add(batch, "%s f32 12x40 k=3x3 border=%s taps=special seed=3", name, borders[border]);
        batch_add(batch, "%s f32 12x40 k=3x3 border=%s mode=valid taps=special seed=3", name, borders[border]);
        batch_add(batch, "%s f32 9x40 k=5x5 border=%s taps=rank1 data=integer", name, borders[border]);
        batch_add(batch, "%s f32 9x40 k=5x5 border=%s factors=1 mode=%s", name, borders[border], modes[border % MODES]);
    }
    batch_add(batch, "%s f32 9x40 k=5x5 border=constant taps=rank1 data=special needs=conv.separable", name);
    batch_add(batch, "%s f32 9x40 k=5x5 border=constant mode=valid taps=rank1 needs=conv.separable", name);
    batch_add(batch, "%s f32 3x9x40 k=7x3x3x3 border=periodic needs=conv.bank", name);
    batch_add(batch, "%s f32 3x9x40 k=7x3x3x3 border=reflect mode=valid needs=conv.bank", name);
    batch_add(batch, "%s f32 9x40 k=3x3 border=constant,periodic needs=conv.direct", name);
    batch_add(batch, "%s f32 9x40 k=3x3 border=reflect refuses=conv.direct", name);
    batch_add(batch, "%s f32 9x40 k=3x3 border=constant stride=2 refuses=conv.direct", name);
}

/* Banks as products: outputs round panels, rows round vectors and rectangles, channels in several shares, slices. */
static void add_banks(line_batch *batch, const char *name) {
    static const int outputs[] = {1, 7, 8, 9, 16, 17, 37}, widths[] = {1, 2, 5, 7, 8, 9, 16, 33, 255, 257, 600};
    for (int o = 0; o < COUNT(outputs); o++) {
        batch_add(batch, "%s f32 3x4x9x11 k=%dx4x3x3 bias=1 border=%s", name, outputs[o], borders[o % BORDERS]);
        batch_add(batch, "%s f32 3x6x9x11 k=%dx2x2x3 groups=3 bias=1 border=%s dst_layout=%s", name, 3 * outputs[o],
                  borders[o % BORDERS], layout_names[o % LAYOUT_BROADCAST]);
        batch_add(batch, "%s f32 2x3x9x11 k=%dx3x1x1 bias=1 stride=2 data=special border=%s", name, outputs[o],
                  borders[o % BORDERS]);
    }
    for (int w = 0; w < COUNT(widths); w++) {
        batch_add(batch, "%s f32 2x3x5x%d k=17x3x3x3 border=%s", name, widths[w], borders[w % BORDERS]);
        batch_add(batch, "%s f64 2x3x5x%d k=9x3x3x3 bias=1 border=%s stride=1,2", name, widths[w],
                  borders[w % BORDERS]);
        batch_add(batch, "%s f16 2x3x5x%d k=9x3x3x3 dst=%s border=%s", name, widths[w], w % 2 == 0 ? "f16" : "f32",
                  borders[w % BORDERS]);
    }
    batch_add(batch, "%s f32 2x5x9x16 k=32x5x3x3 dst_strides=4608,1,512,32", name);
    batch_add(batch, "%s f32 2x5x9x16 k=24x5x3x3 dst_strides=3456,1,384,24 bias=1", name);
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "%s f32 3x70x12x60 k=3x70x3x3 border=%s", name, borders[border]);
        batch_add(batch, "%s f32 40x3x33x20 k=18x3x3x3 bias=1 border=%s data=integer", name, borders[border]);
        batch_add(batch, "%s f32 3x4x9x40 k=18x4x3x3 bias=1 border=%s mode=%s data=special", name, borders[border],
                  modes[border % MODES]);
    }
    batch_add(batch, "%s f32 9x40 k=3x3 refuses=conv_weights.bank", name);
    batch_add(batch, "%s f32 2x3x2x9 k=2x3x1x4096 dilation=1,80 refuses=conv_weights.bank", name);
}

void conv_weights_systematic_lines(line_batch *batch, const char *name) {
    add_combinations(batch, name, "");
    add_shapes(batch, name);
    add_types(batch, name);
    add_banks(batch, name);
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
        for (int dst = LAYOUT_DENSE; dst < LAYOUT_BROADCAST; dst++) {
            batch_add(batch, "%s f32 2x3x5x17 k=4x3x3x3 bias=1 src_layout=%s dst_layout=%s border=%s data=integer",
                      name, layout_names[src], layout_names[dst], borders[(src + dst) % BORDERS]);
        }
    }
    for (int taps = LAYOUT_DENSE; taps < LAYOUT_BROADCAST; taps++) {
        batch_add(batch, "%s f32 2x4x9x18 k=6x2x3x3 groups=2 bias=1 k_layout=%s border=%s cval=1", name,
                  layout_names[taps], borders[taps % BORDERS]);
        batch_add(batch, "%s f64 9x18 k=4x2 k_layout=%s border=%s data=integer", name, layout_names[taps],
                  borders[taps % BORDERS]);
    }
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "%s f32 5x3x8x33 k=4x3x3x3 bias=1 border=%s cval=-2 mode=%s", name, borders[border],
                  modes[border % MODES]);
        batch_add(batch, "%s f32 3x4 k=3x3 border=%s data=special", name, borders[border]);
        /* many rows: the error may not grow with them */
        batch_add(batch, "%s f32 70x3x60x20 k=2x3x1x3 bias=1 border=%s", name, borders[border]);
        batch_add(batch, "%s f32 70x3x60x5 k=2x3x1x3 bias=1 border=%s data=alike seed=%d", name, borders[border],
                  border + 1);
        batch_add(batch, "%s f64 1x3x160x33 k=2x3x3x3 border=%s data=alike seed=%d", name, borders[border], border + 1);
        batch_add(batch, "%s f32 3x64x258 k=3x3 border=%s", name, borders[border]);
    }
    batch_add(batch, "%s f32 300x4x5 k=7x300x3x3 bias=1", name);
    batch_add(batch, "%s f32 12x40 k=3x3 mode=valid data=special", name);
    batch_add(batch, "%s f32 12x40 k=3x3 border=constant cval=inf", name);
}

static void add_small(line_batch *batch, const char *name) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "%s f32 4x9 k=3x3 border=%s mode=%s", name, borders[border], modes[border % MODES]);
        batch_add(batch, "%s f32 2x3x9 k=3x2x4x2 border=%s stride=%d,2", name, borders[border], 1 + border % 2);
    }
    batch_add(batch, "%s f64 4x9 k=3x3 border=symmetric dilation=2,1", name);
    batch_add(batch, "%s f16 4x9 k=3x3 dst=f32 border=periodic", name);
}

void conv_adjoint_small_lines(line_batch *batch, const char *name) {
    add_small(batch, name);
    batch_add(batch, "%s f32 2x3x9 k=3x2x3x3 border=constant kernel=view", name);
    batch_add(batch, "%s f32 2x3x18 k=3x2x3x3 border=constant", name);
    batch_add(batch, "%s f32 2x5x9 k=3x2x1x1 border=constant stride=2", name);
    batch_add(batch, "%s f32 5x9 k=3x3 border=constant taps=rank1 data=integer", name);
    batch_add(batch, "%s f32 3x5x18 k=3x3 border=constant src_layout=interleaved", name);
}

void conv_weights_small_lines(line_batch *batch, const char *name) {
    add_small(batch, name);
    batch_add(batch, "%s f32 2x4x3x18 k=4x2x3x3 groups=2 bias=1 border=replicate k_layout=permuted", name);
    batch_add(batch, "%s f32 3x20 k=3x3 border=constant cval=1 src_layout=gaps", name);
    batch_add(batch, "%s f32 6x2x3x9 k=3x2x3x3 bias=1 border=reflect", name); /* several slices of a bank */
}

bool conv_gradient_draft(line_draft *draft, random_state *random) {
    static const char *const banks[] = {" k=3x3",      "x3 k=4x3x3x3", "x4 k=6x2x4x2 groups=2", " k=4x2",
                                        " k=2x3x4",    " k=7",         "x6 k=6x1x3x3 groups=6", " k=5x5",
                                        "x2 k=3x2x9x6"};
    static const char *const data[] = {"random", "integer"};
    const char *bank = banks[random_integer(random, 0, COUNT(banks) - 1)];
    int mode = (int)random_integer(random, 0, MODES - 1), more = mode == CLF_MODE_VALID ? 26 : 0;
    int channels = (int)strcspn(bank, " ");
    draft_add(draft, " %d%.*s", (more > 0 ? 4 : 0) + (int)random_integer(random, 1, 3), channels, bank);
    draft_add(draft, "x%d", more + (int)random_integer(random, 1, 12));
    draft_add(draft, "x%d%s mode=%s", more + (int)random_integer(random, 1, 40), bank + channels, modes[mode]);
    draft_add(draft, " border=%s", borders[random_integer(random, 0, BORDERS - 1)]);
    draft_add(draft, " stride=%d", (int)random_integer(random, 1, 3));
    bool three = strstr(bank, "k=2x3x4") != NULL; /* its first axis may be short */
    draft_add(draft, " dilation=%d", three ? 1 : (int)random_integer(random, 1, 3));
    draft_add(draft, " src_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST - 1)]);
    draft_add(draft, " dst_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST - 1)]);
    draft_add(draft, " k_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST - 1)]);
    draft_add(draft, " data=%s", data[random_integer(random, 0, COUNT(data) - 1)]);
    draft_add(draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    return channels > 0;
}

void conv_gradient_random_line(line_batch *batch, const char *name, random_state *random) {
    static const char *const types[] = {"f32", "f32", "f32", "f64", "f16"};
    line_draft draft = {.length = 0};
    draft_add(&draft, "%s %s", name, types[random_integer(random, 0, COUNT(types) - 1)]);
    bool bank = conv_gradient_draft(&draft, random);
    if (strstr(name, "adjoint") != NULL) {
        draft_add(&draft, " kernel=%s", random_integer(random, 0, 1) == 0 ? "view" : "host");
    } else if (bank) {
        draft_add(&draft, " bias=%d", (int)random_integer(random, 0, 1));
    }
    batch_add(batch, "%s cval=2", draft.text);
}
