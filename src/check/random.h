/* SPDX-License-Identifier: Apache-2.0 */
/* Pseudo-random numbers that are the same on every machine (splitmix64), so that a seed repeats a case. */
#ifndef CLF_CHECK_RANDOM_H
#define CLF_CHECK_RANDOM_H

#include <stdint.h>

typedef struct random_state {
    uint64_t state;
} random_state;

/* A stream of its own for each role ("src", "taps", ...) that a seed plays. */
random_state random_begin(uint64_t seed, const char *role);

/* The next 64 bits. */
uint64_t random_bits(random_state *state);

/* Uniform in [0, 1). */
double random_real(random_state *state);

/* Uniform in low..high, both included. */
int64_t random_integer(random_state *state, int64_t low, int64_t high);

#endif
