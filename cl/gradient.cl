/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gradient.fused: every derivative of a plane (or volume) and what is made of them, in one pass over the input.
 *
 * An operator is a derivative along one axis and a smoothing along the others, so a row of outputs needs AXES lines:
 *   line 0: the input smoothed along y (and z)           dx is its derivative along x
 *   line 1: its derivative along y (smoothed along z)    dy is its smoothing along x
 *   line 2: its derivative along z, smoothed along y     dz likewise
 *
 * LINES 1 (CPUs): a work-item makes `rows` rows, VECTOR lanes at a time; lines lie in private memory, extended by the
 * border. LINES 0: a work-item makes one output and needs no lines.
 * FLAT 1: the rows of a plane lie one behind the other in every operand, so that all but its first and last are taken
 * as one line and vectors need not end with rows; what crosses from a row to the next is mended element by element.
 * STREAM 1: outputs, dense and alike, are gathered in private memory and stored past the cache in whole cache lines.
 *
 * Floor: the bytes of src and of the outputs once; the rows that an output needs stay in the nearest cache.
 *
 * Constants: those of real.h and derivative.h; GAUSSIAN 1: taps of any radius, read from `taps` (smoothing first, then
 * derivative); AXES 2 or 3; CONTIGUOUS 1 where all x strides are 1; OUTPUTS and OUT0..OUT6, what each holds; LOCAL_X.
 */
#include "real.h"
#include "border.h"
#include "batch.h"
#include "derivative.h"
#include "root.h"
#include "gradient_geometry.h"

#ifndef OUTPUTS
#define GAUSSIAN 0
#define AXES 2
#define LINES 1
#define STREAM 0
#define FLAT 1
#define CONTIGUOUS 1
#define OUTPUTS 1
#define OUT0 0
#define LOCAL_X 1
#endif

#if GAUSSIAN
#define RADIUS_MOST (AXES == 3 ? 32 : 512) /* src/ops/gradient.h says so too */
#define RADIUS radius
#else
#define RADIUS_MOST 1
#define RADIUS 1
#endif
#define WINDOW (2 * RADIUS_MOST + 1)
#define COLUMNS 1024 /* of a block */
#define LINE (COLUMNS + 2 * RADIUS_MOST + 2 * VECTOR)

/* A source row, or -1 where it is the constant; the columns of `lanes` begin at `column`, which must be inside. */
static inline realv row_lanes(global const SRC_T *x, long row, long column, long stride, REAL cval) {
    if (row < 0)
        return (realv)cval;
#if CONTIGUOUS || VECTOR == 1
    return load_lanes(x, row + column * stride);
#else
    REAL lanes[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++)
        lanes[lane] = load_one(x, row + (column + lane) * stride);
    return load_line(lanes);
#endif
}

/* The same for the first `count` columns only, the others being 0. */
static inline realv row_some(global const SRC_T *x, long row, long column, int count, long stride, REAL cval) {
#if VECTOR == 1
    return row_lanes(x, row, column, stride, cval);
#else
    if (row < 0)
        return (realv)cval;
    REAL lanes[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++)
        lanes[lane] = lane < count ? load_one(x, row + (column + lane) * stride) : (REAL)0;
    return load_line(lanes);
#endif
}

/*
 * What VECTOR columns give to each line. `rows` are the source rows of the window, z by z; column < 0 is a column of
 * the constant; count < VECTOR: only so many columns are there.
 */
static inline void sum_columns(global const SRC_T *x, const long *rows, long column, int count, long stride, REAL cval,
                               global const REAL *taps, int radius, realv *sum) {
#define READ(row) (column < 0 ? (realv)cval : count == VECTOR ? row_lanes(x, row, column, stride, cval)                \
                                                              : row_some(x, row, column, count, stride, cval))
#if GAUSSIAN
    int window = 2 * radius + 1;
    for (int i = 0; i < AXES; i++)
        sum[i] = 0;
    for (int z = 0; z < (AXES == 3 ? window : 1); z++) {
        realv smooth = 0, derived = 0;
        for (int y = 0; y < window; y++) {
            realv v = READ(rows[z * window + y]);
            smooth = fma(v, (realv)taps[y], smooth);
            derived = fma(v, (realv)taps[window + y], derived);
        }
#if AXES == 3
        sum[0] = fma(smooth, (realv)taps[z], sum[0]);
        sum[1] = fma(derived, (realv)taps[z], sum[1]);
        sum[2] = fma(smooth, (realv)taps[window + z], sum[2]);
#else
        sum[0] = smooth;
        sum[1] = derived;
#endif
    }
