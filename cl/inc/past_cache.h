/* SPDX-License-Identifier: Apache-2.0 */
/* Stores past the cache. */
#ifndef CLF_PAST_CACHE_H
#define CLF_PAST_CACHE_H

/*
 * Stores that go past the cache, for outputs larger than it: nearly half the time of plain ones, which read each line
 * before they write it. Compilers without the builtin store plainly.
 */
#ifdef __has_builtin
#if __has_builtin(__builtin_nontemporal_store)
#define STORE_PAST_CACHE(value, pointer) __builtin_nontemporal_store(value, pointer)
#endif
#endif
#ifndef STORE_PAST_CACHE
#define STORE_PAST_CACHE(value, pointer) (*(pointer) = (value))
#endif

/*
 * Asks for the line at an address before it is needed, where a compiler for CPUs can. (The detour by a number is
 * because the builtin takes a pointer without an address space; on a CPU they are all one.) What is needed later than
 * the first cache can keep it is fetched far ahead, into the second.
 */
#if defined(__has_builtin) && (defined(__x86_64__) || defined(__aarch64__))
#if __has_builtin(__builtin_prefetch)
#define FETCH_AHEAD(pointer) __builtin_prefetch((const void *)(size_t)(pointer))
#define FETCH_FAR_AHEAD(pointer) __builtin_prefetch((const void *)(size_t)(pointer), 0, 2)
#define FETCH_TO_WRITE(pointer) __builtin_prefetch((const void *)(size_t)(pointer), 1)
#endif
#endif
#ifndef FETCH_AHEAD
#define FETCH_AHEAD(pointer) ((void)(pointer))
#define FETCH_FAR_AHEAD(pointer) ((void)(pointer))
#define FETCH_TO_WRITE(pointer) ((void)(pointer))
#endif

#endif
