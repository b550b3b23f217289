/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the derivative magnitude. */
#include "check/gradient.h"

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};
static const char *const names[] = {"central", "sobel"};
/* The operators that differ from these two in their taps alone. */
static const char *const others[] = {"forward", "backward", "scharr", "prewitt"};
static const char *const types[] = {"f32", "f64", "u8", "f16", "u16", "i16"};
enum { BORDERS = 5, NAMES = 2, OTHERS = 4, TYPES = 6, FEW_TYPES = 3 };

/* Every type with one of the operators, and those that differ in how they are summed with the other. */
static int types_of(int name) {
    return name == 0 ? TYPES : FEW_TYPES;
}

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Every pair of borders, both operators, and each type with every border. */
static void add_borders(line_batch *batch, int operator) {
    const char *name = names[operator];
    for (int y = 0; y < BORDERS; y++) {
        for (int x = 0; x < BORDERS; x++) {
            batch_add(batch, "gradient f32 2x9x35 op=%s border=%s,%s cval=3 data=integer", name, borders[y],
                      borders[x]);
            batch_add(batch, "gradient f32 3x28x28 op=%s border=%s,%s cval=0.4", name, borders[y], borders[x]);
        }
        for (int type = 0; type < types_of(operator); type++) {
            batch_add(batch, "gradient %s 2x3x9x20 op=%s border=%s cval=2", types[type], name, borders[y]);
            batch_add(batch, "gradient %s 11x37 op=%s border=%s data=integer", types[type], name, borders[y]);
        }
        batch_add(batch, "gradient f32 2x14x45 op=%s border=%s data=special", name, borders[y]);
        batch_add(batch, "gradient f64 14x45 op=%s border=%s data=special", name, borders[y]);
        batch_add(batch, "gradient f16 14x45 op=%s border=%s data=special", name, borders[y]);
        batch_add(batch, "gradient f32 2x3x28x28 op=%s border=%s scale=0.5 eps=1e-6", name, borders[y]);
        batch_add(batch, "gradient f32 130x257 op=%s border=%s scale=-2", name, borders[y]);
    }
}

/* Extents from one element to beyond a vector, both ways. */
static void add_extents(line_batch *batch, const char *name) {
    static const int widths[] = {1, 2, 3, 4, 7, 8, 15, 16, 17, 18, 31, 32, 33, 34, 63, 64, 65, 127, 128, 129};
    static const int heights[] = {1, 2, 3, 4, 5, 9, 16};
    for (int w = 0; w < COUNT(widths); w++) {
        for (int border = 0; border < BORDERS; border++) {
            int height = heights[(w + border) % COUNT(heights)];
            batch_add(batch, "gradient f32 %dx%d op=%s border=%s cval=1", height, widths[w], name, borders[border]);
            batch_add(batch, "gradient f32 %dx%d op=%s border=%s cval=1", widths[w], height, name, borders[border]);
        }
        batch_add(batch, "gradient f32 5x2x3x%d op=%s data=integer", widths[w], name);
    }
}

/* Every layout of the input with every layout of the output; every rank. */
static void add_layouts(line_batch *batch, const char *name) {
    static const char *const shapes[] = {"5x18",         "2x5x18",         "3x2x5x18",        "2x1x3x5x18",
                                         "2x1x2x3x5x18", "1x2x1x2x3x5x18", "2x1x2x1x2x3x5x18"};
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
        for (int dst = LAYOUT_DENSE; dst < LAYOUT_BROADCAST; dst++) {
            batch_add(batch, "gradient f32 2x3x7x19 op=%s src_layout=%s dst_layout=%s border=%s", name,
                      layout_names[src], layout_names[dst], borders[(src + dst) % BORDERS]);
        }
        batch_add(batch, "gradient u8 3x2x6x37 op=%s src_layout=%s border=periodic", name, layout_names[src]);
    }
    for (int shape = 0; shape < COUNT(shapes); shape++) {
        batch_add(batch, "gradient f32 %s op=%s src_layout=mixed dst_layout=permuted", shapes[shape], name);
        batch_add(batch, "gradient f32 %s op=%s border=symmetric", shapes[shape], name);
    }
}

