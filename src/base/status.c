/* SPDX-License-Identifier: Apache-2.0 */
/* Status names and phrases from the one table, and the filling of clf_error. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

const char *clf_status_name(clf_status status) {
    switch (status) {
#define CASE(name, value, phrase) \
    case name: return #name;
        CLF_STATUS_TABLE(CASE)
#undef CASE
    }
    return "CLF_UNKNOWN_STATUS";
}

const char *clf_status_phrase(clf_status status) {
    switch (status) {
#define CASE(name, value, phrase) \
    case name: return phrase;
        CLF_STATUS_TABLE(CASE)
#undef CASE
    }
    return "unknown status";
}

void clf_error_set(clf_error *error, clf_status status, const char *format, ...) {
    if (error == NULL)
        return;
    error->code = status;
    error->cl_code = 0;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
}
