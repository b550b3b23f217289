/* SPDX-License-Identifier: Apache-2.0 */
/* Wisdom in the user's cache folder. */
#include "base/alloc.h"
#include "base/file.h"

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
    char path[PATH_SIZE], *text;
    size_t bytes;
    CLF_TRY(clf_wisdom_path(path, sizeof path, error));
    CLF_TRY(clf_file_read(path, LARGEST_FILE, &text, &bytes, error));
    if (taken != NULL)
        *taken = 0;
    clf_status status = text != NULL ? clf_wisdom_import(context, text, taken, error) : CLF_OK;
    free(text);
    return status;
}

clf_status clf_wisdom_save(clf_context *context, clf_error *error) {
    char path[PATH_SIZE], *text;
    size_t length;
    CLF_TRY(clf_wisdom_export(context, NULL, 0, &length, error));
    CLF_TRY(clf_wisdom_path(path, sizeof path, error));
    CLF_TRY(clf_cache_make_folder(path, error));
    size_t capacity = length + 1;
    CLF_TRY(clf_allocate(&text, capacity, 1, error));
    clf_status status = clf_wisdom_export(context, text, capacity, &length, error);
    if (status == CLF_OK) /* another thread may have added some in between: what fits is whole lines or is left out */
        status = clf_file_replace(path, text, length < capacity ? length : capacity - 1, error);
    free(text);
    return status;
}