#else
    (void)taps;
    (void)radius;
    realv smooth[3] = {0, 0, 0}, derived[3] = {0, 0, 0};
#pragma unroll
    for (int z = 0; z < (AXES == 3 ? 3 : 1); z++) {
        realv a = READ(rows[3 * z]), b = READ(rows[3 * z + 1]), c = READ(rows[3 * z + 2]);
        smooth[z] = SMOOTH(a, b, c);
        derived[z] = DIFFERENCE(a, b, c);
    }
#if AXES == 3
    sum[0] = SMOOTH(smooth[0], smooth[1], smooth[2]);
    sum[1] = SMOOTH(derived[0], derived[1], derived[2]);
    sum[2] = DIFFERENCE(smooth[0], smooth[1], smooth[2]);
#else
    sum[0] = smooth[0];
    sum[1] = derived[0];
#endif
#endif
#undef READ
}

#if !GAUSSIAN
/* The same where every row and every column is there. */
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
#endif

/* The offsets of the source rows of the window round row y of plane z, which begins at `plane`; -1: the constant. */
static inline void find_rows(constant const long *g, long plane, long z, long y, int radius, long *rows) {
    for (int a = AXES == 3 ? -radius : 0; a <= (AXES == 3 ? radius : 0); a++) {
        long depth = border_index(z + a, g[GRADIENT_EXTENT], (int)g[GRADIENT_BORDER]);
        for (int b = -radius; b <= radius; b++) {
            long at = border_index(y + b, g[GRADIENT_EXTENT + 1], (int)g[GRADIENT_BORDER + 1]);
            *rows++ = at < 0 || depth < 0
                          ? -1
                          : plane + depth * g[GRADIENT_SRC_STRIDE] + at * g[GRADIENT_SRC_STRIDE + 1];
        }
    }
}

/* One output's values. `what` is a constant, so that only its own branch is left. */
static inline realv make_output(int what, realv dx, realv dy, realv dz, REAL eps) {
    if (what == GRADIENT_DX)
        return dx;
    if (what == GRADIENT_DY)
        return dy;
    if (what == GRADIENT_DZ)
        return dz;
    if (what == GRADIENT_L1)
        return AXES == 3 ? fabs(dx) + fabs(dy) + fabs(dz) : fabs(dx) + fabs(dy);
    if (what == GRADIENT_SUM)
        return AXES == 3 ? dx + dy + dz : dx + dy;
    if (what == GRADIENT_XX)
        return dx * dx;
    if (what == GRADIENT_XY)
        return dx * dy;
    if (what == GRADIENT_YY)
        return dy * dy;
#ifdef ORIENTATION
    if (what == GRADIENT_ORIENTATION)
        return atan2(dy, dx);
#endif
    realv squared = fma(dx, dx, fma(dy, dy, AXES == 3 ? fma(dz, dz, (realv)eps) : (realv)eps));
    return what == GRADIENT_SQUARED ? squared : root_lanes(squared);
}

#define FOR_EACH_OUTPUT(DO) DO_1(DO) DO_2(DO) DO_3(DO) DO_4(DO) DO_5(DO) DO_6(DO) DO_7(DO)
#define DO_1(DO) DO(0, OUT0)
#define DO_2(DO)
#define DO_3(DO)
#define DO_4(DO)
#define DO_5(DO)
#define DO_6(DO)
#define DO_7(DO)
#if OUTPUTS > 1
#undef DO_2
#define DO_2(DO) DO(1, OUT1)
#endif
#if OUTPUTS > 2
#undef DO_3
#define DO_3(DO) DO(2, OUT2)
#endif
#if OUTPUTS > 3
#undef DO_4
#define DO_4(DO) DO(3, OUT3)
#endif
#if OUTPUTS > 4
#undef DO_5
#define DO_5(DO) DO(4, OUT4)
#endif
#if OUTPUTS > 5
#undef DO_6
#define DO_6(DO) DO(5, OUT5)
#endif
#if OUTPUTS > 6
#undef DO_7
#define DO_7(DO) DO(6, OUT6)
#endif

#define PARAMETER(i, what) global DST_T *restrict y##i,

#if LINES

