/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outputs of a tile whose windows hold NaN or Inf: what the formula says, written at once, by maps of the elements
 * (tile_bits.h). Where every tap has one sign, an output with +Inf in its window is Inf of that sign, one with both Inf
 * is NaN. Else rows of taps with the same signs are classes: the rows of elements under a class are put together, and
 * what they are for each run of taps of one sign is added to the outputs that are Inf, -Inf or, under a 0, NaN. Where
 * there are many classes, as of taps whose signs are any, elements that lie far apart are first added one by one, up to
 * a limit: so few settle most outputs. All of that ends where every output that has an Inf is NaN.
 */
#ifndef CLF_TILE_BAD_H
#define CLF_TILE_BAD_H

#include "tile_bits.h"

/* Steps of doubling that reach across a tile. */
#define DOUBLINGS 11

/* From so many classes on elements are added one by one first, up to so many for a row of outputs. */
enum { MANY_CLASSES = 12, MOST_ELEMENTS = 128 };

/* Rows of taps by their class: those of class c are order[start[c]] to order[start[c + 1] - 1]. */
typedef struct tile_classes {
    int count;
    local int *order, *start;
} tile_classes;

/* What outputs of a row become. */
typedef struct tile_sums {
    ulong above[TILE_WORDS], below[TILE_WORDS], neither[TILE_WORDS];
} tile_sums;

/* A tile, its taps, its maps and where its outputs are. */
typedef struct tile_bad {
    const tile_source *source;
    const tile_place *place;
    constant const long *g;
    global const REAL *w;
    TILE_SPACE ulong *covered; /* outputs that have NaN; then all that are written here */
    TILE_SPACE ulong *above, *below; /* elements that are +Inf, -Inf */
    long lead;
    int sign; /* of every tap; 0: not all have one */
    tile_classes classes;
    TILE_SPACE ulong *signs; /* where taps are positive, negative and 0, of each row of taps */
    bool zeros;              /* some are 0 */
} tile_bad;

TILE_INLINE int sign_of(REAL value) {
    return (value > 0) - (value < 0);
}

/* 1 or -1 where every tap has that sign, else 0. */
TILE_INLINE int common_sign(global const REAL *w, int count) {
    const int sign = sign_of(w[0]);
    for (int k = 1; k < count; k++)
        if (sign_of(w[k]) != sign)
            return 0;
    return sign;
}

TILE_INLINE bool same_signs(global const REAL *a, global const REAL *b, int count) {
    for (int k = 0; k < count; k++)
        if (sign_of(a[k]) != sign_of(b[k]))
            return false;
    return true;
}

/* The class of row k: that of an earlier row that is compared, its mirror image among them; -1: its own. */
TILE_INLINE int find_class(const tile_bad *b, local const int *own, local const int *first, int count, int k) {
    const int down = (int)b->g[CONV_TAPS + 1], across = (int)b->g[CONV_TAPS + 2], mirror = down - 1 - k;
    if (mirror < k && same_signs(b->w + (long)mirror * across, b->w + (long)k * across, across))
        return own[mirror];
    for (int c = count - 1; c >= max(count - 4, 0); c--)
        if (same_signs(b->w + (long)first[c] * across, b->w + (long)k * across, across))
            return c;
    return -1;
}

/* Fills in the classes; `room` has space for four rows of a tile. */
TILE_INLINE void find_classes(tile_bad *b, local int *room) {
    const int down = (int)b->g[CONV_TAPS + 1];
    local int *own = room, *start = room + TILE, *order = room + 3 * TILE;
    int count = 0, placed = 0;
    for (int k = 0; k < down; k++) {
        own[k] = find_class(b, own, order, count, k);
        if (own[k] < 0) {
            order[count] = k;
            own[k] = count++;
        }
    }
    for (int c = 0; c < count; c++) {
        start[c] = placed;
        for (int k = 0; k < down; k++)
            if (own[k] == c)
                order[placed++] = k;
    }
    start[count] = placed;
    b->classes = (tile_classes){count, order, start};
}

/* The elements under the rows of taps of a class, or of all where it is -1, that are in a map. */
TILE_INLINE bool gather(const tile_bad *b, TILE_SPACE const ulong *map, int i1, int class, ulong *to) {
    const int first = class < 0 ? 0 : b->classes.start[class];
    const int last = class < 0 ? b->classes.start[b->classes.count] : b->classes.start[class + 1];
    ulong any = 0;
    for (int w = 0; w < TILE_WORDS; w++)
        to[w] = 0;
    for (int k = first; k < last; k++) {
        TILE_SPACE const ulong *row = map + (i1 + b->classes.order[k] * b->g[CONV_DILATION + 1]) * TILE_WORDS;
        for (int w = 0; w < TILE_WORDS; w++)
            any |= to[w] |= row[w];
    }
    if (any != 0)
        shift_row(to, b->lead);
    return any != 0;
}

