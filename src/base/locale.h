/* SPDX-License-Identifier: Apache-2.0 */
/* The C locale for the calling thread, so that the host's own changes neither numbers nor sentences. */
#ifndef CLF_BASE_LOCALE_H
#define CLF_BASE_LOCALE_H

#include <locale.h>
#include <stdbool.h>

#if defined(__APPLE__)
#include <xlocale.h>
#endif

typedef struct clf_locale {
    locale_t plain, before;
} clf_locale;

/* Puts the calling thread into the C locale; false, and nothing changed, if memory runs out. */
bool clf_locale_enter(clf_locale *locale);

/* Puts the thread back into the locale it was in. errno stays. */
void clf_locale_leave(const clf_locale *locale);

/* What an errno means, in English. As strerror's text, it lasts until the thread asks again. */
const char *clf_locale_reason(int code);

#endif
