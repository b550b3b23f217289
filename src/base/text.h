/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that grows piece by piece inside a fixed array. What does not fit is left out, and the text remembers that: who
 * decides something by a text, builds by it or keeps it, asks clf_text_check first; one that only people read is
 * closed with clf_text_close.
 */
#ifndef CLF_BASE_TEXT_H
#define CLF_BASE_TEXT_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct clf_text {
    char *data;
    size_t size, length;
    bool truncated; /* something did not fit */
} clf_text;

/* Begins an empty text in `data`, which holds `size` bytes. */
clf_text clf_text_begin(char *data, size_t size);

/* Appends as printf does. */
__attribute__((format(printf, 2, 3))) void clf_text_add(clf_text *text, const char *format, ...);

/* Appends extents as "8x3x480x640". */
void clf_text_add_extents(clf_text *text, int rank, const int64_t *extents);

/* Appends values as "1,-2". */
void clf_text_add_values(clf_text *text, int count, const int64_t *values);

/* If something did not fit: CLF_OUT_OF_RANGE, "WHOSE: there is no room for the WHAT in N characters". */
clf_status clf_text_check(const clf_text *text, const char *whose, const char *what, clf_error *error);

/* Ends a text for people; one that did not fit ends in "...". */
void clf_text_close(clf_text *text);

#endif
