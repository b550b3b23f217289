/* SPDX-License-Identifier: Apache-2.0 */
/* Bounded text. */
#include "base/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

clf_text clf_text_begin(char *data, size_t size) {
    data[0] = '\0';
    return (clf_text){data, size, 0};
}

void clf_text_add(clf_text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(text->data + text->length, text->size - text->length, format, arguments);
    va_end(arguments);
    if (wanted > 0)
        text->length += (size_t)wanted;
    if (text->length >= text->size)
        text->length = text->size - 1;
}

void clf_text_add_extents(clf_text *text, int rank, const int64_t *extents) {
    for (int i = 0; i < rank; i++)
        clf_text_add(text, i ? "x%lld" : "%lld", (long long)extents[i]);
}

void clf_text_add_values(clf_text *text, const char *key, int count, const int64_t *values, int64_t standard) {
    bool plain = true;
    for (int i = 0; i < count; i++)
        plain = plain && values[i] == standard;
    if (plain)
        return;
    clf_text_add(text, " %s=", key);
    for (int i = 0; i < count; i++)
        clf_text_add(text, i ? ",%lld" : "%lld", (long long)values[i]);
}
