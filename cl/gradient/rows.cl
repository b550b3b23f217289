/* SPDX-License-Identifier: Apache-2.0 */
#include "real.h"
#include "body.h"
#include "sink.h"
#include "sums.h"
/*
 * gradient.rows: a work-item makes `rows` rows, VECTOR lanes at a time, of any layout and any operator. The lines that
 * a row needs (sums.h) lie in private memory, extended by the border.
 *
 * Floor: the bytes of src and of the outputs once; the rows that an output needs stay in the nearest cache.
 *
 * Constants: those of real.h, derivative.h, outputs.h, make.h, sums.h and sink.h; LOCAL_X, which is 1.
 */
// checks share: float -DDERIVATIVE=0 -DSIDE=0 -DMIDDLE=1 -DGAUSSIAN=0 -DAXES=2 -DCONTIGUOUS=1 -DLOCAL_X=1 -DOUTPUTS=1
// checks share: -DOUT0=0 -DOUT1=1 -DOUT2=2 -DOUT3=3 -DOUT4=4 -DOUT5=5 -DOUT6=6
// checks share: -DEXTREMES=1 -DMENDS=1
// check cpu: -DVECTOR=16 -DPAST=1 -DSIDE=1 -DMIDDLE=2
// check cpu: -DVECTOR=16 -DPAST=1 -DDERIVATIVE=3 -DGAUSSIAN=1 -DMENDS=0
// check cpu: -DVECTOR=16 -DPAST=0 -DCONTIGUOUS=0 -DAXES=3 -DEXTREMES=0 -DMENDS=0 uchar
// check cpu: -DVECTOR=16 -DPAST=0 -DDERIVATIVE=1 -DCONTIGUOUS=0 half
// check cpu: -DVECTOR=8 -DPAST=1 -DDERIVATIVE=2 -DAXES=3 -DOUTPUTS=7 -DORIENTATION double
// check cpu: -DVECTOR=16 -DPAST=1 plain
// checks share gpu: -DVECTOR=1 -DPAST=0
// check gpu:
// check gpu: -DDERIVATIVE=3 -DGAUSSIAN=1 -DMENDS=0 -DAXES=3 half

#define LINE (COLUMNS + 2 * RADIUS_MOST + 2 * VECTOR)

