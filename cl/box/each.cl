/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box.each: the mean over a box, one output at a time. Constants besides real.h's:
 *   EXACT    1: src is an integer, summed in 64 bits
 *   LOCAL_X  work-items of a group
 */
// checks share: float -DVECTOR=1 -DEXACT=0
// check cpu: -DLOCAL_X=1
// check cpu: -DLOCAL_X=1 -DEXACT=1 uchar
// check gpu: -DLOCAL_X=64 half
// check gpu: -DLOCAL_X=64 double
// check gpu: -DLOCAL_X=64 -DEXACT=1 -DSRC_T=short -DSRC_IS_INTEGER=1
#include "real.h"
#include "batch.h"
#include "body.h"
#include "border.h"
#include "window.h"

#ifdef REAL_IS_DOUBLE
#define GREATEST DBL_MAX
#else
#define GREATEST FLT_MAX
#endif

/* A window's sum so far: of integers the whole number and how many elements were the border's constant. */
typedef struct window_sum {
#if EXACT
    long sum, constants;
#else
    REAL mean;
#endif
} window_sum;

/* Adds the element `at`, negative for the constant. `weight` is one over the window's elements. */
static inline window_sum add(window_sum s, global const SRC_T *src, long at, REAL weight, REAL cval) {
#if EXACT
    (void)weight, (void)cval;
    if (at < 0)
        s.constants++;
    else
        s.sum += (long)src[at];
#else
    s.mean = MULTIPLY_ADD(at < 0 ? cval : load_one(src, at), weight, s.mean); /* no sum that could overflow */
#endif
    return s;
}

#if EXACT
/* The quotient rounded to nearest even. */
static inline long divide_even(long sum, long count) {
    long quotient = sum / count, rest = sum % count;
    if (rest < 0) {
        rest += count;
        quotient--;
    }
    return quotient + (2 * rest > count || (2 * rest == count && (quotient & 1)));
}
#endif

#if EXACT
static inline void store_mean(window_sum s, long count, REAL cval, global DST_T *dst, long at) {
    REAL mean = (REAL)(s.sum / count) + (REAL)(s.sum % count) / (REAL)count;
    if (s.constants > 0)
        store_one(mean + cval * ((REAL)s.constants / (REAL)count), dst, at);
    else if (DST_IS_INTEGER)
        dst[at] = (DST_T)divide_even(s.sum, count);
    else
        store_one(mean, dst, at);
}
#else
static inline void store_mean(window_sum s, global DST_T *dst, long at) {
    store_one(s.mean, dst, at);
}
#endif

/* The row of a window that lies at `offset`; negative: all of it is the constant. */
static inline window_sum add_row(window_sum s, global const SRC_T *src, long offset, constant const long *window,
                                 long first, REAL weight, REAL cval) {
    for (long k = 0; k < window[WINDOW_SIZE + 2]; k++) {
        long column = border_index(first + k, window[WINDOW_EXTENT + 2], (int)window[WINDOW_BORDER + 2]);
        bool inside = offset >= 0 && column >= 0;
        s = add(s, src, inside ? offset + column * window[WINDOW_SRC_STRIDE + 2] : -1, weight, cval);
    }
    return s;
}

static inline window_sum add_window(global const SRC_T *src, long offset, constant const long *window, long i0, long i1,
                                    long i2, REAL weight, REAL cval) {
    window_sum s = {0};
    for (long k0 = 0; k0 < window[WINDOW_SIZE]; k0++) {
        long p0 = border_index(i0 + window[WINDOW_START] + k0, window[WINDOW_EXTENT], (int)window[WINDOW_BORDER]);
        for (long k1 = 0; k1 < window[WINDOW_SIZE + 1]; k1++) {
            long p1 = border_index(i1 + window[WINDOW_START + 1] + k1, window[WINDOW_EXTENT + 1],
                                   (int)window[WINDOW_BORDER + 1]);
            long row = p0 < 0 || p1 < 0
                           ? -1
                           : offset + p0 * window[WINDOW_SRC_STRIDE] + p1 * window[WINDOW_SRC_STRIDE + 1];
            s = add_row(s, src, row, window, i2 + window[WINDOW_START + 2], weight, cval);
        }
    }
    return s;
}

#if !EXACT
/* The mean where roundings took it beyond the greatest number, or Inf was there. */
static __attribute__((noinline)) REAL mean_at_limit(global const SRC_T *src, long offset, constant const long *window,
                                                    long i0, long i1, long i2, REAL weight, REAL cval) {
    REAL half_mean = add_window(src, offset, window, i0, i1, i2, weight / 2, cval).mean;
    return isinf(half_mean) ? half_mean : 2 * clamp(half_mean, -(REAL)GREATEST / 2, (REAL)GREATEST / 2);
}
#endif

BODY box_each_body(global const SRC_T *restrict src, global DST_T *restrict dst, constant const long *restrict window,
                   REAL cval, long columns, work_item id) {
    long first = id.x * columns, last = min(first + columns, window[WINDOW_EXTENT + 2]);
    long i0 = id.z % window[WINDOW_EXTENT], i1 = id.y;
    long offset[2] = {window[WINDOW_SRC_OFFSET], window[WINDOW_DST_OFFSET]};
    batch_offsets(window + WINDOW_BATCH, id.z / window[WINDOW_EXTENT], 2, offset);
    offset[1] += i0 * window[WINDOW_DST_STRIDE] + i1 * window[WINDOW_DST_STRIDE + 1];
    long count = window[WINDOW_SIZE] * window[WINDOW_SIZE + 1] * window[WINDOW_SIZE + 2];
    REAL weight = 1 / (REAL)count;
    for (long i2 = first; i2 < last; i2++) {
        window_sum s = add_window(src, offset[0], window, i0, i1, i2, weight, cval);
        long at = offset[1] + i2 * window[WINDOW_DST_STRIDE + 2];
#if EXACT
        store_mean(s, count, cval, dst, at);
#else
        if (isinf(s.mean))
            s.mean = mean_at_limit(src, offset[0], window, i0, i1, i2, weight, cval);
        store_mean(s, dst, at);
#endif
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
box_each(global const SRC_T *restrict src, global DST_T *restrict dst, constant const long *restrict window, REAL cval,
         long columns) {
    box_each_body(src, dst, window, cval, columns, this_item());
}
