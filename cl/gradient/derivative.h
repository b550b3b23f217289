/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three-tap operators: a derivative along one axis, smoothing along the others. Constants:
 *   DERIVATIVE   0 central c - a, 1 forward c - b, 2 backward b - a, 3 second (a - b) + (c - b)
 *   SIDE MIDDLE  taps of the smoothing: SIDE MIDDLE SIDE; 0 1 where there is none
 */
#ifndef CLF_DERIVATIVE_H
#define CLF_DERIVATIVE_H

#if DERIVATIVE == 0
#define DIFFERENCE(a, b, c) ((c) - (a))
#elif DERIVATIVE == 1
#define DIFFERENCE(a, b, c) ((void)(a), (c) - (b))
#elif DERIVATIVE == 2
#define DIFFERENCE(a, b, c) ((void)(c), (b) - (a))
#else
#define DIFFERENCE(a, b, c) (((a) - (b)) + ((c) - (b)))
#endif

#if SIDE == 0
#define SMOOTH(a, b, c) (b)
#else
#define SMOOTH(a, b, c) (SIDE * ((a) + (c)) + MIDDLE * (b))
#endif

/* The tap at offset k = -1, 0, 1 of the derivative or of the smoothing. */
static inline int three_tap(bool derived, int k) {
    if (!derived)
        return k == 0 ? MIDDLE : SIDE;
#if DERIVATIVE == 0
    return k;
#elif DERIVATIVE == 1
    return k == 0 ? -1 : k > 0;
#elif DERIVATIVE == 2
    return k == 0 ? 1 : -(k < 0);
#else
    return k == 0 ? -2 : 1;
#endif
}

#endif