/* Outputs that come once more, in double precision and of small planes. */
static const char *const wide_outputs[] = {"l1", "orientation"}, *const plane_outputs[] = {"dx", "orientation"};

/* The other operators, every output, three axes, results of half precision. */
static void add_operators(line_batch *batch) {
    static const char *const outputs[] = {"magnitude", "dx", "dy", "squared", "l1", "orientation"};
    for (int border = 0; border < BORDERS; border++) {
        for (int i = 0; i < OTHERS; i++) {
            batch_add(batch, "gradient f32 2x9x35 op=%s border=%s,%s cval=3", others[i], borders[border],
                      borders[(border + i) % BORDERS]);
            batch_add(batch, "gradient f32 3x2x21 op=%s border=%s cval=1 src_layout=mixed", others[i], borders[border]);
        }
        batch_add(batch, "gradient f32 2x14x45 op=gaussian:1.5 border=%s cval=0.3", borders[border]);
        batch_add(batch, "gradient f32 5x3x2 op=gaussian:1.5 border=%s cval=0.3", borders[border]);
        batch_add(batch, "gradient f64 19x40 op=gaussian:0.8 border=%s", borders[border]);
        batch_add(batch, "gradient u8 9x1100 op=gaussian:3 border=%s dst_layout=crop", borders[border]);
        batch_add(batch, "gradient f32 2x9x1100 op=sobel border=%s", borders[border]);
        batch_add(batch, "gradient f32 2x7x8x33 axes=3 border=%s,%s,default", borders[border],
                  borders[(border + 1) % BORDERS]);
        batch_add(batch, "gradient f32 2x7x8x33 op=sobel axes=3 border=%s cval=2", borders[border]);
        batch_add(batch, "gradient f32 3x1x5x18 op=sobel axes=3 border=%s src_layout=mixed dst_layout=permuted",
                  borders[border]);
        batch_add(batch, "gradient f32 5x7x20 op=gaussian:0.7 axes=3 border=%s", borders[border]);
        batch_add(batch, "gradient f16 2x9x35 op=sobel border=%s dst=f16", borders[border]);
    }
    for (int out = 0; out < COUNT(outputs); out++) {
        batch_add(batch, "gradient f32 3x9x35 op=sobel out=%s scale=0.25", outputs[out]);
    }
    for (int out = 0; out < COUNT(wide_outputs); out++) {
        batch_add(batch, "gradient f64 9x35 op=sobel out=%s scale=0.25", wide_outputs[out]);
        batch_add(batch, "gradient f32 3x9x35 out=%s border=periodic dst_layout=crop", plane_outputs[out]);
    }
    static const char *const volume_outputs[] = {"dz", "dx", "l1"};
    for (int out = 0; out < COUNT(volume_outputs); out++) {
        batch_add(batch, "gradient f32 3x6x7x20 axes=3 out=%s", volume_outputs[out]);
    }
}

/*
 * Outputs beyond 32 MiB, which are stored past the cache: whole planes, those of one work-item four at a time; rows of
 * any width; flat rows that end inside a cache line and that do not; three axes; a Gaussian.
 */
static void add_streamed(line_batch *batch) {
    batch_add(batch, "gradient f32 12000x28x28");
    batch_add(batch, "gradient f32 300x64x512 border=replicate");
    batch_add(batch, "gradient f32 8000x1100 op=sobel border=replicate");
    batch_add(batch, "gradient f32 9000x31x31 op=sobel border=symmetric,periodic");
    batch_add(batch, "gradient f64 5500x28x28 op=sobel solver=gradient.flat class=cpu");
    batch_add(batch, "gradient f64 170x29x30x31 axes=3 solver=gradient.flat class=cpu");
    batch_add(batch, "gradient f64 4190x1003 op=gaussian:0.4 solver=gradient.rows class=cpu");
}

