/* SPDX-License-Identifier: Apache-2.0 */
/* values.c: reading numbers and lists from the command line. */
#include "values.h"

#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool value_number_prefix(const char *text, double *number, const char **end) {
    double value;
    errno = 0;
    const char *stop = clf_number_read(text, &value);
    if (!stop || isnan(value) || (errno == ERANGE && isinf(value)))
        return false;
    *number = value;
    *end = stop;
    return true;
}

bool value_number(const char *text, double *number) {
    const char *end;
    double value;
    if (!value_number_prefix(text, &value, &end) || *end)
        return false;
    *number = value;
    return true;
}

bool value_positive(const char *text, double *number) {
    return value_number(text, number) && isfinite(*number) && *number > 0;
}

bool value_name(const char *text, const char *const *names, int *place) {
    for (*place = 0; names[*place]; ++*place)
        if (strcmp(text, names[*place]) == 0)
            return true;
    return false;
}

bool value_whole(const char *text, long least, long greatest, int *number) {
    char *stop;
    errno = 0;
    const long value = strtol(text, &stop, 10);
    if (stop == text || *stop || errno == ERANGE || value < least || value > greatest)
        return false;
    *number = (int)value;
    return true;
}

int value_list(const char *text, int capacity, bool (*take)(const char *item, int index, void *to), void *to) {
    int count = 0;
    for (const char *at = text;; count++) {
        char item[64];
        const size_t length = strcspn(at, ",");
        if (count == capacity || length >= sizeof item)
            return 0;
        memcpy(item, at, length);
        item[length] = '\0';
        if (!take(item, count, to))
            return 0;
        if (!at[length])
            return count + 1;
        at += length + 1;
    }
}
