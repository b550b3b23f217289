/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What conv.fft left out of its transform: the outputs whose windows hold NaN, Inf or elements far beyond the rest.
 * Nothing but one number is looked at where there are none. Maps say which outputs these are (fft_maps.h). NaN and Inf
 * are written as the formula says (fft_infinite.h). Each level of elements far beyond the rest is transformed again,
 * with what is below it and scaled so that its greatest is near 1, here, since a library's transform cannot be left
 * out: work-groups take lines of a block, VECTOR side by side, into memory of their own (fft_line.h).
 *
 * Constants: those of real.h; LOCAL_X the work-group.
 */
// checks share: float -DVECTOR=1
// check cpu: -DLOCAL_X=1 -DVECTOR=8
// check cpu: -DLOCAL_X=1 uchar
// check cpu: -DLOCAL_X=1 -DVECTOR=8 double
// check gpu: -DLOCAL_X=64 half
// check gpu: -DLOCAL_X=64 double
#include "body.h"
#include "fft_infinite.h"
#include "fft_line.h"

/* What a launch is given, and a work-item's place in it. */
typedef struct rare_launch {
    global const SRC_T *x;
    global DST_T *y;
    global const REAL *w, *spectrum, *turns;
    global REAL *blocks;
    global ulong *maps;
    global int *found;
    constant const long *g, *f;
    REAL cval;
    int pass;
    long groups, group, item, items; /* of the launch: work-groups and work-items, and this one */
    int lane;
    global realv *room; /* of the work-group */
} rare_launch;

static inline void find_self(rare_launch *l, global REAL *room, long room_reals) {
    l->group = (long)get_group_id(0);
    l->groups = (long)get_num_groups(0);
    l->item = (long)get_global_id(0);
    l->items = (long)get_global_size(0);
    l->lane = (int)get_local_id(0);
    l->room = (global realv *)(room + l->group * room_reals);
}

static inline int flags_of(const rare_launch *l, long item) {
    return FOUND_OF(l->found, item)[FOUND_FLAGS];
}

/* The flag of an item whose level the pass transforms. */
static inline int flag_of_pass(int pass) {
    return pass == 0 ? FLAG_FAR : FLAG_TOP;
}

/* Magnitudes from here on are left out of the pass. */
static inline BITS limit_of_pass(global const int *found, int pass) {
    return pass == 0 ? find_limits(found).of[1] : INFINITE_BITS;
}

static inline fft_line begin_line(const rare_launch *l, int axis) {
    const long length = l->f[FFT_LENGTH + axis];
    return (fft_line){{l->room, l->room + 2 * length}, l->turns + 2 * l->f[FFT_TURNS + axis], length, l->lane};
}

/* One row's maps of elements, dilated along x, but for +Inf and -Inf under taps of several signs. */
static inline void map_elements(const rare_launch *l, const item_maps *maps, long item, long p0, long p1) {
    constant const long *f = l->f;
    const found_limits limits = find_limits(FOUND_OF(l->found, item));
    const fft_row row = find_row(l->x, l->g, f, item, p0 % f[FFT_LENGTH], p1 % f[FFT_LENGTH + 1], l->cval);
    ulong any[FFT_MAPS] = {0};
    for (long w = 0; w < f[FFT_WORDS]; w++) {
        ulong own[FFT_MAPS] = {0};
        const bool inside = w * 64 >= row.begin && w * 64 + 64 <= row.end;
        const bool none = inside && word_below(&row, l->g, w * 64, limits.of[0]);
        for (long t = w * 64; t < min(w * 64 + 64, f[FFT_REACH + 2]) && !none; t++) {
            const REAL v = row_element(&row, l->g, f, t % f[FFT_LENGTH + 2]);
            const BITS magnitude = one_magnitude(v);
            const ulong bit = 1UL << t % 64;
            own[MAP_NAN] |= magnitude > INFINITE_BITS ? bit : 0;
            own[MAP_ABOVE] |= magnitude == INFINITE_BITS && v > 0 ? bit : 0;
            own[MAP_BELOW] |= magnitude == INFINITE_BITS && v < 0 ? bit : 0;
            own[MAP_FAR] |= magnitude >= limits.of[0] && magnitude < limits.of[1] ? bit : 0;
            own[MAP_TOP] |= magnitude >= limits.of[1] && magnitude < INFINITE_BITS ? bit : 0;
        }
        own[MAP_INFINITE] = own[MAP_ABOVE] | own[MAP_BELOW];
        for (int map = 0; map < FFT_MAPS; map++) {
            map_row(maps, f, map, p0, p1)[w] = own[map];
            any[map] |= own[map];
        }
    }
    if (any[MAP_INFINITE] != 0)
        atomic_or(FOUND_OF(l->found, item) + FOUND_BAD, FLAG_INFINITE);
    for (int map = 0; map < FFT_MAPS; map++)
        if (any[map] != 0 && map < MAP_ABOVE)
            dilate_row(map_row(maps, f, map, p0, p1), f[FFT_WORDS], l->g[CONV_TAPS + 2], f[FFT_DILATION + 2]);
}

