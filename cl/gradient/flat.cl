/* SPDX-License-Identifier: Apache-2.0 */
#include "real.h"
#include "body.h"
#include "sink.h"
#include "sums.h"
/*
 * gradient.flat: the rows of a plane lie one behind the other in every operand, so that all but its first and last are
 * taken as one line and vectors need not end with rows; what crosses from a row to the next is mended element by
 * element. A work-item makes `rows` rows, some 1,024 elements at a time, of an operator of three taps.
 *
 * Floor: the bytes of src and of the outputs once; the rows that an output needs stay in the nearest cache.
 *
 * Constants: those of real.h, derivative.h, outputs.h, make.h, sums.h and sink.h; LOCAL_X, which is 1.
 */
// checks share: float -DDERIVATIVE=0 -DSIDE=0 -DMIDDLE=1 -DGAUSSIAN=0 -DAXES=2 -DCONTIGUOUS=1 -DLOCAL_X=1 -DOUTPUTS=1
// checks share: -DOUT0=0 -DOUT1=1 -DOUT2=2 -DOUT3=3 -DOUT4=4 -DOUT5=5 -DOUT6=6
// checks share: -DEXTREMES=1 -DMENDS=1
// check cpu: -DVECTOR=16 -DPAST=1
// check cpu: -DVECTOR=16 -DPAST=0 -DDERIVATIVE=1 half
// check cpu: -DVECTOR=16 -DPAST=1 -DSIDE=1 -DMIDDLE=2
// check cpu: -DVECTOR=16 -DPAST=0 -DDERIVATIVE=3 -DEXTREMES=0 -DMENDS=0 uchar
// check cpu: -DVECTOR=8 -DPAST=0 -DSIDE=1 -DMIDDLE=2 -DAXES=3 -DOUTPUTS=3 double
// check cpu: -DVECTOR=16 -DPAST=1 -DEXTREMES=0 -DOUT0=1 plain
// check cpu: -DVECTOR=16 -DPAST=1 -march=skylake-avx512
// checks share gpu: -DVECTOR=1 -DPAST=0
// check gpu: -DDERIVATIVE=2
// check gpu: -DSIDE=1 -DMIDDLE=2 -DAXES=3 half

#define LINE (COLUMNS + 2 * RADIUS_MOST + 2 * VECTOR)
#if SIDE == 0 /* line 0 is the input, and the others are derivatives already */
#define FIRST_LINE 1
#define AS_IT_IS(k) ((k) > 0)
#else
#define FIRST_LINE 0
#define AS_IT_IS(k) false
#endif

#define MARGIN VECTOR /* before a line, so that it can be read one element early */