/* Enough small planes that each is made as a whole: several at a time, one at a time, fewer at the end. */
static void add_planes(line_batch *batch) {
    for (int y = 0; y < BORDERS; y++) {
        for (int x = 0; x < BORDERS; x++) {
            batch_add(batch, "gradient f32 67x7x19 border=%s,%s cval=3 data=integer", borders[y], borders[x]);
        }
        batch_add(batch, "gradient f32 2x67x5x32 border=%s op=forward cval=0.5 data=special", borders[y]);
        batch_add(batch, "gradient f32 67x4x48 border=%s op=backward cval=0.5 scale=-3", borders[y]);
        batch_add(batch, "gradient f32 20x3x16 border=%s", borders[y]);
    }
    for (int type = 0; type < TYPES; type++) {
        batch_add(batch, "gradient %s 67x6x21 border=periodic,constant cval=2", types[type]);
    }
    for (int out = 0; out < COUNT(plane_outputs); out++) {
        batch_add(batch, "gradient f32 67x7x19 out=%s", plane_outputs[out]);
    }
    batch_add(batch, "gradient f32 67x7x19 dst_layout=offset src_layout=offset");
}

/*
 * Elements so small and so great that their squares vanish and overflow, as sums of differences and scaled ones may;
 * equal great elements, whose sums overflow and whose derivatives are 0; eps that is as small or great.
 */
static const int magnitudes[] = {-140, -100, 100, 126}, wide_magnitudes[] = {-1060, -800, 800, 1022};

static void add_magnitudes(line_batch *batch) {
    static const char *const outputs[] = {"dx", "dy", "squared", "l1", "orientation"};
    for (int i = 0; i < COUNT(magnitudes); i++) {
        const char *border = borders[i];
        int narrow = magnitudes[i], wide = wide_magnitudes[i];
        batch_add(batch, "gradient f32 67x7x19 border=%s magnitude=%d", border, narrow);
        batch_add(batch, "gradient f32 67x7x19 border=%s scale=0.5 magnitude=%d", border, narrow);
        batch_add(batch, "gradient f64 67x7x19 border=%s magnitude=%d", border, wide);
        batch_add(batch, "gradient f32 2x7x8x33 op=sobel axes=3 border=%s magnitude=%d", border, narrow);
        batch_add(batch, "gradient f32 5x3x18 op=scharr axes=3 border=%s magnitude=%d", border, narrow);
        batch_add(batch, "gradient f64 9x35 op=sobel out=%s scale=0.25 magnitude=%d", wide_outputs[i % 2], wide);
        for (int name = 0; name < NAMES; name++) {
            batch_add(batch, "gradient f32 2x9x35 op=%s border=%s magnitude=%d", names[name], border, narrow);
            batch_add(batch, "gradient f32 14x45 op=%s data=special magnitude=%d", names[name], narrow);
            batch_add(batch, "gradient f64 14x45 op=%s data=special magnitude=%d", names[name], wide);
        }
        for (int out = 0; out < COUNT(outputs); out++) {
            batch_add(batch, "gradient f32 3x9x35 op=sobel out=%s scale=0.25 magnitude=%d", outputs[out], narrow);
        }
        for (int scale = 0; scale <= 30; scale += 30) { /* towards 1 */
            batch_add(batch, "gradient f32 2x14x45 op=gaussian:1.5 border=%s scale=1e%d magnitude=%d", border,
                      narrow < 0 ? scale : -scale, narrow);
            batch_add(batch, "gradient f64 19x40 op=gaussian:0.8 scale=1e%d magnitude=%d", wide < 0 ? scale : -scale,
                      wide);
        }
        batch_add(batch, "gradient f32 2x9x35 op=scharr border=%s scale=-0.03125 magnitude=%d", border, narrow);
    }
    batch_add(batch, "gradient f32 2x9x35 magnitude=-100 eps=1e-60");
    batch_add(batch, "gradient f32 2x9x35 magnitude=100 eps=1e60");
    batch_add(batch, "gradient f32 2x9x35 op=sobel data=special magnitude=-100 eps=1e-60");
    batch_add(batch, "gradient u8 9x35 eps=1e-60 data=step");
    batch_add(batch, "gradient u8 9x35 op=sobel border=constant cval=1e30");
    batch_add(batch, "gradient f16 9x35 op=sobel scale=1e-30");
    batch_add(batch, "gradient f32 2x9x40 op=sobel data=step magnitude=127");
    batch_add(batch, "gradient f32 2x9x40 op=prewitt out=dy data=step magnitude=127 border=periodic");
    batch_add(batch, "gradient f64 2x9x40 op=sobel out=orientation data=step magnitude=1023");
}

