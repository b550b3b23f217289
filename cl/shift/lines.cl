/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shift.lines: y[i] = sum_k w[k] * c~[i + base + k] along one axis, VECTOR lines at a time. c is x itself where TAPS is
 * 1 or 2 (moved, linear); where it is 4, the coefficients of the cubic B-spline that passes through x: two recursions
 * with the pole z = sqrt(3) - 2, one each way (Unser, 1999), kept in scratch. Coefficients are up to 3 times as large
 * as samples, and the recursions' sums 8 times: lines where they come near the greatest number are done again, scaled.
 *
 * Floor: src and dst once, and the scratch of coefficients twice.
 *
 * Constants: those of real.h; TAPS; SIDE 1 where neighbouring lines are neighbours in src and dst; LOCAL_X the
 * work-group.
 */
// checks share: float -DSIDE=0
// check cpu: -DVECTOR=16 -DTAPS=1 -DLOCAL_X=1
// check cpu: -DVECTOR=16 -DTAPS=4 -DLOCAL_X=1 uchar
// check cpu: -DVECTOR=16 -DTAPS=2 -DSIDE=1 -DLOCAL_X=1 half
// check cpu: -DVECTOR=8 -DTAPS=4 -DSIDE=1 -DLOCAL_X=1 double
// check cpu: -DVECTOR=16 -DTAPS=4 -DLOCAL_X=1 plain
// check cpu: -DVECTOR=16 -DTAPS=2 -DSIDE=1 -DLOCAL_X=1 uchar plain
// check cpu: -DVECTOR=8 -DTAPS=2 -DSIDE=1 -DLOCAL_X=1 uchar -DREAL=double -DREAL_IS_DOUBLE
// checks share gpu: -DVECTOR=1 -DLOCAL_X=64
// check gpu: -DTAPS=4
// check gpu: -DTAPS=2 -DSIDE=1 double
#include "real.h"
#include "body.h"
#include "border.h"
#include "batch.h"
#include "mask.h"
#include "geometry.h"

#ifdef REAL_IS_DOUBLE
#define POLE (-0.26794919243112270)
#define LARGE 0x1p1018
#define GREATEST DBL_MAX
#define ROUNDINGS (64 * DBL_EPSILON)
#define HORIZON 32 /* samples beyond which the pole's power is below the type's epsilon */
#else
#define POLE (-0.26794919243112270f)
#define LARGE 0x1p122f
#define GREATEST FLT_MAX
#define ROUNDINGS (64 * FLT_EPSILON)
#define HORIZON 16
#endif

/* One sample of `live` lines; lanes beyond repeat the last. */
static inline realv load_lines(global const SRC_T *x, long at, long lane_stride, int live) {
#if VECTOR == 1
    (void)lane_stride, (void)live;
    return load_one(x, at);
#else
    if (SIDE && live == VECTOR)
        return load_lanes(x, at);
    REAL line[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++)
        line[lane] = load_one(x, at + min(lane, live - 1) * lane_stride);
    return load_line(line);
#endif
}

static inline void store_lines(realv v, global DST_T *y, long at, long lane_stride, int live) {
#if VECTOR == 1
    (void)lane_stride, (void)live;
    store_one(v, y, at);
#else
    if (SIDE && live == VECTOR) {
        store_lanes(v, y, at);
        return;
    }
    REAL line[VECTOR];
    PASTE(vstore, VECTOR)(v, 0, line);
    for (int lane = 0; lane < live; lane++)
        store_one(line[lane], y, at + lane * lane_stride);
#endif
}

/* A group of lines: where they are read, and where their coefficients lie, `pitch` from one sample to the next. */
typedef struct lines {
    global const SRC_T *x;
    global REAL *c;
    long extent, step, lane, pitch;
    int border, live;
    REAL cval;
    realv down; /* what the coefficients are multiplied by: 1, or a power of two */
} lines;

