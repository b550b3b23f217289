/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of convolution and correlation. Kernel extents come from few sizes: a solver may build a program for each, and
 * that is where most of the time goes.
 */
#include "check/conv.h"
#include "check/number.h"

#include <string.h>

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};
static const char *const modes[] = {"same", "valid", "full"};
enum { BORDERS = 5, MODES = 3 };

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Every border, mode, odd, even and unequal kernel, whole and real data. */
static void add_borders(line_batch *batch, const char *name) {
    static const char *const kernels[] = {"3x3", "4x2", "1x7", "7x1", "5x5", "1x1"};
    for (int k = 0; k < COUNT(kernels); k++) {
        for (int border = 0; border < BORDERS; border++) {
            for (int mode = 0; mode < MODES; mode++) {
                batch_add(batch, "%s f32 2x9x23 k=%s border=%s cval=-3 mode=%s data=integer", name, kernels[k],
                          borders[border], modes[mode]);
                batch_add(batch, "%s f32 19x37 k=%s border=%s cval=0.3 mode=%s", name, kernels[k], borders[border],
                          modes[mode]);
            }
        }
    }
}

/* Every pair of borders on two axes, some triples on three, and the inheriting default. */
static void add_border_pairs(line_batch *batch, const char *name) {
    for (int y = 0; y < BORDERS; y++) {
        for (int x = 0; x < BORDERS; x++) {
            batch_add(batch, "%s f32 7x21 k=5x5 border=%s,%s cval=2 data=integer", name, borders[y], borders[x]);
            batch_add(batch, "%s f32 3x4 k=4x2 border=%s,%s cval=2 mode=full", name, borders[y], borders[x]);
            batch_add(batch, "%s f32 5x4x19 k=3x3x3 border=%s,%s,%s cval=-1.5", name, borders[y], borders[x],
                      borders[(x + y) % BORDERS]);
        }
    }
    batch_add(batch, "%s f32 6x8 k=3x3", name);
    batch_add(batch, "%s f32 6x8 k=3x3 border=default,periodic", name);
    batch_add(batch, "%s f32 6x7x8 k=3x3x3 border=constant,default,periodic cval=4", name);
}

/* Extents round the widths of vectors and of what a work-item may own, down to one element. */
static void add_extents(line_batch *batch, const char *name) {
    static const int widths[] = {1,  2,  3,  4,  5,  7,  8,  9,  15, 16,  17,  18,  31,
                                 32, 33, 34, 47, 48, 49, 63, 64, 65, 127, 128, 129, 130};
    static const int heights[] = {1, 2, 3, 4, 5, 8, 9};
    for (int w = 0; w < COUNT(widths); w++) {
        int height = heights[w % COUNT(heights)];
        for (int border = 0; border < BORDERS; border++) {
            batch_add(batch, "%s f32 %dx%d k=3x3 border=%s cval=1", name, height, widths[w], borders[border]);
        }
        batch_add(batch, "%s f32 %dx%d k=5x5 border=%s", name, height, widths[w], borders[w % BORDERS]);
        batch_add(batch, "%s f32 %dx%d k=5x5 border=%s", name, widths[w], height, borders[(w + 1) % BORDERS]);
        batch_add(batch, "%s f32 6x%d k=4x2 mode=%s border=%s", name, widths[w] + 1, modes[w % MODES],
                  borders[w % BORDERS]);
    }
}

/* Windows larger than the input, so that indices wrap and bounce several times. */
static void add_large_kernels(line_batch *batch, const char *name) {
    static const char *const shapes[] = {"1x1", "1x2", "2x1", "2x3", "3x1", "5x4", "2x1x6"};
    static const char *const kernels[] = {"9x6", "7x7"};
    for (int border = 0; border < BORDERS; border++) {
        for (int shape = 0; shape < COUNT(shapes); shape++) {
            batch_add(batch, "%s f32 %s k=%s border=%s cval=0.7", name, shapes[shape], kernels[shape % 2],
                      borders[border]);
            batch_add(batch, "%s f32 %s k=%s border=%s cval=5 mode=full data=integer", name, shapes[shape],
                      kernels[1 - shape % 2], borders[border]);
        }
        batch_add(batch, "%s f32 41x57 k=7x7 border=%s", name, borders[border]);
        batch_add(batch, "%s f32 20x64 k=31x31 border=%s", name, borders[border]);
    }
    batch_add(batch, "%s f32 41x57 k=7x7 mode=valid", name);
    batch_add(batch, "%s f32 7x7 k=7x7 mode=valid", name);
    batch_add(batch, "%s f32 7x79 k=7x7 mode=valid", name);
}

