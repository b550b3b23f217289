/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the bench compares with: a peer solves the problem of a line, timed in turn with clfilter. One file a library,
 * each behind this interface, none needed: what was not built or is not installed says so and is passed over.
 */
#ifndef CLF_BENCH_PEER_H
#define CLF_BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { BENCH_RANK = 8, BENCH_INPUTS = 5, BENCH_WHY = 768, BENCH_WORD = 64 };

/* A dense array in host memory. */
typedef struct bench_array {
    const char *dtype; /* "f32", "u8", ... as clf_dtype_name says it */
    int rank;
    int64_t shape[BENCH_RANK];
    void *data;
} bench_array;

/* What is to be computed. Everything in it outlives the peers that it is given to. */
typedef struct bench_problem {
    const char *line;                /* as the tests write it: "corr f32 2048x2048 k=3x3 border=reflect" */
    const char *taps;                /* what the taps are, where the line cannot say it: "gaussian"; else NULL */
    int inputs;                      /* of the operation; a convolution's second is its taps */
    bench_array input[BENCH_INPUTS]; /* the same numbers for everyone */
    bench_array output;              /* type and shape of the answer; no data */
    int axes;                        /* last axes that are filtered */
    double bytes;                    /* read and written at the least, each once */
    int threads;                     /* that a peer may use */
    struct clf_context *context;     /* for peers that are OpenCL themselves */
} bench_problem;

typedef struct bench_peer {
    const char *name;    /* as rows call it */
    const char *library; /* name and version of what is behind it */
    /* Makes ready for any number of executions: plans, layouts and buffers are not timed. NULL, and why, where the peer
       does not solve this. */
    void *(*open)(const bench_problem *problem, char *why);
    /* One execution, done when it returns. NULL where `time` is given. */
    bool (*execute)(void *state);
    /* `count` executions on the peer's own clock, for peers in another process. */
    bool (*time)(void *state, int count, double *seconds);
    /* The last execution's answer, of problem->output's type and shape; it lives as long as the state. NULL: none. */
    const bench_array *(*result)(void *state);
    void (*close)(void *state);
    /* Its border is another one: only outputs whose window lies inside the input are compared. */
    bool interior;
} bench_peer;

/* Every peer that was built in, ended by NULL; `bench_peer_find` gives NULL where there is none of the name. */
extern const bench_peer *const bench_peers[];
const bench_peer *bench_peer_find(const char *name);

/* The text after "key=" in the problem's line; "" where the key is absent. */
void bench_word(const bench_problem *problem, const char *key, char word[BENCH_WORD]);

/* True where the line's first word is `name`. */
bool bench_operation_is(const bench_problem *problem, const char *name);

/* True where the line has no key but those of `known`, which ends in NULL: a peer must not ignore what it cannot do. */
bool bench_keys_known(const bench_problem *problem, const char *const *known, char *why);

int64_t bench_count(const bench_array *array);
size_t bench_bytes(const bench_array *array);

#ifdef __cplusplus
}
#endif
#endif
