/* SPDX-License-Identifier: Apache-2.0 */
/* Messages handed to the context's log function. */
#include "rt/rt.h"

#include <stdarg.h>
#include <stdio.h>

void clf_log(const clf_context *context, clf_log_level level, const char *format, ...) {
    if (context->log == NULL)
        return;
    char message[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    context->log(context->log_user, level, message);
}
