/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of cl/gradient/gradient.cl, for planes whose rows lie one behind the other: several rows as one line. Constants: as
 * there.
 */
#ifndef CLF_GRADIENT_FLAT_H
#define CLF_GRADIENT_FLAT_H

/*
 * Asks for the rows after these, where the compiler can and the cache cannot hold them, while these are computed: reads
 * and arithmetic in turn would each wait for the other.
 */
#if STREAM && defined(__has_builtin)
#if __has_builtin(__builtin_prefetch)
#define FETCH(p) __builtin_prefetch((const void *)(size_t)(p))
#endif
#endif
#ifndef FETCH
#define FETCH(p) (void)(p)
#endif

#if SIDE == 0 /* line 0 is the input, and the others are derivatives already */
#define FIRST_LINE 1
#define AS_IT_IS(k) ((k) > 0)
#else
#define FIRST_LINE 0
#define AS_IT_IS(k) false
#endif

#define MARGIN VECTOR /* before a line, so that it can be read one element early */

/* Lines of `count` columns from one window of rows; columns may run on over several rows. */
static inline void fill_run(global const SRC_T *x, const long *rows, long count, REAL cval,
                            REAL line[AXES][MARGIN + LINE], long at, global const SRC_T *next) {
    realv sum[AXES];
    bool inside = count >= VECTOR;
#pragma unroll
    for (int k = 0; k < (AXES == 3 ? 9 : 3); k++)
        inside = inside && rows[k] >= 0;
    for (long j = 0; inside && j < count; j += VECTOR) {
        j = min(j, count - VECTOR);
        FETCH(next + j / 2);
        sum_inside(x, rows, j, sum);
#pragma unroll
        for (int k = FIRST_LINE; k < AXES; k++)
            store_line(sum[k], line[k] + MARGIN + at + j);
    }
    for (long j = 0; !inside && j < count; j += VECTOR) {
        sum_columns(x, rows, j, (int)min((long)VECTOR, count - j), 1, cval, 0, 1, sum);
#pragma unroll
        for (int k = FIRST_LINE; k < AXES; k++)
            store_line(sum[k], line[k] + MARGIN + at + j);
    }
}

/* Lines of the rows i .. i + count of a plane. */
static inline void fill_flat(global const SRC_T *x, constant const long *g, long plane, long z, long i, long count,
                             REAL cval, long *window, REAL line[AXES][MARGIN + LINE], global const SRC_T *next) {
    long height = g[GRADIENT_EXTENT + 1], width = g[GRADIENT_EXTENT + 2];
    for (long row = i; row < i + count;) {
        long run = row > 0 && row < height - 1 ? min(i + count, height - 1) - row : 1;
        find_rows(g, plane, z, row, 1, window);
        fill_run(x, window, run * width, cval, line, (row - i) * width, next);
        row += run;
    }
}

#define ACROSS(k, a, b, c) ((k) == 0 ? DIFFERENCE(a, b, c) : SMOOTH(a, b, c))

/* Line 0 where it is the input: its elements of one group of rows. */
typedef struct source_line {
    global const SRC_T *x;
    long at;
} source_line;

/*
 * Turns a line of `count` rows into a derivative. READ gives lanes of the line, READ_ONE an element; where it is the
 * input it must not be read beyond its ends, so the vectors begin one element on and the last moves back.
 */
#define DERIVE(k, READ, READ_ONE, from, begin, most)                                                           \
    for (long f = begin; f < count * width - begin; f += VECTOR) {                                             \
        FETCH(next + (count * width + f) / 2);                                                                 \
        f = min(f, most);                                                                                      \
        store_line(ACROSS(k, READ(from, f - 1), READ(from, f), READ(from, f + 1)), derived + f);               \
    }                                                                                                          \
    for (long r = 0; r < count; r++) {                                                                         \
        long row = r * width, last = row + width - 1;                                                          \
        REAL before = ends[0] < 0 ? outside : READ_ONE(from, row + ends[0]);                                   \
        REAL after = ends[1] < 0 ? outside : READ_ONE(from, row + ends[1]);                                    \
        derived[row] = ACROSS(k, before, READ_ONE(from, row), width > 1 ? READ_ONE(from, row + 1) : after);    \
        derived[last] = ACROSS(k, width > 1 ? READ_ONE(from, last - 1) : before, READ_ONE(from, last), after); \
    }

#define READ_LINE(from, f) load_line((from) + (f))
#define READ_LINE_ONE(from, f) (from)[f]
#define READ_SOURCE(from, f) load_lanes((from).x, (from).at + (f))
#define READ_SOURCE_ONE(from, f) load_one((from).x, (from).at + (f))

#if SIDE == 0
static inline void derive_source(source_line from, long count, long width, const int *ends, REAL outside,
                                 REAL *restrict derived, global const SRC_T *next) {
    long most = count * width - VECTOR - 1;
    if (most >= 1) {
        DERIVE(0, READ_SOURCE, READ_SOURCE_ONE, from, 1, most)
    } else {
        REAL line[2 * VECTOR + 3]; /* fewer elements than a vector and its neighbours */
        for (long f = 0; f < count * width; f++)
            line[1 + f] = READ_SOURCE_ONE(from, f);
        DERIVE(0, READ_LINE, READ_LINE_ONE, line + 1, 0, f)
    }
}
#else
static inline void derive_line(const REAL *line, int k, long count, long width, const int *ends, REAL outside,
                               REAL *restrict derived, global const SRC_T *next) {
    DERIVE(k, READ_LINE, READ_LINE_ONE, line, 0, f)
}
#endif

#endif
