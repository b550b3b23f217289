/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv.direct: a block of ROWS x LANES vectors of outputs per work-item, swept along x. For every input row the block
 * needs, each of its KX shifted vectors is loaded once and multiplied into all the output rows it reaches.
 *
 * Floor for a large image: the bytes of src and dst once; KZ*KY*KX multiply-adds an output. ROWS*LANES of them, on
 * vectors, take LANES loads, which cross a cache line and so count double, and ROWS broadcast taps: with two loads and
 * two multiply-adds a cycle, 4 x 1 is bound by its loads, 4 x 2 by neither, 6 x 2 by its multiply-adds; the first and
 * last ROWS - 1 input rows, which meet few block rows, by their loads.
 *
 * Constants: those of real.h; KZ KY KX taps; STEP_Y and DILATION_Y, DILATION_X; ROWS LANES; LOCAL_X LOCAL_Y the
 * work-group.
 * Along x the step is 1 and src and dst are contiguous, PIXEL channels side by side (rows.h). Each channel of a
 * depthwise bank has taps of its own.
 *
 * A block whose rows and columns all lie inside takes the unrolled path; the others gather their rows through the
 * border and run the same sum in the same order with loops, so that code stays small.
 *
 * Short rows of many planes come in an order that processors do not foresee: `ahead` is how far the rows of the next
 * block lie (0: not asked for). `past`: outputs go past the cache.
 */
// checks share: float -DKZ=1 -DKY=3 -DKX=3 -DSTEP_Y=1 -DDILATION_Y=1 -DDILATION_X=1 -DROWS=4
// checks share cpu: -DLOCAL_X=1 -DLOCAL_Y=1
// check cpu: -DVECTOR=16 -DLANES=2
// check cpu: -DVECTOR=16 -DLANES=1 -DKZ=2 -DKX=4 -DSTEP_Y=2 -DDILATION_X=2 half
// check cpu: -DVECTOR=8 -DLANES=2 -DKY=15 -DKX=15 double
// check cpu: -DVECTOR=16 -DLANES=2 -DPIXEL=3 -DDILATION_X=3 uchar
// check cpu: -DVECTOR=16 -DLANES=2 plain
// checks share gpu: -DVECTOR=1 -DLANES=1 -DLOCAL_X=32 -DLOCAL_Y=4
// check gpu:
// check gpu: -DKZ=2 -DKY=9 -DKX=6 uchar
#include "real.h"
#include "body.h"
#include "border.h"
#include "batch.h"
#include "geometry.h"
#include "past_cache.h"

#include "rows.h"

#define BLOCK (LANES * VECTOR)
#define LINE (BLOCK + (KX - 1) * DILATION_X)
/*
 * Unroll everything while that is some 200 multiply-adds. Beyond, more than a few taps at once is no faster where a row
 * meets every block row, nor more than one where it does not, and what is unrolled is what a first call takes.
 */
#define SMALL (KY * KX * ROWS * LANES <= 200)
#define AT_ONCE (SMALL ? KX : KY == 1 ? 8 : 3)
#define AT_ENDS (SMALL ? KX : 1)
/* Rows that meet every block row need no code of their own where there are such, in order. */
#define LOOP_ROWS (!SMALL && KY >= ROWS && STEP_Y == 1 && DILATION_Y == 1)

/* Adds what tap `b` along x gives of input row `a`, at p, to each output row; `always` tells that it meets all. */
#define ADD_TAP(a, b, always)                                                                                          \
    do {                                                                                                               \
        realv v[LANES];                                                                                                \
        _Pragma("unroll") for (int l = 0; l < LANES; l++) v[l] = load_lanes(p, (b) * DILATION_X + l * VECTOR);         \
        _Pragma("unroll") for (int r = 0; r < ROWS; r++) if (always || MEETS(a, r)) {                                  \
            realv tap = (realv)(w[(z * KY + TAP_ROW(a, r)) * KX + (b)]);                                               \
            _Pragma("unroll") for (int l = 0; l < LANES; l++) acc[r][l] = MULTIPLY_ADD(v[l], tap, acc[r][l]);          \
        }                                                                                                              \
    } while (0)

/* Adds what input row `a` gives, some taps at once. */
#define ADD_ROW(a, always, at_once)                                                                                    \
    do {                                                                                                               \
        global const SRC_T *p = x + rows[z * ROWS_IN + (a)] + column;                                                  \
        _Pragma("unroll 1") for (int b = 0; b < KX / (at_once) * (at_once); b += (at_once)) {                          \
            _Pragma("unroll") for (int i = 0; i < (at_once); i++) ADD_TAP(a, b + i, always);                           \
        }                                                                                                              \
        _Pragma("unroll") for (int b = KX / (at_once) * (at_once); b < KX; b++) ADD_TAP(a, b, always);                 \
    } while (0)

