/* SPDX-License-Identifier: Apache-2.0 */
/* Text in fixed arrays. */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

clf_text clf_text_begin(char *data, size_t size) {
    data[0] = '\0';
    return (clf_text){.data = data, .size = size};
}

void clf_text_add(clf_text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(text->data + text->length, text->size - text->length, format, arguments);
    va_end(arguments);
    size_t room = text->size - text->length - 1;
    text->truncated = text->truncated || wanted < 0 || (size_t)wanted > room;
    text->length += wanted < 0 ? 0 : (size_t)wanted > room ? room : (size_t)wanted;
}

clf_status clf_text_check(const clf_text *text, const char *whose, const char *what, clf_error *error) {
    if (!text->truncated)
        return CLF_OK;
    return clf_fail(error, CLF_OUT_OF_RANGE, "%s: there is no room for the %s in %zu characters", whose, what,
                    text->size - 1);
}

void clf_text_close(clf_text *text) {
    if (text->truncated && text->length >= 3)
        memcpy(text->data + text->length - 3, "...", 3);
}

void clf_text_add_extents(clf_text *text, int rank, const int64_t *extents) {
    for (int i = 0; i < rank; i++)
        clf_text_add(text, i ? "x%lld" : "%lld", (long long)extents[i]);
}

void clf_text_add_values(clf_text *text, int count, const int64_t *values) {
    for (int i = 0; i < count; i++)
        clf_text_add(text, i ? ",%lld" : "%lld", (long long)values[i]);
}
