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
 * PLANES 1, 2 or 4: a work-item makes whole planes, no smaller than 3 rows of VECTOR elements, of an operator that does
 * not smooth, so many at a time: memory gives more to several streams than to one. Each output comes from the inputs
 * themselves, without lines. No stage is needed either: with STREAM a plane's elements are whole vectors.
 * STREAM 1: outputs, dense and alike, are gathered in private memory and stored past the cache in whole cache lines.
 *
 * Floor: the bytes of src and of the outputs once; the rows that an output needs stay in the nearest cache.
 *
 * Constants: those of real.h and derivative.h; GAUSSIAN 1: taps of any radius, read from `taps` (smoothing first, then
 * derivative); AXES 2 or 3; CONTIGUOUS 1 where all x strides are 1; OUTPUTS and OUT0..OUT6, what each holds; LOCAL_X.
 */
#include "real.h"
#include "body.h"
#include "border.h"
#include "batch.h"
#include "derivative.h"
#include "root.h"
#include "geometry.h"

#ifndef OUTPUTS
#define GAUSSIAN 0
#define AXES 2
#define LINES 1
#define STREAM 0
#define FLAT 1
#define PLANES 1
#define CONTIGUOUS 1
#define OUTPUTS 1
#define OUT0 0
#define LOCAL_X 1
#endif
#include "sums.h"

#if LINES

#include "lines.h"
#if FLAT
#include "flat.h"
#include "planes.h"
#endif

BODY gradient_body(global const SRC_T *restrict x, FOR_EACH_OUTPUT(PARAMETER) constant const long *restrict g,
                   global const REAL *restrict taps, REAL cval, REAL scale, REAL eps, int radius, long rows,
                   work_item id) {
    long top = id.x * rows, bottom = min(top + rows, g[GRADIENT_ROWS]);
    long depth = g[GRADIENT_EXTENT], height = g[GRADIENT_EXTENT + 1], width = g[GRADIENT_EXTENT + 2];
    (void)taps; /* not used, and 1, where they are not a Gaussian's */
    (void)radius;
    long window[AXES == 3 ? WINDOW * WINDOW : WINDOW];
    int ends[2 * RADIUS_MOST];
    for (int e = 0; e < RADIUS; e++) {
        ends[e] = (int)border_index(e - RADIUS, width, (int)g[GRADIENT_BORDER + 2]);
        ends[RADIUS + e] = (int)border_index(width + e, width, (int)g[GRADIENT_BORDER + 2]);
    }
#if STREAM && !PLANES
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
#if PLANES
    REAL above[PLANES][EDGE], below[PLANES][EDGE];
    gradient_plane plane = {x, width, height * width, cval, ends[0], ends[1]};
    long first = top / height, count = (bottom - top) / height, each = (count + PLANES - 1) / PLANES;
    (void)depth, (void)window; /* of other forms */
    for (long i = 0; i < each; i++) {
        gradient_row at[PLANES];
        realv a[PLANES], b[PLANES]; /* the vectors before f and at f */
        bool aligned = STREAM;
#pragma unroll
        for (int k = 0; k < PLANES; k++) {
            at[k].item = first + min(k * each, count - each) + i;
            find_plane(g, &at[k]);
            fill_edges(&plane, at[k].offset[0], g, above[k], below[k]);
            a[k] = b[k] = load_lanes(x, at[k].offset[0]);
#define ALIGNED_PLANE(o, what) aligned = aligned && ((size_t)(y##o + at[k].offset[1 + o]) & 63) == 0;
            FOR_EACH_OUTPUT(ALIGNED_PLANE)
        }
        long f = 0, column = 0, ends_at[3] = {width, plane.elements - width - VECTOR + 1, plane.elements};
#pragma unroll
        for (int part = 0; part < 3; part++) { /* the first row; those between; the last */
            for (; f < ends_at[part]; f += VECTOR) {
                bool end = part == 2 && f >= plane.elements - VECTOR, back = end && f > plane.elements - VECTOR;
                if (back) { /* fewer elements are left than a vector has */
                    f = plane.elements - VECTOR;
                    column = f % width;
                }
                row_ends row = find_ends(&plane, f, column);
#pragma unroll
                for (int k = 0; k < PLANES; k++) {
                    global const SRC_T *here = x + at[k].offset[0] + f;
                    FETCH(here + AHEAD);
                    a[k] = back ? load_lanes(here, -VECTOR) : a[k];
                    b[k] = back ? load_lanes(here, 0) : b[k];
                    realv c = b[k]; /* of a vector that ends beyond the plane only the first element counts */
                    if (!end)
                        c = part < 2 || f + 2 * VECTOR <= plane.elements ? load_lanes(here, VECTOR)
                                                                         : (realv)load_one(here, VECTOR);
                    realv up = part == 0 ? load_line(above[k] + f) : load_lanes(here, -width);
                    realv down = part == 2 ? load_line(below[k] + VECTOR + f - plane.elements + width)
                                           : load_lanes(here, width);
                    realv dx = scale * derive_across(&plane, at[k].offset[0], &row, a[k], b[k], c);
                    realv dy = scale * DIFFERENCE(up, b[k], down);
                    a[k] = b[k];
                    b[k] = c;
#define STORE_PLANE(o, what)                                                                                           \
    store_plane(make_output(what, dx, dy, (realv)0, eps), y##o, at[k].offset[1 + o] + f, aligned);
                    FOR_EACH_OUTPUT(STORE_PLANE)
                }
                column += VECTOR - (column + VECTOR >= width ? width : 0);
            }
        }
    }
#elif FLAT
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

BODY gradient_body(global const SRC_T *restrict x, FOR_EACH_OUTPUT(PARAMETER) constant const long *restrict g,
                   global const REAL *restrict taps, REAL cval, REAL scale, REAL eps, int radius, long rows,
                   work_item id) {
    (void)rows; /* 1 */
    long j = id.x, row = id.y, width = g[GRADIENT_EXTENT + 2];
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

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
gradient(global const SRC_T *restrict x, FOR_EACH_OUTPUT(PARAMETER) constant const long *restrict g,
         global const REAL *restrict taps, REAL cval, REAL scale, REAL eps, int radius, long rows) {
    gradient_body(x, FOR_EACH_OUTPUT(ARGUMENT) g, taps, cval, scale, eps, radius, rows, this_item());
}