/* Blocks of six and eight rows, which high kernels have where there are enough; outputs stored past the cache. */
static void add_blocks(line_batch *batch, const char *name) {
    for (int border = 0; border < BORDERS; border++) {
        for (int mode = 0; mode < MODES; mode++) {
            batch_add(batch, "%s f32 9x17x70 k=7x7 border=%s cval=1 mode=%s data=integer", name, borders[border],
                      modes[mode]);
            batch_add(batch, "%s f32 9x31x50 k=9x9 border=%s cval=0.3 mode=%s", name, borders[border], modes[mode]);
        }
        batch_add(batch, "%s u8 3x171 k=7 border=%s cval=3", name, borders[border]);
        batch_add(batch, "%s f32 3x530 k=1x25 border=%s cval=3", name, borders[border]);
        batch_add(batch, "%s f32 9x32x50 k=9x9 border=%s data=special", name, borders[border]);
    }
    if (name[3] == 'r') { /* past the cache beyond 32 MiB, where rows begin on cache lines and where they do not */
        batch_add(batch, "%s f32 2900x2912 k=3x3 border=periodic solver=conv.direct class=cpu", name);
        batch_add(batch, "%s f64 2060x2043 k=3x3 solver=conv.direct class=cpu", name);
    }
}

/* Strides and dilations, on each axis alone and together. */
static void add_strides(line_batch *batch, const char *name) {
    static const char *const steps[] = {
        "stride=1,2",   "stride=3,3",   "stride=2,5",   "stride=2,2 dilation=2,3", "stride=40,40", "stride=2,1",
        "dilation=2,1", "dilation=1,2", "dilation=3,2", "stride=2 dilation=2",
    };
    const int strided_in_x = 5;
    for (int step = 0; step < COUNT(steps); step++) {
        for (int mode = 0; mode < MODES; mode++) {
            for (int border = 0; border < BORDERS; border++) {
                batch_add(batch, "%s f32 2x13x22 k=3x3 %s mode=%s border=%s cval=1 data=integer", name, steps[step],
                          modes[mode], borders[border]);
            }
            if (step < strided_in_x) {
                batch_add(batch, "%s f32 11x20 k=4x2 %s mode=%s", name, steps[step], modes[mode]);
            }
        }
    }
    batch_add(batch, "%s f32 9 k=3 stride=2 dilation=4 border=periodic", name);
    batch_add(batch, "%s f32 7x8x18 k=3x3x3 stride=2,1,1 dilation=1,2,3 border=symmetric", name);
}

/* Every origin of an even and an odd kernel. */
static void add_origins(line_batch *batch, const char *name) {
    for (int y = -2; y <= 1; y++) {
        for (int x = -1; x <= 0; x++) {
            batch_add(batch, "%s f32 9x18 k=4x2 origin=%d,%d border=%s cval=1", name, y, x,
                      borders[(y + 2 + x + 1) % BORDERS]);
        }
        for (int x = -2; x <= 2; x++) {
            batch_add(batch, "%s f32 9x18 k=5x5 origin=%d,%d border=%s", name, y, x, borders[(y + x + 4) % BORDERS]);
        }
        batch_add(batch, "%s f32 33 k=4 origin=%d border=%s dilation=2", name, y, borders[y + 2]);
        batch_add(batch, "%s f32 3x9 k=4x2 origin=%d,0 stride=2,1 border=periodic", name, y);
    }
}

/* Element types that are tried with few kernels, and what else their lines say. */
static const struct {
    const char *src, *rest;
} pairs[] = {
    {"f64", ""}, {"f16", ""}, {"f16", " dst=f32"}, {"u8", ""},          {"u8", " dst=f32"},
    {"u16", ""}, {"i16", ""}, {"i16", " dst=f32"}, {"u16", " dst=f32"}, {"f32", " k_dtype=f64"},
};

/* Every element type, to itself and to f32, exact, inexact and saturating. */
static void add_types(line_batch *batch, const char *name) {
    for (int pair = 0; pair < COUNT(pairs); pair++) {
        const char *type = pairs[pair].src, *rest = pairs[pair].rest;
        for (int border = 0; border < BORDERS; border++) {
            batch_add(batch, "%s %s 2x10x35 k=3x3%s border=%s cval=2.5", name, type, rest, borders[border]);
            batch_add(batch, "%s %s 2x10x35 k=3x3%s border=%s cval=7 data=integer", name, type, rest, borders[border]);
        }
        batch_add(batch, "%s %s 9x22 k=4x2%s mode=full stride=1,2 border=constant cval=300", name, type, rest);
        batch_add(batch, "%s %s 9x22 k=4x2%s src_layout=interleaved dst_layout=crop", name, type, rest);
    }
}

