/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying runs of elements bit for bit. Constants:
 *   ELEMENT  uchar, ushort, uint or ulong
 *   LANES    elements of a vector: 1 on devices where a work-item copies one
 */
#ifndef CLF_COPY_H
#define CLF_COPY_H

#include "past_cache.h"

#define COPY_PASTE_(a, b) a##b
#define COPY_PASTE(a, b) COPY_PASTE_(a, b)
#if LANES > 1
typedef COPY_PASTE(ELEMENT, LANES) element_lanes;
#endif

#if LANES > 1
/* A line of 64 bytes wherever it lies: the packed one may begin at any element. */
typedef struct __attribute__((packed)) packed_line {
    uint16 words;
} packed_line;
#define LINE_ELEMENTS (64 / (long)sizeof(ELEMENT))

/* Elements from `to` to the next line, which begins at a multiple of 64 bytes. */
static inline long elements_to_aligned(global const ELEMENT *to) {
    return (long)((0 - (size_t)to) / sizeof(ELEMENT) % LINE_ELEMENTS);
}
#endif

/*
 * Copies `count` elements; `past` says to store past the cache. Fetches `next`, what will be copied after that,
 * ahead: processors do not guess the next run where it lies anywhere.
 */
static inline void copy_run(global const ELEMENT *from, global ELEMENT *to, long count, global const ELEMENT *next,
                            int past) {
    long i = 0;
#if LANES > 1
    if (past && count >= 4 * LINE_ELEMENTS) {
        for (long head = elements_to_aligned(to); i < head; i++)
            to[i] = from[i];
        for (; i + LINE_ELEMENTS <= count; i += LINE_ELEMENTS) {
            FETCH_AHEAD(next + i);
            STORE_PAST_CACHE(((global const packed_line *)(from + i))->words, (global uint16 *)(to + i));
        }
    } else {
        for (; i + LINE_ELEMENTS <= count; i += LINE_ELEMENTS)
            ((global packed_line *)(to + i))->words = ((global const packed_line *)(from + i))->words;
    }
    for (; i + LANES <= count; i += LANES)
        COPY_PASTE(vstore, LANES)(COPY_PASTE(vload, LANES)(0, from + i), 0, to + i);
#else
    (void)next, (void)past;
#endif
    for (; i < count; i++)
        to[i] = from[i];
}

#if LANES > 1
/*
 * Copies two runs past the cache, line by line in turn: memory gives more to two runs than to one. True where it
 * did: both must lie alike in lines.
 */
static inline bool copy_two(global const ELEMENT *const from[2], global ELEMENT *const to[2], long count,
                            global const ELEMENT *const next[2]) {
    long head = elements_to_aligned(to[0]);
    if (count < 4 * LINE_ELEMENTS || head != elements_to_aligned(to[1]))
        return false;
    long i = 0;
    for (; i < head; i++) {
        to[0][i] = from[0][i];
        to[1][i] = from[1][i];
    }
    for (; i + LINE_ELEMENTS <= count; i += LINE_ELEMENTS) {
        FETCH_AHEAD(next[0] + i);
        FETCH_AHEAD(next[1] + i);
        /* both are loaded first: a load waits for a store before it whose address has the same last 12 bits */
        uint16 line = ((global const packed_line *)(from[0] + i))->words,
               other = ((global const packed_line *)(from[1] + i))->words;
        STORE_PAST_CACHE(line, (global uint16 *)(to[0] + i));
        STORE_PAST_CACHE(other, (global uint16 *)(to[1] + i));
    }
    for (; i < count; i++) {
        to[0][i] = from[0][i];
        to[1][i] = from[1][i];
    }
    return true;
}
#endif

#endif