/* dx, dy, dz of VECTOR columns from the lines, whose first column is `radius` before the block's. */
static inline void derive_lanes(REAL line[AXES][LINE], int column, global const REAL *taps, int radius, REAL scale,
                                realv *d) {
#if GAUSSIAN
    int window = 2 * radius + 1;
    for (int i = 0; i < AXES; i++)
        d[i] = 0;
    for (int k = 0; k < window; k++) {
        d[0] = fma(load_line(line[0] + column + k), (realv)taps[window + k], d[0]);
        for (int i = 1; i < AXES; i++)
            d[i] = fma(load_line(line[i] + column + k), (realv)taps[k], d[i]);
    }
#else
    (void)taps;
    (void)radius;
#pragma unroll
    for (int i = 0; i < AXES; i++) {
        realv a = load_line(line[i] + column), b = load_line(line[i] + column + 1),
              c = load_line(line[i] + column + 2);
        d[i] = i == 0 ? DIFFERENCE(a, b, c) : SMOOTH(a, b, c);
    }
#endif
    for (int i = 0; i < AXES; i++)
        d[i] *= scale;
}

static inline void keep_line(const realv *sum, REAL line[AXES][LINE], long at) {
#pragma unroll
    for (int i = 0; i < AXES; i++)
        store_line(sum[i], line[i] + at);
}

/* Lines for the columns first - radius .. last + radius of one row; `ends` are the columns beyond the two ends. */
static inline void fill_lines(global const SRC_T *x, constant const long *g, const long *rows, const int *ends,
                              long first, long last, REAL cval, global const REAL *taps, int radius,
                              REAL line[AXES][LINE], int base) {
    long width = g[GRADIENT_EXTENT + 2], stride = g[GRADIENT_SRC_STRIDE + 2];
    long begin = max(first - radius, 0L), end = min(last + radius, width), origin = first - radius - base;
    realv sum[AXES];
    for (long j = begin; j < end; j += VECTOR) {
        int count = (int)min((long)VECTOR, end - j);
        if (count < VECTOR && end - begin >= VECTOR) {
            j = end - VECTOR; /* the last block moves back over columns already there */
            count = VECTOR;
        }
        sum_columns(x, rows, j, count, stride, cval, taps, radius, sum);
        keep_line(sum, line, j - origin);
    }
    for (int side = 0; side < 2; side++)
        for (int e = 0; e < radius; e++) {
            long to = side == 0 ? e - radius : width + e, at = ends[side * radius + e];
            if (to < first - radius || to >= last + radius)
                continue;
            if (at >= begin && at < end) {
                for (int i = 0; i < AXES; i++)
                    line[i][to - origin] = line[i][at - origin];
                continue;
            }
            sum_columns(x, rows, at, 1, stride, cval, taps, radius, sum);
            REAL lanes[VECTOR];
            for (int i = 0; i < AXES; i++) {
                store_line(sum[i], lanes);
                line[i][to - origin] = lanes[0];
            }
        }
}

static inline void store_columns(realv v, int count, global DST_T *y, long at, long stride) {
#if CONTIGUOUS
    (void)stride; /* 1 */
    if (count == VECTOR)
        store_lanes(v, y, at);
    else
        store_some(v, count, y, at);
#else
    REAL lanes[VECTOR];
    store_line(v, lanes);
    for (int lane = 0; lane < count; lane++)
        store_one(lanes[lane], y, at + lane * stride);
#endif
}

#if STREAM
#ifdef __has_builtin
#if __has_builtin(__builtin_nontemporal_store)
#define PAST_CACHE
#endif
#endif
#define STAGE 1024 /* elements gathered before they go out */

/* A whole cache line, or a part that is aligned, past the cache. */
static inline void store_past_cache(realv v, global DST_T *y) {
#ifdef PAST_CACHE
    __builtin_nontemporal_store(v, (global realv *)y);
#else
    store_lanes(v, y, 0);
#endif
}

/* Stores whole vectors and moves the rest to the front; gives back how many are left. */
static inline long flush(REAL *stage, long count, global DST_T *y, bool aligned, bool all) {
    long vectors = count / VECTOR;
    for (long i = 0; i < vectors; i++) {
        if (aligned)
            store_past_cache(load_line(stage + i * VECTOR), y + i * VECTOR);
        else
            store_lanes(load_line(stage + i * VECTOR), y, i * VECTOR);
    }
    long left = count - vectors * VECTOR;
    if (all)
        for (long i = 0; i < left; i++)
            y[vectors * VECTOR + i] = stage[vectors * VECTOR + i];
    else
        store_line(load_line(stage + vectors * VECTOR), stage);
    return left;
}
#endif

/* A row on its way through the planes: its place, and where its plane begins in every operand. */
typedef struct gradient_row {
    long i, z, item;
    long offset[1 + OUTPUTS];
} gradient_row;

