/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What normalised matching does round a correlation: the pattern centred, sums of columns of the windows, the scores.
 * Wide work-items have the last two from match_wide.cl.
 *
 * Floor: the image read twice, the sums (two ACC for each output row and column) written and read once, dst written;
 * 2*(h + w) additions an output.
 *
 * A score does not depend on the magnitudes of image and pattern: both are scaled by powers of two to some 1 before
 * squares are formed, and the image's scale is given to the pattern, so that products neither overflow nor vanish.
 *
 * Constants: those of real.h and match_score.h; LOCAL_X, the work-group.
 */
// checks share: float -DVECTOR=1
// checks share cpu: -DLOCAL_X=1 -DACC=double -DACC_IS_DOUBLE -DFLAT=1e-10
// check cpu:
// check cpu: double
// check gpu: -DLOCAL_X=64 -DACC=float -DFLAT=1e-5f -DSRC_T=half -DSRC_IS_HALF=1
#include "real.h"
#include "border.h"
#include "batch.h"
#include "geometry.h"
#include "match_score.h"

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void match_begin(global int *restrict peak, REAL cval) {
    *peak = peak_bits(cval);
}

/* The image's greatest magnitude, over `span` columns and every down-th row from a work-item's own on. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
match_peak(global const SRC_T *restrict x, global int *restrict peak, constant const long *restrict g, long columns,
           long span, long down) {
    long first = (long)get_global_id(0) * span, last = min(first + span, columns);
    long offset[1] = {g[CONV_SRC_OFFSET]};
    batch_offsets(g + CONV_BATCH, (long)get_global_id(2), 1, offset);
    int most = 0;
    for (long i1 = (long)get_global_id(1); i1 < g[CONV_EXTENT + 1]; i1 += down)
        for (long i2 = first; i2 < last; i2++) {
            REAL value = load_one(x, offset[0] + i1 * g[CONV_SRC_STRIDE + 1] + i2 * g[CONV_SRC_STRIDE + 2]);
            most = max(most, peak_bits(value));
        }
    atomic_max(peak, most);
}

/*
 * The pattern less its mean, dense, of magnitude 1 and with the image's scale, and the sum of its squares without that;
 * it is 0 where the pattern is flat.
 */
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
match_pattern(global const REAL *restrict pattern, global REAL *restrict centred, global ACC *restrict norm,
              global const int *restrict peak, long offset, long rows, long columns, long stride_y, long stride_x) {
    ACC sum = 0, squares = 0, left = 0;
    int most = 0;
    for (long y = 0; y < rows; y++)
        for (long x = 0; x < columns; x++)
            most = max(most, peak_bits(pattern[offset + y * stride_y + x * stride_x]));
    const REAL own = scale_of(most), image = scale_of(*peak);
    for (long y = 0; y < rows; y++)
        for (long x = 0; x < columns; x++) {
            ACC value = pattern[offset + y * stride_y + x * stride_x] * own;
            sum += value;
            squares += value * value;
        }
    ACC mean = sum / (ACC)(rows * columns);
    for (long y = 0; y < rows; y++)
        for (long x = 0; x < columns; x++) {
            ACC value = pattern[offset + y * stride_y + x * stride_x] * own - mean;
            centred[y * columns + x] = (REAL)value * image;
            left += value * value;
        }
    norm[0] = left <= (ACC)FLAT * squares ? (ACC)0 : left;
}

/* For an output row and each column its windows meet: the sums over the pattern's height of x~ and its square. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
match_columns(global const SRC_T *restrict x, global ACC *restrict sums, global const int *restrict peak,
              constant const long *restrict g, REAL cval, long columns) {
    const REAL scale = scale_of(*peak);
    long t = (long)get_global_id(0), i1 = (long)get_global_id(1), plane = (long)get_global_id(2);
    if (t >= columns)
        return;
    long offset[1] = {g[CONV_SRC_OFFSET]};
    batch_offsets(g + CONV_BATCH, plane, 1, offset);
    global ACC *to = sums + (plane * g[CONV_OUT + 1] + i1) * columns * 2;
    long at2 = border_index(g[CONV_START + 2] + t, g[CONV_EXTENT + 2], (int)g[CONV_BORDER + 2]);
    ACC sum = 0, squares = 0;
    for (long k = 0; k < g[CONV_TAPS + 1]; k++) {
        long at1 = border_index(g[CONV_START + 1] + i1 + k, g[CONV_EXTENT + 1], (int)g[CONV_BORDER + 1]);
        REAL element = at1 < 0 || at2 < 0
                           ? cval
                           : load_one(x, offset[0] + at1 * g[CONV_SRC_STRIDE + 1] + at2 * g[CONV_SRC_STRIDE + 2]);
        ACC value = element * scale;
        sum += value;
        squares += value * value;
    }
    to[2 * t] = sum;
    to[2 * t + 1] = squares;
}

/* Products of the centred pattern and the windows into scores. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
match_score(global const REAL *restrict products, global const ACC *restrict sums, global const ACC *restrict norm,
            global DST_T *restrict y, constant const long *restrict g, long columns) {
    long i2 = (long)get_global_id(0), i1 = (long)get_global_id(1), plane = (long)get_global_id(2);
    if (i2 >= g[CONV_OUT + 2])
        return;
    long offset[2] = {0, g[CONV_DST_OFFSET]};
    batch_offsets(g + CONV_BATCH, plane, 2, offset);
    long row = plane * g[CONV_OUT + 1] + i1, to = offset[1] + i1 * g[CONV_DST_STRIDE + 1];
    global const ACC *from = sums + row * columns * 2;
    ACC count = (ACC)(g[CONV_TAPS + 1] * g[CONV_TAPS + 2]), sum = 0, squares = 0;
    for (long k = 0; k < g[CONV_TAPS + 2]; k++) {
        sum += from[2 * (i2 + k)];
        squares += from[2 * (i2 + k) + 1];
    }
    store_one(score_of(products[row * g[CONV_OUT + 2] + i2], sum, squares, count, norm[0]), y,
              to + i2 * g[CONV_DST_STRIDE + 2]);
}
