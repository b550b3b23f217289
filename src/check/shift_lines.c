/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a shift. */
#include "check/shift.h"

#include "base/number.h"

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};
static const char *const types[] = {"f32", "f64", "f16", "u8", "u16", "i16"};
static const char *const fractions[] = {"linear", "cubic"};
enum { BORDERS = 5, TYPES = 6, FRACTIONS = 2 };

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Whole samples: little, much, more than the extent many times over, along each axis and several. */
static void add_whole(line_batch *batch) {
    static const char *const by[] = {"0,0,0",  "0,0,1",   "0,0,-1",   "0,0,7",    "0,0,-33", "0,2,0",
                                     "1,-2,3", "0,0,300", "0,0,-999", "50,-70,5", "1,0,0",   "0,-3,0"};
    for (int border = 0; border < BORDERS; border++) {
        for (int i = 0; i < COUNT(by); i++) {
            batch_add(batch, "shift f32 3x5x37 by=%s border=%s cval=2.5", by[i], borders[border]);
        }
        for (int type = 0; type < TYPES; type++) {
            batch_add(batch, "shift %s 3x5x37 by=1,-2,3 border=%s cval=-7.5", types[type], borders[border]);
            batch_add(batch, "shift %s 2x260 by=0,100 border=%s cval=300", types[type], borders[border]);
        }
        batch_add(batch, "shift i32 3x5x37 by=1,-2,3 border=%s cval=-3e9 solver=shift.whole", borders[border]);
        batch_add(batch, "shift i64 3x5x37 by=1,-2,3 border=%s cval=7 solver=shift.whole", borders[border]);
        batch_add(batch, "shift f32 1x1x9 by=2,-1,3 border=%s cval=1 data=special", borders[border]);
        batch_add(batch, "shift f32 2000x1511 by=-3,17 border=%s", borders[border]); /* stores past the cache */
        batch_add(batch, "shift f32 2x3x1x5x2x3x4x5 by=1,0,2,-1,0,1,0,2 border=%s", borders[border]);
    }
    /* past the cache, rows being short, to the last of those and the first that is not */
    batch_add(batch, "shift f32 2900x27x29 by=1,3,-2 border=reflect,constant,symmetric solver=shift.whole");
    batch_add(batch, "shift f32 2900x27x29 by=1,3,-2 border=periodic solver=shift.whole");
    batch_add(batch, "shift f32 1100x40x51 by=0,-70,130 border=replicate src_layout=crop solver=shift.whole");
    batch_add(batch, "shift f32 760000x3 by=5,1 border=constant cval=2 solver=shift.whole");
    batch_add(batch, "shift f64 1200x21x44 by=2,3,7 border=periodic,reflect,constant solver=shift.whole");
    batch_add(batch, "shift u8 3000x53x59 by=2,3,5 border=reflect,constant,replicate solver=shift.whole");
    batch_add(batch, "shift f32 9000x256 by=3,5 border=symmetric solver=shift.whole class=cpu");
    batch_add(batch, "shift f32 9000x257 by=3,5 border=symmetric solver=shift.whole class=cpu");
    batch_add(batch, "shift f32 4x9x21 by=1,2,3 border=replicate,periodic,constant cval=9");
    batch_add(batch, "shift f32 4x9x21 by=1,2,3 border=constant,reflect,default cval=inf");
}

static void add_fractions(line_batch *batch) {
    static const char *const by[] = {"0,0.5", "0.25,0", "-0.3,1.7", "2,-0.75", "40.5,-100.25", "-1e-3,0.999"};
    static const int extents[] = {1, 2, 3, 4, 15, 17, 33, 70};
    for (int method = 0; method < FRACTIONS; method++) {
        for (int border = 0; border < BORDERS; border++) {
            for (int i = 0; i < COUNT(by); i++) {
                batch_add(batch, "shift f32 19x37 by=%s border=%s cval=0.6 method=%s", by[i], borders[border],
                          fractions[method]);
            }
            for (int i = 0; i < COUNT(extents); i++) {
                batch_add(batch, "shift f64 3x%d by=0,0.4 border=%s cval=1 method=%s", extents[i], borders[border],
                          fractions[method]);
                batch_add(batch, "shift f32 %dx35 by=-1.6,0 border=%s method=%s", extents[i], borders[border],
                          fractions[method]);
            }
            for (int type = 0; type < TYPES; type++) {
                batch_add(batch, "shift %s 2x18x21 by=0,1.5,-0.25 border=%s cval=3 method=%s", types[type],
                          borders[border], fractions[method]);
            }
            batch_add(batch, "shift f32 9x8x7 by=0.5,-0.5,1.25 border=%s method=%s", borders[border],
                      fractions[method]);
            batch_add(batch, "shift f32 9x8x7 by=3,0,-2 border=%s method=%s data=special", borders[border],
                      fractions[method]);
        }
        batch_add(batch, "shift f32 11x12 by=0.5,0.5 border=replicate,periodic method=%s", fractions[method]);
    }
    batch_add(batch, "shift f32 9x41 by=0,0.5 border=constant cval=inf method=linear");
}

