/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C locale for a thread. It is made anew each time, as the library keeps nothing process-wide; glibc and musl then
 * hand out an object that they have, so this costs neither memory nor much time.
 */
#include "base/locale.h"

#include <errno.h>
#include <string.h>

bool clf_locale_enter(clf_locale *locale) {
    locale->plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (locale->plain == (locale_t)0)
        return false;
    locale->before = uselocale(locale->plain);
    return true;
}

void clf_locale_leave(const clf_locale *locale) {
    int code = errno;
    (void)uselocale(locale->before);
    freelocale(locale->plain);
    errno = code;
}

const char *clf_locale_reason(int code) {
    clf_locale locale;
    bool plain = clf_locale_enter(&locale);
    const char *reason = strerror(code);
    if (plain)
        clf_locale_leave(&locale);
    return reason;
}
