/* SPDX-License-Identifier: Apache-2.0 */
/* The table of peers, and what all of them ask of a problem. */
#include "peers.h"

#include <stdio.h>
#include <string.h>

const bench_peer *const bench_peers[] = {
    &bench_self,
    &bench_copy,
    &bench_launch,
#ifdef BENCH_OPENCV
    &bench_opencv_filter2d,
    &bench_opencv_sep_filter2d,
    &bench_opencv_sobel_magnitude,
#endif
#ifdef BENCH_ONEDNN
    &bench_onednn,
#endif
#ifdef BENCH_FFTW
    &bench_fftw,
#endif
    &bench_scipy_ndimage,
    &bench_scipy_fft,
    &bench_scipy_oaconvolve,
    &bench_numpy_take,
    &bench_torch,
    NULL,
};

const bench_peer *bench_peer_find(const char *name) {
    for (int i = 0; bench_peers[i]; i++)
        if (strcmp(bench_peers[i]->name, name) == 0)
            return bench_peers[i];
    return NULL;
}

/* The next word of a line: its length, and where it begins. */
static size_t next_word(const char **at) {
    *at += strspn(*at, " ");
    return strcspn(*at, " ");
}

void bench_word(const bench_problem *problem, const char *key, char word[BENCH_WORD]) {
    const char *at = problem->line;
    size_t length = strlen(key), size;
    word[0] = '\0';
    for (; (size = next_word(&at)) > 0; at += size)
        if (size > length && strncmp(at, key, length) == 0 && at[length] == '=')
            (void)snprintf(word, BENCH_WORD, "%.*s", (int)(size - length - 1), at + length + 1);
}

bool bench_operation_is(const bench_problem *problem, const char *name) {
    const char *at = problem->line;
    size_t size = next_word(&at);
    return size == strlen(name) && strncmp(at, name, size) == 0;
}

bool bench_keys_known(const bench_problem *problem, const char *const *known, char *why) {
    const char *at = problem->line;
    for (size_t size; (size = next_word(&at)) > 0; at += size) {
        const char *equals = memchr(at, '=', size);
        bool found = !equals || strncmp(at, "solver=", 7) == 0 || strncmp(at, "seed=", 5) == 0;
        for (int i = 0; known[i] && !found; i++)
            found = strlen(known[i]) == (size_t)(equals - at) && strncmp(at, known[i], strlen(known[i])) == 0;
        if (!found) {
            (void)snprintf(why, BENCH_WHY, "it does not know '%.*s'", (int)size, at);
            return false;
        }
    }
    return true;
}

int64_t bench_count(const bench_array *array) {
    int64_t count = 1;
    for (int i = 0; i < array->rank; i++)
        count *= array->shape[i];
    return count;
}

size_t bench_bytes(const bench_array *array) {
    static const struct {
        const char *name;
        size_t bytes;
    } types[] = {{"f32", 4}, {"f64", 8}, {"f16", 2}, {"u8", 1}, {"u16", 2}, {"i16", 2}, {"i32", 4}, {"i64", 8}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, array->dtype) == 0)
            return types[i].bytes * (size_t)bench_count(array);
    return 0;
}
