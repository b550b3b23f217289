/* SPDX-License-Identifier: Apache-2.0 */
/* Sums that keep what rounding loses. Constants: those of real.h. */
#ifndef CLF_CONV_CAREFUL_SUM_H
#define CLF_CONV_CAREFUL_SUM_H

#include "real.h"

/* sum += value, the rounding error kept in *lost (Neumaier). */
static inline REAL add(REAL sum, REAL value, REAL *lost) {
    REAL total = sum + value;
    *lost += fabs(sum) >= fabs(value) ? (sum - total) + value : (value - total) + sum;
    return total;
}

#endif
