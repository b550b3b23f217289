/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wisdom as text: a heading, then a line an entry, "SOLVER VARIANT EFFORT NANOSECONDS KEY". Numbers are whole and read
 * by hand: the host's locale must not change a file.
 */
#include "base/alloc.h"
#include "choose/wisdom.h"
#include "rt/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char heading[] = "clfilter-wisdom 1";
static const int64_t GREATEST_NUMBER = INT64_MAX / 16;

clf_status clf_wisdom_export(clf_context *context, char *text, size_t capacity, size_t *length, clf_error *error) {
    if (context == NULL || length == NULL || (text == NULL && capacity > 0))
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_wisdom_export: %s is NULL",
                        context == NULL  ? "context"
                        : length == NULL ? "length"
                                         : "text");
    CLF_TRY(clf_process_check(context->process, "context", error));
    char none[1], line[CLF_WISDOM_KEY_SIZE + CLF_SOLVER_NAME_SIZE + 64];
    /* Truncated, as the header promises: `length` tells. */
    clf_text out = clf_text_begin(capacity > 0 ? text : none, capacity > 0 ? capacity : 1);
    pthread_mutex_lock(&context->lock);
    size_t total = strlen(heading) + 1;
    clf_text_add(&out, "%s\n", heading);
    const clf_wisdom *wisdom = clf_wisdom_of(context);
    for (const clf_wisdom_entry *at = wisdom ? wisdom->first : NULL; at != NULL; at = at->next) {
        const clf_finding *found = &at->finding;
        int wanted = snprintf(line, sizeof line, "%s %d %d %lld %s\n", found->solver, found->variant, found->effort,
                              (long long)found->nanoseconds, at->key);
        clf_text_add(&out, "%s", line);
        total += (size_t)(wanted > 0 ? wanted : 0);
    }
    pthread_mutex_unlock(&context->lock);
    *length = total;
    return CLF_OK;
}

static bool is_between(char c, char first, char last) {
    return c >= first && c <= last;
}

static bool is_word(char c) {
    return is_between(c, 'a', 'z') || is_between(c, 'A', 'Z') || is_between(c, '0', '9') || c == '.' || c == '_';
}

/* A word and the space behind it. */
static bool read_word(const char **at, char *word, size_t size) {
    size_t length = 0;
    while (is_word((*at)[length]))
        length++;
    if (length == 0 || length >= size || (*at)[length] != ' ')
        return false;
    memcpy(word, *at, length);
    word[length] = '\0';
    *at += length + 1;
    return true;
}

/* A whole number from `least` to `greatest` and the space behind it. */
static bool read_number(const char **at, int64_t least, int64_t greatest, int64_t *number) {
    const char *digit = *at;
    for (*number = 0; is_between(*digit, '0', '9') && *number <= GREATEST_NUMBER; digit++)
        *number = 10 * *number + (*digit - '0');
    if (digit == *at || *digit != ' ' || *number < least || *number > greatest)
        return false;
    *at = digit + 1;
    return true;
}

/* A key is 16 hexadecimal digits, a space and a problem line of printing characters. */
static bool plausible_key(const char *key) {
    for (int i = 0; i < 16; i++)
        if (!is_between(key[i], '0', '9') && !is_between(key[i], 'a', 'f'))
            return false;
    if (key[16] != ' ' || !is_between(key[17], 'a', 'z'))
        return false;
    const char *at = key;
    while (is_between(*at, ' ', '~'))
        at++;
    return *at == '\0' && at - key < CLF_WISDOM_KEY_SIZE;
}

/* Reads one line; false if it is damaged. */
static bool read_line(const char *line, clf_finding *finding, const char **key) {
    int64_t variant, effort;
    *key = line;
    if (!read_word(key, finding->solver, sizeof finding->solver) || !read_number(key, 0, INT32_MAX, &variant) ||
        !read_number(key, CLF_MEASURE, CLF_EXHAUSTIVE, &effort) ||
        !read_number(key, 0, GREATEST_NUMBER, &finding->nanoseconds))
        return false;
    finding->variant = (int)variant;
    finding->effort = (int)effort;
    return plausible_key(*key);
}

/* Takes every line of a text that may be written to; the caller holds the lock. */
static clf_status take_lines(clf_context *context, char *text, size_t length, size_t *taken, size_t *damaged,
                             clf_error *error) {
    const char *last = text + length;
    for (char *line = text; line != NULL && line < last;) {
        char *end = memchr(line, '\n', (size_t)(last - line));
        const char *key;
        clf_finding finding = {.variant = 0};
        if (end != NULL)
            *end = '\0';
        if (end != NULL && read_line(line, &finding, &key)) {
            CLF_TRY(clf_wisdom_remember(context, key, &finding, error));
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
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_wisdom_import: %s is NULL",
                        context == NULL ? "context" : "text");
    CLF_TRY(clf_process_check(context->process, "context", error));
    size_t length = strlen(text), count = 0, damaged = 0, first = strlen(heading);
    if (strncmp(text, heading, first) != 0 || text[first] != '\n') {
        clf_log(context, CLF_LOG_WARNING, "wisdom skipped: its first line is not \"%s\"", heading);
        if (taken != NULL)
            *taken = 0;
        return CLF_OK;
    }
    char *copy;
    CLF_TRY(clf_allocate(&copy, length + 1, 1, error));
    memcpy(copy, text, length + 1);
    pthread_mutex_lock(&context->lock);
    clf_status status = take_lines(context, copy + first + 1, length - first - 1, &count, &damaged, error);
    pthread_mutex_unlock(&context->lock);
    free(copy);
    if (damaged > 0)
        clf_log(context, CLF_LOG_WARNING, "%zu damaged lines of wisdom were skipped", damaged);
    if (taken != NULL)
        *taken = count;
    return status;
}
