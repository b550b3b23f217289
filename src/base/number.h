/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real numbers as text, the only place where they are written or read: with a point, whatever the host's locale has.
 *
 * A text is returned in a struct, so that it can stand among the arguments of a call and lasts until the call ends:
 *
 *   clf_text_add(text, " cval=%s", clf_number_exact(cval).text);
 */
#ifndef CLF_BASE_NUMBER_H
#define CLF_BASE_NUMBER_H

#include <stdbool.h>

enum { CLF_NUMBER_SIZE = 32 };

typedef struct clf_number {
    char text[CLF_NUMBER_SIZE];
} clf_number;

/* 17 digits as %.17g has them: what is read back is the same number. For lines, keys and build options. */
clf_number clf_number_exact(double value);

/* At most `digits` digits, up to 17, as %.*g has them. For sentences. */
clf_number clf_number_general(double value, int digits);

/* `decimals` digits after the point, as %.*f has them; what is too long for that is written with an exponent. */
clf_number clf_number_fixed(double value, int decimals);

/*
 * Reads the number at the beginning of `text`, as strtod does in the C locale: spaces before it, hexadecimal digits,
 * inf and nan are allowed, and errno becomes ERANGE if it is out of range. Returns where it ends, or NULL if there is
 * none.
 */
const char *clf_number_read(const char *text, double *value);

/* Reads a text that is a number and nothing else. If it is not, *value is left as it was. */
bool clf_number_parse(const char *text, double *value);

#endif
