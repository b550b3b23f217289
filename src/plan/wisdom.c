/* SPDX-License-Identifier: Apache-2.0 */
/* Wisdom: a list in the context, written as text and read from it. */
#include "plan/wisdom.h"

#include "base/alloc.h"
#include "base/hash.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOLVER_NAME_SIZE = 64 };

static const char heading[] = "clfilter-wisdom 1";

typedef struct entry {
    struct entry *next;
    int variant;
    int effort; /* a clf_effort: what was tried to find it */
    double seconds;
    char solver[SOLVER_NAME_SIZE];
    char key[]; /* zero-terminated */
} entry;

struct clf_wisdom {
    entry *first;
};

void clf_wisdom_key(const clf_context *context, const clf_operation *operation, const void *problem,
                    const clf_candidates *candidates, char key[CLF_WISDOM_KEY_SIZE]) {
    const clf_device_info *device = &context->info;
    uint64_t hash = clf_hash(CLF_HASH_SEED, device->name, strlen(device->name) + 1);
    hash = clf_hash(hash, device->version, strlen(device->version) + 1);
    hash = clf_hash(hash, device->driver, strlen(device->driver) + 1);
    for (int i = 0; i < candidates->count; i++) {
        const clf_solver *solver = candidates->choices[i].solver;
        hash = clf_hash(hash, solver->name, strlen(solver->name) + 1);
        hash = clf_hash(hash, &solver->variants, sizeof solver->variants);
    }
    clf_text text = clf_text_begin(key, CLF_WISDOM_KEY_SIZE);
    clf_text_add(&text, "%016llx ", (unsigned long long)hash);
    operation->print(problem, &text);
}

/* The entry of a key; the caller holds the lock. */
static entry *find(const clf_context *context, const char *key) {
    entry *found = context->wisdom ? context->wisdom->first : NULL;
    while (found != NULL && strcmp(found->key, key) != 0)
        found = found->next;
    return found;
}

bool clf_wisdom_find(clf_context *context, const char *key, clf_effort effort, const clf_candidates *candidates,
                     clf_choice *choice) {
    bool known = false;
    pthread_mutex_lock(&context->lock);
    const entry *found = find(context, key);
    bool enough = found != NULL && found->effort >= (int)effort;
    for (int i = 0; enough && i < candidates->count; i++) {
        const clf_solver *solver = candidates->choices[i].solver;
        int variants = solver->variants > 1 ? solver->variants : 1;
        if (strcmp(solver->name, found->solver) != 0 || found->variant >= variants)
            continue;
        *choice = (clf_choice){solver, found->variant, found->seconds};
        known = true;
    }
    pthread_mutex_unlock(&context->lock);
    return known;
}

static void release(clf_wisdom *wisdom) {
    while (wisdom != NULL && wisdom->first != NULL) {
        entry *first = wisdom->first;
        wisdom->first = first->next;
        free(first);
    }
    free(wisdom);
}

/* Adds or replaces; the caller holds the lock. */
static clf_status remember(clf_context *context, const entry *about, const char *key, clf_error *error) {
    if (context->wisdom == NULL) {
        CLF_TRY(clf_allocate(&context->wisdom, 1, sizeof *context->wisdom, error));
        context->release_wisdom = release;
    }
    entry *known = find(context, key);
    if (known == NULL) {
        size_t length = strlen(key) + 1;
        CLF_TRY(clf_allocate(&known, 1, sizeof *known + length, error));
        memcpy(known->key, key, length);
        known->next = context->wisdom->first;
        context->wisdom->first = known;
    }
    memcpy(known->solver, about->solver, sizeof known->solver);
    known->variant = about->variant;
    known->effort = about->effort;
    known->seconds = about->seconds;
    return CLF_OK;
}

clf_status clf_wisdom_add(clf_context *context, const char *key, clf_effort effort, const clf_choice *choice,
                          clf_error *error) {
    entry about = {.variant = choice->variant, .effort = (int)effort, .seconds = choice->seconds};
    snprintf(about.solver, sizeof about.solver, "%s", choice->solver->name);
    pthread_mutex_lock(&context->lock);
    clf_status status = remember(context, &about, key, error);
    pthread_mutex_unlock(&context->lock);
    return status;
}

