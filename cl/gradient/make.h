/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All outputs of VECTOR elements from their derivatives. Sums on the way to a derivative may overflow where it does
 * not, or where what is made of it does not: such elements are derived again from an input made smaller. To look for
 * that, and for squares that vanish or overflow, takes time where every vector is looked at for itself. So solvers make
 * many with make_all and watch them all; only where something was seen do they make them once more with make_outputs.
 *
 * Constants: those of derivative.h and outputs.h; MENDS 1 where sums may overflow, of operators of three taps;
 * FLAGGED 1 where everything from the input on is computed between begin_watch and was_seen: the processor's flags are
 * the watch.
 */
#ifndef CLF_MAKE_H
#define CLF_MAKE_H

#include "flags.h"
#include "less.h"
#include "outputs.h"

#ifndef FLAGGED
#define FLAGGED 0
#endif
#define BY_FLAGS (FLAGGED && FLAGS_KNOWN && (EXTREMES || MENDS))

typedef struct gradient_made {
    realv output[OUTPUTS];
} gradient_made;

/* All outputs of usual derivatives. */
static inline gradient_made make_all(realv dx, realv dy, realv dz, gradient_eps eps) {
    gradient_made made;
#define MAKE(o, what) made.output[o] = make_output(what, dx, dy, dz, eps);
    FOR_EACH_OUTPUT(MAKE)
    return made;
}

#ifdef REAL_IS_DOUBLE
#define TINY ((512UL << 53) - 1) /* the bits of 2^-511, less 1, without their sign */
#else
#define TINY ((64U << 24) - 1) /* of 2^-63 */
#endif

/* eps that is no usual number is seen at once. */
static inline bool is_usual(gradient_eps eps) {
#if EXTREMES
    return eps.root == 0 || (eps.root > (REAL)1e-15 && eps.root < (REAL)1e15);
#else
    (void)eps; /* nothing is made of it */
    return true;
#endif
}

#if BY_FLAGS
typedef struct gradient_watch {
    uint before; /* flags */
    bool usual;
} gradient_watch;

static inline gradient_watch begin_watch(gradient_eps eps) {
    return (gradient_watch){.before = lower_flags(), .usual = is_usual(eps)};
}

static inline void watch_lanes(gradient_watch *watch, realv dx, realv dy, realv dz, gradient_eps eps) {
    (void)watch, (void)dx, (void)dy, (void)dz, (void)eps;
}

static inline bool was_seen(const gradient_watch *watch) {
    const uint flags = FLAG_OVERFLOW | (EXTREMES ? FLAG_UNDERFLOW : 0);
    return (raised_flags(watch->before) & flags) != 0 || !watch->usual;
}
#else
/* Of 16 lanes two and two are watched together: a processor has few registers. */
#if VECTOR == 16
typedef PASTE(UNSIGNED, 8) watched_lanes;
#define WATCHED 8
#define LESSER(v) min((v).lo, (v).hi)
#define GREATER(v) max((v).lo, (v).hi)
#else
typedef unsigned_lanes watched_lanes;
#define WATCHED VECTOR
#define LESSER(v) (v)
#define GREATER(v) (v)
#endif

/* Inf, as `most` has it. */
#define WATCHED_INFINITE ((UNSIGNED)INFINITE_BITS << (EXTREMES ? 0 : 1))

typedef struct gradient_watch {
    watched_lanes most;  /* the bits of all sums of squares, or of derivatives without their sign */
    watched_lanes least; /* of all derivatives that are not 0 */
} gradient_watch;

static inline gradient_watch begin_watch(gradient_eps eps) {
    return (gradient_watch){.most = 0, .least = (watched_lanes)(is_usual(eps) ? ~(UNSIGNED)0 : 0)};
}

/*
 * The least one is found among the lanes' bits, all derivatives' together: where the greatest exponent below TINY is
 * all ones, they are below it together if each one is. 0 becomes the greatest number.
 */
