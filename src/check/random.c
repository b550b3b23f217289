/* SPDX-License-Identifier: Apache-2.0 */
/* Pseudo-random numbers: splitmix64, started from a seed and the name of what they are for. */
#include "check/random.h"

random_state random_begin(uint64_t seed, const char *role) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *letter = role; *letter != '\0'; letter++) {
        hash = (hash ^ (unsigned char)*letter) * UINT64_C(0x100000001b3);
    }
    random_state state = {seed * UINT64_C(0x9e3779b97f4a7c15) ^ hash};
    (void)random_bits(&state);
    return state;
}

uint64_t random_bits(random_state *state) {
    uint64_t bits = state->state += UINT64_C(0x9e3779b97f4a7c15);
    bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
    return bits ^ (bits >> 31);
}

double random_real(random_state *state) {
    return (double)(random_bits(state) >> 11) * 0x1p-53;
}

int64_t random_integer(random_state *state, int64_t low, int64_t high) {
    return low + (int64_t)(random_bits(state) % (uint64_t)(high - low + 1));
}
