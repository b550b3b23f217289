/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows piece by piece inside a fixed array and is cut, never overrun. */
#ifndef CLF_BASE_TEXT_H
#define CLF_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

typedef struct clf_text {
    char *data;
    size_t size, length;
} clf_text;

/* Begins an empty text in `data`, which holds `size` bytes. */
clf_text clf_text_begin(char *data, size_t size);

/* Appends as printf does. */
__attribute__((format(printf, 2, 3))) void clf_text_add(clf_text *text, const char *format, ...);

/* Appends extents as "8x3x480x640". */
void clf_text_add_extents(clf_text *text, int rank, const int64_t *extents);

/* Appends " key=a,b,..." unless all the values are `standard`. */
void clf_text_add_values(clf_text *text, const char *key, int count, const int64_t *values, int64_t standard);

#endif
