/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The flags that a processor raises where a result overflows, or loses digits because it is too small: to watch many
 * results by them costs nothing. FLAGS_KNOWN 1 where a compiler can ask for them. What was computed meanwhile is what
 * was loaded after lower_flags and stored before raised_flags.
 */
#ifndef CLF_FLAGS_H
#define CLF_FLAGS_H

#if defined(__clang__) && defined(__x86_64__)
#define FLAGS_KNOWN 1
#define ALL_FLAGS 0x3FU
#define FLAG_OVERFLOW 0x08U
#define FLAG_UNDERFLOW 0x10U

/* Gives back those that were raised, for raised_flags. */
static inline uint lower_flags(void) {
    uint state;
    __asm__ volatile("stmxcsr %0" : "=m"(state) : : "memory");
    const uint lowered = state & ~ALL_FLAGS;
    __asm__ volatile("ldmxcsr %0" : : "m"(lowered) : "memory");
    return state & ALL_FLAGS;
}

/* Gives back those raised since; raises what had been raised before as well. */
static inline uint raised_flags(uint before) {
    uint state;
    __asm__ volatile("stmxcsr %0" : "=m"(state) : : "memory");
    const uint all = state | before;
    __asm__ volatile("ldmxcsr %0" : : "m"(all) : "memory");
    return state & ALL_FLAGS;
}
#else
#define FLAGS_KNOWN 0
#endif

#endif
