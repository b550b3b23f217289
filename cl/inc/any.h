/* SPDX-License-Identifier: Apache-2.0 */
/* What comparing realvs gives, an integer a lane, and whether any lane of it is set. */
#ifndef CLF_ANY_H
#define CLF_ANY_H

#include "real.h"

#if VECTOR == 1
typedef int lane_mask; /* 0 or 1 */
#define ANY(m) (m)
#else
#ifdef REAL_IS_DOUBLE
#define LANE long
#else
#define LANE int
#endif
typedef PASTE(LANE, VECTOR) lane_mask; /* 0 or -1 a lane */

/* True where any lane is set. (PoCL's any() looks at one lane after the other.) */
static inline bool any_lane(lane_mask m) {
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
#define ANY(m) any_lane(m)
#endif

#endif