void gradient_systematic_lines(line_batch *batch) {
    add_planes(batch);
    add_magnitudes(batch);
    add_operators(batch);
    add_streamed(batch);
    for (int i = 0; i < NAMES; i++) {
        add_borders(batch, i);
        add_extents(batch, names[i]);
        add_layouts(batch, names[i]);
        batch_add(batch, "gradient f32 8x20 op=%s border=constant cval=inf", names[i]);
        batch_add(batch, "gradient f32 8x20 op=%s", names[i]);
        batch_add(batch, "gradient f32 8x20 op=%s border=default,periodic", names[i]);
    }
}

void gradient_small_lines(line_batch *batch) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "gradient f32 9x13 op=gaussian:0.7 border=%s cval=1", borders[border]);
        batch_add(batch, "gradient f32 3x4x5x9 op=sobel axes=3 border=%s cval=1", borders[border]);
        batch_add(batch, "gradient f32 67x3x17 border=%s cval=1", borders[border]);
        batch_add(batch, "gradient f32 4x5x9 op=gaussian:0.5 axes=3 border=%s cval=1", borders[border]);
    }
    batch_add(batch, "gradient f32 67x3x17 magnitude=-100");
    batch_add(batch, "gradient f32 2x3x19 op=sobel scale=0.25 magnitude=126");
    batch_add(batch, "gradient f32 2x3x4x9 op=sobel axes=3 magnitude=126");
    for (int i = 0; i < NAMES; i++) {
        for (int border = 0; border < BORDERS; border++) {
            for (int type = 0; type < types_of(i); type++) {
                batch_add(batch, "gradient %s 3x19 op=%s border=%s cval=1", types[type], names[i], borders[border]);
            }
            batch_add(batch, "gradient f32 1x1 op=%s border=%s", names[i], borders[border]);
            batch_add(batch, "gradient f32 2x9x13 op=%s border=%s,%s", names[i], borders[border],
                      borders[(border + 1) % BORDERS]);
        }
        for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
            batch_add(batch, "gradient f32 2x1x3x18 op=%s src_layout=%s dst_layout=%s", names[i], layout_names[src],
                      layout_names[(src + 3) % LAYOUT_BROADCAST]);
        }
    }
}

static const char *random_name(random_state *random, const char *const *from, int count) {
    return from[random_integer(random, 0, count - 1)];
}

void gradient_random_line(line_batch *batch, random_state *random) {
    static const char *const data[] = {"random", "integer", "special"};
    static const char *const scales[] = {"1", "0.5", "-3", "0.1"};
    static const char *const epsilons[] = {"0", "1e-6", "1", "1e-12"};
    line_draft draft = {.length = 0};
    draft_add(&draft, "gradient %s", random_name(random, types, TYPES));
    draft_add(&draft, " %d", (int)random_integer(random, 1, 5));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 40));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 80));
    draft_add(&draft, " op=%s", random_name(random, names, NAMES));
    draft_add(&draft, " border=%s", random_name(random, borders, BORDERS));
    draft_add(&draft, ",%s", random_name(random, borders, BORDERS));
    draft_add(&draft, " cval=%d", (int)random_integer(random, -5, 5));
    draft_add(&draft, " scale=%s", random_name(random, scales, COUNT(scales)));
    draft_add(&draft, " eps=%s", random_name(random, epsilons, COUNT(epsilons)));
    draft_add(&draft, " src_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST + 1));
    draft_add(&draft, " dst_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST));
    draft_add(&draft, " data=%s", random_name(random, data, COUNT(data)));
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}
