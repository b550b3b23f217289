/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and replacing the files of the user's cache folder. */
#include "base/file.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

clf_status clf_cache_path(const char *name, char *path, size_t capacity, clf_error *error) {
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    bool absolute = cache != NULL && cache[0] == '/'; /* the XDG specification ignores relative paths */
    if (!absolute && (home == NULL || home[0] == '\0'))
        return clf_fail(error, CLF_INVALID_VALUE,
                        "neither XDG_CACHE_HOME nor HOME is set; there is no cache folder without one of them");
    int length = snprintf(path, capacity, "%s%s/clfilter/%s", absolute ? cache : home, absolute ? "" : "/.cache", name);
    if (length < 0 || (size_t)length >= capacity)
        return clf_fail(error, CLF_OUT_OF_RANGE, "the path of the cache folder has %d bytes; there is room for %zu",
                        length, capacity);
    return CLF_OK;
}

static clf_status check_folder(const char *folder, clf_error *error) {
    struct stat info;
    if (lstat(folder, &info) != 0)
        return clf_fail(error, CLF_FILE_ERROR, "%s: %s", folder, strerror(errno));
    if (!S_ISDIR(info.st_mode))
        return clf_fail(error, CLF_FILE_ERROR, "%s is no folder, or a link to one; expected a folder", folder);
    if (info.st_uid != geteuid())
        return clf_fail(error, CLF_FILE_ERROR, "%s belongs to another user", folder);
    return CLF_OK;
}

clf_status clf_cache_make_folder(const char *path, clf_error *error) {
    char folder[4096];
    if (strlen(path) >= sizeof folder)
        return clf_fail(error, CLF_OUT_OF_RANGE, "a path of %zu bytes is too long", strlen(path));
    char *last = NULL;
    for (size_t i = 1; path[i] != '\0'; i++) {
        if (path[i] != '/')
            continue;
        memcpy(folder, path, i);
        folder[i] = '\0';
        last = folder;
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return clf_fail(error, CLF_FILE_ERROR, "could not make the folder %s: %s", folder, strerror(errno));
    }
    return last == NULL ? CLF_OK : check_folder(folder, error);
}

clf_status clf_file_read(const char *path, size_t most, char **data, size_t *bytes, clf_error *error) {
    *data = NULL;
    *bytes = 0;
    FILE *file = fopen(path, "rbe");
    if (file == NULL && errno == ENOENT)
        return CLF_OK;
    if (file == NULL)
        return clf_fail(error, CLF_FILE_ERROR, "could not open %s: %s", path, strerror(errno));
    struct stat info;
    char *text = NULL;
    clf_status status = CLF_OK;
    if (fstat(fileno(file), &info) != 0 || !S_ISREG(info.st_mode) || (size_t)info.st_size > most)
        status = clf_fail(error, CLF_FILE_ERROR, "%s is no plain file of at most %zu bytes", path, most);
    if (status == CLF_OK)
        status = clf_allocate(&text, (size_t)info.st_size + 1, 1, error);
    if (status == CLF_OK)
        *bytes = fread(text, 1, (size_t)info.st_size, file);
    if (status == CLF_OK && ferror(file))
        status = clf_fail(error, CLF_FILE_ERROR, "could not read %s", path);
    fclose(file);
    if (status == CLF_OK)
        *data = text;
    else
        free(text);
    return status;
}

static clf_status write_all(int descriptor, const char *data, size_t bytes) {
    while (bytes > 0) {
        ssize_t written = write(descriptor, data, bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return CLF_FILE_ERROR;
        data += written;
        bytes -= (size_t)written;
    }
    return CLF_OK;
}

clf_status clf_file_replace(const char *path, const void *data, size_t bytes, clf_error *error) {
    char temporary[4096];
    int length = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (length < 0 || (size_t)length >= sizeof temporary)
        return clf_fail(error, CLF_OUT_OF_RANGE, "a path of %d bytes is too long", length);
    int descriptor = mkstemp(temporary);
    if (descriptor < 0)
        return clf_fail(error, CLF_FILE_ERROR, "could not make a file beside %s: %s", path, strerror(errno));
    clf_status status = write_all(descriptor, data, bytes);
    int reason = errno;
    if (close(descriptor) != 0 && status == CLF_OK) {
        status = CLF_FILE_ERROR;
        reason = errno;
    }
    if (status == CLF_OK && rename(temporary, path) != 0) {
        status = CLF_FILE_ERROR;
        reason = errno;
    }
    if (status == CLF_OK)
        return CLF_OK;
    unlink(temporary);
    return clf_fail(error, status, "could not write %s: %s", path, strerror(reason));
}
