/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Masks, which have the width of the lanes: 0 or -1 each, 0 or 1 where VECTOR is 1. Constants: those of real.h.
 */
#ifndef CLF_MASK_H
#define CLF_MASK_H

#include "real.h"

#ifdef REAL_IS_DOUBLE
#define LANE long
#else
#define LANE int
#endif

/* ANY is true where any lane is set. (PoCL's any() looks at one lane after the other.) */
#if VECTOR == 1
typedef int maskv;
#define SELECT(no, yes, mask) ((mask) ? (yes) : (no))
#define ANY(mask) (mask)
#else
typedef PASTE(LANE, VECTOR) maskv;
#define SELECT(no, yes, mask) select(no, yes, mask)

static inline bool any_lane(maskv m) {
#if VECTOR == 16
    PASTE(LANE, 8) eight = m.lo | m.hi;
    PASTE(LANE, 4) four = eight.lo | eight.hi;
#elif VECTOR == 8
    PASTE(LANE, 4) four = m.lo | m.hi;
#else
    PASTE(LANE, 4) four = m;
#endif
    PASTE(LANE, 2) two = four.lo | four.hi;
    return (two.lo | two.hi) != 0;
}
#define ANY(mask) any_lane(mask)
#endif

#endif
