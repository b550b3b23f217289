/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Test programs in another locale: where CLF_TEST_LOCALE is set, the program this is linked into sets that locale
 * before main(), as a host may, and ends with 77, which ctest counts as skipped, where it is not there.
 */
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77 };

__attribute__((constructor)) static void set_locale(void) {
    const char *name = getenv("CLF_TEST_LOCALE");
    char number[8] = "";
    if (name == NULL)
        return;
    bool there = setlocale(LC_ALL, name) != NULL;
    (void)snprintf(number, sizeof number, "%.1f", 1.5);
    if (there && strcmp(number, "1,5") == 0)
        return;
    (void)fprintf(stderr,
                  there ? "skipped: the locale %s writes 1.5 as %s; expected 1,5\n"
                        : "skipped: there is no locale %s; localedef of Debian's libc-bin makes it from what the "
                          "package locales has\n",
                  name, number);
    _Exit(SKIPPED);
}