clf_status clf_wisdom_export(clf_context *context, char *text, size_t capacity, size_t *length, clf_error *error) {
    if (context == NULL || length == NULL || (text == NULL && capacity > 0))
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_wisdom_export: %s is NULL",
                        context == NULL ? "context" : length == NULL ? "length" : "text");
    char none[1], line[CLF_WISDOM_KEY_SIZE + SOLVER_NAME_SIZE + 64];
    clf_text out = clf_text_begin(capacity > 0 ? text : none, capacity > 0 ? capacity : 1);
    pthread_mutex_lock(&context->lock);
    size_t total = strlen(heading) + 1;
    clf_text_add(&out, "%s\n", heading);
    for (const entry *at = context->wisdom ? context->wisdom->first : NULL; at != NULL; at = at->next) {
        int wanted = snprintf(line, sizeof line, "%s %d %d %.9g %s\n", at->solver, at->variant, at->effort,
                              at->seconds, at->key);
        clf_text_add(&out, "%s", line);
        total += (size_t)(wanted > 0 ? wanted : 0);
    }
    pthread_mutex_unlock(&context->lock);
    *length = total;
    return CLF_OK;
}

/* A key is 16 hexadecimal digits, a space and a problem line of printing characters. */
static bool plausible_key(const char *key) {
    for (int i = 0; i < 16; i++)
        if (!isxdigit((unsigned char)key[i]))
            return false;
    if (key[16] != ' ' || !isalpha((unsigned char)key[17]))
        return false;
    for (const char *at = key; *at != '\0'; at++)
        if (!isprint((unsigned char)*at))
            return false;
    return true;
}

/* Reads one line into an entry; false where it is damaged. */
static bool read_line(const char *line, entry *about, const char **key) {
    int consumed = 0;
    if (sscanf(line, "%63s %d %d %lf %n", about->solver, &about->variant, &about->effort, &about->seconds, &consumed) !=
            4 ||
        consumed == 0)
        return false;
    *key = line + consumed;
    return about->variant >= 0 && about->effort >= CLF_MEASURE && about->effort <= CLF_EXHAUSTIVE &&
           isfinite(about->seconds) && about->seconds >= 0 && plausible_key(*key);
}

/* Takes every line of a text that may be written to; the caller holds the lock. */
static clf_status take_lines(clf_context *context, char *text, size_t *taken, size_t *damaged, clf_error *error) {
    for (char *line = text; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');
        const char *key;
        entry about = {0};
        if (end != NULL)
            *end = '\0';
        if (end != NULL && strlen(line) < CLF_WISDOM_KEY_SIZE + SOLVER_NAME_SIZE && read_line(line, &about, &key)) {
            CLF_TRY(remember(context, &about, key, error));
            ++*taken;
        } else if (*line != '\0') {
            ++*damaged; /* also a last line without its end: the text was cut */
        }
        line = end != NULL ? end + 1 : NULL;
    }
    return CLF_OK;
}

clf_status clf_wisdom_import(clf_context *context, const char *text, size_t *taken, clf_error *error) {
    if (context == NULL || text == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_wisdom_import: %s is NULL", context == NULL ? "context" : "text");
    size_t length = strlen(text), count = 0, damaged = 0, first = strlen(heading);
    if (strncmp(text, heading, first) != 0 || text[first] != '\n') {
        clf_log(context, CLF_LOG_WARNING, "wisdom left out: its first line is not \"%s\"", heading);
        if (taken != NULL)
            *taken = 0;
        return CLF_OK;
    }
    char *copy;
    CLF_TRY(clf_allocate(&copy, length + 1, 1, error));
    memcpy(copy, text, length + 1);
    pthread_mutex_lock(&context->lock);
    clf_status status = take_lines(context, copy + first + 1, &count, &damaged, error);
    pthread_mutex_unlock(&context->lock);
    free(copy);
    if (damaged > 0)
        clf_log(context, CLF_LOG_WARNING, "%zu damaged lines of wisdom were left out", damaged);
    if (taken != NULL)
        *taken = count;
    return status;
}

void clf_wisdom_forget(clf_context *context) {
    if (context == NULL)
        return;
    pthread_mutex_lock(&context->lock);
    release(context->wisdom);
    context->wisdom = NULL;
    pthread_mutex_unlock(&context->lock);
}