/* Every layout of the input with every layout of the output; kernels in every layout, on host and device. */
static void add_layouts(line_batch *batch, const char *name) {
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
        for (int dst = LAYOUT_DENSE; dst < LAYOUT_BROADCAST; dst++) {
            batch_add(batch, "%s f32 2x3x7x19 k=3x3 src_layout=%s dst_layout=%s border=%s cval=1", name,
                      layout_names[src], layout_names[dst], borders[(src + dst) % BORDERS]);
        }
        batch_add(batch, "%s u8 3x2x6x37 k=3x3 src_layout=%s dst_layout=%s border=periodic", name, layout_names[src],
                  layout_names[src % LAYOUT_BROADCAST]);
        batch_add(batch, "%s f32 9x23 k=4x2 k_layout=%s", name, layout_names[src]);
        batch_add(batch, "%s f32 9x23 k=4x2 kernel=view k_layout=%s border=constant", name, layout_names[src]);
        batch_add(batch, "%s f32 5x6x18 k=3x3x3 kernel=view k_layout=%s src_layout=%s", name, layout_names[src],
                  layout_names[src]);
    }
    batch_add(batch, "%s f64 9x23 k=4x2 kernel=view border=symmetric", name);
    batch_add(batch, "%s u8 9x23 k=3x3 kernel=view border=symmetric", name);
}

/* One to three filtered axes in tensors of every rank. */
static void add_ranks(line_batch *batch, const char *name) {
    static const char *const shapes[] = {"17",         "3x17",         "2x3x17",         "2x3x4x17",
                                         "2x1x3x4x17", "2x1x2x3x4x17", "1x2x1x2x3x4x17", "2x1x2x1x2x3x4x17"};
    static const char *const kernels[] = {"4", "9", "3x3", "3x3x3", "2x3x4"};
    for (int rank = 1; rank <= COUNT(shapes); rank++) {
        for (int k = 0; k < COUNT(kernels); k++) {
            int axes = k < 2 ? 1 : k < 3 ? 2 : 3;
            if (axes <= rank) {
                batch_add(batch, "%s f32 %s k=%s border=%s cval=1", name, shapes[rank - 1], kernels[k],
                          borders[(rank + k) % BORDERS]);
                batch_add(batch, "%s f32 %s k=%s border=%s mode=full src_layout=mixed", name, shapes[rank - 1],
                          kernels[k], borders[(rank + k + 2) % BORDERS]);
            }
        }
    }
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "%s f32 2x170 k=9 border=%s data=integer", name, borders[border]);
        batch_add(batch, "%s f32 4 k=9 border=%s data=integer", name, borders[border]);
        batch_add(batch, "%s f32 5x6x33 k=2x3x4 border=%s data=integer", name, borders[border]);
        batch_add(batch, "%s f32 5x6x33 k=3x2x5 factors=1 border=%s needs=conv.axes", name, borders[border]);
    }
}

