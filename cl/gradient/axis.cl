/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A filter along one axis of FIELDS dense fields, which lie one behind the other in scratch: a correlation with the
 * field continued by its border or, ADJOINT 1, the adjoint of that. Field `derived` takes the derivative's taps, the
 * others the smoothing's.
 *
 * The adjoint gathers: element p receives from every index e that stands for it (itself, and those outside that the
 * border maps to it) sum_k w[k] * g[e - k] over the g that there are. So it needs no atomics and gives the same bits
 * every time.
 *
 * gradient_across: any axis but the last, lanes side by side. gradient_along: the last axis, and what FINISH makes of
 * the fields: 0 each one an output, 1 their sum, 2 Harris's response det - k*trace^2 of xx, xy, yy, 3 the same as
 * 2*det/(trace + k), 4 the one divided by the part of the window inside, as Canny's smoothing wants it.
 *
 * Floor: the fields read and written once.
 *
 * Constants: those of real.h, with SRC_T and DST_T like REAL; FIELDS; ADJOINT; FINISH; LOCAL_X the work-group.
 */
// checks share: float -DFIELDS=3 -DADJOINT=0
// check cpu: -DVECTOR=16 -DLOCAL_X=1 -DFINISH=0
// check cpu: -DVECTOR=16 -DLOCAL_X=1 -DFIELDS=2 -DADJOINT=1 -DFINISH=1
// check cpu: -DVECTOR=8 -DLOCAL_X=1 -DFINISH=2 double
// check cpu: -DVECTOR=16 -DLOCAL_X=1 -DFINISH=3 -DDST_T=half -DDST_IS_HALF=1
// check cpu: -DVECTOR=16 -DLOCAL_X=1 -DFIELDS=1 -DFINISH=4
// checks share gpu: -DVECTOR=1 -DLOCAL_X=64
// check gpu: -DFINISH=0
// check gpu: -DFIELDS=2 -DADJOINT=1 -DFINISH=1
// check gpu: -DFINISH=2
// check gpu: -DFINISH=3
// check gpu: -DFIELDS=1 -DFINISH=4
#include "real.h"
#include "body.h"
#include "border.h"
#include "batch.h"
#include "magnitude.h"
#include "pass.h"

/* Sum over one index e of the window: taps w meet the field's elements e - k (adjoint) or e + k of a line. */
#define SUM_WINDOW(sum, e, extent, load)                                                                               \
    for (int k = -radius; k <= radius; k++) {                                                                          \
        long at = (e) - k;                                                                                             \
        if (at >= 0 && at < (extent))                                                                                  \
            sum = MULTIPLY_ADD(load, w[k + radius], sum);                                                              \
    }

/* Every index that stands for p, p first. */
#define FOR_EACH_IMAGE(p, extent, border, DO)                                                                          \
    DO(p)                                                                                                              \
    if ((p) <= radius || (p) >= (extent) - 1 - radius)                                                                 \
        for (long e = -radius; e < (extent) + radius; e++) {                                                           \
            e = e == 0 ? (extent) : e;                                                                                 \
            if (border_index(e, extent, border) == (p))                                                                \
                DO(e)                                                                                                  \
        }

/* Element p of a line with `step` elements between neighbours. */
static inline REAL filter_one(global const REAL *line, long p, long extent, long step, int border, REAL cval,
                              global const REAL *w, int radius) {
    REAL sum = 0;
#if ADJOINT
    (void)cval;
#define ADD(e) SUM_WINDOW(sum, e, extent, line[at * step])
    FOR_EACH_IMAGE(p, extent, border, ADD)
#undef ADD
#else
    for (int k = -radius; k <= radius; k++) {
        long at = border_index(p + k, extent, border);
        sum = MULTIPLY_ADD(at < 0 ? cval : line[at * step], w[k + radius], sum);
    }
#endif
    return sum;
}

static inline realv filter_lanes(global const REAL *line, long p, long extent, long step, int border, REAL cval,
                                 global const REAL *w, int radius) {
    realv sum = 0;
#if ADJOINT
    (void)cval;
#define ADD(e) SUM_WINDOW(sum, e, extent, load_lanes(line, at * step))
    FOR_EACH_IMAGE(p, extent, border, ADD)
#undef ADD
#else
    for (int k = -radius; k <= radius; k++) {
        long at = border_index(p + k, extent, border);
        sum = MULTIPLY_ADD(at < 0 ? (realv)cval : load_lanes(line, at * step), w[k + radius], sum);
    }
#endif
    return sum;
}