/* The maps of all rows, a row a work-item; and the signs of the taps. */
static inline void map_items(const rare_launch *l) {
    const long rows = l->f[FFT_REACH] * l->f[FFT_REACH + 1];
    int signs = 0;
    for (long k = l->item; k < l->g[CONV_TAPS] * l->g[CONV_TAPS + 1] * l->g[CONV_TAPS + 2]; k += l->items)
        signs |= sign_of(l->w[k]);
    atomic_or(l->found + FOUND_SIGNS, signs);
    for (long r = l->item; r < rows * l->f[FFT_ITEMS]; r += l->items) {
        const long item = r / rows, p = r % rows;
        const item_maps maps = maps_of(l->maps, l->f, item);
        if (flags_of(l, item) != 0)
            map_elements(l, &maps, item, p / l->f[FFT_REACH + 1], p % l->f[FFT_REACH + 1]);
    }
}

/* VECTOR rows of an item's block, from `first` on, of what the pass takes, transformed. */
static inline void begin_rows(const rare_launch *l, long item, long first) {
    constant const long *f = l->f;
    const long rows = f[FFT_LENGTH] * f[FFT_LENGTH + 1];
    global const int *own = FOUND_OF(l->found, item);
    const BITS limit = limit_of_pass(own, l->pass);
    const REAL scale = power_of_two(-level_exponent(own, limit));
    const fft_line line = begin_line(l, 2);
    global REAL *to = (global REAL *)line.place[0];
    for (int b = 0; b < VECTOR; b++) {
        const long p = min(first + b, rows - 1);
        const fft_row row = find_row(l->x, l->g, f, item, p / f[FFT_LENGTH + 1], p % f[FFT_LENGTH + 1], l->cval);
        for (long t = l->lane; t < line.length; t += LOCAL_X) {
            const REAL v = row_element(&row, l->g, f, t);
            to[2 * t * VECTOR + b] = one_magnitude(v) < limit ? v * scale : (REAL)0;
            to[(2 * t + 1) * VECTOR + b] = 0;
        }
    }
    global const REAL *from = (global const REAL *)line.place[transform_line(&line, 0)];
    global REAL *block = l->blocks + (item * rows + first) * f[FFT_ROW];
    for (int b = 0; b < VECTOR && first + b < rows; b++)
        for (long k = l->lane; k < f[FFT_ROW]; k += LOCAL_X)
            block[b * f[FFT_ROW] + k] = from[k * VECTOR + b];
    GROUP_BARRIER;
}

BODY_WITH_BARRIER begin_pass(const rare_launch *l) {
    const long rows = l->f[FFT_LENGTH] * l->f[FFT_LENGTH + 1], chunks = (rows + VECTOR - 1) / VECTOR;
    if (l->found[FOUND_ANY] == 0)
        return;
    if (l->pass == 0)
        map_items(l);
    for (long chunk = l->group; chunk < chunks * l->f[FFT_ITEMS]; chunk += l->groups)
        if ((flags_of(l, chunk / chunks) & flag_of_pass(l->pass)) != 0)
            begin_rows(l, chunk / chunks, chunk % chunks * VECTOR);
}

