/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of small matrices. Every size and layout is a build of its own, so their number is kept small. */
#include "check/matrix.h"

static const char *const types[] = {"f32", "f64"};
enum { TYPES = 2 };

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const char *const any_shapes[] = {"1x1", "5x1", "2x4", "4x2", "3x3", "6x8", "16x16"};
static const char *const square_shapes[] = {"1x1", "2x2", "3x3", "8x8", "16x16"};

/* Each shape: one matrix, fewer and more than a vector, each type; ranks; a NaN or Inf among others. */
static void add_lines(line_batch *batch, const char *name, const char *words, const char *const *shapes, int count) {
    for (int shape = 0; shape < count; shape++) {
        for (int type = 0; type < TYPES; type++) {
            batch_add(batch, "%s %s 37x%s%s", name, types[type], shapes[shape], words);
            batch_add(batch, "%s %s 37x%s%s data=integer", name, types[type], shapes[shape], words);
            batch_add(batch, "%s %s 40x%s%s data=special", name, types[type], shapes[shape], words);
            batch_add(batch, "%s %s %s%s", name, types[type], shapes[shape], words);
        }
        batch_add(batch, "%s f32 3x16x%s%s", name, shapes[shape], words);
    }
}

static void add_layouts(line_batch *batch, const char *name, const char *words, const char *shape) {
    for (int way = LAYOUT_DENSE; way <= LAYOUT_BROADCAST; way++) {
        batch_add(batch, "%s f32 3x35x%s%s src_layout=%s", name, shape, words, layout_names[way]);
        if (way < LAYOUT_BROADCAST) {
            batch_add(batch, "%s f32 3x35x%s%s src_layout=permuted dst_layout=%s", name, shape, words,
                      layout_names[way]);
        }
    }
}

/* Layouts in double precision, and those of other shapes. */
static void add_turned(line_batch *batch, const char *name, const char *words, const char *shape) {
    batch_add(batch, "%s f64 3x35x%s%s src_layout=permuted dst_layout=mixed", name, shape, words);
    batch_add(batch, "%s f64 2x33x%s%s src_layout=mixed dst_layout=permuted data=special", name, shape, words);
}

/* Right-hand sides in every layout. */
static void add_rights(line_batch *batch, const char *name, const char *shape) {
    for (int way = LAYOUT_DENSE; way <= LAYOUT_BROADCAST; way++) {
        batch_add(batch, "%s f32 3x35x%s right=5 right_layout=%s", name, shape, layout_names[way]);
    }
}

static void add_ranks(line_batch *batch, const char *name, const char *words) {
    static const char *const shapes[] = {"2x4", "4x2", "3x3", "6x8"};
    for (int shape = 0; shape < COUNT(shapes); shape++) {
        for (int rank = 0; rank < 2; rank++) {
            for (int type = 0; type < TYPES; type++) {
                batch_add(batch, "%s %s 20x%s%s data=integer rank=%d", name, types[type], shapes[shape], words, rank);
            }
        }
    }
    batch_add(batch, "%s f32 20x6x8%s data=integer rank=4", name, words);
    batch_add(batch, "%s f64 20x16x16%s data=integer rank=9 rcond=1e-9", name, words);
}

/* Far from 1: squares and products of elements are none that the type holds, but inverses are. */
static void add_magnitudes(line_batch *batch, const char *name, const char *words, const char *const *shapes,
                           int count) {
    static const int f32[] = {-140, -126, -100, 100, 126}, f64[] = {-1060, -1022, -800, 800, 1022};
    for (int shape = 0; shape < count; shape++) {
        for (int i = 0; i < COUNT(f32); i++) {
            batch_add(batch, "%s f32 37x%s%s magnitude=%d", name, shapes[shape], words, f32[i]);
            batch_add(batch, "%s f64 37x%s%s magnitude=%d", name, shapes[shape], words, f64[i]);
        }
    }
}

void pinv_lines(line_batch *batch) {
    add_lines(batch, "pinv", "", any_shapes, COUNT(any_shapes));
    add_layouts(batch, "pinv", "", "2x4");
    add_turned(batch, "pinv", "", "2x4");
    batch_add(batch, "pinv f32 3x35x4x2 src_layout=mixed dst_layout=permuted");
    batch_add(batch, "pinv f32 3x35x3x3 src_layout=permuted dst_layout=mixed");
    add_ranks(batch, "pinv", "");
    add_magnitudes(batch, "pinv", "", any_shapes + 1, COUNT(any_shapes) - 1);
    batch_add(batch, "pinv f32 20x2x4 data=integer rank=1 magnitude=-100");
    batch_add(batch, "pinv f32 20x6x8 data=integer rank=4 magnitude=100");
    batch_add(batch, "pinv f64 20x2x4 data=integer rank=1 magnitude=-800");
    /* beyond 8 MiB, past the cache */
    batch_add(batch, "pinv f32 300000x2x4");
    batch_add(batch, "pinv f32 300001x4x2 src_layout=permuted");
    batch_add(batch, "pinv f64 140000x2x4 solver=pinv.pair class=cpu");
    batch_add(batch, "pinv f32 280001x2x4 dst_strides=8,1,4 solver=pinv.pair class=cpu");
}

void inv_lines(line_batch *batch) {
    add_lines(batch, "inv", "", square_shapes, COUNT(square_shapes));
    add_layouts(batch, "inv", "", "4x4");
    add_layouts(batch, "inv", "", "3x3");
    add_turned(batch, "inv", "", "3x3");
    add_magnitudes(batch, "inv", "", square_shapes, COUNT(square_shapes));
    batch_add(batch, "inv f32 140000x4x4 class=cpu"); /* past the cache */
}

