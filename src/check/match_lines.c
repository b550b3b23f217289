/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of cross-correlation, normalised matching and phase correlation. */
#include "check/match.h"

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};
static const char *const modes[] = {"same", "valid", "full"};
static const char *const types[] = {"f32", "f64", "f16", "u8", "u16", "i16"};
enum { BORDERS = 5, MODES = 3, TYPES = 6 };

static const char *random_name(random_state *random, const char *const *from, int count) {
    return from[random_integer(random, 0, count - 1)];
}

/*
 * What correlation and normalised matching share. One pattern's extents as far as they do not matter, and no more
 * solvers than need be where they do: conv.direct is built for each anew.
 */
static void add_common(line_batch *batch, const char *name) {
    for (int mode = 0; mode < MODES; mode++) {
        for (int border = 0; border < BORDERS; border++) {
            batch_add(batch, "%s f32 2x19x23 k=5x4 border=%s,%s cval=0.25 mode=%s", name, borders[border],
                      borders[(border + mode) % BORDERS], modes[mode]);
        }
        for (int type = 0; type < TYPES; type++) {
            batch_add(batch, "%s %s 2x17x31 k=5x4 border=constant cval=2 mode=%s", name, types[type], modes[mode]);
        }
    }
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
        batch_add(batch, "%s f32 2x3x9x19 k=5x4 src_layout=%s dst_layout=%s k_layout=%s", name, layout_names[src],
                  layout_names[(src + 3) % LAYOUT_BROADCAST], layout_names[(src + 1) % LAYOUT_BROADCAST]);
    }
    batch_add(batch, "%s f32 1x40 k=1x7 mode=valid", name);
    /* A pattern larger than the image; a large one; one output. */
    batch_add(batch, "%s f32 3x2 k=9x8 border=symmetric solver=conv.general", name);
    batch_add(batch, "%s f32 50x67 k=23x25 border=replicate solver=conv.general", name);
    batch_add(batch, "%s f32 24x31 k=24x31 mode=valid solver=conv.general", name);
}

void match_systematic_lines(line_batch *batch) {
    add_common(batch, "match");
    for (int type = 0; type < TYPES; type++) {
        batch_add(batch, "match %s 2x11x37 k=5x4 border=%s cval=3 data=integer", types[type], borders[type % BORDERS]);
    }
    batch_add(batch, "match f32 2x24x45 k=2x3 data=special");
    batch_add(batch, "match f64 24x45 k=2x3 border=constant data=special");
    batch_add(batch, "match f32 19x23 k=1x1");
}

void match_small_lines(line_batch *batch) {
    batch_add(batch, "match f32 5x6 k=3x3 border=symmetric");
    batch_add(batch, "match u8 2x4x9 k=2x3 mode=valid src_layout=mixed");
}

