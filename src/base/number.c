/* SPDX-License-Identifier: Apache-2.0 */
/* Real numbers as text, by libc in the C locale. */
#include "base/number.h"

#include "base/locale.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_DIGITS = 17 };

/* Without memory for a locale the host's has to do. */
static int write_as(clf_number *number, char form, int digits, double value) {
    clf_locale locale;
    bool plain = clf_locale_enter(&locale);
    int length = snprintf(number->text, sizeof number->text,
                          form == 'f'   ? "%.*f"
                          : form == 'e' ? "%.*e"
                                        : "%.*g",
                          digits < MOST_DIGITS ? digits : MOST_DIGITS, value);
    if (plain)
        clf_locale_leave(&locale);
    return length;
}

clf_number clf_number_exact(double value) {
    return clf_number_general(value, MOST_DIGITS);
}

clf_number clf_number_general(double value, int digits) {
    clf_number number;
    (void)write_as(&number, 'g', digits, value);
    return number;
}

clf_number clf_number_fixed(double value, int decimals) {
    clf_number number;
    if (write_as(&number, 'f', decimals, value) >= CLF_NUMBER_SIZE)
        (void)write_as(&number, 'e', decimals, value);
    return number;
}

const char *clf_number_read(const char *text, double *value) {
    clf_locale locale;
    char *end = NULL;
    if (!clf_locale_enter(&locale))
        return NULL;
    double read = strtod(text, &end);
    clf_locale_leave(&locale);
    if (end == text)
        return NULL;
    *value = read;
    return end;
}

bool clf_number_parse(const char *text, double *value) {
    double read;
    const char *end = clf_number_read(text, &read);
    if (end == NULL || *end != '\0')
        return false;
    *value = read;
    return true;
}
