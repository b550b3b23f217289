/* SPDX-License-Identifier: Apache-2.0 */
/* Wisdom in the user's cache folder. */
#include "base/alloc.h"
#include "base/file.h"
#include "rt/process.h"
#include "rt/rt.h"

#include <clfilter/wisdom.h>
#include <stdlib.h>

enum { LARGEST_FILE = 64 << 20, PATH_SIZE = 4096 };

clf_status clf_wisdom_path(char *path, size_t capacity, clf_error *error) {
    if (path == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_wisdom_path: path is NULL");
    return clf_cache_path("wisdom", path, capacity, error);
}

clf_status clf_wisdom_load(clf_context *context, size_t *taken, clf_error *error) {
    if (context == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_wisdom_load: context is NULL");
    CLF_TRY(clf_process_check(context->process, "context", error));
    char path[PATH_SIZE], *text;
    size_t bytes, count = 0;
    CLF_TRY(clf_wisdom_path(path, sizeof path, error));
    CLF_TRY(clf_file_read(path, LARGEST_FILE, false, &text, &bytes, error));
    for (size_t i = 0; i < bytes; i++)
        if (text[i] == '\0')
            text[i] = '\1'; /* no text holds a zero: it damages its line, and must not hide those behind it */
    clf_status status = text != NULL ? clf_wisdom_import(context, text, &count, error) : CLF_OK;
    free(text);
    if (status == CLF_OK && taken != NULL)
        *taken = count;
    return status;
}

/* All that a context remembers. Release *text with free(). */
static clf_status export_all(clf_context *context, char **text, size_t *length, clf_error *error) {
    size_t capacity = 0;
    CLF_TRY(clf_wisdom_export(context, NULL, 0, length, error));
    do { /* again where another thread has added something in between */
        capacity = *length + 1;
        CLF_TRY(clf_allocate(text, capacity, 1, error));
        clf_status status = clf_wisdom_export(context, *text, capacity, length, error);
        if (status != CLF_OK || *length >= capacity)
            free(*text);
        CLF_TRY(status);
    } while (*length >= capacity);
    return CLF_OK;
}

clf_status clf_wisdom_save(clf_context *context, clf_error *error) {
    if (context == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_wisdom_save: context is NULL");
    CLF_TRY(clf_process_check(context->process, "context", error));
    char path[PATH_SIZE], *text;
    size_t length;
    CLF_TRY(clf_wisdom_path(path, sizeof path, error));
    CLF_TRY(clf_cache_make_folder(path, error));
    CLF_TRY(export_all(context, &text, &length, error));
    clf_status status = clf_file_replace(path, text, length, error);
    free(text);
    return status;
}
