/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of convolution by Fourier transforms: every border, mode and step, every size of tile, seams, pairs, types. */
#include "check/fourier.h"

#include "check/tensor.h"

#include <stdio.h>
#include <string.h>

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};
static const char *const modes[] = {"same", "valid", "full"};
enum { BORDERS = 5, MODES = 3 };

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Every border and mode with odd, even and unequal kernels, one tile and many. */
static void add_borders(line_batch *batch, const char *name) {
    static const char *const kernels[] = {"3x3", "4x2", "1x7", "7x1", "5x5", "1x1", "15x15"};
    for (int border = 0; border < BORDERS; border++) {
        for (int mode = 0; mode < MODES; mode++) {
            for (int k = 0; k < COUNT(kernels); k++) {
                batch_add(batch, "%s f32 19x37 k=%s border=%s cval=0.3 mode=%s", name, kernels[k], borders[border],
                          modes[mode]);
            }
            batch_add(batch, "%s f32 101x131 k=15x15 border=%s cval=-2 mode=%s", name, borders[border], modes[mode]);
            batch_add(batch, "%s f64 67x97 k=9x14 border=%s cval=-2 mode=%s", name, borders[border], modes[mode]);
            batch_add(batch, "%s f32 37 k=9 border=%s mode=%s", name, borders[border], modes[mode]);
            batch_add(batch, "%s f32 2x5x37 k=9 border=%s mode=%s", name, borders[border], modes[mode]);
        }
        for (int other = 0; other < BORDERS; other++) {
            batch_add(batch, "%s f32 7x21 k=5x5 border=%s,%s cval=2", name, borders[border], borders[other]);
            batch_add(batch, "%s f32 3x4 k=9x6 border=%s,%s cval=2 mode=full", name, borders[border], borders[other]);
        }
    }
}

/* Reaches that ask for every size of tile. */
static const int reaches[] = {20, 40, 80, 120, 140, 180, 250, 300, 370, 500, 600, 700, 1000, 1200};

/* Kernels of every reach, along one axis and the other; in double precision those that differ in how they are made. */
static void add_sizes(line_batch *batch, const char *name) {
    for (int i = 0; i < COUNT(reaches); i++) {
        batch_add(batch, "%s f32 9x13 k=%dx3 border=%s", name, reaches[i], borders[i % BORDERS]);
        batch_add(batch, "%s f32 13x9 k=2x%d border=%s", name, reaches[i], borders[(i + 1) % BORDERS]);
        if (i % 2 == 1 || i == 10) { /* every radix and number of factors; local and global memory */
            batch_add(batch, "%s f64 9x13 k=3x%d border=%s", name, reaches[i], borders[(i + 2) % BORDERS]);
        }
        batch_add(batch, "%s f32 %dx40 k=%dx2 border=%s", name, reaches[i] / 2, reaches[i], borders[(i + 3) % BORDERS]);
    }
}

/* Odd and even numbers of tiles, outputs that end inside a vector, planes that share a pair. */
static void add_seams(line_batch *batch, const char *name) {
    static const int extents[] = {1, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 50, 51, 63, 64, 65, 96, 97, 129};
    for (int i = 0; i < COUNT(extents); i++) {
        batch_add(batch, "%s f32 %dx%d k=9x9 border=%s", name, extents[i], extents[COUNT(extents) - 1 - i],
                  borders[i % BORDERS]);
        batch_add(batch, "%s f32 %dx70 k=15x15 border=%s mode=full", name, extents[i], borders[(i + 1) % BORDERS]);
    }
    for (int planes = 1; planes <= 5; planes++) {
        batch_add(batch, "%s f32 %dx3x28x28 k=5x5 border=symmetric", name, planes);
        batch_add(batch, "%s f32 %dx61x83 k=11x12 border=periodic", name, planes);
    }
}

/* Outputs beyond 2 MiB, which go past the cache where their rows begin on cache lines. */
static void add_streamed(line_batch *batch, const char *name) {
    if (name[1] == 'c' && name[2] == 'o' && name[3] == 'r') {
        batch_add(batch, "%s f32 700x800 k=9x9 border=reflect solver=conv.tile", name);
        batch_add(batch, "%s f32 700x801 k=9x9 border=periodic solver=conv.tile", name);
        batch_add(batch, "%s f64 530x504 k=9x14 border=symmetric solver=conv.tile", name);
    }
}