/* Non-finite values in data, taps and constant; shapes of several blocks; the step whose answer is known by hand. */
static void add_special(line_batch *batch, const char *name) {
    for (int border = 0; border < BORDERS; border++) {
        for (int mode = 0; mode < MODES; mode++) {
            batch_add(batch, "%s f32 2x12x40 k=3x3 border=%s mode=%s data=special", name, borders[border], modes[mode]);
            batch_add(batch, "%s f32 12x40 k=5x5 border=%s mode=%s data=special src_layout=interleaved", name,
                      borders[border], modes[mode]);
        }
        batch_add(batch, "%s f64 12x40 k=3x3 border=%s data=special", name, borders[border]);
        batch_add(batch, "%s f16 12x40 k=3x3 border=%s data=special", name, borders[border]);
        batch_add(batch, "%s f16 12x40 k=3x3 dst=f32 border=%s data=special", name, borders[border]);
        batch_add(batch, "%s f32 3x40 k=9 border=%s data=special", name, borders[border]);
        batch_add(batch, "%s f32 12x40 k=5x5 border=%s taps=special seed=3", name, borders[border]);
        batch_add(batch, "%s f32 10x10 k=3x3 border=%s data=step sobel=1", name, borders[border]);
        batch_add(batch, "%s f32 2x100x515 k=5x5 border=%s", name, borders[border]);
        batch_add(batch, "%s f32 515x100 k=4x2 border=%s", name, borders[border]);
    }
    batch_add(batch, "%s u8 12x40 k=5x5 taps=special seed=2", name);
    batch_add(batch, "%s u8 12x40 k=5x5 taps=special seed=3", name);
    batch_add(batch, "%s i16 12x40 k=5x5 taps=special seed=2", name);
    batch_add(batch, "%s f32 12x40 k=5x5 taps=special seed=10", name);
    batch_add(batch, "%s f32 8x20 k=3x3 border=constant cval=inf", name);
    batch_add(batch, "%s f32 8x20 k=3x3 border=periodic,constant cval=-inf", name);
    batch_add(batch, "%s u8 8x20 k=3x3 border=constant cval=inf", name);
    batch_add(batch, "%s f32 8x3x48x64 k=5x5 border=reflect,periodic", name);
    batch_add(batch, "%s f32 257x259 k=3x3 data=integer", name);
    batch_add(batch, "%s f32 2x3x9x20 k=7x3x3x3 bias=1", name); /* more banks are among the lines of their own */
}

/* Magnitudes near the ends of the type's range. */
static void add_magnitudes(line_batch *batch, const char *name) {
    static const int powers[] = {-140, -100, 100, 126}, wide_powers[] = {-1060, -800, 800, 1022};
    for (int i = 0; i < COUNT(powers); i++) {
        batch_add(batch, "%s f32 7x21 k=5x5 border=%s magnitude=%d", name, borders[i], powers[i]);
        batch_add(batch, "%s f32 7x21 k=5x5 taps=rank1 border=%s magnitude=%d", name, borders[i], powers[i]);
        batch_add(batch, "%s f64 7x21 k=5x5 border=%s magnitude=%d", name, borders[i], wide_powers[i]);
    }
}

void conv_systematic_lines(line_batch *batch, const char *name) {
    add_borders(batch, name);
    add_border_pairs(batch, name);
    add_extents(batch, name);
    add_large_kernels(batch, name);
    add_blocks(batch, name);
    add_strides(batch, name);
    add_origins(batch, name);
    add_types(batch, name);
    add_layouts(batch, name);
    if (name[3] == 'r')
        conv_view_lines(batch, name);
    add_ranks(batch, name);
    add_special(batch, name);
    add_magnitudes(batch, name);
}

/* The two operations share every kernel, so one of them has most of the lines. */
void conv_small_lines(line_batch *batch, const char *name) {
    static const char *const kernels[] = {"3x3", "1x7", "5x1", "9", "2x3x4"};
    static const char *const steps[] = {"stride=2,1", "stride=2,3", "dilation=2,1", "dilation=1,2 stride=3,1"};
    for (int border = 0; border < BORDERS; border++) {
        for (int mode = 0; mode < MODES; mode++) {
            batch_add(batch, "%s f32 5x18 k=4x2 border=%s mode=%s", name, borders[border], modes[mode]);
            batch_add(batch, "%s f32 5x18 k=4x3 taps=rank1 border=%s mode=%s", name, borders[border], modes[mode]);
        }
        if (name[3] != 'v') {
            continue;
        }
        for (int k = 0; k < COUNT(kernels); k++) {
            batch_add(batch, "%s f32 2x5x9 k=%s border=%s cval=1", name, kernels[k], borders[border]);
        }
        for (int pair = 0; pair < COUNT(pairs); pair++) {
            batch_add(batch, "%s %s 3x18 k=3x3%s border=%s", name, pairs[pair].src, pairs[pair].rest, borders[border]);
        }
        batch_add(batch, "%s f32 5x18 k=3x3 %s border=%s", name, steps[border % COUNT(steps)], borders[border]);
        batch_add(batch, "%s f32 2x5 k=4x2 border=%s kernel=view k_layout=flipped", name, borders[border]);
    }
    batch_add(batch, "%s f32 2x3x9 k=3x2x3x3 bias=1", name);
    batch_add(batch, "%s f32 2x3x9 k=2x3x4 factors=1", name);
    batch_add(batch, "%s f32 3x5x18 k=4x3 taps=rank1 src_layout=interleaved dst_layout=interleaved", name);
    batch_add(batch, "%s f32 20x3x9 k=4x3 taps=rank1 src_layout=interleaved dst_layout=interleaved", name);
    batch_add(batch, "%s f32 5x18 k=4x3 taps=rank1 src_strides=1,5 dst_strides=1,5", name);
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST && name[3] == 'v'; src++) {
        batch_add(batch, "%s f32 2x1x3x18 k=3x3 src_layout=%s dst_layout=%s border=%s", name, layout_names[src],
                  layout_names[(src + 3) % LAYOUT_BROADCAST], borders[src % BORDERS]);
    }
}

