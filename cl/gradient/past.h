/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors that are stored past the cache, where the compiler can. */
#ifndef CLF_GRADIENT_PAST_H
#define CLF_GRADIENT_PAST_H

#include "outputs.h"
#include "past_cache.h"

#if PAST
/* A whole cache line, or a part that is aligned; DST_T is REAL. */
static inline void store_past_cache(realv v, global DST_T *y) {
    STORE_PAST_CACHE(v, (global realv *)y);
}
#endif

/* Asks for what will be read, where the cache cannot hold it: reads and arithmetic would wait for each other. */
#if PAST
#define FETCH(p) FETCH_AHEAD(p)
#else
#define FETCH(p) ((void)(p))
#endif

#endif