static void add_steps(line_batch *batch, const char *name) {
    static const char *const steps[] = {"stride=2,1",   "stride=1,2",   "stride=3,3",
                                        "dilation=2,1", "dilation=1,3", "stride=2,3 dilation=3,2"};
    for (int step = 0; step < COUNT(steps); step++) {
        for (int mode = 0; mode < MODES; mode++) {
            batch_add(batch, "%s f32 2x33x50 k=5x4 %s mode=%s border=%s cval=1", name, steps[step], modes[mode],
                      borders[(step + mode) % BORDERS]);
        }
    }
    for (int y = -2; y <= 1; y++) {
        for (int x = -2; x <= 2; x++) {
            batch_add(batch, "%s f32 29x38 k=4x5 origin=%d,%d border=%s", name, y, x, borders[(y + x + 4) % BORDERS]);
        }
    }
}

/* Element types, layouts of every operand, kernels in device memory, non-finite data. */
static void add_memory(line_batch *batch, const char *name) {
    static const char *const pairs[] = {
        "f16 20x35 k=7x7",         "f16 20x35 k=7x7 dst=f32", "u8 20x35 k=7x7",
        "u8 20x35 k=7x7 dst=f32",  "u16 20x35 k=7x7",         "i16 20x35 k=7x7",
        "i16 20x35 k=7x7 dst=f32", "u16 20x35 k=7x7 dst=f32", "f32 20x35 k=7x7 k_dtype=f64"};
    for (int pair = 0; pair < COUNT(pairs); pair++) {
        batch_add(batch, "%s %s border=%s cval=3", name, pairs[pair], borders[pair % BORDERS]);
        batch_add(batch, "%s %s border=constant src_layout=interleaved dst_layout=crop data=integer", name,
                  pairs[pair]);
    }
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
        for (int dst = LAYOUT_DENSE; dst < LAYOUT_BROADCAST; dst++) {
            batch_add(batch, "%s f32 2x3x17x35 k=5x5 src_layout=%s dst_layout=%s border=%s", name, layout_names[src],
                      layout_names[dst], borders[(src + dst) % BORDERS]);
        }
        batch_add(batch, "%s f32 19x33 k=6x5 kernel=view k_layout=%s border=constant", name, layout_names[src]);
    }
    batch_add(batch, "%s f64 19x33 k=6x5 kernel=view border=symmetric", name);
    batch_add(batch, "%s f32 9x13 k=500x3 kernel=view border=symmetric", name);
    batch_add(batch, "%s f32 9x20 k=3x3 border=constant cval=-inf", name);
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "%s f32 2x60x90 k=9x9 border=%s data=special", name, borders[border]);
        batch_add(batch, "%s f32 10x10 k=3x3 border=%s data=step sobel=1", name, borders[border]);
        batch_add(batch, "%s f32 70x60 k=15x12 border=%s,%s cval=1 src_strides=1,70 dst_strides=1,70", name,
                  borders[border], borders[(border + 1) % BORDERS]); /* stored by columns */
    }
}

/* Magnitudes at which the sums of a transform overflow or vanish, though the outputs do not. */
static const int magnitudes[] = {-140, -100, 100, 126}, wide_magnitudes[] = {-1060, -800, 800, 1022};

static void add_magnitudes(line_batch *batch, const char *name) {
    for (int i = 0; i < COUNT(magnitudes); i++) {
        batch_add(batch, "%s f32 2x33x50 k=5x4 border=%s magnitude=%d", name, borders[i], magnitudes[i]);
        batch_add(batch, "%s f32 101x131 k=15x15 border=%s magnitude=%d", name, borders[i], magnitudes[i]);
        batch_add(batch, "%s f64 67x97 k=9x14 border=%s magnitude=%d", name, borders[i], wide_magnitudes[i]);
    }
    batch_add(batch, "%s u8 20x35 k=7x7 dst=f32 border=constant cval=1e34", name);
    for (int magnitude = 53; magnitude < 59; magnitude++) { /* up to the greatest that are transformed unscaled */
        batch_add(batch, "%s f32 120x150 k=15x13 border=reflect magnitude=%d", name, magnitude);
    }
}

