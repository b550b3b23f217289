/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compensated sums: a value and what its roundings lost (Knuth's two-sum), so that the error of a sum does not grow
 * with the number of its terms. With an exponent of their own, they neither overflow nor vanish.
 */
#ifndef CLF_COMPENSATED_H
#define CLF_COMPENSATED_H

typedef struct compensated {
    REAL sum, lost;
    int exponent; /* the sum is sum * 2^exponent; what is added to it stays below 2^100 */
} compensated;

static inline void add_term(compensated *to, REAL v) {
    REAL t = to->sum + v, z = t - to->sum;
    to->lost += (to->sum - (t - z)) + (v - z);
    to->sum = t;
}

/* The same sum by the exponent that makes it a number near 1. */
static inline void normalise(compensated *sum) {
    if (sum->sum == 0 || !isfinite(sum->sum))
        return;
    int exponent = ilogb(sum->sum);
    sum->sum = ldexp(sum->sum, -exponent);
    sum->lost = ldexp(sum->lost, -exponent);
    sum->exponent += exponent;
}

/* Sums of one exponent are added as they are, others by the greater one. */
static inline void add_sum(compensated *to, compensated from) {
    if (from.sum == 0)
        return;
    if (to->sum == 0)
        to->exponent = from.exponent;
    if (to->exponent != from.exponent) {
        normalise(to);
        normalise(&from);
        int most = max(to->exponent, from.exponent);
        to->sum = ldexp(to->sum, to->exponent - most);
        to->lost = ldexp(to->lost, to->exponent - most);
        from.sum = ldexp(from.sum, from.exponent - most);
        from.lost = ldexp(from.lost, from.exponent - most);
        to->exponent = most;
    }
    add_term(to, from.sum);
    to->lost += from.lost;
}

/* Times `scale`. Where the sum is Inf or NaN what was lost means nothing. */
static inline REAL total(compensated of, REAL scale) {
    normalise(&of);
    return ldexp((isfinite(of.sum) ? of.sum + of.lost : of.sum) * scale, of.exponent);
}

#endif