/* x~[i]. */
static inline realv sample(const lines *l, long i) {
    long at = border_index(i, l->extent, l->border);
    return at < 0 ? (realv)(l->cval) : load_lines(l->x, at * l->step, l->lane, l->live);
}

#if TAPS == 4
static inline realv coefficient(const lines *l, long i) {
#if VECTOR == 1
    return l->c[i * l->pitch];
#else
    return PASTE(vload, VECTOR)(0, l->c + i * l->pitch);
#endif
}

static inline void keep(const lines *l, long i, realv v) {
#if VECTOR == 1
    l->c[i * l->pitch] = v;
#else
    PASTE(vstore, VECTOR)(v, 0, l->c + i * l->pitch);
#endif
}

/* The last coefficient, from those of the first recursion (which is what `c` holds), for samples times `gain`. */
static inline realv last_coefficient(const lines *l, realv gain) {
    const REAL z = POLE;
    long n = l->extent;
    realv last = coefficient(l, n - 1);
    if (l->border == BORDER_REFLECT)
        return z / (z * z - 1) * (last + z * coefficient(l, n - 2));
    if (l->border == BORDER_SYMMETRIC)
        return z / (z - 1) * last;
    if (l->border == BORDER_PERIODIC) {
        realv sum = 0;
        for (long k = HORIZON; k >= 0; k--)
            sum = MULTIPLY_ADD(sum, (realv)(z), coefficient(l, (n - 1 + k) % n));
        return -z * sum;
    }
    /* beyond the end x~ is one value for ever, and the first recursion tends to `limit` */
    realv limit = gain * sample(l, n) / (1 - z);
    return -z * (limit / (1 - z) + (last - limit) / (1 - z * z));
}

/* Fills c with the spline's coefficients, times `down`. */
static inline void prefilter(const lines *l, realv down) {
    const REAL z = POLE;
    long n = l->extent;
    if (n == 1 && l->border != BORDER_CONSTANT) {
        keep(l, 0, down * sample(l, 0));
        return;
    }
    realv c = 0, gain = 6 * down;
    for (long k = HORIZON; k > 0; k--)
        c = MULTIPLY_ADD((realv)(z), c, gain * sample(l, -k));
    for (long i = 0; i < n; i++) {
        c = MULTIPLY_ADD((realv)(z), c, gain * load_lines(l->x, i * l->step, l->lane, l->live));
        keep(l, i, c);
    }
    c = last_coefficient(l, gain);
    keep(l, n - 1, c);
    for (long i = n - 2; i >= 0; i--) {
        c = z * (c - coefficient(l, i));
        keep(l, i, c);
    }
}

/* The same where it is rare, for the compiler to keep apart. */
static __attribute__((noinline)) void prefilter_scaled(const lines *l) {
    prefilter(l, l->down);
}

/*
 * The same, scaled down in the lanes whose coefficients came near the greatest number, which it tells: the recursions
 * take an Inf or a NaN to the first coefficient, and what lies beyond an end comes from the end and its neighbour.
 */
static inline bool prefilter_in_range(lines *l) {
    long n = l->extent;
    prefilter(l, (realv)(1));
    maskv small = fabs(coefficient(l, 0)) < LARGE && fabs(coefficient(l, n - 1)) < LARGE;
    if (l->border == BORDER_CONSTANT || l->border == BORDER_REPLICATE)
        small = small && fabs(sample(l, -1)) < LARGE && fabs(sample(l, n)) < LARGE;
    if (!ANY(!small))
        return false;
    l->down = small ? (realv)(1) : (realv)((REAL)0.0625);
    lines copy = *l; /* what the call sees: the compiler keeps l itself in registers */
    prefilter_scaled(&copy);
    return true;
}

/* A result that was computed `down`. What only roundings took beyond the greatest number is the greatest number. */
static inline realv scaled_back(realv v, realv down) {
    realv greatest = down * (REAL)GREATEST, size = fabs(v);
    maskv rounded = down < 1 && size > greatest && size <= greatest * (REAL)(1 + ROUNDINGS);
    return (rounded ? copysign(greatest, v) : v) / down;
}