/* What bad elements are tried in: kernels of few taps, whose tiles are summed, and of many, or of few rows. */
static const char *const bad_kernels[] = {"15x13", "20x21"};
enum { BAD_PROBLEMS = 7 };
static const char *const bad_problems[][BAD_PROBLEMS] = {
    {"f32 5x4x33x50 k=5x4 stride=2,1 dilation=1,3", "f64 2x67x97 k=9x14", "f16 70x90 k=9x9", "f16 70x90 k=9x9 dst=f32",
     "f32 3x60x83 k=11x12", "f32 2x50x90 k=7x9 stride=3,2 dilation=2,2 kernel=view",
     "f32 3x40x50 k=9x8 src_layout=interleaved dst_layout=crop"},
    {"f32 5x4x33x50 k=4x5 stride=2,1 dilation=1,3", "f64 2x67x97 k=4x14", "f16 70x90 k=3x9", "f16 70x90 k=4x9 dst=f32",
     "f32 3x60x83 k=4x12", "f32 2x50x90 k=4x9 stride=3,2 dilation=2,2 kernel=view",
     "f32 3x40x50 k=4x8 src_layout=interleaved dst_layout=crop"}};

/* Elements that are bad or far beyond the rest: a line, and every second one of another problem. */
static void add_bad_line(line_batch *batch, const char *name, int turn, int many, const char *bad) {
    if (turn % 2 == 0) {
        batch_add(batch, "%s f32 %dx110 k=%s border=%s,%s %s", name, 60 + turn % 60, bad_kernels[many],
                  borders[turn % BORDERS], borders[turn / BORDERS % BORDERS], bad);
    } else {
        batch_add(batch, "%s %s border=%s,%s cval=0.5 mode=%s %s", name,
                  bad_problems[many][(turn + turn / BAD_PROBLEMS) % BAD_PROBLEMS], borders[turn / 3 % BORDERS],
                  borders[turn % BORDERS], modes[turn / 2 % 2 * 2], bad);
    }
}

/* In every share, under taps of every sign, on every border: convolution and correlation take the lines in turn. */
static void add_bad(line_batch *batch, const char *name) {
    static const char *const kinds[] = {"far", "top", "nan", "inf", "infs", "mixed"};
    static const char *const shares[] = {"one", "hundredth", "third", "block", "all"};
    static const char *const signs[] = {"above", "below", "sparse", "ring", "halves", "stripes", "drawn"};
    int turn = strcmp(name, "fcorr") == 0 ? 1 : 0;
    for (int kind = 0; kind < COUNT(kinds); kind++) {
        for (int share = 0; share < COUNT(shares); share++) {
            for (int sign = 0; sign < COUNT(signs); sign++, turn++) {
                char bad[64];
                (void)snprintf(bad, sizeof bad, "bad=%s share=%s signs=%s", kinds[kind], shares[share], signs[sign]);
                add_bad_line(batch, name, turn, 0, bad);
                add_bad_line(batch, name, turn + 1, 1, bad);
            }
        }
    }
    batch_add(batch, "%s f32 70x90 k=5x7 bad=far share=one magnitude=58", name); /* not far enough to be seen */
    for (int kind = 0; kind < COUNT(kinds); kind++) {                            /* tiles of several words of a map */
        batch_add(batch, "%s f32 2x70x150 k=40x63 bad=%s share=hundredth signs=ring", name, kinds[kind]);
        batch_add(batch, "%s f32 90x300 k=9x150 border=symmetric bad=%s share=one", name, kinds[kind]);
        batch_add(batch, "%s f64 300x40 k=130x4 border=periodic bad=%s share=third signs=halves", name, kinds[kind]);
    }
}

void fourier_systematic_lines(line_batch *batch, const char *name) {
    add_borders(batch, name);
    add_sizes(batch, name);
    add_seams(batch, name);
    add_streamed(batch, name);
    add_steps(batch, name);
    add_memory(batch, name);
    add_magnitudes(batch, name);
    add_bad(batch, name);
}

/* A property on every size of tile, and on the sizes that the libraries' lines share (below). */
void fourier_property_lines(line_batch *batch, const char *property, const char *words) {
    static const char *const shared[] = {"34x45 k=5x6", "45 k=6", "6x10x13 k=3x3x4"};
    for (int i = 0; i < COUNT(reaches); i++) {
        batch_add(batch, "%s fconv f32 %dx33 k=%dx3 %s", property, 21 + 10 * i, reaches[i], words);
        batch_add(batch, "%s fcorr f32 19x%d k=2x%d %s", property, 40 + 20 * i, reaches[i], words);
    }
    batch_add(batch, "%s fconv f64 40x50 k=9x14 %s", property, words);
    for (int i = 0; i < COUNT(shared); i++) {
        batch_add(batch, "%s fftconv f32 %s %s", property, shared[i], words);
    }
}

/*
 * Elements that are bad or far beyond the rest: every kind and share, under taps of every sign, on every border, along
 * one to three axes, where windows go round a periodic axis several times, with outputs left out.
 */
