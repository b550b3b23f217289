/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums over the windows of normalised matching by wide work-items, at the same cost whatever the pattern: an axis is
 * cut into blocks as long as the pattern, and a window is the end of one block and the beginning of the next. Sums from
 * within a block to its end are formed backwards and left where the windows' will be; those from the beginning of the
 * next are added. Nothing is subtracted, so that nothing drifts, and what is not finite stays in its windows.
 *
 * Floor: the image read twice, the sums (two ACC for each output row and column) written twice and read three times,
 * dst written; some eight additions an output.
 *
 * Constants: those of real.h and match_score.h; VECTORS of a strip of columns.
 */
// checks share cpu: float -DVECTOR=8 -DVECTORS=4
// check cpu: -DACC=double -DACC_IS_DOUBLE -DFLAT=1e-10
// check cpu: -DACC=double -DACC_IS_DOUBLE -DFLAT=1e-10 double
// check cpu: -DACC=double -DACC_IS_DOUBLE -DFLAT=1e-10 plain
// check cpu: -DACC=float -DFLAT=1e-5f
#include "real.h"
#include "border.h"
#include "batch.h"
#include "geometry.h"
#include "match_score.h"

typedef PASTE(ACC, VECTOR) accv;

#ifdef CONVERTS_LANES
#define TO_SUMS(v) __builtin_convertvector(v, accv)
#else
#define TO_SUMS(v) PASTE(convert_, PASTE(ACC, VECTOR))(v)
#endif

#define STRIP (VECTORS * VECTOR)

/* Where the columns of a strip lie: from `first` on side by side, or each for itself (-1: the constant). */
typedef struct strip {
    bool together;
    long first, at[STRIP];
} strip;

static inline void find_strip(constant const long *g, long t, strip *columns) {
    columns->first = g[CONV_START + 2] + t;
    columns->together = g[CONV_SRC_STRIDE + 2] == 1 && columns->first >= 0 &&
                        columns->first + STRIP <= g[CONV_EXTENT + 2];
    for (int c = 0; c < STRIP; c++)
        columns->at[c] = border_index(columns->first + c, g[CONV_EXTENT + 2], (int)g[CONV_BORDER + 2]);
}

/* Adds the strip's elements of row t of the windows, and their squares. */
static inline void add_row(global const SRC_T *x, constant const long *g, long t, const strip *columns, REAL cval,
                           REAL scale, accv *sum, accv *squares) {
    long at1 = border_index(g[CONV_START + 1] + t, g[CONV_EXTENT + 1], (int)g[CONV_BORDER + 1]);
    global const SRC_T *row = x + (at1 < 0 ? 0 : at1 * g[CONV_SRC_STRIDE + 1]);
    for (int v = 0; v < VECTORS; v++) {
        realv element;
        if (columns->together && at1 >= 0) {
            element = load_lanes(row, columns->first + v * VECTOR);
        } else {
            REAL lane[VECTOR];
            for (int c = 0; c < VECTOR; c++) {
                long at2 = columns->at[v * VECTOR + c];
                lane[c] = at1 < 0 || at2 < 0 ? cval : load_one(row, at2 * g[CONV_SRC_STRIDE + 2]);
            }
            element = load_line(lane);
        }
        accv value = TO_SUMS(element * scale);
        sum[v] += value;
        squares[v] += value * value;
    }
}

/* A vector of sums, at any element. */
typedef ACC accv_anywhere __attribute__((ext_vector_type(VECTOR), aligned(sizeof(ACC))));
#define SUMS(p) (*(global accv_anywhere *)(p))

/* For each output row, the sums over the pattern's height of a strip of columns; of their squares, `pitch` behind. */
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
match_down(global const SRC_T *restrict x, global ACC *restrict sums, global const int *restrict peak,
           constant const long *restrict g, REAL cval, long pitch) {
    const REAL scale = scale_of(*peak);
    const long t = (long)get_global_id(0) * STRIP, plane = (long)get_global_id(2);
    const long rows = g[CONV_OUT + 1], height = g[CONV_TAPS + 1];
    long offset[1] = {g[CONV_SRC_OFFSET]};
    batch_offsets(g + CONV_BATCH, plane, 1, offset);
    global ACC *to = sums + plane * rows * pitch * 2 + t;
    strip columns;
    find_strip(g, t, &columns);
    for (long block = 0; block < rows; block += height) {
        accv sum[VECTORS], squares[VECTORS];
        for (int v = 0; v < VECTORS; v++)
            sum[v] = squares[v] = 0;
        for (long k = height - 1; k >= 0; k--) {
            add_row(x + offset[0], g, block + k, &columns, cval, scale, sum, squares);
            if (block + k >= rows)
                continue;
            global ACC *here = to + (block + k) * pitch * 2;
            for (int v = 0; v < VECTORS; v++) {
                SUMS(here + v * VECTOR) = sum[v];
                SUMS(here + pitch + v * VECTOR) = squares[v];
            }
        }
        for (int v = 0; v < VECTORS; v++)
            sum[v] = squares[v] = 0;
        for (long k = 1; k < min(height, rows - block); k++) {
            add_row(x + offset[0], g, block + height + k - 1, &columns, cval, scale, sum, squares);
            global ACC *here = to + (block + k) * pitch * 2;
            for (int v = 0; v < VECTORS; v++) {
                SUMS(here + v * VECTOR) += sum[v];
                SUMS(here + pitch + v * VECTOR) += squares[v];
            }
        }
    }
}

/* The sums of a row's windows from those of its columns, in their place, and with them the scores. */
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
match_along(global const REAL *restrict products, global ACC *restrict sums, global const ACC *restrict norm,
            global DST_T *restrict y, constant const long *restrict g, long pitch) {
    const long i1 = (long)get_global_id(1), plane = (long)get_global_id(2), row = plane * g[CONV_OUT + 1] + i1;
    const long width = g[CONV_TAPS + 2], out = g[CONV_OUT + 2];
    long offset[2] = {0, g[CONV_DST_OFFSET]};
    batch_offsets(g + CONV_BATCH, plane, 2, offset);
    const long to = offset[1] + i1 * g[CONV_DST_STRIDE + 1];
    const ACC count = (ACC)(g[CONV_TAPS + 1] * width);
    global ACC *a = sums + row * pitch * 2, *b = a + pitch;
    for (long block = 0; block < out; block += width) {
        ACC sum = 0, squares = 0;
        for (long k = block + width - 1; k >= block; k--) {
            a[k] = sum += a[k];
            b[k] = squares += b[k];
        }
        sum = squares = 0;
        for (long i2 = block; i2 < min(block + width, out); i2++) {
            if (i2 > block) {
                sum += a[i2 + width - 1];
                squares += b[i2 + width - 1];
            }
            REAL score = score_of(products[row * out + i2], a[i2] + sum, b[i2] + squares, count, norm[0]);
            store_one(score, y, to + i2 * g[CONV_DST_STRIDE + 2]);
        }
    }
}