/* Far from 1: coefficients of the spline are larger than its samples. */
static void add_magnitudes(line_batch *batch) {
    static const int f32[] = {-140, -100, 100, 126}, f64[] = {-1060, -800, 800, 1022};
    for (int i = 0; i < COUNT(f32); i++) {
        for (int method = 0; method < 2; method++) {
            batch_add(batch, "shift f32 3x18x21 by=0,1.5,-0.25 border=%s method=%s magnitude=%d", borders[i],
                      fractions[method], f32[i]);
            batch_add(batch, "shift f64 3x18x21 by=0,1.5,-0.25 border=%s method=%s magnitude=%d", borders[i],
                      fractions[method], f64[i]);
        }
    }
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "shift f32 18x21 by=-1.5,0 border=%s cval=2e38 method=cubic magnitude=126", borders[border]);
        batch_add(batch, "shift f32 18x1 by=0,-0.5 border=%s cval=-2e38 method=cubic magnitude=126", borders[border]);
    }
}

static void add_layouts(line_batch *batch) {
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
        for (int dst = LAYOUT_DENSE; dst < LAYOUT_BROADCAST; dst++) {
            batch_add(batch, "shift f32 2x3x7x19 by=0,1,2,-3 src_layout=%s dst_layout=%s border=%s", layout_names[src],
                      layout_names[dst], borders[(src + dst) % BORDERS]);
        }
        if (src < LAYOUT_BROADCAST) {
            batch_add(batch, "shift f32 3x6x19 by=0,-0.5,0.5 method=cubic src_layout=%s dst_layout=%s",
                      layout_names[src], layout_names[src]);
        }
    }
}

void shift_systematic_lines(line_batch *batch) {
    add_whole(batch);
    add_fractions(batch);
    add_magnitudes(batch);
    add_layouts(batch);
}

void shift_small_lines(line_batch *batch) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "shift f32 2x5x19 by=1,-2,3 border=%s cval=1", borders[border]);
        batch_add(batch, "shift f32 3x9 by=0.5,-1.25 border=%s cval=1 method=linear", borders[border]);
        batch_add(batch, "shift f64 3x9 by=0,1.25 border=%s cval=1 method=cubic", borders[border]);
        batch_add(batch, "shift u8 3x9 by=-0.5,0 border=%s cval=1 method=cubic src_layout=mixed", borders[border]);
    }
}

void shift_random_line(line_batch *batch, random_state *random) {
    static const char *const methods[] = {"whole", "linear", "cubic"};
    int method = (int)random_integer(random, 0, COUNT(methods) - 1);
    line_draft draft = {.length = 0};
    draft_add(&draft, "shift %s", types[random_integer(random, 0, TYPES - 1)]);
    draft_add(&draft, " %d", (int)random_integer(random, 1, 9));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 40));
    draft_add(&draft, " by=%s",
              clf_number_general((double)random_integer(random, -60, 60) / (method == 0 ? 1 : 4), 10).text);
    draft_add(&draft, ",%s",
              clf_number_general((double)random_integer(random, -60, 60) / (method == 0 ? 1 : 4), 10).text);
    draft_add(&draft, " border=%s", borders[random_integer(random, 0, BORDERS - 1)]);
    draft_add(&draft, ",%s", borders[random_integer(random, 0, BORDERS - 1)]);
    draft_add(&draft, " cval=%d", (int)random_integer(random, -5, 5));
    draft_add(&draft, " method=%s", methods[method]);
    draft_add(&draft, " src_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST)]);
    draft_add(&draft, " dst_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST - 1)]);
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}