/* Maps, in the first pass, and rows forward. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_begin(global const SRC_T *restrict x, global REAL *restrict blocks, global ulong *restrict maps,
               global int *restrict found, constant const long *restrict g, constant const long *restrict f,
               global const REAL *restrict turns, global const REAL *restrict w, global REAL *restrict room,
               long room_reals, REAL cval, int pass) {
    rare_launch l = {.x = x, .blocks = blocks, .maps = maps, .found = found, .g = g, .f = f, .turns = turns, .w = w,
                     .cval = cval, .pass = pass};
    find_self(&l, room, room_reals);
    begin_pass(&l);
}

/* Maps dilated along an axis that is not the last: every word of a line of positions. */
static inline void dilate_items(const rare_launch *l, int axis) {
    constant const long *f = l->f, *g = l->g;
    const long words = f[FFT_WORDS], apart = axis == 1 ? words : f[FFT_REACH + 1] * words;
    const long lines = axis == 1 ? f[FFT_REACH] * words : apart;
    const int kinds = one_sign(l->found[FOUND_SIGNS]) ? FFT_MAPS : MAP_ABOVE;
    for (long i = l->item; i < f[FFT_ITEMS] * kinds * lines; i += l->items) {
        const long item = i / lines / kinds, p = i % lines;
        const item_maps maps = maps_of(l->maps, f, item);
        global ulong *line = maps.first + i / lines % kinds * maps.apart;
        if (flags_of(l, item) != 0)
            dilate_line(line + (axis == 1 ? p / words * f[FFT_REACH + 1] * words + p % words : p), apart,
                        f[FFT_REACH + axis], g[CONV_TAPS + axis], f[FFT_DILATION + axis]);
    }
}

/* A line's product with the spectrum, real and imaginary parts exchanged for the way back. */
static inline void multiply_line(const fft_line *line, int place, global const REAL *spectrum, long apart, long count) {
    global realv *own = line->place[place];
    for (long t = line->lane; t < line->length; t += LOCAL_X) {
        realv sr, si, r = own[2 * t], i = own[2 * t + 1];
        load_complex(spectrum + t * apart, count, &sr, &si);
        own[2 * t + 1] = MULTIPLY_ADD(r, sr, -i * si);
        own[2 * t] = MULTIPLY_ADD(r, si, i * sr);
    }
}

/* VECTOR neighbouring columns, or `count` of them, of complex numbers, along an axis: `way` says what is done. */
static inline void run_columns(const rare_launch *l, int axis, global REAL *from, global const REAL *spectrum,
                               long count, int way) {
    const long apart = axis == 1 ? l->f[FFT_ROW] : l->f[FFT_LENGTH + 1] * l->f[FFT_ROW];
    const int swapped = way == FFT_BACK, back = way != FFT_FORWARD;
    const fft_line line = begin_line(l, axis);
    for (long t = l->lane; t < line.length; t += LOCAL_X) {
        realv re, im;
        load_complex(from + t * apart, count, &re, &im);
        line.place[0][2 * t + swapped] = re;
        line.place[0][2 * t + 1 - swapped] = im;
    }
    int place = transform_line(&line, 0);
    if (way == FFT_MULTIPLY) {
        multiply_line(&line, place, spectrum, apart, count);
        place = transform_line(&line, place);
    }
    for (long t = l->lane; t < line.length; t += LOCAL_X)
        store_complex(line.place[place][2 * t + back], line.place[place][2 * t + 1 - back], count, from + t * apart);
    GROUP_BARRIER;
}

BODY_WITH_BARRIER run_pass(const rare_launch *l, int axis, int way, bool dilate) {
    constant const long *f = l->f;
    const long columns = f[FFT_ROW] / 2, chunks = (columns + VECTOR - 1) / VECTOR;
    const long lines = axis == 1 ? f[FFT_LENGTH] : f[FFT_LENGTH + 1], block = f[FFT_LENGTH] * f[FFT_LENGTH + 1];
    if (l->found[FOUND_ANY] == 0)
        return;
    if (dilate)
        dilate_items(l, axis);
    for (long i = l->group; i < f[FFT_ITEMS] * lines * chunks; i += l->groups) {
        const long item = i / chunks / lines, p = i / chunks % lines, k = i % chunks * VECTOR;
        const long first = (axis == 1 ? p * f[FFT_LENGTH + 1] : p) * f[FFT_ROW] + 2 * k;
        if ((flags_of(l, item) & flag_of_pass(l->pass)) != 0)
            run_columns(l, axis, l->blocks + item * block * f[FFT_ROW] + first, l->spectrum + first,
                        min((long)VECTOR, columns - k), way);
    }
}

