/* SPDX-License-Identifier: Apache-2.0 */
/* Wisdom inside the planner: keys, and what is known of them. */
#ifndef CLF_CHOOSE_WISDOM_H
#define CLF_CHOOSE_WISDOM_H

#include "choose/operation.h"

#include <clfilter/wisdom.h>

enum { CLF_WISDOM_KEY_SIZE = CLF_LINE_SIZE + 64, CLF_SOLVER_NAME_SIZE = 64, CLF_WISDOM_HASH_SIZE = 17 };

/* What was found for a key. */
typedef struct clf_finding {
    char solver[CLF_SOLVER_NAME_SIZE];
    int variant;
    int effort; /* a clf_effort: what was tried to find it */
    int64_t nanoseconds;
} clf_finding;

typedef struct clf_wisdom_entry {
    struct clf_wisdom_entry *next;  /* in the order they came */
    struct clf_wisdom_entry *chain; /* of the same bucket */
    uint64_t hash;
    clf_finding finding;
    char key[]; /* zero-terminated */
} clf_wisdom_entry;

/* A hash table whose entries are also a list; guarded by the context's lock. */
typedef struct clf_wisdom {
    clf_wisdom_entry *first, *last;
    size_t count, bucket_count;
    clf_wisdom_entry **buckets;
} clf_wisdom;

/* What a context knows; NULL if that is nothing. The caller holds the context's lock. */
const clf_wisdom *clf_wisdom_of(const clf_context *context);

/* Writes "<library, device and solvers, hashed> <problem line>". */
clf_status clf_wisdom_key(const clf_context *context, const clf_operation *operation, const void *problem,
                          const clf_candidates *candidates, char key[CLF_WISDOM_KEY_SIZE], clf_error *error);

/* Finds what is remembered of a key, where it names one of the candidates and was found with no less effort. */
bool clf_wisdom_find(clf_context *context, const char *key, clf_effort effort, const clf_candidates *candidates,
                     clf_choice *choice);

/* Tables that come with the library, ended by NULL; made by cmake/embed_wisdom.cmake from wisdom/. */
extern const char *const clf_wisdom_tables[];

/* Finds a problem's line in those of the tables that are for the context's device, where it names a candidate. */
bool clf_wisdom_find_shipped(const clf_context *context, const char *problem, const clf_candidates *candidates,
                             clf_choice *choice);

/* The same in one table, for a device; false if the table is damaged before the line. */
bool clf_wisdom_find_in(const char *table, const clf_device_info *device, const char *problem,
                        const clf_candidates *candidates, clf_choice *choice);

clf_status clf_wisdom_add(clf_context *context, const char *key, clf_effort effort, const clf_choice *choice,
                          clf_error *error);

/* Adds or replaces; the caller holds the context's lock. */
clf_status clf_wisdom_remember(clf_context *context, const char *key, const clf_finding *finding, clf_error *error);

#endif