static const char *random_name(random_state *random, const char *const *names, int count) {
    return names[random_integer(random, 0, count - 1)];
}

/* An extent that is often round a vector's width and sometimes 1. */
static int random_extent(random_state *random, int most) {
    static const int favoured[] = {1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33};
    int64_t extent = random_integer(random, 0, 2) == 0 ? favoured[random_integer(random, 0, COUNT(favoured) - 1)]
                                                       : random_integer(random, 1, most);
    return (int)(extent < most ? extent : most);
}

/* border=, one an axis. */
static void draft_borders(line_draft *draft, int axes, random_state *random) {
    for (int axis = 0; axis < axes; axis++) {
        draft_add(draft, "%s%s", axis == 0 ? " border=" : ",", random_name(random, borders, BORDERS));
    }
}

/* Shape and kernel: in valid mode the input is made larger than any kernel of the list. */
static void draft_shape(line_draft *draft, int mode, const char *kernel, random_state *random) {
    int more = mode == CLF_MODE_VALID ? 9 : 0;
    draft_add(draft, " %d", mode == CLF_MODE_VALID ? 4 : random_extent(random, 4));
    draft_add(draft, "x%d", more + random_extent(random, 40));
    draft_add(draft, "x%d k=%s", more + random_extent(random, 70), kernel);
}

/* Origin, stride and dilation of the first filtered axis, where the mode leaves room; steps for one kernel only. */
static void draft_steps(line_draft *draft, int mode, const char *kernel, random_state *random) {
    int64_t extent[3] = {1, 1, 1};
    case_line none = {.count = 0};
    static const char *const others[] = {"", ",0", ",0,0"};
    int axes = line_numbers(&none, kernel, 'x', extent, 3);
    if (mode == CLF_MODE_SAME && axes > 0) {
        draft_add(draft, " origin=%d%s", (int)random_integer(random, -(extent[0] / 2), (extent[0] - 1) / 2),
                  others[axes - 1]);
    }
    if (mode != CLF_MODE_VALID && extent[1] == 3 && extent[2] == 1 && random_integer(random, 0, 1) == 0) {
        draft_add(draft, " stride=%d", (int)random_integer(random, 1, 2));
        draft_add(draft, " dilation=%d", (int)random_integer(random, 1, 2));
    }
}

void conv_random_line(line_batch *batch, const char *name, random_state *random) {
    static const char *const kernels[] = {"3x3", "4x2", "5x5", "1x7", "7x1", "9x6", "4", "9", "3x3x3", "2x3x4"};
    static const char *const data[] = {"random", "integer", "special"};
    bool single = random_integer(random, 0, 9) < 4;
    int pair = (int)random_integer(random, 0, COUNT(pairs) - 1);
    const char *kernel = random_name(random, kernels, single ? COUNT(kernels) : 2);
    int axes = kernel[1] == '\0' ? 1 : kernel[3] == '\0' ? 2 : 3;
    int mode = (int)random_integer(random, 0, MODES - 1);
    line_draft draft = {.length = 0};
    draft_add(&draft, "%s %s", name, single ? "f32" : pairs[pair].src);
    draft_shape(&draft, mode, kernel, random);
    draft_borders(&draft, axes, random);
    draft_add(&draft, " cval=%d mode=%s%s", (int)random_integer(random, -5, 5), modes[mode],
              single ? "" : pairs[pair].rest);
    draft_steps(&draft, mode, kernel, random);
    draft_add(&draft, " src_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST + 1));
    draft_add(&draft, " dst_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST));
    draft_add(&draft, " k_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST));
    /* A kernel in device memory has the arithmetic's type. */
    draft_add(&draft, " kernel=%s",
              random_integer(random, 0, 3) == 0 && strstr(draft.text, "k_dtype") == NULL ? "view" : "host");
    draft_add(&draft, " data=%s", random_name(random, data, COUNT(data)));
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}