/* As sum_columns, where every row and every column is there. */
static inline void sum_inside(global const SRC_T *x, const long *rows, long column, realv *sum) {
    realv smooth[3] = {0, 0, 0}, derived[3] = {0, 0, 0};
#pragma unroll
    for (int z = 0; z < (AXES == 3 ? 3 : 1); z++) {
        realv a = load_lanes(x, rows[3 * z] + column), b = load_lanes(x, rows[3 * z + 1] + column),
              c = load_lanes(x, rows[3 * z + 2] + column);
        smooth[z] = SMOOTH(a, b, c);
        derived[z] = DIFFERENCE(a, b, c);
    }
    sum[0] = AXES == 3 ? SMOOTH(smooth[0], smooth[1], smooth[2]) : smooth[0];
    sum[1] = AXES == 3 ? SMOOTH(derived[0], derived[1], derived[2]) : derived[0];
#if AXES == 3
    sum[2] = DIFFERENCE(smooth[0], smooth[1], smooth[2]);
#endif
}

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
                             REAL cval, REAL line[AXES][MARGIN + LINE], global const SRC_T *next) {
    long window[AXES == 3 ? 9 : 3];
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

/* Turns the lines of `count` rows, the first of them at `at`, into derivatives. */
static inline void derive_lines(global const SRC_T *x, constant const long *g, const gradient_row *at, long count,
                                const int *ends, const REAL *outside, REAL line[AXES][MARGIN + LINE],
                                REAL derived[AXES][MARGIN + LINE], global const SRC_T *next) {
    long width = g[GRADIENT_EXTENT + 2];
#if SIDE == 0
    (void)line;
    source_line source = {x, at->offset[0] + at->z * g[GRADIENT_SRC_STRIDE] + at->i * width};
    derive_source(source, count, width, ends, outside[0], derived[0] + MARGIN, next);
#else
    (void)x, (void)at;
#pragma unroll
    for (int k = 0; k < AXES; k++)
        derive_line(line[k] + MARGIN, k, count, width, ends, outside[k], derived[k] + MARGIN, next);
#endif
}

/* What each line is beyond a row's ends, where that is the constant. */
static inline void find_outside(global const SRC_T *x, REAL cval, REAL *outside) {
    long window[AXES == 3 ? 9 : 3] = {0};
    realv sum[AXES];
    REAL lanes[VECTOR];
    sum_columns(x, window, -1, 1, 1, cval, 0, 1, sum);
    for (int k = 0; k < AXES; k++) {
        store_line(sum[k], lanes);
        outside[k] = lanes[0];
    }
}

/* Makes a run of `elements` from its lines. True where something was seen that must be made again. */
ALWAYS_INLINE bool make_run(const gradient_sink *sink, FOR_EACH_OUTPUT(PLAIN_PARAMETER) const gradient_spot *spot,
                            REAL line[AXES][MARGIN + LINE], REAL derived[AXES][MARGIN + LINE], long elements,
                            bool again) {
    gradient_watch watch = begin_watch(spot->eps);
    for (long f = 0; f < elements; f += VECTOR) {
        f = f + VECTOR > elements && elements >= VECTOR ? elements - VECTOR : f; /* over what is already there */
        realv d[3];
        d[2] = 0;
#pragma unroll
        for (int k = 0; k < AXES; k++)
            d[k] = spot->scale * load_line((AS_IT_IS(k) ? line[k] : derived[k]) + MARGIN + f);
        const gradient_made made =
            again ? make_outputs(spot, f, d[0], d[1], d[2]) : make_all(d[0], d[1], d[2], spot->eps);
        if (!again)
            watch_lanes(&watch, d[0], d[1], d[2], spot->eps);
        put_lanes(sink, FOR_EACH_OUTPUT(ARGUMENT) &made, f, (int)min((long)VECTOR, elements - f));
    }
    return !again && was_seen(&watch);
}

#if EXTREMES || MENDS
static __attribute__((noinline)) void make_run_again(gradient_sink sink, FOR_EACH_OUTPUT(PARAMETER) gradient_spot spot,
                                                     REAL line[AXES][MARGIN + LINE],
                                                     REAL derived[AXES][MARGIN + LINE], long elements) {
    make_run(&sink, FOR_EACH_OUTPUT(ARGUMENT) &spot, line, derived, elements, true);
}
#endif

BODY gradient_flat_body(global const SRC_T *restrict x, FOR_EACH_OUTPUT(PARAMETER) constant const long *restrict g,
                        REAL cval, REAL scale, REAL eps, REAL root_eps, long rows, work_item id) {
    long top = id.x * rows, bottom = min(top + rows, g[GRADIENT_ROWS]);
    long height = g[GRADIENT_EXTENT + 1], width = g[GRADIENT_EXTENT + 2], group = max(1L, (long)COLUMNS / width);
    int ends[2];
    find_ends(g, 1, ends);
    REAL line[AXES][MARGIN + LINE], derived[AXES][MARGIN + LINE], stage[OUTPUTS][STAGE_ROOM], outside[AXES];
    find_outside(x, cval, outside);
    gradient_sink sink = begin_sink(FOR_EACH_OUTPUT(ARGUMENT) g, stage, top * width);
    gradient_row at = find_row(g, top);
    for (long row = top; row < bottom;) {
        long count = min(min(group, bottom - row), height - at.i), elements = count * width;
        global const SRC_T *next =
            x + at.offset[0] + at.z * g[GRADIENT_SRC_STRIDE] + (at.i + (row + count < bottom ? count : 0)) * width;
        fill_flat(x, g, at.offset[0], at.z, at.i, count, cval, line, next);
        derive_lines(x, g, &at, count, ends, outside, line, derived, next);
        begin_run(&sink, g, &at, 0, elements);
        const gradient_spot spot = {x, g, at.offset[0], at.z, at.i * width, cval, scale, {eps, root_eps}};
        bool seen = make_run(&sink, FOR_EACH_OUTPUT(ARGUMENT) &spot, line, derived, elements, false);
#if EXTREMES || MENDS
        if (seen)
            make_run_again(sink, FOR_EACH_OUTPUT(ARGUMENT) spot, line, derived, elements);
#else
        (void)seen;
#endif
        row += count;
        end_run(&sink, FOR_EACH_OUTPUT(ARGUMENT) g, elements, row == bottom);
        at.i += count - 1;
        next_row(g, &at);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void gradient_flat(global const SRC_T *restrict x,
                                                                               FOR_EACH_OUTPUT(PARAMETER)
                                                                                   constant const long *restrict g,
                                                                               REAL cval, REAL scale, REAL eps,
                                                                               REAL root_eps, long rows) {
    gradient_flat_body(x, FOR_EACH_OUTPUT(ARGUMENT) g, cval, scale, eps, root_eps, rows, this_item());
}