/* Columns along an axis, of blocks and, where `dilate` says so, of maps. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_columns(global REAL *restrict blocks, global const REAL *restrict spectrum, global ulong *restrict maps,
                 global int *restrict found, constant const long *restrict g, constant const long *restrict f,
                 global const REAL *restrict turns, global REAL *restrict room, long room_reals, int axis, int way,
                 int dilate, int pass) {
    rare_launch l = {.blocks = blocks, .spectrum = spectrum, .maps = maps, .found = found, .g = g, .f = f,
                     .turns = turns, .pass = pass};
    find_self(&l, room, room_reals);
    run_pass(&l, axis, way, dilate != 0);
}

/* A row of outputs: where it goes and what is known of it. */
typedef struct rare_row {
    global const ulong *nan, *infinite, *far, *top;
    global DST_T *to;
} rare_row;

static inline rare_row find_outputs(const rare_launch *l, long item, long row) {
    constant const long *f = l->f, *g = l->g;
    const long i0 = row / g[CONV_OUT + 1], i1 = row % g[CONV_OUT + 1];
    const long p0 = i0 * f[FFT_OUT_STEP], p1 = i1 * f[FFT_OUT_STEP + 1];
    const item_maps maps = maps_of(l->maps, f, item);
    long offset[2] = {0, g[CONV_DST_OFFSET]};
    batch_offsets(g + CONV_BATCH, item, 2, offset);
    return (rare_row){map_row(&maps, f, MAP_NAN, p0, p1), map_row(&maps, f, MAP_INFINITE, p0, p1),
                      map_row(&maps, f, MAP_FAR, p0, p1), map_row(&maps, f, MAP_TOP, p0, p1),
                      l->y + offset[1] + i0 * g[CONV_DST_STRIDE] + i1 * g[CONV_DST_STRIDE + 1]};
}

/* True if a row has outputs of the pass' level. */
static inline bool has_level(const rare_launch *l, const rare_row *row) {
    global const ulong *own = l->pass == 0 ? row->far : row->top;
    ulong any = 0;
    for (long w = 0; w < l->f[FFT_WORDS]; w++)
        any |= own[w];
    return any != 0;
}

/* Stores a row: NaN and Inf in the first pass, and outputs of the level, which are lane b of `from`. */
static inline void store_row(const rare_launch *l, const rare_row *row, global const REAL *from, REAL scale) {
    const long out_step = l->f[FFT_OUT_STEP + 2];
    for (long i = l->lane; i < l->g[CONV_OUT + 2]; i += LOCAL_X) {
        const long t = i * out_step, to = i * l->g[CONV_DST_STRIDE + 2];
        const bool bad = is_set(row->nan, t), infinite = is_set(row->infinite, t), top = is_set(row->top, t);
        const bool own = l->pass == 0 ? is_set(row->far, t) && !top : top;
        if (l->pass == 0 && (bad || infinite))
            store_one(bad ? NAN : is_set(row->far, t) ? INFINITY : -INFINITY, row->to, to);
        else if (own && !bad && !infinite)
            store_one(from[(2 * t + 1) * VECTOR] * scale, row->to, to);
    }
}

/* Lane b of whole spectra, from a row of half of it, exchanged for the way back; times the kernel's if given. */
static inline void load_half(const rare_launch *l, const fft_line *line, global const REAL *from,
                             global const REAL *spectrum, int b) {
    global REAL *to = (global REAL *)line->place[0];
    for (long k = l->lane; k <= line->length / 2; k += LOCAL_X) {
        REAL re = from[2 * k], im = from[2 * k + 1];
        if (spectrum != 0) {
            const REAL sr = spectrum[2 * k], si = spectrum[2 * k + 1], old = re;
            re = MULTIPLY_ADD(old, sr, -im * si);
            im = MULTIPLY_ADD(old, si, im * sr);
        }
        to[2 * k * VECTOR + b] = im;
        to[(2 * k + 1) * VECTOR + b] = re;
        if (k > 0 && 2 * k < line->length) {
            to[2 * (line->length - k) * VECTOR + b] = -im;
            to[(2 * (line->length - k) + 1) * VECTOR + b] = re;
        }
    }
}

