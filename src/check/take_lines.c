/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a selection and of its adjoint. */
#include "check/take.h"

static const char *const modes[] = {"strict", "wrap", "clamp"};
static const char *const places[] = {"host", "device"};
static const char *const indices[] = {"i32", "i64"};
static const char *const types[] = {"f32", "f64", "f16", "u8", "u16", "i16", "i32", "i64"};
enum { MODES = 3, PLACES = 2, INDICES = 2, TYPES = 8, REAL_TYPES = 3 };

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Every mode, place and type of index, along every axis of a tensor. */
static void add_modes(line_batch *batch, const char *name) {
    for (int mode = 0; mode < MODES; mode++) {
        for (int place = 0; place < PLACES; place++) {
            for (int index = 0; index < INDICES; index++) {
                for (int axis = -1; axis < 4; axis++) {
                    batch_add(batch, "%s f32 2x3x7x20 axis=%d count=5 mode=%s place=%s index=%s data=integer", name,
                              axis, modes[mode], places[place], indices[index]);
                    batch_add(batch, "%s f32 3x5x9x33 axis=%d count=70 mode=%s place=%s index=%s index_layout=flipped",
                              name, axis, modes[mode], places[place], indices[index]);
                }
            }
        }
    }
}

/* Runs round the vector's width, each type; many short rows; one long axis. */
static void add_extents(line_batch *batch, const char *name, int type_count) {
    static const int runs[] = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 130, 257};
    for (int run = 0; run < COUNT(runs); run++) {
        for (int type = 0; type < type_count; type++) {
            batch_add(batch, "%s %s 4x9x%d axis=1 count=6 place=%s", name, types[type], runs[run],
                      places[(run + type) % PLACES]);
            batch_add(batch, "%s %s 2x%d axis=1 count=%d place=%s src_layout=offset dst_layout=offset", name,
                      types[type], runs[run], runs[COUNT(runs) - 1 - run], places[run % PLACES]);
        }
    }
    for (int place = 0; place < PLACES; place++) {
        batch_add(batch, "%s f32 40000x3x2 axis=1 count=4 place=%s", name, places[place]);
        batch_add(batch, "%s f32 70000 axis=0 count=90000 place=%s data=integer", name, places[place]);
        batch_add(batch, "%s f32 300x5 axis=0 count=3000 place=%s data=integer", name, places[place]);
        batch_add(batch, "%s f32 1x1 axis=0 count=1 place=%s", name, places[place]);
    }
}

static void add_layouts(line_batch *batch, const char *name) {
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
        for (int dst = LAYOUT_DENSE; dst < LAYOUT_BROADCAST; dst++) {
            batch_add(batch, "%s f32 2x3x7x19 axis=%d count=8 src_layout=%s dst_layout=%s place=%s", name,
                      (src + dst) % 4, layout_names[src], layout_names[dst], places[src % PLACES]);
        }
    }
    for (int way = LAYOUT_DENSE; way < LAYOUT_BROADCAST; way++) {
        batch_add(batch, "%s f32 2x30x4 axis=1 count=9 index_layout=%s place=device", name, layout_names[way]);
        batch_add(batch, "%s f32 2x30x4 axis=1 count=9 index_layout=%s place=host", name, layout_names[way]);
    }
    batch_add(batch, "%s f32 2x1x2x1x2x3x5x18 axis=5 count=4 src_layout=mixed dst_layout=permuted", name);
}

