/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of words: splitting and reading them. */
#include "base/line.h"

#include "base/number.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void clf_line_fail(clf_line *line, const char *format, ...) {
    if (line->error[0] != '\0')
        return;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line->error, sizeof line->error, format, arguments);
    va_end(arguments);
}

void clf_line_split(const char *text, clf_line *line) {
    *line = (clf_line){.count = 0};
    if (strlen(text) >= sizeof line->text) {
        clf_line_fail(line, "the line is longer than %d characters", CLF_LINE_SIZE - 1);
        return;
    }
    (void)snprintf(line->text, sizeof line->text, "%s", text);
    char *rest = NULL;
    for (char *word = strtok_r(line->text, " \t\n", &rest); word != NULL; word = strtok_r(NULL, " \t\n", &rest)) {
        if (line->count == CLF_LINE_WORDS) {
            clf_line_fail(line, "the line has more than %d words", CLF_LINE_WORDS);
            return;
        }
        line->words[line->count++] = word;
    }
}

const char *clf_line_word(clf_line *line, int index) {
    if (index >= line->count)
        return "";
    line->used[index] = true;
    return line->words[index];
}

void clf_line_drop_first(clf_line *line) {
    for (int i = 1; i < line->count; i++) {
        line->words[i - 1] = line->words[i];
        line->used[i - 1] = line->used[i];
    }
    line->count -= line->count > 0 ? 1 : 0;
}

const char *clf_line_value(clf_line *line, const char *key) {
    size_t length = strlen(key);
    for (int i = 0; i < line->count; i++) {
        if (!line->used[i] && strncmp(line->words[i], key, length) == 0 && line->words[i][length] == '=') {
            line->used[i] = true;
            return line->words[i] + length + 1;
        }
    }
    return NULL;
}

int clf_line_numbers(clf_line *line, const char *text, char separator, int64_t *values, int capacity) {
    int count = 0;
    for (const char *next = text;; next++) {
        char *end = NULL;
        errno = 0;
        long long value = strtoll(next, &end, 10);
        if (end == next || errno != 0 || count == capacity) {
            clf_line_fail(line, "'%s' is not a list of 1 to %d whole numbers", text, capacity);
            return 0;
        }
        values[count++] = value;
        if (*end == '\0')
            return count;
        if (*end != separator) {
            clf_line_fail(line, "'%s' has '%c' where '%c' was expected", text, *end, separator);
            return 0;
        }
        next = end;
    }
}

int clf_line_list(clf_line *line, const char *key, char separator, int64_t *values, int capacity) {
    const char *text = clf_line_value(line, key);
    return text == NULL ? 0 : clf_line_numbers(line, text, separator, values, capacity);
}

int64_t clf_line_integer(clf_line *line, const char *key, int64_t fallback) {
    int64_t value = fallback;
    (void)clf_line_list(line, key, '\0', &value, 1);
    return value;
}

int clf_line_reals(clf_line *line, const char *key, double *values, int capacity) {
    const char *text = clf_line_value(line, key);
    int count = 0;
    for (const char *next = text; next != NULL; next++) {
        double value;
        const char *end = clf_number_read(next, &value);
        if (end == NULL || (*end != ',' && *end != '\0') || count == capacity) {
            clf_line_fail(line, "%s=%s is not a list of 1 to %d numbers", key, text, capacity);
            return 0;
        }
        values[count++] = value;
        next = end;
        if (*end == '\0')
            return count;
    }
    return count;
}

double clf_line_real(clf_line *line, const char *key, double fallback) {
    const char *text = clf_line_value(line, key);
    if (text == NULL)
        return fallback;
    double value = fallback;
    if (!clf_number_parse(text, &value))
        clf_line_fail(line, "%s=%s is not a number", key, text);
    return value;
}

int clf_line_find(clf_line *line, const char *what, const char *text, const char *const *names) {
    for (int i = 0; names[i] != NULL; i++)
        if (strcmp(text, names[i]) == 0)
            return i;
    clf_line_fail(line, "'%s' is not valid as %s", text, what);
    return -1;
}

int clf_line_choice(clf_line *line, const char *key, const char *const *names, int fallback) {
    const char *text = clf_line_value(line, key);
    int found = text == NULL ? -1 : clf_line_find(line, key, text, names);
    return found < 0 ? fallback : found;
}

bool clf_line_end(clf_line *line) {
    for (int i = 0; i < line->count; i++)
        if (!line->used[i])
            clf_line_fail(line, "the word '%s' is not known here", line->words[i]);
    return line->error[0] == '\0';
}