/* Of VECTOR rows of outputs, which of them are what by the Inf in their windows. */
static inline void resolve_rows(const rare_launch *l, long item, long first) {
    constant const long *f = l->f, *g = l->g;
    const item_maps maps = maps_of(l->maps, f, item);
    for (long r = first; r < min(first + VECTOR, g[CONV_OUT] * g[CONV_OUT + 1]) && l->lane == 0; r++)
        resolve_row(&maps, g, f, l->w, l->found[FOUND_SIGNS], r / g[CONV_OUT + 1] * f[FFT_OUT_STEP],
                    r % g[CONV_OUT + 1] * f[FFT_OUT_STEP + 1], (global ulong *)l->room);
    GROUP_BARRIER;
}

/* VECTOR rows of outputs of an item, from `first` on. */
static inline void end_rows(const rare_launch *l, long item, long first) {
    constant const long *f = l->f, *g = l->g;
    const long rows = g[CONV_OUT] * g[CONV_OUT + 1];
    global const int *own = FOUND_OF(l->found, item);
    const bool level = (own[FOUND_FLAGS] & flag_of_pass(l->pass)) != 0;
    bool any = false;
    if (l->pass == 0 && (own[FOUND_BAD] & FLAG_INFINITE) != 0)
        resolve_rows(l, item, first);
    for (long r = first; r < min(first + VECTOR, rows) && level && !any; r++) {
        const rare_row row = find_outputs(l, item, r);
        any = has_level(l, &row);
    }
    const fft_line line = begin_line(l, 2);
    for (int b = 0; b < VECTOR && any; b++) {
        const long r = min(first + b, rows - 1), i0 = r / g[CONV_OUT + 1], i1 = r % g[CONV_OUT + 1];
        const long place = (item * f[FFT_LENGTH] + i0 * f[FFT_OUT_STEP]) * f[FFT_LENGTH + 1] + i1 * f[FFT_OUT_STEP + 1];
        load_half(l, &line, l->blocks + place * f[FFT_ROW], l->spectrum, b);
    }
    const int place = any ? transform_line(&line, 0) : 0;
    const REAL scale = power_of_two(level_exponent(own, limit_of_pass(own, l->pass)));
    for (int b = 0; b < VECTOR && first + b < rows; b++) {
        const rare_row row = find_outputs(l, item, first + b);
        store_row(l, &row, (global const REAL *)line.place[place] + b, scale);
    }
    GROUP_BARRIER;
}

BODY_WITH_BARRIER end_pass(const rare_launch *l) {
    const long rows = l->g[CONV_OUT] * l->g[CONV_OUT + 1], chunks = (rows + VECTOR - 1) / VECTOR;
    if (l->found[FOUND_ANY] == 0)
        return;
    for (long chunk = l->group; chunk < chunks * l->f[FFT_ITEMS]; chunk += l->groups)
        if ((flags_of(l, chunk / chunks) & (flag_of_pass(l->pass) | (l->pass == 0 ? FLAG_BAD : 0))) != 0)
            end_rows(l, chunk / chunks, chunk % chunks * VECTOR);
}

/* Rows back, and outputs stored; `multiply`: times the spectrum, there being no columns. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_fft_end(global REAL *restrict blocks, global const REAL *restrict spectrum, global DST_T *restrict y,
             global ulong *restrict maps, global int *restrict found, constant const long *restrict g,
             constant const long *restrict f, global const REAL *restrict turns, global const REAL *restrict w,
             global REAL *restrict room, long room_reals, int multiply, int pass) {
    rare_launch l = {.blocks = blocks, .spectrum = multiply != 0 ? spectrum : 0, .y = y, .maps = maps, .found = found,
                     .g = g, .f = f, .turns = turns, .w = w, .pass = pass};
    find_self(&l, room, room_reals);
    end_pass(&l);
}