static inline void find_plane(constant const long *g, gradient_row *row) {
    for (int o = 0; o <= OUTPUTS; o++)
        row->offset[o] = g[GRADIENT_SRC_OFFSET + o];
    batch_offsets(g + GRADIENT_BATCH, row->item, 1 + OUTPUTS, row->offset);
}

static inline void next_row(constant const long *g, gradient_row *row) {
    if (++row->i < g[GRADIENT_EXTENT + 1])
        return;
    row->i = 0;
    if (++row->z < g[GRADIENT_EXTENT])
        return;
    row->z = 0;
    row->item++;
    find_plane(g, row);
}

#if FLAT

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
#define DERIVE(k, READ, READ_ONE, from, begin, most)                                                                   \
    for (long f = begin; f < count * width - begin; f += VECTOR) {                                                             \
        FETCH(next + (count * width + f) / 2);                                                                         \
        f = min(f, most);                                                                                              \
        store_line(ACROSS(k, READ(from, f - 1), READ(from, f), READ(from, f + 1)), derived + f);                       \
    }                                                                                                                  \
    for (long r = 0; r < count; r++) {                                                                                 \
        long row = r * width, last = row + width - 1;                                                                  \
        REAL before = ends[0] < 0 ? outside : READ_ONE(from, row + ends[0]);                                           \
        REAL after = ends[1] < 0 ? outside : READ_ONE(from, row + ends[1]);                                            \
        derived[row] = ACROSS(k, before, READ_ONE(from, row), width > 1 ? READ_ONE(from, row + 1) : after);            \
        derived[last] = ACROSS(k, width > 1 ? READ_ONE(from, last - 1) : before, READ_ONE(from, last), after);         \
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

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
gradient(global const SRC_T *restrict x, FOR_EACH_OUTPUT(PARAMETER) constant const long *restrict g,
         global const REAL *restrict taps, REAL cval, REAL scale, REAL eps, int radius, long rows) {
    long top = (long)get_global_id(0) * rows, bottom = min(top + rows, g[GRADIENT_ROWS]);
    long depth = g[GRADIENT_EXTENT], height = g[GRADIENT_EXTENT + 1], width = g[GRADIENT_EXTENT + 2];
    (void)taps; /* not used, and 1, where they are not a Gaussian's */
    (void)radius;
    long window[AXES == 3 ? WINDOW * WINDOW : WINDOW];
    int ends[2 * RADIUS_MOST];
    for (int e = 0; e < RADIUS; e++) {
        ends[e] = (int)border_index(e - RADIUS, width, (int)g[GRADIENT_BORDER + 2]);
        ends[RADIUS + e] = (int)border_index(width + e, width, (int)g[GRADIENT_BORDER + 2]);
    }
#if STREAM
    REAL stage[OUTPUTS][STAGE + COLUMNS + 2 * VECTOR];
    long staged = 0, sent = top * width;
    bool aligned = true;
#define ALIGNED(i, what) aligned = aligned && (((size_t)(y##i + g[GRADIENT_DST_OFFSET + i] + sent)) & 63) == 0;
    FOR_EACH_OUTPUT(ALIGNED)
#define FLUSH(o, what) left = flush(stage[o], staged, y##o + g[GRADIENT_DST_OFFSET + o] + sent, aligned, last_time);
#define SEND(all)                                                                                                      \
    do {                                                                                                               \
        bool last_time = all;                                                                                          \
        if (staged >= STAGE || last_time) {                                                                            \
            long left = staged;                                                                                        \
            FOR_EACH_OUTPUT(FLUSH)                                                                                     \
            sent += staged - left;                                                                                     \
            staged = left;                                                                                             \
        }                                                                                                              \
    } while (0);
#endif
#if FLAT
    REAL line[AXES][MARGIN + LINE], derived[AXES][MARGIN + LINE];
    realv constants[AXES];
    REAL outside[VECTOR];
    find_rows(g, 0, 0, 0, 1, window);
    sum_columns(x, window, -1, 1, 1, cval, 0, 1, constants);
    long group = max(1L, (long)COLUMNS / width);
    gradient_row at = {.i = top % height, .z = top / height % depth, .item = top / height / depth};
    if (top < bottom)
        find_plane(g, &at);
    for (long row = top; row < bottom;) {
        long count = min(min(group, bottom - row), height - at.i), elements = count * width;
        global const SRC_T *next =
            x + at.offset[0] + at.z * g[GRADIENT_SRC_STRIDE] + (at.i + (row + count < bottom ? count : 0)) * width;
        fill_flat(x, g, at.offset[0], at.z, at.i, count, cval, window, line, next);
#if SIDE == 0
        store_line(constants[0], outside);
        source_line source = {x, at.offset[0] + at.z * g[GRADIENT_SRC_STRIDE] + at.i * width};
        derive_source(source, count, width, ends, outside[0], derived[0] + MARGIN, next);
#else
#pragma unroll
        for (int k = 0; k < AXES; k++) {
            store_line(constants[k], outside);
            derive_line(line[k] + MARGIN, k, count, width, ends, outside[0], derived[k] + MARGIN, next);
        }
#endif
#if STREAM
        bool direct = aligned && staged == 0 && elements % VECTOR == 0;
#endif
        for (long f = 0; f < elements; f += VECTOR) {
            realv d[3];
            d[2] = 0;
#if !STREAM
            if (f + VECTOR > elements && elements >= VECTOR)
                f = elements - VECTOR;
            int lanes = (int)min((long)VECTOR, elements - f);
#endif
#pragma unroll
            for (int k = 0; k < AXES; k++)
                d[k] = scale * load_line((AS_IT_IS(k) ? line[k] : derived[k]) + MARGIN + f);
#if STREAM
#define KEEP(o, what)                                                                                                  \
    if (direct)                                                                                                        \
        store_past_cache(make_output(what, d[0], d[1], d[2], eps), y##o + g[GRADIENT_DST_OFFSET + o] + sent + f);      \
    else                                                                                                               \
        store_line(make_output(what, d[0], d[1], d[2], eps), stage[o] + staged + f);
            FOR_EACH_OUTPUT(KEEP)
#else
#define STORE(o, what)                                                                                                 \
    store_columns(make_output(what, d[0], d[1], d[2], eps), lanes, y##o,                                               \
                  at.offset[1 + o] + at.z * g[GRADIENT_DST_STRIDE + 3 * o] + at.i * width + f, 1);
            FOR_EACH_OUTPUT(STORE)
#endif
        }
        row += count;
        at.i += count - 1;
        next_row(g, &at);
#if STREAM
        staged += direct ? 0 : elements;
        sent += direct ? elements : 0;
        SEND(row == bottom)
#endif
    }
#else
    REAL line[AXES][LINE];
    /* Short rows are taken several at once, so that lines are read long after they were written. */
    int pitch = (int)((min(width, (long)COLUMNS) + VECTOR - 1) / VECTOR * VECTOR) + 2 * RADIUS;
    int group = width > COLUMNS ? 1 : (LINE - VECTOR) / pitch;
    gradient_row from = {.i = top % height, .z = top / height % depth, .item = top / height / depth};
    if (top < bottom)
        find_plane(g, &from);
    gradient_row to = from;
    for (long row = top; row < bottom; row += group) {
        int count = (int)min((long)group, bottom - row);
        for (long first = 0; first < width; first += COLUMNS) {
            long last = min(first + COLUMNS, width);
            gradient_row source = from;
            for (int r = 0; r < count; r++, next_row(g, &source)) {
                find_rows(g, source.offset[0], source.z, source.i, RADIUS, window);
                fill_lines(x, g, window, ends, first, last, cval, taps, RADIUS, line, r * pitch);
                if (r == count - 1 && last == width)
                    from = source;
            }
            for (int r = 0; r < count; r++) {
                for (long j = first; j < last; j += VECTOR) {
                    realv d[3];
                    d[2] = 0;
#if STREAM
                    derive_lanes(line, r * pitch + (int)(j - first), taps, RADIUS, scale, d);
#define KEEP(o, what) store_line(make_output(what, d[0], d[1], d[2], eps), stage[o] + staged + j - first);
                    FOR_EACH_OUTPUT(KEEP)
#else
                    if (j + VECTOR > last && last - first >= VECTOR)
                        j = last - VECTOR;
                    int lanes = (int)min((long)VECTOR, last - j);
                    derive_lanes(line, r * pitch + (int)(j - first), taps, RADIUS, scale, d);
#define STORE(o, what)                                                                                                 \
    store_columns(make_output(what, d[0], d[1], d[2], eps), lanes, y##o,                                               \
                  to.offset[1 + o] + to.z * g[GRADIENT_DST_STRIDE + 3 * o] +                                           \
                      to.i * g[GRADIENT_DST_STRIDE + 3 * o + 1] + j * g[GRADIENT_DST_STRIDE + 3 * o + 2],              \
                  g[GRADIENT_DST_STRIDE + 3 * o + 2]);
                    FOR_EACH_OUTPUT(STORE)
#endif
                }
#if STREAM
                staged += last - first;
                SEND(row + r == bottom - 1 && last == width)
#else
                if (last == width)
                    next_row(g, &to);
#endif
            }
        }
        /* wide rows come one at a time: `from` was kept at the last of the group */
        next_row(g, &from);
    }
#endif
}

#else /* one output a work-item */

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
gradient(global const SRC_T *restrict x, FOR_EACH_OUTPUT(PARAMETER) constant const long *restrict g,
         global const REAL *restrict taps, REAL cval, REAL scale, REAL eps, int radius, long rows) {
    (void)rows; /* 1 */
    long j = (long)get_global_id(0), row = (long)get_global_id(1), width = g[GRADIENT_EXTENT + 2];
    long i = row % g[GRADIENT_EXTENT + 1], z = row / g[GRADIENT_EXTENT + 1] % g[GRADIENT_EXTENT];
    long offset[1 + OUTPUTS];
    for (int o = 0; o <= OUTPUTS; o++)
        offset[o] = g[GRADIENT_SRC_OFFSET + o];
    batch_offsets(g + GRADIENT_BATCH, row / g[GRADIENT_EXTENT + 1] / g[GRADIENT_EXTENT], 1 + OUTPUTS, offset);
    if (j >= width)
        return; /* no barrier follows */
    long stride = g[GRADIENT_SRC_STRIDE + 2];
    REAL d[3] = {0, 0, 0};
#if GAUSSIAN
    int span = 2 * radius + 1;
    for (int a = AXES == 3 ? 0 : radius; a < (AXES == 3 ? span : radius + 1); a++) {
        REAL line[3] = {0, 0, 0};
        for (int b = 0; b < span; b++) {
            long at[2] = {border_index(z + a - radius, g[GRADIENT_EXTENT], (int)g[GRADIENT_BORDER]),
                          border_index(i + b - radius, g[GRADIENT_EXTENT + 1], (int)g[GRADIENT_BORDER + 1])};
            long source = at[0] < 0 || at[1] < 0
                              ? -1
                              : offset[0] + at[0] * g[GRADIENT_SRC_STRIDE] + at[1] * g[GRADIENT_SRC_STRIDE + 1];
            REAL smooth = 0, derived = 0;
            for (int k = 0; k < span; k++) {
                long column = border_index(j + k - radius, width, (int)g[GRADIENT_BORDER + 2]);
                REAL v = source < 0 || column < 0 ? cval : load_one(x, source + column * stride);
                smooth = fma(v, taps[k], smooth);
                derived = fma(v, taps[span + k], derived);
            }
            line[0] = fma(derived, taps[b], line[0]);
            line[1] = fma(smooth, taps[span + b], line[1]);
            line[2] = fma(smooth, taps[b], line[2]);
        }
#if AXES == 3
        d[0] = fma(line[0], taps[a], d[0]);
        d[1] = fma(line[1], taps[a], d[1]);
        d[2] = fma(line[2], taps[span + a], d[2]);
#else
        d[0] = line[0];
        d[1] = line[1];
#endif
    }
#else
    long window[AXES == 3 ? 9 : 3];
    find_rows(g, offset[0], z, i, 1, window);
    REAL sum[3][AXES];
#pragma unroll
    for (int k = 0; k < 3; k++) {
        long column = border_index(j + k - 1, width, (int)g[GRADIENT_BORDER + 2]);
        sum_columns(x, window, column, 1, stride, cval, taps, radius, sum[k]);
    }
    d[0] = DIFFERENCE(sum[0][0], sum[1][0], sum[2][0]);
#pragma unroll
    for (int k = 1; k < AXES; k++)
        d[k] = SMOOTH(sum[0][k], sum[1][k], sum[2][k]);
#endif
    for (int k = 0; k < AXES; k++)
        d[k] *= scale;
#define STORE(o, what)                                                                                                 \
    store_one(make_output(what, d[0], d[1], d[2], eps), y##o,                                                          \
              offset[1 + o] + z * g[GRADIENT_DST_STRIDE + 3 * o] + i * g[GRADIENT_DST_STRIDE + 3 * o + 1] +            \
                  j * g[GRADIENT_DST_STRIDE + 3 * o + 2]);
    FOR_EACH_OUTPUT(STORE)
}

#endif