/* Rows of elements dilated to runs of 2^j taps, for every j. */
typedef struct tile_runs {
    ulong of[DOUBLINGS][TILE_WORDS];
} tile_runs;

TILE_INLINE void double_runs(tile_runs *runs, int across, long dilation) {
    for (int j = 0; 2 << j <= across; j++) {
        for (int w = 0; w < TILE_WORDS; w++)
            runs->of[j + 1][w] = runs->of[j][w];
        add_shifted(runs->of[j + 1], runs->of[j], dilation << j);
    }
}

/* Adds the outputs that have an element under taps `first` to `first` + `count` - 1 of a row. */
TILE_INLINE void add_run(const tile_runs *runs, int first, int count, long dilation, ulong *to) {
    const int j = 31 - (int)clz(count);
    add_shifted(to, runs->of[j], first * dilation);
    if (count > 1 << j)
        add_shifted(to, runs->of[j], (first + count - (1 << j)) * dilation);
}

/* Adds what the elements under a class do to the outputs of a row; `above` and `below` are the elements. */
TILE_INLINE void add_class(const tile_bad *b, int class, tile_runs *above, tile_runs *below, tile_sums *sums) {
    const int across = (int)b->g[CONV_TAPS + 2];
    const long dilation = b->g[CONV_DILATION + 2];
    global const REAL *w = b->w + (long)b->classes.order[b->classes.start[class]] * across;
    double_runs(above, across, dilation);
    double_runs(below, across, dilation);
    for (int first = 0, next; first < across; first = next) {
        const int sign = sign_of(w[first]);
        next = first + 1;
        while (next < across && sign_of(w[next]) == sign)
            next++;
        add_run(above, first, next - first, dilation, sign > 0 ? sums->above : sign < 0 ? sums->below : sums->neither);
        add_run(below, first, next - first, dilation, sign > 0 ? sums->below : sign < 0 ? sums->above : sums->neither);
    }
}

/* Fills in the signs; the first tap of a row stands in the last column, the others before it. */
TILE_INLINE void find_signs(tile_bad *b) {
    const int down = (int)b->g[CONV_TAPS + 1], across = (int)b->g[CONV_TAPS + 2];
    b->zeros = false;
    for (int k = 0; k < down; k++) {
        TILE_SPACE ulong *row = b->signs + k * 3 * TILE_WORDS;
        for (int w = 0; w < 3 * TILE_WORDS; w++)
            row[w] = 0;
        for (int j = 0; j < across; j++) {
            const int sign = sign_of(b->w[(long)k * across + j]), kind = sign > 0 ? 0 : sign < 0 ? 1 : 2;
            const int at = TILE - 1 - j * (int)b->g[CONV_DILATION + 2];
            row[kind * TILE_WORDS + at / 64] |= 1UL << at % 64;
            b->zeros = b->zeros || sign == 0;
        }
    }
}

/* True if an output of row i1 that an Inf reaches may still become NaN. */
TILE_INLINE bool is_open(const tile_bad *b, int i1, const ulong *reached, const tile_sums *sums) {
    ulong open = 0;
    for (int w = 0; w < TILE_WORDS; w++) {
        const ulong done = b->covered[i1 * TILE_WORDS + w] | sums->neither[w] | (sums->above[w] & sums->below[w]);
        open |= reached[w] & columns_of(w, b->place->columns) & ~done;
    }
    return open != 0;
}

/* Adds the elements of row `row` under row k of taps one by one; returns how many may still be, -1: not all were. */
TILE_INLINE int add_elements(const tile_bad *b, long row, int k, int left, tile_sums *sums) {
    ulong signs[3][TILE_WORDS];
    for (int w = 0; w < 3 * TILE_WORDS; w++)
        signs[w / TILE_WORDS][w % TILE_WORDS] = b->signs[k * 3 * TILE_WORDS + w];
    for (int w = 0; w < TILE_WORDS; w++) {
        const ulong above = b->above[row * TILE_WORDS + w];
        for (ulong bits = above | b->below[row * TILE_WORDS + w]; bits != 0; bits &= bits - 1) {
            if (left-- == 0)
                return -1;
            const ulong bit = bits & -bits;
            const long by = TILE - 1 - (w * 64 + 63 - (int)clz(bit)) + b->lead;
            add_shifted((above & bit) != 0 ? sums->above : sums->below, signs[0], by);
            add_shifted((above & bit) != 0 ? sums->below : sums->above, signs[1], by);
            if (b->zeros)
                add_shifted(sums->neither, signs[2], by);
        }
    }
    return left;
}

