/* SPDX-License-Identifier: Apache-2.0 */
/* error.c: recording and printing the one sentence that a failed run ends with. */
#include "error.h"

#include "base/locale.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cli_fail(cli_error *error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    error->exit_status = EXIT_FAILURE;
    return false;
}

bool cli_misuse(cli_error *error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    error->exit_status = CLI_EXIT_USAGE;
    return false;
}

bool cli_fail_file(cli_error *error, const char *doing, int reason) {
    return cli_fail(error, "cannot be %s: %s", doing, reason ? clf_locale_reason(reason) : "the disk is full or gone");
}

const char *cli_plain(const char *sentence) {
    const size_t length = strspn(sentence, "abcdefghijklmnopqrstuvwxyz_");
    const bool begins = strncmp(sentence, "clf_", 4) == 0 && strncmp(sentence + length, ": ", 2) == 0;
    return begins ? sentence + length + 2 : sentence;
}

bool cli_blame(cli_error *error, const char *subject) {
    if (!*subject) /* the message says that there is none */
        return false;
    const size_t last = sizeof error->message - 1;
    size_t lead = strlen(subject) + 2;
    if (lead > last)
        lead = last;
    size_t kept = strlen(error->message);
    if (kept > last - lead)
        kept = last - lead;
    memmove(error->message + lead, error->message, kept);
    error->message[lead + kept] = '\0';
    for (size_t i = 0; i < lead; i++)
        error->message[i] = i < lead - 2 ? subject[i] : ": "[i + 2 - lead];
    return false;
}

void cli_error_print(const cli_error *error) {
    char line[sizeof error->message];
    size_t length = strlen(error->message);
    memcpy(line, error->message, length);
    while (length > 0 && line[length - 1] == '\n')
        length--;
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)line[i];
        if (byte == '\n' || byte == '\t')
            line[i] = ' ';
        else if (byte < 0x20 || byte == 0x7f)
            line[i] = '?'; /* no escape sequence of a file's name reaches a terminal */
    }
    fprintf(stderr, "clfilter: %.*s\n", (int)length, line);
}