/* Shape, pattern and all the words after them. */
static void draft_comparison(line_draft *draft, random_state *random) {
    draft_add(draft, " %d", (int)random_integer(random, 1, 3));
    draft_add(draft, "x%d", (int)random_integer(random, 9, 40));
    draft_add(draft, "x%d", (int)random_integer(random, 9, 60));
    draft_add(draft, " k=%d", (int)random_integer(random, 1, 9));
    draft_add(draft, "x%d", (int)random_integer(random, 2, 9));
    draft_add(draft, " solver=conv.general");
    draft_add(draft, " mode=%s", random_name(random, modes, MODES));
    draft_add(draft, " border=%s", random_name(random, borders, BORDERS));
    draft_add(draft, ",%s", random_name(random, borders, BORDERS));
    draft_add(draft, " cval=%d", (int)random_integer(random, -2, 2));
    draft_add(draft, " src_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST + 1));
    draft_add(draft, " dst_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST));
    draft_add(draft, " seed=%d", (int)random_integer(random, 1, 1000000));
}

/* Magnitudes at which squares and sums overflow or vanish. */
static void add_magnitudes(line_batch *batch, const char *single, const char *wide) {
    static const int powers[] = {-140, -100, 100, 126}, wide_powers[] = {-1060, -800, 800, 1022};
    for (int i = 0; i < 4; i++) {
        batch_add(batch, "%s magnitude=%d", single, powers[i]);
        batch_add(batch, "%s magnitude=%d", wide, wide_powers[i]);
    }
}

void match_random_line(line_batch *batch, random_state *random) {
    line_draft draft = {.length = 0};
    draft_add(&draft, "match %s", random_name(random, types, TYPES));
    draft_comparison(&draft, random);
    batch_add(batch, "%s", draft.text);
}

void normalised_systematic_lines(line_batch *batch) {
    add_common(batch, "normalised");
    for (int border = 0; border < BORDERS; border++) {
        /* Windows whose deviation is a thirtieth of their values; flat windows; a flat pattern. */
        batch_add(batch, "normalised f32 19x23 k=5x4 border=%s cval=20 lift=20", borders[border]);
        batch_add(batch, "normalised f64 19x23 k=5x4 border=%s cval=20 lift=20", borders[border]);
        batch_add(batch, "normalised f32 9x40 k=5x4 border=%s data=step", borders[border]);
        batch_add(batch, "normalised f32 9x20 k=5x4 border=%s flat=1", borders[border]);
    }
    batch_add(batch, "normalised f32 12x9 k=1x1"); /* every window is flat */
    /* strips of columns that lie side by side and others; several blocks, one, and not a whole one */
    static const char *const wide[] = {"f32 2x23x150 k=4x5 mode=valid",
                                       "f32 11x100 k=4x5 mode=full border=periodic",
                                       "f32 9x93 k=4x5 border=constant cval=3",
                                       "f32 9x97 k=4x5 border=symmetric src_layout=flipped dst_layout=flipped",
                                       "f32 20x70 k=19x64 mode=valid",
                                       "f32 30x70 k=31x3 mode=full border=replicate",
                                       "f64 9x100 k=4x5 mode=valid",
                                       "u8 9x100 k=4x5 mode=valid dst_layout=mixed",
                                       "f32 9x100 k=4x5 mode=valid data=special"};
    for (int i = 0; i < (int)(sizeof wide / sizeof *wide); i++) {
        batch_add(batch, "normalised %s", wide[i]);
    }
    /* Sums find every window that holds such a value, and no other. */
    batch_add(batch, "normalised f32 2x24x45 k=2x3 data=special solver=conv.general");
    batch_add(batch, "normalised f32 2x24x45 k=2x3 data=special solver=conv.direct border=constant");
    batch_add(batch, "normalised f64 24x45 k=2x3 data=special solver=conv.general");
    add_magnitudes(batch, "normalised f32 2x19x23 k=5x4 border=symmetric",
                   "normalised f64 2x17x31 k=5x4 border=constant solver=conv.general");
}

void normalised_small_lines(line_batch *batch) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "normalised f32 2x5x9 k=3x2 border=%s cval=1", borders[border]);
    }
    batch_add(batch, "normalised u8 2x6x9 k=2x3 mode=valid src_layout=mixed dst_layout=gaps k_layout=flipped");
    batch_add(batch, "normalised f64 6x9 k=3x3 mode=full");
}

void normalised_random_line(line_batch *batch, random_state *random) {
    line_draft draft = {.length = 0};
    draft_add(&draft, "normalised %s", random_name(random, types, TYPES));
    draft_comparison(&draft, random);
    batch_add(batch, "%s", draft.text);
}

void fourier_normalised_lines(line_batch *batch) {
    batch_add(batch, "fftnormalised f32 20x24 k=5x4 border=constant cval=1");
    batch_add(batch, "fftnormalised f64 2x18x15 k=7x7 border=symmetric lift=20 mode=valid solver=conv.tile");
    add_magnitudes(batch, "fftnormalised f32 20x24 k=5x4 border=constant",
                   "fftnormalised f64 2x18x15 k=7x7 border=symmetric mode=valid solver=conv.tile");
}

void fourier_normalised_small_lines(line_batch *batch) {
    batch_add(batch, "fftnormalised f32 5x6 k=3x3 border=symmetric");
}

/*
 * One plane's extents, one type of arithmetic and one number of planes but for two lines: the libraries build their
 * programs for each anew. Other extents are the unit tests'.
 */
void phase_systematic_lines(line_batch *batch) {
#ifdef CLF_HAS_VKFFT
    static const char one[] = "phase.vkfft";
#else
    static const char one[] = "phase.clfft";
#endif
    for (int type = 0; type < TYPES; type++) {
        batch_add(batch, "phase %s 15x20 seed=7%s%s", types[type], type == 1 ? " solver=" : "", type == 1 ? one : "");
    }
    batch_add(batch, "phase f32 3x15x20 solver=%s", one);
    add_magnitudes(batch, "phase f32 15x20 seed=7", "phase f64 15x20 seed=7");
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
        batch_add(batch, "phase f32 1x15x20 src_layout=%s dst_layout=%s k_layout=%s", layout_names[src],
                  layout_names[(src + 3) % LAYOUT_BROADCAST], layout_names[(src + 1) % LAYOUT_BROADCAST]);
    }
}

void phase_small_lines(line_batch *batch) {
    batch_add(batch, "phase f32 6x10");
}
