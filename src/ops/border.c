/* SPDX-License-Identifier: Apache-2.0 */
/* Borders by name, and their defaults. */
#include "ops/border.h"

#include "ops/keys.h"

#include <math.h>
#include <string.h>

static const char *const border_names[] = {"default", CLF_BORDER_TABLE(CLF_NAME_OF)};
enum { BORDER_COUNT = sizeof border_names / sizeof *border_names };

const char *clf_border_name(clf_border border) {
    return (unsigned)border < BORDER_COUNT ? border_names[border] : "?";
}

bool clf_border_parse(const char *name, clf_border *border) {
    for (int i = 0; name != NULL && i < BORDER_COUNT; i++) {
        if (strcmp(name, border_names[i]) != 0)
            continue;
        if (border != NULL)
            *border = (clf_border)i;
        return true;
    }
    return false;
}

clf_status clf_border_resolve(const char *function, int axes, const clf_border *given, clf_border *resolved,
                              clf_error *error) {
    clf_border before = CLF_BORDER_REFLECT;
    for (int i = 0; i < axes; i++) {
        if ((unsigned)given[i] >= BORDER_COUNT)
            return clf_fail(error, CLF_INVALID_VALUE, "%s: border[%d] is %d; expected a clf_border", function, i,
                            (int)given[i]);
        resolved[i] = given[i] == CLF_BORDER_DEFAULT ? before : given[i];
        before = resolved[i];
    }
    return CLF_OK;
}

bool clf_border_any_constant(int axes, const clf_border *borders) {
    for (int i = 0; i < axes; i++)
        if (borders[i] == CLF_BORDER_CONSTANT)
            return true;
    return false;
}

clf_status clf_check_number(const char *function, const char *name, double value, clf_error *error) {
    return isnan(value) ? clf_fail(error, CLF_INVALID_VALUE, "%s: %s is NaN; expected a number", function, name)
                        : CLF_OK;
}