/* The fields have VECTOR elements of room behind them: lanes beyond a row are computed and not stored. */
BODY gradient_across_body(global const REAL *restrict x, global DST_T *restrict y, constant const long *restrict g,
                          global const REAL *restrict taps, REAL cval, int radius, int derived, long columns,
                          work_item id) {
    long extent = g[PASS_EXTENT], inner = g[PASS_INNER], row = id.y, p = row % extent;
    long first = id.x * columns, last = min(first + columns, inner);
    for (int f = 0; f < FIELDS; f++) {
        long line = f * g[PASS_COUNT] + (row - p) * inner;
        global const REAL *w = taps + (f == derived ? 2 * radius + 1 : 0);
        for (long j = first; j < last; j += VECTOR) {
            realv v = filter_lanes(x + line + j, p, extent, inner, (int)g[PASS_BORDER], cval, w, radius);
            if (j + VECTOR <= last)
                store_lanes(v, y, line + p * inner + j);
            else
                store_some(v, (int)(last - j), y, line + p * inner + j);
        }
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
gradient_across(global const REAL *restrict x, global DST_T *restrict y, constant const long *restrict g,
                global const REAL *restrict taps, REAL cval, int radius, int derived, long columns) {
    gradient_across_body(x, y, g, taps, cval, radius, derived, columns, this_item());
}

#if FINISH == 0
#define RESULTS FIELDS
#else
#define RESULTS 1
#endif

#if FINISH == 2 || FINISH == 3
#ifdef REAL_IS_DOUBLE
#define USUAL_TRACE 0x1p200
#else
#define USUAL_TRACE 0x1p25f
#endif

/* Harris's response of a tensor whose products are usual numbers. */
static inline REAL respond(REAL xx, REAL xy, REAL yy, REAL k) {
    REAL determinant = xx * yy - xy * xy, trace = xx + yy;
    return FINISH == 2 ? determinant - k * trace * trace : 2 * determinant / (trace + k);
}

/* The same of any: the tensor is scaled by a power of two, then the response. */
static __attribute__((noinline)) REAL respond_apart(REAL xx, REAL xy, REAL yy, REAL k) {
    const REAL most = fmax(fmax(fabs(xx), fabs(yy)), fabs(xy));
    const int exponent = exponent_of(PASTE(as_, BITS)(most));
    if (exponent == MAGNITUDE_NONE)
        return respond(xx, xy, yy, k);
    const REAL down = power_of_two(-exponent), up = power_of_two(exponent);
    const REAL response = respond(down * xx, down * xy, down * yy, FINISH == 2 ? k : down * k);
    return FINISH == 2 ? response * up * up : response * up;
}
#endif

/* What is made of one element's fields. */
static inline void finish(const REAL *v, REAL *result, REAL k, REAL inside, REAL cval) {
#if FINISH == 0
    for (int f = 0; f < FIELDS; f++)
        result[f] = v[f];
#elif FINISH == 1
    result[0] = 0;
    for (int f = 0; f < FIELDS; f++)
        result[0] += v[f];
#elif FINISH == 2 || FINISH == 3
    const REAL trace = v[0] + v[2];
    const bool usual = trace >= (REAL)1 / USUAL_TRACE && trace <= USUAL_TRACE;
    result[0] = usual ? respond(v[0], v[1], v[2], k) : respond_apart(v[0], v[1], v[2], k);
#else
    result[0] = v[0] / (inside + CANNY_LESS * cval * (1 - inside) + k);
#endif
    (void)k, (void)inside, (void)cval;
}

/* The part of a normalised window at p that lies inside. */
static inline REAL part_inside(global const REAL *w, long p, long extent, int border, int radius) {
    REAL sum = 0;
    for (int k = -radius; k <= radius; k++)
        sum += border_index(p + k, extent, border) >= 0 ? w[k + radius] : (REAL)0;
    return sum;
}

BODY gradient_along_body(global const REAL *restrict x, global DST_T *restrict y0, global DST_T *restrict y1,
                         global DST_T *restrict y2, constant const long *restrict g, global const REAL *restrict taps,
                         REAL cval, REAL k, int radius, int derived, long columns, long height, int border_y,
                         work_item id) {
    long extent = g[PASS_EXTENT], row = id.y;
    long first = id.x * columns, last = min(first + columns, extent);
    int border = (int)g[PASS_BORDER];
    long offset[RESULTS];
    for (int f = 0; f < RESULTS; f++)
        offset[f] = g[PASS_DST_OFFSET + f];
    batch_offsets(g + PASS_BATCH, row, RESULTS, offset);
#if FINISH == 4
    REAL inside_y = part_inside(taps, row % height, height, border_y, radius);
#else
    (void)height, (void)border_y;
#endif
    (void)y1, (void)y2; /* as asked for */
    for (long j = first; j < last; j += VECTOR) {
        REAL v[FIELDS][VECTOR];
        int count = (int)min((long)VECTOR, last - j);
        bool plain = j > radius && j + VECTOR < extent - radius;
        for (int f = 0; f < FIELDS; f++) {
            global const REAL *line = x + f * g[PASS_COUNT] + row * extent;
            global const REAL *w = taps + (f == derived ? 2 * radius + 1 : 0);
            if (plain) {
                realv sum = 0;
                for (int t = -radius; t <= radius; t++)
                    sum = MULTIPLY_ADD(load_lanes(line, ADJOINT ? j - t : j + t), w[t + radius], sum);
                store_line(sum, v[f]);
            } else {
                for (int lane = 0; lane < count; lane++)
                    v[f][lane] = filter_one(line, j + lane, extent, 1, border, cval, w, radius);
            }
        }
        for (int lane = 0; lane < count; lane++) {
            REAL fields[FIELDS], result[RESULTS], inside = 1;
            for (int f = 0; f < FIELDS; f++)
                fields[f] = v[f][lane];
#if FINISH == 4
            inside = inside_y * part_inside(taps, j + lane, extent, border, radius);
#endif
            finish(fields, result, k, inside, cval);
            long at = j + lane;
            store_one(result[0], y0, offset[0] + at * g[PASS_DST_STRIDE]);
#if RESULTS > 1
            store_one(result[1], y1, offset[1] + at * g[PASS_DST_STRIDE + 1]);
#endif
#if RESULTS > 2
            store_one(result[2], y2, offset[2] + at * g[PASS_DST_STRIDE + 2]);
#endif
        }
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
gradient_along(global const REAL *restrict x, global DST_T *restrict y0, global DST_T *restrict y1,
               global DST_T *restrict y2, constant const long *restrict g, global const REAL *restrict taps, REAL cval,
               REAL k, int radius, int derived, long columns, long height, int border_y) {
    gradient_along_body(x, y0, y1, y2, g, taps, cval, k, radius, derived, columns, height, border_y, this_item());
}