static inline void watch_lanes(gradient_watch *watch, realv dx, realv dy, realv dz, gradient_eps eps) {
#if EXTREMES
    unsigned_lanes bits = AS_UNSIGNED(dx) | AS_UNSIGNED(dy);
    if (AXES == 3)
        bits |= AS_UNSIGNED(dz);
    bits = (bits << 1) - 1;
    const unsigned_lanes squares = AS_UNSIGNED(make_output(GRADIENT_SQUARED, dx, dy, dz, eps));
    watch->least = min(watch->least, LESSER(bits));
    watch->most = max(watch->most, GREATER(squares));
#elif MENDS
    unsigned_lanes bits = max(AS_UNSIGNED(dx) << 1, AS_UNSIGNED(dy) << 1);
    if (AXES == 3)
        bits = max(bits, AS_UNSIGNED(dz) << 1);
    watch->most = max(watch->most, GREATER(bits));
    (void)eps;
#else
    (void)watch, (void)dx, (void)dy, (void)dz, (void)eps;
#endif
}

static inline bool was_seen(const gradient_watch *watch) {
    UNSIGNED most = 0, least = ~(UNSIGNED)0;
    UNSIGNED lanes[2][VECTOR];
#if VECTOR == 1
    lanes[0][0] = watch->most;
    lanes[1][0] = watch->least;
#else
    PASTE(vstore, WATCHED)(watch->most, 0, lanes[0]);
    PASTE(vstore, WATCHED)(watch->least, 0, lanes[1]);
#endif
#pragma unroll
    for (int lane = 0; lane < WATCHED; lane++) {
        most = max(most, lanes[0][lane]);
        least = min(least, lanes[1][lane]);
    }
    return most >= WATCHED_INFINITE || least < TINY;
}
#endif

#if MENDS
/* An output from derivatives times LESS. */
static inline realv make_of_less(int what, realv dx, realv dy, realv dz, gradient_eps eps) {
    const gradient_eps less = {eps.square * LESS * LESS, eps.root * LESS};
    if (what == GRADIENT_SQUARED || what == GRADIENT_XX || what == GRADIENT_XY || what == GRADIENT_YY)
        return make_output(what, MORE * dx, MORE * dy, MORE * dz, eps);
    const realv made = make_right(what, dx, dy, dz, less);
    return what == GRADIENT_ORIENTATION ? made : MORE * made;
}

/* Makes the lanes again that have a derivative which is not finite. */
static __attribute__((noinline)) gradient_made mend(gradient_spot spot, realv dx, realv dy, realv dz,
                                                    gradient_made made) {
    const realv zero = (dx - dx) + (dy - dy) + (dz - dz); /* or NaN */
    const maskv finite = zero == 0;
    const long width = spot.g[GRADIENT_EXTENT + 2], elements = spot.g[GRADIENT_EXTENT + 1] * width;
    REAL is_zero[VECTOR], less[3][VECTOR];
    store_line(zero, is_zero);
    for (int lane = 0; lane < VECTOR; lane++) {
        const long at = spot.at + lane;
        REAL d[3] = {0, 0, 0};
        if (is_zero[lane] != 0 && at < elements) /* lanes beyond the plane are not stored */
            derive_less(&spot, at / width, at % width, d);
        for (int axis = 0; axis < 3; axis++)
            less[axis][lane] = spot.scale * d[axis];
    }
    dx = load_line(less[0]);
    dy = load_line(less[1]);
    dz = load_line(less[2]);
#define AGAIN(o, what) made.output[o] = finite ? made.output[o] : make_of_less(what, dx, dy, dz, spot.eps);
    FOR_EACH_OUTPUT(AGAIN)
    return made;
}
#endif

/* All outputs, right whatever the derivatives are. `further`: so many elements on from the spot. */
static inline gradient_made make_outputs(const gradient_spot *spot, long further, realv dx, realv dy, realv dz) {
    gradient_made made;
#define MAKE_RIGHT(o, what) made.output[o] = make_right(what, dx, dy, dz, spot->eps);
    FOR_EACH_OUTPUT(MAKE_RIGHT)
#if MENDS
    bits_lanes most = greater_bits(magnitude_bits(dx), magnitude_bits(dy));
    if (AXES == 3)
        most = greater_bits(most, magnitude_bits(dz));
    if (ANY(most >= (bits_lanes)INFINITE_BITS)) {
        gradient_spot here = *spot;
        here.at += further;
        return mend(here, dx, dy, dz, made);
    }
#else
    (void)further;
#endif
    return made;
}

#endif