/* dx, dy, dz of VECTOR columns from the lines, whose first column is `radius` before the block's. */
static inline void derive_lanes(REAL line[AXES][LINE], int column, global const REAL *taps, int radius, REAL scale,
                                realv *d) {
#if GAUSSIAN
    int window = 2 * radius + 1;
    for (int i = 0; i < AXES; i++)
        d[i] = 0;
    for (int k = 0; k < window; k++) {
        d[0] = MULTIPLY_ADD(load_line(line[0] + column + k), (realv)taps[window + k], d[0]);
        for (int i = 1; i < AXES; i++)
            d[i] = MULTIPLY_ADD(load_line(line[i] + column + k), (realv)taps[k], d[i]);
    }
#else
    (void)taps;
    (void)radius;
#pragma unroll
    for (int i = 0; i < AXES; i++) {
        realv a = load_line(line[i] + column), b = load_line(line[i] + column + 1), c = load_line(line[i] + column + 2);
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

/* Lines of the columns first .. last of `count` rows, `pitch` apart; moves `from` to the last of them. */
static inline void fill_rows(global const SRC_T *x, constant const long *g, const int *ends, long first, long last,
                             REAL cval, global const REAL *taps, int radius, REAL line[AXES][LINE], int pitch,
                             int count, gradient_row *from) {
    long window[AXES == 3 ? WINDOW * WINDOW : WINDOW];
    for (int r = 0; r < count; r++) {
        if (r > 0)
            next_row(g, from);
        find_rows(g, from->offset[0], from->z, from->i, radius, window);
        fill_lines(x, g, window, ends, first, last, cval, taps, radius, line, r * pitch);
    }
}

/* Makes a run from lines whose first column is `at`. True where something was seen that must be made again. */
ALWAYS_INLINE bool make_run(const gradient_sink *sink, FOR_EACH_OUTPUT(PLAIN_PARAMETER) const gradient_spot *spot,
                            REAL line[AXES][LINE], int at, long run, global const REAL *taps, int radius, bool again) {
    gradient_watch watch = begin_watch(spot->eps);
    for (long j = 0; j < run; j += VECTOR) {
        j = j + VECTOR > run && run >= VECTOR ? run - VECTOR : j; /* over columns already there */
        realv d[3];
        d[2] = 0;
        derive_lanes(line, at + (int)j, taps, radius, spot->scale, d);
        const gradient_made made =
            again ? make_outputs(spot, j, d[0], d[1], d[2]) : make_all(d[0], d[1], d[2], spot->eps);
        if (!again)
            watch_lanes(&watch, d[0], d[1], d[2], spot->eps);
        put_lanes(sink, FOR_EACH_OUTPUT(ARGUMENT) &made, j, (int)min((long)VECTOR, run - j));
    }
    return !again && was_seen(&watch);
}

#if EXTREMES || MENDS
static __attribute__((noinline)) void make_run_again(gradient_sink sink, FOR_EACH_OUTPUT(PARAMETER) gradient_spot spot,
                                                     REAL line[AXES][LINE], int at, long run, global const REAL *taps,
                                                     int radius) {
    make_run(&sink, FOR_EACH_OUTPUT(ARGUMENT) &spot, line, at, run, taps, radius, true);
}
#endif

BODY gradient_rows_body(global const SRC_T *restrict x, FOR_EACH_OUTPUT(PARAMETER) constant const long *restrict g,
                        REAL cval, REAL scale, REAL eps, REAL root_eps, global const REAL *restrict taps, int radius,
                        long rows, work_item id) {
    long top = id.x * rows, bottom = min(top + rows, g[GRADIENT_ROWS]), width = g[GRADIENT_EXTENT + 2];
    (void)radius; /* 1, and no taps are read, where they are not a Gaussian's */
    int ends[2 * RADIUS_MOST];
    find_ends(g, RADIUS, ends);
    REAL line[AXES][LINE], stage[OUTPUTS][STAGE_ROOM];
    gradient_sink sink = begin_sink(FOR_EACH_OUTPUT(ARGUMENT) g, stage, top * width);
    /* Short rows are taken several at once, so that lines are read long after they were written. */
    int pitch = (int)((min(width, (long)COLUMNS) + VECTOR - 1) / VECTOR * VECTOR) + 2 * RADIUS;
    int group = width > COLUMNS ? 1 : (LINE - VECTOR) / pitch;
    gradient_row from = find_row(g, top), to = from;
    for (long row = top; row < bottom; row += group) {
        int count = (int)min((long)group, bottom - row);
        for (long first = 0; first < width; first += COLUMNS) {
            long last = min(first + COLUMNS, width), run = last - first;
            fill_rows(x, g, ends, first, last, cval, taps, RADIUS, line, pitch, count, &from);
            for (int r = 0; r < count; r++) {
                begin_run(&sink, g, &to, first, run);
                const gradient_spot spot = {x,    g,     to.offset[0],    to.z, to.i * width + first,
                                            cval, scale, {eps, root_eps}};
                bool seen = make_run(&sink, FOR_EACH_OUTPUT(ARGUMENT) &spot, line, r * pitch, run, taps, RADIUS, false);
#if EXTREMES || MENDS
                if (seen)
                    make_run_again(sink, FOR_EACH_OUTPUT(ARGUMENT) spot, line, r * pitch, run, taps, RADIUS);
#else
                (void)seen;
#endif
                end_run(&sink, FOR_EACH_OUTPUT(ARGUMENT) g, run, row + r == bottom - 1 && last == width);
                if (last == width)
                    next_row(g, &to);
            }
        }
        next_row(g, &from);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void gradient_rows(
    global const SRC_T *restrict x, FOR_EACH_OUTPUT(PARAMETER) constant const long *restrict g, REAL cval, REAL scale,
    REAL eps, REAL root_eps, global const REAL *restrict taps, int radius, long rows) {
    gradient_rows_body(x, FOR_EACH_OUTPUT(ARGUMENT) g, cval, scale, eps, root_eps, taps, radius, rows, this_item());
}
