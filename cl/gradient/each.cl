/* SPDX-License-Identifier: Apache-2.0 */
#include "real.h"
#include "body.h"
#include "batch.h"
#include "make.h"
#include "sums.h"
/*
 * gradient.each: a work-item makes one output, of any layout and any operator, on any device.
 *
 * Floor: the bytes of src and of the outputs once; the elements that neighbours share come from the cache.
 *
 * Constants: those of real.h with VECTOR 1, derivative.h, outputs.h, make.h and sums.h; LOCAL_X.
 */
// checks share: float -DDERIVATIVE=0 -DSIDE=0 -DMIDDLE=1 -DGAUSSIAN=0 -DAXES=2 -DCONTIGUOUS=1 -DPAST=0 -DVECTOR=1
// checks share: -DOUTPUTS=1 -DOUT0=0 -DOUT1=1 -DOUT2=2 -DOUT3=3 -DOUT4=4 -DOUT5=5 -DOUT6=6
// checks share: -DEXTREMES=1 -DMENDS=1
// check cpu: -DLOCAL_X=1
// check cpu: -DLOCAL_X=1 -DSIDE=1 -DMIDDLE=2 -DAXES=3 -DEXTREMES=0 -DMENDS=0 uchar
// check gpu: -DLOCAL_X=64 -DDERIVATIVE=1 -DOUT0=6 -DORIENTATION
// check gpu: -DLOCAL_X=64 -DDERIVATIVE=2 -DAXES=3 -DCONTIGUOUS=0 half
// check gpu: -DLOCAL_X=64 -DDERIVATIVE=3 -DGAUSSIAN=1 -DMENDS=0
// check gpu: -DLOCAL_X=64 -DDERIVATIVE=3 -DGAUSSIAN=1 -DMENDS=0 -DAXES=3 -DOUTPUTS=7 -DORIENTATION double

/* An output's place, and where the plane that it belongs to begins in src. */
typedef struct gradient_place {
    long z, i, j, plane;
} gradient_place;

#if GAUSSIAN
/* Row `i` of plane `z`, smoothed and derived along x round the place. */
static inline void derive_row(global const SRC_T *x, constant const long *g, const gradient_place *place, long z,
                              long i, REAL cval, global const REAL *taps, int radius, REAL *smooth, REAL *derived) {
    int span = 2 * radius + 1;
    long at[2] = {border_index(z, g[GRADIENT_EXTENT], (int)g[GRADIENT_BORDER]),
                  border_index(i, g[GRADIENT_EXTENT + 1], (int)g[GRADIENT_BORDER + 1])};
    long row = place->plane + at[0] * g[GRADIENT_SRC_STRIDE] + at[1] * g[GRADIENT_SRC_STRIDE + 1];
    global const REAL *first = taps + 2 * span;
    *smooth = *derived = 0;
    for (int k = 0; k < span; k++) {
        long column = border_index(place->j + k - radius, g[GRADIENT_EXTENT + 2], (int)g[GRADIENT_BORDER + 2]);
        bool outside = at[0] < 0 || at[1] < 0 || column < 0;
        REAL v = outside ? cval : load_one(x, row + column * g[GRADIENT_SRC_STRIDE + 2]);
        *smooth = MULTIPLY_ADD(v, first[k], *smooth);
        *derived = MULTIPLY_ADD(v, first[span + k], *derived);
    }
}

static inline void derive(global const SRC_T *x, constant const long *g, const gradient_place *place, REAL cval,
                          global const REAL *taps, int radius, REAL *d) {
    int span = 2 * radius + 1;
    for (int a = AXES == 3 ? 0 : radius; a < (AXES == 3 ? span : radius + 1); a++) {
        REAL line[3] = {0, 0, 0}, smooth, derived;
        for (int b = 0; b < span; b++) {
            derive_row(x, g, place, place->z + a - radius, place->i + b - radius, cval, taps, radius, &smooth,
                       &derived);
            line[0] = MULTIPLY_ADD(derived, taps[b], line[0]);
            line[1] = MULTIPLY_ADD(smooth, taps[span + b], line[1]);
            line[2] = MULTIPLY_ADD(smooth, taps[b], line[2]);
        }
        d[0] = AXES == 3 ? MULTIPLY_ADD(line[0], taps[a], d[0]) : line[0];
        d[1] = AXES == 3 ? MULTIPLY_ADD(line[1], taps[a], d[1]) : line[1];
        d[2] = AXES == 3 ? MULTIPLY_ADD(line[2], taps[span + a], d[2]) : 0;
    }
}
#else
static inline void derive(global const SRC_T *x, constant const long *g, const gradient_place *place, REAL cval,
                          global const REAL *taps, int radius, REAL *d) {
    long window[AXES == 3 ? 9 : 3];
    find_rows(g, place->plane, place->z, place->i, 1, window);
    REAL sum[3][AXES];
#pragma unroll
    for (int k = 0; k < 3; k++) {
        long column = border_index(place->j + k - 1, g[GRADIENT_EXTENT + 2], (int)g[GRADIENT_BORDER + 2]);
        sum_columns(x, window, column, 1, g[GRADIENT_SRC_STRIDE + 2], cval, taps, radius, sum[k]);
    }
    d[0] = DIFFERENCE(sum[0][0], sum[1][0], sum[2][0]);
#pragma unroll
    for (int k = 1; k < AXES; k++)
        d[k] = SMOOTH(sum[0][k], sum[1][k], sum[2][k]);
}
#endif

BODY gradient_each_body(global const SRC_T *restrict x, FOR_EACH_OUTPUT(PARAMETER) constant const long *restrict g,
                        REAL cval, REAL scale, REAL eps, REAL root_eps, global const REAL *restrict taps, int radius,
                        work_item id) {
    long height = g[GRADIENT_EXTENT + 1], depth = g[GRADIENT_EXTENT], row = id.y;
    if (id.x >= g[GRADIENT_EXTENT + 2])
        return; /* no barrier follows */
    gradient_place place = {.z = row / height % depth, .i = row % height, .j = id.x};
    long offset[1 + OUTPUTS];
    for (int o = 0; o <= OUTPUTS; o++)
        offset[o] = g[GRADIENT_SRC_OFFSET + o];
    batch_offsets(g + GRADIENT_BATCH, row / height / depth, 1 + OUTPUTS, offset);
    place.plane = offset[0];
    REAL d[3] = {0, 0, 0};
    derive(x, g, &place, cval, taps, radius, d);
    for (int k = 0; k < AXES; k++)
        d[k] *= scale;
    const gradient_spot spot = {x,    g,     place.plane,     place.z, place.i * g[GRADIENT_EXTENT + 2] + place.j,
                                cval, scale, {eps, root_eps}};
    const gradient_made made = make_outputs(&spot, 0, d[0], d[1], d[2]);
#define STORE(o, what)                                                   \
    store_one(made.output[o], y##o,                                      \
              offset[1 + o] + place.z * g[GRADIENT_DST_STRIDE + 3 * o] + \
                  place.i * g[GRADIENT_DST_STRIDE + 3 * o + 1] + place.j * g[GRADIENT_DST_STRIDE + 3 * o + 2]);
    FOR_EACH_OUTPUT(STORE)
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void gradient_each(
    global const SRC_T *restrict x, FOR_EACH_OUTPUT(PARAMETER) constant const long *restrict g, REAL cval, REAL scale,
    REAL eps, REAL root_eps, global const REAL *restrict taps, int radius) {
    gradient_each_body(x, FOR_EACH_OUTPUT(ARGUMENT) g, cval, scale, eps, root_eps, taps, radius, this_item());
}