void take_systematic_lines(line_batch *batch) {
    add_modes(batch, "take");
    add_extents(batch, "take", TYPES);
    add_layouts(batch, "take");
    for (int type = 0; type < REAL_TYPES; type++) {
        batch_add(batch, "take %s 3x40x21 axis=1 count=50 data=special", types[type]);
        batch_add(batch, "take %s 3x40x21 axis=2 count=50 data=special", types[type]);
    }
    /* Beyond 8 MiB, from which stores go past the cache: rows alike in cache lines and not, elements of every size. */
    batch_add(batch, "take f32 500x1031 axis=0 count=3000");
    batch_add(batch, "take f32 300x1024 axis=0 count=2501");
    batch_add(batch, "take u8 500x4133 axis=0 count=3000");
    batch_add(batch, "take f32 500x1031 axis=1 count=5003");
    batch_add(batch, "take f64 64x4001 axis=1 count=20001");
    batch_add(batch, "take i16 400x900 axis=1 count=11003 class=cpu");
    batch_add(batch, "take u8 900x800 axis=1 count=10007 class=cpu");
}

void put_add_systematic_lines(line_batch *batch) {
    add_modes(batch, "put_add");
    add_extents(batch, "put_add", REAL_TYPES);
    add_layouts(batch, "put_add");
    batch_add(batch, "put_add f32 3x40x21 axis=1 count=50 data=special");
    for (int place = 0; place < PLACES; place++) { /* several ranges of rows: dense, of many elements, apart */
        batch_add(batch, "put_add f64 9001 axis=0 count=2000 place=%s", places[place]);
        batch_add(batch, "put_add f32 601x33 axis=0 count=900 place=%s", places[place]);
        batch_add(batch, "put_add f32 40x333 axis=1 count=900 place=%s dst_layout=permuted", places[place]);
        batch_add(batch, "put_add f32 3001x5 axis=0 count=900 place=%s dst_layout=gaps", places[place]);
    }
    batch_add(batch, "put_add f16 9001 axis=0 count=2000");
}

void take_small_lines(line_batch *batch) {
    for (int place = 0; place < PLACES; place++) {
        for (int type = 0; type < TYPES; type++) {
            batch_add(batch, "take %s 3x5x18 axis=1 count=4 place=%s", types[type], places[place]);
            batch_add(batch, "take %s 3x18 axis=1 count=20 place=%s", types[type], places[place]);
        }
        for (int mode = 0; mode < MODES; mode++) {
            batch_add(batch, "take f32 2x6x3 axis=1 count=4 mode=%s index=i32 place=%s src_layout=mixed", modes[mode],
                      places[place]);
        }
    }
}

void put_add_small_lines(line_batch *batch) {
    for (int type = 0; type < REAL_TYPES; type++) {
        batch_add(batch, "put_add %s 3x5x18 axis=1 count=9 place=host", types[type]);
        batch_add(batch, "put_add %s 3x7 axis=1 count=20 place=host index=i32", types[type]);
    }
    batch_add(batch, "put_add f32 2x300 axis=1 count=12 place=device"); /* two passes of the sort */
}

static void random_line(line_batch *batch, random_state *random, const char *name, int type_count) {
    line_draft draft = {.length = 0};
    int rank = (int)random_integer(random, 1, 4);
    draft_add(&draft, "%s %s ", name, types[random_integer(random, 0, type_count - 1)]);
    for (int axis = 0; axis < rank; axis++) {
        draft_add(&draft, axis == 0 ? "%d" : "x%d", (int)random_integer(random, 1, 40));
    }
    draft_add(&draft, " axis=%d", (int)random_integer(random, -rank, rank - 1));
    draft_add(&draft, " count=%d", (int)random_integer(random, 1, 60));
    draft_add(&draft, " mode=%s", modes[random_integer(random, 0, MODES - 1)]);
    draft_add(&draft, " place=%s", places[random_integer(random, 0, PLACES - 1)]);
    draft_add(&draft, " index=%s", indices[random_integer(random, 0, INDICES - 1)]);
    draft_add(&draft, " src_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST)]);
    draft_add(&draft, " dst_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST - 1)]);
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}

void take_random_line(line_batch *batch, random_state *random) {
    random_line(batch, random, "take", TYPES);
}

void put_add_random_line(line_batch *batch, random_state *random) {
    random_line(batch, random, "put_add", REAL_TYPES);
}
