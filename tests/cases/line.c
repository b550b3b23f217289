/* SPDX-License-Identifier: Apache-2.0 */
/* Case lines: splitting and reading them. */
#include "line.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void line_fail(case_line *line, const char *format, ...) {
    if (line->error[0] != '\0') {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line->error, sizeof line->error, format, arguments);
    va_end(arguments);
}

void line_split(const char *text, case_line *line) {
    *line = (case_line){.count = 0};
    if (strlen(text) >= sizeof line->text) {
        line_fail(line, "the line is longer than %d characters", LINE_LENGTH - 1);
        return;
    }
    (void)snprintf(line->text, sizeof line->text, "%s", text);
    char *rest = NULL;
    for (char *word = strtok_r(line->text, " \t\n", &rest); word != NULL; word = strtok_r(NULL, " \t\n", &rest)) {
        if (line->count == LINE_WORDS) {
            line_fail(line, "the line has more than %d words", LINE_WORDS);
            return;
        }
        line->words[line->count++] = word;
    }
}

const char *line_word(case_line *line, int index) {
    if (index >= line->count) {
        return "";
    }
    line->used[index] = true;
    return line->words[index];
}

void line_drop_first(case_line *line) {
    for (int i = 1; i < line->count; i++) {
        line->words[i - 1] = line->words[i];
        line->used[i - 1] = line->used[i];
    }
    line->count -= line->count > 0 ? 1 : 0;
}

const char *line_value(case_line *line, const char *key) {
    size_t length = strlen(key);
    for (int i = 0; i < line->count; i++) {
        if (!line->used[i] && strncmp(line->words[i], key, length) == 0 && line->words[i][length] == '=') {
            line->used[i] = true;
            return line->words[i] + length + 1;
        }
    }
    return NULL;
}

int line_numbers(case_line *line, const char *text, char separator, int64_t *values, int capacity) {
    int count = 0;
    for (const char *next = text;; next++) {
        char *end = NULL;
        errno = 0;
        long long value = strtoll(next, &end, 10);
        if (end == next || errno != 0 || count == capacity) {
            line_fail(line, "'%s' is not a list of 1 to %d whole numbers", text, capacity);
            return 0;
        }
        values[count++] = value;
        if (*end == '\0') {
            return count;
        }
        if (*end != separator) {
            line_fail(line, "'%s' has '%c' where '%c' was expected", text, *end, separator);
            return 0;
        }
        next = end;
    }
}

int line_list(case_line *line, const char *key, char separator, int64_t *values, int capacity) {
    const char *text = line_value(line, key);
    return text == NULL ? 0 : line_numbers(line, text, separator, values, capacity);
}

int64_t line_integer(case_line *line, const char *key, int64_t fallback) {
    int64_t value = fallback;
    (void)line_list(line, key, '\0', &value, 1);
    return value;
}

double line_real(case_line *line, const char *key, double fallback) {
    const char *text = line_value(line, key);
    if (text == NULL) {
        return fallback;
    }
    char *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end != '\0') {
        line_fail(line, "%s=%s is not a number", key, text);
    }
    return value;
}

int line_find(case_line *line, const char *what, const char *text, const char *const *names) {
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(text, names[i]) == 0) {
            return i;
        }
    }
    line_fail(line, "'%s' is no %s", text, what);
    return -1;
}

int line_choice(case_line *line, const char *key, const char *const *names, int fallback) {
    const char *text = line_value(line, key);
    return text == NULL ? fallback : line_find(line, key, text, names);
}

bool line_end(case_line *line) {
    for (int i = 0; i < line->count; i++) {
        if (!line->used[i]) {
            line_fail(line, "the word '%s' means nothing here", line->words[i]);
        }
    }
    return line->error[0] == '\0';
}