/* The block at `column` (of the input), all of it inside. */
static inline void add_inside(global const SRC_T *restrict x, constant const REAL *restrict w, const long *rows,
                              long column, realv (*acc)[LANES]) {
#if KZ > 1
#pragma unroll 1
#endif
    for (int z = 0; z < KZ; z++) {
#if !LOOP_ROWS
#pragma unroll
        for (int a = 0; a < ROWS_IN; a++)
            ADD_ROW(a, false, AT_ONCE);
#else
#pragma unroll
        for (int a = 0; a < ROWS - 1; a++)
            ADD_ROW(a, false, AT_ENDS);
#pragma unroll 1
        for (int a = ROWS - 1; a < KY; a++)
            ADD_ROW(a, true, AT_ONCE);
#pragma unroll
        for (int a = KY; a < ROWS_IN; a++)
            ADD_ROW(a, false, AT_ENDS);
#endif
    }
}

/* The block at `column`, some of it outside: rows with a negative offset are the constant. */
#if VECTOR == 1
static inline void add_frame(global const SRC_T *restrict x, constant const REAL *restrict w, const long *rows,
                             long column, long extent, int border, REAL cval, realv (*acc)[LANES]) {
    for (int b = 0; b < KX; b++) {
        long at = border_column(column + b * DILATION_X, extent, border);
        for (int z = 0; z < KZ; z++) {
            for (int k = 0; k < KY; k++) {
                REAL tap = w[(z * KY + k) * KX + b];
#pragma unroll
                for (int r = 0; r < ROWS; r++) {
                    long row = rows[z * ROWS_IN + r * STEP_Y + k * DILATION_Y];
                    acc[r][0] = MULTIPLY_ADD(row < 0 || at < 0 ? cval : load_one(x, row + at), tap, acc[r][0]);
                }
            }
        }
    }
}
#else
/* Copies elements begin..end-1 of a row that all lie inside. */
static inline void copy_inside(global const SRC_T *restrict row, int begin, int end, REAL *line) {
    int t = begin;
    for (; t + VECTOR <= end; t += VECTOR)
        store_line(load_lanes(row, t), line + t);
    if (t > begin && t < end) { /* the last vector moves back over elements already there */
        store_line(load_lanes(row, end - VECTOR), line + end - VECTOR);
        t = end;
    }
#pragma unroll 1
    for (; t < end; t++)
        line[t] = load_one(row, t);
}

/* Gathers the input rows of the block through the border, so that the sum runs over plain lines. */
static inline void gather_rows(global const SRC_T *restrict x, const long *rows, long column, long extent, int border,
                               REAL cval, REAL *frame) {
    int begin = (int)clamp(-column, 0L, (long)LINE), end = (int)clamp(extent - column, (long)begin, (long)LINE);
    long at[LINE];
#pragma unroll 1
    for (int t = 0; t < LINE; t++)
        at[t] = t >= begin && t < end ? 0 : border_column(column + t, extent, border);
#pragma unroll 1
    for (int a = 0; a < KZ * ROWS_IN; a++) {
        REAL *line = frame + a * LINE;
        long row = rows[a];
        int first = row < 0 ? LINE : begin, last = row < 0 ? LINE : end;
#pragma unroll 1
        for (int t = 0; t < LINE; t++) {
            if (t == first)
                t = last;
            if (t < LINE)
                line[t] = row < 0 || at[t] < 0 ? cval : load_one(x, row + at[t]);
        }
        copy_inside(x + (row < 0 ? 0 : row + column), first, last, line);
    }
}

static inline void add_frame(global const SRC_T *restrict x, constant const REAL *restrict w, const long *rows,
                             long column, long extent, int border, REAL cval, realv (*acc)[LANES]) {
    REAL frame[KZ * ROWS_IN * LINE];
    gather_rows(x, rows, column, extent, border, cval, frame);
#pragma unroll 1
    for (int k = 0; k < KZ * KY; k++) {
        const REAL *line = frame + (k / KY * ROWS_IN + k % KY * DILATION_Y) * LINE;
#pragma unroll 1
        for (int b = 0; b < KX; b++) {
#pragma unroll
            for (int r = 0; r < ROWS; r++) {
#pragma unroll
                for (int l = 0; l < LANES; l++)
                    acc[r][l] = MULTIPLY_ADD(load_line(line + r * STEP_Y * LINE + b * DILATION_X + l * VECTOR),
                                             (realv)(w[k * KX + b]), acc[r][l]);
            }
        }
    }
}
#endif

