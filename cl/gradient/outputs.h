/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outputs of a gradient: what is made of derivatives, and an argument y0, y1, ... for each. Constants: those of
 * real.h; AXES 2 or 3; OUTPUTS and OUT0..OUT6, what each holds; ORIENTATION where one is an angle; EXTREMES 1 where one
 * is a magnitude, and squares may vanish or overflow.
 */
#ifndef CLF_GRADIENT_OUTPUTS_H
#define CLF_GRADIENT_OUTPUTS_H

#include "geometry.h"
#include "length.h"
#include "less.h"
#include "real.h"
#include "root.h"

/* One output's values. `what` is a constant, so that only its own branch is left. */
static inline realv make_output(int what, realv dx, realv dy, realv dz, gradient_eps eps) {
    if (what == GRADIENT_DX)
        return dx;
    if (what == GRADIENT_DY)
        return dy;
    if (what == GRADIENT_DZ)
        return dz;
    if (what == GRADIENT_L1)
        return AXES == 3 ? fabs(dx) + fabs(dy) + fabs(dz) : fabs(dx) + fabs(dy);
    if (what == GRADIENT_SUM)
        return AXES == 3 ? dx + dy + dz : dx + dy;
    if (what == GRADIENT_XX)
        return dx * dx;
    if (what == GRADIENT_XY)
        return dx * dy;
    if (what == GRADIENT_YY)
        return dy * dy;
#ifdef ORIENTATION
    if (what == GRADIENT_ORIENTATION)
        return atan2(dy, dx);
#endif
    realv more = AXES == 3 ? MULTIPLY_ADD(dz, dz, (realv)eps.square) : (realv)eps.square;
    realv squared = MULTIPLY_ADD(dx, dx, MULTIPLY_ADD(dy, dy, more));
    return what == GRADIENT_SQUARED ? squared : root_lanes(squared);
}

/* The same, with a magnitude that is right where squares vanish or overflow too. */
static inline realv make_right(int what, realv dx, realv dy, realv dz, gradient_eps eps) {
#if EXTREMES
    if (what == GRADIENT_MAGNITUDE)
        return length_lanes(make_output(GRADIENT_SQUARED, dx, dy, dz, eps), dx, dy, dz, eps.root);
#endif
    return make_output(what, dx, dy, dz, eps);
}

#define FOR_EACH_OUTPUT(DO) DO_1(DO) DO_2(DO) DO_3(DO) DO_4(DO) DO_5(DO) DO_6(DO) DO_7(DO)
#define DO_1(DO) DO(0, OUT0)
#define DO_2(DO)
#define DO_3(DO)
#define DO_4(DO)
#define DO_5(DO)
#define DO_6(DO)
#define DO_7(DO)
#if OUTPUTS > 1
#undef DO_2
#define DO_2(DO) DO(1, OUT1)
#endif
#if OUTPUTS > 2
#undef DO_3
#define DO_3(DO) DO(2, OUT2)
#endif
#if OUTPUTS > 3
#undef DO_4
#define DO_4(DO) DO(3, OUT3)
#endif
#if OUTPUTS > 4
#undef DO_5
#define DO_5(DO) DO(4, OUT4)
#endif
#if OUTPUTS > 5
#undef DO_6
#define DO_6(DO) DO(5, OUT5)
#endif
#if OUTPUTS > 6
#undef DO_7
#define DO_7(DO) DO(6, OUT6)
#endif

#define PARAMETER(i, what) global DST_T *restrict y##i,
/* Of functions that are always inlined: where `restrict` is, that leaves marks in what is not optimised. */
#define PLAIN_PARAMETER(i, what) global DST_T *y##i,
#define ARGUMENT(i, what) y##i,

#endif
