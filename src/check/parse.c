/* SPDX-License-Identifier: Apache-2.0 */
/* Lines read: which operation, and which property of it, a line's first words name. */
#include "check/case.h"

#include <stdio.h>
#include <string.h>

const test_operation *operation_find(const char *name) {
    for (int i = 0; operations[i] != NULL; i++) {
        if (strcmp(operations[i]->name, name) == 0) {
            return operations[i];
        }
    }
    return NULL;
}

const test_property *property_find(const char *name) {
    for (int i = 0; properties[i].name != NULL; i++) {
        if (strcmp(properties[i].name, name) == 0) {
            return &properties[i];
        }
    }
    return NULL;
}

bool case_parse(const char *text, test_case *test, char *why) {
    case_line line;
    line_split(text, &line);
    const test_property *property = property_find(line_word(&line, 0));
    if (property != NULL) {
        line_drop_first(&line);
    }
    bool good = case_read(&line, operation_find(line_word(&line, 0)), test, why);
    (void)snprintf(test->text, sizeof test->text, "%s", text);
    test->property = property;
    return good;
}