static void add_library_bad(line_batch *batch, const char *name) {
    static const char *const lines[] = {
        "f32 34x45 k=5x6 border=reflect bad=nan share=one",
        "f32 34x45 k=5x6 border=reflect bad=nan share=hundredth",
        "f32 34x45 k=5x6 border=symmetric bad=inf share=one signs=drawn",
        "f32 34x45 k=5x6 border=replicate bad=infs share=hundredth signs=ring",
        "f32 34x45 k=5x6 border=reflect bad=infs share=block signs=above",
        "f32 34x45 k=5x6 border=constant cval=2 bad=inf share=block signs=below",
        "f32 34x45 k=5x6 border=constant cval=0.5 bad=far share=one",
        "f32 34x45 k=5x6 border=symmetric bad=far share=block",
        "f32 34x45 k=5x6 border=reflect bad=top share=hundredth signs=above",
        "f32 34x45 k=5x6 border=replicate bad=mixed share=hundredth signs=sparse",
        "f32 34x45 k=5x6 border=reflect bad=mixed share=third signs=stripes",
        "f32 2x34x45 k=5x6 border=reflect bad=mixed share=one",
        "f32 3x34x45 k=5x6 bad=mixed share=block src_layout=interleaved dst_layout=crop",
        "f32 34x45 k=5x6 bad=infs share=hundredth signs=halves kernel=view",
        "f32 34x45 k=5x6 stride=2,2 bad=mixed share=hundredth signs=ring",
        "f32 31x40 k=5x6 dilation=2,2 border=symmetric bad=mixed share=hundredth",
        "f32 31x40 k=5x6 mode=full border=replicate bad=far share=hundredth",
        "f32 38x49 k=5x6 mode=valid bad=mixed share=hundredth signs=sparse",
        "f32 40x50 k=5x6 border=periodic bad=mixed share=hundredth signs=halves",
        "f32 40x50 k=91x73 border=periodic bad=infs share=one signs=ring",
        "f32 40x50 k=5x6 border=periodic dilation=83,120 bad=infs share=one",
        "f32 40x50 k=5x6 border=periodic dilation=80,50 bad=mixed share=hundredth",
        "f32 7x45 k=6 border=reflect bad=mixed share=hundredth signs=sparse",
        "f32 7x45 k=6 border=periodic bad=far share=block",
        "f32 6x10x13 k=3x3x3 border=reflect bad=mixed share=hundredth signs=sparse",
        "f32 6x10x13 k=3x3x3 border=constant cval=0.5 bad=far share=block",
        "f64 34x45 k=5x6 border=reflect bad=mixed share=hundredth signs=ring",
        "f64 34x45 k=5x6 border=symmetric bad=far share=block",
        "f64 34x45 k=5x6 border=symmetric magnitude=-900 bad=far share=hundredth",
        "f32 34x45 k=5x6 bad=far share=one magnitude=54", /* not far enough to be seen */
        "f16 34x45 k=5x6 dst=f32 border=reflect bad=mixed share=hundredth"};
    for (int i = 0; i < COUNT(lines); i++) {
        batch_add(batch, "%s %s", name, lines[i]);
    }
}

/*
 * A library may take a minute to make a transform of a new size: all these lines share few, 40 x 50 along two axes, 50
 * along one, 8 x 12 x 16 along three.
 */
void fourier_library_lines(line_batch *batch, const char *name) {
    static const char *const shapes[] = {"34x45 k=5x6",
                                         "38x49 k=5x6 mode=valid",
                                         "31x40 k=5x6 mode=full",
                                         "34x45 k=5x6 stride=2,2",
                                         "31x40 k=5x6 dilation=2,2",
                                         "34x45 k=5x6 origin=2,-1",
                                         "37x47 k=3x3",
                                         "40x50 k=1x1"};
    for (int border = 0; border < BORDERS; border++) {
        for (int shape = 0; shape < COUNT(shapes); shape++) {
            batch_add(batch, "%s f32 %s border=%s cval=-2", name, shapes[shape], borders[border]);
        }
        batch_add(batch, "%s f64 34x45 k=5x6 border=%s cval=3", name, borders[border]);
        batch_add(batch, "%s u8 34x45 k=5x6 border=%s cval=3 data=integer", name, borders[border]);
        batch_add(batch, "%s f32 3x34x45 k=5x6 border=%s src_layout=interleaved dst_layout=crop", name,
                  borders[border]);
        batch_add(batch, "%s f32 34x45 k=5x6 border=%s kernel=view", name, borders[border]);
        batch_add(batch, "%s f32 7x45 k=6 border=%s", name, borders[border]);
        batch_add(batch, "%s f32 6x10x13 k=3x3x3 border=%s", name, borders[border]);
        batch_add(batch, "%s f32 34x45 k=5x6 border=%s data=special", name, borders[border]);
    }
    for (int i = 0; i < COUNT(magnitudes); i++) {
        batch_add(batch, "%s f32 2x34x45 k=5x6 border=%s magnitude=%d", name, borders[i], magnitudes[i]);
        batch_add(batch, "%s f64 34x45 k=5x6 border=%s magnitude=%d", name, borders[i], wide_magnitudes[i]);
    }
    batch_add(batch, "%s f32 40x50 k=5x6 border=periodic", name);
    batch_add(batch, "%s f32 40x50 k=91x73 border=periodic", name);
    batch_add(batch, "%s f32 40x50 k=5x6 border=periodic origin=-2,2", name);
    add_library_bad(batch, name);
}

