/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of cl/gradient/gradient.cl, for work-items that make rows: lines extended by the border, derivatives of them, stores
 * past the cache, and the walk over the rows of all planes. Constants: as there.
 */
#ifndef CLF_GRADIENT_LINES_H
#define CLF_GRADIENT_LINES_H

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

#endif
