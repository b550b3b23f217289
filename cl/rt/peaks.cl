/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a device can do at most: multiply-adds in eight independent chains a lane, enough to hide the latency of each,
 * and a copy that goes past the caches.
 *
 * Constants: VECTOR lanes of a work-item, 1 or 16; LOCAL_X the work-group.
 */
// check cpu: -DVECTOR=16 -DLOCAL_X=1
// check gpu: -DVECTOR=1 -DLOCAL_X=64
// check gpu: -DVECTOR=1 -DLOCAL_X=64 -DFP_FAST_FMAF
#include "multiply_add.h"
#include "past_cache.h"

#if VECTOR == 16
typedef float16 lanes;
#else
typedef float lanes;
#endif

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void peak_multiply_add(global lanes *restrict y,
                                                                                   int steps) {
    size_t item = get_global_id(0);
    lanes a = (lanes)((float)item), m = (lanes)(0.999f), c = (lanes)(0.001f);
    lanes b = a + 1, d = a + 2, e = a + 3, f = a + 4, g = a + 5, h = a + 6, i = a + 7;
    for (int step = 0; step < steps; step++) {
        a = MULTIPLY_ADD(a, m, c);
        b = MULTIPLY_ADD(b, m, c);
        d = MULTIPLY_ADD(d, m, c);
        e = MULTIPLY_ADD(e, m, c);
        f = MULTIPLY_ADD(f, m, c);
        g = MULTIPLY_ADD(g, m, c);
        h = MULTIPLY_ADD(h, m, c);
        i = MULTIPLY_ADD(i, m, c);
    }
    y[item] = ((a + b) + (d + e)) + ((f + g) + (h + i));
}

/* Each work-item copies `count` vectors, `stride` apart: 1 where it has a stretch of its own, else the global size. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void peak_copy(global const lanes *restrict x,
                                                                           global lanes *restrict y, long count,
                                                                           long stride) {
    size_t at = get_global_id(0) * (stride == 1 ? (size_t)count : 1);
    for (long k = 0; k < count; k++, at += (size_t)stride)
        STORE_PAST_CACHE(x[at], &y[at]);
}