void fourier_small_lines(line_batch *batch, const char *name) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "%s f32 9x13 k=3x4 border=%s cval=1", name, borders[border]);
        batch_add(batch, "%s f64 5x9 k=3x4 border=%s mode=full", name, borders[border]);
    }
    batch_add(batch, "%s f32 29x33 k=9x9", name);
    batch_add(batch, "%s f32 9x20 k=3x3 border=periodic,constant cval=inf", name); /* which transforms would strew */
    batch_add(batch, "%s f32 4x5 k=90x3", name);
    batch_add(batch, "%s f32 2x9x18 k=3x4 border=periodic data=special", name);
    batch_add(batch, "%s f32 9x18 k=3x4 magnitude=126", name);
    batch_add(batch, "%s f32 9x40 k=5x6 bad=mixed share=third signs=ring border=constant", name);
    batch_add(batch, "%s f32 30x40 k=3x6 bad=infs share=hundredth signs=above dilation=2,1", name);
    batch_add(batch, "%s f64 2x9x18 k=4x3 bad=far share=one border=periodic stride=1,2", name);
    batch_add(batch, "%s u8 9x18 k=3x3 stride=2,3 dilation=2,1", name);
    batch_add(batch, "%s f32 9x18 k=3x3 kernel=view src_layout=interleaved dst_layout=crop", name);
}

void fourier_random_line(line_batch *batch, const char *name, random_state *random) {
    static const char *const types[] = {"f32", "f32", "f32", "f32", "f32", "f64", "u8"};
    static const char *const data[] = {"random", "integer", "special"};
    line_draft draft = {.length = 0};
    int mode = (int)random_integer(random, 0, MODES - 1), most = random_integer(random, 0, 3) == 0 ? 40 : 12;
    int height = (int)random_integer(random, 1, most), width = (int)random_integer(random, 1, most);
    int more = mode == CLF_MODE_VALID ? 45 : 1;
    draft_add(&draft, "%s %s", name, types[random_integer(random, 0, COUNT(types) - 1)]);
    draft_add(&draft, " %d", (int)random_integer(random, 1, 3));
    draft_add(&draft, "x%d", more + (int)random_integer(random, 0, 80));
    draft_add(&draft, "x%d k=%dx%d", more + (int)random_integer(random, 0, 120), height, width);
    draft_add(&draft, " border=%s", borders[random_integer(random, 0, BORDERS - 1)]);
    draft_add(&draft, ",%s mode=%s", borders[random_integer(random, 0, BORDERS - 1)], modes[mode]);
    draft_add(&draft, " cval=%d", (int)random_integer(random, -3, 3));
    if (mode == CLF_MODE_SAME) {
        draft_add(&draft, " origin=%d,0", (int)random_integer(random, -(height / 2), (height - 1) / 2));
    }
    if (mode != CLF_MODE_VALID && random_integer(random, 0, 3) == 0) {
        draft_add(&draft, " stride=%d", (int)random_integer(random, 1, 3));
        draft_add(&draft, " dilation=%d", (int)random_integer(random, 1, 3));
    }
    draft_add(&draft, " src_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST)]);
    draft_add(&draft, " dst_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST - 1)]);
    draft_add(&draft, " kernel=%s", random_integer(random, 0, 3) == 0 ? "view" : "host");
    draft_add(&draft, " data=%s", data[random_integer(random, 0, COUNT(data) - 1)]);
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}