void det_lines(line_batch *batch) {
    add_lines(batch, "det", "", square_shapes, COUNT(square_shapes) - 1);
    batch_add(batch, "det f32 37x16x16");
    batch_add(batch, "det f64 37x16x16 data=integer"); /* beyond f32 */
    add_layouts(batch, "det", "", "3x3");
    add_turned(batch, "det", "", "3x3");
}

void solve_lines(line_batch *batch) {
    add_lines(batch, "solve", " right=1", square_shapes, COUNT(square_shapes) - 1);
    add_lines(batch, "solve", " right=19", square_shapes + 2, 1);
    batch_add(batch, "solve f32 20x16x16 right=2");
    add_layouts(batch, "solve", " right=5 right_layout=permuted", "3x3");
    add_layouts(batch, "solve", " right=5 right_layout=mixed", "3x3");
    add_turned(batch, "solve", " right=5 right_layout=flipped", "3x3");
    add_rights(batch, "solve", "3x3");
    add_magnitudes(batch, "solve", " right=5", square_shapes + 2, 1);
}

void lstsq_lines(line_batch *batch) {
    add_lines(batch, "lstsq", " right=3", any_shapes + 2, COUNT(any_shapes) - 3);
    batch_add(batch, "lstsq f32 20x16x16 right=2");
    add_layouts(batch, "lstsq", " right=5 right_layout=permuted", "4x2");
    add_turned(batch, "lstsq", " right=5 right_layout=mixed", "2x4");
    add_rights(batch, "lstsq", "4x2");
    add_magnitudes(batch, "lstsq", " right=5", any_shapes + 3, 1);
    add_ranks(batch, "lstsq", " right=2");
}

static void add_small(line_batch *batch, const char *name, const char *words, const char *shape) {
    batch_add(batch, "%s f32 17x%s%s", name, shape, words);
    batch_add(batch, "%s f64 9x%s%s data=special", name, shape, words);
    batch_add(batch, "%s f32 2x16x%s%s src_layout=permuted dst_layout=permuted", name, shape, words);
}

void pinv_small_lines(line_batch *batch) {
    add_small(batch, "pinv", "", "2x4");
    add_small(batch, "pinv", "", "3x2");
}

void inv_small_lines(line_batch *batch) {
    add_small(batch, "inv", "", "3x3");
}

void det_small_lines(line_batch *batch) {
    add_small(batch, "det", "", "3x3");
}

void solve_small_lines(line_batch *batch) {
    add_small(batch, "solve", " right=9", "2x2");
}

void lstsq_small_lines(line_batch *batch) {
    add_small(batch, "lstsq", " right=2", "3x2");
}

/*
 * Shapes, types and layouts that systematic lines have built for already; extents and data are drawn. `shape` is the
 * one that comes in every layout, with these words; dense matrices have `dense_words`.
 */
static void random_line(line_batch *batch, random_state *random, const char *name, const char *shape, const char *words,
                        const char *dense_words) {
    static const char *const data[] = {"random", "integer", "special"};
    static const char *const shapes[] = {"2x2", "3x3", "8x8"};
    bool dense = random_integer(random, 0, 3) == 0, from_permuted = random_integer(random, 0, 1) == 0;
    bool square = shape[0] == shape[2];
    line_draft draft = {.length = 0};
    draft_add(&draft, "%s %s", name, dense ? types[random_integer(random, 0, TYPES - 1)] : "f32");
    draft_add(&draft, " %d", (int)random_integer(random, 1, 4));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 70));
    if (dense) {
        draft_add(&draft, "x%s", square ? shapes[random_integer(random, 0, COUNT(shapes) - 1)] : shape);
        draft_add(&draft, "%s", dense_words);
    } else {
        int src = (int)random_integer(random, LAYOUT_DENSE, LAYOUT_BROADCAST - 1);
        int dst = (int)random_integer(random, LAYOUT_DENSE, LAYOUT_BROADCAST - 1);
        draft_add(&draft, "x%s%s", shape, words);
        draft_add(&draft, " src_layout=%s", layout_names[from_permuted ? LAYOUT_PERMUTED : src]);
        draft_add(&draft, " dst_layout=%s", layout_names[from_permuted ? dst : LAYOUT_DENSE]);
    }
    draft_add(&draft, " data=%s", data[random_integer(random, 0, COUNT(data) - 1)]);
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}

void pinv_random_line(line_batch *batch, random_state *random) {
    random_line(batch, random, "pinv", "2x4", "", "");
}

void inv_random_line(line_batch *batch, random_state *random) {
    random_line(batch, random, "inv", random_integer(random, 0, 1) == 0 ? "3x3" : "4x4", "", "");
}

void det_random_line(line_batch *batch, random_state *random) {
    random_line(batch, random, "det", "3x3", "", "");
}

void solve_random_line(line_batch *batch, random_state *random) {
    const char *words =
        random_integer(random, 0, 1) == 0 ? " right=5 right_layout=permuted" : " right=5 right_layout=mixed";
    random_line(batch, random, "solve", "3x3", words, " right=1");
}

void lstsq_random_line(line_batch *batch, random_state *random) {
    random_line(batch, random, "lstsq", "4x2", " right=5 right_layout=permuted", " right=3");
}
