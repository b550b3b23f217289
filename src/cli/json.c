/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: texts from drivers and file systems as JSON, whatever bytes they hold. */
#include "json.h"

#include <stdio.h>

/* Length of the UTF-8 character at `text`, 0 if there is none: drivers may write anything, and texts are cut. */
static int utf8_length(const unsigned char *text) {
    const unsigned char lead = text[0];
    const int length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : 4;
    if (lead >= 0xf5 || (lead >= 0x80 && lead < 0xc2))
        return 0;
    for (int i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((lead == 0xe0 && text[1] < 0xa0) || (lead == 0xed && text[1] >= 0xa0))
        return 0;
    if ((lead == 0xf0 && text[1] < 0x90) || (lead == 0xf4 && text[1] >= 0x90))
        return 0;
    return length;
}

void json_print_text(const char *name, const char *text) {
    printf("\"%s\": \"", name);
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        const int length = utf8_length(at);
        if (length == 0)
            printf("\\ufffd");
        else if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if (*at < 0x20)
            printf("\\u%04x", *at);
        else
            fwrite(at, 1, (size_t)length, stdout);
        at += length ? length : 1;
    }
    printf("\", ");
}
