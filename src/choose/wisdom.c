/* SPDX-License-Identifier: Apache-2.0 */
/* Wisdom: what the context remembers of problems, by their keys. */
#include "choose/wisdom.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "rt/process.h"
#include "rt/slot.h"

#include <clfilter/clfilter.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BUCKETS = 64 };

static uint64_t hash_text(uint64_t seed, const char *text) {
    return clf_hash(seed, text, strlen(text) + 1);
}

clf_status clf_wisdom_key(const clf_context *context, const clf_operation *operation, const void *problem,
                          const clf_candidates *candidates, char key[CLF_WISDOM_KEY_SIZE], clf_error *error) {
    const clf_device_info *device = &context->info;
    uint64_t hash = hash_text(CLF_HASH_SEED, clf_version());
    hash = hash_text(hash, device->platform);
    hash = hash_text(hash, device->name);
    hash = hash_text(hash, device->version);
    hash = hash_text(hash, device->driver);
    hash = clf_hash(hash, &device->compute_units, sizeof device->compute_units);
    for (int i = 0; i < candidates->count; i++) {
        const clf_solver *solver = candidates->choices[i].solver;
        hash = hash_text(hash, solver->name);
        hash = clf_hash(hash, &solver->variants, sizeof solver->variants);
    }
    clf_text text = clf_text_begin(key, CLF_WISDOM_KEY_SIZE);
    clf_text_add(&text, "%016llx ", (unsigned long long)hash);
    operation->print(problem, &text);
    return clf_text_check(&text, operation->name, "problem's line", error);
}

static void release(void *object) {
    clf_wisdom *wisdom = object;
    while (wisdom->first != NULL) {
        clf_wisdom_entry *first = wisdom->first;
        wisdom->first = first->next;
        free(first);
    }
    free(wisdom->buckets);
    free(wisdom);
}

static const clf_slot slot = {release, false};

const clf_wisdom *clf_wisdom_of(const clf_context *context) {
    return clf_slot_get(context, &slot);
}

/* The entry of a key; the caller holds the lock. */
static clf_wisdom_entry *find(const clf_wisdom *wisdom, const char *key, uint64_t hash) {
    if (wisdom == NULL || wisdom->bucket_count == 0)
        return NULL;
    clf_wisdom_entry *found = wisdom->buckets[hash & (wisdom->bucket_count - 1)];
    while (found != NULL && (found->hash != hash || strcmp(found->key, key) != 0))
        found = found->chain;
    return found;
}

bool clf_wisdom_find(clf_context *context, const char *key, clf_effort effort, const clf_candidates *candidates,
                     clf_choice *choice) {
    bool known = false;
    pthread_mutex_lock(&context->lock);
    const clf_wisdom_entry *entry = find(clf_wisdom_of(context), key, hash_text(CLF_HASH_SEED, key));
    const clf_finding *found = entry != NULL && entry->finding.effort >= (int)effort ? &entry->finding : NULL;
    for (int i = 0; found != NULL && i < candidates->count; i++) {
        const clf_solver *solver = candidates->choices[i].solver;
        int variants = solver->variants > 1 ? solver->variants : 1;
        if (strcmp(solver->name, found->solver) != 0 || found->variant >= variants)
            continue;
        *choice = (clf_choice){solver, found->variant, 1e-9 * (double)found->nanoseconds};
        known = true;
    }
    pthread_mutex_unlock(&context->lock);
    return known;
}

static void chain(clf_wisdom *wisdom, clf_wisdom_entry *entry) {
    clf_wisdom_entry **bucket = &wisdom->buckets[entry->hash & (wisdom->bucket_count - 1)];
    entry->chain = *bucket;
    *bucket = entry;
}

/* Room for one entry more: as many buckets as entries at the least. */
static clf_status grow(clf_wisdom *wisdom, clf_error *error) {
    if (wisdom->count < wisdom->bucket_count)
        return CLF_OK;
    size_t count = wisdom->bucket_count > 0 ? 2 * wisdom->bucket_count : FIRST_BUCKETS;
    clf_wisdom_entry **buckets;
    CLF_TRY(clf_allocate(&buckets, count, sizeof *buckets, error));
    free(wisdom->buckets);
    wisdom->buckets = buckets;
    wisdom->bucket_count = count;
    for (clf_wisdom_entry *at = wisdom->first; at != NULL; at = at->next)
        chain(wisdom, at);
    return CLF_OK;
}

static clf_status add_entry(clf_wisdom *wisdom, const char *key, uint64_t hash, clf_wisdom_entry **out,
                            clf_error *error) {
    clf_wisdom_entry *entry;
    size_t length = strlen(key) + 1;
    CLF_TRY(grow(wisdom, error));
    CLF_TRY(clf_allocate(&entry, 1, sizeof *entry + length, error));
    memcpy(entry->key, key, length);
    entry->hash = hash;
    chain(wisdom, entry);
    if (wisdom->last != NULL)
        wisdom->last->next = entry;
    else
        wisdom->first = entry;
    wisdom->last = entry;
    wisdom->count++;
    *out = entry;
    return CLF_OK;
}

/* The context's wisdom, made if it has none; the caller holds the lock. */
static clf_status find_or_make(clf_context *context, clf_wisdom **wisdom, clf_error *error) {
    *wisdom = clf_slot_get(context, &slot);
    if (*wisdom != NULL)
        return CLF_OK;
    CLF_TRY(clf_allocate(wisdom, 1, sizeof **wisdom, error));
    clf_status status = clf_slot_put(context, &slot, *wisdom, error);
    if (status != CLF_OK)
        free(*wisdom);
    return status;
}

clf_status clf_wisdom_remember(clf_context *context, const char *key, const clf_finding *finding, clf_error *error) {
    clf_wisdom *wisdom;
    CLF_TRY(find_or_make(context, &wisdom, error));
    uint64_t hash = hash_text(CLF_HASH_SEED, key);
    clf_wisdom_entry *entry = find(wisdom, key, hash);
    if (entry == NULL)
        CLF_TRY(add_entry(wisdom, key, hash, &entry, error));
    entry->finding = *finding;
    return CLF_OK;
}

clf_status clf_wisdom_add(clf_context *context, const char *key, clf_effort effort, const clf_choice *choice,
                          clf_error *error) {
    clf_finding finding = {.variant = choice->variant, .effort = (int)effort};
    finding.nanoseconds = (int64_t)(1e9 * choice->seconds + 0.5);
    clf_text solver = clf_text_begin(finding.solver, sizeof finding.solver);
    clf_text_add(&solver, "%s", choice->solver->name);
    CLF_TRY(clf_text_check(&solver, choice->solver->name, "solver's name", error));
    pthread_mutex_lock(&context->lock);
    clf_status status = clf_wisdom_remember(context, key, &finding, error);
    pthread_mutex_unlock(&context->lock);
    return status;
}

void clf_wisdom_forget(clf_context *context) {
    if (context == NULL || clf_process_left(context->process))
        return;
    pthread_mutex_lock(&context->lock);
    void *wisdom = clf_slot_get(context, &slot);
    if (wisdom != NULL) {
        release(wisdom);
        (void)clf_slot_put(context, &slot, NULL, NULL); /* there is a slot: it cannot fail */
    }
    pthread_mutex_unlock(&context->lock);
}
