/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels' bodies as functions of their own. PoCL compiles a kernel's text three times, by itself and within two loops
 * over work-groups, but what it calls out of line once: that is half of what a first execution takes. Compilers for
 * GPUs inline as they see fit.
 *
 * A body is given its work-item's place, since PoCL knows that in kernels alone. It meets no barrier; what local memory
 * it uses is an argument of the kernel's, since LLVM looks through pointers to a kernel's own and PoCL then finds it in
 * the wrong function; and it writes global memory, or PoCL 3.1 drops the call.
 */
#ifndef CLF_BODY_H
#define CLF_BODY_H

#if defined(__x86_64__) || defined(__aarch64__)
#define BODY static __attribute__((noinline)) void
#else
#define BODY static inline void
#endif

/* The same for what meets a barrier where work-groups have several work-items: then it stays in the kernel. */
#if defined(LOCAL_X) && LOCAL_X > 1
#define BODY_WITH_BARRIER static inline void
#else
#define BODY_WITH_BARRIER BODY
#endif

/* Where a function's loops are unrolled, or its constants told apart, only if it is inlined. */
#define ALWAYS_INLINE __attribute__((always_inline)) static inline

/* A work-item's place in its launch, and how many there are along x. */
typedef struct work_item {
    long x, y, z, across;
} work_item;

static inline work_item this_item(void) {
    return (work_item){(long)get_global_id(0), (long)get_global_id(1), (long)get_global_id(2),
                       (long)get_global_size(0)};
}

#endif