/*
 * Stores `live` rows of `width` outputs, past the cache where `past` says so and whole lines of it are written; one
 * loop for blocks that are not whole, so that code stays small.
 */
static inline void store_block(realv (*acc)[LANES], int live, int width, global DST_T *y, long at, long pitch,
                               int past) {
#if VECTOR > 1
    if (past && live == ROWS && width == BLOCK && (size_t)(y + at) % sizeof(realv) == 0 && pitch % VECTOR == 0) {
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
#pragma unroll
            for (int l = 0; l < LANES; l++)
                STORE_PAST_CACHE(acc[r][l], (global realv *)(y + at + r * pitch + l * VECTOR));
        }
        return;
    }
#else
    (void)past;
#endif
    if (live == ROWS && width == BLOCK) {
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
#pragma unroll
            for (int l = 0; l < LANES; l++)
                store_lanes(acc[r][l], y, at + r * pitch + l * VECTOR);
        }
        return;
    }
    REAL values[ROWS * BLOCK];
#pragma unroll
    for (int r = 0; r < ROWS; r++) {
#pragma unroll
        for (int l = 0; l < LANES; l++)
            store_line(acc[r][l], values + r * BLOCK + l * VECTOR);
    }
#pragma unroll 1
    for (int r = 0; r < live; r++) {
#pragma unroll 1
        for (int i = 0; i < width; i++)
            store_one(values[r * BLOCK + i], y, at + r * pitch + i);
    }
}

/* Asks for what the next block of rows brings, at the same columns. */
static inline void fetch_ahead(global const SRC_T *x, const long *rows) {
#pragma unroll
    for (int r = 0; r < ROWS; r++) {
#pragma unroll
        for (int l = 0; l < LANES; l++)
            FETCH_AHEAD(x + rows[r] + l * VECTOR);
    }
}

BODY conv_direct_body(global const SRC_T *restrict x, global DST_T *restrict y, constant const REAL *restrict w,
                      constant const long *restrict g, REAL cval, long columns, int past, long ahead, work_item id) {
    long first = id.x * columns;
    long last = min(first + columns, g[CONV_OUT + 2]);
    long i1 = id.y * ROWS;
    int live = (int)min((long)ROWS, g[CONV_OUT + 1] - i1); /* <= 0: a work-item that only pads the work-group */
    long plane = id.z, i0 = plane % g[CONV_OUT], item = plane / g[CONV_OUT];
    long channel = item % g[CONV_GROUPS];
    long offset[2] = {g[CONV_SRC_OFFSET] + channel * g[CONV_SRC_CHANNEL],
                      g[CONV_DST_OFFSET] + channel * g[CONV_DST_CHANNEL]};
    batch_offsets(g + CONV_BATCH, item / g[CONV_GROUPS], 2, offset);
    REAL bias = w[g[CONV_BIAS] + channel];
    w += channel * (KZ * KY * KX);
    long rows[KZ * ROWS_IN];
    bool rows_inside = find_rows(g, i0, i1, offset[0], rows);
    long start = g[CONV_START + 2], extent = g[CONV_EXTENT + 2], pitch = g[CONV_DST_STRIDE + 1];
    long out = offset[1] + i0 * g[CONV_DST_STRIDE] + i1 * pitch;
    for (long j = first; j < last && live > 0; j += BLOCK) {
        if (j + BLOCK > last && last - first >= BLOCK)
            j = last - BLOCK; /* the last block moves back over outputs already there */
        long column = j + start;
        realv acc[ROWS][LANES];
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
#pragma unroll
            for (int l = 0; l < LANES; l++)
                acc[r][l] = bias;
        }
        if (ahead)
            fetch_ahead(x + column + ahead, rows + KZ * ROWS_IN - ROWS);
        if (rows_inside && column >= 0 && column + LINE <= extent)
            add_inside(x, w, rows, column, acc);
        else
            add_frame(x, w, rows, column, extent, (int)g[CONV_BORDER + 2], cval, acc);
        store_block(acc, live, (int)min((long)BLOCK, last - j), y, out + j, pitch, past);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, LOCAL_Y, 1))) void
conv_direct(global const SRC_T *restrict x, global DST_T *restrict y, constant const REAL *restrict w,
            constant const long *restrict g, REAL cval, long columns, int past, long ahead) {
    conv_direct_body(x, y, w, g, cval, columns, past, ahead, this_item());
}