/* Adds the elements that outputs of row i1 have one by one; false where there are too many. */
TILE_INLINE bool add_one_by_one(const tile_bad *b, int i1, const ulong *reached, tile_sums *sums) {
    int left = MOST_ELEMENTS;
    for (int k = 0; k < (int)b->g[CONV_TAPS + 1] && is_open(b, i1, reached, sums); k++) {
        const long row = i1 + k * b->g[CONV_DILATION + 1];
        int count = 0;
        for (int w = 0; w < TILE_WORDS; w++)
            count += (int)popcount(b->above[row * TILE_WORDS + w] | b->below[row * TILE_WORDS + w]);
        if (count > TILE / 16) /* neighbours settle the same outputs */
            return false;
        if (count > 0)
            left = add_elements(b, row, k, left, sums);
        if (left < 0)
            return false;
    }
    return true;
}

/* What the outputs of row i1 that have Inf become. */
TILE_INLINE void sum_row(const tile_bad *b, int i1, tile_sums *sums) {
    const int across = (int)b->g[CONV_TAPS + 2];
    tile_runs above, below;
    ulong reached[TILE_WORDS];
    const bool any_above = gather(b, b->above, i1, -1, above.of[0]);
    if (!gather(b, b->below, i1, -1, below.of[0]) && !any_above)
        return;
    for (int w = 0; w < TILE_WORDS; w++)
        reached[w] = above.of[0][w] | below.of[0][w];
    dilate_row(reached, across, b->g[CONV_DILATION + 2]);
    if (b->classes.count >= MANY_CLASSES && add_one_by_one(b, i1, reached, sums))
        return;
    for (int c = 0; c < b->classes.count && is_open(b, i1, reached, sums); c++) {
        const bool own_above = gather(b, b->above, i1, c, above.of[0]);
        if (gather(b, b->below, i1, c, below.of[0]) || own_above)
            add_class(b, c, &above, &below, sums);
    }
}

/* Writes `value` to the outputs of row i1 that `bits` of word w name. */
TILE_INLINE void write_word(const tile_bad *b, int i1, int w, ulong bits, REAL value, global DST_T *y) {
    const int step2 = (int)b->g[CONV_STEP + 2];
    const long to = b->place->out + i1 / b->g[CONV_STEP + 1] * b->place->pitch;
    if (bits == ~0UL && b->place->dense) {
        for (int i2 = w * 64; i2 < (w + 1) * 64; i2 += VECTOR)
            store_lanes(value, y, to + i2);
        return;
    }
    while (bits != 0) {
        const int i2 = w * 64 + 63 - (int)clz(bits & -bits);
        if (i2 % step2 == 0)
            store_one(value, y, to + i2 / step2 * b->g[CONV_DST_STRIDE + 2]);
        bits &= bits - 1;
    }
}

/* Writes the outputs of row i1 and adds them to those covered; true if there are any. */
TILE_INLINE bool write_row(const tile_bad *b, int i1, const tile_sums *sums, global DST_T *y) {
    ulong any = 0;
    for (int w = 0; w < TILE_WORDS; w++) {
        const ulong own = columns_of(w, b->place->columns), above = sums->above[w], below = sums->below[w];
        TILE_SPACE ulong *covered = b->covered + i1 * TILE_WORDS + w;
        const ulong nan = (*covered | sums->neither[w] | (above & below)) & own;
        write_word(b, i1, w, nan, NAN, y);
        write_word(b, i1, w, above & own & ~nan, INFINITY, y);
        write_word(b, i1, w, below & own & ~nan, -INFINITY, y);
        *covered = nan | ((above | below) & own);
        any |= *covered;
    }
    return any != 0;
}

/* Writes all such outputs, and leaves in `covered` which they are; true if there are any. */
TILE_INLINE bool write_bad(tile_bad *b, bool infinite, local int *room, global DST_T *y) {
    const int step1 = (int)b->g[CONV_STEP + 1];
    const int down = (int)b->g[CONV_TAPS + 1], rows = b->place->rows + (down - 1) * (int)b->g[CONV_DILATION + 1];
    bool any = false;
    b->sign = infinite ? common_sign(b->w, down * (int)b->g[CONV_TAPS + 2]) : 1;
    dilate_map(b->covered, rows, b->g, b->lead);
    if (b->sign == 0)
        find_classes(b, room);
    if (b->sign == 0 && b->classes.count >= MANY_CLASSES)
        find_signs(b);
    if (infinite && b->sign != 0) {
        dilate_map(b->above, rows, b->g, b->lead);
        dilate_map(b->below, rows, b->g, b->lead);
    }
    for (int i1 = 0; i1 < b->place->rows; i1 += step1) {
        tile_sums sums;
        for (int w = 0; w < TILE_WORDS; w++) {
            const ulong above = b->sign != 0 && infinite ? b->above[i1 * TILE_WORDS + w] : 0;
            const ulong below = b->sign != 0 && infinite ? b->below[i1 * TILE_WORDS + w] : 0;
            sums.above[w] = b->sign > 0 ? above : below;
            sums.below[w] = b->sign > 0 ? below : above;
            sums.neither[w] = 0;
        }
        if (b->sign == 0)
            sum_row(b, i1, &sums);
        any = write_row(b, i1, &sums, y) || any;
    }
    return any;
}

#endif