/* c~[i]: beyond an end where x~ stays at one value, the coefficients tend to that value by the pole's powers. */
static inline realv extended(const lines *l, long i) {
    bool constant_end = l->border == BORDER_CONSTANT || l->border == BORDER_REPLICATE;
    if (!constant_end || (i >= 0 && i < l->extent))
        return coefficient(l, border_index(i, l->extent, l->border));
    long distance = min(i < 0 ? -i : i - l->extent + 1, 2L * HORIZON);
    REAL power = 1;
    for (long k = 0; k < distance; k++)
        power *= POLE;
    realv limit = l->down * sample(l, i);
    return limit + (coefficient(l, i < 0 ? 0 : l->extent - 1) - limit) * power;
}
#define AT(l, i) coefficient(l, i)
#define BEYOND(l, i) extended(l, i)
#else
#define AT(l, i) load_lines((l)->x, (i) * (l)->step, (l)->lane, (l)->live)
#define BEYOND(l, i) sample(l, i)
#endif

/* A work-item: `groups_each` groups of VECTOR lines. Coefficients of a group lie together, or, one line a work-item,
 * side by side with those of the other lines. */
BODY shift_lines_body(global const SRC_T *x, global DST_T *y, global REAL *c, constant const long *restrict g, REAL w0,
                      REAL w1, REAL w2, REAL w3, REAL cval, long base, long groups_each, work_item id) {
    const REAL w[4] = {w0, w1, w2, w3};
    long first = id.x * groups_each * VECTOR;
    long last = min(first + groups_each * VECTOR, g[LINES_COUNT]);
    long item = id.y, n = g[LINES_EXTENT];
    long padded = (g[LINES_COUNT] + VECTOR - 1) / VECTOR * VECTOR;
    for (; first < last; first += VECTOR) {
        long offset[2] = {g[LINES_OFFSET] + first * g[LINES_LANE], g[LINES_OFFSET + 1] + first * g[LINES_LANE + 1]};
        batch_offsets(g + LINES_BATCH, item, 2, offset);
        lines l = {x + offset[0], c, n, g[LINES_STEP], g[LINES_LANE], VECTOR, (int)g[LINES_BORDER],
                   (int)min((long)VECTOR, last - first), cval, 1};
        l.c += VECTOR == 1 ? item * padded * n + first : (item * padded + first) * n;
        if (VECTOR == 1)
            l.pitch = padded;
#if TAPS == 4
        bool scaled = prefilter_in_range(&l);
#endif
        for (long i = 0; i < n; i++) {
            realv sum = 0;
            if (i + base >= 0 && i + base + TAPS <= n) {
                sum = AT(&l, i + base);
                if (TAPS > 1)
                    sum *= w[0];
                for (int k = 1; k < TAPS; k++)
                    sum = MULTIPLY_ADD((realv)(w[k]), AT(&l, i + base + k), sum);
            } else {
                sum = BEYOND(&l, i + base);
                if (TAPS > 1)
                    sum *= w[0];
                for (int k = 1; k < TAPS; k++)
                    sum = MULTIPLY_ADD((realv)(w[k]), BEYOND(&l, i + base + k), sum);
            }
#if TAPS == 4
            if (scaled)
                sum = scaled_back(sum, l.down);
#endif
            store_lines(sum, y, offset[1] + i * g[LINES_STEP + 1], g[LINES_LANE + 1], l.live);
        }
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
shift_lines(global const SRC_T *x, global DST_T *y, global REAL *c, constant const long *restrict g, REAL w0, REAL w1,
            REAL w2, REAL w3, REAL cval, long base, long groups_each) {
    shift_lines_body(x, y, c, g, w0, w1, w2, w3, cval, base, groups_each, this_item());
}
