/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compensated sums: a value and what its roundings lost (Knuth's two-sum), so that the error of a sum does not grow
 * with the number of its terms.
 */
#ifndef CLF_COMPENSATED_H
#define CLF_COMPENSATED_H

typedef struct compensated {
    REAL sum, lost;
} compensated;

static inline void add_term(compensated *to, REAL v) {
    REAL t = to->sum + v, z = t - to->sum;
    to->lost += (to->sum - (t - z)) + (v - z);
    to->sum = t;
}

static inline void add_sum(compensated *to, compensated from) {
    add_term(to, from.sum);
    to->lost += from.lost;
}

/* Where the sum is Inf or NaN what was lost means nothing. */
static inline REAL total(compensated of) {
    return isfinite(of.sum) ? of.sum + of.lost : of.sum;
}

#endif
